"""Rows that meet by key: plain functions, which travel to workers."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from seedbed.core.frame import KEY, ROW, SPLIT
from seedbed.engine.job import Item, Job, Want
from seedbed.engine.scratch import Scratch

__all__ = ["look", "losers", "narrow", "number_twins", "sharing"]


def look(job: Job, wants: Sequence[Want], item: Item) -> list[pl.DataFrame]:
    """Look at a slice once more, at the columns that are asked for only."""
    columns = item.columns or {}
    names = {name for want in wants for name in want.statistic.reads}
    names |= {SPLIT} & set(columns)
    frame = job.scratch.get(columns, sorted(names))
    return [want.look(frame) for want in wants]


def narrow(scratch: Scratch, names: Sequence[str], item: Item) -> pl.DataFrame:
    """Return a few columns of a slice."""
    return scratch.get(item.columns or {}, names)


def losers(name: str, first: bool, table: pl.DataFrame) -> pl.DataFrame:  # noqa: FBT001 - bound by partial
    """Return the rows that lose against another row of their key, with the survivor."""
    key = [name, f"{name}b"]
    order = [*key, ROW] if first else [*key, KEY, ROW]
    ranked = _shared(name, table).sort(order)
    new = pl.any_horizontal(pl.col(key) != pl.col(key).shift(1)).fill_null(value=True)
    winner = pl.when(new).then(pl.col(ROW)).forward_fill()
    lost = ranked.with_columns(survivor=winner).filter(~new)
    return lost.select(ROW, "survivor")


def sharing(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows whose key another row has, too; a null key is none."""
    key = [name, f"{name}b"]
    ranked = _shared(name, table.drop_nulls(key)).sort(*key, ROW)
    same = pl.all_horizontal(pl.col(key) == pl.col(key).shift(1)).fill_null(value=False)
    return ranked.filter(same | same.shift(-1, fill_value=False)).select(ROW)


def number_twins(base: str, lost: pl.Series, table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows that have the base of an earlier row, numbered from 1."""
    if len(lost):
        table = table.filter(~pl.col(ROW).is_in(lost.implode()))
    low = table[base].cast(pl.UInt64, wrap_numerical=True)
    ranked = low.sort()
    again = ranked.filter((ranked == ranked.shift(1)).fill_null(value=False))
    if again.is_empty():
        return pl.DataFrame(schema={ROW: pl.UInt32, "twin": pl.UInt32})
    twins = table.filter(low.is_in(again.unique().implode())).sort(base, ROW)
    new = (pl.col(base) != pl.col(base).shift(1)).fill_null(value=True)
    place = pl.int_range(pl.len(), dtype=pl.UInt32)
    first = pl.when(new).then(place).forward_fill()
    return twins.with_columns(twin=place - first).filter(~new).select(ROW, "twin")


def _shared(name: str, table: pl.DataFrame) -> pl.DataFrame:
    """Return the rows of which the first half of the key is not alone."""
    # To sort one column and look at neighbours takes a third of `is_duplicated`.
    ranked = table[name].sort()
    again = ranked.filter((ranked == ranked.shift(1)).fill_null(value=False))
    return table.filter(pl.col(name).is_in(again.unique().implode()))
