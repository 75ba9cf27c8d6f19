"""One pass over one slice: take its columns, run some steps, write down what they did.

A pass is a plain function of a slice and of what was learned so far. It reads the columns
that its steps need, materialises after every step, compares, and keeps the columns that
changed. At its end it takes what the next steps have to learn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from seedbed.cleaning import (
    ColumnRule,
    Effect,
    KeyRule,
    Learned,
    RowRule,
    Scope,
)
from seedbed.core.cells import changed
from seedbed.core.frame import HIDDEN, KEY, ROW, SPLIT
from seedbed.engine.job import Item, Job, PassResult, Seen, Want
from seedbed.engine.loading import gathered_slice
from seedbed.engine.scratch import Columns
from seedbed.engine.touching import (
    hash_columns,
    key_columns,
    reads_of,
    writes_of,
)
from seedbed.engine.translate import in_our_words
from seedbed.errors import DataError
from seedbed.ledger import REASON, SURVIVOR, Recorder
from seedbed.plan import AugmentOp, CheckOp, JoinOp, Op, RuleOp, SplitOp
from seedbed.unify import attach
from seedbed.validation import SAMPLE, KeyCheck, RowCheck
from seedbed.validation.compile import run_row_checks

__all__ = ["Pass", "at_rows", "of_slice"]


@dataclass(frozen=True, kw_only=True)
class Pass:
    """Run some steps on a slice.

    Args:
        job: What all passes share.
        number: The position of the pass.
        ops: The steps.
        known: What was learned for them, by the number of the step.
        met: Rows that met by key, by the number of the step: for a rule the rows to
            drop and who survives, for a check the rows that share a key.
        wants: What to learn at the end.
        keyed: The steps whose keys to write at the end.
        everything: Take all columns, whatever the steps need.
    """

    job: Job
    number: int
    ops: tuple[Op, ...]
    known: Mapping[int, Learned] = field(default_factory=dict[int, Learned])
    met: Mapping[int, pl.DataFrame] = field(default_factory=dict[int, pl.DataFrame])
    wants: tuple[Want, ...] = ()
    keyed: tuple[Op, ...] = ()
    everything: bool = False

    @property
    def opaque(self) -> bool:
        """Whether a step runs Python that the engine cannot look into."""
        return any(isinstance(op, RuleOp) and op.rule.opaque for op in self.ops)

    def __call__(self, item: Item) -> PassResult:
        """Run the steps on one slice and keep its columns for the next pass."""
        frame, result = self.work(item)
        for want in self.wants:
            result.partials.append(want.look(frame))
        name = f"{item.slice.ordinal:06}-{self.number:02}.arrow"
        with in_our_words(f"pass {self.number}"):
            result.columns = self._keep(item, frame, name)
        return result

    def work(self, item: Item) -> tuple[pl.DataFrame, PassResult]:
        """Run the steps on one slice and return its rows."""
        name = f"{item.slice.ordinal:06}-{self.number:02}"
        recorder = Recorder(self.job.folder, name, self.job.level)
        result = PassResult(
            ordinal=item.slice.ordinal,
            columns={},
            rows=0,
            split_rows={},
            partials=[],
            seen={},
            changed=recorder.changed,
            dropped=recorder.dropped_rows,
            ledger_files=recorder.files,
            inverses=recorder.inverses,
        )
        frame = self._load(item, recorder, result)
        frame = self._steps(frame, recorder, result)
        with in_our_words(f"pass {self.number}"):
            recorder.close()
        result.rows = frame.height
        if SPLIT in frame.columns:
            result.split_rows = dict(frame[SPLIT].value_counts().iter_rows())
        return frame, result

    # -- columns in and out -----------------------------------------------------------

    def _load(self, item: Item, recorder: Recorder, result: PassResult) -> pl.DataFrame:
        if item.columns is None:
            frame, result.gathered = gathered_slice(self.job, item.slice, recorder)
            return frame
        names = self._needed(item.columns)
        return self.job.scratch.get(item.columns, names)

    def _needed(self, columns: Columns) -> list[str]:
        if self.everything:
            return list(columns)
        needed: set[str] = {ROW, KEY} | ({SPLIT} & set(columns))
        for op in self.ops:
            reads = reads_of(op)
            if reads is None:
                return list(columns)
            needed.update(reads)
        for want in self.wants:
            needed.update(want.statistic.reads)
        for op in self.keyed:
            needed.update(key_columns(op))
        return [name for name in columns if name in needed]

    def _keep(self, item: Item, frame: pl.DataFrame, name: str) -> Columns:
        hashes = [half for op in self.keyed for half in hash_columns(op, frame)]
        if item.columns is None or any(writes_of(op) is None for op in self.ops):
            return self.job.scratch.put(name, frame.with_columns(hashes))
        written = {column for op in self.ops for column in writes_of(op) or ()}
        changed = frame.select(c for c in frame.columns if c in written)
        kept = dict(item.columns)
        if changed.width or hashes:
            kept |= self.job.scratch.put(name, changed.with_columns(hashes))
        return kept

    # -- steps ------------------------------------------------------------------------

    def _steps(
        self, frame: pl.DataFrame, recorder: Recorder, result: PassResult
    ) -> pl.DataFrame:
        for group in _together(self.ops):
            first = group[0]
            with in_our_words(first.where):
                match first:
                    case CheckOp():
                        checks = [op for op in group if isinstance(op, CheckOp)]
                        frame = self._check(checks, frame, recorder, result)
                    case RuleOp():
                        frame = self._rule(first, frame, recorder)
                    case JoinOp():
                        frame = self._join(first, frame, recorder)
                    case SplitOp():
                        frame = self._split(first, frame)
                    case AugmentOp():
                        pass  # children are made when the rows are written
        return frame

    def _join(
        self, op: JoinOp, frame: pl.DataFrame, recorder: Recorder
    ) -> pl.DataFrame:
        met = self.met.get(op.number)
        if met is not None and met.height:
            keys = ", ".join(op.join.keys)
            raise DataError(
                f"{met.height} rows of {op.join.left!r} share a value of {keys}, and the "
                "join expects one-to-one",
                where=op.where,
                fix="write 'expect: many-to-one', or drop the duplicates at the source",
            )
        joined = attach(frame.lazy(), self.job.rights[op.number], op.join).collect()
        matched = joined["_matched"]
        if op.join.how == "inner" and not matched.all():
            gone = frame.filter(~matched).with_columns(
                pl.lit(f"no match in {op.join.right!r}").alias(REASON)
            )
            recorder.drop(self.job.entries[op.number], gone)
            joined = joined.filter(matched)
        hidden = [name for name in frame.columns if name in HIDDEN]
        return joined.select(*op.after, *hidden)

    def _rule(
        self, op: RuleOp, frame: pl.DataFrame, recorder: Recorder
    ) -> pl.DataFrame:
        rule, entry = op.rule, self.job.entries[op.number]
        if isinstance(rule, KeyRule):
            return self._lose(op, frame, recorder)
        learned = self.known.get(op.number, {})
        train = _train(frame) if rule.scope is Scope.TRAIN else None
        if isinstance(rule, RowRule):
            keep = frame.select(rule.keep(op.names, learned)).to_series()
            keep = keep.fill_null(value=False)
            keep = keep if train is None else keep | ~train
            if not keep.all():
                gone = frame.filter(~keep)
                recorder.drop(
                    entry, gone.with_columns(pl.lit(entry.says).alias(REASON))
                )
                frame = frame.filter(keep)
            return frame
        if isinstance(rule, ColumnRule):
            self._refuse_cells(op, frame)
            after = rule.apply(frame.lazy(), op.names, learned).collect(
                engine="in-memory"
            )
            touched: Sequence[str] = op.names
        else:
            after = self._whole(op, frame, learned)
            touched = list(op.before) if rule.effect is Effect.COLUMNS else op.names
        if after.height != frame.height:
            raise DataError(
                f"rule {rule.kind!r} promised to keep all rows and made {after.height} of "
                f"{frame.height}",
                where=op.where,
                fix="run `seedbed.testing.check_rule` on it",
            )
        if train is not None:
            after = after.with_columns(
                after[name].zip_with(train, frame[name]) for name in touched
            )
        if rule.effect is Effect.VALUES and not isinstance(rule, ColumnRule):
            _refuse_touched(op, frame, after)
        recorder.compare(entry, frame, after, touched)
        return after

    def _whole(self, op: RuleOp, frame: pl.DataFrame, learned: Learned) -> pl.DataFrame:
        """Apply a rule that is free to build a frame of its own from the user's columns."""
        users = [name for name in frame.columns if name not in HIDDEN]
        hidden = [name for name in frame.columns if name in HIDDEN]
        after = op.rule.apply(frame.lazy().select(users), op.names, learned).collect()
        if after.height != frame.height:
            return after
        return after.with_columns(frame.select(hidden).get_columns())

    def _refuse_cells(self, op: RuleOp, frame: pl.DataFrame) -> None:
        for name in op.names:
            refused = op.rule.refuses(pl.col(name))
            if refused is None:
                continue
            bad = frame.filter(refused.fill_null(value=False)).select(ROW, name).head(3)
            if bad.height:
                shown = ", ".join(
                    f"{value!r} in row {row}" for row, value in bad.iter_rows()
                )
                raise DataError(
                    f"rule {op.rule.kind!r} cannot read column {name!r}: {shown}",
                    where=op.where,
                    fix="mend the source, or let such cells become missing: unparsable: null",
                )

    def _lose(
        self, op: RuleOp, frame: pl.DataFrame, recorder: Recorder
    ) -> pl.DataFrame:
        losers = of_slice(self.met[op.number], frame)
        if losers.is_empty():
            return frame
        lost = at_rows(frame, losers[ROW])
        gone = frame.filter(lost).with_columns(
            losers["survivor"].alias(SURVIVOR),
            pl.lit("another row has its key").alias(REASON),
        )
        recorder.drop(self.job.entries[op.number], gone)
        return frame.filter(~lost)

    def _split(self, op: SplitOp, frame: pl.DataFrame) -> pl.DataFrame:
        sides = op.split.assign(
            frame,
            keys=frame[KEY],
            seed=self.job.plan.recipe.seed,
            levels=self.known.get(op.number, {}).get("levels", ()),
        )
        return frame.with_columns(sides)

    def _check(
        self,
        ops: Sequence[CheckOp],
        frame: pl.DataFrame,
        recorder: Recorder,
        result: PassResult,
    ) -> pl.DataFrame:
        row_checks = [op.check for op in ops if isinstance(op.check, RowCheck)]
        masks = run_row_checks(frame, row_checks) if row_checks else pl.DataFrame()
        column = iter(masks.get_columns())
        bad: pl.Series
        left = pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)
        for op in ops:
            if isinstance(op.check, RowCheck):
                bad = next(column)
            elif isinstance(op.check, KeyCheck):
                shared = of_slice(self.met[op.number], frame)
                bad = at_rows(frame, shared[ROW])
            else:
                continue
            # What an earlier check put into the quarantine is not there any more.
            bad &= left
            count = int(bad.sum() or 0)
            seen = Seen(bad=count, rows=int(left.sum() or 0), sample=[])
            result.seen[op.number] = seen
            if count:
                seen.sample = _sample(frame, bad, op.check.reads)
                if op.check.quarantine:
                    reason = pl.lit(op.check.message).alias(REASON)
                    rows = frame.filter(bad).with_columns(reason)
                    recorder.drop(self.job.entries[op.number], rows)
                    left &= ~bad
        return frame if left.all() else frame.filter(left)


