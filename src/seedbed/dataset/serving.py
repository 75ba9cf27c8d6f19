"""Take new rows through a version, with what was learned when it was made."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core.frame import fit, to_polars
from seedbed.dataset.restoring import joined_table
from seedbed.engine.serving import serve
from seedbed.errors import StoreError
from seedbed.recipe import Recipe

if TYPE_CHECKING:
    from seedbed.dataset.held import Dataset

__all__ = ["learned_tables", "prepared"]


def prepared(dataset: Dataset, table: Any) -> pl.DataFrame:
    """Return rows as the steps of the version leave them; see `Dataset.prepare`."""
    text = dataset.manifest["recipe"]
    if text is None:
        raise StoreError(
            "the recipe holds a function that no module holds, so it cannot be repeated",
            where=dataset.version.ref,
            fix="move the function into a module and run the recipe again",
        )
    gathered = next(s for s in reversed(dataset.ledger.steps) if s.source).after
    target = _gathered_target(dataset)
    frame = to_polars(table, where="prepare")
    made_up = target in gathered and target not in frame.columns
    if made_up:
        frame = frame.with_columns(pl.lit(None, gathered[target]).alias(target))
    out = serve(
        Recipe.from_yaml(text, where=dataset.version.ref),
        fit(frame, gathered, where="prepare"),
        joined=_joined(dataset),
        learned=learned_tables(dataset),
        given_split=next(
            filter(None, (s["split"] for s in dataset.manifest["sources"])), None
        ),
    )
    return out.drop(dataset.roles.get("target", ""), strict=False) if made_up else out


def learned_tables(dataset: Dataset) -> dict[int, dict[str, pl.DataFrame]]:
    """Return all that was learned, by step and name."""
    found: dict[int, dict[str, pl.DataFrame]] = {}
    for entry in dataset.manifest["learned"]:
        table = pl.read_parquet(dataset.store.path(entry["file"]))
        found.setdefault(entry["step"], {})[entry["name"]] = table
    return found


def _gathered_target(dataset: Dataset) -> str:
    """Return what the target was called when it was gathered."""
    name = dataset.roles.get("target", "")
    for step in reversed(dataset.ledger.steps):
        name = next((old for old, new in step.renames.items() if new == name), name)
    return name


def _joined(dataset: Dataset) -> dict[str, pl.DataFrame]:
    return {
        entry["name"]: joined_table(dataset, entry)
        for entry in dataset.manifest["sources"]
        if entry["joined"]
    }
