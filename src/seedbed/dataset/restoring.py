"""Get back what was gathered, from a version alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.connectors import Decoded
from seedbed.core.frame import ROW
from seedbed.core.identity import content_id
from seedbed.core.schema import schema_from_plain
from seedbed.errors import StoreError
from seedbed.ledger import (
    revert,
)

if TYPE_CHECKING:
    from seedbed.dataset.held import Dataset

__all__ = ["gathered", "joined_table"]


def gathered(dataset: Dataset, piece: Mapping[str, Any], *, text: bool) -> pl.DataFrame:
    """Return the rows of one slice as they were gathered.

    Raises:
        StoreError: The ledger does not lead back to what was gathered.
    """
    shards = [
        shard
        for shard in dataset.manifest["shards"]
        if shard["ordinal"] == piece["ordinal"] and not shard["children"]
    ]
    final = [pl.DataFrame(schema={**dataset.schema, ROW: pl.UInt32})]
    for shard in shards:
        data = pl.read_parquet(dataset.store.path(shard["data"]))
        rows = pl.read_parquet(dataset.store.path(shard["ids"]), columns=[ROW])
        final.append(data.with_columns(rows[ROW]))
    whole = pl.concat(final)
    back = revert(dataset.ledger, piece["ordinal"], whole, source=piece["source"])
    if content_id(back.drop(ROW)) != piece["gathered"]:
        raise StoreError(
            "the ledger does not lead back to what was gathered",
            where=f"{dataset.version.ref}, rows {piece['start']} and on",
            fix="gather the source again and run the recipe with this seedbed",
        )
    if text:
        back = revert(
            dataset.ledger, piece["ordinal"], whole, source=piece["source"], text=True
        )
    return back.drop(ROW)


def joined_table(
    dataset: Dataset, entry: Mapping[str, Any], *, text: bool = False
) -> pl.DataFrame:
    """Return a joined source, which is kept whole and as it was gathered."""
    table = pl.read_parquet(dataset.store.path(entry["table"]))
    schema = schema_from_plain(entry["schema"])
    types = {} if text else {name: schema[name] for name in entry["types"]}
    decoded = Decoded(fragments=(), schema=schema, types=types)
    return decoded.typed(table.lazy()).select(list(schema)).collect()
