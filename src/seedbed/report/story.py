"""The story of one row, in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    from seedbed.ledger import Level, StepEntry

__all__ = ["Facts", "tell"]

_WIDE = 60


@dataclass(frozen=True, kw_only=True)
class Facts:
    """All that is known of one gathered row.

    Args:
        row: Its gathered position.
        version: The version that is asked.
        source: The source that it came from.
        origin: The file in that source.
        origin_row: Its position in that file, from 0.
        steps: The steps that it met, from the first that is in the recipe.
        changes: Its changed cells: `step`, `column`, `before`, `after`.
        dropped: The step that dropped it, with the reason.
        split: The split that it is in.
        id: Its id.
        children: The rows that were made from it, in words.
        child: Which of them was asked for, in words.
        final: Its values now.
        level: How much the ledger kept.
    """

    row: int
    version: str
    source: str
    origin: str
    origin_row: int
    steps: Sequence[StepEntry]
    changes: pl.DataFrame
    dropped: Mapping[int, str]
    split: str | None
    id: str | None
    children: Sequence[str]
    child: str
    final: Mapping[str, Any]
    level: Level


def tell(facts: Facts) -> str:
    """Return the story, one line for each thing that happened."""
    place = (
        f"row {facts.origin_row} of {facts.origin}"
        if facts.origin
        else "a frame at hand"
    )
    lines = [f"row {facts.row} of {facts.version}"]
    if facts.child:
        lines.append(f"  asked for     its child {facts.child}")
    lines.append(f"  gathered      from source {facts.source!r}: {place}")
    gone = False
    for step in facts.steps:
        lines += _changes(step, facts.changes.filter(pl.col("step") == step.number))
        if step.number in facts.dropped:
            why = facts.dropped[step.number]
            lines.append(f"  dropped       by {_name(step)}: {why}")
            gone = True
            break
    if facts.split is not None:
        lines.append(f"  came out      in split {facts.split!r}, with id {facts.id}")
        values = ", ".join(f"{k}={_short(v)}" for k, v in facts.final.items())
        lines.append(f"  is now        {values}")
    elif not gone:
        kept = (
            ""
            if facts.level == "full"
            else f" (the ledger was kept as {facts.level!r})"
        )
        lines.append(f"  came out      nowhere: it was dropped{kept}")
    lines += [f"  had a child   {child}" for child in facts.children]
    return "\n".join(lines)


def _changes(step: StepEntry, cells: pl.DataFrame) -> list[str]:
    lines: list[str] = []
    for entry in cells.iter_rows(named=True):
        column = entry["column"]
        if step.now(column) not in step.after:
            lines.append(
                f"  left          column {column!r}: {entry['before']!r}, by {_name(step)}"
            )
            continue
        before, after = _short(entry["before"]), _short(entry["after"])
        lines.append(f"  changed       {column}: {before} -> {after}, by {_name(step)}")
    lines += [
        f"  renamed       {old} to {new}, by {_name(step)}"
        for old, new in step.renames.items()
    ]
    if step.new:
        what = "column" if len(step.new) == 1 else "columns"
        lines.append(f"  got           {what} {', '.join(step.new)}, by {_name(step)}")
    return lines


def _name(step: StepEntry) -> str:
    place = step.where.rpartition(", ")[2]
    return f"{step.kind} at {place}"


def _short(value: Any) -> str:
    text = f"<{len(value)} bytes>" if isinstance(value, bytes) else repr(value)
    return text if len(text) <= _WIDE else f"{text[: _WIDE - 3]}..."
