"""What an engine is: it runs functions on fragments, and lets rows meet by key.

The core cuts data into fragments, writes every file, folds every statistic and commits;
an engine knows of none of that. So the same recipe gives the same version on any engine.
"""

from collections.abc import Callable, Sequence
from typing import Protocol, TypeVar

import polars as pl

__all__ = ["Engine", "Progress"]

T = TypeVar("T")
R = TypeVar("R")


class Progress(Protocol):
    """Is told how far the work is."""

    def __call__(self, label: str, done: int, total: int) -> None:
        """`done` of `total` pieces of the work called `label` are finished."""


class Engine(Protocol):
    """Two verbs of work."""

    def run(
        self,
        fn: Callable[[T], R],
        items: Sequence[T],
        *,
        label: str,
        cpus: int = 1,
        memory: int | None = None,
        alone: bool = False,
    ) -> list[R]:
        """Return ``fn(item)`` for every item, in the order of the items.

        Args:
            fn: Idempotent: it may run again after a lost worker. Its result is small.
            items: The pieces of work.
            label: What the work is called, for progress.
            cpus: How many cores one call keeps busy.
            memory: How many bytes one call needs, where known.
            alone: One call at a time in a process: it runs a user's own Python, which
                may not be safe in threads.
        """
        ...

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
        """Let the narrow rows of all items meet, those with an equal key in one `reduce`.

        Args:
            make: Gives the rows of one item.
            items: The pieces of work.
            key: A column of whole numbers, well mixed.
            reduce: Gets all rows of some keys, in any order.
            parts: In how many parts the keys are cut.
            label: What the work is called, for progress.
        """
        ...

    def close(self) -> None:
        """Let go of workers."""
        ...
