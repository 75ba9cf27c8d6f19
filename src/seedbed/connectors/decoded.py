"""Keep what was decided while decoding beside the Parquet files that came out."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import polars as pl

from seedbed.connectors.base import FRAGMENT_ROWS, Decoded, Fragment
from seedbed.connectors.types import TYPES
from seedbed.errors import ConnectorError

__all__ = ["Quarantine", "cut", "load", "save", "scan_rows"]

_MANIFEST = "decoded.json"
_SCHEMA = "schema.parquet"
_QUARANTINE = "quarantine.parquet"
_NAMES = {str(kind): kind for kind in TYPES}


class Quarantine:
    """What could not be read whole, collected while decoding.

    Examples:
        >>> quarantine = Quarantine()
        >>> quarantine.add("a.csv", 3, "3 cells instead of 2", "1,2,3")
        >>> len(quarantine)
        1
    """

    schema = pl.Schema(
        {"file": pl.String, "line": pl.Int64, "reason": pl.String, "text": pl.String}
    )

    def __init__(self) -> None:
        self._rows: list[tuple[str, int | None, str, str]] = []

    def __len__(self) -> int:
        return len(self._rows)

    def add(self, file: str, line: int | None, reason: str, text: str) -> None:
        """Put one record in.

        Args:
            file: As users know it.
            line: Counted from 1; None where the file has no lines.
            reason: Why it could not be read.
            text: The record as it stands in the file.
        """
        self._rows.append((file, line, reason, text))

    def frame(self) -> pl.DataFrame:
        """Return all records, in the order in which they were put in."""
        return pl.DataFrame(self._rows, schema=self.schema, orient="row")


def cut(uri: str, rows: int, *, origin: str) -> Iterator[Fragment]:
    """Yield the fragments of a file that holds all the rows of `origin`, and no others.

    Examples:
        >>> [f.rows for f in cut("a.parquet", FRAGMENT_ROWS + 5, origin="a.csv")]
        [131072, 5]
    """
    for start in range(0, rows, FRAGMENT_ROWS):
        size = min(FRAGMENT_ROWS, rows - start)
        yield Fragment(
            uri=uri, row_start=start, rows=size, origin=origin, origin_row=start
        )


def save(
    folder: Path,
    fragments: Iterable[Fragment],
    schema: pl.Schema,
    *,
    types: Mapping[str, pl.DataType] | None = None,
    quarantine: Quarantine | None = None,
    split: str | None = None,
    decided: Mapping[str, Any] | None = None,
) -> None:
    """Write down a decoding in the staged folder that its files lie in.

    Args:
        folder: Where the Parquet files lie.
        fragments: Their slices; a `uri` is relative to `folder`, or absolute.
        schema: The columns as they lie there.
        types: The columns to read as another type.
        quarantine: What could not be read whole.
        split: The column that holds a given split.
        decided: What else was decided, as plain data.
    """
    pl.DataFrame(schema=schema).write_parquet(folder / _SCHEMA)
    if quarantine:
        quarantine.frame().write_parquet(folder / _QUARANTINE)
    manifest = {
        "fragments": [asdict(fragment) for fragment in fragments],
        "types": {name: str(kind) for name, kind in (types or {}).items()},
        "split": split,
        "decided": dict(decided or {}),
    }
    text = json.dumps(manifest, ensure_ascii=False)
    (folder / _MANIFEST).write_text(text, encoding="utf-8")


def load(folder: Path) -> Decoded:
    """Return what `save` wrote down.

    Raises:
        ConnectorError: The folder was damaged since.
    """
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        lying = pl.read_parquet_schema(folder / _SCHEMA)
    except (OSError, ValueError, pl.exceptions.PolarsError) as error:
        raise ConnectorError(
            f"a cached source is damaged: {error}",
            where=str(folder),
            fix=f"remove it, it is made again: rm -r {str(folder)!r}",
        ) from error
    types = {name: _NAMES[kind] for name, kind in manifest["types"].items()}
    quarantine = folder / _QUARANTINE
    fragments = (Fragment(**fragment) for fragment in manifest["fragments"])
    return Decoded(
        # An absolute path stays what it is when it is joined.
        fragments=tuple(replace(f, uri=str(folder / f.uri)) for f in fragments),
        schema=pl.Schema(
            {name: types.get(name, kind) for name, kind in dict(lying).items()}
        ),
        types=types,
        split=manifest["split"],
        quarantine=quarantine if quarantine.exists() else None,
        decided=manifest["decided"],
    )


def scan_rows(paths: Sequence[Path], schema: pl.Schema) -> pl.LazyFrame:
    """Return the rows of Parquet files with the same columns, in any order."""
    scans = [pl.scan_parquet(path, glob=False).select(list(schema)) for path in paths]
    return pl.concat(scans) if scans else pl.LazyFrame(schema=schema)
