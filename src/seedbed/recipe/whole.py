"""A recipe: its verbs, and its two forms."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from seedbed.augmentation import Augmenter
from seedbed.cleaning import Rule
from seedbed.connectors import Connector
from seedbed.core import yaml
from seedbed.core.part import Part
from seedbed.errors import BadSpec, RecipeError
from seedbed.recipe.reading import mapping, step_from_spec
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
from seedbed.recipe.writing import describe_step, step_to_spec
from seedbed.splits import Split
from seedbed.unify import Join
from seedbed.validation import Check

__all__ = ["Recipe"]


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
        return self._with(
            Gather(name_sources([("", s) for s in sources] + [*named.items()]))
        )

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
            name, entries = parts_of(step)
            for position, part in enumerate(entries):
                yield f"{self.where}, steps[{number}].{name}[{position}]", part

    def describe(self) -> dict[str, Any]:
        """Return all that decides the outcome: every field and every code version."""
        return {
            "name": self.name,
            "seed": self.seed,
            "steps": [describe_step(step) for step in self.steps],
        }

    # -- YAML -------------------------------------------------------------------------

    def to_spec(self) -> dict[str, Any]:
        """Return the recipe as plain data."""
        spec: dict[str, Any] = {"name": self.name}
        if self.seed:
            spec["seed"] = self.seed
        spec["steps"] = [step_to_spec(step) for step in self.steps]
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
        top = mapping(spec, {"name", "seed", "steps"}, place, "a recipe")
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
            step_from_spec(step, f"{place}, steps[{number}]")
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
