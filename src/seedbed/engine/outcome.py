"""What running a plan brought: put together from what each pass brought."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import polars as pl

from seedbed.engine.finish import Finished, Shard
from seedbed.engine.gathering import Gathered, Slice
from seedbed.engine.job import PassResult, Seen
from seedbed.ledger import GATHER, Level, StepEntry
from seedbed.plan import Plan
from seedbed.validation import SAMPLE, Finding, Report

__all__ = ["Outcome", "counted", "first_entries", "ledger_files", "report_of"]


LedgerFile: TypeAlias = tuple[str, int, int, int]
"""A file of the ledger: name, slice, step (-1 for many), rows."""


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """What running a plan brought; files lie in the folder of the run.

    Args:
        plan: The plan.
        sources: The gathered sources.
        identity: The columns that content keys were taken over, by source.
        slices: The slices, in order.
        gathered: The content id of each slice as gathered.
        entries: The steps with their counts.
        shards: The rows that came out.
        splits: The names of the splits.
        learned: What was learned: step, name, table.
        cells: Files of changed cells: name, slice, step, rows.
        dropped: Files of dropped rows: name, slice, step, rows.
        report: What the checks found.
        level: How much the ledger kept.
        inverses: For the ledger: slice, step and column to how it is written back.
    """

    plan: Plan
    sources: Mapping[str, Gathered]
    identity: Mapping[str, tuple[str, ...]]
    slices: tuple[Slice, ...]
    gathered: tuple[str, ...]
    entries: tuple[StepEntry, ...]
    shards: tuple[Shard, ...]
    splits: tuple[str, ...]
    learned: tuple[tuple[int, str, pl.DataFrame], ...]
    cells: tuple[LedgerFile, ...]
    dropped: tuple[LedgerFile, ...]
    report: Report
    level: Level
    inverses: Mapping[tuple[int, int, str], str]


def first_entries(plan: Plan, sources: Mapping[str, Gathered]) -> list[StepEntry]:
    """Return the steps of a plan, gathering first, as the ledger knows them."""
    found: list[StepEntry] = []
    for name in plan.stack:
        decoded = sources[name].decoded
        raw = {
            n: pl.String() if n in decoded.types else k
            for n, k in decoded.schema.items()
        }
        found.append(
            StepEntry(
                number=len(found),
                where=f"source {name!r}",
                kind=GATHER,
                before=pl.Schema(raw),
                after=decoded.schema,
                source=name,
            )
        )
        if len(plan.stack) > 1:
            found.append(
                StepEntry(
                    number=len(found),
                    where=f"source {name!r}",
                    kind="stack",
                    before=decoded.schema,
                    after=plan.start,
                    source=name,
                )
            )
    return found + [plan.entry(op) for op in plan.ops]


def counted(
    entries: Iterable[StepEntry],
    results: Sequence[PassResult],
    finished: Sequence[Finished],
) -> tuple[StepEntry, ...]:
    """Return the steps with what all passes counted."""
    changed, dropped, made = Counter[tuple[int, str]](), Counter[int](), Counter[int]()
    skipped: dict[int, Counter[str]] = {}
    for result in results:
        changed.update(result.changed)
        dropped.update(result.dropped)
    for done in finished:
        made.update(done.made)
        for number, reasons in done.skipped.items():
            skipped.setdefault(number, Counter()).update(reasons)
    return tuple(
        replace(
            entry,
            changed={
                column: changed[entry.number, column]
                for column in entry.before
                if changed[entry.number, column]
            },
            dropped=dropped[entry.number],
            made=made[entry.number],
            skipped=dict(skipped.get(entry.number, {})),
        )
        for entry in sorted(entries, key=lambda entry: entry.number)
    )


def ledger_files(
    results: Sequence[PassResult],
) -> tuple[tuple[LedgerFile, ...], tuple[LedgerFile, ...]]:
    """Return the files of changed cells and those of dropped rows, in a fixed order."""
    files = [
        (name, result.ordinal, step, rows)
        for result in results
        for name, step, rows in result.ledger_files
    ]
    cells = sorted((f for f in files if f[2] < 0), key=lambda f: (f[1], f[0]))
    dropped = sorted((f for f in files if f[2] >= 0), key=lambda f: (f[2], f[1]))
    return tuple(cells), tuple(dropped)


def report_of(
    plan: Plan,
    results: Sequence[PassResult],
    findings: Mapping[int, Finding],
    *,
    rows: int,
) -> Report:
    """Return what the checks found, in the order of the steps.

    Args:
        plan: The plan.
        results: What the passes saw.
        findings: What checks of whole frames found, by step.
        rows: How many rows there are, where no check of rows counted them.
    """
    checks = {op.number: op for op in plan.checks}
    seen: dict[int, Seen] = {}
    for result in results:
        for number, part in result.seen.items():
            so_far = seen.setdefault(number, Seen(bad=0, rows=0, sample=[]))
            so_far.bad += part.bad
            so_far.rows += part.rows
            so_far.sample += part.sample
    found = dict(findings)
    for number, all_of in seen.items():
        if all_of.bad:
            op = checks[number]
            found[number] = op.check.finding(
                all_of.bad,
                of=all_of.rows,
                sample=all_of.sample[:SAMPLE],
                where=op.where,
            )
    return Report(
        findings=tuple(found[number] for number in sorted(found)),
        checks=len(checks),
        rows=max((all_of.rows for all_of in seen.values()), default=rows),
    )
