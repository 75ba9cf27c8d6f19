"""Compare and patch the cells of a column: exactly, for every type.

>>> before, after = pl.Series([0.0, 1.5, None]), pl.Series([-0.0, 1.5, 2.0])
>>> changed(before, after).to_list()
[True, False, True]
>>> patch(after, pl.Series([0, 2]), pl.Series([0.0, None], dtype=pl.Float64)).to_list()
[0.0, 1.5, None]
"""

import polars as pl

from seedbed.core.identity import canonical_text

__all__ = ["changed", "inverses_of", "invert", "patch", "show"]


def changed(before: pl.Series, after: pl.Series) -> pl.Series:
    """Return where two columns of one type differ; floats are compared by their bits.

    Returns:
        Boolean, without nulls; two nulls are equal.
    """
    if before.dtype.is_float():
        before, after = _bits(before), _bits(after)
    if before.dtype == pl.Null:
        return pl.repeat(value=False, n=len(before), dtype=pl.Boolean, eager=True)
    return before.ne_missing(after)


def invert(series: pl.Series, inverse: str, kind: pl.DataType) -> pl.Series:
    """Write a column whose type was changed back as it was, as far as possible.

    Args:
        series: The column as it is.
        inverse: What `Rule.inverse` said: ``cast``, or ``format:`` and a strftime format;
            or ``whole``, which writes 97.0 as ``97``.
        kind: The type that it had.
    """
    if inverse == "whole":
        return canonical_text(series)
    if inverse.startswith("format:") and series.dtype.is_temporal():
        series = series.dt.to_string(inverse.removeprefix("format:"))
    return series.cast(kind, strict=False)


def inverses_of(inverse: str, now: pl.DataType, kind: pl.DataType) -> tuple[str, ...]:
    """Return the ways in which a column whose type was changed may be written back."""
    if inverse == "cast" and now.is_float() and kind == pl.String:
        return ("cast", "whole")
    return (inverse,)


def patch(series: pl.Series, at: pl.Series, values: pl.Series) -> pl.Series:
    """Return `series` with `values` at the positions `at`."""
    if at.is_empty():
        return series
    size = len(series)
    index = pl.int_range(0, size, dtype=pl.UInt32, eager=True)
    index = index.scatter(
        at, pl.int_range(size, size + len(at), dtype=pl.UInt32, eager=True)
    )
    both = pl.concat([series, values.cast(series.dtype).alias(series.name)])
    return both.gather(index)


def show(series: pl.Series) -> pl.Series:
    """Return the values as texts for people; nulls stay null."""
    kind = series.dtype
    if kind == pl.String:
        return series
    if kind == pl.Binary:
        sizes = series.bin.size()
        return pl.Series(
            series.name, [None if n is None else f"<{n} bytes>" for n in sizes]
        )
    if kind.is_nested() or isinstance(kind, pl.Object | pl.Null):
        texts = [None if v is None else str(v) for v in series.to_list()]
        return pl.Series(series.name, texts, dtype=pl.String)
    if kind == pl.Duration:  # the one type that does not cast to text
        return series.dt.to_string("polars")
    return series.cast(pl.String)


def _bits(series: pl.Series) -> pl.Series:
    # Every NaN is one value here, as it is in a content id.
    one = series.fill_nan(float("nan")) if series.is_nan().any() else series
    width = pl.UInt64 if series.dtype == pl.Float64 else pl.UInt32
    return one.reinterpret(dtype=width)
