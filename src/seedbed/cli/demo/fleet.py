"""The database of planes, airlines and airports that the demo gathers from."""

from __future__ import annotations

import csv
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

__all__ = ["lay_out_fleet"]

_TABLES = {"planes": "tailnum", "airlines": "carrier", "airports": "faa"}
_NUMBERS = frozenset({"year", "engines", "seats", "speed", "lat", "lon", "alt", "tz"})


def lay_out_fleet(source: Path, folder: Path) -> None:
    """Write ``fleet.db``, and beside it ``fleet.url``, which says where it is.

    Args:
        source: The folder of the CSV files.
        folder: Where the database goes.
    """
    place, draft = folder / "fleet.db", folder / "fleet.db.part"
    draft.unlink(missing_ok=True)
    with closing(sqlite3.connect(draft)) as fleet:
        for table, key in _TABLES.items():
            _fill(fleet, table, key, source / f"{table}.csv")
        fleet.commit()
    draft.replace(place)
    (folder / "fleet.url").write_text(
        f"sqlite:///{quote(str(place))}\n", encoding="utf-8"
    )


def _fill(fleet: sqlite3.Connection, table: str, key: str, path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        names = next(rows)
        columns = ", ".join(f'"{name}"' for name in names)
        marks = ", ".join("?" * len(names))
        fleet.execute(f'CREATE TABLE "{table}" ({columns}, PRIMARY KEY ("{key}"))')
        fleet.executemany(
            f'INSERT INTO "{table}" VALUES ({marks})',  # noqa: S608 - names of ours
            _values(names, rows),
        )


def _values(names: list[str], rows: Iterator[list[str]]) -> Iterator[list[object]]:
    """Yield the rows as a database would hold them: numbers, and nulls for "NA"."""
    for row in rows:
        yield [_value(name, text) for name, text in zip(names, row, strict=True)]


def _value(name: str, text: str) -> object:
    if text == "NA":
        return None
    if name not in _NUMBERS:
        return text
    return float(text) if "." in text else int(text)
