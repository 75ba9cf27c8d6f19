"""Fill and drop what is missing."""

import datetime
import math
from decimal import Decimal

import polars as pl
import pytest

from seedbed.cleaning import DropMissing, FillMissing, Learns
from seedbed.errors import BadSpec, WrongType
from seedbed.testing import try_rule

NAN = math.nan


def filled(
    rule: FillMissing, series: pl.Series, train: pl.Series | None = None
) -> pl.Series:
    learn = series if train is None else train
    return try_rule(rule, train={"a": learn}, other={"a": series})["a"]


@pytest.mark.parametrize(
    ("strategy", "wanted"), [("median", 2), ("mean", 4), ("most_common", 1)]
)
def test_the_fill_is_learned_from_train(strategy: str, wanted: int) -> None:
    train = pl.Series([1, 1, 2, 6, 10])
    out = filled(
        FillMissing(columns="a", strategy=strategy), pl.Series([None, 7]), train
    )
    assert out.to_list() == [wanted, 7]


@pytest.mark.parametrize("kind", [pl.Int8, pl.UInt16, pl.Int64, pl.Float32, pl.Float64])
@pytest.mark.parametrize("strategy", ["median", "mean", "most_common", "value"])
def test_the_type_stays(strategy: str, kind: pl.DataType) -> None:
    value = 5 if strategy == "value" else None
    series = pl.Series([1, 2, None], dtype=kind)
    out = filled(FillMissing(columns="a", strategy=strategy, value=value), series)
    assert out.dtype == kind
    assert out.null_count() == 0


def test_medians_of_integers_round_half_to_even() -> None:
    rule = FillMissing(columns="a")
    assert filled(rule, pl.Series([1, 2, None]))[-1] == 2
    assert filled(rule, pl.Series([2, 3, None]))[-1] == 2


def test_decimals_are_filled() -> None:
    series = pl.Series(
        [Decimal("1.10"), Decimal("1.30"), None], dtype=pl.Decimal(10, 2)
    )
    for strategy in ("median", "mean"):
        out = filled(FillMissing(columns="a", strategy=strategy), series)
        assert out.to_list()[-1] == Decimal("1.20")
        assert out.dtype == series.dtype


def test_nan_is_missing_in_floats() -> None:
    series = pl.Series([1.0, NAN, None])
    assert filled(FillMissing(columns="a"), series).to_list() == [1.0] * 3
    common = FillMissing(columns="a", strategy="most_common")
    assert filled(common, pl.Series([NAN, NAN, 4.0])).to_list() == [4.0] * 3


def test_with_nothing_learned_nothing_is_filled() -> None:
    empty = pl.Series([None, None], dtype=pl.Float64)
    out = filled(FillMissing(columns="a"), pl.Series([None, NAN, 1.0]), empty).to_list()
    assert out[0] is None
    assert math.isnan(out[1])


@pytest.mark.parametrize(
    "series",
    [
        pl.Series(["b", "a", "a", None]),
        pl.Series(["b", "a", "a", None], dtype=pl.Categorical),
        pl.Series(["b", "a", "a", None], dtype=pl.Enum(["a", "b"])),
        pl.Series([True, False, False, None]),
        pl.Series([datetime.date(2024, 1, 2), *[datetime.date(2024, 1, 1)] * 2, None]),
    ],
    ids=lambda series: str(series.dtype),
)
def test_the_most_common_value_of_any_type(series: pl.Series) -> None:
    out = filled(FillMissing(columns="a", strategy="most_common"), series)
    assert out.dtype == series.dtype
    assert out[-1] == series[1]


def test_a_given_value_goes_only_where_it_fits() -> None:
    rows = pl.DataFrame(
        {"i": [None, 1], "f": [None, 1.0], "s": [None, "x"], "b": [None, True]}
    )

    def fill(value: object) -> tuple:
        rule = FillMissing(columns="@all", strategy="value", value=value)
        return try_rule(rule, train=rows).row(0)

    assert fill(0) == (0, 0.0, None, None)
    assert fill(0.5) == (None, 0.5, None, None)
    assert fill("") == (None, None, "", None)
    assert fill(value=True) == (None, None, None, True)
    with pytest.raises(WrongType):
        try_rule(FillMissing(columns="i", strategy="value", value=0.5), train=rows)
    with pytest.raises(WrongType):
        try_rule(FillMissing(columns="s"), train=rows)


def test_only_what_is_learned_needs_train() -> None:
    assert FillMissing(columns="a").learns is Learns.TRAIN
    given = FillMissing(columns="a", strategy="value", value=0)
    assert given.learns is Learns.NOTHING


def test_half_said_settings_are_refused() -> None:
    with pytest.raises(BadSpec, match="no value is given"):
        FillMissing(columns="a", strategy="value")
    with pytest.raises(BadSpec, match="a value is given"):
        FillMissing(columns="a", value=0)


def test_drop_missing() -> None:
    rows = {
        "x": [1.0, None, NAN, None],
        "y": ["a", "b", "c", None],
        "n": [1, 2, 3, None],
    }

    def left(rule: DropMissing) -> list:
        return try_rule(rule, train=rows)["n"].to_list()

    assert left(DropMissing()) == [1]
    assert left(DropMissing(how="all")) == [1, 2, 3]
    assert left(DropMissing(columns="y")) == [1, 2, 3]
    assert left(DropMissing(columns=("x", "n"), how="all")) == [1, 2, 3]
    assert left(DropMissing(columns="@bool", how="all")) == [1, 2, 3, None]
