"""The engine of one process: a few fragments at a time, with Polars' own threads."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import polars as pl

from seedbed.engine.base import Progress

__all__ = ["LocalEngine"]

T = TypeVar("T")
R = TypeVar("R")

_MOST_THREADS = 2  # each holds a fragment and its waiting ledger in memory


class LocalEngine:
    """Works on as many fragments at a time as it has threads, so memory stays small.

    Polars leaves a core idle wherever a step has one column or a kernel has one thread;
    a second fragment fills it. What comes out does not hang on the number of threads.

    Args:
        progress: Is told how far the work is.
        threads: How many fragments at a time; by default two, or one if Polars has one
            thread. User functions and augmenters are called one at a time.

    Examples:
        >>> LocalEngine().run(len, ["a", "bcd"], label="measure")
        [1, 3]
    """

    def __init__(
        self, progress: Progress | None = None, *, threads: int | None = None
    ) -> None:
        self.progress = progress
        self.threads = threads or min(pl.thread_pool_size(), _MOST_THREADS)

    def run(
        self,
        fn: Callable[[T], R],
        items: Sequence[T],
        *,
        label: str,
        cpus: int = 1,
        memory: int | None = None,  # noqa: ARG002 - a fragment is small
        alone: bool = False,
    ) -> list[R]:
        """Return ``fn(item)`` for every item, in the order of the items."""
        results: list[R] = []
        self._tell(label, 0, len(items))
        workers = 1 if alone else max(1, min(self.threads // cpus, len(items)))
        for result in _in_order(fn, items, workers):
            results.append(result)
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


def _in_order(fn: Callable[[T], R], items: Iterable[T], workers: int) -> Iterator[R]:
    if workers == 1:
        yield from map(fn, items)
        return
    pool = ThreadPoolExecutor(workers, thread_name_prefix="seedbed")
    try:
        futures: list[Future[R]] = [pool.submit(fn, item) for item in items]
        for future in futures:
            yield future.result()
    finally:
        # After an error, or Ctrl-C: what has not begun never will.
        pool.shutdown(cancel_futures=True)
