"""Bring the sources of a recipe here and cut them into the slices that are worked on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import polars as pl

from seedbed.connectors import Cache, Decoded, Fragment, Landing
from seedbed.errors import BadSpec, ConnectorError

if TYPE_CHECKING:
    from seedbed.engine.base import Progress
    from seedbed.recipe import Recipe

__all__ = ["Gathered", "Slice", "gather", "slices"]


@dataclass(frozen=True, kw_only=True)
class Gathered:
    """One source, brought here.

    Args:
        landing: Its bytes; None for a frame that was at hand.
        decoded: Its rows.
        frame: The frame that was at hand.
        stamps: The landed files with their sizes and times.
    """

    landing: Landing | None
    decoded: Decoded
    frame: pl.DataFrame | None = None
    stamps: tuple[tuple[Path, tuple[int, int] | None], ...] = ()

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(fragment.rows for fragment in self.decoded.fragments)

    def scan(self) -> pl.LazyFrame:
        """Return all rows, lazily, with their final types."""
        if self.frame is None:
            return self.decoded.scan()
        return self.decoded.typed(self.frame.lazy())

    def raw(self) -> pl.LazyFrame:
        """Return all rows, lazily, as they lie: what was gathered as text is text."""
        if self.frame is None:
            return replace(self.decoded, types={}).scan()
        return self.frame.lazy()

    def refuse_changed(self, where: str) -> None:
        """Raise if a file that was landed where it lay is not what it was.

        Raises:
            ConnectorError: It was changed while the run read it.
        """
        for path, stamp in self.stamps:
            if _stamp(path) != stamp:
                raise ConnectorError(
                    f"{path.name!r} was changed while it was read",
                    where=where,
                    fix="run the recipe again when nobody writes to it",
                )


@dataclass(frozen=True, kw_only=True)
class Slice:
    """A fragment with its place among all fragments of a run.

    Args:
        ordinal: Its number.
        source: The name of its source.
        fragment: Its rows.
        start: The ``_row`` of its first row.
        source_row: The position of its first row in its source.
    """

    ordinal: int
    source: str
    fragment: Fragment
    start: int
    source_row: int


def gather(
    recipe: Recipe, cache: Cache, progress: Progress | None = None
) -> dict[str, Gathered]:
    """Land and decode every source of a recipe.

    Raises:
        ConnectorError: A source cannot be had, or is not what it should be.
    """
    found: dict[str, Gathered] = {}
    for done, (name, source) in enumerate(recipe.sources.items()):
        if progress is not None:
            progress("gather", done, len(recipe.sources))
        landing = source.land(cache)
        stamps = tuple((path, _stamp(path)) for path in landing.files)
        decoded = source.decode(landing, cache)
        found[name] = _never_empty(
            Gathered(landing=landing, decoded=decoded, stamps=stamps)
        )
    if progress is not None:
        progress("gather", len(found), len(found))
    return found


def _stamp(path: Path) -> tuple[int, int] | None:
    try:
        found = path.stat()
    except OSError:  # gone: that, too, is another state than before
        return None
    return found.st_size, found.st_mtime_ns


def _never_empty(source: Gathered) -> Gathered:
    """Give a source without rows one fragment, so that every step sees its columns."""
    decoded = source.decoded
    if decoded.fragments:
        return source
    kinds = {
        n: pl.String() if n in decoded.types else k for n, k in decoded.schema.items()
    }
    empty = Fragment(uri="", row_start=0, rows=0)
    return replace(
        source,
        decoded=replace(decoded, fragments=(empty,)),
        frame=pl.DataFrame(schema=kinds),
    )


def slices(sources: Mapping[str, Gathered], stack: Sequence[str]) -> list[Slice]:
    """Return the slices of the stacked sources, numbered through.

    Raises:
        BadSpec: There are more rows than a row number can hold.
    """
    found: list[Slice] = []
    start = 0
    for name in stack:
        source_row = 0
        for fragment in sources[name].decoded.fragments:
            found.append(
                Slice(
                    ordinal=len(found),
                    source=name,
                    fragment=fragment,
                    start=start,
                    source_row=source_row,
                )
            )
            start += fragment.rows
            source_row += fragment.rows
    if start >= 2**32:
        raise BadSpec(
            f"{start:,} rows are more than one version can hold (4,294,967,295)",
            where="gather",
            fix="gather a part of the source into each of several datasets",
        )
    return found
