"""Merge rare levels."""

import polars as pl
import pytest

from seedbed.cleaning import MergeRare
from seedbed.errors import BadSpec
from seedbed.testing import try_rule


@pytest.mark.parametrize("kind", [pl.String, pl.Categorical, pl.Enum(["a", "b", "c"])])
def test_rare_and_unseen_levels_become_other(kind: pl.DataType) -> None:
    train = {"x": pl.Series(["a", "a", "b", None], dtype=kind)}
    other = {"x": pl.Series(["a", "b", "c", None], dtype=kind)}
    out = try_rule(MergeRare(columns="x", min_count=2), train=train, other=other)["x"]
    assert out.to_list() == ["a", "other", "other", None]
    assert out.dtype == pl.String


def test_training_without_levels_keeps_none() -> None:
    train = pl.DataFrame(schema={"x": pl.String})
    rule = MergeRare(columns="x", min_count=1, other="?")
    assert try_rule(rule, train=train, other={"x": ["a", None]})["x"].to_list() == [
        "?",
        None,
    ]


def test_many_levels() -> None:
    levels = [str(n) for n in range(50_000)]
    rule = MergeRare(columns="x", min_count=1)
    out = try_rule(rule, train={"x": levels}, other={"x": ["49999", "50000"]})
    assert out["x"].to_list() == ["49999", "other"]


def test_min_count_is_at_least_one() -> None:
    with pytest.raises(BadSpec, match="at least 1, not 0"):
        MergeRare(columns="x", min_count=0)
