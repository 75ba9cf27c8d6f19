"""Write down what happens to a fragment while it happens."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import polars as pl

from seedbed.core.cells import changed, inverses_of, invert
from seedbed.core.frame import ROW
from seedbed.ledger.entries import REASON, SURVIVOR, Level, StepEntry

__all__ = ["Recorder", "write_table"]

_FLUSH_CELLS = 1_500_000


_ROW_GROUP = 131_072


_MANY = 10


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
        self.dropped_rows[step.number] = (
            self.dropped_rows.get(step.number, 0) + rows.height
        )
        if self.level == "full":
            name = f"{self._name}-dropped-{step.number:03}.parquet"
            kept = [
                c for c in (ROW, *step.before, REASON, SURVIVOR) if c in rows.columns
            ]
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
