"""How verbs show things: tables for people, JSON for programs, progress for the patient."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

import polars as pl
from rich import box
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
)
from rich.table import Table
from rich.text import Text

from seedbed import engine
from seedbed.validation import Report

__all__ = [
    "WHOLE",
    "cell",
    "console",
    "facts",
    "findings",
    "frame",
    "print_json",
    "progress",
    "say",
    "show_findings",
    "table",
]

WHOLE = 100_000
"""As wide as a cell ever is: it is wrapped, and not cut."""

_PIPE_WIDTH = 200
_WIDE = 48


def console() -> Console:
    """Return what prints to stdout; a pipe gets wide lines and no colours."""
    width = None if sys.stdout.isatty() or "COLUMNS" in os.environ else _PIPE_WIDTH
    return Console(file=sys.stdout, width=width, highlight=False, soft_wrap=False)


def say(*lines: str) -> None:
    """Print lines as they are: no word of a user is taken for markup."""
    printer = console()
    for line in lines:
        printer.print(Text(line), soft_wrap=True)


def table(
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    right: Sequence[str] = (),
    uncut: Sequence[str] = (),
    wide: int = _WIDE,
) -> None:
    """Print a table.

    Args:
        title: What it shows.
        columns: The names of its columns.
        rows: Its cells.
        right: The columns that are set to the right, such as numbers.
        uncut: The columns that are shown whole however narrow the terminal is, such
            as names that one copies.
        wide: How many characters a cell shows at most.
    """
    shown = Table(box=box.SIMPLE_HEAD, show_edge=False, pad_edge=False)
    cells = [list(row) for row in rows]
    for at, name in enumerate(columns):
        shown.add_column(
            Text(name),
            justify="right" if name in right else "left",
            no_wrap=name in uncut,
            min_width=max((len(str(row[at])) for row in cells), default=0)
            if name in uncut
            else None,
        )
    for row in cells:
        shown.add_row(*(Text(cell(value, wide=wide)) for value in row))
    _print(title, shown)


def facts(title: str, pairs: Iterable[tuple[str, Any]]) -> None:
    """Print a table of two columns: what, and how much or which."""
    shown = Table(box=None, show_header=False, pad_edge=False)
    shown.add_column()
    shown.add_column()
    for what, value in pairs:
        shown.add_row(Text(what), Text(cell(value, wide=WHOLE)))
    _print(title, shown)


def frame(title: str, rows: pl.DataFrame) -> None:
    """Print a frame as a table, all of its rows, with its numbers as they are."""
    numbers = [name for name, kind in rows.schema.items() if kind.is_numeric()]
    cells = ([_as_is(value) for value in row] for row in rows.iter_rows())
    table(title, rows.columns, cells, right=numbers, uncut=("where",))


def cell(value: Any, *, wide: int = _WIDE) -> str:
    """Return a value as a cell shows it.

    Examples:
        >>> cell(1234567), cell(None), cell(b"xyz"), cell(0.1)
        ('1,234,567', '', '<3 bytes>', '0.1')
    """
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int():
            return f"{value:,}"
        case bytes():
            return f"<{len(value)} bytes>"
        case _:
            text = str(value)
            return text if len(text) <= wide else f"{text[: wide - 1]}…"


def findings(report: Report) -> list[dict[str, Any]]:
    """Return the findings as plain data, without the folder in their places."""
    rows = report.to_frame().to_dicts()
    return [{**row, "where": row["where"].rpartition(", ")[2]} for row in rows]


def show_findings(report: Report, *, as_json: bool = False) -> None:
    """Print what checks found, as a table or as JSON."""
    if as_json:
        told = {"ok": report.ok, "checks": report.checks, "rows": report.rows}
        print_json({**told, "findings": findings(report)})
        return
    rows = [
        (
            "quarantined" if entry["quarantined"] else entry["severity"],
            entry["check"],
            entry["column"],
            entry["message"],
            entry["rows"],
            entry["of"],
            entry["sample"],
            entry["where"],
        )
        for entry in findings(report)
    ]
    columns = (
        "found",
        "check",
        "column",
        "what it asks",
        "rows",
        "of",
        "row: value",
        "where",
    )
    if rows:
        table("What the checks found", columns, rows, right=("rows", "of"), wide=WHOLE)
    else:
        say(f"{report.checks} checks, nothing found in {report.rows:,} rows")


def print_json(data: Any) -> None:
    """Print plain data as JSON; dates and the like as texts, bytes by their number."""
    print(json.dumps(data, indent=2, ensure_ascii=False, default=_plain))


@contextmanager
def progress() -> Generator[engine.Progress | None]:
    """Show how far the work is, on a terminal, for as long as the block runs."""
    printer = Console(stderr=True)
    if not printer.is_terminal:
        yield None
        return
    bars: dict[str, Any] = {}
    columns = (
        TextColumn("{task.description}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    with Progress(*columns, console=printer, transient=True) as shown:

        def tell(label: str, done: int, total: int) -> None:
            if not total:
                return  # nothing to wait for
            if label not in bars:
                bars[label] = shown.add_task(label, total=total)
            shown.update(bars[label], completed=done, total=total)

        yield tell


def _print(title: str, shown: Table) -> None:
    printer = console()
    printer.print(Text(title, style="bold"), soft_wrap=True)
    printer.print(shown)
    printer.print()


def _as_is(value: Any) -> Any:
    # A year is no quantity: 2013, and not 2,013.
    return str(value) if type(value) is int else value


def _plain(value: Any) -> Any:
    match value:
        case bytes():
            return f"<{len(value)} bytes>"
        case Mapping():
            return dict(value)
        case _:
            return str(value)
