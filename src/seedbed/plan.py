"""A plan: a recipe held against the columns it will meet.

Whatever can be known without rows is refused here, before any row is read: an unknown
column, a wrong type, a step that learns from rows that it must not see, an augmenter
above the split, a label that would be flipped without a map.

>>> from seedbed.cleaning import FillMissing, Trim
>>> from seedbed.connectors import Files
>>> recipe = Recipe("people").gather(Files(path="people.csv"))
>>> schema = pl.Schema({"name": pl.String, "age": pl.Int64})
>>> print(compile(recipe.clean(Trim()), schema).explain())
plan of 'people': 2 columns in, 2 out
  1  steps[1].clean[0]  trim   name
  note: rows are known by their content, so an edited row is one gone and one new; give the role 'id' if there is one
>>> learns = recipe.clean(FillMissing(columns="age")).split(train=0.8, test=0.2)
>>> compile(learns, schema)
Traceback (most recent call last):
seedbed.errors.Leak: rule 'fill_missing' learns from all rows, test rows included
  where: recipe 'people', steps[1].clean[0]
  fix:   move it below `split`; it then learns from train only
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

import polars as pl

from seedbed.augmentation import Augmenter, LabelPolicy
from seedbed.cleaning import Effect, KeyRule, Learns, Rule, Scope
from seedbed.core import html, yaml
from seedbed.core.columns import require_columns, require_group
from seedbed.core.frame import RESERVED, refuse_reserved
from seedbed.core.spec import to_spec
from seedbed.core.statistics import Levels, Statistic
from seedbed.errors import BadSpec, Leak, RecipeError, SeedbedError
from seedbed.ledger import StepEntry
from seedbed.recipe import Augment, Clean, Gather, Recipe, Roles, Unify, Validate
from seedbed.splits import Split
from seedbed.unify import Join, align, joined_schema
from seedbed.validation import Check, KeyCheck

__all__ = [
    "AugmentOp",
    "CheckOp",
    "JoinOp",
    "Op",
    "Plan",
    "RuleOp",
    "SplitOp",
    "compile",
    "refuse",
]


@dataclass(frozen=True, kw_only=True)
class _Op:
    """One step of a plan: its number, its place, and the columns before and after."""

    number: int
    where: str
    before: pl.Schema
    after: pl.Schema

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """What must be learned before it can run."""
        return {}

    @property
    def meets(self) -> bool:
        """Whether rows of all fragments must meet by a key before it can run."""
        return False


@dataclass(frozen=True, kw_only=True)
class JoinOp(_Op):
    """Join a source to the rows by key."""

    join: Join

    @property
    def meets(self) -> bool:
        """Whether no two rows of the left side may share a key."""
        return self.join.expect == "one-to-one"


@dataclass(frozen=True, kw_only=True)
class RuleOp(_Op):
    """Apply a rule to its resolved columns."""

    rule: Rule
    names: tuple[str, ...]

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """What the rule learns."""
        return self.rule.learn(self.names)

    @property
    def meets(self) -> bool:
        """Whether the rule keeps one row a key."""
        return isinstance(self.rule, KeyRule)


@dataclass(frozen=True, kw_only=True)
class CheckOp(_Op):
    """Look at the rows."""

    check: Check

    @property
    def meets(self) -> bool:
        """Whether the check asks for rows that share a key."""
        return isinstance(self.check, KeyCheck)


@dataclass(frozen=True, kw_only=True)
class SplitOp(_Op):
    """Say of each row where it belongs."""

    split: Split

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """The names of the splits, where a column gives them."""
        given = self.split.given
        return {} if given is None else {"levels": Levels(given)}


@dataclass(frozen=True, kw_only=True)
class AugmentOp(_Op):
    """Make children of the training rows."""

    augmenter: Augmenter[Any]
    target: str | None


Op: TypeAlias = JoinOp | RuleOp | CheckOp | SplitOp | AugmentOp


@dataclass(frozen=True, kw_only=True)
class Plan:
    """A recipe that fits the data it will meet.

    Args:
        recipe: The recipe.
        schemas: The columns of each source.
        stack: The sources that are laid under each other, with what brings each into
            the common form.
        start: The columns of the stacked frame.
        ops: What happens to the rows, in order.
        roles: The roles, as columns are called at the end.
        notes: What a user should know before running it.
    """

    recipe: Recipe
    schemas: Mapping[str, pl.Schema]
    stack: Mapping[str, tuple[pl.Expr, ...]]
    start: pl.Schema
    ops: tuple[Op, ...]
    roles: Roles
    notes: tuple[str, ...] = field(default=())

    @property
    def schema(self) -> pl.Schema:
        """The columns that come out."""
        return self.ops[-1].after if self.ops else self.start

    @property
    def split(self) -> SplitOp | None:
        """The split, if there is one."""
        return next((op for op in self.ops if isinstance(op, SplitOp)), None)

    @property
    def checks(self) -> tuple[CheckOp, ...]:
        """The checks."""
        return tuple(op for op in self.ops if isinstance(op, CheckOp))

    def entry(self, op: Op) -> StepEntry:
        """Return a step as the ledger knows it."""
        renames: Mapping[str, str] = {}
        inverses: dict[str, str] = {}
        if isinstance(op, RuleOp):
            renames = op.rule.renames(op.names)
            inverses = {name: op.rule.inverse(name) for name in op.names}
        return StepEntry(
            number=op.number,
            where=op.where,
            kind=_kind(op),
            says=_says(op),
            before=op.before,
            after=op.after,
            renames=renames,
            inverses=inverses,
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a step."""
        rows = [
            {
                "step": op.number,
                "where": op.where.rpartition(", ")[2],
                "kind": _kind(op),
                "columns": ", ".join(_columns(op)),
                "learns": _learns(op),
                "note": _note(op),
            }
            for op in self.ops
        ]
        kinds = dict.fromkeys(("where", "kind", "columns", "learns", "note"), pl.String)
        return pl.DataFrame(rows, schema={"step": pl.UInt16, **kinds})

    def explain(self) -> str:
        """Return what will happen, in words, one line a step."""
        widths = [
            max((len(text) for text in column), default=0)
            for column in (
                [op.where.rpartition(", ")[2] for op in self.ops],
                [_kind(op) for op in self.ops],
            )
        ]
        lines = [
            (
                f"plan of {self.recipe.name!r}: {len(self.start)} columns in, "
                f"{len(self.schema)} out"
            )
        ]
        for op in self.ops:
            place = op.where.rpartition(", ")[2]
            about = "; ".join(
                text for text in (", ".join(_columns(op)), _learns(op), _note(op)) if text
            )
            lines.append(
                f"  {op.number}  {place:<{widths[0]}}  {_kind(op):<{widths[1]}}   {about}".rstrip()
            )
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        sizes = [("columns in", len(self.start)), ("columns out", len(self.schema))]
        rows = sum(isinstance(op, RuleOp | JoinOp | SplitOp | AugmentOp) for op in self.ops)
        told = [("steps", rows), ("checks", len(self.checks))]
        return html.block(
            f"Plan of {self.recipe.name}",
            html.facts([*sizes, *told]),
            html.table(self.to_frame(), rows=len(self.ops), types=False),
            *(html.note(f"note: {note}") for note in self.notes),
        )


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
    schemas = dict.fromkeys(sources, schema) if isinstance(schema, pl.Schema) else schema
    _refuse_hidden(recipe, schemas)
    unify = next((s for s in recipe.steps if isinstance(s, Unify)), None)
    place = _place_of(recipe, Unify)
    stack, joins = _stack_of(recipe, unify, place)
    start, alignment = align({name: schemas[name] for name in stack}, where=place)
    _refuse_late_id(recipe, start)
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


