"""Repair by a declared dependency."""

import polars as pl
import pytest

from seedbed.cleaning import Dependency, Learns
from seedbed.errors import BadSpec
from seedbed.testing import try_rule


def repaired(rows: dict, **settings: object) -> list:
    rule = Dependency(given="k", columns="v", **settings)
    return try_rule(rule, train=rows)["v"].to_list()


def test_the_majority_of_a_group_wins() -> None:
    rows = {"k": [1] * 5 + [2] * 2, "v": ["a"] * 4 + ["b", "x", "y"]}
    assert repaired(rows) == ["a"] * 5 + ["x", "y"]


def test_ties_small_and_divided_groups_change_nothing() -> None:
    tie = {"k": [1] * 4, "v": ["a", "a", "b", "b"]}
    assert repaired(tie, at_least=0.5) == tie["v"]
    small = {"k": [1] * 2, "v": ["a", None]}
    assert repaired(small) == small["v"]
    divided = {"k": [1] * 4, "v": ["a", "a", "a", "b"]}
    assert repaired(divided) == divided["v"]
    assert repaired(divided, at_least=0.75) == ["a"] * 4


def test_gaps_are_filled_unless_told_not_to() -> None:
    rows = {"k": [1] * 4 + [None], "v": ["a", "a", "a", None, None]}
    assert repaired(rows) == ["a"] * 4 + [None]
    assert repaired(rows, fill=False) == rows["v"]


def test_rows_learn_from_rows_not_from_themselves_alone() -> None:
    rule = Dependency(given=("count", "b"), columns=("_all", "b2"), min_rows=1)
    train = {"count": [1, 1], "b": [1, 1], "_all": ["x", "x"], "b2": [2.5, 2.5]}
    other = {"count": [1, 2], "b": [1, 1], "_all": ["y", "y"], "b2": [None, 0.0]}
    out = try_rule(rule, train=train, other=other)
    assert out.rows() == [(1, 1, "x", 2.5), (2, 1, "y", 0.0)]
    assert rule.learns is Learns.COMPANY
    assert rule.reads == ("count", "b")


def test_a_group_of_columns_leaves_the_determinant_out() -> None:
    rows = pl.DataFrame({"k": ["a"] * 4, "v": ["x", "x", "x", None]})
    rule = Dependency(given="k", columns="@text")
    assert try_rule(rule, train=rows)["v"].null_count() == 0


@pytest.mark.parametrize(
    "wrong",
    [
        {"at_least": 0.0},
        {"at_least": 1.1},
        {"min_rows": 0},
        {"given": ()},
        {"given": ("v",)},
    ],
)
def test_nonsense_is_refused(wrong: dict) -> None:
    with pytest.raises(BadSpec):
        Dependency(**{"given": "k", "columns": "v", **wrong})
