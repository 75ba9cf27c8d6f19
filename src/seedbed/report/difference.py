"""What changed from one version to another."""

from __future__ import annotations

import difflib
from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from seedbed.core import html
from seedbed.core.cells import changed, show
from seedbed.core.frame import ID, SPLIT
from seedbed.core.identity import to_hex

__all__ = ["Difference", "Side", "compare"]

_SAMPLE = 5
_SHOWN = 20
_ID_DIGITS = 12


@dataclass(frozen=True)
class Side:
    """One of the two versions.

    Args:
        ref: How it is called.
        rows: The rows of its files that the other version has not, with `_id` and `_split`.
        schema: Its columns.
        recipe: Its recipe, as text.
    """

    ref: str
    rows: pl.DataFrame
    schema: pl.Schema
    recipe: str


@dataclass(frozen=True, kw_only=True)
class Difference:
    """What changed from `before` to `after`.

    Args:
        before: The one version.
        after: The other.
        rows_added: Rows that are only in `after`.
        rows_removed: Rows that are only in `before`.
        rows_moved: Rows that are in another split.
        columns_added: Columns that are only in `after`.
        columns_removed: Columns that are only in `before`.
        columns_retyped: Columns of another type: old and new.
        cells: How many cells differ, by column, in rows that are in both.
        samples: Some of those cells: `column`, `_id`, `before`, `after`.
        recipe: The lines of the recipes that differ, in the way of ``diff -u``.
    """

    before: str
    after: str
    rows_added: int
    rows_removed: int
    rows_moved: int
    columns_added: tuple[str, ...]
    columns_removed: tuple[str, ...]
    columns_retyped: Mapping[str, tuple[str, str]]
    cells: Mapping[str, int]
    samples: pl.DataFrame
    recipe: tuple[str, ...]

    @property
    def same(self) -> bool:
        """Whether nothing differs."""
        return not self.to_frame().height and not self.recipe

    def to_frame(self) -> pl.DataFrame:
        """Return one row for each thing that differs."""
        rows: list[tuple[str, str, int | None]] = [
            (what, "", count)
            for what, count in (
                ("rows added", self.rows_added),
                ("rows removed", self.rows_removed),
                ("rows moved to another split", self.rows_moved),
            )
            if count
        ]
        rows += [("column added", name, None) for name in self.columns_added]
        rows += [("column removed", name, None) for name in self.columns_removed]
        rows += [
            (f"column retyped, {old} to {new}", name, None)
            for name, (old, new) in self.columns_retyped.items()
        ]
        rows += [("cells changed", name, count) for name, count in self.cells.items()]
        schema = {"what": pl.String, "column": pl.String, "count": pl.Int64}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def __str__(self) -> str:
        lines = [f"{self.before} -> {self.after}"]
        for what, column, count in self.to_frame().iter_rows():
            number = "" if count is None else f"{count:,}"
            lines.append(
                "  " + "  ".join(x for x in (f"{what:<16}", column, number) if x)
            )
        lines += [f"  {line}" for line in self.recipe]
        return "\n".join(lines) if len(lines) > 1 else f"{lines[0]}: the same"

    def _repr_html_(self) -> str:
        title = f"Difference: {self.before} {html.ARROW} {self.after}"
        if self.same:
            return html.block(title, html.note("nothing differs"))
        ids = [to_hex(number)[:_ID_DIGITS] for number in self.samples[ID]]
        samples = self.samples.with_columns(pl.Series(ID, ids, pl.String))
        found = self.to_frame()
        return html.block(
            title,
            html.table(found, rows=_SHOWN, types=False) if found.height else "",
            html.note("some of the cells" if samples.height else ""),
            html.table(samples, rows=_SHOWN, types=False) if samples.height else "",
            html.note("the recipes" if self.recipe else ""),
            html.lines(self.recipe),
        )


def compare(before: Side, after: Side) -> Difference:
    """Return what changed; rows are known by their ids."""
    left, right = before.rows, after.rows
    both = left.select(ID, SPLIT).join(
        right.select(ID, pl.col(SPLIT).alias("_now")), on=ID, how="inner"
    )
    shared = [
        name for name, kind in before.schema.items() if after.schema.get(name) == kind
    ]
    old = left.join(both.select(ID), on=ID, how="semi").sort(ID)
    new = right.join(both.select(ID), on=ID, how="semi").sort(ID)
    cells: dict[str, int] = {}
    samples = [pl.DataFrame(schema=_CELLS)]
    for name in shared:
        differs = changed(old[name], new[name])
        count = int(differs.sum() or 0)
        if count:
            cells[name] = count
            at = differs.arg_true().head(_SAMPLE)
            samples.append(
                pl.DataFrame(
                    {
                        "column": [name] * len(at),
                        ID: old[ID].gather(at),
                        "before": show(old[name].gather(at)),
                        "after": show(new[name].gather(at)),
                    },
                    schema=_CELLS,
                )
            )
    return Difference(
        before=before.ref,
        after=after.ref,
        rows_added=right.height - both.height,
        rows_removed=left.height - both.height,
        rows_moved=both.filter(pl.col(SPLIT) != pl.col("_now")).height,
        columns_added=tuple(n for n in after.schema if n not in before.schema),
        columns_removed=tuple(n for n in before.schema if n not in after.schema),
        columns_retyped={
            name: (str(kind), str(after.schema[name]))
            for name, kind in before.schema.items()
            if name in after.schema and after.schema[name] != kind
        },
        cells=cells,
        samples=pl.concat(samples),
        recipe=_lines(before.recipe, after.recipe),
    )


_CELLS = {"column": pl.String, ID: pl.UInt128, "before": pl.String, "after": pl.String}


def _lines(before: str, after: str) -> tuple[str, ...]:
    lines = difflib.unified_diff(
        before.splitlines(), after.splitlines(), lineterm="", n=0
    )
    return tuple(line for line in lines if not line.startswith(("---", "+++", "@@")))
