"""True quantiles, from counts of buckets that are refined until they are values.

>>> from seedbed.core.statistics import learn
>>> frames = [pl.DataFrame({"x": [1.0, 2.0]}), pl.DataFrame({"x": [9.0, None]})]
>>> learn(Quantile("x", at=0.5), frames).item()
2.0
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core.statistics import Scalar, finite, one_value

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Quantile"]

_BITS = 16
_DEEPEST = 64 // _BITS
_FEW = 200_000


@dataclass(frozen=True)
class Quantile(Scalar):
    """A true quantile, interpolated between the two nearest values as NumPy does.

    The first look counts the values by their leading 16 bits (of an order-preserving
    integer image); every further look refines the one bucket, or two, that hold the
    wanted ranks. A bucket with few values is refined to single values at once, so most
    columns need two looks, and memory stays small for any number of rows. NaN and
    infinities do not count. Of an integer column the quantile is an integer, rounded
    half to even.

    Args:
        at: Which one: 0.5 is the median.

    Examples:
        >>> from seedbed.core.statistics import learn
        >>> frames = [pl.DataFrame({"x": [1, 100]}), pl.DataFrame({"x": [4, 2]})]
        >>> learn(Quantile("x", at=0.5), frames).item()
        3
    """

    at: float = 0.5

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:
        """Return how many values lie in each bucket of this round."""
        numbers = frame[self.column]
        if state is None:
            return _count(_image(numbers), depth=1)
        numbers = numbers.cast(_wide(numbers.dtype))
        tables = [_count(_image(numbers.clear()), depth=1)]
        for bucket, depth, _, count, _ in state.iter_rows():
            if depth == _DEEPEST:
                continue
            # The order of the images is that of the numbers: a bucket is a range.
            shift = 64 - _BITS * depth
            ends = [bucket << shift, ((bucket + 1) << shift) - 1]
            low, high = _from_image(ends, numbers.dtype)
            inside = _image(numbers.filter((numbers >= low) & (numbers <= high)))
            deeper = _DEEPEST if count <= _FEW else depth + 1
            tables.append(_count(inside, depth=deeper))
        return pl.concat(tables)

    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the buckets that hold the wanted ranks."""
        counts = (
            pl.concat(tables).group_by("depth", "bucket").agg(pl.col("count").sum())
        )
        if state is None:
            total = int(counts["count"].sum() or 0)
            whole = [(0, 0, 0, total, total)]
        else:
            whole = state.rows()
            total = whole[0][-1] if whole else 0
        chosen = {self._refine(counts, whole, rank) for rank in self._ranks(total)}
        return pl.DataFrame(sorted(chosen), schema=_STATE, orient="row")

    def done(self, state: pl.DataFrame) -> bool:
        """Tell whether each bucket is a single value."""
        return bool((state["depth"] == _DEEPEST).all())

    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:
        """Return the quantile."""
        if state.is_empty():
            return one_value(None, kind)
        low, high = (self._at_rank(state, rank) for rank in self._ends(state))
        numbers = [Fraction(x) for x in _from_image([low, high], kind)]
        share = self._place(int(state["total"][0])) % 1
        return one_value(numbers[0] + (numbers[1] - numbers[0]) * share, kind)

    def _place(self, total: int) -> Fraction:
        # The product is rounded to a float, as NumPy does: 0.9 of 10 is then 9.
        return Fraction(self.at * (total - 1))

    def _ranks(self, total: int) -> set[int]:
        if not total:
            return set()
        place = self._place(total)
        return {math.floor(place), math.ceil(place)}

    def _ends(self, state: pl.DataFrame) -> tuple[int, int]:
        ranks = self._ranks(int(state["total"][0]))
        return min(ranks), max(ranks)

    @staticmethod
    def _at_rank(state: pl.DataFrame, rank: int) -> int:
        return next(
            bucket
            for bucket, _, below, count, _ in state.iter_rows()
            if below <= rank < below + count
        )

    @staticmethod
    def _refine(
        counts: pl.DataFrame, whole: list[tuple[int, ...]], rank: int
    ) -> tuple[int, ...]:
        parent = next(row for row in whole if row[2] <= rank < row[2] + row[3])
        bucket, depth, below, _, total = parent
        if depth == _DEEPEST:
            return parent
        children = counts.filter(
            (pl.col("depth") > depth)
            & (_shift_right(pl.col("bucket"), pl.col("depth") - depth) == bucket)
        ).sort("bucket")
        up_to = below + children["count"].cum_sum()
        at = int((up_to <= rank).sum())
        child = children.row(at, named=True)
        return (
            child["bucket"],
            child["depth"],
            up_to[at] - child["count"],
            child["count"],
            total,
        )


_STATE = {
    "bucket": pl.UInt64,
    "depth": pl.Int64,
    "below": pl.Int64,
    "count": pl.Int64,
    "total": pl.Int64,
}


def _image(series: pl.Series) -> np.ndarray[Any, Any]:
    """Return the values as unsigned integers in the same order."""
    import numpy as np

    top = np.uint64(1 << 63)
    if series.dtype.is_unsigned_integer():
        return series.drop_nulls().cast(pl.UInt64).to_numpy()
    if series.dtype.is_integer():
        whole = series.drop_nulls().cast(pl.Int64).to_numpy()
        return whole.view(np.uint64) ^ top
    bits = (finite(series) + 0.0).view(np.uint64)  # + 0.0 turns -0.0 into 0.0
    return np.where(bits >> np.uint64(63), ~bits, bits | top)


def _wide(kind: pl.DataType) -> pl.DataType:
    if kind.is_unsigned_integer():
        return pl.UInt64()
    return pl.Int64() if kind.is_integer() else pl.Float64()


def _from_image(image: list[int], kind: pl.DataType) -> list[Any]:
    import numpy as np

    top = 1 << 63
    if kind.is_unsigned_integer():
        return image
    if kind.is_integer():
        return [number - top for number in image]
    bits = [number ^ top if number & top else number ^ (2**64 - 1) for number in image]
    return np.array(bits, np.uint64).view(np.float64).tolist()


def _count(image: np.ndarray[Any, Any], *, depth: int) -> pl.DataFrame:
    import numpy as np

    buckets = image >> np.uint64(64 - _BITS * depth)
    if depth == 1:
        counts = np.bincount(buckets.astype(np.int64), minlength=0)
        buckets = counts.nonzero()[0].astype(np.uint64)
        counts = counts[counts > 0]
    else:
        buckets, counts = np.unique(buckets, return_counts=True)
    table = pl.DataFrame({"bucket": buckets, "count": counts.astype(np.int64)})
    return table.select(pl.lit(depth, pl.Int64).alias("depth"), "bucket", "count")


def _shift_right(bucket: pl.Expr, levels: pl.Expr) -> pl.Expr:
    out = bucket
    for n in range(1, _DEEPEST):
        out = pl.when(levels == n).then(bucket // 2 ** (_BITS * n)).otherwise(out)
    return out
