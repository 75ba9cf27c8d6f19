"""What the verbs return: a frame, and all that was done to get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from seedbed.connectors import (
    Cache,
    Connector,
    Decoded,
    Landing,
    SourceRecord,
)
from seedbed.core import html
from seedbed.core.frame import PARENT, SPLIT
from seedbed.engine import Gathered
from seedbed.errors import BadSpec
from seedbed.ledger import Ledger
from seedbed.recipe import Gather, Recipe
from seedbed.validation import Report

__all__ = ["Augmented", "Checked", "Cleaned", "Hand", "Read", "Result", "Splits"]


@dataclass(frozen=True, kw_only=True)
class Hand(Connector):
    """A frame that was at hand: it has no place that a recipe could name."""

    def land(self, cache: Cache) -> Landing:  # noqa: ARG002
        """Refuse: there is nothing to land."""
        raise _no_place()

    def decode(self, landing: Landing, cache: Cache) -> Decoded:  # noqa: ARG002
        """Refuse: there is nothing to decode."""
        raise _no_place()


@dataclass(frozen=True, kw_only=True)
class Result:
    """What a verb returned: a frame, and all that was done to get it.

    Args:
        frame: The rows, in the order in which they were gathered.
        recipe: The steps so far.
        ledger: What every step did.
        report: What the checks found.
        sources: What was gathered.
    """

    frame: pl.DataFrame
    recipe: Recipe
    ledger: Ledger = field(default_factory=Ledger)
    report: Report = field(default_factory=Report)
    sources: Mapping[str, Gathered] = field(
        default_factory=dict[str, Gathered], repr=False
    )

    def to_recipe(self, name: str, *sources: Connector) -> Recipe:
        """Return the steps as a recipe of its own.

        Args:
            name: What the dataset will be called.
            sources: Where the rows come from; needed if the frame was at hand.

        Raises:
            BadSpec: The frame was at hand and no source is named.
        """
        steps = self.recipe.steps
        if sources:
            first = Recipe(name).gather(*sources).steps
            steps = (*first, *(s for s in steps if not isinstance(s, Gather)))
        elif any(isinstance(source, Hand) for source in self.recipe.sources.values()):
            raise _no_place()
        return Recipe(name, seed=self.recipe.seed, steps=steps)

    def to_yaml(self, name: str, *sources: Connector) -> str:
        """Return the steps as YAML; see `to_recipe`."""
        return self.to_recipe(name, *sources).to_yaml()

    def dropped(self) -> pl.DataFrame:
        """Return the rows that were dropped, with the step and the reason, as texts."""
        return self.ledger.dropped()

    def _repr_html_(self) -> str:
        return html.block(
            type(self).__name__,
            html.facts([("rows", self.frame.height), ("columns", self.frame.width)]),
            self.ledger.to_html() if self.ledger.counts().height else "",
            self.report.to_html() if self.report.checks else "",
            html.table(self.frame),
        )


@dataclass(frozen=True, kw_only=True)
class Read(Result):
    """What `read` returned.

    Args:
        quarantine: What could not be read whole: file, line, reason, text.
        decided: What was decided while reading, such as the types.
        record: Where the bytes came from.
    """

    quarantine: pl.DataFrame
    decided: Mapping[str, Any]
    record: SourceRecord


@dataclass(frozen=True, kw_only=True)
class Checked(Result):
    """What `check` returned.

    Args:
        quarantine: The rows that checks moved out, with the reason.
    """

    quarantine: pl.DataFrame

    @property
    def ok(self) -> bool:
        """Whether no error was found."""
        return self.report.ok


@dataclass(frozen=True, kw_only=True)
class Cleaned(Result):
    """What `clean` returned; after a split, ``cleaned["train"]`` is one side of it."""

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the rows of one split."""
        return _side(self, name)


@dataclass(frozen=True, kw_only=True)
class Splits(Result):
    """What `split` returned; ``splits["train"]`` is one side of it."""

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the rows of one split."""
        return _side(self, name)


@dataclass(frozen=True, kw_only=True)
class Augmented(Result):
    """What `augment` returned: children come last and carry `_parent`."""

    def __getitem__(self, name: str) -> pl.DataFrame:
        """Return the rows of one split."""
        return _side(self, name)

    @property
    def children(self) -> pl.DataFrame:
        """The new rows only."""
        return self.frame.filter(pl.col(PARENT).is_not_null())


def _side(result: Result, name: str) -> pl.DataFrame:
    if SPLIT not in result.frame.columns:
        raise BadSpec(
            "these rows are not split",
            where=type(result).__name__.lower(),
            fix="sb.split(result, train=0.8, test=0.2) splits them",
        )
    names = result.frame.schema[SPLIT].categories.to_list()  # type: ignore[attr-defined]
    if name not in names:
        raise BadSpec(
            f"there is no split {name!r}", fix=f"the splits are: {', '.join(names)}"
        )
    return result.frame.filter(pl.col(SPLIT) == name).drop(SPLIT)


def _no_place() -> BadSpec:
    return BadSpec(
        "the frame was at hand, so a recipe cannot say where it comes from",
        where="to_recipe",
        fix='name it: result.to_yaml("people", sb.connectors.Files(path="people.csv"))',
    )
