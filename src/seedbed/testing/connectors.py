"""Hold a connector to its promises."""

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import polars as pl

from seedbed.core.identity import content_id
from seedbed.testing.parts import check_part, collected, promise, same

if TYPE_CHECKING:
    from seedbed.connectors.base import Connector, Decoded
    from seedbed.connectors.cache import Cache

__all__ = ["check_connector"]


def check_connector(connector: "Connector", cache: "Cache | None" = None) -> None:
    """Assert that a connector keeps the promises that every connector makes.

    Among them: its settings are its YAML and its digest; the same bytes land under the
    same digest; decoding them again gives the same rows; a scan is lazy and has the
    types that were decided; the fragments are the rows, in their order.

    Args:
        connector: The connector; what it names must be there.
        cache: Where to land; a folder that is removed afterwards by default.

    Raises:
        AssertionError: A promise is broken; the message says which.
    """
    if cache is not None:
        _check(connector, cache)
        return
    from seedbed.connectors.cache import Cache  # noqa: PLC0415 - a room, on demand

    with tempfile.TemporaryDirectory() as folder:
        _check(connector, Cache(Path(folder)))


def _check(connector: "Connector", cache: "Cache") -> None:
    check_part(connector)
    landing, again = connector.land(cache), connector.land(cache)
    promise(landing.digest, connector, "what it landed has no digest")
    promise(
        landing.digest == again.digest, connector, "the same bytes land as two digests"
    )
    promise(
        urlsplit(landing.record.url).password is None,
        connector,
        "its record shows a password",
    )
    missing = [str(file) for file in landing.files if not file.exists()]
    promise(not missing, connector, f"it landed files that are not there: {missing}")
    decoded = connector.decode(landing, cache)
    rows = collected(connector.scan(decoded), connector)
    promise(
        list(rows.schema.items()) == list(decoded.schema.items()),
        connector,
        f"a scan gives {dict(rows.schema)}, but {dict(decoded.schema)} was decided",
    )
    other = connector.scan(connector.decode(again, cache)).collect()
    promise(same(rows, other), connector, "decoding again gives other rows")
    _check_fragments(connector, decoded, rows)


def _check_fragments(
    connector: "Connector", decoded: "Decoded", rows: pl.DataFrame
) -> None:
    from seedbed.connectors.base import FRAGMENT_ROWS  # noqa: PLC0415 - on demand

    sizes = [fragment.rows for fragment in decoded.fragments]
    promise(sum(sizes) == rows.height, connector, "its fragments are not all its rows")
    promise(
        all(0 <= size <= FRAGMENT_ROWS for size in sizes),
        connector,
        f"a fragment holds more than {FRAGMENT_ROWS} rows",
    )
    start = 0
    for fragment in decoded.fragments:
        part = pl.scan_parquet(fragment.uri).slice(fragment.row_start, fragment.rows)
        seen = decoded.typed(part).select(list(decoded.schema)).collect()
        wanted = rows[start : start + fragment.rows]
        promise(
            content_id(seen) == content_id(wanted),
            connector,
            f"the fragment from row {start} on holds other rows than the scan",
        )
        start += fragment.rows
    if decoded.split is not None:
        promise(
            decoded.split in decoded.schema, connector, "its split column is missing"
        )
