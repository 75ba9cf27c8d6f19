"""The engine of one process: fragment by fragment, with Polars' own threads."""

from collections.abc import Callable, Sequence
from typing import TypeVar

import polars as pl

from seedbed.engine.base import Progress

__all__ = ["LocalEngine"]

T = TypeVar("T")
R = TypeVar("R")


class LocalEngine:
    """Works on one fragment at a time, so memory is that of a fragment.

    Args:
        progress: Is told how far the work is.

    Examples:
        >>> LocalEngine().run(len, ["a", "bcd"], label="measure")
        [1, 3]
    """

    def __init__(self, progress: Progress | None = None) -> None:
        self.progress = progress

    def run(
        self,
        fn: Callable[[T], R],
        items: Sequence[T],
        *,
        label: str,
        cpus: int = 1,  # noqa: ARG002 - there is one process
        memory: int | None = None,  # noqa: ARG002
    ) -> list[R]:
        """Return ``fn(item)`` for every item, in the order of the items."""
        results: list[R] = []
        self._tell(label, 0, len(items))
        for item in items:
            results.append(fn(item))
            self._tell(label, len(results), len(items))
        return results

    def exchange(
        self,
        make: Callable[[T], pl.DataFrame],
        items: Sequence[T],
        key: str,
        reduce: Callable[[pl.DataFrame], pl.DataFrame],
        *,
        parts: int,
        label: str,
    ) -> list[pl.DataFrame]:
        """Let the narrow rows of all items meet, a part of the keys at a time."""
        results: list[pl.DataFrame] = []
        for part in range(parts):
            self._tell(label, part, parts)
            inside = pl.col(key) % parts == part
            tables = [make(item) for item in items]
            if parts > 1:
                tables = [table.filter(inside) for table in tables]
            if tables:
                results.append(reduce(pl.concat(tables)))
        self._tell(label, parts, parts)
        return results

    def close(self) -> None:
        """There is nothing to let go of."""

    def _tell(self, label: str, done: int, total: int) -> None:
        if self.progress is not None:
            self.progress(label, done, total)
