"""Checks that a value is one of those allowed: listed, within bounds, or well formed."""

import math
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import ClassVar, Literal, TypeAlias

import polars as pl

from seedbed.errors import BadSpec
from seedbed.validation.base import RowCheck, check

__all__ = ["Between", "Matches", "OneOf"]

_SHOWN = 10
_DAY = timedelta(days=1)
_Bound: TypeAlias = int | float | str | None


@check("one_of")
@dataclass(frozen=True, kw_only=True)
class OneOf(RowCheck):
    """Every value is on a list.

    Nulls are passed over. Texts are compared exactly: ``"Pos"`` is not ``"pos"``.
    Numbers are compared as numbers: 1 allows 1.0.

    Use it on labels and codes. Do not use it for ranges (see ``between``) or for lists
    of thousands of numbers: each is compared on its own.

    Args:
        column: The column to look at: text, numbers or booleans, like the values.
        values: What is allowed; all of one sort.

    Raises:
        BadSpec: There are no values, or they are of several sorts.

    Examples:
        >>> from seedbed.validation import run_row_checks
        >>> labels = pl.DataFrame({"label": ["pos", "neg", "Pos", None]})
        >>> check = OneOf(column="label", values=("pos", "neg"))
        >>> run_row_checks(labels, [check]).to_series().to_list()
        [False, False, True, False]
    """

    column: str
    values: tuple[str | int | float | bool, ...]

    def __post_init__(self) -> None:
        if len({_sort(value) for value in self.values}) != 1:
            raise BadSpec(
                "values must be texts, or numbers, or booleans, and at least one, "
                f"not {list(self.values)!r}",
                where=f"check {self.kind!r}",
                fix="values: [pos, neg], and quotes around numbers in a text column",
            )

    # A property, because what it takes follows from what the values are.
    @property
    def group(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The columns it works on: those of the sort of the values."""
        return _sort(self.values[0])

    @property
    def reads(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def message(self) -> str:
        """What is expected, in words."""
        shown = ", ".join(repr(value) for value in self.values[:_SHOWN])
        more = len(self.values) - _SHOWN
        return f"must be one of {shown}" + (f" and {more} more" if more > 0 else "")

    def valid(self) -> pl.Expr:
        """Return true where the value is on the list."""
        column = pl.col(self.column)
        if self.group == "@numeric":
            # `is_in` wants both sides to be of one type; `==` compares 1 with 1.0.
            return pl.any_horizontal(column == value for value in self.values)
        return column.is_in(list(self.values))


@check("between")
@dataclass(frozen=True, kw_only=True)
class Between(RowCheck):
    """Every value lies within bounds.

    Nulls are passed over; NaN lies outside whatever the bounds are.

    Bounds that are texts are dates, or dates with a time, as ISO 8601 writes them. A
    date means the whole day: ``high="2024-12-31"`` takes in that evening. Points in time
    are compared in UTC, and what names no time zone is taken as UTC.

    Use it for what cannot be, such as a negative age. Do not use it to find values that
    are merely unusual.

    Args:
        column: The column to look at: numbers, or dates if the bounds are texts.
        low: The lower bound; None leaves it open.
        high: The upper bound; None leaves it open.
        inclusive: Which bounds are allowed values themselves.

    Raises:
        BadSpec: No bound is given, they are of two sorts, a text is no date, or `low`
            is above `high`.

    Examples:
        >>> from seedbed.validation import run_row_checks
        >>> frame = pl.DataFrame({"age": [0.0, 120.0, 121.0, None, float("nan")]})
        >>> check = Between(column="age", low=0, high=120)
        >>> run_row_checks(frame, [check]).to_series().to_list()
        [False, False, True, False, True]
    """

    column: str
    low: _Bound = None
    high: _Bound = None
    inclusive: Literal["both", "low", "high", "neither"] = "both"

    def __post_init__(self) -> None:
        where = f"check {self.kind!r}"
        given = [bound for bound in (self.low, self.high) if bound is not None]
        if not given or len({_sort(bound) for bound in given} - {"@bool"}) != 1:
            raise BadSpec(
                f"low={self.low!r} and high={self.high!r} are no bounds",
                where=where,
                fix="give one or both, as numbers (low: 0) or as dates "
                "(low: '2024-01-31')",
            )
        if self.group == "@temporal":
            given = [_moment(bound, where)[0] for bound in given]
        if any(bound != bound for bound in given) or given[0] > given[-1]:  # noqa: PLR0124 - only NaN differs from itself  # pyright: ignore[reportOperatorIssue]
            raise BadSpec(
                f"nothing lies between {self.low!r} and {self.high!r}",
                where=where,
                fix=f"low: {self.high}, high: {self.low}",
            )

    # A property, because what it takes follows from what the bounds are.
    @property
    def group(self) -> str:  # pyright: ignore[reportIncompatibleVariableOverride]
        """The columns it works on: dates if the bounds are texts, else numbers."""
        bound = self.high if self.low is None else self.low
        return "@temporal" if isinstance(bound, str) else "@numeric"

    @property
    def reads(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def message(self) -> str:
        """What is expected, in words."""
        takes_low = self.inclusive in ("both", "low")
        takes_high = self.inclusive in ("both", "high")
        words = [
            f"{'at least' if takes_low else 'above'} {self.low}",
            f"{'at most' if takes_high else 'below'} {self.high}",
        ]
        bounds = (self.low, self.high)
        return "must be " + " and ".join(
            word for word, bound in zip(words, bounds, strict=True) if bound is not None
        )

    def valid(self) -> pl.Expr:
        """Return true where the value lies within the bounds."""
        if self.group == "@temporal":
            return self._in_time()
        column = pl.col(self.column)
        # In the order of Polars NaN is above infinity, so that this keeps it out.
        inside = column <= math.inf
        if self.low is not None:
            takes = self.inclusive in ("both", "low")
            inside &= column >= self.low if takes else column > self.low
        if self.high is not None:
            takes = self.inclusive in ("both", "high")
            inside &= column <= self.high if takes else column < self.high
        return inside

    def _in_time(self) -> pl.Expr:
        where = f"check {self.kind!r}"
        column = pl.col(self.column).cast(pl.Datetime("us"))
        inside = column.is_not_null()
        if self.low is not None:
            start, whole_day = _moment(self.low, where)
            if self.inclusive in ("both", "low"):
                inside &= column >= start
            else:
                inside &= column >= start + _DAY if whole_day else column > start
        if self.high is not None:
            end, whole_day = _moment(self.high, where)
            if self.inclusive in ("both", "high"):
                inside &= column < end + _DAY if whole_day else column <= end
            else:
                inside &= column < end
        return column.is_null() | inside


@check("matches")
@dataclass(frozen=True, kw_only=True)
class Matches(RowCheck):
    r"""Every text has a certain form.

    Nulls are passed over. The pattern is a regular expression of Rust's ``regex`` crate,
    which reads each text once, whatever the pattern: it knows no look-around and no
    back-references.

    Use it for codes, e-mail addresses and the like. Do not use it for a handful of known
    values: ``one_of`` says more, and is faster.

    Args:
        column: The column to look at; it must hold text.
        pattern: The regular expression.
        whole: Whether it must match the whole text, or somewhere in it.

    Raises:
        BadSpec: The pattern cannot be compiled.

    Examples:
        >>> from seedbed.validation import run_row_checks
        >>> tails = pl.DataFrame({"tailnum": ["N14228", "14228", None]})
        >>> check = Matches(column="tailnum", pattern=r"N\d{5}")
        >>> run_row_checks(tails, [check]).to_series().to_list()
        [False, True, False]
    """

    group: ClassVar[str] = "@text"

    column: str
    pattern: str
    whole: bool = True

    def __post_init__(self) -> None:
        # The bare pattern, too: "a)|(b" compiles only once something is around it.
        for pattern in {self.pattern: None, self._regex: None}:
            try:
                pl.select(pl.lit("").str.contains(pattern))
            except pl.exceptions.ComputeError as error:
                reason = str(error).split("error: ")[-1].split("\n")[0]
                raise BadSpec(
                    f"the pattern {self.pattern!r} cannot be compiled: {reason}",
                    where=f"check {self.kind!r}",
                    fix="look-around and back-references are not supported; "
                    r"write \( for a bracket that is meant as one",
                ) from None

    @property
    def _regex(self) -> str:
        return f"^(?:{self.pattern})$" if self.whole else self.pattern

    @property
    def reads(self) -> tuple[str, ...]:
        """The column."""
        return (self.column,)

    @property
    def message(self) -> str:
        """What is expected, in words."""
        return f"must {'match' if self.whole else 'contain'} {self.pattern!r}"

    def valid(self) -> pl.Expr:
        """Return true where the text matches."""
        # Categories are text to the user; `contains` takes only strings.
        return pl.col(self.column).cast(pl.String).str.contains(self._regex)


def _sort(value: object) -> str:
    match value:
        case bool():
            return "@bool"
        case int() | float():
            return "@numeric"
        case _:
            return "@text"


def _moment(bound: object, where: str) -> tuple[datetime, bool]:
    """Return the moment in UTC, without its zone, and whether a whole day is meant."""
    text = str(bound)
    try:
        day = date.fromisoformat(text)
    except ValueError:
        pass  # then it is a date with a time, or nothing that we know
    else:
        return datetime(day.year, day.month, day.day), True  # noqa: DTZ001 - UTC, as are all here
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadSpec(
            f"{text!r} is no date",
            where=where,
            fix="write it as '2024-01-31' or '2024-01-31T12:00'",
        ) from None
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC).replace(tzinfo=None)
    return moment, False