# -- building the steps ---------------------------------------------------------------


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
    place = _place_of(recipe, Unify)
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
        yield SplitOp(number=number, where=where, before=schema, after=schema, split=split)
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
                _refuse_company(op, given_split)
            number, schema, roles = op.number + 1, op.after, _renamed(roles, op)
            if isinstance(op, RuleOp) and op.rule.order_dependent:
                notes.append(f"{_kind(op)} at {op.where}: hangs on the order of the rows")


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
            yield SplitOp(number=number, where=place, before=schema, after=schema, split=step)
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
    if target is not None and target in schema and rule.renames(names).get(target, target) not in after:
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


# -- refusing -------------------------------------------------------------------------


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
        if kind in late and any(k not in (Gather, Unify, Roles) for k in kinds[:number]):
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
        name for step in recipe.steps if isinstance(step, Gather) for name, _ in step.sources
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


def _refuse_hidden(recipe: Recipe, schemas: Mapping[str, pl.Schema]) -> None:
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


def _refuse_company(op: Op, given: str) -> None:
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
    place = _place_of(recipe, Roles)
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
    return Roles(**{role: renames.get(column, column) for role, column in roles.items()})


def _refuse_late_id(recipe: Recipe, start: pl.Schema) -> None:
    """An id names a row from the start, so it must be gathered with it."""
    named = recipe.all_roles.id
    if named is not None:
        place = _place_of(recipe, Roles)
        require_columns([named], start, where=f"{place}, id")


