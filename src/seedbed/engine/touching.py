"""Which columns a step reads, writes, and takes its key from."""

from __future__ import annotations

import polars as pl

from seedbed.cleaning import (
    Effect,
    KeyRule,
)
from seedbed.core.frame import SPLIT
from seedbed.plan import CheckOp, JoinOp, Op, RuleOp, SplitOp

__all__ = ["hash_columns", "hash_name", "key_columns", "reads_of", "writes_of"]


def reads_of(op: Op) -> set[str] | None:
    """Return the columns that a step needs; None if it needs the whole row."""
    match op:
        case RuleOp(rule=rule) if rule.effect is Effect.VALUES:
            return {*op.names, *rule.reads}
        case CheckOp(check=check) if not check.quarantine:
            return set(check.reads)
        case SplitOp():
            return set(op.split.reads)
        case _:
            return None


def writes_of(op: Op) -> set[str] | None:
    """Return the columns that a step may change; None if rows or columns may go."""
    match op:
        case RuleOp(rule=rule) if rule.effect is Effect.VALUES:
            return set(op.names)
        case CheckOp(check=check) if not check.quarantine:
            return set()
        case SplitOp():
            return {SPLIT}
        case _:
            return None


def key_columns(op: Op) -> tuple[str, ...]:
    """Return the columns that the key of a step is made of."""
    match op:
        case RuleOp(rule=KeyRule() as rule):
            keys = [name for e in rule.key(op.names) for name in e.meta.root_names()]
            return tuple(dict.fromkeys(keys))
        case CheckOp(check=check):
            return check.reads
        case JoinOp(join=join):
            return join.keys
        case _:
            return ()


def hash_name(op: Op) -> str:
    """Return what the key of a step is called between two passes."""
    # With a sign that no one would put into the name of a column.
    return f"_key:{op.number}"


def hash_columns(op: Op, frame: pl.DataFrame) -> list[pl.Series]:
    """Return the key of each row for a step, as two numbers; null if it has none.

    They are compared within one run only, so Polars' own hash will do.
    """
    name = hash_name(op)
    if isinstance(op, RuleOp) and isinstance(op.rule, KeyRule):
        exprs = op.rule.key(op.names)
        keys = frame.select(key.alias(str(n)) for n, key in enumerate(exprs))
        known = None
    else:
        columns = key_columns(op)
        keys = frame.select(columns)
        known = frame.select(
            pl.all_horizontal(pl.col(columns).is_not_null())
        ).to_series()
    halves = [
        keys.hash_rows(seed=seed).alias(alias)
        for seed, alias in ((1, name), (2, f"{name}b"))
    ]
    if known is None:
        return halves
    none = pl.repeat(None, frame.height, dtype=pl.UInt64, eager=True)
    return [half.zip_with(known, none).alias(half.name) for half in halves]
