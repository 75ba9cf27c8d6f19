"""What is learned does not depend on the cut or the order, and is right."""

import math
import random
from fractions import Fraction

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.identity import content_id
from seedbed.core.quantile import Quantile
from seedbed.core.statistics import (
    Cooccurrence,
    Extent,
    Levels,
    Mean,
    Statistic,
    learn,
)

FLOATS = st.floats(allow_nan=False, allow_infinity=False, width=32)
CELLS = st.lists(st.none() | FLOATS, max_size=40)
INTS = st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=40)


def frame(cells: list, kind: pl.DataType = pl.Float64) -> pl.DataFrame:
    return pl.DataFrame({"x": cells}, schema={"x": kind})


def cut(rows: pl.DataFrame, seed: int) -> list[pl.DataFrame]:
    """Shuffle the rows and cut them anywhere."""
    rng = random.Random(seed)
    shuffled = rows.sample(fraction=1, shuffle=True, seed=seed)
    marks = sorted(rng.randint(0, rows.height) for _ in range(3))
    ends = zip([0, *marks], [*marks, rows.height], strict=True)
    return [shuffled[start:end] for start, end in ends]


@pytest.mark.parametrize(
    "statistic",
    [
        Quantile("x", at=0.3),
        Mean("x"),
        Extent("x"),
        Extent("x", largest=True),
        Levels("x", at_least=2),
        Levels("x", top=2),
        Cooccurrence("x", given=("k",)),
    ],
    ids=lambda s: type(s).__name__,
)
@given(cells=CELLS, seed=st.integers(0, 99))
def test_neither_order_nor_cut_matters(
    statistic: Statistic, cells: list, seed: int
) -> None:
    rows = frame(cells).with_row_index("k").with_columns(pl.col("k") % 3)
    whole = learn(statistic, [rows])
    assert content_id(learn(statistic, cut(rows, seed))) == content_id(whole)


@given(cells=CELLS, at=st.sampled_from([0.0, 0.01, 0.25, 0.5, 0.9, 1.0]))
def test_quantiles_are_those_of_numpy(cells: list, at: float) -> None:
    found = learn(Quantile("x", at=at), [frame(cells)]).item()
    known = [cell for cell in cells if cell is not None]
    if not known:
        assert found is None
    else:
        assert found == pytest.approx(np.quantile(known, at), rel=1e-12, abs=1e-300)


@given(cells=INTS, at=st.sampled_from([0, Fraction(1, 4), Fraction(1, 2), 1]))
def test_quantiles_of_integers_are_exact(cells: list, at: Fraction) -> None:
    found = learn(Quantile("x", at=float(at)), [frame(cells, pl.Int64)]).item()
    known = sorted(cell for cell in cells if cell is not None)
    if not known:
        assert found is None
        return
    place = Fraction(at) * (len(known) - 1)
    low, high = known[math.floor(place)], known[math.ceil(place)]
    assert found == round(low + (high - low) * (place % 1))


@pytest.mark.parametrize("kind", [pl.UInt64, pl.Int8, pl.Float32])
def test_quantiles_of_other_numbers(kind: pl.DataType) -> None:
    top = 2**64 - 1 if kind == pl.UInt64 else 100
    rows = frame([0, 1, top], kind)
    assert learn(Quantile("x"), [rows]).item() == 1
    assert learn(Quantile("x", at=1.0), [rows]).schema == {"value": kind}


def test_a_quantile_of_many_equal_leading_bits_takes_more_looks() -> None:
    cells = np.linspace(1.0, 1.001, 300_001)
    assert learn(Quantile("x"), [frame(cells)]).item() == np.median(cells)


@given(cells=CELLS)
def test_means_are_exact(cells: list) -> None:
    found = learn(Mean("x"), [frame(cells)]).item()
    known = [Fraction(cell) for cell in cells if cell is not None]
    assert found == (float(sum(known) / len(known)) if known else None)


def test_means_survive_cancellation() -> None:
    assert learn(Mean("x"), [frame([1e16, 1.0, -1e16, 2.0])]).item() == 0.75


def test_nan_and_infinities_do_not_count() -> None:
    rows = frame([1.0, math.nan, math.inf, -math.inf, 3.0])
    assert learn(Mean("x"), [rows]).item() == 2.0
    assert learn(Quantile("x"), [rows]).item() == 2.0
    assert learn(Levels("x"), [frame([math.nan, 1.0])])["value"].to_list() == [1.0]


def test_no_negative_zero_is_learned() -> None:
    for statistic in (Quantile("x"), Mean("x"), Extent("x")):
        assert math.copysign(1, learn(statistic, [frame([-0.0, -0.0])]).item()) == 1


@pytest.mark.parametrize(
    "cells", [["-1.10", "-1.30"], ["0.01", "0.02"], ["99.99", "0.01"]]
)
def test_decimals_stay_decimals(cells: list[str]) -> None:
    rows = pl.DataFrame({"x": cells}).select(pl.col("x").cast(pl.Decimal(10, 2)))
    for statistic in (Mean("x"), Quantile("x")):
        found = learn(statistic, [rows])
        assert found.schema == {"value": pl.Decimal(10, 2)}
        middle = sum(Fraction(cell) for cell in cells) / 2
        assert abs(Fraction(found.item()) - middle) <= Fraction(1, 200)


def test_levels_count_and_cut() -> None:
    rows = pl.DataFrame({"x": ["b", "a", "b", "c", None, "a"]})
    assert learn(Levels("x"), [rows]).rows() == [("a", 2), ("b", 2), ("c", 1)]
    assert learn(Levels("x", at_least=2), [rows])["value"].to_list() == ["a", "b"]
    assert learn(Levels("x", top=1), [rows])["value"].to_list() == ["a"]


def test_cooccurrence_takes_any_name() -> None:
    rows = pl.DataFrame({"count": [1, 1, None], "value": ["a", "a", "b"]})
    table = learn(Cooccurrence("value", given=("count",)), [rows])
    assert table.rows() == [(1, "a", 2)]


@given(cells=CELLS)
def test_placeholders_have_the_types_of_what_is_learned(cells: list) -> None:
    rows = frame(cells).with_columns(k=1)
    for statistic in (
        Quantile("x"),
        Mean("x"),
        Levels("x"),
        Cooccurrence("x", given=("k",)),
    ):
        assert (
            statistic.placeholder(rows.schema).schema == learn(statistic, [rows]).schema
        )


@pytest.mark.parametrize("end", [2**63 - 1, -(2**63)])
def test_the_mean_of_large_integers_stays_in_their_type(end: int) -> None:
    table = learn(Mean("x"), [pl.DataFrame({"x": [end, end]})])
    assert table.item() == end
