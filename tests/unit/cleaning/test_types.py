"""Texts read as numbers and dates."""

import datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.cleaning import ToDate, ToNumber
from seedbed.errors import BadSpec
from seedbed.testing import try_rule
from strategies import texts


def read(rule: ToNumber | ToDate, *cells: str | None) -> list:
    return try_rule(rule, train={"a": list(cells)})["a"].to_list()


@pytest.mark.parametrize(
    "text",
    [
        " 1",
        "1 ",
        "inf",
        "-inf",
        "nan",
        "NaN",
        "1_000",
        "0x10",
        "1,5",
        "١",
        "--1",
        "",
        "1e",
        "1e999",
        "1.2.3",
        "12 kg",
        "−1",
        "+",
        ".",
        "1f",
    ],
)
def test_what_is_no_number_becomes_missing(text: str) -> None:
    assert read(ToNumber(columns="a"), text) == [None]


def test_numbers_are_read() -> None:
    assert read(ToNumber(columns="a"), "1", "+1", "-1.5", "1e3", "007", None) == [
        1.0, 1.0, -1.5, 1000.0, 7.0, None,
    ]  # fmt: skip


def test_integers_are_read_and_halves_are_not() -> None:
    rule = ToNumber(columns="a", into="int")
    top = str(2**63 - 1)
    assert read(rule, "12", "-3", "1.0", "1.5", top, str(2**63)) == [
        12, -3, None, None, 2**63 - 1, None,
    ]  # fmt: skip


def test_thousands_must_stand_in_their_place() -> None:
    rule = ToNumber(columns="a", thousands=",")
    cells = [
        "1,234,567.5",
        "1234",
        "1,5",
        "12,34",
        ",123",
        "1,2345",
        "-1,000",
        "1,000e2",
    ]
    assert read(rule, *cells) == [
        1234567.5, 1234.0, None, None, None, None, -1000.0, 100000.0,
    ]  # fmt: skip


def test_a_decimal_comma_makes_a_point_wrong() -> None:
    assert read(ToNumber(columns="a", decimal=","), "1,5", "1.5", "15") == [
        1.5,
        None,
        15.0,
    ]


@given(number=st.floats(allow_nan=False, allow_infinity=False))
def test_every_float_comes_back(number: float) -> None:
    assert read(ToNumber(columns="a"), repr(number)) == [number]


@given(number=st.integers(-(2**63), 2**63 - 1))
def test_every_integer_comes_back(number: int) -> None:
    grouped = ToNumber(columns="a", into="int", thousands=",")
    assert read(grouped, str(number), f"{number:,}") == [number, number]


@given(text=texts)
def test_refused_is_what_would_become_missing(text: str) -> None:
    for sort in (ToNumber, ToDate):
        strict, lax = sort(columns="a", unparsable="error"), sort(columns="a")
        refused = strict.refuses(pl.col("a"))
        assert refused is not None
        assert lax.refuses(pl.col("a")) is None
        rows = pl.DataFrame({"a": [text, None]})
        assert rows.select(refused).to_series().to_list() == [
            read(lax, text) == [None],
            False,
        ]


@pytest.mark.parametrize("mark", ["", "..", "1", "e", "-", "."])
def test_marks_that_make_no_sense_are_refused(mark: str) -> None:
    with pytest.raises(BadSpec):
        ToNumber(columns="a", thousands=mark)


def test_dates_are_read_whole() -> None:
    cells = ["2024-02-29", "2024-02-30", "2024-02-29 ", "2024-02-29T00", None]
    assert read(ToDate(columns="a"), *cells) == [
        datetime.date(2024, 2, 29),
        *[None] * 4,
    ]


def test_dates_go_back_in_their_format() -> None:
    assert ToDate(columns="a", format="%d/%m/%y").inverse("a") == "format:%d/%m/%y"


@pytest.mark.parametrize("wrong", ["%Y-%m", "%Q", "", "%H:%M", "year"])
def test_formats_that_say_no_date_are_refused(wrong: str) -> None:
    with pytest.raises(BadSpec, match="does not say a date"):
        ToDate(columns="a", format=wrong)


@given(day=st.dates(datetime.date(1, 1, 1)))
def test_every_date_comes_back(day: datetime.date) -> None:
    assert read(ToDate(columns="a"), day.isoformat()) == [day]
