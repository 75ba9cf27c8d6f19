"""Make a version from a recipe, or take one from a store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seedbed.connectors import Cache
from seedbed.core import html
from seedbed.dataset.held import Dataset
from seedbed.engine import Engine, Gathered, LocalEngine, execute, gather
from seedbed.engine.commit import commit
from seedbed.engine.translate import in_our_words
from seedbed.errors import StoreError
from seedbed.ledger import (
    Ledger,
    Level,
)
from seedbed.plan import Plan, compile, refuse
from seedbed.recipe import Recipe
from seedbed.store import LocalStore, Store, Version
from seedbed.validation import Report

__all__ = ["Run", "open_dataset", "plan", "run"]


@dataclass(frozen=True)
class Run:
    """What running a recipe brought.

    Args:
        dataset: The version.
        report: What the checks found.
        ledger: What every step did.
        is_new: False if the newest version was this one already.
        notes: What a user should know of it.
    """

    dataset: Dataset
    report: Report
    ledger: Ledger
    is_new: bool
    notes: tuple[str, ...] = ()

    def _repr_html_(self) -> str:
        new = "a new version" if self.is_new else "the same as the newest version"
        return html.block(
            f"Run: {new}",
            self.dataset.to_html(),
            self.ledger.to_html(),
            self.report.to_html() if self.report.checks else "",
            *(html.note(f"note: {note}") for note in self.notes),
        )


def run(
    recipe: Recipe,
    *,
    store: Store | str | Path,
    engine: Engine | None = None,
    cache: Cache | None = None,
    ledger: Level = "full",
    message: str = "",
) -> Run:
    """Gather, clean, check, split and augment as the recipe says, and commit a version.

    Args:
        recipe: What to do.
        store: Where the version goes: a store, or the folder of a local one.
        engine: What runs the work; by default this process.
        cache: Where landed and decoded data lies between runs.
        ledger: How much to keep of what is changed and dropped.
        message: Why the version is made.

    Raises:
        RecipeError: The recipe is wrong; no row was read.
        DataError: The data is not what the recipe needs.
        ContractFailed: Checks failed; the report is in its ``.report``.
        ConnectorError: A source cannot be had.
        StoreError: The store cannot be used.
    """
    place = LocalStore(store) if isinstance(store, str | Path) else store
    worker = engine or LocalEngine()
    sources, planned = _prepare(recipe, cache or Cache(), worker)
    newest = _newest(place, recipe.name)
    frozen = _frozen_identity(place, newest)
    with place.staging() as folder, in_our_words(recipe.where):
        outcome = execute(
            planned,
            sources,
            folder=folder,
            engine=worker,
            level=ledger,
            identity=frozen,
        )
        for name, source in sources.items():
            source.refuse_changed(f"{recipe.where}, source {name!r}")
        outcome.report.raise_if_failed()
        version = commit(outcome, place, folder, message=message)
    dataset = Dataset(version, place)
    is_new = newest is None or newest.number != version.number
    notes = _lost_identity(frozen, sources)
    return Run(dataset, outcome.report, dataset.ledger, is_new, notes)


def plan(recipe: Recipe, *, cache: Cache | None = None) -> Plan:
    """Gather the sources of a recipe and say what would happen; no step is run.

    Raises:
        RecipeError: The recipe is wrong.
        DataError: A column is missing or of the wrong type.
        ConnectorError: A source cannot be had.
    """
    return _prepare(recipe, cache or Cache(), LocalEngine())[1]


def open_dataset(ref: str, *, store: Store | str | Path) -> Dataset:
    """Return a version: ``flights`` the newest, ``flights@2``, or ``flights@3f2a9c``.

    Raises:
        StoreError: There is no such version.
    """
    place = _existing(store) if isinstance(store, str | Path) else store
    return Dataset(place.version(ref), place)


def _prepare(
    recipe: Recipe, cache: Cache, worker: Any
) -> tuple[Mapping[str, Gathered], Plan]:
    refuse(recipe)
    sources = gather(recipe, cache, getattr(worker, "progress", None))
    schemas = {name: source.decoded.schema for name, source in sources.items()}
    given = next((s.decoded.split for s in sources.values() if s.decoded.split), None)
    return sources, compile(recipe, schemas, given_split=given)


def _newest(store: Store, name: str) -> Version | None:
    return store.versions(name)[-1] if name in store.names() else None


def _frozen_identity(store: Store, newest: Version | None) -> dict[str, list[str]]:
    """Return the columns that identities were taken over in the newest version.

    A column that is added later must not change who a row is.
    """
    if newest is None:
        return {}
    sources = store.manifest(newest)["sources"]
    return {entry["name"]: entry["identity"] for entry in sources if entry["identity"]}


def _lost_identity(
    frozen: Mapping[str, Sequence[str]], sources: Mapping[str, Gathered]
) -> tuple[str, ...]:
    """Say so if a column is gone by which rows were known until now."""
    notes: list[str] = []
    for name, columns in frozen.items():
        known = sources[name].decoded.schema if name in sources else columns
        gone = [column for column in columns if column not in known]
        if gone:
            notes.append(
                f"rows of {name!r} were known by {', '.join(gone)}, too, which is gone: "
                "each row counts as one gone and one new"
            )
    return tuple(notes)


def _existing(folder: str | Path) -> LocalStore:
    if not (Path(folder).expanduser() / "seedbed-store.json").exists():
        raise StoreError(
            "there is no store here",
            where=f"folder {str(folder)!r}",
            fix="`seedbed run RECIPE --store FOLDER` makes one",
        )
    return LocalStore(folder)
