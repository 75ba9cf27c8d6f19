"""All that a version knows of one row."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core.frame import ID, PARENT, ROW
from seedbed.core.identity import to_hex
from seedbed.engine.finish import MADE_BY, PARAMS
from seedbed.errors import StoreError
from seedbed.ledger import (
    GATHER,
    REASON,
    SURVIVOR,
    StepEntry,
)
from seedbed.report.story import Facts

if TYPE_CHECKING:
    from seedbed.dataset.held import Dataset

__all__ = ["facts_of"]

_ID_DIGITS = 12


def facts_of(dataset: Dataset, row: int | str) -> Facts:
    """Return all that is known of one row: its position, or how its id begins."""
    position, at, child = _find(dataset, row)
    pieces = dataset.manifest["slices"]
    piece = next(
        (p for p in pieces if p["start"] <= position < p["start"] + p["rows"]), None
    )
    if piece is None:
        last = sum(p["rows"] for p in pieces) - 1
        raise StoreError(
            f"there is no row {row!r}",
            where=dataset.version.ref,
            fix=f"`seedbed why {dataset.version.name} 0` tells of the first of 0 to {last}",
        )
    offset = position - piece["start"]
    # Not gathering itself: a text that was read as a number says the same.
    met = (s for s in dataset.ledger.steps if s.source in ("", piece["source"]))
    steps = [s for s in met if s.kind != GATHER]
    dropped = pl.concat(
        [
            _reasons(
                dataset.ledger.dropped(step=s.number, ordinal=piece["ordinal"]),
                position,
            )
            for s in steps
            if s.dropped
        ]
        or [pl.DataFrame(schema={"step": pl.UInt16, REASON: pl.String})]
    )
    return Facts(
        row=position,
        version=dataset.version.ref,
        source=piece["source"],
        origin=piece["origin"],
        origin_row=piece["origin_row"] + offset,
        steps=steps,
        changes=dataset.ledger.changes(row=position, ordinal=piece["ordinal"]),
        dropped=dict(dropped.iter_rows()),
        split=at.get("split"),
        id=at.get("id"),
        children=_children_of(dataset, at.get("number")),
        child=child,
        final=at.get("values", {}),
        level=dataset.ledger.level,
    )


def _find(dataset: Dataset, row: int | str) -> tuple[int, dict[str, Any], str]:
    """Return the gathered position of a row, where it is now, and what child it is."""
    child = ""
    number: int | None = None
    if isinstance(row, str) and not (row.isdigit() and len(row) < _ID_DIGITS):
        found = _by_id(dataset, row)
        child = found.pop("child", "")
        if child:
            found = _by_id(dataset, found["parent"])
        number = found["row"]
    position = int(row) if number is None else number
    if not 0 <= position < 2**32:
        return position, {}, child
    for shard in dataset.manifest["shards"]:
        if shard["children"]:
            continue
        ids = pl.read_parquet(dataset.store.path(shard["ids"]), columns=[ROW, ID])
        at = (ids[ROW] == position).arg_true()
        if len(at):
            number = int(ids[ID][int(at[0])])
            data = pl.scan_parquet(dataset.store.path(shard["data"])).slice(
                int(at[0]), 1
            )
            values = data.collect().row(0, named=True)
            return (
                position,
                {
                    "split": shard["split"],
                    "id": to_hex(number),
                    "number": number,
                    "values": values,
                },
                child,
            )
    return position, {}, child


def _by_id(dataset: Dataset, prefix: str) -> dict[str, Any]:
    found: list[dict[str, Any]] = []
    for shard in dataset.manifest["shards"]:
        ids = pl.read_parquet(dataset.store.path(shard["ids"]))
        for entry in ids.iter_rows(named=True):
            if to_hex(entry[ID]).startswith(prefix):
                child = (
                    _child_words(entry, dataset.ledger.steps)
                    if shard["children"]
                    else ""
                )
                parent = to_hex(entry[PARENT]) if shard["children"] else ""
                found.append({"row": entry[ROW], "child": child, "parent": parent})
    if len(found) != 1:
        what = "no row" if not found else f"{len(found)} rows"
        raise StoreError(
            f"{what} of this version has an id that begins with {prefix!r}",
            where=dataset.version.ref,
            fix=f"`seedbed why {dataset.version.name} 0` takes a row number, too",
        )
    return found[0]


def _children_of(dataset: Dataset, number: int | None) -> list[str]:
    told: list[str] = []
    for shard in dataset.manifest["shards"]:
        if shard["children"] and number is not None:
            ids = pl.read_parquet(dataset.store.path(shard["ids"]))
            mine = ids.filter(pl.col(PARENT) == pl.lit(number, pl.UInt128))
            told += [
                _child_words(e, dataset.ledger.steps)
                for e in mine.iter_rows(named=True)
            ]
    return told


def _child_words(entry: Mapping[str, Any], steps: Sequence[StepEntry]) -> str:
    step = steps[entry[MADE_BY]]
    drawn = ", ".join(
        f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}"
        for k, v in json.loads(entry[PARAMS]).items()
    )
    return f"{to_hex(entry[ID])[:12]} by {step.kind} ({drawn})"


def _reasons(dropped: pl.DataFrame, row: int) -> pl.DataFrame:
    """Return of one row the step that dropped it, with the reason."""
    mine = dropped.filter(pl.col(ROW) == row)
    if SURVIVOR in mine.columns:
        same = pl.format("the same as row {}, which was kept", SURVIVOR)
        mine = mine.with_columns(same.alias(REASON))
    return mine.select("step", REASON)
