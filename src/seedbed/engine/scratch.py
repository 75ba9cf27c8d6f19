"""Where a run keeps columns between two passes: in memory if small, else on disk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import polars as pl

__all__ = ["Columns", "Scratch"]

Columns = dict[str, str]
"""Where each column of a slice lies: name to file."""


class Scratch:
    """Keeps the columns of slices; a pass writes those that it changed.

    Args:
        folder: Where files go.
        in_memory: Keep frames instead of writing files.
    """

    def __init__(self, folder: Path, *, in_memory: bool) -> None:
        self._folder = folder
        self._frames: dict[str, pl.DataFrame] | None = {} if in_memory else None

    def put(self, name: str, frame: pl.DataFrame) -> Columns:
        """Keep a frame and return where its columns lie."""
        if self._frames is not None:
            self._frames[name] = frame
        else:
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
        """Remove the files of `columns` that no column of `still` lies in."""
        for file in set(columns.values()) - set(still.values()):
            if self._frames is not None:
                self._frames.pop(file, None)
            else:
                (self._folder / file).unlink(missing_ok=True)

    def _read(self, file: str, names: list[str]) -> pl.DataFrame:
        if self._frames is not None:
            return self._frames[file].select(names)
        return pl.read_ipc(self._folder / file, columns=names)
