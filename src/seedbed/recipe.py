"""A recipe: a frozen list of steps, the same value in Python and in YAML.

>>> from seedbed.cleaning import FillMissing, Trim
>>> from seedbed.connectors import Files
>>> recipe = (
...     Recipe("people", seed=7)
...     .gather(Files(path="people.csv"))
...     .clean(Trim())
...     .split(train=0.8, test=0.2)
...     .clean(FillMissing(columns="age"))
... )
>>> print(recipe.to_yaml(), end="")
name: people
seed: 7
steps:
- gather:
  - files: {path: people.csv}
- clean: [trim]
- split: {train: 0.8, test: 0.2}
- clean:
  - fill_missing: {columns: age}
>>> Recipe.from_yaml(recipe.to_yaml()) == recipe
True
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, TypeAlias

from seedbed.augmentation import Augmenter, augmenter
from seedbed.cleaning import Rule, rule
from seedbed.connectors import Connector, connector
from seedbed.core import yaml
from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.core.spec import describe, from_spec, to_spec
from seedbed.errors import BadSpec, RecipeError, did_you_mean
from seedbed.splits import Split
from seedbed.unify import Join
from seedbed.validation import Check, check

__all__ = [
    "Augment",
    "Clean",
    "Gather",
    "Recipe",
    "Roles",
    "Split",
    "Step",
    "Unify",
    "Validate",
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

_LISTS: Mapping[str, tuple[type[Any], Registry[Any]]] = {
    "validate": (Validate, check),
    "clean": (Clean, rule),
    "augment": (Augment, augmenter),
}
_STEPS = ("gather", "unify", "roles", "validate", "clean", "split", "augment")


@dataclass(frozen=True)
class Recipe:
    """What to gather and what to do with it; every verb returns a new recipe.

    Args:
        name: What the dataset is called: letters, digits, ``-``, ``_`` and ``.``.
        seed: All randomness comes from it.
        steps: The steps, in the order in which they happen.
        place: Where the recipe was read from, for messages; not part of its value.

    Raises:
        BadSpec: The name cannot be the name of a folder.
    """

    name: str
    seed: int = 0
    steps: tuple[Step, ...] = ()
    place: str = field(default="", compare=False, repr=False)

    def __post_init__(self) -> None:
        allowed = self.name.replace("-", "").replace("_", "").replace(".", "")
        if not allowed.isalnum() or not self.name[0].isalnum():
            raise BadSpec(
                f"{self.name!r} cannot be the name of a dataset",
                where="recipe",
                fix="use letters, digits, '-', '_' and '.', a letter or digit first",
            )

    # -- verbs ------------------------------------------------------------------------

    def gather(self, *sources: Connector, **named: Connector) -> Recipe:
        """Add sources; a name is needed where a later step speaks of one."""
        return self._with(Gather(_name_sources([("", s) for s in sources] + [*named.items()])))

    def unify(self, *, stack: Sequence[str] = (), join: Sequence[Join] = ()) -> Recipe:
        """Make one frame of the sources: stacked by name, joined by key."""
        return self._with(Unify(stack=tuple(stack), join=tuple(join)))

    def roles(
        self,
        *,
        target: str | None = None,
        id: str | None = None,  # noqa: A002 - the field's own word for it
        group: str | None = None,
        text: str | None = None,
        image: str | None = None,
        time: str | None = None,
        weight: str | None = None,
    ) -> Recipe:
        """Say what some columns are for; see `Roles`."""
        return self._with(
            Roles(
                target=target,
                id=id,
                group=group,
                text=text,
                image=image,
                time=time,
                weight=weight,
            )
        )

    def validate(self, *checks: Check) -> Recipe:
        """Add checks."""
        return self._with(Validate(checks))

    def clean(self, *rules: Rule) -> Recipe:
        """Add cleaning rules."""
        return self._with(Clean(rules))

    def split(
        self,
        *,
        by: str | tuple[str, ...] | None = None,
        given: str | None = None,
        **shares: float,
    ) -> Recipe:
        """Split the rows: by share, by share of groups, or as a column says."""
        return self._with(Split(by=by, given=given, shares=shares))

    def augment(self, *augmenters: Augmenter[Any]) -> Recipe:
        """Add augmenters; they see training rows only."""
        return self._with(Augment(augmenters))

    def _with(self, step: Step) -> Recipe:
        return replace(self, steps=(*self.steps, step))

    # -- looking ----------------------------------------------------------------------

    @property
    def where(self) -> str:
        """How messages name this recipe."""
        return self.place or f"recipe {self.name!r}"

    @property
    def sources(self) -> dict[str, Connector]:
        """The connectors, by name."""
        return {
            name: source
            for step in self.steps
            if isinstance(step, Gather)
            for name, source in step.sources
        }

    @property
    def all_roles(self) -> Roles:
        """The roles of all `roles` steps together."""
        given: dict[str, str] = {}
        for step in self.steps:
            if isinstance(step, Roles):
                given.update(step.items())
        return Roles(**given)

    def parts(self) -> Iterator[tuple[str, Part]]:
        """Yield every part with its place, such as ``steps[2].clean[0]``."""
        for number, step in enumerate(self.steps):
            name, entries = _entries(step)
            for position, part in enumerate(entries):
                yield f"{self.where}, steps[{number}].{name}[{position}]", part

    def describe(self) -> dict[str, Any]:
        """Return all that decides the outcome: every field and every code version."""
        return {
            "name": self.name,
            "seed": self.seed,
            "steps": [_describe(step) for step in self.steps],
        }

    # -- YAML -------------------------------------------------------------------------

    def to_spec(self) -> dict[str, Any]:
        """Return the recipe as plain data."""
        spec: dict[str, Any] = {"name": self.name}
        if self.seed:
            spec["seed"] = self.seed
        spec["steps"] = [_step_to_spec(step) for step in self.steps]
        return spec

    def to_yaml(self) -> str:
        """Return the recipe as YAML.

        Raises:
            BadSpec: It holds a function that no module holds, such as a lambda.
        """
        return yaml.dump(self.to_spec())

    @classmethod
    def from_spec(cls, spec: Any, *, where: str = "") -> Recipe:
        """Return the recipe that plain data describes.

        Raises:
            RecipeError: Something in it is unknown, missing, or of the wrong type.
        """
        place = where or "recipe"
        top = _mapping(spec, {"name", "seed", "steps"}, place, "a recipe")
        if not isinstance(top.get("name"), str):
            raise BadSpec(
                "a recipe needs a name", where=place, fix="write 'name: people' on top"
            )
        seed = top.get("seed", 0)
        if type(seed) is not int:
            raise BadSpec(
                f"the seed must be a whole number, not {seed!r}",
                where=place,
                fix="write 'seed: 7'",
            )
        steps = top.get("steps") or []
        if not isinstance(steps, list):
            raise BadSpec(
                "the steps must be a list", where=place, fix="begin each with '- '"
            )
        found = tuple(
            _step_from_spec(step, f"{place}, steps[{number}]")
            for number, step in enumerate(steps)
        )
        try:
            return cls(name=top["name"], seed=seed, steps=found, place=where)
        except BadSpec as error:
            raise BadSpec(error.what, where=place, fix=error.fix) from None

    @classmethod
    def from_yaml(cls, text: str, *, where: str = "") -> Recipe:
        """Return the recipe that `text` holds.

        Raises:
            RecipeError: It is no YAML, or no recipe.
        """
        return cls.from_spec(yaml.load(text, where=where), where=where)

    @classmethod
    def from_file(cls, path: str | Path) -> Recipe:
        """Return the recipe in the YAML file at `path`.

        Raises:
            RecipeError: The file cannot be read, is no YAML, or holds no recipe.
        """
        try:
            text = Path(path).read_text(encoding="utf-8")
        except OSError as error:
            raise RecipeError(
                f"the recipe cannot be read: {error.strerror}",
                where=f"file {str(path)!r}",
                fix="`seedbed demo` writes recipes to look at",
            ) from None
        except UnicodeDecodeError:
            raise RecipeError(
                "the recipe is not UTF-8 text",
                where=f"file {str(path)!r}",
                fix=f"save it as UTF-8, or name another file than {path}",
            ) from None
        return cls.from_yaml(text, where=str(path))


def _name_sources(
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


def _entries(step: Step) -> tuple[str, Sequence[Part]]:
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


def _describe(step: Step) -> dict[str, Any]:
    name, entries = _entries(step)
    if isinstance(step, Unify | Roles | Split):
        return _step_to_spec(step)
    described = [describe(part) for part in entries]
    if isinstance(step, Clean):
        for entry, part in zip(described, step.rules, strict=True):
            entry["extra"] = part.extra_digest()
    if isinstance(step, Gather):
        names = [source for source, _ in step.sources]
        return {name: [list(pair) for pair in zip(names, described, strict=True)]}
    return {name: described}


# -- steps to plain data and back -----------------------------------------------------


def _step_to_spec(step: Step) -> dict[str, Any]:
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
            name, entries = _entries(step)
            return {name: [_part_to_spec(part) for part in entries]}


def _sources_to_spec(sources: Sequence[tuple[str, Connector]]) -> list[Any]:
    """Leave out the names that the sources get without saying so."""
    none = [("", source) for _, source in sources]
    some = [("" if name == source.kind else name, source) for name, source in sources]
    fitting = (way for way in (none, some) if _name_sources(way) == tuple(sources))
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


def _step_from_spec(spec: Any, where: str) -> Step:
    if isinstance(spec, str):
        spec = {spec: {}}
    name, body = _only_entry(spec, where, "a step", _STEPS)
    if name == "gather":
        return _gather_from_spec(body, where)
    if name in _LISTS:
        step, registry = _LISTS[name]
        return step(
            tuple(
                _part_from_spec(registry, entry, f"{where}.{name}[{position}]")
                for position, entry in enumerate(_listed(body, f"{where}.{name}"))
            )
        )
    place = f"{where}.{name}"
    if name == "roles":
        roles = _mapping(body, {f.name for f in fields(Roles)}, place, "roles")
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
    known = did_you_mean(name, _STEPS, otherwise=f"the steps are: {', '.join(_STEPS)}")
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
                f"two sources are called {name!r}", where=where, fix="rename one of them"
            )
    return Gather(_name_sources(found))


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
    spec = _mapping(body, {"stack", "join"}, where, "unify")
    stack = _listed(spec.get("stack") or [], f"{where}.stack")
    joins: list[Join] = []
    for position, entry in enumerate(_listed(spec.get("join") or [], f"{where}.join")):
        place = f"{where}.join[{position}]"
        given = _mapping(entry, {f.name for f in fields(Join)}, place, "a join")
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


def _mapping(spec: Any, known: set[str], where: str, what: str) -> dict[str, Any]:
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
        f"this must be a list, not {_short(body)}", where=where, fix="begin each with '- '"
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."  # noqa: PLR2004
