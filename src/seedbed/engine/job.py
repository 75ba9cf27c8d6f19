"""What a pass is given, and what it brings."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from seedbed.cleaning import (
    Learns,
)
from seedbed.core.frame import SPLIT
from seedbed.core.statistics import Statistic
from seedbed.engine.gathering import Gathered, Slice
from seedbed.engine.scratch import Columns, Scratch
from seedbed.engine.translate import in_our_words
from seedbed.ledger import Level, StepEntry
from seedbed.plan import Op, Plan, RuleOp

__all__ = ["Item", "Job", "PassResult", "Seen", "Want"]


@dataclass(frozen=True, kw_only=True)
class Job:
    """What all passes of a run share.

    Args:
        plan: The plan.
        sources: The gathered sources, by name.
        rights: The right side of each join, by the number of its step.
        identity: The columns that the content key of each source is taken over.
        entries: The steps as the ledger knows them, by number.
        gathers: For each source its first steps: gather, and stack if there is any.
        level: How much the ledger keeps.
        folder: Where the files of the run go.
        scratch: Where columns lie between passes.
    """

    plan: Plan
    sources: Mapping[str, Gathered]
    rights: Mapping[int, pl.DataFrame]
    identity: Mapping[str, tuple[str, ...]]
    entries: Mapping[int, StepEntry]
    gathers: Mapping[str, tuple[StepEntry, ...]]
    level: Level
    folder: Path
    scratch: Scratch


@dataclass(frozen=True, kw_only=True)
class Item:
    """A slice and where its columns lie; nowhere before the first pass."""

    slice: Slice
    columns: Columns | None = None


@dataclass(frozen=True, kw_only=True)
class Want:
    """Something to learn at the end of a pass.

    Args:
        op: The step that needs it.
        name: What the step calls it.
        statistic: What to look for.
        state: What is known from earlier looks.
    """

    op: Op
    name: str
    statistic: Statistic
    state: pl.DataFrame | None = None

    @property
    def train_only(self) -> bool:
        """Whether only training rows may be looked at."""
        return isinstance(self.op, RuleOp) and self.op.rule.learns is Learns.TRAIN

    def look(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Return what the rows of a slice have to say."""
        if self.train_only and SPLIT in frame.columns:
            frame = frame.filter(pl.col(SPLIT) == 0)
        with in_our_words(self.op.where):
            return self.statistic.partial(frame, self.state)


@dataclass(kw_only=True)
class Seen:
    """What a check saw in a slice: rows that fail, rows in all, and some of them."""

    bad: int
    rows: int
    sample: list[tuple[int, Any]]


@dataclass(kw_only=True)
class PassResult:
    """What a pass over one slice brought."""

    ordinal: int
    columns: Columns
    rows: int
    split_rows: dict[int, int]
    partials: list[pl.DataFrame]
    seen: dict[int, Seen]
    changed: dict[tuple[int, str], int]
    dropped: dict[int, int]
    ledger_files: list[tuple[str, int, int]]
    inverses: dict[tuple[int, str], str]
    gathered: str = ""
