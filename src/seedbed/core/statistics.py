"""What rules learn: small tables that merge in any order to the same bits.

A statistic looks at one fragment at a time (`partial`), and what it saw is folded
together (`fold`). Nothing depends on how the rows are cut or who comes first: counts
are integers, sums are exact, and quantiles are true order statistics. So the same rows
teach the same values on any engine and any number of workers.

>>> frames = [pl.DataFrame({"x": [1.0, 2.0]}), pl.DataFrame({"x": [9.0, None]})]
>>> learn(Quantile("x", at=0.5), frames).item()
2.0
>>> learn(Mean("x"), frames).item()
4.0
"""

from __future__ import annotations

import math
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any, TypeAlias

import polars as pl

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "Cooccurrence",
    "Extent",
    "Learned",
    "Levels",
    "Mean",
    "Quantile",
    "Statistic",
    "learn",
]

Learned: TypeAlias = Mapping[str, Any]
"""What a rule found: by name a value, a series of values, or a table."""


@dataclass(frozen=True)
class Statistic(ABC):
    """Something to know about one column of a frame."""

    column: str

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it looks at."""
        return (self.column,)

    @abstractmethod
    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:
        """Return what this fragment has to say, given what is known so far."""

    @abstractmethod
    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the new state: all fragments of one round together."""

    def done(self, state: pl.DataFrame) -> bool:  # noqa: ARG002 - most need one round
        """Tell whether another look at the fragments is needed."""
        return True

    @abstractmethod
    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:
        """Return what was learned, as a table to be kept beside the version.

        Args:
            state: The last folded state.
            kind: The type of the column; values that go into it are of this type.
        """

    @abstractmethod
    def value(self, table: pl.DataFrame) -> Any:
        """Return the kept table as `rewrite` wants it."""

    @abstractmethod
    def placeholder(self, schema: pl.Schema) -> pl.DataFrame:
        """Return a table of the right types, to compile a plan without rows."""


@dataclass(frozen=True)
class _Scalar(Statistic):
    """One value, of the column's own type."""

    def value(self, table: pl.DataFrame) -> Any:
        """Return the one value, or None where no row had one."""
        return table.item()

    def placeholder(self, schema: pl.Schema) -> pl.DataFrame:
        """Return one null of the column's type."""
        return pl.DataFrame({"value": [None]}, schema={"value": schema[self.column]})


@dataclass(frozen=True)
class Extent(_Scalar):
    """The smallest or the largest value; NaN does not count.

    Args:
        largest: The largest instead of the smallest.
    """

    largest: bool = False

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:  # noqa: ARG002
        """Return the extreme of this fragment."""
        column = pl.col(self.column)
        return frame.select(value=column.max() if self.largest else column.min())

    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the extreme of the extremes."""
        column = pl.col("value")
        return pl.concat(tables).select(column.max() if self.largest else column.min())

    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:  # noqa: ARG002
        """Return the value."""
        return _normal(state)


@dataclass(frozen=True)
class Mean(_Scalar):
    """The mean, from an exact sum: rounded once, whatever the order of the rows.

    Each number is taken apart into an integer mantissa and an exponent; mantissas
    are summed as integers by exponent. NaN and infinities do not count.
    """

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:  # noqa: ARG002
        """Return the sums of the mantissas by exponent, in two halves of 27 bits."""
        import numpy as np  # noqa: PLC0415 - `import seedbed` stays cheap

        numbers = _finite(frame[self.column])
        fraction, exponent = np.frexp(numbers)
        mantissa = (fraction * 2.0**53).astype(np.int64)
        return (
            pl.DataFrame(
                {
                    "exponent": exponent.astype(np.int32) - 53,
                    "high": mantissa >> 27,
                    "low": mantissa & (2**27 - 1),
                }
            )
            .group_by("exponent")
            .agg(pl.col("high", "low").sum(), count=pl.len().cast(pl.Int64))
        )

    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the sums of the sums."""
        sums = pl.concat(tables).group_by("exponent").agg(pl.all().sum())
        return sums.sort("exponent")

    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:
        """Return the exact sum over the count, rounded once."""
        total, count = Fraction(0), 0
        for exponent, high, low, rows in state.iter_rows():
            total += Fraction((high << 27) + low) * Fraction(2) ** exponent
            count += rows
        mean = total / count if count else None
        return _one(mean, kind)


