"""Hold two versions side by side, and name the files of one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core.frame import ID
from seedbed.report.difference import Difference, Side, compare

if TYPE_CHECKING:
    from seedbed.dataset.held import Dataset

__all__ = ["difference", "objects_of"]

_OBJECT_NAME = 64 + len(".parquet")


def difference(before: Dataset, after: Dataset) -> Difference:
    """Return what changed; files that both versions have are not read."""
    old, new = _shard_keys(before), _shard_keys(after)
    return compare(_side(before, old - new), _side(after, new - old))


def _side(dataset: Dataset, shards: set[tuple[str, str, str]]) -> Side:
    return Side(
        dataset.version.ref, _rows_of(dataset, shards), dataset.schema, _recipe(dataset)
    )


def _rows_of(dataset: Dataset, shards: set[tuple[str, str, str]]) -> pl.DataFrame:
    parts = [
        pl.concat(
            [
                pl.read_parquet(dataset.store.path(data)),
                pl.read_parquet(dataset.store.path(ids), columns=[ID]),
            ],
            how="horizontal",
        ).with_columns(pl.lit(split).alias("_split"))
        for split, data, ids in sorted(shards)
    ]
    empty = pl.DataFrame(schema={**dataset.schema, ID: pl.UInt128, "_split": pl.String})
    return pl.concat([empty, *parts])


def _recipe(dataset: Dataset) -> str:
    return dataset.manifest["recipe"] or json.dumps(
        dataset.manifest["describe"], indent=1
    )


def _shard_keys(dataset: Dataset) -> set[tuple[str, str, str]]:
    return {(s["split"], s["data"], s["ids"]) for s in dataset.manifest["shards"]}


def objects_of(data: Any) -> Iterator[str]:
    """Yield the names of all objects that a manifest names."""
    match data:
        case dict():
            for value in data.values():
                yield from objects_of(value)
        case list():
            for value in data:
                yield from objects_of(value)
        case str() if data.endswith(".parquet") and len(data) == _OBJECT_NAME:
            yield data
        case _:
            return
