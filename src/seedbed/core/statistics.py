"""What rules learn: small tables that merge in any order to the same bits.

A statistic looks at one fragment at a time (`partial`), and what it saw is folded
together (`fold`). Nothing depends on how the rows are cut or who comes first: counts
are integers, sums are exact, and quantiles are true order statistics. So the same rows
teach the same values on any engine and any number of workers.

>>> frames = [pl.DataFrame({"x": [1.0, 2.0]}), pl.DataFrame({"x": [9.0, None]})]
>>> learn(Mean("x"), frames).item()
4.0
"""

from __future__ import annotations

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
    "Scalar",
    "Statistic",
    "finite",
    "learn",
    "one_value",
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
class Scalar(Statistic):
    """A statistic that is one value, of the column's own type."""

    def value(self, table: pl.DataFrame) -> Any:
        """Return the one value, or None where no row had one."""
        return table.item()

    def placeholder(self, schema: pl.Schema) -> pl.DataFrame:
        """Return one null of the column's type."""
        return pl.DataFrame({"value": [None]}, schema={"value": schema[self.column]})


@dataclass(frozen=True)
class Extent(Scalar):
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
        self,
        tables: Sequence[pl.DataFrame],
        state: pl.DataFrame | None,  # noqa: ARG002
    ) -> pl.DataFrame:
        """Return the extreme of the extremes."""
        column = pl.col("value")
        return pl.concat(tables).select(column.max() if self.largest else column.min())

    def finish(self, state: pl.DataFrame, kind: pl.DataType) -> pl.DataFrame:  # noqa: ARG002
        """Return the value."""
        return _normal(state)


@dataclass(frozen=True)
class Mean(Scalar):
    """The mean, from an exact sum: rounded once, whatever the order of the rows.

    Each number is taken apart into an integer mantissa and an exponent; mantissas
    are summed as integers by exponent. NaN and infinities do not count.
    """

    def partial(self, frame: pl.DataFrame, state: pl.DataFrame | None) -> pl.DataFrame:  # noqa: ARG002
        """Return the sums of the mantissas by exponent, in two halves of 27 bits."""
        import numpy as np

        numbers = finite(frame[self.column])
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
        self,
        tables: Sequence[pl.DataFrame],
        state: pl.DataFrame | None,  # noqa: ARG002
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
        return one_value(mean, kind)


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
        self,
        tables: Sequence[pl.DataFrame],
        state: pl.DataFrame | None,  # noqa: ARG002
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
        self,
        tables: Sequence[pl.DataFrame],
        state: pl.DataFrame | None,  # noqa: ARG002
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


def finite(series: pl.Series) -> np.ndarray[Any, Any]:
    """Return the numbers that are numbers: no null, no NaN, no infinity."""
    numbers = series.drop_nulls().cast(pl.Float64)
    return numbers.filter(numbers.is_finite()).to_numpy()


def one_value(number: Fraction | None, kind: pl.DataType) -> pl.DataFrame:
    """Return a number as a table of one value of this type, rounded once."""
    if number is None:
        value: Any = None
    elif kind.is_integer():
        # Large integers are summed as floats, whose rounding may leave the type.
        ends: Any = kind
        low, high = pl.select(low=ends.min(), high=ends.max()).row(0)
        value = min(max(round(number), low), high)
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
