"""Hold a recipe against the columns that it will meet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from seedbed.cleaning import Effect, KeyRule, Learns, Rule, Scope
from seedbed.core.columns import require_columns, require_group
from seedbed.core.frame import refuse_reserved
from seedbed.errors import BadSpec, Leak, RecipeError, SeedbedError
from seedbed.plan.ops import AugmentOp, CheckOp, JoinOp, Op, RuleOp, SplitOp
from seedbed.plan.planned import Plan, kind
from seedbed.plan.refusing import (
    place_of,
    refuse,
    refuse_company,
    refuse_hidden,
    refuse_late_id,
)
from seedbed.recipe import Augment, Clean, Recipe, Roles, Unify, Validate
from seedbed.splits import Split
from seedbed.unify import Join, align, joined_schema
from seedbed.validation import Check

__all__ = ["compile"]


def compile(  # noqa: A001 - the field's own word for it
    recipe: Recipe,
    schema: pl.Schema | Mapping[str, pl.Schema],
    *,
    given_split: str | None = None,
) -> Plan:
    """Hold a recipe against the columns that it will meet.

    Args:
        recipe: The recipe.
        schema: The columns of its source, or of each of its sources by name.
        given_split: The column in which a source itself says what is train and test;
            it is kept unless the recipe has a split of its own.

    Raises:
        RecipeError: The recipe is wrong.
        DataError: A column is missing or of the wrong type.
    """
    refuse(recipe)
    sources = recipe.sources
    schemas = (
        dict.fromkeys(sources, schema) if isinstance(schema, pl.Schema) else schema
    )
    refuse_hidden(recipe, schemas)
    unify = next((s for s in recipe.steps if isinstance(s, Unify)), None)
    place = place_of(recipe, Unify)
    stack, joins = _stack_of(recipe, unify, place)
    start, alignment = align({name: schemas[name] for name in stack}, where=place)
    refuse_late_id(recipe, start)
    notes: list[str] = []
    # Gathering, and stacking if there is any, are steps of each source of their own.
    first = len(stack) * 2 if len(stack) > 1 else 1
    ops = list(_ops(recipe, schemas, start, joins, given_split, notes, first))
    return Plan(
        recipe=recipe,
        schemas=schemas,
        stack=alignment,
        start=start,
        ops=tuple(ops),
        roles=_roles_at_end(recipe, ops, start),
        notes=tuple(notes),
    )


def _ops(
    recipe: Recipe,
    schemas: Mapping[str, pl.Schema],
    start: pl.Schema,
    joins: Sequence[Join],
    given_split: str | None,
    notes: list[str],
    first: int,
) -> Iterator[Op]:
    number, schema = first, start
    place = place_of(recipe, Unify)
    for position, join in enumerate(joins):
        where = f"{place}.join[{position}]"
        after = joined_schema(schema, schemas[join.right], join, where=where)
        yield JoinOp(number=number, where=where, before=schema, after=after, join=join)
        number, schema = number + 1, after
    own_split = any(isinstance(s, Split) for s in recipe.steps)
    if given_split is not None and not own_split:
        notes.append(f"the split is kept as the source gives it, in {given_split!r}")
        where = f"{recipe.where}, steps[0].gather"
        split = Split(given=given_split)
        yield SplitOp(
            number=number, where=where, before=schema, after=schema, split=split
        )
        number += 1
    if recipe.all_roles.id is None:
        notes.append(
            "rows are known by their content, so an edited row is one gone and one new; "
            "give the role 'id' if there is one"
        )
    roles = recipe.all_roles
    for step_number, step in enumerate(recipe.steps):
        where = f"{recipe.where}, steps[{step_number}]"
        for op in _step_ops(roles, step, where, number, schema):
            yield op
            if given_split is not None and not own_split:
                refuse_company(op, given_split)
            number, schema, roles = op.number + 1, op.after, _renamed(roles, op)
            if isinstance(op, RuleOp) and op.rule.order_dependent:
                notes.append(
                    f"{kind(op)} at {op.where}: hangs on the order of the rows"
                )


def _step_ops(
    roles: Roles, step: Any, where: str, number: int, schema: pl.Schema
) -> Iterator[Op]:
    match step:
        case Clean(rules):
            for position, rule in enumerate(rules):
                op = _rule_op(roles, rule, f"{where}.clean[{position}]", number, schema)
                yield op
                number, schema, roles = number + 1, op.after, _renamed(roles, op)
        case Validate(checks):
            for position, check in enumerate(checks):
                place = f"{where}.validate[{position}]"
                _fit_check(check, schema, place)
                yield CheckOp(
                    number=number, where=place, before=schema, after=schema, check=check
                )
                number += 1
        case Split():
            place = f"{where}.split"
            require_columns(step.reads, schema, where=place)
            if step.given is not None:
                require_group(
                    [step.given],
                    schema,
                    "@text",
                    where=place,
                    fix="split by share, or derive a text above it: derive: {into: side, "
                    "formula: \"case when ... then 'train' else 'test' end\"}",
                )
            if not step.reads and roles.group is not None:
                step = Split(by=roles.group, shares=step.shares)
                require_columns(step.reads, schema, where=place)
            yield SplitOp(
                number=number, where=place, before=schema, after=schema, split=step
            )
        case Augment(augmenters):
            for position, part in enumerate(augmenters):
                place = f"{where}.augment[{position}]"
                require_columns([part.column], schema, where=place)
                fix = f"name a column of kind {part.accepts.removeprefix('@')} in 'column'"
                require_group([part.column], schema, part.accepts, where=place, fix=fix)
                yield AugmentOp(
                    number=number,
                    where=place,
                    before=schema,
                    after=schema,
                    augmenter=part,
                    target=roles.target,
                )
                number += 1
        case _:
            return


def _rule_op(
    roles: Roles, rule: Rule, where: str, number: int, schema: pl.Schema
) -> RuleOp:
    names = rule.choose(schema, where=where)
    target = roles.target
    if (
        rule.learns is Learns.COMPANY
        and not isinstance(rule, KeyRule)
        and target in (*names, *rule.reads)
    ):
        raise Leak(
            f"rule {rule.kind!r} would learn from the target {target!r}",
            where=where,
            fix=f"leave {target!r} out of its columns",
        )
    after = _schema_after(rule, names, schema, where)
    refuse_reserved(after, where=where, fix="choose another name")
    if not after:
        raise BadSpec(
            f"rule {rule.kind!r} would leave no column",
            where=where,
            fix="name fewer in 'columns'",
        )
    if rule.scope is Scope.TRAIN and after != schema:
        raise BadSpec(
            f"rule {rule.kind!r} changes columns or types, and cannot do so in train only",
            where=where,
            fix="leave 'scope' out",
        )
    if (
        target is not None
        and target in schema
        and rule.renames(names).get(target, target) not in after
    ):
        raise RecipeError(
            f"rule {rule.kind!r} would drop the target {target!r}",
            where=where,
            fix=f"leave {target!r} out of its columns, or take the role away",
        )
    return RuleOp(
        number=number, where=where, before=schema, after=after, rule=rule, names=names
    )


def _schema_after(
    rule: Rule, names: Sequence[str], schema: pl.Schema, where: str
) -> pl.Schema:
    if rule.effect is Effect.ROWS:
        return schema
    learned = {
        name: statistic.value(statistic.placeholder(schema))
        for name, statistic in rule.learn(names).items()
    }
    try:
        return rule.apply(pl.LazyFrame(schema=schema), names, learned).collect_schema()
    except SeedbedError as error:
        if error.where != where:
            raise type(error)(error.what, where=where, fix=error.fix) from None
        raise
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        first = str(error).partition("\n")[0]
        raise BadSpec(
            f"rule {rule.kind!r} cannot work on these columns: {first}",
            where=where,
            fix=f"`seedbed list {rule.kind}` says what it works on",
        ) from None


def _fit_check(check: Check, schema: pl.Schema, where: str) -> None:
    require_columns(check.reads, schema, where=where)
    group = check.group
    fix = f"name a column of kind {group.removeprefix('@')}, or clean it first"
    require_group(check.reads, schema, group, where=where, fix=fix)
    if check.quarantine and not check.can_quarantine:
        raise BadSpec(
            f"check {check.kind!r} looks at the whole frame and cannot name rows",
            where=where,
            fix="leave 'quarantine' out",
        )
    try:
        for _ in check.examine(pl.LazyFrame(schema=schema)):
            break
    except SeedbedError as error:
        raise type(error)(error.what, where=where, fix=error.fix) from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        first = str(error).partition("\n")[0]
        raise BadSpec(
            f"check {check.kind!r} cannot look at these columns: {first}",
            where=where,
            fix=f"`seedbed list {check.kind}` says what it looks at",
        ) from None


def _stack_of(
    recipe: Recipe, unify: Unify | None, place: str
) -> tuple[tuple[str, ...], tuple[Join, ...]]:
    names = recipe.sources
    joins = unify.join if unify else ()
    rights = [join.right for join in joins]
    stack = (unify.stack if unify else ()) or tuple(n for n in names if n not in rights)
    for name in (*stack, *rights):
        if name not in names:
            raise BadSpec(
                f"no source is called {name!r}",
                where=place,
                fix=f"the sources are: {', '.join(names)}",
            )
    for position, join in enumerate(joins):
        if join.left not in stack:
            raise BadSpec(
                f"{join.left!r} is not the frame that is joined to",
                where=f"{place}.join[{position}]",
                fix=f"write 'left: {stack[0]}'; joins follow one another",
            )
    unused = [n for n in names if n not in stack and n not in rights]
    if unused:
        raise BadSpec(
            f"the source {unused[0]!r} is gathered and never used",
            where=place,
            fix=f"add {unused[0]!r} to 'stack', join it, or leave it out of `gather`",
        )
    return stack, joins


def _roles_at_end(recipe: Recipe, ops: Sequence[Op], start: pl.Schema) -> Roles:
    roles = recipe.all_roles
    known = {name: kind for op in ops for name, kind in op.after.items()}
    place = place_of(recipe, Roles)
    given = [column for _, column in roles.items()]
    require_columns(given, pl.Schema({**start, **known}), where=place)
    for op in ops:
        roles = _renamed(roles, op)
    last = ops[-1].after if ops else start
    return Roles(**{role: column for role, column in roles.items() if column in last})


def _renamed(roles: Roles, op: Op) -> Roles:
    """Return the roles with their columns as they are called after a step."""
    if not isinstance(op, RuleOp):
        return roles
    renames = op.rule.renames(op.names)
    return Roles(
        **{role: renames.get(column, column) for role, column in roles.items()}
    )
