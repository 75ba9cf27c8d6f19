"""Repair by a dependency: what other rows with the same key say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from seedbed.cleaning.base import Effect, Learned, Learns, Rule, rule
from seedbed.core.statistics import Cooccurrence, Statistic
from seedbed.errors import BadSpec

__all__ = ["Dependency"]


@rule("dependency")
@dataclass(frozen=True, kw_only=True)
class Dependency(Rule):
    """Repair columns that others determine, as a postal code determines its town.

    The rows with equal values in `given` are a group, and vote. Where enough of a
    group agrees, the others get its value; a tie, a small group, or one that is too
    divided changes nothing. A row with a gap in `given` belongs to no group.

    Use it where the dependency is a fact of the world, and before `split`: it learns
    from all rows, so the target must not be among its columns. Do not use it for what
    is merely usual: it would make the rare but right into the common.

    Args:
        columns: The columns that are determined.
        given: The column, or the columns, that determine them.
        at_least: Which share of a group, gaps aside, must agree.
        min_rows: How many values a group needs.
        fill: Whether gaps are filled, too.

    Raises:
        BadSpec: A share or a number is impossible, or a column determines itself.

    Source:
        The majority repair of functional dependencies; see Bohannon, Fan, Flaster,
        Rastogi: A Cost-Based Model and Effective Heuristic for Repairing Constraints by
        Value Modification, SIGMOD 2005.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"zip": ["1", "1", "1", "1", "1"],
        ...         "town": ["Ulm", "Ulm", "Ulm", "Ulm", "Olm"]}
        >>> try_rule(Dependency(given="zip", columns="town"), train=rows)["town"][-1]
        'Ulm'
    """

    effect: ClassVar[Effect] = Effect.VALUES

    given: str | tuple[str, ...]
    at_least: float = 0.8
    min_rows: int = 3
    fill: bool = True

    def __post_init__(self) -> None:
        where = f"rule {self.kind!r}"
        if not 0 < self.at_least <= 1:
            raise BadSpec(
                f"at_least must be above 0 and at most 1, not {self.at_least}",
                where=where,
                fix="at_least: 0.8 asks for four fifths of a group",
            )
        if self.min_rows < 1:
            raise BadSpec(
                f"min_rows must be at least 1, not {self.min_rows}",
                where=where,
                fix="min_rows: 3 leaves groups of one and two alone",
            )
        columns = (self.columns,) if isinstance(self.columns, str) else self.columns
        if not self.reads or set(self.reads) & set(columns):
            raise BadSpec(
                f"{list(self.reads)} cannot determine {list(columns)}",
                where=where,
                fix="name the determining columns in given, the others in columns",
            )

    @property
    def learns(self) -> Learns:
        """A row learns from all the others of its group."""
        return Learns.COMPANY

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that determine."""
        return (self.given,) if isinstance(self.given, str) else self.given

    def learn(self, names: Sequence[str]) -> Mapping[str, Statistic]:
        """Count how often each value meets each group."""
        return {
            name: Cooccurrence(name, given=self.reads)
            for name in names
            if name not in self.reads
        }

    def apply(
        self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned
    ) -> pl.LazyFrame:
        """Give each row what its group agrees on."""
        for name in names:
            if name in self.reads:
                continue
            agreed = pl.col(_AGREED).is_not_null()
            if not self.fill:
                agreed &= pl.col(name).is_not_null()
            # A join is faster by far than one long expression of replacements.
            joined = frame.join(
                self._agreed(name, learned[name]).lazy(),
                on=self.reads,
                how="left",
                maintain_order="left",
            )
            value = pl.when(agreed).then(pl.col(_AGREED)).otherwise(pl.col(name))
            frame = joined.with_columns(value.alias(name)).drop(_AGREED)
        return frame

    def _agreed(self, name: str, counts: pl.DataFrame) -> pl.DataFrame:
        """Return the groups that agree well enough, each with its value."""
        count = pl.col("_count")
        groups = counts.group_by(self.reads).agg(
            pl.col(name).sort_by(count).last().alias(_AGREED),
            _all=count.sum(),
            _most=count.max(),
            _tied=(count == count.max()).sum() > 1,
        )
        share = pl.col("_most") / pl.col("_all")
        good = (share >= self.at_least) & (pl.col("_all") >= self.min_rows)
        return groups.filter(good & ~pl.col("_tied")).select(*self.reads, _AGREED)


_AGREED = "_agreed"
