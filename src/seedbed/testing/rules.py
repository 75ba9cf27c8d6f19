"""Try a rule out, and hold it to its promises."""

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from seedbed.cleaning.base import (
    ColumnRule,
    Effect,
    KeyRule,
    Learned,
    Learns,
    RowRule,
    Rule,
    Scope,
)
from seedbed.core.frame import to_polars
from seedbed.core.rowlocal import row_local
from seedbed.core.spec import digest
from seedbed.core.statistics import Statistic, learn
from seedbed.testing.parts import check_part, collected, promise, same

__all__ = ["check_rule", "try_rule"]

_AT = "_row"


def try_rule(rule: Rule, *, train: object, other: object = None) -> pl.DataFrame:
    """Return what a rule makes of a few rows, without a recipe.

    Args:
        rule: The rule.
        train: The rows that it learns from: a frame, or a dict of columns.
        other: The rows that it is applied to; those of `train` if they are left out.

    Raises:
        MissingColumn: The rows lack a column that the rule needs.
        WrongType: A column holds what the rule cannot work on.

    Examples:
        >>> from seedbed.cleaning import FillMissing
        >>> try_rule(FillMissing(columns="x"), train={"x": [1, 9, None]})["x"].to_list()
        [1, 9, 5]
    """
    rows = to_polars(train)
    names = rule.choose(rows.schema)
    learned = _learn(rule.learn(names), [rows])
    target = rows if other is None else to_polars(other)
    return rule.apply(target.lazy(), names, learned).collect()


def check_rule(rule: Rule, rows: pl.DataFrame) -> None:
    """Assert that a rule keeps the promises that every rule makes.

    Among them: its settings are its YAML and its digest; it changes what its `effect`
    says and nothing else; what comes out has the same types whatever the rows; a row
    alone comes out as it does in company; what it learns does not depend on the order
    of the rows or on how they are cut.

    Args:
        rule: The rule.
        rows: Some rows that show what it does: with missing values, and not too many,
            as each is also looked at alone.

    Raises:
        AssertionError: A promise is broken; the message says which.

    Examples:
        >>> from seedbed.cleaning import Trim
        >>> check_rule(Trim(), pl.DataFrame({"a": [" x", None], "n": [1, 2]}))
    """
    check_part(rule)
    other_scope = Scope.TRAIN if rule.scope is Scope.EVERYWHERE else Scope.EVERYWHERE
    changed = dataclasses.replace(rule, scope=other_scope)
    promise(digest(changed) != digest(rule), rule, "a setting is not in its digest")
    promise(
        rule.extra_digest() == rule.extra_digest(), rule, "its digest is not stable"
    )
    names = rule.choose(rows.schema)
    before = rows.clone()
    statistics = rule.learn(names)
    _check_learning(rule, statistics, rows, names)
    learned = _learn(statistics, [rows])
    numbered = rows.with_row_index(_AT)
    after = _apply(rule, numbered, names, learned)
    promise(same(rows, before), rule, "it changes the frame that it is given")
    _check_effect(rule, names, numbered, after)
    _check_schema(rule, statistics, names, rows)
    _check_company(rule, names, learned, numbered, after)
    _check_expressions(rule, names, learned, rows)
    _check_retypes(rule, names, rows, after)


def _learn(
    statistics: Mapping[str, Statistic], frames: Sequence[pl.DataFrame]
) -> dict[str, Any]:
    return {
        name: statistic.value(learn(statistic, frames))
        for name, statistic in statistics.items()
    }


def _apply(
    rule: Rule, rows: pl.DataFrame, names: Sequence[str], learned: Learned
) -> pl.DataFrame:
    return collected(rule.apply(rows.lazy(), names, learned), rule)


def _check_learning(
    rule: Rule,
    statistics: Mapping[str, Statistic],
    rows: pl.DataFrame,
    names: Sequence[str],
) -> None:
    if rule.learns is Learns.NOTHING:
        promise(not statistics, rule, "it learns, but says that it learns nothing")
    if rule.learns is Learns.TRAIN:
        promise(statistics, rule, "it says that it learns from train, but does not")
    allowed = {*names, *rule.reads}
    half = rows.height // 2
    cut = [rows[half:].reverse(), rows[:0], rows[:half]]
    for name, statistic in statistics.items():
        reads = set(statistic.reads)
        promise(reads <= allowed, rule, f"it learns {name!r} from columns not its own")
        whole, parts = learn(statistic, [rows]), learn(statistic, cut)
        promise(
            same(whole, parts),
            rule,
            f"what it learns as {name!r} depends on the order of the rows",
        )


