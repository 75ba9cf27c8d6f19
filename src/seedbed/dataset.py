"""One version as a user holds it: its rows, where they came from, and what became of them.

`run` makes a version from a recipe; `open_dataset` takes one from a store.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.connectors import Cache, Decoded
from seedbed.core import html
from seedbed.core.columns import Columns
from seedbed.core.frame import ID, PARENT, ROW, SOURCE, fit, to_polars
from seedbed.core.identity import content_id, to_hex
from seedbed.core.schema import schema_from_plain
from seedbed.core.seeds import rng_for
from seedbed.engine import Engine, Gathered, LocalEngine, execute, gather
from seedbed.engine.commit import commit
from seedbed.engine.finish import MADE_BY, PARAMS
from seedbed.engine.serving import serve
from seedbed.engine.translate import in_our_words
from seedbed.errors import BadSpec, StoreError, did_you_mean
from seedbed.ledger import (
    GATHER,
    REASON,
    SURVIVOR,
    Ledger,
    Level,
    StepEntry,
    Stored,
    revert,
)
from seedbed.plan import Plan, compile, refuse
from seedbed.recipe import Recipe
from seedbed.report.difference import Difference, Side, compare
from seedbed.report.story import Facts, tell
from seedbed.splits import TRAIN
from seedbed.store import LocalStore, Store, Version
from seedbed.trainers import to_numpy, to_pandas
from seedbed.validation import Finding, Report, Severity

if TYPE_CHECKING:
    import numpy as np
    import pandas as pd

__all__ = ["Dataset", "Run", "open_dataset", "plan", "run"]


@dataclass(frozen=True)
class Run:
    """What running a recipe brought.

    Args:
        dataset: The version.
        report: What the checks found.
        ledger: What every step did.
        is_new: False if the newest version was this one already.
    """

    dataset: Dataset
    report: Report
    ledger: Ledger
    is_new: bool

    def _repr_html_(self) -> str:
        new = "a new version" if self.is_new else "the same as the newest version"
        return html.block(
            f"Run: {new}",
            self.dataset.to_html(),
            self.ledger.to_html(),
            self.report.to_html() if self.report.checks else "",
        )


def run(
    recipe: Recipe,
    *,
    store: Store | str | Path,
    engine: Engine | None = None,
    cache: Cache | None = None,
    ledger: Level = "full",
    message: str = "",
) -> Run:
    """Gather, clean, check, split and augment as the recipe says, and commit a version.

    Args:
        recipe: What to do.
        store: Where the version goes: a store, or the folder of a local one.
        engine: What runs the work; by default this process.
        cache: Where landed and decoded data lies between runs.
        ledger: How much to keep of what is changed and dropped.
        message: Why the version is made.

    Raises:
        RecipeError: The recipe is wrong; no row was read.
        DataError: The data is not what the recipe needs.
        ContractFailed: Checks failed; the report is in its ``.report``.
        ConnectorError: A source cannot be had.
        StoreError: The store cannot be used.
    """
    place = LocalStore(store) if isinstance(store, str | Path) else store
    worker = engine or LocalEngine()
    sources, planned = _prepare(recipe, cache or Cache(), worker)
    newest = _newest(place, recipe.name)
    frozen = _frozen_identity(place, newest)
    with place.staging() as folder, in_our_words(recipe.where):
        outcome = execute(
            planned, sources, folder=folder, engine=worker, level=ledger, identity=frozen
        )
        for name, source in sources.items():
            source.refuse_changed(f"{recipe.where}, source {name!r}")
        outcome.report.raise_if_failed()
        version = commit(outcome, place, folder, message=message)
    dataset = Dataset(version, place)
    is_new = newest is None or newest.number != version.number
    return Run(dataset, outcome.report, dataset.ledger, is_new)


def plan(recipe: Recipe, *, cache: Cache | None = None) -> Plan:
    """Gather the sources of a recipe and say what would happen; no step is run.

    Raises:
        RecipeError: The recipe is wrong.
        DataError: A column is missing or of the wrong type.
        ConnectorError: A source cannot be had.
    """
    return _prepare(recipe, cache or Cache(), LocalEngine())[1]


def open_dataset(ref: str, *, store: Store | str | Path) -> Dataset:
    """Return a version: ``flights`` the newest, ``flights@2``, or ``flights@3f2a9c``.

    Raises:
        StoreError: There is no such version.
    """
    place = _existing(store) if isinstance(store, str | Path) else store
    return Dataset(place.version(ref), place)


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
        told: list[tuple[str, object]] = [("version", version.number), ("made", version.made)]
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
                part = pl.concat([part, beside.select(ROW, ID, parent)], how="horizontal")
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
        self, split: str = TRAIN, *, features: Columns = "@numeric", target: str | None = None
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
            inverses={(piece, step, name): way for piece, step, name, way in kept["inverses"]},
        )

    @cached_property
    def report(self) -> Report:
        """What the checks found."""
        plain = self.manifest["report"]
        findings = [
            Finding(**{**f, "severity": Severity(f["severity"]), "sample": ()})
            for f in plain["findings"]
        ]
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
        none = dict.fromkeys((SOURCE, "file", "reason", "text"), pl.String)
        return pl.concat(tables) if tables else pl.DataFrame(schema=none)

    def original(self, source: str | None = None, *, text: bool = False) -> pl.DataFrame:
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
            return self._table(entry, text=text)
        if self.ledger.level != "full":
            raise StoreError(
                f"the ledger of this version was kept as {self.ledger.level!r}",
                where=self.version.ref,
                fix="run the recipe again with --ledger full",
            )
        pieces = [s for s in self.manifest["slices"] if s["source"] == entry["name"]]
        parts = [self._gathered(piece, text=text) for piece in pieces]
        return pl.concat(parts) if parts else pl.DataFrame(schema=self.schema)

    def _gathered(self, piece: Mapping[str, Any], *, text: bool) -> pl.DataFrame:
        shards = [
            shard
            for shard in self.manifest["shards"]
            if shard["ordinal"] == piece["ordinal"] and not shard["children"]
        ]
        final = [pl.DataFrame(schema={**self.schema, ROW: pl.UInt32})]
        for shard in shards:
            data = pl.read_parquet(self.store.path(shard["data"]))
            rows = pl.read_parquet(self.store.path(shard["ids"]), columns=[ROW])
            final.append(data.with_columns(rows[ROW]))
        whole = pl.concat(final)
        back = revert(self.ledger, piece["ordinal"], whole, source=piece["source"])
        if content_id(back.drop(ROW)) != piece["gathered"]:
            raise StoreError(
                "the ledger does not lead back to what was gathered",
                where=f"{self.version.ref}, rows {piece['start']} and on",
                fix="gather the source again and run the recipe with this seedbed",
            )
        if text:
            back = revert(
                self.ledger, piece["ordinal"], whole, source=piece["source"], text=True
            )
        return back.drop(ROW)

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
                fix=did_you_mean(name or "", entries, otherwise=f"name one of: {known}"),
            )
        return entries[name]

    def _shards(self, split: str) -> list[dict[str, Any]]:
        if split not in self.splits:
            raise StoreError(
                f"there is no split {split!r}",
                where=self.version.ref,
                fix=did_you_mean(
                    split, self.splits, otherwise=f"the splits are: {', '.join(self.splits)}"
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
        return tell(self._facts(row))

    def diff(self, other: Dataset) -> Difference:
        """Say what changed from this version to another: rows, cells, columns, recipe."""
        mine, theirs = _shard_keys(self), _shard_keys(other)
        return compare(
            Side(self.version.ref, self._rows_of(mine - theirs), self.schema, self._recipe()),
            Side(other.version.ref, other._rows_of(theirs - mine), other.schema, other._recipe()),
        )

    def verify(self) -> int:
        """Hash every file of this version again and return how many there are.

        Raises:
            StoreError: A file is missing or damaged.
        """
        self.store.path(self.version.manifest, again=True)
        names = list(dict.fromkeys(_objects(self.manifest)))
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
        text = self.manifest["recipe"]
        if text is None:
            raise StoreError(
                "the recipe holds a function that no module holds, so it cannot be repeated",
                where=self.version.ref,
                fix="move the function into a module and run the recipe again",
            )
        gathered = next(s for s in reversed(self.ledger.steps) if s.source).after
        target = self._gathered_target()
        frame = to_polars(table, where="prepare")
        made_up = target in gathered and target not in frame.columns
        if made_up:
            frame = frame.with_columns(pl.lit(None, gathered[target]).alias(target))
        out = serve(
            Recipe.from_yaml(text, where=self.version.ref),
            fit(frame, gathered, where="prepare"),
            joined=self._joined(),
            learned=self._learned(),
            given_split=next(filter(None, (s["split"] for s in self.manifest["sources"])), None),
        )
        return out.drop(self.roles.get("target", ""), strict=False) if made_up else out

    def _gathered_target(self) -> str:
        """Return what the target was called when it was gathered."""
        name = self.roles.get("target", "")
        for step in reversed(self.ledger.steps):
            name = next((old for old, new in step.renames.items() if new == name), name)
        return name

    def _learned(self) -> dict[int, dict[str, pl.DataFrame]]:
        found: dict[int, dict[str, pl.DataFrame]] = {}
        for entry in self.manifest["learned"]:
            table = pl.read_parquet(self.store.path(entry["file"]))
            found.setdefault(entry["step"], {})[entry["name"]] = table
        return found

    def learned(self, step: int) -> dict[str, pl.DataFrame]:
        """Return what a step learned, by name, as tables."""
        return self._learned().get(step, {})

    def _joined(self) -> dict[str, pl.DataFrame]:
        return {
            entry["name"]: self._table(entry)
            for entry in self.manifest["sources"]
            if entry["joined"]
        }

    def _table(self, entry: Mapping[str, Any], *, text: bool = False) -> pl.DataFrame:
        """Return a joined source, which is kept whole and as it was gathered."""
        table = pl.read_parquet(self.store.path(entry["table"]))
        schema = schema_from_plain(entry["schema"])
        types = {} if text else {name: schema[name] for name in entry["types"]}
        decoded = Decoded(fragments=(), schema=schema, types=types)
        return decoded.typed(table.lazy()).select(list(schema)).collect()

    def _recipe(self) -> str:
        return self.manifest["recipe"] or json.dumps(self.manifest["describe"], indent=1)

    def _rows_of(self, shards: set[tuple[str, str, str]]) -> pl.DataFrame:
        parts = [
            pl.concat(
                [
                    pl.read_parquet(self.store.path(data)),
                    pl.read_parquet(self.store.path(ids), columns=[ID]),
                ],
                how="horizontal",
            ).with_columns(pl.lit(split).alias("_split"))
            for split, data, ids in sorted(shards)
        ]
        empty = pl.DataFrame(schema={**self.schema, ID: pl.UInt128, "_split": pl.String})
        return pl.concat([empty, *parts])

    def _facts(self, row: int | str) -> Facts:
        position, at, child = self._find(row)
        pieces = self.manifest["slices"]
        piece = next(
            (p for p in pieces if p["start"] <= position < p["start"] + p["rows"]), None
        )
        if piece is None:
            last = sum(p["rows"] for p in pieces) - 1
            raise StoreError(
                f"there is no row {row!r}",
                where=self.version.ref,
                fix=f"`seedbed why {self.version.name} 0` tells of the first of 0 to {last}",
            )
        offset = position - piece["start"]
        # Not gathering itself: a text that was read as a number says the same.
        met = (s for s in self.ledger.steps if s.source in ("", piece["source"]))
        steps = [s for s in met if s.kind != GATHER]
        dropped = pl.concat(
            [
                _reasons(self.ledger.dropped(step=s.number, ordinal=piece["ordinal"]), position)
                for s in steps
                if s.dropped
            ]
            or [pl.DataFrame(schema={"step": pl.UInt16, REASON: pl.String})]
        )
        return Facts(
            row=position,
            version=self.version.ref,
            source=piece["source"],
            origin=piece["origin"],
            origin_row=piece["origin_row"] + offset,
            steps=steps,
            changes=self.ledger.changes(row=position),
            dropped=dict(dropped.iter_rows()),
            split=at.get("split"),
            id=at.get("id"),
            children=self._children_of(at.get("number")),
            child=child,
            final=at.get("values", {}),
            level=self.ledger.level,
        )

    def _find(self, row: int | str) -> tuple[int, dict[str, Any], str]:
        """Return the gathered position of a row, where it is now, and what child it is."""
        child = ""
        number: int | None = None
        if isinstance(row, str) and not (row.isdigit() and len(row) < _ID_DIGITS):
            found = self._by_id(row)
            child = found.pop("child", "")
            if child:
                found = self._by_id(found["parent"])
            number = found["row"]
        position = int(row) if number is None else number
        if not 0 <= position < 2**32:
            return position, {}, child
        for shard in self.manifest["shards"]:
            if shard["children"]:
                continue
            ids = pl.read_parquet(self.store.path(shard["ids"]), columns=[ROW, ID])
            at = (ids[ROW] == position).arg_true()
            if len(at):
                number = int(ids[ID][int(at[0])])
                data = pl.scan_parquet(self.store.path(shard["data"])).slice(int(at[0]), 1)
                values = data.collect().row(0, named=True)
                return position, {
                    "split": shard["split"],
                    "id": to_hex(number),
                    "number": number,
                    "values": values,
                }, child
        return position, {}, child

    def _by_id(self, prefix: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = []
        for shard in self.manifest["shards"]:
            ids = pl.read_parquet(self.store.path(shard["ids"]))
            for entry in ids.iter_rows(named=True):
                if to_hex(entry[ID]).startswith(prefix):
                    child = _child_words(entry, self.ledger.steps) if shard["children"] else ""
                    parent = to_hex(entry[PARENT]) if shard["children"] else ""
                    found.append({"row": entry[ROW], "child": child, "parent": parent})
        if len(found) != 1:
            what = "no row" if not found else f"{len(found)} rows"
            raise StoreError(
                f"{what} of this version has an id that begins with {prefix!r}",
                where=self.version.ref,
                fix=f"`seedbed why {self.version.name} 0` takes a row number, too",
            )
        return found[0]

    def _children_of(self, number: int | None) -> list[str]:
        told: list[str] = []
        for shard in self.manifest["shards"]:
            if shard["children"] and number is not None:
                ids = pl.read_parquet(self.store.path(shard["ids"]))
                mine = ids.filter(pl.col(PARENT) == pl.lit(number, pl.UInt128))
                told += [_child_words(e, self.ledger.steps) for e in mine.iter_rows(named=True)]
        return told


_ID_DIGITS = 12
_SHOWN = 5
"""How many rows a notebook shows."""


def _child_words(entry: Mapping[str, Any], steps: Sequence[StepEntry]) -> str:
    step = steps[entry[MADE_BY]]
    drawn = ", ".join(f"{k} {v:.4g}" if isinstance(v, float) else f"{k} {v}"
                      for k, v in json.loads(entry[PARAMS]).items())
    return f"{to_hex(entry[ID])[:12]} by {step.kind} ({drawn})"


def _objects(data: Any) -> Iterator[str]:
    """Yield the names of all objects that a manifest names."""
    match data:
        case dict():
            for value in data.values():
                yield from _objects(value)
        case list():
            for value in data:
                yield from _objects(value)
        case str() if data.endswith(".parquet") and len(data) == _OBJECT_NAME:
            yield data
        case _:
            return


def _reasons(dropped: pl.DataFrame, row: int) -> pl.DataFrame:
    """Return of one row the step that dropped it, with the reason."""
    mine = dropped.filter(pl.col(ROW) == row)
    if SURVIVOR in mine.columns:
        same = pl.format("the same as row {}, which was kept", SURVIVOR)
        mine = mine.with_columns(same.alias(REASON))
    return mine.select("step", REASON)


_OBJECT_NAME = 64 + len(".parquet")


def _shard_keys(dataset: Dataset) -> set[tuple[str, str, str]]:
    return {(s["split"], s["data"], s["ids"]) for s in dataset.manifest["shards"]}


def _entry(plain: Mapping[str, Any]) -> StepEntry:
    schemas = {name: schema_from_plain(plain[name]) for name in ("before", "after")}
    return StepEntry(**{**plain, **schemas})


def _prepare(recipe: Recipe, cache: Cache, worker: Any) -> tuple[Mapping[str, Gathered], Plan]:
    refuse(recipe)
    sources = gather(recipe, cache, getattr(worker, "progress", None))
    schemas = {name: source.decoded.schema for name, source in sources.items()}
    given = next((s.decoded.split for s in sources.values() if s.decoded.split), None)
    return sources, compile(recipe, schemas, given_split=given)


def _newest(store: Store, name: str) -> Version | None:
    return store.versions(name)[-1] if name in store.names() else None


def _frozen_identity(store: Store, newest: Version | None) -> dict[str, list[str]]:
    """Return the columns that identities were taken over in the newest version.

    A column that is added later must not change who a row is.
    """
    if newest is None:
        return {}
    sources = store.manifest(newest)["sources"]
    return {entry["name"]: entry["identity"] for entry in sources if entry["identity"]}


def _existing(folder: str | Path) -> LocalStore:
    if not (Path(folder).expanduser() / "seedbed-store.json").exists():
        raise StoreError(
            "there is no store here",
            where=f"folder {str(folder)!r}",
            fix="`seedbed run RECIPE --store FOLDER` makes one",
        )
    return LocalStore(folder)
