"""The hidden columns that travel beside the user's own.

They all begin with ``_`` and are never shown to a part: rules, checks and augmenters
see the user's columns only.
"""

import polars as pl

from seedbed.core.optional import require
from seedbed.errors import BadSpec

__all__ = [
    "HIDDEN",
    "ID",
    "KEY",
    "PARENT",
    "ROW",
    "SOURCE",
    "SOURCE_ROW",
    "SPLIT",
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


def user_schema(schema: pl.Schema) -> pl.Schema:
    """Return the part of `schema` that parts may see."""
    return pl.Schema({name: kind for name, kind in schema.items() if name not in HIDDEN})


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
