"""Frames for property tests: with nulls, strange texts, and none or many rows."""

import datetime

import polars as pl
from hypothesis import strategies as st

__all__ = ["TYPES", "cells", "frames", "texts"]

STRANGE = (
    "",
    " ",
    "\u00a0x\u2003",
    "ﬀ",
    "İstanbul",
    "e\u0301",
    "日本 語",
    "👩‍👩‍👧",
    "N/A",
    "nan",
    "-",
    "007",
    "1,234.5",
    "-0",
    "1e5",
    "2024-02-30",
    "2024-02-29",
    "\x00",
    "a\nb",
    '"',
    ",",
)

texts = st.one_of(st.sampled_from(STRANGE), st.text(max_size=6))

TYPES: dict[str, tuple[pl.DataType, st.SearchStrategy]] = {
    "text": (pl.String(), texts),
    "city": (pl.String(), st.sampled_from(["Oslo", "Bergen", "Ulm", "other"])),
    "int": (pl.Int64(), st.integers(-(2**63), 2**63 - 1)),
    "small": (pl.Int8(), st.integers(-128, 127)),
    "float": (pl.Float64(), st.floats()),
    "single": (pl.Float32(), st.floats(width=32)),
    "bool": (pl.Boolean(), st.booleans()),
    "date": (
        pl.Date(),
        st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 1, 1)),
    ),
}


def cells(name: str) -> st.SearchStrategy:
    """Return cells of one of `TYPES`, nulls among them."""
    return st.none() | TYPES[name][1]


@st.composite
def frames(
    draw: st.DrawFn, *names: str, min_size: int = 0, max_size: int = 8
) -> pl.DataFrame:
    """Draw a frame with these columns of `TYPES`; all of them by default."""
    names = names or tuple(TYPES)
    height = draw(st.integers(min_size, max_size))
    column = {
        name: draw(st.lists(cells(name), min_size=height, max_size=height))
        for name in names
    }
    return pl.DataFrame(column, schema={name: TYPES[name][0] for name in names})
