"""Rules that read texts as what they stand for: numbers and dates."""

import datetime
import re
from dataclasses import dataclass
from typing import ClassVar, Literal

import polars as pl

from seedbed.cleaning.base import ColumnRule, Learned, rule
from seedbed.errors import BadSpec

__all__ = ["ToDate", "ToNumber"]


@rule("to_number")
@dataclass(frozen=True, kw_only=True)
class ToNumber(ColumnRule):
    """Read texts as numbers, strictly.

    A number is made of digits, with an optional sign; a float may have a fraction and
    an exponent. Blanks around it, units, words such as ``inf``, numbers too large for
    the type, and a thousands separator out of its place are not read: such a cell
    becomes missing (the ledger keeps what it was) or stops the run.

    Use `trim` and `null_tokens` before it. Do not use it on codes: postal codes,
    telephone numbers and the like are texts that happen to hold digits.

    Args:
        columns: The columns to work on; they must hold strings.
        into: ``float`` (Float64) or ``int`` (Int64; ``"1.0"`` is no integer).
        decimal: The decimal mark.
        thousands: The separator between groups of three digits, where there is one.
            Numbers written without it are read, too.
        unparsable: What to do with a text that is no number: ``null`` makes it
            missing, ``error`` stops the run.

    Raises:
        BadSpec: The marks are the same, or are no single mark.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> euro = ToNumber(columns="price", decimal=",", thousands=".")
        >>> rows = {"price": ["1.234,50", "12", "1.2", "free", None]}
        >>> try_rule(euro, train=rows)["price"].to_list()
        [1234.5, 12.0, None, None, None]
    """

    accepts: ClassVar[str] = "@string"

    into: Literal["int", "float"] = "float"
    decimal: Literal[".", ","] = "."
    thousands: str | None = None
    unparsable: Literal["null", "error"] = "null"

    def __post_init__(self) -> None:
        mark = self.thousands
        if mark is None:
            return
        if len(mark) != 1 or mark.isalnum() or mark in "+-":
            raise BadSpec(
                f"thousands must be one mark, not {mark!r}",
                where=f"rule {self.kind!r}",
                fix="such as ',' or '.' or ' '; leave it out where there is none",
            )
        if mark == self.decimal:
            raise BadSpec(
                f"thousands and decimal are both {mark!r}",
                where=f"rule {self.kind!r}",
                fix="1.234,5 has decimal: ',' and thousands: '.'",
            )

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:  # noqa: ARG002
        """Return the numbers, and null where there is none."""
        text = self._plain(column)
        if self.into == "int":
            return text.cast(pl.Int64, strict=False)
        number = text.cast(pl.Float64, strict=False)
        return pl.when(number.is_finite()).then(number)

    def refuses(self, column: pl.Expr) -> pl.Expr | None:
        """Return the cells that hold a text which is no number, if these are errors."""
        if self.unparsable == "null":
            return None
        return column.is_not_null() & self.rewrite(column, {}).is_null()

    def _plain(self, column: pl.Expr) -> pl.Expr:
        """Return the texts as a computer writes numbers."""
        text = column
        if self.thousands is not None:
            mark, point = re.escape(self.thousands), re.escape(self.decimal)
            groups = rf"^[+-]?(?:\d+|\d{{1,3}}(?:{mark}\d{{3}})+)?(?:{point}\d*)?"
            whole = text.str.contains(groups + r"(?:[eE][+-]?\d+)?$")
            bare = text.str.replace_all(self.thousands, "", literal=True)
            text = pl.when(whole).then(bare)
        if self.decimal != ".":
            foreign = text.str.contains(".", literal=True)
            pointed = text.str.replace_all(self.decimal, ".", literal=True)
            text = pl.when(~foreign).then(pointed)
        return text


@rule("to_date")
@dataclass(frozen=True, kw_only=True)
class ToDate(ColumnRule):
    """Read texts as dates of one given format.

    The whole text must be such a date; nothing is guessed, for ``03/04/05`` is one of
    six days. A cell that is no date becomes missing (the ledger keeps what it was) or
    stops the run.

    Where a column mixes formats, find out who wrote which, and use one rule for each.

    Args:
        columns: The columns to work on; they must hold strings.
        format: The format, in the letters of strftime.
        unparsable: What to do with a text that is no date: ``null`` makes it missing,
            ``error`` stops the run.

    Raises:
        BadSpec: The format does not say year, month and day.

    Source:
        https://docs.rs/chrono/latest/chrono/format/strftime/index.html

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"born": ["24.12.1999", "31.02.2000", None]}
        >>> born = ToDate(columns="born", format="%d.%m.%Y")
        >>> [str(day) for day in try_rule(born, train=rows)["born"]]
        ['1999-12-24', 'None', 'None']
    """

    accepts: ClassVar[str] = "@string"

    format: str = "%Y-%m-%d"
    unparsable: Literal["null", "error"] = "null"

    def __post_init__(self) -> None:
        day = pl.Series([datetime.date(2012, 10, 31)])
        try:
            text = day.dt.to_string(self.format)
            there_and_back = text.str.to_date(self.format, strict=False).equals(day)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
            there_and_back = False
        if not there_and_back:
            raise BadSpec(
                f"the format {self.format!r} does not say a date",
                where=f"rule {self.kind!r}",
                fix="it needs year, month and day, such as '%d.%m.%Y'",
            )

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:  # noqa: ARG002
        """Return the dates, and null where there is none."""
        return column.str.to_date(self.format, strict=False)

    def refuses(self, column: pl.Expr) -> pl.Expr | None:
        """Return the cells that hold a text which is no date, if these are errors."""
        if self.unparsable == "null":
            return None
        return column.is_not_null() & self.rewrite(column, {}).is_null()

    def inverse(self, column: str) -> str:  # noqa: ARG002
        """Dates are written back in the format they had."""
        return f"format:{self.format}"
