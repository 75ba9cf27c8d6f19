"""The ledger of a run: read what was changed and dropped."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from seedbed.core import html
from seedbed.core.cells import show
from seedbed.core.frame import ROW
from seedbed.ledger.entries import REASON, SURVIVOR, Level, StepEntry, Stored

__all__ = ["Ledger"]

_DROPPED = {"step": pl.UInt16, "rule": pl.String, ROW: pl.UInt32, REASON: pl.String}


_QUICK_CELLS = 5_000_000


_SHOWN = 20


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
            for what, count in (
                ("rows dropped", step.dropped),
                ("rows made", step.made),
            ):
                if count:
                    rows.append({**base, "column": "", "what": what, "count": count})
            rows.extend(
                {**base, "column": "", "what": f"skipped: {reason}", "count": count}
                for reason, count in step.skipped.items()
            )
        return pl.DataFrame(rows, schema=_COUNTS)

    def changes(
        self,
        *,
        step: int | None = None,
        column: str | None = None,
        row: int | None = None,
        ordinal: int | None = None,
    ) -> pl.DataFrame:
        """Return changed cells with their values as texts, in the order of the steps.

        Args:
            step: Of this step only.
            column: Of this column only, by the name it had before the step.
            row: Of this gathered row only.
            ordinal: Of this fragment only.

        Returns:
            The columns `step`, `where`, `rule`, `column`, `_row`, `before`, `after`.
        """
        tables = [pl.DataFrame(schema=_CHANGES)]
        for entry in self.steps:
            if step is not None and entry.number != step:
                continue
            for name in entry.before if column is None else [column]:
                cells = self.column_changes(
                    entry.number, name, row=row, ordinal=ordinal
                )
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
        self,
        step: int,
        column: str,
        *,
        row: int | None = None,
        ordinal: int | None = None,
    ) -> pl.DataFrame:
        """Return the changed cells of one column at one step, in their own types.

        Returns:
            The columns `_row`, `before`, `after`, sorted by row.
        """
        entry = self.steps[step]
        if column not in entry.before:
            return pl.DataFrame(
                schema={ROW: pl.UInt32, "before": pl.Null, "after": pl.Null}
            )
        position = list(entry.before).index(column)
        kind = entry.before[column]
        now = entry.after.get(entry.now(column))
        tables = [
            pl.DataFrame(schema={ROW: pl.UInt32, "before": kind, "after": now or kind})
        ]
        if entry.changed.get(column):
            tables += [
                _typed_cells(stored, step, position, kind, now, row)
                for stored in self.cells
                if ordinal is None or stored.ordinal == ordinal
            ]
        return pl.concat(tables).sort(ROW)

    def dropped(
        self, *, step: int | None = None, ordinal: int | None = None
    ) -> pl.DataFrame:
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
            pairs = [
                self._example(*key)
                for key in shown.select("step", "column").iter_rows()
            ]
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


def _as_texts(table: pl.DataFrame) -> pl.DataFrame:
    kept = ("step", "rule", REASON, SURVIVOR, ROW)
    return table.with_columns(
        show(column) for column in table if column.name not in kept
    )


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


_CHANGES = {
    "step": pl.UInt16,
    "where": pl.String,
    "rule": pl.String,
    "column": pl.String,
    ROW: pl.UInt32,
    "before": pl.String,
    "after": pl.String,
}
