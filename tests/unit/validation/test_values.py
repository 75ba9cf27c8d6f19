"""A value is listed, within bounds, or well formed."""

import math
import re
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.spec import from_spec, to_spec
from seedbed.errors import BadSpec
from seedbed.validation import Between, Matches, OneOf, RowCheck, check, run_row_checks

numbers = st.integers(-5, 5) | st.floats(-5, 5)


def passes(values: list[Any] | pl.Series, check: RowCheck) -> list[bool]:
    fails = run_row_checks(pl.DataFrame({"x": values}), [check]).to_series()
    return (~fails).to_list()


# --- one of -----------------------------------------------------------------------


@given(
    st.lists(st.none() | st.text(max_size=2)), st.lists(st.text(max_size=2), min_size=1)
)
def test_one_of_is_membership(values: list[str | None], allowed: list[str]) -> None:
    series = pl.Series("x", values, dtype=pl.String)
    expected = [value is None or value in allowed for value in values]
    assert passes(series, OneOf(column="x", values=tuple(allowed))) == expected


@pytest.mark.parametrize("kind", [pl.Categorical(), pl.Enum(["a", "b"])])
def test_one_of_categories(kind: pl.DataType) -> None:
    series = pl.Series("x", ["a", "b", None], dtype=kind)
    assert passes(series, OneOf(column="x", values=("a", "zz"))) == [True, False, True]


@pytest.mark.parametrize(
    ("series", "expected"),
    [
        (pl.Series([1, 2, None]), [True, False, True]),
        (pl.Series([1.0, 2.5, math.nan]), [True, True, False]),
        (pl.Series([Decimal("1.0"), Decimal("2.5"), Decimal(3)]), [True, True, False]),
    ],
    ids=["integers", "floats", "decimals"],
)
def test_one_of_compares_numbers_as_numbers(
    series: pl.Series, expected: list[bool]
) -> None:
    assert passes(series, OneOf(column="x", values=(1, 2.5))) == expected


def test_one_of_booleans() -> None:
    assert passes([True, False, None], OneOf(column="x", values=(True,))) == [
        True,
        False,
        True,
    ]


@pytest.mark.parametrize("values", [(), ("a", 1), (True, 1)], ids=repr)
def test_one_of_refuses_a_mixed_list(values: tuple[Any, ...]) -> None:
    with pytest.raises(BadSpec, match="at least one"):
        OneOf(column="x", values=values)


def test_one_of_names_its_group_and_its_values() -> None:
    check = OneOf(column="x", values=tuple("abcdefghijklm"))
    assert check.group == "@text"
    assert check.message.endswith("'j' and 3 more")
    assert OneOf(column="x", values=(1, 2.0)).group == "@numeric"
    assert OneOf(column="x", values=(True,)).group == "@bool"


# --- between ----------------------------------------------------------------------


@given(
    st.lists(numbers),
    numbers,
    numbers,
    st.sampled_from(["both", "low", "high", "neither"]),
)
def test_between_is_a_comparison(
    values: list[float], one: float, other: float, inclusive: Any
) -> None:
    low, high = sorted((one, other))
    above = float.__ge__ if inclusive in ("both", "low") else float.__gt__
    below = float.__le__ if inclusive in ("both", "high") else float.__lt__
    check = Between(column="x", low=low, high=high, inclusive=inclusive)
    series = pl.Series("x", values, dtype=pl.Float64, strict=False)
    expected = [
        above(float(v), float(low)) and below(float(v), float(high)) for v in values
    ]
    assert passes(series, check) == expected


@pytest.mark.parametrize("bounds", [{"low": -math.inf}, {"high": math.inf}, {"low": 0}])
def test_nan_is_never_inside(bounds: dict[str, float]) -> None:
    assert passes([math.nan, 1.0], Between(column="x", **bounds)) == [False, True]


@pytest.mark.parametrize("kind", [pl.Int8, pl.UInt64, pl.Float32, pl.Decimal(10, 2)])
def test_between_takes_every_kind_of_number(kind: Any) -> None:
    series = pl.Series("x", [1, 2, 3, None]).cast(kind)
    assert passes(series, Between(column="x", low=1.5, high=2)) == [
        False,
        True,
        False,
        True,
    ]


def test_between_is_exact_for_large_integers() -> None:
    big = 2**53
    assert passes([big, big + 1], Between(column="x", high=big)) == [True, False]


