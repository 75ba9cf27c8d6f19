"""A schema as plain data, and back, for every type that Polars has.

>>> schema = pl.Schema({"price": pl.Decimal(10, 2), "tags": pl.List(pl.String)})
>>> schema_from_plain(schema_to_plain(schema)) == schema
True
"""

import base64
import io
from typing import Any

import polars as pl

__all__ = ["schema_from_plain", "schema_to_plain"]


def schema_to_plain(schema: pl.Schema) -> dict[str, Any]:
    """Return names and types, once for people and once exactly (as an Arrow schema)."""
    out = io.BytesIO()
    pl.DataFrame(schema=schema).write_ipc(out)
    return {
        "columns": {name: str(kind) for name, kind in schema.items()},
        "arrow": base64.b64encode(out.getvalue()).decode(),
    }


def schema_from_plain(data: dict[str, Any]) -> pl.Schema:
    """Return the schema that `schema_to_plain` wrote down."""
    return pl.read_ipc(io.BytesIO(base64.b64decode(data["arrow"]))).schema
