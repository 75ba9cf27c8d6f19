"""A frame as other libraries hold it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core.optional import require

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["to_pandas"]

_TO = "make a pandas frame"


def to_pandas(frame: pl.DataFrame) -> pd.DataFrame:
    """Return the rows as a pandas frame in which integers stay integers.

    A column without nulls becomes what pandas users expect: a plain NumPy type.
    Integers and booleans with nulls become pandas' own ``Int64`` (``Int8``, and so on)
    and ``boolean``, with `pandas.NA` for what is missing: as floats, ids above 2^53
    would come out as other ids. These types, unlike Arrow's, are understood by
    scikit-learn and its kin.

    Use it where a library takes nothing else. Do not use it to hand data from Polars to
    Polars by way of pandas: categories and dates change on the way.

    Args:
        frame: The rows.

    Raises:
        MissingExtra: The extra ``pandas`` is not installed.

    Examples:
        >>> to_pandas(pl.DataFrame({"id": [2**60 + 1, None]}))["id"].tolist()
        [1152921504606846977, <NA>]
    """
    pandas: Any = require("pandas", extra="pandas", to=_TO)
    require("pyarrow", extra="pandas", to=_TO)
    holed = [
        column
        for column in frame.iter_columns()
        if column.null_count()
        and (column.dtype.is_integer() or column.dtype == pl.Boolean)
    ]
    # Filled, they take the short way; the nulls come back with the mask.
    whole: Any = frame.with_columns(_filled(column) for column in holed).to_pandas()
    for column in holed:
        holder = (
            pandas.arrays.BooleanArray
            if column.dtype == pl.Boolean
            else pandas.arrays.IntegerArray
        )
        values = whole[column.name].to_numpy(copy=True)
        missing = column.is_null().to_numpy(writable=True)
        whole[column.name] = holder(values, missing)
    return whole


def _filled(column: pl.Series) -> pl.Series:
    return column.fill_null(value=False if column.dtype == pl.Boolean else 0)
