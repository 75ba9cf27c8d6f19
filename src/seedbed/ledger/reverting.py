"""Walk back through the ledger, to what was gathered."""

from __future__ import annotations

import polars as pl

from seedbed.core.cells import invert, patch
from seedbed.core.frame import ROW
from seedbed.ledger.book import Ledger
from seedbed.ledger.entries import GATHER, StepEntry

__all__ = ["revert"]


def revert(
    ledger: Ledger,
    ordinal: int,
    frame: pl.DataFrame,
    *,
    source: str,
    text: bool = False,
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
            series = patch(
                series, frame[ROW].search_sorted(cells[ROW]), cells["before"]
            )
        columns.append(series)
    return pl.DataFrame(columns)
