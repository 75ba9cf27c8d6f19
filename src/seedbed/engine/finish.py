"""The last pass over a slice: the last steps, then rows with their ids to the splits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from seedbed.augmentation import Skip
from seedbed.core.frame import ID, KEY, PARENT, ROW, SPLIT
from seedbed.core.identity import child_id, content_id, with_twin
from seedbed.core.seeds import rng_for
from seedbed.core.spec import digest
from seedbed.engine.job import Item, PassResult
from seedbed.engine.passes import Pass, of_slice
from seedbed.engine.translate import in_our_words
from seedbed.errors import DataError
from seedbed.ledger import write_table
from seedbed.plan import AugmentOp
from seedbed.splits import TRAIN

__all__ = ["COPY", "MADE_BY", "PARAMS", "Finish", "Finished", "Shard"]

MADE_BY = "_made_by"
"""Beside a child: the number of the step that made it."""
COPY = "_copy"
"""Beside a child: which copy it is, from 0."""
PARAMS = "_params"
"""Beside a child: what was drawn for it, as JSON."""


@dataclass(frozen=True, kw_only=True)
class Shard:
    """Rows of one slice in one split, in two files: the user's columns, and the ids.

    Args:
        split: The name of the split.
        ordinal: The slice.
        children: Whether the rows were made by augmenters.
        rows: How many rows.
        data: The file of the user's columns.
        ids: The file of the hidden columns, in the same order.
        content: The content id of the user's columns.
        ids_content: The content id of what the ids follow from.
    """

    split: str
    ordinal: int
    children: bool
    rows: int
    data: str
    ids: str
    content: str
    ids_content: str


@dataclass(kw_only=True)
class Finished:
    """What the last pass over a slice brought."""

    result: PassResult
    shards: list[Shard]
    made: Counter[int]
    skipped: dict[int, Counter[str]] = field(default_factory=dict[int, Counter[str]])


@dataclass(frozen=True, kw_only=True)
class Finish:
    """Run the last steps on a slice and write its rows.

    Args:
        steps: The last steps.
        splits: The names of the splits.
        twins: The rows that are no first of their kind, with their number (`_row`,
            `twin`), sorted by row.
    """

    steps: Pass
    splits: tuple[str, ...]
    twins: pl.DataFrame

    @property
    def opaque(self) -> bool:
        """Whether a step runs Python that the engine cannot look into."""
        return self.steps.opaque or any(
            isinstance(op, AugmentOp) for op in self.steps.job.plan.ops
        )

    def __call__(self, item: Item) -> Finished:
        """Write one slice."""
        frame, result = self.steps.work(item)
        schema = self.steps.job.plan.schema
        users = frame.select(list(schema))
        if users.schema != schema:
            raise _unplanned(schema, users.schema)
        frame = frame.with_columns(self._ids(frame))
        done = Finished(result=result, shards=[], made=Counter())
        for code, split in enumerate(self.splits):
            rows = frame
            if SPLIT in frame.columns:
                rows = frame.filter(pl.col(SPLIT) == code)
            if rows.is_empty() and item.slice.ordinal:
                continue
            data, ids = rows.select(list(schema)), rows.select(ROW, ID)
            done.shards.append(self._write(item, split, data, ids, children=False))
            if split == TRAIN:
                self._augment(item, data, ids, done)
        return done

    def _ids(self, frame: pl.DataFrame) -> pl.Series:
        base = frame[ID] if ID in frame.columns else frame[KEY]
        twins = of_slice(self.twins, frame)
        if twins.is_empty():
            return base.alias(ID)
        numbers = pl.repeat(0, frame.height, dtype=pl.UInt32, eager=True)
        numbers = numbers.scatter(frame[ROW].search_sorted(twins[ROW]), twins["twin"])
        return with_twin(base, numbers).alias(ID)

    def _write(
        self,
        item: Item,
        split: str,
        data: pl.DataFrame,
        ids: pl.DataFrame,
        *,
        children: bool,
    ) -> Shard:
        folder = self.steps.job.folder
        name = f"{item.slice.ordinal:06}-{split}{'-children' if children else ''}"
        with in_our_words(f"split {split!r}"):
            write_table(data, folder / f"data-{name}.parquet")
            write_table(ids, folder / f"ids-{name}.parquet")
        return Shard(
            split=split,
            ordinal=item.slice.ordinal,
            children=children,
            rows=data.height,
            data=f"data-{name}.parquet",
            ids=f"ids-{name}.parquet",
            content=content_id(data),
            # Of gathered rows the ids follow from the landing, the columns that they are
            # taken over and the position, so the position is enough.
            ids_content=content_id(ids if children else ids.select(ROW)),
        )

    # -- children ---------------------------------------------------------------------

    def _augment(
        self, item: Item, data: pl.DataFrame, ids: pl.DataFrame, done: Finished
    ) -> None:
        ops = [op for op in self.steps.job.plan.ops if isinstance(op, AugmentOp)]
        tables: list[pl.DataFrame] = []
        hidden: list[pl.DataFrame] = []
        for op in ops:
            with in_our_words(op.where):
                children, beside = self._children(op, data, ids, done)
            tables.append(children)
            hidden.append(beside)
        if ops and any(table.height for table in tables):
            done.shards.append(
                self._write(
                    item, TRAIN, pl.concat(tables), pl.concat(hidden), children=True
                )
            )

    def _children(
        self, op: AugmentOp, data: pl.DataFrame, ids: pl.DataFrame, done: Finished
    ) -> tuple[pl.DataFrame, pl.DataFrame]:
        part, seed = op.augmenter, self.steps.job.plan.recipe.seed
        mark = digest(part)
        skipped = done.skipped.setdefault(op.number, Counter())
        parents: list[int] = []
        values: list[Any] = []
        labels: list[Any] = []
        beside: list[tuple[Any, ...]] = []
        rows = zip(data[part.column], self._labels(op, data), ids[ID], strict=True)
        for position, (value, label, parent) in enumerate(rows):
            new_label = part.labels.get(label) if part.labels else label
            if value is None or (part.labels and new_label is None):
                skipped[
                    "no value" if value is None else "no such label in its map"
                ] += 1
                continue
            sample = part.load(value)
            for copy in range(part.copies):
                params = part.draw(sample, rng_for(seed, parent, mark, copy))
                if isinstance(params, Skip):
                    skipped[params.reason] += 1
                    continue
                parents.append(position)
                values.append(part.dump(part.transform(sample, params)))
                labels.append(new_label)
                drawn = json.dumps(params, sort_keys=True, default=str)
                made = child_id(parent, mark, copy)
                beside.append((None, made, parent, op.number, copy, drawn))
        done.made[op.number] += len(parents)
        children = data[parents].with_columns(
            pl.Series(part.column, values, dtype=data.schema[part.column])
        )
        if op.target is not None and part.labels:
            kind = data.schema[op.target]
            children = children.with_columns(pl.Series(op.target, labels).cast(kind))
        return children, pl.DataFrame(beside, schema=_BESIDE, orient="row")

    @staticmethod
    def _labels(op: AugmentOp, data: pl.DataFrame) -> pl.Series:
        if op.target is None or not op.augmenter.labels:
            return pl.repeat(None, data.height, dtype=pl.String, eager=True)
        return data[op.target].cast(pl.String)


_BESIDE: Mapping[str, Any] = {
    ROW: pl.UInt32,
    ID: pl.UInt128,
    PARENT: pl.UInt128,
    MADE_BY: pl.UInt16,
    COPY: pl.UInt16,
    PARAMS: pl.String,
}


def _unplanned(planned: pl.Schema, found: pl.Schema) -> DataError:
    name = next(name for name, kind in planned.items() if found[name] != kind)
    return DataError(
        f"column {name!r} came out as {found[name]}, and {planned[name]} was planned",
        where="the end of the plan",
        fix="run `seedbed.testing.check_rule` on the rules that touch it",
    )
