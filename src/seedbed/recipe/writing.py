"""Steps as plain data."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from seedbed.connectors import Connector
from seedbed.core.part import Part
from seedbed.core.spec import describe, to_spec
from seedbed.recipe.steps import (
    Augment,
    Clean,
    Gather,
    Roles,
    Step,
    Unify,
    Validate,
    name_sources,
    parts_of,
)
from seedbed.splits import Split
from seedbed.unify import Join

__all__ = ["describe_step", "step_to_spec"]


def describe_step(step: Step) -> dict[str, Any]:
    """Return all of a step that decides the outcome, code versions included."""
    name, entries = parts_of(step)
    if isinstance(step, Unify | Roles | Split):
        return step_to_spec(step)
    described = [describe(part) for part in entries]
    if isinstance(step, Clean):
        for entry, part in zip(described, step.rules, strict=True):
            entry["extra"] = part.extra_digest()
    if isinstance(step, Gather):
        names = [source for source, _ in step.sources]
        return {name: [list(pair) for pair in zip(names, described, strict=True)]}
    return {name: described}


def step_to_spec(step: Step) -> dict[str, Any]:
    """Return a step as plain data, as YAML shows it."""
    match step:
        case Gather(sources):
            return {"gather": _sources_to_spec(sources)}
        case Unify(stack=stack, join=join):
            spec: dict[str, Any] = {"stack": list(stack)} if stack else {}
            if join:
                spec["join"] = [_join_to_spec(entry) for entry in join]
            return {"unify": spec}
        case Roles():
            return {"roles": dict(step.items())}
        case Split():
            return {"split": step.to_spec()}
        case Validate() | Clean() | Augment():
            name, entries = parts_of(step)
            return {name: [_part_to_spec(part) for part in entries]}


def _sources_to_spec(sources: Sequence[tuple[str, Connector]]) -> list[Any]:
    """Leave out the names that the sources get without saying so."""
    none = [("", source) for _, source in sources]
    some = [("" if name == source.kind else name, source) for name, source in sources]
    fitting = (way for way in (none, some) if name_sources(way) == tuple(sources))
    specs = [(name, _part_to_spec(source)) for name, source in next(fitting, sources)]
    return [{name: spec} if name else spec for name, spec in specs]


def _part_to_spec(part: Part) -> Any:
    spec = to_spec(part)
    return {part.kind: spec} if spec else part.kind


def _join_to_spec(join: Join) -> dict[str, Any]:
    spec: dict[str, Any] = {}
    for entry in fields(join):
        value = getattr(join, entry.name)
        if value != entry.default:
            spec[entry.name] = list(value) if isinstance(value, tuple) else value
    return spec
