"""Hold a check to its promises."""

import polars as pl

from seedbed.core.columns import require_columns
from seedbed.core.rowlocal import row_local
from seedbed.testing.parts import check_part, promise, same
from seedbed.validation.base import SAMPLE, Check, Finding, KeyCheck, RowCheck

__all__ = ["check_check"]


def check_check(check: Check, rows: pl.DataFrame) -> None:
    """Assert that a check keeps the promises that every check makes.

    Among them: its settings are its YAML and its digest; it looks and never touches;
    it finds the same each time; a row check judges each row alone, and says true,
    false, or nothing; nothing is wrong with no rows at all.

    Args:
        check: The check.
        rows: Some rows that it looks at: good, bad and missing values.

    Raises:
        AssertionError: A promise is broken; the message says which.
    """
    check_part(check)
    promise(check.message, check, "it does not say what it expects")
    promise(not check.message.endswith("."), check, "its message ends with a full stop")
    require_columns(check.reads, rows.schema, where=f"check {check.kind!r}")
    if isinstance(check, RowCheck):
        _check_rows(check, rows)
    before = rows.clone()
    found = _examine(check, rows)
    promise(same(rows, before), check, "it changes the frame that it looks at")
    # By text: a NaN in a sample is not equal to itself.
    again = repr(_examine(check, rows))
    promise(again == repr(found), check, "it finds other things each time")
    only = repr(_examine(check, rows.select(check.reads)))
    promise(only == repr(found), check, _BEYOND)
    for finding in found:
        _check_finding(check, finding, rows)
    if isinstance(check, RowCheck | KeyCheck):
        turned = _examine(check, rows.reverse())
        promise(_failing(turned) == _failing(found), check, "the order of rows counts")
        nothing = _examine(check, rows.clear())
        promise(not nothing, check, "it finds something wrong where there are no rows")
    if isinstance(check, RowCheck):
        bad = rows.filter(~check.valid()).height
        promise(bad == _failing(found), check, "`valid` and `examine` disagree")


_BEYOND = "it looks at columns that are not in `reads`"


def _examine(check: Check, rows: pl.DataFrame) -> list[Finding]:
    try:
        return list(check.examine(rows.lazy()))
    except pl.exceptions.ColumnNotFoundError as error:
        raise AssertionError(f"{check.kind!r}: {_BEYOND}: {error}") from error


def _failing(found: list[Finding]) -> int:
    return sum(finding.rows for finding in found)


def _check_finding(check: Check, finding: Finding, rows: pl.DataFrame) -> None:
    promise(finding.check == check.kind, check, "its finding has another name")
    promise(finding.severity == check.severity, check, "it does not keep the severity")
    promise(0 <= finding.rows <= finding.of, check, "more rows fail than there are")
    promise(finding.of <= rows.height, check, "it looked at more rows than there are")
    places = [place for place, _ in finding.sample]
    promise(len(places) <= SAMPLE, check, f"its sample shows more than {SAMPLE} rows")
    promise(
        all(0 <= place < rows.height for place in places),
        check,
        "its sample shows rows that are not there",
    )
    if finding.quarantined:
        promise(
            check.can_quarantine, check, "it says `quarantined`, but cannot do that"
        )


def _check_rows(check: RowCheck, rows: pl.DataFrame) -> None:
    valid = check.valid()
    unknown = sorted(set(valid.meta.root_names()) - set(check.reads))
    promise(not unknown, check, f"{_BEYOND}: {unknown}")
    promise(row_local(valid) is not False, check, f"this looks at other rows: {valid}")
    whole = rows.select(valid.alias("valid"))
    promise(
        whole.schema["valid"] == pl.Boolean, check, "`valid` is neither true nor false"
    )
    promise(whole.height == rows.height, check, "`valid` is not one value a row")
    if not rows.is_empty():
        alone = [row.select(valid.alias("valid")) for row in rows.iter_slices(1)]
        promise(same(pl.concat(alone), whole), check, "a row is judged by its company")
