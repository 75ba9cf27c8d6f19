"""The steps that a recipe is a list of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, TypeAlias

from seedbed.augmentation import Augmenter, augmenter
from seedbed.cleaning import Rule, rule
from seedbed.connectors import Connector
from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.splits import Split
from seedbed.unify import Join
from seedbed.validation import Check, check

__all__ = [
    "LISTS",
    "STEPS",
    "Augment",
    "Clean",
    "Gather",
    "Roles",
    "Step",
    "Unify",
    "Validate",
    "name_sources",
    "parts_of",
]


@dataclass(frozen=True)
class Gather:
    """Bring sources here.

    Args:
        sources: Name and connector of each.
    """

    sources: tuple[tuple[str, Connector], ...]


@dataclass(frozen=True, kw_only=True)
class Unify:
    """Make one frame of many sources.

    Args:
        stack: The sources laid under each other, by column name; all that no join
            names on its right side, if empty.
        join: The sources joined to it by key, one after the other.
    """

    stack: tuple[str, ...] = ()
    join: tuple[Join, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Roles:
    """What some columns are for.

    Args:
        target: The label that a model is to learn.
        id: The column that names a row for good.
        group: Rows of one group never sit in different splits.
        text: The column that holds text.
        image: The column that holds images.
        time: The column that says when.
        weight: The column that says how much a row counts.
    """

    target: str | None = None
    id: str | None = None
    group: str | None = None
    text: str | None = None
    image: str | None = None
    time: str | None = None
    weight: str | None = None

    def items(self) -> Iterator[tuple[str, str]]:
        """Yield the roles that are given, with their columns."""
        for entry in fields(self):
            column = getattr(self, entry.name)
            if column is not None:
                yield entry.name, column


@dataclass(frozen=True)
class Validate:
    """Look at the rows; see `seedbed.validation`."""

    checks: tuple[Check, ...]


@dataclass(frozen=True)
class Clean:
    """Mend the rows; see `seedbed.cleaning`."""

    rules: tuple[Rule, ...]


@dataclass(frozen=True)
class Augment:
    """Make more training rows; see `seedbed.augmentation`."""

    augmenters: tuple[Augmenter[Any], ...]


Step: TypeAlias = Gather | Unify | Roles | Validate | Clean | Split | Augment


LISTS: Mapping[str, tuple[type[Any], Registry[Any]]] = {
    "validate": (Validate, check),
    "clean": (Clean, rule),
    "augment": (Augment, augmenter),
}


STEPS = ("gather", "unify", "roles", "validate", "clean", "split", "augment")


def name_sources(
    sources: Sequence[tuple[str, Connector]],
) -> tuple[tuple[str, Connector], ...]:
    """Give a source without a name the name of its kind, numbered from the second."""
    named: dict[str, Connector] = {}
    taken = {name for name, _ in sources}
    for name, source in sources:
        chosen, number = name or source.kind, 2
        while not name and (chosen in named or chosen in taken):
            chosen, number = f"{source.kind}{number}", number + 1
        named[chosen] = source
    return tuple(named.items())


def parts_of(step: Step) -> tuple[str, Sequence[Part]]:
    """Return what a step is called and the parts that it holds."""
    match step:
        case Gather(sources):
            return "gather", [source for _, source in sources]
        case Validate(checks):
            return "validate", checks
        case Clean(rules):
            return "clean", rules
        case Augment(augmenters):
            return "augment", augmenters
        case Unify() | Roles() | Split():
            return type(step).__name__.lower(), []
