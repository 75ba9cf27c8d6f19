"""The hidden columns that travel beside the user's own.

They all begin with ``_`` and are never shown to a part: rules, checks and augmenters
see the user's columns only.
"""

from collections.abc import Iterable

import polars as pl

from seedbed.core.columns import require_columns
from seedbed.core.optional import require
from seedbed.errors import BadSpec, WrongType

__all__ = [
    "HIDDEN",
    "ID",
    "KEY",
    "PARENT",
    "RESERVED",
    "ROW",
    "SOURCE",
    "SOURCE_ROW",
    "SPLIT",
    "fit",
    "refuse_reserved",
    "to_polars",
    "user_schema",
]

ROW = "_row"
"""The gathered position of a row (UInt32): over all fragments, from 0."""
KEY = "_key"
"""The content key of a row (UInt128); see `seedbed.core.identity`."""
ID = "_id"
"""The id of a row in a version (UInt128)."""
PARENT = "_parent"
"""The id of the row that an augmented row was made from (UInt128)."""
SPLIT = "_split"
"""The split of a row, as its position among the split names (UInt8)."""
SOURCE = "_source"
"""The name of the source that a row was gathered from."""
SOURCE_ROW = "_source_row"
"""The position of a row in its source, from 0."""

HIDDEN = frozenset({ROW, KEY, ID, PARENT, SPLIT, SOURCE, SOURCE_ROW})

RESERVED = HIDDEN | {"_reason", "_survivor", "_matched"}
"""Names that no column of a user may have."""


def user_schema(schema: pl.Schema) -> pl.Schema:
    """Return the part of `schema` that parts may see."""
    return pl.Schema(
        {name: kind for name, kind in schema.items() if name not in HIDDEN}
    )


def fit(frame: pl.DataFrame, schema: pl.Schema, *, where: str) -> pl.DataFrame:
    """Return the columns of `schema` in its order and types; other columns are left out.

    A column of nulls takes any type, and a number a wider one that holds it exactly.

    Raises:
        MissingColumn: A column is not there.
        WrongType: A column is of another type.

    Examples:
        >>> new = pl.DataFrame({"age": [31], "more": [True]})
        >>> fit(new, pl.Schema({"age": pl.Float64}), where="prepare").rows()
        [(31.0,)]
    """
    require_columns(schema, frame.schema, where=where)
    columns: list[pl.Series] = []
    for name, kind in schema.items():
        series = frame[name]
        if series.dtype != kind:
            wide = series.dtype.is_numeric() and kind.is_numeric()
            same = series.cast(kind, strict=False) if wide else series
            empty = series.null_count() == len(series)
            if not empty and not (
                wide and same.cast(series.dtype, strict=False).equals(series)
            ):
                raise WrongType(
                    f"the column {name!r} holds {series.dtype}, not {kind}",
                    where=where,
                    fix=f"cast it first: pl.col({name!r}).cast(pl.{kind})",
                )
            series = (
                pl.Series(name, [None] * len(series), dtype=kind) if empty else same
            )
        columns.append(series)
    return pl.DataFrame(columns)


def refuse_reserved(names: Iterable[str], *, where: str, fix: str) -> None:
    """Raise `BadSpec` if a column has one of the names that seedbed keeps for itself.

    Args:
        names: The columns.
        where: The place named in the error.
        fix: What to do about it.
    """
    for name in names:
        if name in RESERVED:
            raise BadSpec(
                f"the name {name!r} belongs to a hidden column", where=where, fix=fix
            )


def to_polars(table: object, *, where: str = "") -> pl.DataFrame:
    """Return any table at hand as a Polars frame.

    Args:
        table: A Polars frame or lazy frame, a pandas frame, an Arrow table (anything
            that offers the Arrow C stream), or a mapping of columns.
        where: The place named in errors.

    Raises:
        BadSpec: It is none of these.
        MissingExtra: It is a pandas frame and pyarrow is not installed.

    Examples:
        >>> to_polars({"a": [1, 2]}).shape
        (2, 1)
    """
    match table:
        case pl.DataFrame():
            return table
        case pl.LazyFrame():
            return table.collect()
        case dict():
            return pl.DataFrame(table)
        case _:
            pass
    if type(table).__module__.partition(".")[0] == "pandas":
        require("pyarrow", extra="pandas", to="take a pandas frame")
        return pl.from_pandas(table)  # type: ignore[arg-type]
    if hasattr(table, "__arrow_c_stream__"):
        frame = pl.from_arrow(table)
        return frame if isinstance(frame, pl.DataFrame) else frame.to_frame()
    raise BadSpec(
        f"a {type(table).__name__} is no table",
        where=where,
        fix="give a Polars or pandas frame, an Arrow table, or a dict of columns",
    )
