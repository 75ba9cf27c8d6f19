"""Rules for categories."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from seedbed.cleaning.base import ColumnRule, Learned, Learns, rule
from seedbed.core.columns import Columns
from seedbed.core.statistics import Levels, Statistic
from seedbed.errors import BadSpec

__all__ = ["MergeRare"]


@rule("merge_rare")
@dataclass(frozen=True, kw_only=True)
class MergeRare(ColumnRule):
    """Put the rare levels of a category together into one.

    The levels that enough training rows hold are kept. The others become `other`, and
    so does every level that training never saw, today or when a model is served: the
    categories it meets are the ones it was trained on. Missing values stay missing. A
    categorical column comes out as strings.

    Use it for long tails, before one column a level is made of them. On an identifier
    it leaves nothing, as every level of it is rare: use `drop_columns`.

    Args:
        columns: The columns to work on; they must hold text.
        min_count: How many training rows a level needs to be kept.
        other: What the rare levels become.

    Raises:
        BadSpec: `min_count` is below 1.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> train = {"tree": ["oak", "oak", "ash", "elm"]}
        >>> other = {"tree": ["oak", "ash", "yew", None]}
        >>> merge = MergeRare(columns="tree", min_count=2)
        >>> try_rule(merge, train=train, other=other)["tree"].to_list()
        ['oak', 'other', 'other', None]
    """

    accepts: ClassVar[str] = "@text"

    columns: Columns
    min_count: int = 20
    other: str = "other"

    def __post_init__(self) -> None:
        if self.min_count < 1:
            raise BadSpec(
                f"min_count must be at least 1, not {self.min_count}",
                where=f"rule {self.kind!r}",
                fix="min_count: 2 merges the levels that one row alone holds",
            )

    @property
    def learns(self) -> Learns:
        """Which levels are common is learned from the training rows."""
        return Learns.TRAIN

    def study(self, column: str) -> Mapping[str, Statistic]:
        """Learn the levels that enough rows hold."""
        return {"kept": Levels(column, at_least=self.min_count)}

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        """Keep the common levels and what is missing; merge the rest."""
        text = column.cast(pl.String)
        # One list in one literal: membership is looked up by hash, however many.
        common = text.is_in(learned["kept"].cast(pl.String).implode())
        return pl.when(common | text.is_null()).then(text).otherwise(pl.lit(self.other))