_BITS = 16
_DEEPEST = 64 // _BITS
_FEW = 200_000


@dataclass(frozen=True)
class Quantile(_Scalar):
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
        >>> frames = [pl.DataFrame({"x": [1, 100]}), pl.DataFrame({"x": [4, 2]})]
        >>> learn(Quantile("x", at=0.5), frames).item()
        3
    """

    at: float = 0.5

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:
        """Return how many values lie in each bucket of this round."""
        image = _image(frame[self.column])
        if state is None:
            return _count(image, depth=1)
        tables = [_count(image[:0], depth=1)]
        for bucket, depth, _, count, _ in state.iter_rows():
            if depth == _DEEPEST:
                continue
            inside = image[(image >> (64 - _BITS * depth)) == bucket]
            deeper = _DEEPEST if count <= _FEW else depth + 1
            tables.append(_count(inside, depth=deeper))
        return pl.concat(tables)

    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the buckets that hold the wanted ranks."""
        counts = pl.concat(tables).group_by("depth", "bucket").agg(pl.col("count").sum())
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
            return _one(None, kind)
        low, high = (self._at_rank(state, rank) for rank in self._ends(state))
        numbers = [Fraction(x) for x in _from_image([low, high], kind)]
        share = Fraction(self.at) * (int(state["total"][0]) - 1) % 1
        return _one(numbers[0] + (numbers[1] - numbers[0]) * share, kind)

    def _ranks(self, total: int) -> set[int]:
        if not total:
            return set()
        place = Fraction(self.at) * (total - 1)
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
        return (child["bucket"], child["depth"], up_to[at] - child["count"], child["count"], total)


_STATE = {
    "bucket": pl.UInt64,
    "depth": pl.Int64,
    "below": pl.Int64,
    "count": pl.Int64,
    "total": pl.Int64,
}


@dataclass(frozen=True)
class Levels(Statistic):
    """The distinct values, in order; nulls and NaN are no values.

    Args:
        at_least: Keep the values that this many rows hold.
        top: Keep this many of the most common values; ties go to the smaller value.
    """

    at_least: int = 1
    top: int | None = None

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:  # noqa: ARG002
        """Return the count of each value."""
        column = frame.lazy().select(value=pl.col(self.column)).drop_nulls().drop_nans()
        counts = column.group_by("value").agg(count=pl.len().cast(pl.Int64))
        return counts.collect(engine="in-memory")

    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the sum of the counts."""
        return pl.concat(tables).group_by("value").agg(pl.col("count").sum())

    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:  # noqa: ARG002
        """Return the kept values with their counts."""
        kept = state.filter(pl.col("count") >= self.at_least)
        if self.top is not None:
            kept = kept.sort("count", "value", descending=[True, False]).head(self.top)
        return _normal(kept.sort("value"))

    def value(self, table: pl.DataFrame) -> pl.Series:
        """Return the values."""
        return table["value"]

    def placeholder(self, schema: pl.Schema) -> pl.DataFrame:
        """Return no values."""
        return pl.DataFrame(schema={"value": schema[self.column], "count": pl.Int64})


@dataclass(frozen=True)
class Cooccurrence(Statistic):
    """How often each value of a column meets each combination of other columns.

    Rows with a null among the determinants say nothing, and neither does a null value.

    The counts are named ``_count``, as a user's column may be called ``count``.

    Args:
        given: The determinants.
    """

    given: tuple[str, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The determinants and the column."""
        return (*self.given, self.column)

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:  # noqa: ARG002
        """Return the counts of this fragment."""
        pairs = frame.lazy().select(self.reads).drop_nulls()
        counts = pairs.group_by(self.reads).agg(_count=pl.len().cast(pl.Int64))
        return counts.collect(engine="in-memory")

    def fold(
        self, tables: Sequence[pl.DataFrame], state: pl.DataFrame | None
    ) -> pl.DataFrame:
        """Return the sum of the counts."""
        return pl.concat(tables).group_by(self.reads).agg(pl.col("_count").sum())

    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:  # noqa: ARG002
        """Return the counts in a fixed order."""
        return _normal(state.sort(self.reads))

    def value(self, table: pl.DataFrame) -> pl.DataFrame:
        """Return the table."""
        return table

    def placeholder(self, schema: pl.Schema) -> pl.DataFrame:
        """Return an empty table."""
        kinds = {name: schema[name] for name in self.reads}
        return pl.DataFrame(schema={**kinds, "_count": pl.Int64})


