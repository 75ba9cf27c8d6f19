"""Run a plan: pass by pass, and between two passes what the next one must know.

Steps that know nothing of other rows run together. A step that learns, or whose rows
meet by key, waits for a pass to end; several such steps wait together as long as none
changes what another one looks at.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from seedbed.cleaning import KeyRule, Learned
from seedbed.core.frame import ID, KEY, ROW
from seedbed.engine.base import Engine
from seedbed.engine.finish import Finish, Finished
from seedbed.engine.gathering import Gathered, slices
from seedbed.engine.job import Item, Job, PassResult, Want
from seedbed.engine.meeting import look, losers, narrow, number_twins, sharing
from seedbed.engine.outcome import (
    Outcome,
    counted,
    first_entries,
    ledger_files,
    report_of,
)
from seedbed.engine.passes import Pass
from seedbed.engine.scratch import Columns, Scratch
from seedbed.engine.stages import Stage, cut, is_whole_frame_check
from seedbed.engine.touching import hash_name
from seedbed.engine.translate import in_our_words
from seedbed.errors import DataError
from seedbed.ledger import Level
from seedbed.plan import CheckOp, JoinOp, Op, Plan, RuleOp
from seedbed.splits import TRAIN
from seedbed.unify import prepare_right
from seedbed.validation import Finding

__all__ = ["execute"]

_MEETING_ROWS = 4_000_000


def execute(
    plan: Plan,
    sources: Mapping[str, Gathered],
    *,
    folder: Path,
    engine: Engine,
    level: Level = "full",
    identity: Mapping[str, Sequence[str]] | None = None,
) -> Outcome:
    """Run a plan on gathered sources.

    Args:
        plan: The plan.
        sources: Its sources, gathered.
        folder: An empty folder for the files that come out.
        engine: What runs the work.
        level: How much the ledger keeps.
        identity: The columns that content keys are taken over, by source; all columns
            of a source that is not in it.

    Raises:
        DataError: The data is not what the plan needs.
        StoreError: The disk is full.
    """
    return _Run(plan, sources, folder, engine, level, identity or {}).execute()


class _Run:
    def __init__(
        self,
        plan: Plan,
        sources: Mapping[str, Gathered],
        folder: Path,
        engine: Engine,
        level: Level,
        identity: Mapping[str, Sequence[str]],
    ) -> None:
        self.plan, self.sources, self.engine = plan, sources, engine
        self.level: Level = level
        self.folder = folder
        self.slices = tuple(slices(sources, list(plan.stack)))
        self.identity = {
            name: tuple(identity.get(name, sources[name].decoded.schema))
            for name in plan.stack
        }
        self.entries = {entry.number: entry for entry in first_entries(plan, sources)}
        gathers = {
            name: tuple(e for e in self.entries.values() if e.source == name)
            for name in plan.stack
        }
        scratch = folder / "scratch"
        scratch.mkdir()
        self.job = Job(
            plan=plan,
            sources=sources,
            rights=self._rights(),
            identity=self.identity,
            entries=self.entries,
            gathers=gathers,
            level=level,
            folder=folder,
            scratch=Scratch(scratch),
        )
        self.columns: list[Columns | None] = [None] * len(self.slices)
        self.known: dict[int, Learned] = {}
        self.met: dict[int, pl.DataFrame] = {}
        self.learned: list[tuple[int, str, pl.DataFrame]] = []
        self.findings: dict[int, Finding] = {}
        self.results: list[PassResult] = []
        self.gathered: tuple[str, ...] = ()
        self.rows = 0

    def execute(self) -> Outcome:
        stages = cut(self.plan.ops)
        for number, stage in enumerate(stages[:-1]):
            self._pass(number, stage)
        finished = self._finish(len(stages) - 1, stages[-1])
        return self._outcome(finished)

    # -- passes -----------------------------------------------------------------------

    def _items(self) -> list[Item]:
        return [
            Item(slice=piece, columns=columns)
            for piece, columns in zip(self.slices, self.columns, strict=True)
        ]

    def _pass(self, number: int, stage: Stage) -> None:
        wants = [
            Want(op=op, name=name, statistic=statistic)
            for op in stage.needy
            for name, statistic in op.statistics.items()
        ]
        keyed = tuple(op for op in stage.needy if op.meets)
        work = Pass(
            job=self.job,
            number=number,
            ops=tuple(stage.ops),
            known=self.known,
            met=self.met,
            wants=tuple(wants),
            keyed=keyed,
        )
        results = self.engine.run(
            work, self._items(), label=_label(number, stage.ops), alone=work.opaque
        )
        self._take(results)
        self._learn(wants, [result.partials for result in results])
        for op in keyed:
            self.met[op.number] = self._meet(op)
        for op in stage.needy:
            if is_whole_frame_check(op) and isinstance(op, CheckOp):
                self._examine(op)

    def _take(self, results: Sequence[PassResult]) -> None:
        self.results += results
        for old, result in zip(self.columns, results, strict=True):
            # Only now: a task that is run again looks for what it looked at before.
            if old is not None:
                self.job.scratch.forget(old, result.columns)
        self.columns = [result.columns for result in results]
        self.rows = sum(result.rows for result in results)
        if not self.gathered:
            self.gathered = tuple(result.gathered for result in results)

    def _learn(self, wants: list[Want], partials: list[list[pl.DataFrame]]) -> None:
        self._refuse_no_train(wants)
        found: dict[int, dict[str, Any]] = {}
        tables = [[row[position] for row in partials] for position in range(len(wants))]
        while wants:
            still: list[Want] = []
            for want, parts in zip(wants, tables, strict=True):
                state = want.statistic.fold(parts, want.state)
                if want.statistic.done(state):
                    kind = want.op.before[want.statistic.column]
                    table = want.statistic.finish(state, kind)
                    self.learned.append((want.op.number, want.name, table))
                    value = want.statistic.value(table)
                    found.setdefault(want.op.number, {})[want.name] = value
                else:
                    still.append(replace(want, state=state))
            looks = self.engine.run(
                partial(look, self.job, still),
                self._items() if still else [],
                label="learn",
            )
            wants, tables = (
                still,
                [[row[n] for row in looks] for n in range(len(still))],
            )
        self.known |= found
        for number, learned in found.items():
            if "levels" in learned and TRAIN not in learned["levels"].to_list():
                self._refuse_given(number, learned["levels"].to_list())

    def _refuse_no_train(self, wants: Sequence[Want]) -> None:
        last = [result.split_rows for result in self.results[-len(self.slices) :]]
        if not any(last) or any(rows.get(0) for rows in last):
            return
        for want in wants:
            if want.train_only:
                raise DataError(
                    "there is no training row to learn from",
                    where=want.op.where,
                    fix="give train a larger share, or gather more rows",
                )

    def _refuse_given(self, number: int, levels: Sequence[str]) -> None:
        op = next(op for op in self.plan.ops if op.number == number)
        raise DataError(
            f"the given split has no {TRAIN!r}, only: {', '.join(map(str, levels))}",
            where=op.where,
            fix=f"map one of them to {TRAIN!r} in the source, or split by share",
        )

    # -- rows that meet ---------------------------------------------------------------

    def _meet(self, op: Op) -> pl.DataFrame:
        first = isinstance(op, RuleOp) and op.rule.order_dependent
        rule = isinstance(op, RuleOp) and isinstance(op.rule, KeyRule)
        name = hash_name(op)
        reduce = partial(losers, name, first) if rule else partial(sharing, name)
        tables = self.engine.exchange(
            partial(narrow, self.job.scratch, (name, f"{name}b", KEY, ROW)),
            self._items(),
            name,
            reduce,
            parts=self.rows // _MEETING_ROWS + 1,
            label=f"meet for step {op.number}",
        )
        for columns in self.columns:
            if columns is not None:
                before = dict(columns)
                columns.pop(name, None)
                columns.pop(f"{name}b", None)
                self.job.scratch.forget(before, columns)
        return pl.concat(tables).sort(ROW)

    def _twins(self) -> pl.DataFrame:
        columns = self.columns[0] or {}
        base = ID if ID in columns else KEY
        tables = self.engine.exchange(
            partial(narrow, self.job.scratch, (base, ROW)),
            self._items(),
            base,
            partial(number_twins, base, self._lost()),
            parts=self.rows // _MEETING_ROWS + 1,
            label="name rows",
        )
        return pl.concat(tables).sort(ROW)

    def _lost(self) -> pl.Series:
        """Return the rows that lose against another: of twins, never the first."""
        rules = {op.number for op in self.plan.ops if isinstance(op, RuleOp)}
        lost = [met[ROW] for number, met in self.met.items() if number in rules]
        return pl.concat(lost) if lost else pl.Series(ROW, [], dtype=pl.UInt32)

    def _examine(self, op: CheckOp) -> None:
        frames = [
            self.job.scratch.get(columns or {}, list(op.before))
            for columns in self.columns
        ]
        with in_our_words(op.where):
            for finding in op.check.examine(pl.concat(frames).lazy()):
                self.findings[op.number] = replace(finding, where=op.where)

    # -- the end ----------------------------------------------------------------------

    def _finish(self, number: int, stage: Stage) -> list[Finished]:
        last = Pass(
            job=self.job,
            number=number,
            ops=tuple(stage.ops),
            known=self.known,
            met=self.met,
            everything=True,
        )
        self.splits = self._split_names()
        work = Finish(steps=last, splits=self.splits, twins=self._twins())
        finished = self.engine.run(
            work, self._items(), label="write", alone=work.opaque
        )
        self.results += [done.result for done in finished]
        return finished

    def _split_names(self) -> tuple[str, ...]:
        op = self.plan.split
        if op is None:
            return (TRAIN,)
        levels = self.known.get(op.number, {}).get("levels")
        return op.split.names(
            [] if levels is None else [str(level) for level in levels]
        )

    def _outcome(self, finished: Sequence[Finished]) -> Outcome:
        order = {split: position for position, split in enumerate(self.splits)}
        shards = [shard for done in finished for shard in done.shards]
        shards.sort(key=lambda s: (order[s.split], s.children, s.ordinal))
        cells, dropped = ledger_files(self.results)
        return Outcome(
            plan=self.plan,
            sources=self.sources,
            identity=self.identity,
            slices=self.slices,
            gathered=self.gathered,
            entries=counted(self.entries.values(), self.results, finished),
            shards=tuple(shards),
            splits=self.splits,
            learned=tuple(sorted(self.learned, key=lambda entry: entry[:2])),
            cells=cells,
            dropped=dropped,
            report=report_of(self.plan, self.results, self.findings, rows=self.rows),
            level=self.level,
            inverses={
                (result.ordinal, *where): way
                for result in self.results
                for where, way in result.inverses.items()
            },
        )

    def _rights(self) -> dict[int, pl.DataFrame]:
        rights: dict[int, pl.DataFrame] = {}
        for op in self.plan.ops:
            if isinstance(op, JoinOp):
                with in_our_words(op.where):
                    table = self.sources[op.join.right].scan().collect()
                    rights[op.number] = prepare_right(
                        table, op.before, op.join, where=op.where
                    )
        return rights


# -- what travels to workers: plain functions -----------------------------------------


def _label(number: int, ops: Sequence[Op]) -> str:
    kinds = [op.where.rpartition(".")[2] for op in ops]
    return f"pass {number + 1}" + (f": {', '.join(kinds[:3])}" if kinds else "")
