"""Decide the type of text columns, from every row, without losing anything.

A text becomes a number, a truth value or a date only where that gives back the same
value. So `007` stays text, and so does a column of a million numbers with one `n/a` at
its end. What stays text can still be turned into something else, by a cleaning rule
whose every change is in the ledger; what was guessed wrongly here could not.

>>> frame = pl.LazyFrame({"n": ["1", None, "-20"], "zip": ["01", "02", "03"]})
>>> decide(frame, ["n", "zip"])
{'n': Int64}
"""

from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType

import polars as pl

__all__ = ["TYPES", "decide", "parse"]

_HEAD = 1000
_DIGITS = 15
"""Decimal digits that a Float64 always keeps (IEEE 754 binary64, DBL_DIG of C)."""

# Whole digits up to 15; decimals so few that no number is too small to be normal.
_DECIMAL = r"^(?:0|-?[1-9]\d{0,14}|-?(?:0|[1-9]\d{0,14})\.\d{1,290})$"
_CLOCK = r"^\d{4}-\d\d-\d\d[T ][0-2]\d:[0-5]\d(?::[0-5]\d(?:\.\d{1,6})?)?"
_SPELLINGS = (("true", "false"), ("True", "False"), ("TRUE", "FALSE"))
_MINUTES = 16  # as long as 2024-05-01 12:30


def decide(frame: pl.LazyFrame, names: Iterable[str]) -> dict[str, pl.DataType]:
    """Return the types of the text columns that can be read as something else.

    Every row is looked at, in one streaming pass; the first thousand only rule out
    what cannot be. A column gets a type if it has a value and each of its values fits:

    - `Boolean`: `true` and `false`, in one spelling (all lower, title or upper case).
    - `Int64`: digits as an integer is written; no `+1`, no `007`, no `-0`.
    - `Float64`: decimals whose digits a Float64 gives back; no `1e5`, no `nan`.
    - `Date`: `2024-05-01`.
    - `Datetime`: `2024-05-01 12:30`, with a blank or a `T`, with or without seconds and
      up to six digits of their fraction; in UTC if each value ends with `Z`.

    Nulls fit everything. An empty text is not null and fits nothing.

    Args:
        frame: The rows, as text.
        names: The text columns to decide about.

    Returns:
        The types, by name; columns that stay text are not in it.

    Examples:
        >>> late = pl.LazyFrame({"x": ["1.5"] * 5000 + ["?"], "y": ["1.5"] * 5001})
        >>> decide(late, ["x", "y"])
        {'y': Float64}
    """
    names = list(names)
    # One counterexample is a proof, so a glance at the head spares most of the tests.
    candidates = [(name, kind) for name in names for kind in TYPES]
    survivors = _fitting(frame.head(_HEAD), candidates)
    known = frozenset(_with_values(frame, survivors))
    decided: dict[str, pl.DataType] = {}
    for name, kind in _fitting(frame, [pair for pair in survivors if pair[0] in known]):
        decided.setdefault(name, kind)
    return {name: decided[name] for name in names if name in decided}


def parse(name: str, kind: pl.DataType) -> pl.Expr:
    """Return the expression that reads a text column as the type decided for it.

    Raises, when it runs, for a text that `decide` would not have let through.

    Examples:
        >>> pl.DataFrame({"n": ["1", "2"]}).select(parse("n", pl.Int64()))["n"].sum()
        3
    """
    text = pl.col(name)
    if kind == pl.Boolean:
        return (
            text.str.to_lowercase()
            .replace_strict(["true", "false"], [True, False], return_dtype=pl.Boolean)
            .alias(name)
        )
    if kind == pl.Date:
        return text.str.to_date("%Y-%m-%d").alias(name)
    if isinstance(kind, pl.Datetime):
        return _moment(text, kind, strict=True).alias(name)
    return text.cast(kind).alias(name)


def _fitting(
    frame: pl.LazyFrame, pairs: list[tuple[str, pl.DataType]]
) -> list[tuple[str, pl.DataType]]:
    if not pairs:
        return []
    tests = [
        (TYPES[kind](pl.col(name)) | pl.col(name).is_null()).all().alias(str(at))
        for at, (name, kind) in enumerate(pairs)
    ]
    row = frame.select(tests).collect(engine="streaming").row(0)
    return [pair for pair, fits in zip(pairs, row, strict=True) if fits]


def _with_values(
    frame: pl.LazyFrame, pairs: list[tuple[str, pl.DataType]]
) -> Iterable[str]:
    names = list(dict.fromkeys(name for name, _ in pairs))
    if not names:
        return []
    counts = frame.select(pl.col(names).count()).collect(engine="streaming").row(0)
    return [name for name, count in zip(names, counts, strict=True) if count]


def _is_boolean(text: pl.Expr) -> pl.Expr:
    # The first value says which spelling the whole column has to keep to.
    return pl.any_horizontal(
        text.is_in(words) & text.drop_nulls().first().is_in(words)
        for words in _SPELLINGS
    )


def _is_integer(text: pl.Expr) -> pl.Expr:
    return text.cast(pl.Int64, strict=False).cast(pl.String).eq_missing(text)


def _is_float(text: pl.Expr) -> pl.Expr:
    digits = text.str.strip_chars_start("-0.").str.replace(".", "", literal=True)
    shortest = text.str.strip_chars_end("0").str.strip_chars_end(".")
    back = text.cast(pl.Float64, strict=False).cast(pl.String)
    survives = (digits.str.len_bytes() <= _DIGITS) | back.eq_missing(shortest)
    return text.str.contains(_DECIMAL) & survives


def _is_date(text: pl.Expr) -> pl.Expr:
    day = text.str.to_date("%Y-%m-%d", strict=False)
    return day.dt.to_string("%Y-%m-%d").eq_missing(text)


def _is_datetime(zone: str | None) -> Callable[[pl.Expr], pl.Expr]:
    kind = pl.Datetime("us", zone)
    form = f"{_CLOCK}{'Z' if zone else ''}$"

    def fits(text: pl.Expr) -> pl.Expr:
        moment = _moment(text, kind, strict=False)
        return text.str.contains(form) & moment.is_not_null()

    return fits


def _moment(text: pl.Expr, kind: pl.Datetime, *, strict: bool) -> pl.Expr:
    plain = text.str.strip_suffix("Z").str.replace("T", " ", literal=True)
    full = (
        pl.when(plain.str.len_bytes() == _MINUTES)
        .then(plain + pl.lit(":00"))
        .otherwise(plain)
    )
    naive = full.str.to_datetime("%Y-%m-%d %H:%M:%S%.f", time_unit="us", strict=strict)
    return naive.dt.replace_time_zone("UTC") if kind.time_zone else naive


TYPES: Mapping[pl.DataType, Callable[[pl.Expr], pl.Expr]] = MappingProxyType(
    {
        pl.Boolean(): _is_boolean,
        pl.Int64(): _is_integer,
        pl.Float64(): _is_float,
        pl.Date(): _is_date,
        pl.Datetime("us"): _is_datetime(None),
        pl.Datetime("us", "UTC"): _is_datetime("UTC"),
    }
)
"""The types a text column may get, the first that fits first, with their tests."""
