"""Every value is there, and there once."""

from datetime import date

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.errors import BadSpec
from seedbed.validation import NotNull, Unique, run_row_checks


def fails(frame: pl.DataFrame, check: NotNull) -> list[bool]:
    return run_row_checks(frame, [check]).to_series().to_list()


@given(st.lists(st.none() | st.floats()))
def test_not_null_fails_exactly_nulls_and_nan(values: list[float | None]) -> None:
    frame = pl.DataFrame({"x": values}, schema={"x": pl.Float64})
    expected = [value is None or value != value for value in values]
    assert fails(frame, NotNull(column="x")) == expected


@pytest.mark.parametrize(
    "value", ["", "NaN", 0, False, b"", date(2024, 1, 1), [], {"a": None}], ids=repr
)
def test_not_null_takes_any_type(value: object) -> None:
    frame = pl.DataFrame({"x": [value, None]}, strict=False)
    assert fails(frame, NotNull(column="x")) == [False, True]


def test_not_null_of_a_column_without_a_type() -> None:
    assert fails(pl.DataFrame({"x": [None, None]}), NotNull(column="x")) == [True, True]


@given(st.lists(st.none() | st.integers(0, 3), max_size=8))
def test_unique_names_every_row_of_a_shared_key(values: list[int | None]) -> None:
    frame = pl.LazyFrame({"id": values}, schema={"id": pl.Int64})
    expected = [v is not None and values.count(v) > 1 for v in values]
    found = list(Unique(column="id").examine(frame))
    assert sum(finding.rows for finding in found) == sum(expected)


def test_a_key_of_two_columns() -> None:
    check = Unique(column=("order", "line"))
    frame = pl.LazyFrame({"order": [1, 1, 1, None], "line": [1, 2, 1, 1]})
    [finding] = check.examine(frame)
    assert finding.sample == ((0, (1, 1)), (2, (1, 1)))
    assert finding.message == "must be unique together"
    assert finding.column == "order, line"


@pytest.mark.parametrize("column", [(), ("a", "a")])
def test_a_key_that_is_none(column: tuple[str, ...]) -> None:
    with pytest.raises(BadSpec, match="names no column, or one twice"):
        Unique(column=column)
