"""What can be known to be wrong before a row is read."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from seedbed.augmentation import Augmenter, LabelPolicy
from seedbed.cleaning import KeyRule, Learns, Rule, Scope
from seedbed.core.columns import require_columns
from seedbed.core.frame import RESERVED
from seedbed.errors import BadSpec, Leak
from seedbed.plan.ops import Op, RuleOp
from seedbed.recipe import Augment, Clean, Gather, Recipe, Roles, Unify, Validate
from seedbed.splits import Split

__all__ = ["place_of", "refuse", "refuse_company", "refuse_hidden", "refuse_late_id"]


def refuse(recipe: Recipe) -> None:
    """Raise what can be known to be wrong from the recipe alone.

    Raises:
        Leak: A step would learn from rows that it must not see.
        BadSpec: A step is missing, misplaced, or lacks what it needs.
    """
    _refuse_order(recipe)
    has_split = any(isinstance(step, Split) for step in recipe.steps)
    seen_split = False
    for number, step in enumerate(recipe.steps):
        place = f"{recipe.where}, steps[{number}]"
        match step:
            case Split():
                seen_split = True
            case Clean(rules):
                for position, part in enumerate(rules):
                    where = f"{place}.clean[{position}]"
                    _refuse_leak(part, where, has_split=has_split, seen=seen_split)
            case Augment(augmenters):
                for position, part in enumerate(augmenters):
                    where = f"{place}.augment[{position}]"
                    if has_split and not seen_split:
                        raise Leak(
                            f"augmenter {part.kind!r} would make children of test rows",
                            where=where,
                            fix="move `augment` below `split`; it then sees train only",
                        )
                    _refuse_flip(part, recipe, where)
            case _:
                pass


def _refuse_order(recipe: Recipe) -> None:
    kinds = [type(step) for step in recipe.steps]
    if not recipe.sources:
        raise BadSpec(
            "there is nothing to gather",
            where=recipe.where,
            fix="begin with '- gather:' and a source, such as '- files: {path: a.csv}'",
        )
    late = {Gather: "gather", Unify: "unify"}
    _refuse_same_names(recipe)
    for number, kind in enumerate(kinds):
        if kind in late and any(
            k not in (Gather, Unify, Roles) for k in kinds[:number]
        ):
            raise BadSpec(
                f"{late[kind]!r} stands below a step that needs its rows",
                where=f"{recipe.where}, steps[{number}]",
                fix=f"move `{late[kind]}` to the top",
            )
        if kind in (Unify, Split) and kind in kinds[:number]:
            raise BadSpec(
                f"there is a second {kind.__name__.lower()!r}",
                where=f"{recipe.where}, steps[{number}]",
                fix="write both as one step",
            )
        if kind in (Clean, Validate) and Augment in kinds[:number]:
            raise BadSpec(
                f"{kind.__name__.lower()!r} stands below `augment`",
                where=f"{recipe.where}, steps[{number}]",
                fix="move `augment` to the end",
            )
    if len(recipe.sources) > 1 and Unify not in kinds:
        names = ", ".join(recipe.sources)
        raise BadSpec(
            f"{len(recipe.sources)} sources and no word on how they go together",
            where=recipe.where,
            fix=f"add '- unify: {{stack: [{names}]}}' below `gather`, or join them by key",
        )


def _refuse_same_names(recipe: Recipe) -> None:
    names = [
        name
        for step in recipe.steps
        if isinstance(step, Gather)
        for name, _ in step.sources
    ]
    for name in names:
        if names.count(name) > 1:
            raise BadSpec(
                f"two sources are called {name!r}",
                where=recipe.where,
                fix=f"give each a name: '- north: {{{name}: ...}}'",
            )


def _refuse_leak(rule: Rule, where: str, *, has_split: bool, seen: bool) -> None:
    if rule.learns is Learns.TRAIN and has_split and not seen:
        raise Leak(
            f"rule {rule.kind!r} learns from all rows, test rows included",
            where=where,
            fix="move it below `split`; it then learns from train only",
        )
    if rule.scope is Scope.TRAIN and has_split and not seen:
        raise BadSpec(
            f"rule {rule.kind!r} is for training rows, and none is known here",
            where=where,
            fix="move it below `split`, or leave 'scope' out",
        )
    if rule.learns is Learns.COMPANY and seen:
        raise Leak(
            f"rule {rule.kind!r} lets rows of all splits meet",
            where=where,
            fix="move it above `split`",
        )


def refuse_hidden(recipe: Recipe, schemas: Mapping[str, pl.Schema]) -> None:
    """Refuse a source column whose name seedbed keeps for itself."""
    for source, schema in schemas.items():
        taken = sorted(RESERVED & set(schema))
        if taken:
            raise BadSpec(
                f"the column {taken[0]!r} of source {source!r} has a name that seedbed "
                "keeps for itself",
                where=recipe.where,
                fix="rename or drop it at the source; in a notebook, give the next verb "
                "the result itself instead of its frame",
            )


def refuse_company(op: Op, given: str) -> None:
    """A rule that learns from all rows would mix splits that the source gave."""
    if not isinstance(op, RuleOp) or isinstance(op.rule, KeyRule):
        return
    if op.rule.learns is Learns.COMPANY:
        raise Leak(
            f"rule {op.rule.kind!r} lets rows of all splits meet, and the source gives them",
            where=op.where,
            fix=f"if they may, write '- split: {{given: {given}}}' below it",
        )


def _refuse_flip(part: Augmenter[Any], recipe: Recipe, where: str) -> None:
    if part.label_policy is not LabelPolicy.FLIPS:
        return
    if not part.labels:
        raise BadSpec(
            f"augmenter {part.kind!r} flips labels and has no map of them",
            where=where,
            fix="give it 'labels: {pos: neg, neg: pos}'",
        )
    if recipe.all_roles.target is None:
        raise BadSpec(
            f"augmenter {part.kind!r} flips labels and no column is the target",
            where=where,
            fix="add '- roles: {target: NAME}' above it",
        )


def refuse_late_id(recipe: Recipe, start: pl.Schema) -> None:
    """An id names a row from the start, so it must be gathered with it."""
    named = recipe.all_roles.id
    if named is not None:
        place = place_of(recipe, Roles)
        require_columns([named], start, where=f"{place}, id")


def place_of(recipe: Recipe, kind: type[Any]) -> str:
    """Return where a step of this type stands, for messages."""
    for number, step in enumerate(recipe.steps):
        if isinstance(step, kind):
            return f"{recipe.where}, steps[{number}].{kind.__name__.lower()}"
    return recipe.where
