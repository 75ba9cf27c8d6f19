"""Checks that a value is there, and that it is there once."""

from dataclasses import dataclass

import polars as pl
from polars import selectors as cs

from seedbed.errors import BadSpec
from seedbed.validation.base import KeyCheck, RowCheck, check

__all__ = ["NotNull", "Unique"]


@check("not_null")
@dataclass(frozen=True, kw_only=True)
class NotNull(RowCheck):
    """Every row has a value.

    In a column of floats NaN counts as missing, too: it is what a division by zero or
    another tool's missing value turns into, and no trainer can use it. An empty text is
    a value; turn it into a null with the rule ``null_tokens`` if it is none.

    Use it on the target and on whatever a model cannot do without. Do not use it before
    the rule that fills the gaps.

    Args:
        column: The column to look at; of any type.

    Examples:
        >>> from seedbed.validation import run_row_checks
        >>> frame = pl.DataFrame({"age": [31.0, None, float("nan")]})
        >>> run_row_checks(frame, [NotNull(column="age")]).to_series().to_list()
        [False, True, True]
    """

    column: str

    @property
    def reads(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def message(self) -> str:
        """What is expected, in words."""
        return "must not be missing"

    def valid(self) -> pl.Expr:
        """Return true where there is a value; never null."""
        # Only floats know `is_nan`; of any other column the selector picks nothing,
        # and "any of nothing" is false.
        nan = pl.any_horizontal((cs.by_name(self.column) & cs.float()).is_nan())
        return pl.col(self.column).is_not_null() & ~nan.fill_null(value=False)


@check("unique")
@dataclass(frozen=True, kw_only=True)
class Unique(KeyCheck):
    """No two rows share a key.

    All rows of a shared key fail, the first one included, for no row can say which of
    them is right. A row with a null in its key is passed over: ask for it with
    ``not_null``. Two NaN are equal here.

    Use it on ids, and on the columns that a join goes by. To drop repeated rows instead
    of failing, use the rule ``drop_duplicates``.

    Args:
        column: The column, or the columns that together are the key.

    Raises:
        BadSpec: No column is named, or one is named twice.

    Examples:
        >>> frame = pl.LazyFrame({"id": [1, 2, 1, None]})
        >>> [found] = Unique(column="id").examine(frame)
        >>> found.rows, found.sample
        (2, ((0, 1), (2, 1)))
    """

    column: str | tuple[str, ...]

    def __post_init__(self) -> None:
        if not self.reads or len(set(self.reads)) < len(self.reads):
            raise BadSpec(
                f"the key {self.column!r} names no column, or one twice",
                where=f"check {self.kind!r}",
                fix="column: id, or for a key of several: column: [order, line]",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns of the key."""
        return (self.column,) if isinstance(self.column, str) else self.column

    @property
    def message(self) -> str:
        """What is expected, in words."""
        return "must be unique" + (" together" if len(self.reads) > 1 else "")
