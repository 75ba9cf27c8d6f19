"""How values look in a notebook: a line of facts, then tables; no script, no network."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import polars as pl

__all__ = ["block", "facts", "table"]

_ROWS = 10
_CELL = 60


def block(title: str, *parts: str) -> str:
    """Return a titled piece of HTML."""
    inner = "".join(part for part in parts if part)
    return (
        '<div style="font-family:system-ui,sans-serif;font-size:13px">'
        f'<div style="font-weight:600;margin:4px 0">{escape(title)}</div>{inner}</div>'
    )


def facts(pairs: Sequence[tuple[str, object]]) -> str:
    """Return one line of names with values."""
    shown = " &nbsp;·&nbsp; ".join(
        f'{escape(name)} <b>{escape(_number(value))}</b>' for name, value in pairs
    )
    return f'<div style="color:#555;margin:2px 0 6px">{shown}</div>'


def table(frame: pl.DataFrame, *, rows: int = _ROWS) -> str:
    """Return the first rows of a frame as an HTML table."""
    head = "".join(
        f'<th style="text-align:left;padding:2px 8px;border-bottom:1px solid #999">'
        f'{escape(name)}<br><span style="font-weight:400;color:#888">{escape(str(kind))}'
        "</span></th>"
        for name, kind in frame.schema.items()
    )
    body = "".join(
        "<tr>" + "".join(_cell(value) for value in row) + "</tr>"
        for row in frame.head(rows).iter_rows()
    )
    more = frame.height - rows
    foot = f'<div style="color:#888">and {more:,} more rows</div>' if more > 0 else ""
    return (
        '<table style="border-collapse:collapse;margin:2px 0">'
        f"<tr>{head}</tr>{body}</table>{foot}"
    )


def _cell(value: object) -> str:
    if value is None:
        return '<td style="padding:2px 8px;color:#bbb">null</td>'
    text = f"<{len(value)} bytes>" if isinstance(value, bytes) else str(value)
    short = text if len(text) <= _CELL else f"{text[: _CELL - 3]}..."
    return f'<td style="padding:2px 8px">{escape(short)}</td>'


def _number(value: object) -> str:
    return f"{value:,}" if isinstance(value, int) else str(value)
