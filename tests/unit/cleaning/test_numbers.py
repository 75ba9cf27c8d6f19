"""Clip."""

import math

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.cleaning import Clip, Learns
from seedbed.errors import BadSpec
from seedbed.testing import try_rule


def clipped(rule: Clip, cells: list, kind: pl.DataType = pl.Int64) -> list:
    series = pl.Series(cells, dtype=kind)
    out = try_rule(rule, train={"a": series})["a"]
    assert out.dtype == kind
    return out.to_list()


def test_bounds_are_kept() -> None:
    assert clipped(Clip(low=0, high=5), [-1, 3, 9, None]) == [0, 3, 5, None]
    assert clipped(Clip(low=0), [-1, 9]) == [0, 9]
    assert clipped(Clip(high=5), [-1, 9]) == [-1, 5]


def test_bounds_of_integers_are_the_integers_inside() -> None:
    rule = Clip(low=-1.5, high=2.5)
    assert clipped(rule, [-5, 5]) == [-1, 2]
    assert clipped(rule, [-5, 5], pl.Float32) == [-1.5, 2.5]


def test_a_bound_beyond_the_type_is_none() -> None:
    assert clipped(Clip(low=-1, high=1000), [0, 255], pl.UInt8) == [0, 255]
    assert clipped(Clip(low=-math.inf, high=math.inf), [0, 5]) == [0, 5]


def test_nan_stays() -> None:
    out = clipped(Clip(low=0, high=1), [math.nan, 7.0, None], pl.Float64)
    assert math.isnan(out[0])
    assert out[1:] == [1.0, None]


def test_quantiles_are_learned_from_train() -> None:
    rule = Clip(columns="a", quantiles=(0.1, 0.9))
    out = try_rule(rule, train={"a": list(range(11))}, other={"a": [-50, 4, 50]})
    assert out["a"].to_list() == [1, 4, 9]
    assert rule.learns is Learns.TRAIN
    assert Clip(low=0).learns is Learns.NOTHING


@given(
    cells=st.lists(st.integers(-128, 127), min_size=1),
    low=st.floats(-200, 100),
    width=st.floats(1, 100),
)
def test_nothing_is_left_beyond_the_bounds(
    cells: list[int], low: float, width: float
) -> None:
    rule = Clip(low=low, high=low + width)
    if low + width < -128:
        return  # no value of the type could be inside
    out = clipped(rule, cells, pl.Int8)
    kept = [x for x in cells if low <= x <= low + width]
    assert [x for x in out if x in kept][: len(kept)] or not kept
    assert all(low <= x <= low + width for x in out)


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"low": 1, "quantiles": (0.1, 0.9)},
        {"low": 2, "high": 1},
        {"quantiles": (0.9, 0.1)},
        {"quantiles": (-0.1, 0.5)},
        {"quantiles": (0.5, 1.5)},
        {"low": math.nan},
    ],
)
def test_bounds_that_make_no_sense_are_refused(wrong: dict) -> None:
    with pytest.raises(BadSpec):
        Clip(**wrong)
