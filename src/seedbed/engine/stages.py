"""Cut the steps of a plan into passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from seedbed.core.frame import SPLIT
from seedbed.engine.touching import key_columns, writes_of
from seedbed.plan import CheckOp, Op, RuleOp
from seedbed.validation import KeyCheck, RowCheck

__all__ = ["Stage", "cut", "is_whole_frame_check"]


@dataclass
class Stage:
    """Steps to run in one pass, and the steps that must know something at its end."""

    ops: list[Op] = field(default_factory=list[Op])
    needy: list[Op] = field(default_factory=list[Op])


def cut(ops: Sequence[Op]) -> list[Stage]:
    """Cut the steps into passes; the last stage has no needy steps."""
    stages = [Stage()]
    waiting: list[Op] = []
    touched: set[str] = set()
    # Whether rows or columns may go before the waiting steps are through.
    frozen = False
    for op in ops:
        if not _needs(op) and not waiting:
            stages[-1].ops.append(op)
            continue
        looks = _looks_at(op)
        fits = not frozen and looks is not None and not (looks & touched)
        if _needs(op) and waiting and not fits:
            stages.append(Stage(ops=waiting))
            waiting, touched, frozen = [], set(), False
        if _needs(op):
            stages[-1].needy.append(op)
        waiting.append(op)
        writes = writes_of(op)
        touched |= writes or set()
        frozen = frozen or writes is None
    stages.append(Stage(ops=waiting))
    return stages


def _needs(op: Op) -> bool:
    return bool(op.statistics) or op.meets or is_whole_frame_check(op)


def is_whole_frame_check(op: Op) -> bool:
    """Tell whether a check wants to see all rows at once."""
    return isinstance(op, CheckOp) and not isinstance(op.check, RowCheck | KeyCheck)


def _looks_at(op: Op) -> set[str] | None:
    """Return what must be untouched for a step to learn; None if that is every row."""
    if is_whole_frame_check(op):
        return None
    looks = {name for s in op.statistics.values() for name in s.reads}
    learns_from_train = isinstance(op, RuleOp) and op.rule.learns == "train"
    return looks | set(key_columns(op)) | ({SPLIT} if learns_from_train else set())