def test_a_date_means_the_whole_day() -> None:
    evening = datetime(2024, 12, 31, 23, 59)
    moments = [evening, evening + timedelta(minutes=1), None]
    check = Between(column="x", low="2024-01-01", high="2024-12-31")
    assert passes(moments, check) == [True, False, True]
    outside = Between(column="x", low="2024-12-31", inclusive="neither")
    assert passes(moments, outside) == [False, True, True]


def test_between_dates() -> None:
    days = [date(2024, 1, 1), date(2024, 1, 31), date(2024, 2, 1)]
    both = Between(column="x", low="2024-01-01", high="2024-01-31")
    assert passes(days, both) == [True, True, False]
    neither = Between(
        column="x", low="2024-01-01", high="2024-01-31", inclusive="neither"
    )
    assert passes(days, neither) == [False, False, False]


def test_between_compares_points_in_time() -> None:
    noon = datetime(2024, 6, 1, 12, tzinfo=UTC)
    oslo = pl.Series("x", [noon]).dt.convert_time_zone("Europe/Oslo")
    assert passes(oslo, Between(column="x", low="2024-06-01T14:00+02:00")) == [True]
    assert passes(oslo, Between(column="x", low="2024-06-01T12:00")) == [True]
    assert passes(oslo, Between(column="x", low="2024-06-01T12:01Z")) == [False]


@pytest.mark.parametrize(
    ("bounds", "what"),
    [
        ({}, "are no bounds"),
        ({"low": 0, "high": "2024-01-01"}, "are no bounds"),
        ({"low": True}, "are no bounds"),
        ({"low": 2, "high": 1}, "nothing lies between 2 and 1"),
        ({"low": math.nan}, "nothing lies between nan"),
        ({"low": "2024-02-01", "high": "2024-01-01"}, "nothing lies between"),
        ({"low": "yesterday"}, "'yesterday' is no date"),
    ],
    ids=repr,
)
def test_between_refuses_nonsense(bounds: dict[str, Any], what: str) -> None:
    with pytest.raises(BadSpec, match=re.escape(what)):
        Between(column="x", **bounds)


@pytest.mark.parametrize(
    ("check", "group", "message"),
    [
        (Between(column="x", low=0), "@numeric", "must be at least 0"),
        (
            Between(column="x", low=0, high=1, inclusive="low"),
            "@numeric",
            "must be at least 0 and below 1",
        ),
        (
            Between(column="x", high="2024-01-01"),
            "@temporal",
            "must be at most 2024-01-01",
        ),
    ],
)
def test_between_in_words(check: Between, group: str, message: str) -> None:
    assert (check.group, check.message) == (group, message)


# --- matches ----------------------------------------------------------------------


@given(st.lists(st.text(alphabet="ab\n", max_size=4)))
def test_matches_whole_or_somewhere(values: list[str]) -> None:
    series = pl.Series("x", values, dtype=pl.String)
    whole = passes(series, Matches(column="x", pattern="a|ab"))
    assert whole == [re.fullmatch("a|ab", value) is not None for value in values]
    somewhere = passes(series, Matches(column="x", pattern="ab", whole=False))
    assert somewhere == ["ab" in value for value in values]


@pytest.mark.parametrize("pattern", ["(?=a)", r"(a)\1", "a(", "a)|(b", "(?x) a # rest"])
def test_a_pattern_that_cannot_be_compiled(pattern: str) -> None:
    with pytest.raises(BadSpec, match="cannot be compiled") as caught:
        Matches(column="x", pattern=pattern)
    assert "look-around" in caught.value.fix


def test_matches_categories() -> None:
    series = pl.Series("x", ["a", "b", None], dtype=pl.Categorical())
    assert passes(series, Matches(column="x", pattern="a")) == [True, False, True]
    assert Matches(column="x", pattern="a").group == "@text"
    assert Matches(column="x", pattern="a").message == "must match 'a'"


@pytest.mark.parametrize(
    "part",
    [
        OneOf(column="x", values=("a", "b")),
        OneOf(column="x", values=(1, 2.5)),
        OneOf(column="x", values=(True, False)),
        Between(column="x", low=0, inclusive="neither"),
        Between(column="x", low="2024-01-01"),
        Matches(column="x", pattern="a", whole=False),
    ],
    ids=repr,
)
def test_a_check_survives_being_written_down(part: RowCheck) -> None:
    again = from_spec(check.get(part.kind), to_spec(part))
    assert again == part
    assert repr(again) == repr(part)