def _check_effect(
    rule: Rule, names: Sequence[str], before: pl.DataFrame, after: pl.DataFrame
) -> None:
    promise(
        _AT in after.columns, rule, "it drops columns that are none of its business"
    )
    if rule.effect is Effect.ROWS:
        promise(after.schema == before.schema, rule, "a rule of rows changes columns")
        kept = before.filter(pl.col(_AT).is_in(after[_AT].implode()))
        promise(same(kept, after), rule, "a rule of rows changes values or the order")
        return
    promise(
        after[_AT].equals(before[_AT]), rule, f"a rule of {rule.effect} changes rows"
    )
    if rule.effect is Effect.VALUES:
        promise(
            after.columns == before.columns, rule, "a rule of values changes columns"
        )
        untouched = [name for name in before.columns if name not in names]
        promise(
            same(before.select(untouched), after.select(untouched)),
            rule,
            "it changes columns that it was not given",
        )
        return
    renamed = dict(rule.renames(names))
    for old in before.columns:
        new = renamed.get(old, old)
        if new in after.columns and (old in renamed or old not in renamed.values()):
            equal = same(before.select(old), after.select(pl.col(new).alias(old)))
            promise(equal, rule, f"a rule of columns changes values of {old!r}")


def _check_schema(
    rule: Rule,
    statistics: Mapping[str, Statistic],
    names: Sequence[str],
    rows: pl.DataFrame,
) -> None:
    """Compile without rows, as the plan does, and compare with what rows give."""
    placeholders = {
        name: statistic.value(statistic.placeholder(rows.schema))
        for name, statistic in statistics.items()
    }
    learned = _learn(statistics, [rows])
    empty = rows.clear()
    compiled = rule.apply(empty.lazy(), names, placeholders).collect_schema()
    for given, known in ((rows, learned), (rows[:1], learned), (empty, learned)):
        schema = _apply(rule, given, names, known).schema
        promise(
            list(schema.items()) == list(compiled.items()),
            rule,
            f"its columns depend on the rows: {dict(schema)} is not {dict(compiled)}",
        )


def _check_company(
    rule: Rule,
    names: Sequence[str],
    learned: Learned,
    rows: pl.DataFrame,
    together: pl.DataFrame,
) -> None:
    again = _apply(rule, rows, names, learned)
    promise(same(again, together), rule, "it gives other values every time")
    if isinstance(rule, KeyRule):
        _check_survivors(rule, names, rows, together)
        return
    if rule.learns is Learns.COMPANY or rows.is_empty():
        return
    alone = pl.concat(_apply(rule, row, names, learned) for row in rows.iter_slices(1))
    promise(same(alone, together), rule, "a row alone comes out other than in company")
    turned = _apply(rule, rows.reverse(), names, learned).reverse()
    promise(
        same(turned, together), rule, "a row comes out by its place among the others"
    )


def _check_survivors(
    rule: KeyRule, names: Sequence[str], rows: pl.DataFrame, kept: pl.DataFrame
) -> None:
    keys, left = (
        frame.select(pl.struct(rule.key(names))).to_series() for frame in (rows, kept)
    )
    promise(left.n_unique() == len(left), rule, "two rows with one key survive")
    promise(left.n_unique() == keys.n_unique(), rule, "a key loses all of its rows")


def _check_expressions(
    rule: Rule, names: Sequence[str], learned: Learned, rows: pl.DataFrame
) -> None:
    found: list[pl.Expr] = []
    if isinstance(rule, RowRule):
        found.append(rule.keep(names, learned))
    for name in names:
        if isinstance(rule, ColumnRule):
            found.append(rule.rewrite(pl.col(name), _of(name, learned)))
        refused = rule.refuses(pl.col(name))
        if refused is not None:
            kind = rows.lazy().select(refused).collect_schema().dtypes()[0]
            promise(kind == pl.Boolean, rule, "`refuses` is neither true nor false")
            found.append(refused)
    for expr in found:
        verdict = row_local(expr)
        promise(verdict is not False, rule, f"this looks at other rows: {expr}")
        promise(verdict or rule.opaque, rule, "it runs Python, but is not `opaque`")


def _check_retypes(
    rule: Rule, names: Sequence[str], before: pl.DataFrame, after: pl.DataFrame
) -> None:
    if rule.effect is not Effect.VALUES:
        return
    for name in names:
        old, new = before.schema[name], after.schema[name]
        if old == new:
            continue
        way = rule.inverse(name)
        promise(
            way == "cast" or way.startswith("format:"),
            rule,
            f"its way back from {new} to {old} is {way!r}, not 'cast' or 'format:...'",
        )
        try:
            if way == "cast":
                after[name].cast(old, strict=False)
            else:
                after[name].dt.to_string(way.removeprefix("format:"))
        except pl.exceptions.PolarsError as error:
            what = f"{rule.kind!r}: {way!r} does not lead back from {new} to {old}"
            raise AssertionError(what) from error


def _of(column: str, learned: Learned) -> Learned:
    prefix = f"{column}."
    return {
        name.removeprefix(prefix): value
        for name, value in learned.items()
        if name.startswith(prefix)
    }
