"""What a check is: it looks, and never touches.

Most checks are a `RowCheck`: a boolean expression, and all of a recipe's row checks run
in one pass. A `KeyCheck` asks which rows share a key. Any other check gets the whole
frame, lazily, and yields what it finds.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any, ClassVar, final

import polars as pl

from seedbed.core import html
from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.errors import ContractFailed

__all__ = [
    "SAMPLE",
    "Check",
    "Finding",
    "KeyCheck",
    "Report",
    "RowCheck",
    "Severity",
    "check",
]

SAMPLE = 5
"""How many of the failing rows a finding shows."""


class Severity(StrEnum):
    """How bad it is when a check fails."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One failed check.

    Args:
        check: The kind of the check, such as ``"between"``.
        severity: How bad it is.
        message: What was expected, in words.
        column: The column, or the columns, joined by ``", "``.
        rows: How many rows fail.
        of: How many rows were looked at.
        sample: Some of the failing rows: position and value.
        quarantined: Whether the rows were moved to the quarantine.
        where: The place in the recipe.
    """

    check: str
    severity: Severity
    message: str
    column: str = ""
    rows: int = 0
    of: int = 0
    sample: tuple[tuple[int, Any], ...] = ()
    quarantined: bool = False
    where: str = ""


@dataclass(frozen=True)
class Report:
    """What the checks of a run found.

    Args:
        findings: One for each check that failed.
        checks: How many checks ran.
        rows: How many rows they looked at.
    """

    findings: tuple[Finding, ...] = ()
    checks: int = 0
    rows: int = 0

    @property
    def ok(self) -> bool:
        """Whether no error is left: warnings and quarantined rows are allowed."""
        return not self.errors

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that fail a run."""
        return tuple(
            finding
            for finding in self.findings
            if finding.severity is Severity.ERROR and not finding.quarantined
        )

    def to_frame(self) -> pl.DataFrame:
        """Return one row a finding; values in samples are shown as text."""
        rows = [
            {**asdict(f), "severity": str(f.severity), "sample": _show(f.sample)}
            for f in self.findings
        ]
        return pl.DataFrame(rows, schema=_REPORT)

    def raise_if_failed(self, *, where: str = "", fix: str = "") -> None:
        """Raise `ContractFailed`, which holds this report, unless all is well."""
        if self.ok:
            return
        worst = "; ".join(f"{f.column}: {f.message}" for f in self.errors[:3])
        error = ContractFailed(
            f"{len(self.errors)} of {self.checks} checks failed ({worst})",
            where=where or self.errors[0].where,
            fix=fix or "look at .report, mend the data, or set severity: warning",
        )
        error.report = self
        raise error

    def to_html(self) -> str:
        """Return what a notebook shows: the verdict, and one line a finding."""
        failed = len(self.findings)
        verdict = "all is well" if self.ok else "failed"
        if self.ok and failed:
            verdict = "passed, with warnings or quarantined rows"
        told = [("checks", self.checks), ("rows", self.rows), ("findings", failed)]
        pairs = told[:2] if not failed else told
        table = self.to_frame().select(
            pl.when("quarantined")
            .then(pl.lit("to quarantine"))
            .otherwise("severity")
            .alias("severity"),
            "check",
            "column",
            pl.col("message").alias("expected"),
            pl.col("rows").alias("rows that fail"),
            pl.col("sample").alias("for example (row: value)"),
        )
        return html.block(
            f"Report: {verdict}",
            html.facts(pairs),
            html.table(table, rows=_SHOWN, types=False) if failed else "",
        )

    def _repr_html_(self) -> str:
        return self.to_html()

    def __add__(self, other: "Report") -> "Report":
        """Return both reports as one."""
        return Report(
            findings=self.findings + other.findings,
            checks=self.checks + other.checks,
            rows=max(self.rows, other.rows),
        )


@dataclass(frozen=True, kw_only=True)
class Check(Part, ABC):
    """One expectation about a frame.

    Args:
        severity: How bad it is when it fails; an error stops a run.
        quarantine: Move the failing rows out of the data, into the quarantine of the
            version, instead of failing.
    """

    can_quarantine: ClassVar[bool] = False
    group: ClassVar[str] = "@all"

    severity: Severity = Severity.ERROR
    quarantine: bool = False

    @property
    @abstractmethod
    def reads(self) -> tuple[str, ...]:
        """The columns that it looks at; they must be there."""

    @property
    @abstractmethod
    def message(self) -> str:
        """What is expected, in words."""

    @abstractmethod
    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        """Yield what is wrong with `frame`."""

    def finding(
        self,
        rows: int,
        *,
        of: int,
        sample: Sequence[tuple[int, Any]] = (),
        where: str = "",
    ) -> Finding:
        """Return the finding that `rows` rows fail."""
        return Finding(
            check=self.kind,
            severity=self.severity,
            message=self.message,
            column=", ".join(self.reads),
            rows=rows,
            of=of,
            sample=tuple(sample),
            quarantined=self.quarantine,
            where=where,
        )


@dataclass(frozen=True, kw_only=True)
class RowCheck(Check):
    """A check of each row on its own."""

    can_quarantine: ClassVar[bool] = True

    @abstractmethod
    def valid(self) -> pl.Expr:
        """Return an expression that is true for a good row, null for one to pass over."""

    @final
    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        """Yield one finding if a row is not valid."""
        yield from _found(self, frame, ~self.valid().fill_null(value=True))


@dataclass(frozen=True, kw_only=True)
class KeyCheck(Check):
    """A check that no two rows share a key; a row with a null in its key is passed over."""

    can_quarantine: ClassVar[bool] = True

    @final
    def examine(self, frame: pl.LazyFrame) -> Iterable[Finding]:
        """Yield one finding if rows share a key."""
        key = pl.struct(self.reads)
        known = pl.all_horizontal(pl.col(self.reads).is_not_null())
        yield from _found(self, frame, key.is_duplicated() & known)


check: Registry[Check] = Registry("check")
"""Register a check: ``@check("between")`` above a frozen dataclass."""

_SHOWN = 20
"""How many findings a notebook shows."""

_REPORT = {
    "check": pl.String,
    "severity": pl.String,
    "message": pl.String,
    "column": pl.String,
    "rows": pl.Int64,
    "of": pl.Int64,
    "sample": pl.String,
    "quarantined": pl.Boolean,
    "where": pl.String,
}


def _found(check: Check, frame: pl.LazyFrame, bad: pl.Expr) -> Iterable[Finding]:
    table = frame.select(check.reads).with_columns(bad.alias("_bad")).collect()
    at = table["_bad"].arg_true()
    if len(at):
        first = at.head(SAMPLE)
        values = table.select(check.reads).select(pl.all().gather(first)).rows()
        shown = [v[0] if len(v) == 1 else v for v in values]
        yield check.finding(
            len(at), of=table.height, sample=list(zip(first, shown, strict=True))
        )


def _show(sample: Sequence[tuple[int, Any]]) -> str:
    return ", ".join(f"{row}: {value!r}" for row, value in sample)
