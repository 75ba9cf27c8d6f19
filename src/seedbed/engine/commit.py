"""Turn what a run brought into a version: keep its files, list them, commit."""

from __future__ import annotations

import dataclasses
import platform
from collections.abc import Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import polars as pl

from seedbed.core.identity import content_id, digest_of
from seedbed.core.schema import schema_to_plain
from seedbed.engine.outcome import Outcome
from seedbed.errors import BadSpec
from seedbed.ledger import StepEntry, write_table
from seedbed.store import Store, Version

__all__ = ["commit", "plain_entry"]

_LEVELS = ("off", "counts", "full")
_SOFTWARE = (
    "seedbed",
    "polars",
    "polars-hash",
    "albumentations",
    "opencv-python-headless",
)


def commit(
    outcome: Outcome, store: Store, folder: Path, *, message: str = ""
) -> Version:
    """Make a version of what a run brought.

    Args:
        outcome: What it brought.
        store: Where the version goes.
        folder: The folder of the run, in the staging of that store.
        message: Why the version is made.

    Returns:
        The version; the newest one, if it is the same.
    """
    manifest = _manifest(outcome, store, folder)
    landings = {name: s.landing for name, s in outcome.sources.items() if s.landing}
    return store.commit(
        outcome.plan.recipe.name,
        manifest,
        version=manifest["version"],
        message=message,
        retrieved={
            name: landing.record.retrieved_at for name, landing in landings.items()
        },
        again=_keeps_more(outcome, store),
    )


def _keeps_more(outcome: Outcome, store: Store) -> bool:
    """Tell whether the ledger says more than that of the newest version."""
    name = outcome.plan.recipe.name
    if name not in store.names():
        return False
    newest = store.manifest(store.versions(name)[-1])["ledger"]["level"]
    return _LEVELS.index(outcome.level) > _LEVELS.index(newest)


def _manifest(outcome: Outcome, store: Store, folder: Path) -> dict[str, Any]:
    recipe = outcome.plan.recipe
    sources = [_source(outcome, name, store, folder) for name in outcome.sources]
    learned = [
        {"step": step, "name": name, "content": content_id(table), "file": ""}
        for step, name, table in outcome.learned
    ]
    # The name of a version: what went in, what was done, what was learned, what came out.
    identity = digest_of(
        {
            "recipe": recipe.describe(),
            "landings": {s["name"]: [s["digest"], s["identity"]] for s in sources},
            "learned": [
                (entry["step"], entry["name"], entry["content"]) for entry in learned
            ],
            "content": [(s.split, s.content, s.ids_content) for s in outcome.shards],
        }
    )
    for number, (entry, (_, _, table)) in enumerate(
        zip(learned, outcome.learned, strict=True)
    ):
        path = folder / f"learned-{number:04}.parquet"
        write_table(table, path)
        entry["file"] = store.keep(path)
    return {
        "format": 1,
        "name": recipe.name,
        "version": identity,
        "recipe": _yaml(outcome),
        "describe": recipe.describe(),
        "roles": dict(outcome.plan.roles.items()),
        "schema": schema_to_plain(outcome.plan.schema),
        "splits": list(outcome.splits),
        "shards": [_shard(shard, store, folder) for shard in outcome.shards],
        "sources": sources,
        "slices": _slices(outcome),
        "steps": [plain_entry(entry) for entry in outcome.entries],
        "learned": learned,
        "ledger": {
            "level": outcome.level,
            "cells": [_table(*file, store, folder) for file in outcome.cells],
            "dropped": [_table(*file, store, folder) for file in outcome.dropped],
            "inverses": [
                [*where, way] for where, way in sorted(outcome.inverses.items())
            ],
        },
        "report": {
            "checks": outcome.report.checks,
            "rows": outcome.report.rows,
            "findings": outcome.report.to_frame().to_dicts(),
        },
        "software": {"python": platform.python_version(), **_software()},
    }


def _yaml(outcome: Outcome) -> str | None:
    try:
        return outcome.plan.recipe.to_yaml()
    except BadSpec:  # it holds a function of a notebook, which has no place to name
        return None


def _shard(shard: Any, store: Store, folder: Path) -> dict[str, Any]:
    kept = {name: store.keep(folder / getattr(shard, name)) for name in ("data", "ids")}
    return {**dataclasses.asdict(shard), **kept}


def _table(
    name: str, ordinal: int, step: int, rows: int, store: Store, folder: Path
) -> dict[str, Any]:
    return {
        "file": store.keep(folder / name),
        "slice": ordinal,
        "step": step,
        "rows": rows,
    }


def _source(outcome: Outcome, name: str, store: Store, folder: Path) -> dict[str, Any]:
    source = outcome.sources[name]
    decoded, landing = source.decoded, source.landing
    joined = name not in outcome.plan.stack
    entry: dict[str, Any] = {
        "name": name,
        "rows": source.rows,
        "joined": joined,
        "digest": landing.digest if landing else digest_of(list(outcome.gathered)),
        "schema": schema_to_plain(decoded.schema),
        "types": {column: str(kind) for column, kind in decoded.types.items()},
        "split": decoded.split,
        "identity": list(outcome.identity.get(name, ())),
        "decided": dict(decoded.decided),
        "record": {},
        "table": "",
        "quarantine": "",
        "quarantined": 0,
    }
    if landing is not None:
        record = dataclasses.asdict(landing.record)
        # When is told by the commit: the same data gathered again is the same version.
        del record["retrieved_at"]
        entry["record"] = record
    if joined:
        # A joined source is kept whole: rows that nothing matched are not lost.
        path = folder / f"source-{name}.parquet"
        write_table(source.raw().collect(), path)
        entry["table"] = store.keep(path)
    if decoded.quarantine is not None:
        path = folder / f"quarantine-{name}.parquet"
        table = pl.read_parquet(decoded.quarantine)
        write_table(table, path)
        entry["quarantine"] = store.keep(path)
        entry["quarantined"] = table.height
    return entry


def _slices(outcome: Outcome) -> list[dict[str, Any]]:
    pairs = zip(outcome.slices, outcome.gathered, strict=True)
    return [
        {
            "ordinal": piece.ordinal,
            "source": piece.source,
            "origin": piece.fragment.origin,
            "origin_row": piece.fragment.origin_row,
            "source_row": piece.source_row,
            "start": piece.start,
            "rows": piece.fragment.rows,
            "gathered": gathered,
        }
        for piece, gathered in pairs
    ]


def plain_entry(entry: StepEntry) -> dict[str, Any]:
    """Return a step of the ledger as plain data."""
    plain = {f.name: getattr(entry, f.name) for f in dataclasses.fields(entry)}
    for name, value in plain.items():
        if isinstance(value, pl.Schema):
            plain[name] = schema_to_plain(value)
        elif isinstance(value, Mapping):
            plain[name] = dict(value)
    return plain


def _software() -> dict[str, str]:
    found: dict[str, str] = {}
    for package in _SOFTWARE:
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            continue
    return found