def _place_of(recipe: Recipe, kind: type[Any]) -> str:
    for number, step in enumerate(recipe.steps):
        if isinstance(step, kind):
            return f"{recipe.where}, steps[{number}].{kind.__name__.lower()}"
    return recipe.where


# -- showing --------------------------------------------------------------------------


def _kind(op: Op) -> str:
    match op:
        case JoinOp():
            return f"join {op.join.right}"
        case RuleOp():
            return op.rule.kind
        case CheckOp():
            return op.check.kind
        case SplitOp():
            return "split"
        case AugmentOp():
            return op.augmenter.kind


def _says(op: Op) -> str:
    match op:
        case JoinOp():
            return f"by {', '.join(op.join.keys)}"
        case RuleOp():
            spec = _shown(op.rule)
        case CheckOp():
            spec = _shown(op.check)
        case SplitOp():
            spec = op.split.to_spec()
        case AugmentOp():
            spec = _shown(op.augmenter)
    return " ".join(yaml.dump(spec).split()) if spec else ""


def _shown(part: Any) -> dict[str, Any]:
    try:
        return to_spec(part)
    except BadSpec:  # a function of a notebook: it runs, but has no place to name
        return {"function": repr(part)}


def _columns(op: Op) -> tuple[str, ...]:
    match op:
        case JoinOp():
            return tuple(name for name in op.after if name not in op.before)
        case RuleOp():
            return op.names
        case CheckOp():
            return op.check.reads
        case SplitOp():
            return op.split.reads
        case AugmentOp():
            return (op.augmenter.column,)


def _learns(op: Op) -> str:
    if isinstance(op, RuleOp) and op.rule.learns is not Learns.NOTHING:
        return {Learns.TRAIN: "learns from train", Learns.COMPANY: "rows meet"}[
            op.rule.learns
        ]
    return ""


def _note(op: Op) -> str:
    if isinstance(op, SplitOp) and op.split.shares:
        return ", ".join(f"{name} {share:g}" for name, share in op.split.shares.items())
    if isinstance(op, CheckOp):
        return "bad rows to the quarantine" if op.check.quarantine else str(op.check.severity)
    if isinstance(op, AugmentOp):
        policy = "label kept" if op.augmenter.label_policy is LabelPolicy.KEEPS else "label flipped"
        return f"{op.augmenter.copies} a training row, {policy}"
    return ""
