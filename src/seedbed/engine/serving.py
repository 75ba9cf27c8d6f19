"""Take new rows through the steps of a version, with what was learned when it was made."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from seedbed.cleaning import KeyRule, Scope
from seedbed.connectors import Decoded, Fragment
from seedbed.core.frame import HIDDEN
from seedbed.engine.gathering import Gathered, Slice
from seedbed.engine.job import Item, Job
from seedbed.engine.passes import Pass
from seedbed.engine.scratch import Scratch
from seedbed.plan import JoinOp, Op, RuleOp, compile
from seedbed.recipe import Recipe
from seedbed.unify import prepare_right

__all__ = ["serve"]


def serve(
    recipe: Recipe,
    frame: pl.DataFrame,
    *,
    joined: Mapping[str, pl.DataFrame],
    learned: Mapping[int, Mapping[str, pl.DataFrame]],
    given_split: str | None = None,
) -> pl.DataFrame:
    """Return `frame` as the steps of `recipe` leave it.

    Args:
        recipe: The recipe of the version.
        frame: New rows, as they come from a stacked source.
        joined: The sources that are joined to them, as they were.
        learned: What was learned, by step and name.
        given_split: The column in which a source said what is train and test.

    Raises:
        DataError: A column is missing or of the wrong type.
    """
    names = [name for name in recipe.sources if name not in joined]
    schemas = {name: t.schema for name, t in joined.items()} | dict.fromkeys(
        names, frame.schema
    )
    plan = compile(recipe, schemas, given_split=given_split)
    ops = tuple(op for op in plan.ops if _serves(op))
    known: dict[int, dict[str, Any]] = {}
    rights: dict[int, pl.DataFrame] = {}
    for op in ops:
        tables = learned.get(op.number, {})
        known[op.number] = {n: s.value(tables[n]) for n, s in op.statistics.items()}
        if isinstance(op, JoinOp):
            right = joined[op.join.right]
            rights[op.number] = prepare_right(right, op.before, op.join, where=op.where)
    source = names[0]
    fragment = Fragment(uri="", row_start=0, rows=frame.height)
    decoded = Decoded(fragments=(fragment,), schema=frame.schema)
    entries = {op.number: plan.entry(op) for op in plan.ops}
    with tempfile.TemporaryDirectory() as folder:
        job = Job(
            plan=plan,
            sources={source: Gathered(landing=None, decoded=decoded, frame=frame)},
            rights=rights,
            identity={source: tuple(frame.columns)},
            entries=entries,
            gathers={source: ()},
            level="off",
            folder=Path(folder),
            scratch=Scratch(Path(folder)),
        )
        piece = Slice(
            ordinal=0, source=source, fragment=fragment, start=0, source_row=0
        )
        out, _ = Pass(job=job, number=0, ops=ops, known=known).work(Item(slice=piece))
    return out.select(name for name in out.columns if name not in HIDDEN)


def _serves(op: Op) -> bool:
    """Tell whether a step is for new rows, too."""
    if isinstance(op, RuleOp):
        return op.rule.scope is Scope.EVERYWHERE and not isinstance(op.rule, KeyRule)
    return isinstance(op, JoinOp)
