"""What a connector is: it lands bytes, decodes them once, and scans them lazily.

Only `land` may touch a network or a database. `decode` turns what was landed into
Parquet, cut into fragments, with all that could not be read whole in a quarantine and
all that was decided (dialect, encoding, types) written down. `scan` reads those lazily.

Text sources are decoded as text. The type of each column is decided over the whole
column and applied when it is read, so the raw text of every cell stays at hand: the
identity of a row is taken from it, and `Dataset.original(text=True)` gives it back.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.connectors.types import parse
from seedbed.core.part import Part
from seedbed.core.registry import Registry

if TYPE_CHECKING:
    from seedbed.connectors.cache import Cache

__all__ = [
    "FRAGMENT_ROWS",
    "Connector",
    "Decoded",
    "Fragment",
    "Landing",
    "SourceRecord",
    "connector",
]

FRAGMENT_ROWS = 131_072
"""How many rows a fragment holds at most; the unit of work of every engine."""


@dataclass(frozen=True, kw_only=True)
class SourceRecord:
    """Where landed bytes came from.

    Args:
        url: The place; never with credentials.
        retrieved_at: When, in UTC, as ISO 8601.
        bytes: How many.
        hashes: The SHA-256 of each landed file, by name.
        licence: Under which licence, where known.
        citation: How to cite it, where known.
        version: The publisher's version, where known.
    """

    url: str
    retrieved_at: str
    bytes: int
    hashes: Mapping[str, str]
    licence: str = ""
    citation: str = ""
    version: str = ""


@dataclass(frozen=True, kw_only=True)
class Landing:
    """Bytes as they came, by what they are.

    Args:
        files: Where they lie.
        digest: The digest of their content; names and times do not count.
        record: Where they came from.
    """

    files: tuple[Path, ...]
    digest: str
    record: SourceRecord


@dataclass(frozen=True, kw_only=True)
class Fragment:
    """A slice of decoded data: a range of the rows of one Parquet file.

    Args:
        uri: The file.
        row_start: The first row in it.
        rows: How many rows.
        origin: The gathered file that the rows came from, as users know it.
        origin_row: The position, in that file, of the first row.
    """

    uri: str
    row_start: int
    rows: int
    origin: str = ""
    origin_row: int = 0


@dataclass(frozen=True, kw_only=True)
class Decoded:
    """A landing as Parquet.

    Args:
        fragments: The rows, in the order in which they were gathered.
        schema: The columns with their final types.
        types: The columns that lie as text and are read as another type.
        split: The column that holds a split given by the source, if one does.
        quarantine: A Parquet file of what could not be read whole (`file`, `line`,
            `reason`, `text`), or None where all could.
        decided: What was decided while reading, by name.
    """

    fragments: tuple[Fragment, ...]
    schema: pl.Schema
    types: Mapping[str, pl.DataType] = field(default_factory=dict[str, pl.DataType])
    split: str | None = None
    quarantine: Path | None = None
    decided: Mapping[str, Any] = field(default_factory=dict[str, Any])

    def typed(self, frame: pl.LazyFrame) -> pl.LazyFrame:
        """Return rows as decoded with their final types."""
        return frame.with_columns(
            parse(name, kind) for name, kind in self.types.items()
        )

    def scan(self) -> pl.LazyFrame:
        """Return all rows, lazily, with their final types."""
        parts = [
            # A folder may have brackets in its name: it is no pattern.
            pl.scan_parquet(f.uri, glob=False).slice(f.row_start, f.rows)
            for f in self.fragments
        ]
        if not parts:
            return pl.LazyFrame(schema=self.schema)
        return self.typed(pl.concat(parts)).select(list(self.schema))


@dataclass(frozen=True, kw_only=True)
class Connector(Part, ABC):
    """A place that data comes from."""

    @abstractmethod
    def land(self, cache: "Cache") -> Landing:
        """Bring the bytes here, unless they are here; the only I/O with the outside.

        Raises:
            ConnectorError: They cannot be had.
        """

    @abstractmethod
    def decode(self, landing: Landing, cache: "Cache") -> Decoded:
        """Turn the bytes into Parquet, once for a landing and these settings.

        Raises:
            ConnectorError: They are not what they should be.
        """

    def scan(self, decoded: Decoded) -> pl.LazyFrame:
        """Return all rows, lazily; no work is done here."""
        return decoded.scan()


connector: Registry[Connector] = Registry("connector")
"""Register a connector: ``@connector("files")`` above a frozen dataclass."""
