"""Python functions on rows."""

import datetime
from typing import Any

import polars as pl
import pytest

from seedbed.cleaning import Apply, Effect
from seedbed.core.function import Function
from seedbed.core.spec import digest, from_spec, to_spec
from seedbed.errors import BadSpec, DataError
from seedbed.testing import try_rule


def add(row: dict[str, Any]) -> int | None:
    return None if row["a"] is None else row["a"] + row["b"]


def half(row: dict[str, Any]) -> float:
    return 1 / row["a"]


def whatever(row: dict[str, Any]) -> Any:
    return row["a"]


ROWS = {"a": [1, None], "b": [2, 3]}


def test_a_new_column() -> None:
    rule = Apply(columns=("a", "b"), function=add, into="sum", returns="int")
    assert try_rule(rule, train=ROWS)["sum"].to_list() == [3, None]
    assert rule.effect is Effect.COLUMNS


def test_a_column_is_rewritten() -> None:
    alone = Apply(columns="a", function=half, returns="float")
    assert try_rule(alone, train={"a": [4], "z": [1]}).rows() == [(0.25, 1)]
    named = Apply(columns=("a", "b"), function=add, into="b", returns="int")
    assert try_rule(named, train=ROWS)["b"].to_list() == [3, None]
    assert alone.effect is named.effect is Effect.VALUES


def test_no_rows_and_lazy_rows() -> None:
    rule = Apply(columns="a", function=half, returns="float")
    empty = pl.LazyFrame(schema={"a": pl.Int64})
    out = rule.apply(empty, ("a",), {})
    assert out.collect_schema() == {"a": pl.Float64}
    assert out.collect().is_empty()
    rows = pl.LazyFrame({"a": [2]})
    assert rule.apply(rows, ("a",), {}).collect(engine="streaming").item() == 0.5


def test_an_error_says_which_row() -> None:
    rule = Apply(columns="a", function=half, returns="float")
    with pytest.raises(DataError, match="raised ZeroDivisionError") as caught:
        try_rule(rule, train={"a": [1, 0]})
    assert "on the row {'a': 0}" in caught.value.where
    assert caught.value.fix


@pytest.mark.parametrize(
    ("value", "returns"),
    [
        (1, "text"), ("1", "int"), (1.0, "int"), (True, "int"), (2**70, "int"),
        (1, "bool"), (True, "float"), (datetime.datetime(2024, 1, 1), "date"),
        ("x", "date"), ([1], "text"),
    ],
)  # fmt: skip
def test_values_of_another_type_are_refused(value: object, returns: str) -> None:
    rule = Apply(columns="a", function=lambda _: value, returns=returns)
    with pytest.raises(DataError, match=f"not {returns}"):
        try_rule(rule, train={"a": [1]})


@pytest.mark.parametrize(
    ("value", "returns"),
    [
        ("x", "text"),
        (1, "int"),
        (1, "float"),
        (True, "bool"),
        (datetime.date(2024, 1, 1), "date"),
    ],
)
def test_values_of_the_type_pass(value: object, returns: str) -> None:
    rule = Apply(columns="a", function=lambda _: value, returns=returns)
    assert try_rule(rule, train={"a": [1]})["a"].item() == value


def test_a_function_has_a_name_in_yaml() -> None:
    rule = (
        Apply(columns="x", function="math:sqrt")
        if False
        else Apply(columns="x", function=Function("math:sqrt"), returns="float")
    )
    spec = to_spec(rule)
    assert spec["function"] == "math:sqrt"
    assert from_spec(Apply, spec) == rule
    with pytest.raises(BadSpec, match="cannot be written down"):
        to_spec(Apply(columns="x", function=lambda row: row["x"]))


def test_another_function_is_another_digest() -> None:
    one, two = (Apply(columns="a", function=f) for f in (whatever, half))
    assert digest(one) != digest(two)


def test_what_is_not_said_or_not_there_is_refused() -> None:
    with pytest.raises(BadSpec, match="which column takes"):
        Apply(columns=("a", "b"), function=add)
    with pytest.raises(BadSpec, match="which column takes"):
        Apply(columns="@numeric", function=add)
    with pytest.raises(BadSpec, match="'b' already"):
        try_rule(Apply(columns="a", function=whatever, into="b"), train=ROWS)
    with pytest.raises(BadSpec, match="cannot be imported"):
        try_rule(Apply(columns="a", function=Function("no_such:thing")), train=ROWS)
