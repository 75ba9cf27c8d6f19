"""A plan, and how it is shown."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from seedbed.augmentation import LabelPolicy
from seedbed.cleaning import Learns
from seedbed.core import html, yaml
from seedbed.core.spec import to_spec
from seedbed.errors import BadSpec
from seedbed.ledger import StepEntry
from seedbed.plan.ops import AugmentOp, CheckOp, JoinOp, Op, RuleOp, SplitOp
from seedbed.recipe import Recipe, Roles

__all__ = ["Plan", "kind"]


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
            kind=kind(op),
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
                "kind": kind(op),
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
                [kind(op) for op in self.ops],
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
                text
                for text in (", ".join(_columns(op)), _learns(op), _note(op))
                if text
            )
            lines.append(
                f"  {op.number}  {place:<{widths[0]}}  {kind(op):<{widths[1]}}   {about}".rstrip()
            )
        lines += [f"  note: {note}" for note in self.notes]
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        sizes = [("columns in", len(self.start)), ("columns out", len(self.schema))]
        rows = sum(
            isinstance(op, RuleOp | JoinOp | SplitOp | AugmentOp) for op in self.ops
        )
        told = [("steps", rows), ("checks", len(self.checks))]
        return html.block(
            f"Plan of {self.recipe.name}",
            html.facts([*sizes, *told]),
            html.table(self.to_frame(), rows=len(self.ops), types=False),
            *(html.note(f"note: {note}") for note in self.notes),
        )


def kind(op: Op) -> str:
    """Return what a step is, such as ``trim``."""
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
        return (
            "bad rows to the quarantine"
            if op.check.quarantine
            else str(op.check.severity)
        )
    if isinstance(op, AugmentOp):
        policy = (
            "label kept"
            if op.augmenter.label_policy is LabelPolicy.KEEPS
            else "label flipped"
        )
        return f"{op.augmenter.copies} a training row, {policy}"
    return ""
