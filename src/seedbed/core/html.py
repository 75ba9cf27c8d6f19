"""How values look in a notebook: a line of facts, then calm tables; no script, no network.

Colours are those of the page, made paler, so that a light and a dark notebook both can be
read. Everything that comes from data is escaped.

>>> value(1234567), value(2007), value(0.25)
('1,234,567', '2007', '0.25')
>>> value(None)
'<span style="opacity:.45">null</span>'
>>> value("<b>")
'&lt;b&gt;'
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from typing import Any

import polars as pl

__all__ = [
    "ARROW",
    "block",
    "change",
    "facts",
    "lines",
    "note",
    "size",
    "table",
    "value",
]

ARROW = "→"

_ROWS = 10
_COLUMNS = 20
_CELL = 60
_NUMBER = 14
_GROUPED = 10_000
_RULE = "border-bottom:1px solid color-mix(in srgb,currentColor 30%,transparent)"
_PAD = "padding:2px 10px 2px 0"
_MARKS = {"\n": "↵", "\r": "␍", "\t": "⇥", " ": "␣"}


def block(title: str, *parts: str) -> str:
    """Return a titled piece of HTML; empty parts are left out."""
    inner = "".join(part for part in parts if part)
    return (
        '<div style="font-family:system-ui,sans-serif;font-size:13px;line-height:1.45;'
        'overflow-x:auto;margin:2px 0 10px">'
        f'<div style="font-weight:600;margin:2px 0">{escape(title)}</div>{inner}</div>'
    )


def facts(pairs: Iterable[tuple[str, object]]) -> str:
    """Return one line of names with values."""
    shown = " &nbsp;·&nbsp; ".join(
        f'<span style="opacity:.65">{escape(name)}</span> {value(told)}'
        for name, told in pairs
    )
    return f'<div style="margin:2px 0 6px">{shown}</div>' if shown else ""


def note(text: str) -> str:
    """Return a paler line of words."""
    return f'<div style="opacity:.65;margin:2px 0">{escape(text)}</div>' if text else ""


def lines(texts: Sequence[str]) -> str:
    """Return lines that keep their spaces, such as those of ``diff -u``."""
    body = escape("\n".join(texts))
    return f'<pre style="margin:4px 0;font-size:12px">{body}</pre>' if texts else ""


def table(
    frame: pl.DataFrame,
    *,
    rows: int = _ROWS,
    types: bool = True,
    total: int | None = None,
) -> str:
    """Return the first rows of a frame as an HTML table; nothing, if it has no columns.

    A column `before` and a column `after` right behind it are shown as one where types
    are not: each cell then is a `change`.

    Args:
        frame: The rows.
        rows: How many of them are shown at most.
        types: With the type of each column below its name.
        total: How many rows there are, if `frame` holds only the first of them.
    """
    if not frame.width:
        return ""
    shown = frame.head(rows).select(frame.columns[:_COLUMNS])
    columns = _columns(shown, types=types)
    body = "".join(f"<tr>{''.join(row)}</tr>" for row in zip(*columns, strict=True))
    left_out = (
        ((frame.height if total is None else total) - shown.height, "row"),
        (frame.width - shown.width, "column"),
    )
    more = [
        f"{_grouped(n)} more {what}{'s' * (n > 1)}" for n, what in left_out if n > 0
    ]
    return (
        '<table style="border-collapse:collapse;color:inherit;margin:4px 0;font-size:12px;'
        f'font-variant-numeric:tabular-nums">{body}</table>'
        + note(f"and {' and '.join(more)}" if more else "")
    )


def value(cell: Any) -> str:
    """Return one value: numbers grouped, bytes as sizes, what is long cut short.

    Spaces around a text, and tabs and line ends in it, are made visible: they are what
    cleaning is about.
    """
    match cell:
        case None:
            return _pale("null")
        case bool():
            return str(cell).lower()
        case int():
            return _grouped(cell)
        case float():
            return escape(_float(cell))
        case bytes():
            return _pale(size(len(cell)))
        case str():
            return _text(cell)
        case _:
            return escape(_short(str(cell)))


def change(before: Any, after: Any) -> str:
    """Return a changed cell as ``before → after``.

    Examples:
        >>> change(" Oslo", "Oslo").replace('<span style="opacity:.45">', "<i>")
        '<i>␣</span>Oslo <i>→</span> Oslo'
    """
    return f"{value(before)} {_pale(ARROW)} {value(after)}"


def size(count: int) -> str:
    """Return a number of bytes as people say it.

    Examples:
        >>> size(1), size(980), size(52_000), size(3_400_000)
        ('1 byte', '980 bytes', '52.0 kB', '3.4 MB')
    """
    if count == 1:
        return "1 byte"
    if count < 1000:  # noqa: PLR2004
        return f"{count} bytes"
    amount, units = count / 1000, ["kB", "MB", "GB", "TB"]
    # From .95 on it would be rounded to 1000.0.
    while amount >= 999.95 and len(units) > 1:  # noqa: PLR2004
        amount, units = amount / 1000, units[1:]
    return f"{amount:,.1f} {units[0]}"


def _columns(frame: pl.DataFrame, *, types: bool) -> list[list[str]]:
    """Return the cells of each column, the head first."""
    names, found = frame.columns, list[list[str]]()
    for number, series in enumerate(frame):
        pair = names[number : number + 2] == ["before", "after"]
        if pair and not types:
            both = frame[["before", "after"]].iter_rows()
            cells = [
                "" if old is new is None else change(old, new) for old, new in both
            ]
            found.append([_head(f"before {ARROW} after"), *map(_cell, cells)])
        elif types or names[max(number - 1, 0) : number + 1] != ["before", "after"]:
            kind = series.dtype
            right = kind.is_numeric() or kind == pl.Binary
            head = _head(series.name, str(kind) if types else "", right=right)
            # An empty text is a finding in data, and nothing to say in a summary.
            cells = series.to_list()
            shown = ("" if cell == "" and not types else value(cell) for cell in cells)
            found.append([head, *(_cell(cell, right=right) for cell in shown)])
    return found


def _head(name: str, kind: str = "", *, right: bool = False) -> str:
    below = (
        f'<br><span style="font-weight:400;opacity:.55">{escape(_short(kind))}</span>'
    )
    style = f"text-align:{_side(right=right)};vertical-align:bottom;font-weight:600"
    inner = escape(_short(name)) + (below if kind else "")
    return f'<th style="{style};{_PAD};{_RULE}">{inner}</th>'


def _cell(inner: str, *, right: bool = False) -> str:
    style = f"text-align:{_side(right=right)};vertical-align:top;white-space:pre"
    return f'<td style="{style};{_PAD}">{inner}</td>'


def _side(*, right: bool) -> str:
    return "right" if right else "left"


def _text(text: str) -> str:
    short = _short(text)
    inner = short.strip(" ")
    if not inner:
        return _spaces(short) or _pale('""')
    left, _, right = short.partition(inner)
    parts = (_pale(_MARKS[c]) if c in "\n\r\t" else escape(c) for c in inner)
    return _spaces(left) + "".join(parts) + _spaces(right)


def _spaces(text: str) -> str:
    return _pale(_MARKS[" "] * len(text)) if text else ""


def _pale(text: str) -> str:
    return f'<span style="opacity:.45">{escape(text)}</span>'


def _short(text: str) -> str:
    return text if len(text) <= _CELL else f"{text[: _CELL - 1]}…"


def _grouped(number: int) -> str:
    # Four digits stay together: most of them are years.
    return f"{number:,}" if abs(number) >= _GROUPED else str(number)


def _float(number: float) -> str:
    if number.is_integer() and abs(number) < _GROUPED:
        return str(number)
    text = f"{number:,}"
    return text if len(text) <= _NUMBER else f"{number:,.6g}"
