"""Plain data as steps; strictly, and with the place of every mistake."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from seedbed.connectors import Connector, connector
from seedbed.core.registry import Registry
from seedbed.core.spec import from_spec
from seedbed.errors import BadSpec, did_you_mean
from seedbed.recipe.steps import LISTS, STEPS, Gather, Roles, Step, Unify, name_sources
from seedbed.splits import Split
from seedbed.unify import Join

__all__ = ["mapping", "step_from_spec"]


def step_from_spec(spec: Any, where: str) -> Step:
    """Return the step that plain data describes."""
    if isinstance(spec, str):
        spec = {spec: {}}
    name, body = _only_entry(spec, where, "a step", STEPS)
    if name == "gather":
        return _gather_from_spec(body, where)
    if name in LISTS:
        step, registry = LISTS[name]
        return step(
            tuple(
                _part_from_spec(registry, entry, f"{where}.{name}[{position}]")
                for position, entry in enumerate(_listed(body, f"{where}.{name}"))
            )
        )
    place = f"{where}.{name}"
    if name == "roles":
        roles = mapping(body, {f.name for f in fields(Roles)}, place, "roles")
        for role, column in roles.items():
            if not isinstance(column, str):
                raise BadSpec(
                    f"the role {role!r} must name a column, not {column!r}",
                    where=place,
                    fix=f"write '{role}: NAME'",
                )
        return Roles(**roles)
    if name == "split":
        return Split.from_spec(body, where=place)
    if name == "unify":
        return _unify_from_spec(body, place)
    known = did_you_mean(name, STEPS, otherwise=f"the steps are: {', '.join(STEPS)}")
    raise BadSpec(f"there is no step {name!r}", where=where, fix=known)


def _gather_from_spec(body: Any, where: str) -> Gather:
    found: list[tuple[str, Connector]] = []
    for position, entry in enumerate(_listed(body, f"{where}.gather")):
        place = f"{where}.gather[{position}]"
        if isinstance(entry, str):
            found.append(("", _part_from_spec(connector, entry, place)))
            continue
        name, inner = _only_entry(entry, place, "a source", ())
        if _is_named(name, inner):
            found.append((name, _part_from_spec(connector, inner, f"{place}.{name}")))
        elif name in set(connector):
            found.append(("", _part_from_spec(connector, entry, place)))
        else:
            connector.get(name, where=place)
    names = [name for name, _ in found if name]
    for name in names:
        if names.count(name) > 1:
            raise BadSpec(
                f"two sources are called {name!r}",
                where=where,
                fix="rename one of them",
            )
    return Gather(name_sources(found))


def _is_named(name: str, inner: Any) -> bool:
    """Tell a source with a name of its own from one that has that of its kind."""
    known = set(connector)
    if isinstance(inner, str):
        return name not in known and inner in known
    if not isinstance(inner, dict) or len(inner) != 1:
        return False
    if name in known:
        return bool(set(inner) & known)
    # What belongs to a connector is a mapping; a single setting seldom is one.
    return bool(set(inner) & known) or isinstance(next(iter(inner.values())), dict)


def _unify_from_spec(body: Any, where: str) -> Unify:
    spec = mapping(body, {"stack", "join"}, where, "unify")
    stack = _listed(spec.get("stack") or [], f"{where}.stack")
    joins: list[Join] = []
    for position, entry in enumerate(_listed(spec.get("join") or [], f"{where}.join")):
        place = f"{where}.join[{position}]"
        given = mapping(entry, {f.name for f in fields(Join)}, place, "a join")
        for needed in ("left", "right", "by"):
            if needed not in given:
                raise BadSpec(
                    f"the field {needed!r} is missing",
                    where=place,
                    fix="write {left: flights, right: planes, by: tailnum}",
                )
        if isinstance(given["by"], list):
            given["by"] = tuple(given["by"])
        _refuse_no_names(given, place)
        choices = {"how": ("left", "inner"), "expect": ("many-to-one", "one-to-one")}
        for field_name, allowed in choices.items():
            if given.get(field_name, allowed[0]) not in allowed:
                raise BadSpec(
                    f"{field_name!r} cannot be {given[field_name]!r}",
                    where=place,
                    fix=f"choose one of: {', '.join(allowed)}",
                )
        try:
            joins.append(Join(**given))
        except BadSpec as error:
            raise BadSpec(error.what, where=place, fix=error.fix) from None
    return Unify(stack=tuple(str(name) for name in stack), join=tuple(joins))


def _refuse_no_names(given: Mapping[str, Any], where: str) -> None:
    by = given["by"]
    keys = by if isinstance(by, tuple) else (by,)
    for value in (given["left"], given["right"], *keys):
        if not isinstance(value, str):
            raise BadSpec(
                f"a join goes by names, and {value!r} is none",
                where=where,
                fix="write {left: flights, right: planes, by: tailnum}",
            )


def _part_from_spec(registry: Registry[Any], entry: Any, where: str) -> Any:
    if isinstance(entry, str):
        entry = {entry: {}}
    kind, spec = _only_entry(entry, where, f"a {registry.sort}", ())
    cls = registry.get(kind, where=where)
    if spec is None:
        spec = {}
    if not isinstance(spec, dict):
        raise BadSpec(
            f"the settings of {kind!r} must be a mapping, not {spec!r}",
            where=where,
            fix=f"write '{kind}: {{field: value}}'; `seedbed list {kind}` shows the fields",
        )
    return from_spec(cls, spec, where=where)


def _only_entry(
    spec: Any, where: str, what: str, known: Sequence[str]
) -> tuple[str, Any]:
    if isinstance(spec, dict) and len(spec) == 1:
        ((name, body),) = spec.items()
        return str(name), body
    first = next(iter(spec), None) if isinstance(spec, dict) else None
    hint = f"{first or known[0]}:" if known else "name: {field: value}"
    raise BadSpec(
        f"{what} must be one name with what belongs to it, not {_short(spec)}",
        where=where,
        fix=f"write '- {hint}' and indent the rest below it",
    )


def mapping(spec: Any, known: set[str], where: str, what: str) -> dict[str, Any]:
    """Return `spec`, which must be a mapping of known names."""
    if not isinstance(spec, dict):
        raise BadSpec(
            f"{what} must be a mapping, not {_short(spec)}",
            where=where,
            fix=f"write 'field: value' lines with: {', '.join(sorted(known))}",
        )
    for name in spec:
        if name not in known:
            fix = f"the fields are: {', '.join(sorted(known))}"
            raise BadSpec(
                f"{what} has no field {name!r}",
                where=where,
                fix=did_you_mean(str(name), known, otherwise=fix),
            )
    return dict(spec)


def _listed(body: Any, where: str) -> list[Any]:
    if isinstance(body, list):
        return body
    raise BadSpec(
        f"this must be a list, not {_short(body)}",
        where=where,
        fix="begin each with '- '",
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004
