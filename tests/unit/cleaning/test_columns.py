"""Rename, drop and derive columns."""

import datetime

import polars as pl
import pytest

from seedbed.cleaning import Derive, DropColumns, Rename
from seedbed.errors import BadSpec, MissingColumn, WrongType
from seedbed.testing import try_rule

ROWS = pl.DataFrame({"a": [7, None], "b": [2, 0], "s": ["x ", None]})


def derived(formula: str) -> list:
    return try_rule(Derive(into="new", formula=formula), train=ROWS)["new"].to_list()


def test_rename_can_swap() -> None:
    out = try_rule(Rename(names={"a": "b", "b": "a"}), train=ROWS)
    assert out.columns == ["b", "a", "s"]
    assert out["b"].to_list() == [7, None]


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"names": {"a": "x", "b": "x"}},
        {"names": {"a": ""}},
        {"names": {"a": "x"}, "columns": "a"},
    ],
)
def test_rename_refuses_nonsense(wrong: dict) -> None:
    with pytest.raises(BadSpec):
        Rename(**wrong)


def test_rename_refuses_a_taken_name_and_a_missing_column() -> None:
    with pytest.raises(BadSpec, match="'b' already"):
        try_rule(Rename(names={"a": "b"}), train=ROWS)
    with pytest.raises(MissingColumn):
        try_rule(Rename(names={"c": "d"}), train=ROWS)


def test_drop_columns() -> None:
    assert try_rule(DropColumns(columns="@numeric"), train=ROWS).columns == ["s"]
    assert try_rule(DropColumns(columns="@all"), train=ROWS).columns == []
    with pytest.raises(MissingColumn):
        try_rule(DropColumns(columns="c"), train=ROWS)


def test_formulas() -> None:
    assert derived("a / b") == [3.5, None]
    assert derived("trim(s) || '!'") == ["x!", None]
    assert derived("case when a > 5 then 'big' else 'small' end") == ["big", "small"]
    assert derived("coalesce(a, 0) + round(b / 3, 1)") == [7.7, 0.0]
    assert derived("b in (1, 2)") == [True, False]
    assert derived("1") == [1, 1]


def test_a_formula_says_what_it_reads() -> None:
    assert Derive(into="n", formula="a + b / a").reads == ("a", "b")
    with pytest.raises(MissingColumn, match="'c'"):
        derived("c + 1")


@pytest.mark.parametrize(
    "formula",
    [
        "sum(a)",
        "a - avg(a)",
        "row_number() over (order by a)",
        "unnest(a)",
        "sum(a / b) over (partition by s)",
        "count(*)",
        "max(a) over (partition by b)",
    ],
)
def test_formulas_over_other_rows_are_refused(formula: str) -> None:
    with pytest.raises(BadSpec, match="looks at other rows"):
        Derive(into="new", formula=formula)


@pytest.mark.parametrize(
    "formula",
    [
        "",
        "a +",
        "a; b",
        "delete from x",
        "random()",
        "a, b",
        "now()",
        "current_timestamp",
        "extract(year from CURRENT_DATE)",
    ],
)
def test_what_is_no_formula_is_refused(formula: str) -> None:
    with pytest.raises(BadSpec, match="cannot be used"):
        Derive(into="new", formula=formula)


def test_a_column_may_be_called_like_the_clock() -> None:
    rule = Derive(into="n", formula="\"current_date\" || 'now()'")
    assert try_rule(rule, train={"current_date": ["x"]})["n"].item() == "xnow()"


def test_types_that_do_not_fit_are_named() -> None:
    with pytest.raises(WrongType, match="s: String"):
        derived("abs(s)")


def test_derive_does_not_overwrite() -> None:
    with pytest.raises(BadSpec, match="'a' already"):
        try_rule(Derive(into="a", formula="b"), train=ROWS)
    with pytest.raises(BadSpec):
        Derive(into="", formula="b")
    with pytest.raises(BadSpec, match="takes no columns"):
        Derive(columns="a", into="n", formula="b")


def test_dates() -> None:
    rule = Derive(into="year", formula="extract(year from day)")
    out = try_rule(rule, train={"day": [datetime.date(2024, 5, 1)]})
    assert out["year"].item() == 2024
