"""Many row checks as one pass over the rows."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from seedbed.errors import WrongType
from seedbed.validation.base import RowCheck

__all__ = ["fuse", "run_row_checks"]


def fuse(checks: Sequence[RowCheck]) -> list[pl.Expr]:
    """Return one expression a check, true where a row fails it and never null.

    They are named by position: ``_check_0``, ``_check_1``, and so on.
    """
    return [
        (~check.valid().fill_null(value=True)).alias(f"_check_{position}")
        for position, check in enumerate(checks)
    ]


def run_row_checks(frame: pl.DataFrame, checks: Sequence[RowCheck]) -> pl.DataFrame:
    """Return which rows fail which check; all checks run in one query.

    A row that a check passes over, such as one without a value, does not fail it.

    Args:
        frame: The rows.
        checks: The checks; their columns must be there.

    Returns:
        One boolean column a check, named as in `fuse`; as many rows as `frame`.

    Raises:
        WrongType: A check meets a column of a type that it cannot look at.

    Examples:
        >>> from seedbed.validation import Between, NotNull
        >>> frame = pl.DataFrame({"age": [31, -4, None]})
        >>> run_row_checks(
        ...     frame, [NotNull(column="age"), Between(column="age", low=0)]
        ... ).rows()
        [(False, False), (False, True), (True, False)]
    """
    try:
        return _masks(frame, fuse(checks))
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        for position, mask in enumerate(fuse(checks)):
            _ask_alone(frame, checks[position], mask)
        raise  # each alone is well: nothing that one check could be blamed for


def _masks(frame: pl.DataFrame, masks: list[pl.Expr]) -> pl.DataFrame:
    # `with_columns` first: a mask that looks at no column must still have all rows.
    names = [mask.meta.output_name() for mask in masks]
    return frame.lazy().with_columns(masks).select(names).collect()


def _ask_alone(frame: pl.DataFrame, check: RowCheck, mask: pl.Expr) -> None:
    """Raise the error of one check in the words of its user, if it has one."""
    try:
        _masks(frame, [mask])
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        kinds: dict[str, Any] = {name: frame.schema.get(name) for name in check.reads}
        found = ", ".join(f"{name!r} holds {kind}" for name, kind in kinds.items())
        reason = str(error).partition("\n")[0]
        raise WrongType(
            f"the check {check.kind!r} cannot look at this: {found} ({reason})",
            where=f"check {check.kind!r}",
            fix=f"give it a column of {check.group.removeprefix('@')}, "
            "or convert the column first, with `to_number` or `to_date`",
        ) from None
