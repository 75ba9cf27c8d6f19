"""What the ledger says of a step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

import polars as pl

__all__ = ["GATHER", "REASON", "SURVIVOR", "Level", "StepEntry", "Stored"]

Level: TypeAlias = Literal["full", "counts", "off"]
"""``full`` keeps every cell and row, ``counts`` how many, ``off`` nothing."""


GATHER = "gather"
"""The kind of the first step of each source: types decided while gathering."""


REASON = "_reason"
"""Beside a dropped row: why it was dropped."""


SURVIVOR = "_survivor"
"""Beside a dropped duplicate: the gathered position of the row that was kept."""


@dataclass(frozen=True, kw_only=True)
class StepEntry:
    """One step as the ledger knows it.

    Args:
        number: Its position among all steps; 0 is gathering.
        where: Its place in the recipe.
        kind: What it is, such as ``trim``.
        says: Its settings, in YAML's words.
        before: The columns that it got.
        after: The columns that it gave.
        renames: Columns that only changed their name, old to new.
        inverses: For columns whose type changed: how they are written back.
        changed: How many cells it changed, by column.
        dropped: How many rows it dropped.
        made: How many rows it made.
        skipped: How many samples it made nothing of, by reason.
        source: The source whose rows it is about; all, if empty.
    """

    number: int
    where: str
    kind: str
    says: str = ""
    before: pl.Schema = field(default_factory=pl.Schema)
    after: pl.Schema = field(default_factory=pl.Schema)
    renames: Mapping[str, str] = field(default_factory=dict[str, str])
    inverses: Mapping[str, str] = field(default_factory=dict[str, str])
    changed: Mapping[str, int] = field(default_factory=dict[str, int])
    dropped: int = 0
    made: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict[str, int])
    source: str = ""

    @property
    def gone(self) -> tuple[str, ...]:
        """The columns that are no more."""
        return tuple(
            c for c in self.before if c not in self.after and c not in self.renames
        )

    @property
    def new(self) -> tuple[str, ...]:
        """The columns that were not there before."""
        renamed = set(self.renames.values())
        return tuple(c for c in self.after if c not in self.before and c not in renamed)

    @property
    def retyped(self) -> tuple[str, ...]:
        """The columns, by their old names, that have another type."""
        return tuple(
            c
            for c, kind in self.before.items()
            if self.now(c) in self.after and self.after[self.now(c)] != kind
        )

    def now(self, column: str) -> str:
        """Return what a column is called after the step."""
        return self.renames.get(column, column)


@dataclass(frozen=True, kw_only=True)
class Stored:
    """One table of the ledger.

    Args:
        ordinal: The fragment.
        step: The step, for dropped rows; -1 for changed cells of many steps.
        rows: How many rows the table has.
        load: Gives the table.
    """

    ordinal: int
    step: int
    rows: int
    load: Callable[[], pl.LazyFrame]