def _together(ops: Sequence[Op]) -> Iterator[list[Op]]:
    """Yield the steps one by one, but neighbouring checks together."""
    group: list[Op] = []
    for op in ops:
        if group and not (isinstance(op, CheckOp) and isinstance(group[0], CheckOp)):
            yield group
            group = []
        group.append(op)
    if group:
        yield group


def of_slice(table: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of a table, sorted by row, that a slice can hold."""
    if frame.is_empty() or table.is_empty():
        return table.clear()
    first, last = frame[ROW][0], frame[ROW][-1]
    start = int(table[ROW].search_sorted(first, side="left"))
    end = int(table[ROW].search_sorted(last, side="right"))
    return table.slice(start, end - start)


def at_rows(frame: pl.DataFrame, rows: pl.Series) -> pl.Series:
    """Return a mask of the rows of a slice that stand in `rows`; both are sorted."""
    at = frame[ROW].search_sorted(rows)
    mask = pl.repeat(value=False, n=frame.height, dtype=pl.Boolean, eager=True)
    return mask.scatter(at, True) if len(at) else mask  # noqa: FBT003


def _refuse_touched(op: RuleOp, frame: pl.DataFrame, after: pl.DataFrame) -> None:
    """Refuse what a rule did to columns that it was not told to work on."""
    for name in frame.columns:
        if name not in op.names and not _same(frame[name], after, name):
            raise DataError(
                f"rule {op.rule.kind!r} promised to change {', '.join(op.names)} only, "
                f"and changed {name!r}",
                where=op.where,
                fix="run `seedbed.testing.check_rule` on it",
            )


def _same(before: pl.Series, after: pl.DataFrame, name: str) -> bool:
    if name not in after.columns or after.schema[name] != before.dtype:
        return False
    return not changed(before, after[name]).any()


def _train(frame: pl.DataFrame) -> pl.Series:
    if SPLIT in frame.columns:
        return frame[SPLIT] == 0
    return pl.repeat(value=True, n=frame.height, dtype=pl.Boolean, eager=True)


def _sample(
    frame: pl.DataFrame, bad: pl.Series, names: Sequence[str]
) -> list[tuple[int, Any]]:
    at = bad.arg_true().head(SAMPLE)
    rows = frame.select(ROW, *names)[at].rows()
    return [(row, rest[0] if len(rest) == 1 else rest) for row, *rest in rows]
