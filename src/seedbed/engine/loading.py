"""Load one slice as it was gathered, and name its rows."""

from __future__ import annotations

import polars as pl

from seedbed.core.frame import ID, KEY, ROW
from seedbed.core.identity import content_id, content_keys, hash_of
from seedbed.engine.gathering import Gathered, Slice
from seedbed.engine.job import Job
from seedbed.engine.translate import in_our_words
from seedbed.ledger import Recorder

__all__ = ["gathered_slice"]


def gathered_slice(
    job: Job, piece: Slice, recorder: Recorder
) -> tuple[pl.DataFrame, str]:
    """Return the rows of a slice with their hidden columns, in the form of the stack.

    Returns:
        The rows, and the content id of what was gathered, where it will be asked for.
    """
    source = job.sources[piece.source]
    decoded = source.decoded
    with in_our_words(f"{job.plan.recipe.where}, source {piece.source!r}"):
        raw = _raw(source, piece)
        typed = decoded.typed(raw.lazy()).select(list(decoded.schema)).collect()
        hidden = _names(job, piece, raw)
    frame = typed.with_columns(hidden)
    entries = job.gathers[piece.source]
    if decoded.types:
        recorder.compare(entries[0], raw.with_columns(frame[ROW]), frame, decoded.types)
    if len(entries) > 1:
        aligned = job.plan.stack[piece.source]
        frame = frame.select(*aligned, *(series.name for series in hidden))
    asked = job.level == "full" or source.landing is None
    return frame, content_id(typed) if asked else ""


def _raw(source: Gathered, piece: Slice) -> pl.DataFrame:
    part = piece.fragment
    if source.frame is not None:
        return source.frame.slice(part.row_start, part.rows)
    scan = pl.scan_parquet(part.uri, glob=False).slice(part.row_start, part.rows)
    return scan.collect(engine="in-memory")


def _names(job: Job, piece: Slice, raw: pl.DataFrame) -> list[pl.Series]:
    """Return the position and the content key of each row, and its id if it has one."""
    end = piece.start + raw.height
    rows = pl.int_range(piece.start, end, dtype=pl.UInt32, eager=True)
    keys = content_keys(raw, job.identity[piece.source])
    hidden = [rows.alias(ROW), keys.alias(KEY)]
    named = job.plan.recipe.all_roles.id
    if named is not None and named in job.plan.start:
        # A row without an id of its own is known by its content.
        own = hash_of(raw[named]).fill_null(keys) if named in raw.columns else keys
        hidden.append(own.alias(ID))
    return hidden
