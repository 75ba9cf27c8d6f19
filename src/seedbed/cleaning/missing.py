"""Rules for missing values."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl
from polars import selectors as cs

from seedbed.cleaning.base import ColumnRule, Learned, Learns, RowRule, rule
from seedbed.core.columns import Columns
from seedbed.core.quantile import Quantile
from seedbed.core.statistics import Levels, Mean, Statistic
from seedbed.errors import BadSpec

__all__ = ["DropMissing", "FillMissing"]


@rule("fill_missing")
@dataclass(frozen=True, kw_only=True)
class FillMissing(ColumnRule):
    """Fill missing values with one value a column.

    The value is learned from the training rows, unless it is given. It is of the
    column's own type: the median of an integer column is an integer, rounded half to
    even. In a column of floats NaN is missing, too. If the training rows hold no value
    at all, nothing is filled.

    Use it where a model cannot take gaps. Where the gap itself tells something, derive
    a column that says so before.

    Args:
        columns: The columns to work on. ``median`` and ``mean`` work on numbers;
            ``value`` works on columns that can hold the value.
        strategy: ``median``, ``mean``, ``most_common`` (of equally common values the
            smallest), or ``value``.
        value: The value to fill in, for the strategy ``value``.

    Raises:
        BadSpec: `value` is given without its strategy, or the other way round.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> fill = FillMissing(columns="age", strategy="median")
        >>> train, other = {"age": [20, 31, 90]}, {"age": [None, 5]}
        >>> try_rule(fill, train=train, other=other)["age"].to_list()
        [31, 5]
    """

    strategy: Literal["median", "mean", "most_common", "value"] = "median"
    value: float | int | str | bool | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.strategy == "value"):
            given = "no value is given" if self.value is None else "a value is given"
            raise BadSpec(
                f"the strategy is {self.strategy!r}, but {given}",
                where=f"rule {self.kind!r}",
                fix="write strategy: value and value: 0, or neither",
            )

    @property
    def learns(self) -> Learns:
        """The training rows, unless the value is given."""
        return Learns.NOTHING if self.strategy == "value" else Learns.TRAIN

    def group(self) -> str:
        """Return the group of columns that can hold what is filled in."""
        match self.value:
            case bool():
                return "@bool"
            case str():
                return "@text"
            case float() if not self.value.is_integer():
                return "@float"
            case _:
                pass
        return "@all" if self.strategy == "most_common" else "@numeric"

    def study(self, column: str) -> Mapping[str, Statistic]:
        """Learn the value to fill in."""
        match self.strategy:
            case "median":
                return {"fill": Quantile(column, at=0.5)}
            case "mean":
                return {"fill": Mean(column)}
            case "most_common":
                return {"fill": Levels(column, top=1)}
            case "value":
                return {}

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        """Put the value where none is."""
        if self.strategy == "most_common":
            return _fill_level(column, learned["fill"])
        fill = self.value if self.strategy == "value" else learned["fill"]
        value = pl.lit(fill).cast(pl.dtype_of(column))
        if self.group() not in ("@numeric", "@float"):
            return column.fill_null(value)
        return _fill_number(column, value)


@rule("drop_missing")
@dataclass(frozen=True, kw_only=True)
class DropMissing(RowRule):
    """Drop the rows in which values are missing.

    NaN in a column of floats is missing, too. The ledger keeps the rows.

    Use it on the target, or on rows that hold nothing. Rows with gaps are seldom like
    the others, so dropping them changes what the data is about: `fill_missing` first.

    Args:
        columns: The columns to look at.
        how: Drop a row if ``any`` of them is missing, or only if ``all`` are.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"x": [1.0, None, float("nan")], "y": ["a", "b", None]}
        >>> try_rule(DropMissing(), train=rows)["y"].to_list()
        ['a']
        >>> try_rule(DropMissing(how="all"), train=rows)["y"].to_list()
        ['a', 'b']
    """

    columns: Columns = "@all"
    how: Literal["any", "all"] = "any"

    def keep(self, names: Sequence[str], learned: Learned) -> pl.Expr:  # noqa: ARG002
        """Return which rows hold what is asked for."""
        if not names:
            return pl.lit(value=True)
        wanted = cs.by_name(*names)
        missing = [
            (wanted - cs.float()).as_expr().is_null(),
            (wanted & cs.float()).as_expr().fill_nan(None).is_null(),
        ]
        if self.how == "any":
            return ~pl.any_horizontal(missing)
        return ~pl.all_horizontal(missing)


def _fill_number(column: pl.Expr, value: pl.Expr) -> pl.Expr:
    # Decimals know no NaN, and do not let themselves be asked.
    missing = column.is_null() | column.cast(pl.Float64).is_nan()
    # With nothing learned a NaN stays what it is.
    return pl.when(missing & value.is_not_null()).then(value).otherwise(column)


def _fill_level(column: pl.Expr, levels: pl.Series) -> pl.Expr:
    if levels.is_empty():
        return column
    value = pl.lit(levels.item(), dtype=levels.dtype)
    return (
        _fill_number(column, value)
        if levels.dtype.is_float()
        else (column.fill_null(value))
    )
