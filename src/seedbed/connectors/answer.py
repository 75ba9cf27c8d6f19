"""Decide the types of an answer of SQLite, and read it in chunks of that schema.

SQLite types values, not columns: a column may hold a number in one row and a text in
the next. So every row is asked for its storage class first, and the schema is fixed
before the first value is read.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from seedbed.errors import ConnectorError

__all__ = ["Answer"]

_AT_ONCE = 50
"""Columns asked about in one query; SQLite bounds how many an answer may have."""
_ALIKE: Mapping[str, pl.DataType] = {
    "integer": pl.Int64(),
    "real": pl.Float64(),
    "text": pl.String(),
    "blob": pl.Binary(),
}
_CLASSES = tuple(_ALIKE)
_EXACT = 2**53


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The answer to a query, with the types that all its rows have.

    Args:
        connection: An open database.
        query: One `SELECT`.
        schema: The columns.
        decided: What was decided about columns that hold a mixture, by name.
    """

    connection: sqlite3.Connection
    query: str
    schema: pl.Schema
    decided: Mapping[str, str]

    @classmethod
    def of(
        cls, connection: sqlite3.Connection, query: str, *, declared: Mapping[str, str]
    ) -> "Answer":
        """Look at all rows and decide the types.

        Args:
            connection: An open database.
            query: One `SELECT`.
            declared: The declared types, by column, where they are known.

        Raises:
            ConnectorError: It is no query, two columns have one name, or a column holds
                both blobs and other values.
        """
        names = _names(connection, query)
        kinds: dict[str, pl.DataType] = {}
        decided: dict[str, str] = {}
        for start in range(0, len(names), _AT_ONCE):
            some = range(start, min(start + _AT_ONCE, len(names)))
            for name, seen in _classes(connection, query, names, some).items():
                kinds[name], why = _kind(name, seen, declared.get(name, ""))
                if why:
                    decided[name] = why
        return cls(
            connection=connection, query=query, schema=pl.Schema(kinds), decided=decided
        )

    def chunks(self, size: int) -> Iterator[pl.DataFrame]:
        """Yield the rows, `size` at a time."""
        cursor = self.connection.execute(self.query)
        while rows := cursor.fetchmany(size):
            columns = zip(*rows, strict=True)
            yield pl.DataFrame(
                [
                    pl.Series(name, _values(values, kind), dtype=kind)
                    for (name, kind), values in zip(
                        self.schema.items(), columns, strict=True
                    )
                ]
            )


def _names(connection: sqlite3.Connection, query: str) -> list[str]:
    cursor = connection.execute(f"SELECT * FROM ({query}\n) LIMIT 0")  # noqa: S608 - the user's own query
    plain = connection.execute(query)
    names = [column[0] for column in plain.description or ()]
    plain.close()
    cursor.close()
    for at, name in enumerate(names):
        if name in names[:at]:
            raise ConnectorError(
                f"two columns of the answer are called {name!r}",
                fix=f"name one of them: ... AS {name}_2",
            )
    return names


def _classes(
    connection: sqlite3.Connection, query: str, names: Sequence[str], some: range
) -> dict[str, dict[str, int]]:
    """Count the storage classes of some of the columns, over all rows."""
    # Columns are named by position: SQLite takes a quoted name that it does not know
    # for a text, and would say so of every value.
    columns = [f"c{at}" for at in range(len(names))]
    asked: list[str] = []
    for at in some:
        column = columns[at]
        asked += [f"sum(typeof({column}) = '{sort}')" for sort in _CLASSES]
        whole = f"typeof({column}) = 'integer'"
        asked.append(f"sum({whole} AND {column} NOT IN (0, 1))")
        asked.append(f"sum({whole} AND {column} NOT BETWEEN -{_EXACT} AND {_EXACT})")
    asking = (
        f"WITH answer({', '.join(columns)}) AS (SELECT * FROM ({query}\n)) "  # noqa: S608 - the user's own query
        f"SELECT {', '.join(asked)} FROM answer"
    )
    row = connection.execute(asking).fetchone()
    keys = (*_CLASSES, "not_bool", "beyond")
    step = len(keys)
    return {
        names[at]: {
            key: count or 0
            for key, count in zip(keys, row[n * step : (n + 1) * step], strict=True)
        }
        for n, at in enumerate(some)
    }


def _kind(name: str, seen: Mapping[str, int], declared: str) -> tuple[pl.DataType, str]:
    """Return the type of a column, and what had to be decided about it."""
    classes = [sort for sort in _CLASSES if seen[sort]]
    match classes:
        case []:
            return _by_declaration(declared), ""
        case ["integer"] if declared.startswith("BOOL") and not seen["not_bool"]:
            return pl.Boolean(), ""
        case [one]:
            return _ALIKE[one], ""
        case ["integer", "real"] if not seen["beyond"]:
            return pl.Float64(), "whole and real numbers are read as real ones"
        case _ if not seen["blob"]:
            counts = ", ".join(f"{seen[sort]} {sort}" for sort in classes)
            return pl.String(), f"read as text, since it holds a mixture: {counts}"
        case _:
            raise ConnectorError(
                f"the column {name!r} holds blobs and other values",
                fix=f'write them alike in a query: SELECT hex("{name}") AS "{name}"',
            )


def _by_declaration(declared: str) -> pl.DataType:
    """Return the type of a column without values, by the rules of affinity."""
    if declared.startswith("BOOL"):
        return pl.Boolean()
    if "INT" in declared:
        return pl.Int64()
    if any(word in declared for word in ("REAL", "FLOA", "DOUB")):
        return pl.Float64()
    return pl.Binary() if "BLOB" in declared else pl.String()


def _values(values: Sequence[Any], kind: pl.DataType) -> list[Any]:
    if kind == pl.String:
        return [v if v is None or isinstance(v, str) else repr(v) for v in values]
    if kind == pl.Float64:
        return [None if v is None else float(v) for v in values]
    if kind == pl.Boolean:
        return [None if v is None else bool(v) for v in values]
    return list(values)
