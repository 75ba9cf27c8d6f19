"""What each step changed, dropped and made, and why; nothing is lost.

While a fragment passes through the steps, a `Recorder` compares every column before and
after, and writes what changed beside it: one file a fragment and pass, with the step,
the column, the row, and the value before and after in their own types. A step that
changes a type is one entry with its inverse; only cells that the inverse does not give
back exactly are kept. Dropped rows are kept whole.

`revert` walks back: from what is there and what was dropped to what was gathered.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeAlias

import polars as pl

from seedbed.core import html
from seedbed.core.cells import changed, inverses_of, invert, patch, show
from seedbed.core.frame import ROW

__all__ = [
    "GATHER",
    "REASON",
    "SURVIVOR",
    "Ledger",
    "Level",
    "Recorder",
    "StepEntry",
    "Stored",
    "revert",
    "write_table",
]

Level: TypeAlias = Literal["full", "counts", "off"]
"""``full`` keeps every cell and row, ``counts`` how many, ``off`` nothing."""

GATHER = "gather"
"""The kind of the first step of each source: types decided while gathering."""

REASON = "_reason"
"""Beside a dropped row: why it was dropped."""
SURVIVOR = "_survivor"
"""Beside a dropped duplicate: the gathered position of the row that was kept."""

_FLUSH_CELLS = 1_500_000
_SHOWN = 20
_QUICK_CELLS = 5_000_000
_ROW_GROUP = 131_072
_MANY = 10


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
        return tuple(c for c in self.before if c not in self.after and c not in self.renames)

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


class Recorder:
    """Writes down what happens to one fragment in one pass.

    Args:
        folder: Where the tables go.
        name: A prefix for file names, unique to fragment and pass.
        level: How much to keep.
    """

    def __init__(self, folder: Path, name: str, level: Level) -> None:
        self.level = level
        self.changed: dict[tuple[int, str], int] = {}
        self.dropped_rows: dict[int, int] = {}
        self.inverses: dict[tuple[int, str], str] = {}
        self.files: list[tuple[str, int, int]] = []
        self._folder = folder
        self._name = name
        self._cells: list[pl.DataFrame] = []
        self._waiting = 0

    def compare(
        self,
        step: StepEntry,
        before: pl.DataFrame,
        after: pl.DataFrame,
        names: Iterable[str],
    ) -> None:
        """Record how the columns `names` differ between two frames of the same rows."""
        if self.level == "off":
            return
        positions = {name: position for position, name in enumerate(step.before)}
        for name in names:
            position, kind = positions[name], step.before[name]
            old, now = before[name], step.now(name)
            if now not in step.after:
                self._record(step, position, before[ROW], old, None, old.is_not_null())
                continue
            new = after[now]
            if new.dtype == kind:
                differs = changed(old, new)
            else:
                differs = self._against_inverse(step, name, old, new)
            self._record(step, position, before[ROW], old, new, differs)

    def _against_inverse(
        self, step: StepEntry, name: str, old: pl.Series, new: pl.Series
    ) -> pl.Series:
        """Return which cells the best way to write a column back does not give back."""
        ways = inverses_of(step.inverses.get(name, "cast"), new.dtype, old.dtype)
        best = ways[0]
        differs = changed(old, invert(new, best, old.dtype))
        for way in ways[1:]:
            if int(differs.sum() or 0) * _MANY < len(old):
                break
            other = changed(old, invert(new, way, old.dtype))
            if int(other.sum() or 0) < int(differs.sum() or 0):
                best, differs = way, other
        if best != ways[0]:
            self.inverses[step.number, name] = best
        return differs

    def drop(self, step: StepEntry, rows: pl.DataFrame) -> None:
        """Record rows that a step drops, as they are now."""
        if rows.is_empty() or self.level == "off":
            return
        self.dropped_rows[step.number] = self.dropped_rows.get(step.number, 0) + rows.height
        if self.level == "full":
            name = f"{self._name}-dropped-{step.number:03}.parquet"
            kept = [c for c in (ROW, *step.before, REASON, SURVIVOR) if c in rows.columns]
            write_table(rows.select(kept), self._folder / name)
            self.files.append((name, step.number, rows.height))

    def close(self) -> None:
        """Write what is still waiting."""
        if not self._cells:
            return
        table = pl.concat(self._cells, how="diagonal")
        name = f"{self._name}-cells-{len(self.files):03}.parquet"
        write_table(table, self._folder / name, statistics=True)
        self.files.append((name, -1, table.height))
        self._cells, self._waiting = [], 0

    def _record(
        self,
        step: StepEntry,
        position: int,
        rows: pl.Series,
        old: pl.Series,
        new: pl.Series | None,
        differs: pl.Series,
    ) -> None:
        count = int(differs.sum() or 0)
        if not count:
            return
        where = (step.number, old.name)
        self.changed[where] = self.changed.get(where, 0) + count
        if self.level != "full":
            return
        columns = {
            ROW: rows,
            f"before:{old.dtype}": old,
            **({} if new is None else {f"after:{new.dtype}": new}),
        }
        table = pl.DataFrame(columns).filter(differs)
        self._cells.append(
            table.select(
                pl.lit(step.number, pl.UInt16).alias("step"),
                pl.lit(position, pl.UInt16).alias("column"),
                pl.all(),
            )
        )
        self._waiting += count
        if self._waiting >= _FLUSH_CELLS:
            self.close()


@dataclass(frozen=True)
class Ledger:
    """What every step of a run did.

    Args:
        steps: The steps, with their counts.
        cells: Tables of changed cells.
        dropped_tables: Tables of dropped rows.
        level: How much was kept.
        inverses: Where a column of a slice is written back in another way than its step
            says: slice, step and column to the way.
    """

    steps: tuple[StepEntry, ...] = ()
    cells: tuple[Stored, ...] = ()
    dropped_tables: tuple[Stored, ...] = ()
    level: Level = "full"
    inverses: Mapping[tuple[int, int, str], str] = field(
        default_factory=dict[tuple[int, int, str], str]
    )

    def counts(self) -> pl.DataFrame:
        """Return one row for each step and column that it changed, and for rows dropped."""
        rows: list[dict[str, Any]] = []
        for step in self.steps:
            base = {"step": step.number, "where": step.where, "rule": step.kind}
            rows.extend(
                {**base, "column": column, "what": "cells changed", "count": count}
                for column, count in step.changed.items()
                if count
            )
            for what, count in (("rows dropped", step.dropped), ("rows made", step.made)):
                if count:
                    rows.append({**base, "column": "", "what": what, "count": count})
            rows.extend(
                {**base, "column": "", "what": f"skipped: {reason}", "count": count}
                for reason, count in step.skipped.items()
            )
        return pl.DataFrame(rows, schema=_COUNTS)

    def changes(
        self, *, step: int | None = None, column: str | None = None, row: int | None = None
    ) -> pl.DataFrame:
        """Return changed cells with their values as texts, in the order of the steps.

        Args:
            step: Of this step only.
            column: Of this column only, by the name it had before the step.
            row: Of this gathered row only.

        Returns:
            The columns `step`, `where`, `rule`, `column`, `_row`, `before`, `after`.
        """
        tables = [pl.DataFrame(schema=_CHANGES)]
        for entry in self.steps:
            if step is not None and entry.number != step:
                continue
            for name in entry.before if column is None else [column]:
                cells = self.column_changes(entry.number, name, row=row)
                if cells.is_empty():
                    continue
                tables.append(
                    cells.select(
                        pl.lit(entry.number, pl.UInt16).alias("step"),
                        pl.lit(entry.where).alias("where"),
                        pl.lit(entry.kind).alias("rule"),
                        pl.lit(name).alias("column"),
                        ROW,
                        show(cells["before"]),
                        show(cells["after"]),
                    )
                )
        return pl.concat(tables)

    def column_changes(
        self, step: int, column: str, *, row: int | None = None, ordinal: int | None = None
    ) -> pl.DataFrame:
        """Return the changed cells of one column at one step, in their own types.

        Returns:
            The columns `_row`, `before`, `after`, sorted by row.
        """
        entry = self.steps[step]
        if column not in entry.before:
            return pl.DataFrame(schema={ROW: pl.UInt32, "before": pl.Null, "after": pl.Null})
        position = list(entry.before).index(column)
        kind = entry.before[column]
        now = entry.after.get(entry.now(column))
        tables = [pl.DataFrame(schema={ROW: pl.UInt32, "before": kind, "after": now or kind})]
        if entry.changed.get(column):
            tables += [
                _typed_cells(stored, step, position, kind, now, row)
                for stored in self.cells
                if ordinal is None or stored.ordinal == ordinal
            ]
        return pl.concat(tables).sort(ROW)

    def dropped(self, *, step: int | None = None, ordinal: int | None = None) -> pl.DataFrame:
        """Return dropped rows as they were when they were dropped.

        Args:
            step: By this step only.
            ordinal: Of this fragment only.

        Returns:
            `step`, `rule`, `_row`, the columns of that moment (in their own types where
            a step is given, else as texts), `_reason`, and for duplicates `_survivor`.
            A column of the user that is called `step` or `rule` ends in ``_`` here.
        """
        tables = [
            stored.load()
            .collect()
            .rename({"step": "step_", "rule": "rule_"}, strict=False)
            .select(
                pl.lit(stored.step, pl.UInt16).alias("step"),
                pl.lit(self.steps[stored.step].kind).alias("rule"),
                pl.all(),
            )
            for stored in self.dropped_tables
            if (step is None or stored.step == step)
            and (ordinal is None or stored.ordinal == ordinal)
        ]
        if not tables:
            return pl.DataFrame(schema=_DROPPED)
        if step is None:
            # A column may have had different types at different steps.
            tables = [_as_texts(table) for table in tables]
        return pl.concat(tables, how="diagonal").sort("step", ROW)

    def total(self) -> tuple[int, int, int]:
        """Return how many cells were changed, rows dropped, and rows made."""
        return (
            sum(sum(step.changed.values()) for step in self.steps),
            sum(step.dropped for step in self.steps),
            sum(step.made for step in self.steps),
        )

    def to_html(self) -> str:
        """Return what a notebook shows: what each step did, with a cell for example."""
        cells, dropped, made = self.total()
        told: list[tuple[str, object]] = [
            ("cells changed", cells),
            ("rows dropped", dropped),
            ("rows made", made),
        ]
        counts = self.counts()
        shown = counts.head(_SHOWN)
        if self.level == "full" and sum(t.rows for t in self.cells) <= _QUICK_CELLS:
            pairs = [self._example(*key) for key in shown.select("step", "column").iter_rows()]
            kinds = {"before": pl.String, "after": pl.String}
            shown = shown.hstack(pl.DataFrame(pairs, schema=kinds, orient="row"))
        elif self.level != "full":
            told.append(("kept as", self.level))
        return html.block(
            "Ledger",
            html.facts((what, count) for what, count in told if count),
            html.table(
                shown.drop("where"), rows=_SHOWN, types=False, total=counts.height
            )
            if counts.height
            else html.note("nothing was changed"),
        )

    def _repr_html_(self) -> str:
        return self.to_html()

    def _example(self, step: int, column: str) -> tuple[str | None, str | None]:
        """Return one changed cell of a column at a step, before and after, as texts."""
        entry = self.steps[step]
        if column in entry.before:
            position, kind = list(entry.before).index(column), entry.before[column]
            now = entry.after.get(entry.now(column))
            for stored in self.cells:
                cells = _typed_cells(stored, step, position, kind, now, None, limit=1)
                if cells.height:
                    return show(cells["before"])[0], show(cells["after"])[0]
        return None, None


def revert(
    ledger: Ledger, ordinal: int, frame: pl.DataFrame, *, source: str, text: bool = False
) -> pl.DataFrame:
    """Walk one fragment back through the steps.

    Args:
        ledger: A ledger of level ``full``.
        ordinal: The fragment.
        frame: Its rows as they came out, with their ``_row``.
        source: The source that it was gathered from.
        text: Take back the types that were decided while gathering, too.

    Returns:
        All its rows as they were gathered, sorted by ``_row``.
    """
    frame = frame.sort(ROW)
    for step in reversed(ledger.steps):
        if step.source not in ("", source) or (step.kind == GATHER and not text):
            continue
        frame = _take_back(ledger, step, ordinal, frame)
        dropped = [
            stored.load().select(frame.columns).collect()
            for stored in ledger.dropped_tables
            if stored.step == step.number and stored.ordinal == ordinal
        ]
        if dropped:
            frame = pl.concat([frame, *dropped]).sort(ROW)
    return frame


def write_table(table: pl.DataFrame, path: Path, *, statistics: bool = False) -> None:
    """Write `table` so that the same rows always give the same bytes.

    Args:
        table: The rows.
        path: The file.
        statistics: With the extremes of each column, for a table that is searched.
    """
    table.rechunk().write_parquet(
        path,
        compression="zstd",
        compression_level=1,
        row_group_size=_ROW_GROUP,
        statistics=statistics,
    )


def _take_back(
    ledger: Ledger, step: StepEntry, ordinal: int, frame: pl.DataFrame
) -> pl.DataFrame:
    columns = [frame[ROW]]
    for name, kind in step.before.items():
        if step.now(name) in step.after:
            series = frame[step.now(name)].alias(name)
        else:
            series = pl.repeat(None, frame.height, dtype=kind, eager=True).alias(name)
        if series.dtype != kind:
            way = ledger.inverses.get((ordinal, step.number, name))
            series = invert(series, way or step.inverses.get(name, "cast"), kind)
        if step.changed.get(name):
            cells = ledger.column_changes(step.number, name, ordinal=ordinal)
            inside = cells[ROW].is_in(frame[ROW].implode())
            if not inside.all():
                cells = cells.filter(inside)
            series = patch(series, frame[ROW].search_sorted(cells[ROW]), cells["before"])
        columns.append(series)
    return pl.DataFrame(columns)


def _as_texts(table: pl.DataFrame) -> pl.DataFrame:
    kept = ("step", "rule", REASON, SURVIVOR, ROW)
    return table.with_columns(show(column) for column in table if column.name not in kept)


def _typed_cells(
    stored: Stored,
    step: int,
    position: int,
    kind: pl.DataType,
    now: pl.DataType | None,
    row: int | None,
    *,
    limit: int | None = None,
) -> pl.DataFrame:
    table = stored.load()
    names = table.collect_schema().names()
    before, after = f"before:{kind}", f"after:{now}"
    chosen = (pl.col("step") == step) & (pl.col("column") == position)
    if row is not None:
        chosen &= pl.col(ROW) == row
    none = pl.lit(None, now or kind)
    found = table.filter(chosen)
    return (
        (found if limit is None else found.head(limit))
        .select(
            ROW,
            (pl.col(before) if before in names else pl.lit(None, kind)).alias("before"),
            (pl.col(after) if after in names else none).alias("after"),
        )
        .collect()
    )


_COUNTS = {
    "step": pl.UInt16,
    "where": pl.String,
    "rule": pl.String,
    "column": pl.String,
    "what": pl.String,
    "count": pl.Int64,
}
_DROPPED = {"step": pl.UInt16, "rule": pl.String, ROW: pl.UInt32, REASON: pl.String}
_CHANGES = {
    "step": pl.UInt16,
    "where": pl.String,
    "rule": pl.String,
    "column": pl.String,
    ROW: pl.UInt32,
    "before": pl.String,
    "after": pl.String,
}
