"""Run recipes on frames cut into fragments by hand, and on an engine that is unkind."""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, TypeVar

import polars as pl

from seedbed.augmentation import Augmenter, Params
from seedbed.connectors import Decoded, Files, Fragment
from seedbed.dataset import Dataset
from seedbed.engine import Engine, Gathered, LocalEngine, Outcome, execute
from seedbed.engine.commit import commit
from seedbed.engine.translate import in_our_words
from seedbed.ledger import Level
from seedbed.plan import compile as plan_of
from seedbed.recipe import Recipe
from seedbed.store import LocalStore

__all__ = ["Backwards", "UnkindEngine", "cut", "everything", "gone", "recipe", "run_on"]

T = TypeVar("T")
R = TypeVar("R")


@dataclass(frozen=True, kw_only=True)
class Backwards(Augmenter[str]):
    """Turn a text round from a place that is drawn; it is in no registry."""

    kind: ClassVar[str] = "backwards"

    def draw(self, sample: str, rng: Any) -> Params:
        """Draw the place."""
        return {"at": int(rng.integers(len(sample) + 1))}

    def transform(self, sample: str, params: Params) -> str:
        """Return the text, turned round there."""
        at = params["at"]
        return sample[at:] + sample[:at]


class UnkindEngine:
    """Runs tasks in any order, each of them twice, as an engine with lost workers may."""

    def __init__(self, seed: int = 0) -> None:
        self._random = random.Random(seed)

    def run(
        self,
        fn: Callable[[T], R],
        items: Sequence[T],
        *,
        label: str,
        cpus: int = 1,
        memory: int | None = None,
        alone: bool = False,
    ) -> list[R]:
        """Return the results in the order of the items."""
        tasks = [*range(len(items)), *range(len(items))]
        self._random.shuffle(tasks)
        found = {at: fn(items[at]) for at in tasks}
        return [found[at] for at in range(len(items))]

    def exchange(
        self,
        make: Callable[[T], pl.DataFrame],
        items: Sequence[T],
        key: str,
        reduce: Callable[[pl.DataFrame], pl.DataFrame],
        *,
        parts: int,
        label: str,
    ) -> list[pl.DataFrame]:
        """Cut the keys finer than asked for, and let the rows come in any order."""
        parts += 2
        results: list[pl.DataFrame] = []
        for part in self._random.sample(range(parts), parts):
            tables = [make(item) for item in [*items, *items]][: len(items)]
            self._random.shuffle(tables)
            table = pl.concat(tables).filter(pl.col(key) % parts == part)
            results.append(reduce(table.sample(fraction=1, shuffle=True, seed=part)))
        return results

    def close(self) -> None:
        """There is nothing to let go of."""


def cut(
    frame: pl.DataFrame, rows: int, types: Mapping[str, Any] | None = None
) -> Gathered:
    """Return a frame as a gathered source of fragments with `rows` rows at most.

    Args:
        frame: The rows as they lie.
        rows: How many rows a fragment has.
        types: The columns that lie as text and are read as another type.
    """
    fragments = [
        Fragment(
            uri="",
            row_start=start,
            rows=min(rows, frame.height - start),
            origin="a.csv",
            origin_row=start,
        )
        for start in range(0, frame.height, rows)
    ] or [Fragment(uri="", row_start=0, rows=0)]
    schema = pl.Schema({**frame.schema, **(types or {})})
    decoded = Decoded(
        fragments=tuple(fragments), schema=schema, types=dict(types or {})
    )
    return Gathered(landing=None, decoded=decoded, frame=frame)


def run_on(
    recipe: Recipe,
    sources: Gathered | Mapping[str, Gathered],
    store: Path,
    *,
    engine: Engine | None = None,
    level: Level = "full",
    given_split: str | None = None,
) -> tuple[Dataset, Outcome]:
    """Run a recipe on gathered sources and commit."""
    found = (
        dict.fromkeys(recipe.sources, sources)
        if isinstance(sources, Gathered)
        else sources
    )
    schemas = {name: source.decoded.schema for name, source in found.items()}
    plan = plan_of(recipe, schemas, given_split=given_split)
    place = LocalStore(store)
    with place.staging() as folder, in_our_words(recipe.where):
        outcome = execute(
            plan, found, folder=folder, engine=engine or LocalEngine(), level=level
        )
        version = commit(outcome, place, folder)
    return Dataset(version, place), outcome


def recipe(name: str = "people", *, seed: int = 7) -> Recipe:
    """Return the beginning of a recipe; its source is never read."""
    return Recipe(name, seed=seed).gather(Files(path="a.csv"))


def everything(dataset: Dataset) -> dict[str, Any]:
    """Return all that a version says, however its rows are cut."""
    steps = len(dataset.ledger.steps)
    return {
        **{f"split {n}": dataset.split(n, ids=True).collect() for n in dataset.splits},
        "changes": dataset.ledger.changes(),
        "counts": dataset.ledger.counts(),
        "dropped": dataset.ledger.dropped(),
        "report": dataset.report.to_frame(),
        **{
            f"learned {step} {name}": table
            for step in range(steps)
            for name, table in dataset.learned(step).items()
        },
        "original": dataset.original(),
        "text": dataset.original(text=True),
    }


def gone(dataset: Dataset, kind: str) -> list[int]:
    """Return the gathered positions of the rows that steps of one kind dropped."""
    dropped = dataset.ledger.dropped()
    return dropped.filter(pl.col("rule") == kind)["_row"].to_list()
