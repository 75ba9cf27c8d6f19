"""Where a run keeps columns between two passes: some in memory, the rest on disk."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

__all__ = ["Columns", "Scratch"]

Columns = dict[str, str]
"""Where each column of a slice lies: name to file."""

_MEMORY = 128 * 2**20


class Scratch:
    """Keeps the columns of slices; a pass writes those that it changed.

    Args:
        folder: Where files go.
        memory: How many bytes may stay in memory; writing and reading back the rest
            costs about as much as one cleaning rule.
    """

    def __init__(self, folder: Path, *, memory: int = _MEMORY) -> None:
        self._folder = folder
        self._left = memory
        self._lock = threading.Lock()
        self._frames: dict[str, tuple[pl.DataFrame, int]] = {}

    def put(self, name: str, frame: pl.DataFrame) -> Columns:
        """Keep a frame and return where its columns lie."""
        self._drop(name)  # of a task that was run before
        size = int(frame.estimated_size())
        with self._lock:
            fits = size <= self._left
            if fits:
                self._frames[name] = (frame, size)
                self._left -= size
        if not fits:
            frame.write_ipc(self._folder / name, compression="uncompressed")
        return dict.fromkeys(frame.columns, name)

    def get(self, columns: Mapping[str, str], names: Sequence[str]) -> pl.DataFrame:
        """Return the columns `names`, in this order."""
        by_file: dict[str, list[str]] = {}
        for name in names:
            by_file.setdefault(columns[name], []).append(name)
        found: dict[str, pl.Series] = {}
        for file, wanted in by_file.items():
            for series in self._read(file, wanted):
                found[series.name] = series
        return pl.DataFrame([found[name] for name in names])

    def forget(self, columns: Mapping[str, str], still: Mapping[str, str]) -> None:
        """Let go of the files of `columns` that no column of `still` lies in."""
        for file in set(columns.values()) - set(still.values()):
            if not self._drop(file):
                (self._folder / file).unlink(missing_ok=True)

    def _drop(self, file: str) -> bool:
        with self._lock:
            _, size = self._frames.pop(file, (None, None))
            self._left += size or 0
        return size is not None

    def _read(self, file: str, names: list[str]) -> pl.DataFrame:
        if file in self._frames:
            return self._frames[file][0].select(names)
        return pl.read_ipc(self._folder / file, columns=names)
