"""A pandas frame holds what the Polars frame held."""

from datetime import date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.trainers import to_pandas

pandas = pytest.importorskip("pandas", reason="the extra 'pandas' is not installed")


@given(st.lists(st.none() | st.integers(-(2**63), 2**63 - 1)))
def test_integers_stay_integers(values: list[int | None]) -> None:
    frame = to_pandas(pl.DataFrame({"id": values}, schema={"id": pl.Int64}))
    again = [None if value is pandas.NA else value for value in frame["id"].tolist()]
    assert again == values


@pytest.mark.parametrize(
    ("values", "kind", "dtype"),
    [
        ([1, 2], pl.Int64, "int64"),
        ([1, None], pl.Int64, "Int64"),
        ([1, None], pl.UInt8, "UInt8"),
        ([True, False], pl.Boolean, "bool"),
        ([True, None], pl.Boolean, "boolean"),
        ([1.5, None], pl.Float32, "float32"),
    ],
    ids=repr,
)
def test_types(values: list[object], kind: pl.DataType, dtype: str) -> None:
    frame = to_pandas(pl.DataFrame({"x": values}, schema={"x": kind}))
    assert str(frame["x"].dtype) == dtype
    assert frame["x"].isna().tolist() == [value is None for value in values]


def test_other_columns_and_their_order() -> None:
    frame = pl.DataFrame(
        {
            "name": ["a", None],
            "id": [1, None],
            "day": [date(2024, 1, 1), None],
            "at": [datetime(2024, 1, 1, 5), None],
        }
    )
    made = to_pandas(frame)
    assert list(made.columns) == frame.columns
    assert made["name"].tolist()[0] == "a"
    assert made["name"].isna().tolist() == [False, True]
    assert made["at"][0] == datetime(2024, 1, 1, 5)


def test_the_frame_that_is_given_stays_as_it_is() -> None:
    frame = pl.DataFrame({"id": [1, None]})
    made = to_pandas(frame)
    made["id"] = 0
    assert frame["id"].to_list() == [1, None]
