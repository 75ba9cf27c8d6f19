"""One version as a user holds it: its rows, where they came from, what became of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core import html
from seedbed.core.columns import Columns
from seedbed.core.frame import ID, PARENT, ROW, SOURCE
from seedbed.core.identity import content_id
from seedbed.core.schema import schema_from_plain
from seedbed.core.seeds import rng_for
from seedbed.errors import BadSpec, StoreError, did_you_mean
from seedbed.ledger import (
    Ledger,
    StepEntry,
    Stored,
)
from seedbed.report.difference import Difference
from seedbed.report.story import tell
from seedbed.splits import TRAIN
from seedbed.store import Store, Version
from seedbed.trainers import to_numpy, to_pandas
from seedbed.validation import Finding, Report, Severity

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

from seedbed.dataset.comparing import difference, objects_of
from seedbed.dataset.restoring import gathered, joined_table
from seedbed.dataset.serving import learned_tables, prepared
from seedbed.dataset.telling import facts_of

__all__ = ["Dataset"]

_SHOWN = 5
"""How many rows a notebook shows."""


class Dataset:
    """One version of a dataset; it never changes.

    Args:
        version: The version.
        store: Where it is kept.
    """

    def __init__(self, version: Version, store: Store) -> None:
        self.version = version
        self.store = store

    def __repr__(self) -> str:
        rows = ", ".join(f"{name} {count:,}" for name, count in self.rows.items())
        return f"<Dataset {self.version.ref}: {rows}>"

    def to_html(self) -> str:
        """Return what a notebook shows: the splits, and the first rows of train."""
        version = self.version
        told: list[tuple[str, object]] = [
            ("version", version.number),
            ("made", version.made),
        ]
        told += [("message", version.message)] if version.message else []
        told += [("columns", len(self.schema)), *self.roles.items()]
        sides = [
            (
                name,
                sum(s["rows"] for s in self._shards(name) if not s["children"]),
                sum(s["rows"] for s in self._shards(name) if s["children"]),
            )
            for name in self.splits
        ]
        splits = pl.DataFrame(sides, schema=["split", "rows", "children"], orient="row")
        if not splits["children"].sum():
            splits = splits.drop("children")
        first = self.split(self.splits[0]).head(_SHOWN).collect()
        return html.block(
            f"Dataset {version.ref}",
            html.facts(told),
            html.table(splits, rows=splits.height, types=False),
            html.table(first, rows=_SHOWN, total=self.rows[self.splits[0]]),
        )

    def _repr_html_(self) -> str:
        return self.to_html()

    @cached_property
    def manifest(self) -> dict[str, Any]:
        """All that belongs to the version, as plain data."""
        return self.store.manifest(self.version)

    # -- rows -------------------------------------------------------------------------

    @property
    def splits(self) -> tuple[str, ...]:
        """The names of the splits, ``train`` first."""
        return tuple(self.manifest["splits"])

    @property
    def rows(self) -> dict[str, int]:
        """How many rows each split has, children included."""
        counts = dict.fromkeys(self.splits, 0)
        for shard in self.manifest["shards"]:
            counts[shard["split"]] += shard["rows"]
        return counts

    @cached_property
    def schema(self) -> pl.Schema:
        """The columns."""
        return schema_from_plain(self.manifest["schema"])

    @property
    def roles(self) -> Mapping[str, str]:
        """What some columns are for, such as ``{"target": "label"}``."""
        return self.manifest["roles"]

    def split(
        self, name: str = TRAIN, *, children: bool = True, ids: bool = False
    ) -> pl.LazyFrame:
        """Return the rows of one split, lazily.

        Args:
            name: The split.
            children: With the rows that augmenters made; they come last.
            ids: With `_row` (the gathered position), `_id` and, for children, `_parent`.

        Raises:
            StoreError: There is no such split, or a file of it is damaged.
        """
        shards = [s for s in self._shards(name) if children or not s["children"]]
        parts: list[pl.LazyFrame] = []
        for shard in shards:
            part = pl.scan_parquet(self.store.path(shard["data"]))
            if ids:
                beside = pl.scan_parquet(self.store.path(shard["ids"]))
                none = pl.lit(None, pl.UInt128).alias(PARENT)
                parent = PARENT if shard["children"] else none
                part = pl.concat(
                    [part, beside.select(ROW, ID, parent)], how="horizontal"
                )
            parts.append(part)
        if parts:
            return pl.concat(parts)
        hidden = {ROW: pl.UInt32, ID: pl.UInt128, PARENT: pl.UInt128} if ids else {}
        return pl.LazyFrame(schema={**self.schema, **hidden})

    def batches(
        self, split: str, size: int, *, seed: int | None = None
    ) -> Iterator[pl.DataFrame]:
        """Yield the rows of a split in frames of `size` rows.

        Args:
            split: The split.
            size: How many rows a batch has; the last one may have fewer.
            seed: Shuffle all rows with it; in their own order, if None.
        """
        if size < 1:
            raise BadSpec(
                f"a batch must have at least 1 row, not {size}",
                where=f"{self.version.ref}, batches",
                fix="write size=256",
            )
        frame = self.split(split).collect()
        if seed is not None:
            frame = frame[rng_for(seed, "shuffle", split).permutation(frame.height)]
        for start in range(0, frame.height, size):
            yield frame.slice(start, size)

    def to_numpy(
        self,
        split: str = TRAIN,
        *,
        features: Columns = "@numeric",
        target: str | None = None,
    ) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
        """Return features and target of a split as arrays; see `seedbed.trainers`.

        Args:
            split: The split.
            features: The columns; the target is left out of a group.
            target: The column to learn; by default the one with that role.
        """
        chosen = target or self.roles.get("target")
        return to_numpy(self.split(split).collect(), target=chosen, features=features)

    def to_pandas(self, split: str = TRAIN) -> pd.DataFrame:
        """Return a split as a pandas frame; see `seedbed.trainers`."""
        return to_pandas(self.split(split).collect())

    # -- what happened ----------------------------------------------------------------

    @cached_property
    def ledger(self) -> Ledger:
        """What every step did."""
        kept = self.manifest["ledger"]
        return Ledger(
            steps=tuple(_entry(plain) for plain in self.manifest["steps"]),
            cells=tuple(self._stored(file) for file in kept["cells"]),
            dropped_tables=tuple(self._stored(file) for file in kept["dropped"]),
            level=kept["level"],
            inverses={
                (piece, step, name): way for piece, step, name, way in kept["inverses"]
            },
        )

    @cached_property
    def report(self) -> Report:
        """What the checks found."""
        plain = self.manifest["report"]
        findings = [_finding(entry) for entry in plain["findings"]]
        return Report(tuple(findings), checks=plain["checks"], rows=plain["rows"])

    def quarantine(self, source: str | None = None) -> pl.DataFrame:
        """Return what could not be read whole while gathering: file, line, reason, text."""
        tables = [
            pl.read_parquet(self.store.path(entry["quarantine"])).select(
                pl.lit(entry["name"]).alias(SOURCE), pl.all()
            )
            for entry in self.manifest["sources"]
            if entry["quarantine"] and source in (None, entry["name"])
        ]
        none = [(name, pl.String) for name in (SOURCE, "file", "reason", "text")]
        return pl.concat(tables) if tables else pl.DataFrame(schema=none)

    def original(
        self, source: str | None = None, *, text: bool = False
    ) -> pl.DataFrame:
        """Return what was gathered, cell by cell, from this version alone.

        Neither the source nor the cache is needed: what came out is walked back through
        the ledger, and the result is compared with what was gathered by its content id.

        Args:
            source: Which source; needed if there are several.
            text: Of a text source the raw text, instead of the types decided for it.

        Raises:
            StoreError: The ledger was not kept in full, or does not lead back.
        """
        entry = self._source(source)
        if entry["joined"]:
            return joined_table(self, entry, text=text)
        if self.ledger.level != "full":
            raise StoreError(
                f"the ledger of this version was kept as {self.ledger.level!r}",
                where=self.version.ref,
                fix="run the recipe again with --ledger full",
            )
        pieces = [s for s in self.manifest["slices"] if s["source"] == entry["name"]]
        parts = [gathered(self, piece, text=text) for piece in pieces]
        return pl.concat(parts) if parts else pl.DataFrame(schema=self.schema)

    def _source(self, name: str | None) -> dict[str, Any]:
        entries = {entry["name"]: entry for entry in self.manifest["sources"]}
        if name is None and len(entries) == 1:
            return next(iter(entries.values()))
        if name not in entries:
            known = ", ".join(entries)
            many = f"there are {len(entries)} sources, and none is named"
            what = many if name is None else f"there is no source {name!r}"
            raise StoreError(
                what,
                where=self.version.ref,
                fix=did_you_mean(
                    name or "", entries, otherwise=f"name one of: {known}"
                ),
            )
        return entries[name]

    def _shards(self, split: str) -> list[dict[str, Any]]:
        if split not in self.splits:
            raise StoreError(
                f"there is no split {split!r}",
                where=self.version.ref,
                fix=did_you_mean(
                    split,
                    self.splits,
                    otherwise=f"the splits are: {', '.join(self.splits)}",
                ),
            )
        return [shard for shard in self.manifest["shards"] if shard["split"] == split]

    def _stored(self, file: Mapping[str, Any]) -> Stored:
        return Stored(
            ordinal=file["slice"],
            step=file["step"],
            rows=file["rows"],
            load=lambda: pl.scan_parquet(self.store.path(file["file"])),
        )

    # -- looking ----------------------------------------------------------------------

    def why(self, row: int | str) -> str:
        """Tell the story of one row in words, from where it was gathered to where it is.

        Args:
            row: The gathered position, or the id of a row (or how it begins).

        Raises:
            StoreError: There is no such row.
        """
        return tell(facts_of(self, row))

    def diff(self, other: Dataset) -> Difference:
        """Say what changed from this version to another: rows, cells, columns, recipe."""
        return difference(self, other)

    def verify(self) -> int:
        """Hash every file of this version again and return how many there are.

        Raises:
            StoreError: A file is missing or damaged.
        """
        self.store.path(self.version.manifest, again=True)
        names = list(dict.fromkeys(objects_of(self.manifest)))
        for name in names:
            self.store.path(name, again=True)
        for shard in self.manifest["shards"]:
            data = pl.read_parquet(self.store.path(shard["data"]))
            if content_id(data) != shard["content"]:
                raise StoreError(
                    "the rows are not those that the version was named by",
                    where=f"{self.version.ref}, split {shard['split']!r}",
                    fix="run the recipe again: `seedbed run RECIPE` puts it back",
                )
        return len(names) + 1

    def prepare(self, table: Any) -> pl.DataFrame:
        """Make new rows ready for a model that was trained on this version.

        They go through the same steps with what was learned then. Steps for training
        rows only, duplicates, splits, checks and augmenters are left out. A missing
        target is no mistake.

        Args:
            table: Rows as they come from the source.

        Raises:
            DataError: A column is missing or of the wrong type.
        """
        return prepared(self, table)

    def learned(self, step: int) -> dict[str, pl.DataFrame]:
        """Return what a step learned, by name, as tables."""
        return learned_tables(self).get(step, {})


def _entry(plain: Mapping[str, Any]) -> StepEntry:
    values: dict[str, Any] = dict(plain)
    for name in ("before", "after"):
        values[name] = schema_from_plain(plain[name])
    return StepEntry(**values)


def _finding(plain: Mapping[str, Any]) -> Finding:
    values: dict[str, Any] = dict(plain)
    values["severity"], values["sample"] = Severity(plain["severity"]), ()
    return Finding(**values)