def learn(statistic: Statistic, frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Return what `statistic` learns from `frames`, in one process."""
    state: pl.DataFrame | None = None
    while state is None or not statistic.done(state):
        parts = [statistic.partial(frame, state) for frame in frames]
        state = statistic.fold(parts, state)
    return statistic.finish(state, frames[0].schema[statistic.column])


def _finite(series: pl.Series) -> np.ndarray[Any, Any]:
    numbers = series.drop_nulls().cast(pl.Float64)
    return numbers.filter(numbers.is_finite()).to_numpy()


def _image(series: pl.Series) -> np.ndarray[Any, Any]:
    """Return the values as unsigned integers in the same order."""
    import numpy as np  # noqa: PLC0415 - `import seedbed` stays cheap

    top = np.uint64(1 << 63)
    if series.dtype.is_unsigned_integer():
        return series.drop_nulls().cast(pl.UInt64).to_numpy()
    if series.dtype.is_integer():
        whole = series.drop_nulls().cast(pl.Int64).to_numpy()
        return whole.view(np.uint64) ^ top
    bits = (_finite(series) + 0.0).view(np.uint64)  # + 0.0 turns -0.0 into 0.0
    return np.where(bits >> np.uint64(63), ~bits, bits | top)


def _from_image(image: list[int], kind: pl.DataType) -> list[Any]:
    import numpy as np  # noqa: PLC0415 - `import seedbed` stays cheap

    top = 1 << 63
    if kind.is_unsigned_integer():
        return image
    if kind.is_integer():
        return [number - top for number in image]
    bits = [number ^ top if number & top else number ^ (2**64 - 1) for number in image]
    return np.array(bits, np.uint64).view(np.float64).tolist()


def _count(image: np.ndarray[Any, Any], *, depth: int) -> pl.DataFrame:
    import numpy as np  # noqa: PLC0415 - `import seedbed` stays cheap

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


def _one(number: Fraction | None, kind: pl.DataType) -> pl.DataFrame:
    if number is None:
        value: Any = None
    elif kind.is_integer():
        value = round(number)
    elif kind.is_decimal():
        places = getattr(kind, "scale", 0) or 0
        digits = f"{abs(round(number * 10**places)):0{places + 1}d}"
        cut = len(digits) - places
        text = f"{'-' if number < 0 else ''}{digits[:cut]}.{digits[cut:]}"
        return pl.DataFrame({"value": [text]}).select(pl.col("value").cast(kind))
    else:
        value = float(number)
    return _normal(pl.DataFrame({"value": [value]}, schema={"value": kind}))


def _normal(table: pl.DataFrame) -> pl.DataFrame:
    """Turn -0.0 into 0.0: which of the two it is may hang on the order of the rows."""
    floats = [name for name, kind in table.schema.items() if kind.is_float()]
    if not floats:
        return table
    column = pl.col(floats)
    # Polars skips the addition of zero, so that `column + 0.0` would change nothing.
    return table.with_columns(pl.when(column == 0).then(column.abs()).otherwise(column))
