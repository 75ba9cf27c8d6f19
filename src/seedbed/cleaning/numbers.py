"""Rules for numbers."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl
from polars import selectors as cs

from seedbed.cleaning.base import ColumnRule, Learned, Learns, rule
from seedbed.core.columns import Columns
from seedbed.core.quantile import Quantile
from seedbed.core.statistics import Statistic
from seedbed.errors import BadSpec

__all__ = ["Clip"]


@rule("clip")
@dataclass(frozen=True, kw_only=True)
class Clip(ColumnRule):
    """Bring numbers that lie too far out to the bounds.

    The bounds are given, or they are quantiles of the training rows. The type of a
    column stays: in a column of integers the bounds are the nearest integers inside. A
    given bound beyond what the type can hold is no bound. NaN stays NaN, and missing
    values stay missing.

    Use it for outliers that are true but too strong for a model. Where a value beyond
    the bounds is a mistake, the bound is no better than the mistake: check it with
    `between` instead.

    Args:
        columns: The columns to work on; they must hold numbers.
        low: The lower bound.
        high: The upper bound.
        quantiles: The lower and the upper quantile to learn, such as ``(0.01, 0.99)``.

    Raises:
        BadSpec: There is no bound, there are both sorts of bounds, or they are upside
            down.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> clip = Clip(columns="age", low=0, high=120)
        >>> try_rule(clip, train={"age": [-1, 30, 999, None]})["age"].to_list()
        [0, 30, 120, None]
    """

    accepts: ClassVar[str] = "@numeric"

    columns: Columns = "@numeric"
    low: float | int | None = None
    high: float | int | None = None
    quantiles: tuple[float, float] | None = None

    def __post_init__(self) -> None:
        given = [bound for bound in (self.low, self.high) if bound is not None]
        if bool(given) == (self.quantiles is not None):
            raise self._wrong(
                "both bounds and quantiles are given" if given else "there is no bound",
                fix="write low and high, or quantiles: [0.01, 0.99]",
            )
        bounds = self.quantiles or given
        if any(math.isnan(bound) for bound in bounds) or bounds[0] > bounds[-1]:
            raise self._wrong(
                f"the bounds {list(bounds)} are not in order",
                fix="give the lower one first",
            )
        if self.quantiles and not (self.quantiles[0] >= 0 and self.quantiles[1] <= 1):
            raise self._wrong(
                f"the quantiles {list(self.quantiles)} are not between 0 and 1",
                fix="the 5th percentile is 0.05",
            )

    @property
    def learns(self) -> Learns:
        """The training rows, if the bounds are quantiles."""
        return Learns.TRAIN if self.quantiles else Learns.NOTHING

    def study(self, column: str) -> Mapping[str, Statistic]:
        """Learn the two quantiles."""
        if self.quantiles is None:
            return {}
        low, high = self.quantiles
        return {"low": Quantile(column, at=low), "high": Quantile(column, at=high)}

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        """Return the numbers, none of them beyond the bounds."""
        kind = pl.dtype_of(column)
        if self.quantiles:
            low, high = pl.lit(learned["low"]).cast(kind), pl.lit(learned["high"])
            return column.clip(low, high.cast(kind))
        whole = kind.matches(cs.integer())
        return column.clip(
            None
            if self.low is None
            else _low(self.low, whole).cast(kind, strict=self.low > 0),
            None
            if self.high is None
            else _high(self.high, whole).cast(kind, strict=self.high < 0),
        )

    def _wrong(self, what: str, *, fix: str) -> BadSpec:
        return BadSpec(what, where=f"rule {self.kind!r}", fix=fix)


def _low(bound: float, whole: pl.Expr) -> pl.Expr:
    if not math.isfinite(bound) or bound == int(bound):
        return pl.lit(bound)
    return pl.when(whole).then(pl.lit(float(math.ceil(bound)))).otherwise(pl.lit(bound))


def _high(bound: float, whole: pl.Expr) -> pl.Expr:
    if not math.isfinite(bound) or bound == int(bound):
        return pl.lit(bound)
    return (
        pl.when(whole).then(pl.lit(float(math.floor(bound)))).otherwise(pl.lit(bound))
    )
