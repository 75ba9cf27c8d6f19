"""Read a table, or the answer to a query, from a SQL database."""

import json
import sqlite3
from collections.abc import Generator, Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote, unquote

import polars as pl

from seedbed.connectors.answer import Answer
from seedbed.connectors.base import (
    FRAGMENT_ROWS,
    Connector,
    Decoded,
    Fragment,
    Landing,
    SourceRecord,
    connector,
)
from seedbed.connectors.cache import Cache, hash_file
from seedbed.connectors.decoded import load, save
from seedbed.core.identity import content_id, digest_of
from seedbed.core.secret import Secret
from seedbed.core.spec import digest
from seedbed.errors import BadSpec, ConnectorError, did_you_mean

__all__ = ["Sql"]

_CHUNK_ROWS = 4096
_FILE_BYTES = 64 << 20
_LANDING = "landing.json"


@connector("sql")
@dataclass(frozen=True, kw_only=True)
class Sql(Connector):
    """A table of a SQLite database, or the answer to one query.

    A database has no past: the same query gives other rows tomorrow. So the answer is
    landed once, and every later run reads what was landed; a cache made with
    ``refresh=True`` asks the database anew. Equal answers have equal digests.

    The database is opened for reading only. The types are decided over all rows:
    whole numbers are `Int64`, real ones `Float64`, texts `String`, blobs `Binary`, and
    a column declared `BOOLEAN` that holds 0 and 1 is `Boolean`. A column in which
    SQLite holds both numbers and texts becomes text, and `decided` says so.

    Use it for data in a database. Do not use it to join huge tables: write the join
    into the query, where the indexes are.

    Args:
        url: Where the address is kept, such as ``Secret("env:SHOP_DB")``. The address is
            ``sqlite:///relative.db``, ``sqlite:////absolute.db``, or the bare path.
        table: The table or view to read whole.
        query: One ``SELECT`` instead. Order the rows if their order matters to you.

    Raises:
        BadSpec: Both `table` and `query` are given, or neither.

    Source:
        Storage classes and affinity: https://www.sqlite.org/datatype3.html

    Examples:
        >>> import os, tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> with closing(sqlite3.connect(folder / "shop.db")) as shop:
        ...     _ = shop.execute("CREATE TABLE sale AS SELECT 7 AS n, 'tea' AS what")
        ...     shop.commit()
        >>> os.environ["SHOP_DB"] = f"sqlite:///{folder}/shop.db"

        >>> sales, cache = Sql(url=Secret("env:SHOP_DB"), table="sale"), Cache(folder)
        >>> sales.scan(sales.decode(sales.land(cache), cache)).collect().rows()
        [(7, 'tea')]
    """

    url: Secret
    table: str | None = None
    query: str | None = None

    def __post_init__(self) -> None:
        if bool(self.table) == bool(self.query):
            raise BadSpec(
                "give a table or a query, and not both",
                where=f"connector {self.kind!r}",
                fix="table='sale', or query='SELECT * FROM sale WHERE n > 3'",
            )

    def land(self, cache: Cache) -> Landing:
        """Ask the database, unless its answer is here already.

        Raises:
            ConnectorError: There is no such file or table, or the query is refused.
        """
        key = digest(self)
        pointer = cache.find(key, dated=True)
        landing = _landed(pointer, cache) if pointer is not None else None
        if landing is None:
            with cache.stage(key, replace=True) as staged:
                record = self._ask(staged / "answer", cache)
                text = json.dumps(record, ensure_ascii=False)
                (staged / _LANDING).write_text(text, encoding="utf-8")
            landing = _landed(cache.folder / key, cache)
        if landing is None:
            raise ConnectorError(
                "the answer was removed from the cache while it was read",
                where=str(cache.folder),
                fix="run it again",
            )
        return landing

    def decode(self, landing: Landing, cache: Cache) -> Decoded:
        """Return the landed answer; it is Parquet already."""
        folder = cache.find(landing.digest)
        if folder is None:
            raise ConnectorError(
                "the landed answer is not in this cache",
                where=repr(cache),
                fix="land it here first: connector.land(cache)",
            )
        return load(folder)

    def _ask(self, staged: Path, cache: Cache) -> dict[str, object]:
        """Write the answer under the digest of its content; return what was landed."""
        staged.mkdir()
        with self._translated(), _connect(self.url) as connection:
            connection.execute("BEGIN")  # one snapshot for all that is asked below
            answer = self._answer(connection)
            parts: list[str] = []
            fragments: list[Fragment] = []
            for at, batch in enumerate(_batches(answer)):
                name = f"part-{at:05}.parquet"
                batch.write_parquet(staged / name, compression="zstd")
                parts.append(content_id(batch))
                fragments.append(Fragment(uri=name, row_start=0, rows=batch.height))
        fragments = _with_origin(fragments, self.table or "query")
        save(staged, fragments, answer.schema, decided=answer.decided)
        kinds = [[name, str(kind)] for name, kind in answer.schema.items()]
        content = digest_of([kinds, parts])
        files = sorted(staged.glob("part-*.parquet"))
        record = SourceRecord(
            url=self.url.ref,
            retrieved_at=datetime.now(UTC).isoformat(timespec="seconds"),
            bytes=sum(file.stat().st_size for file in files),
            hashes={file.name: hash_file(file) for file in files},
        )
        with cache.stage(content) as final:
            for file in staged.iterdir():
                file.rename(final / file.name)
        staged.rmdir()
        return {"digest": content, "record": asdict(record)}

    def _answer(self, connection: sqlite3.Connection) -> Answer:
        if self.table is None:
            query = str(self.query).strip().rstrip(";")
            return Answer.of(connection, query, declared={})
        names = _tables(connection)
        known = {name.lower(): name for name in names}
        if self.table.lower() not in known:
            listed = ", ".join(names) or "none"
            raise ConnectorError(
                f"there is no table {self.table!r}",
                where=self._where,
                fix=did_you_mean(
                    self.table, names, otherwise=f"the tables are: {listed}"
                ),
            )
        table = '"' + self.table.replace('"', '""') + '"'
        columns = connection.execute(f"PRAGMA table_info({table})").fetchall()
        declared = {str(row[1]): str(row[2]).upper() for row in columns}
        return Answer.of(connection, f"SELECT * FROM {table}", declared=declared)  # noqa: S608 - quoted above

    @property
    def _where(self) -> str:
        return f"connector {self.kind!r} at {self.url.ref}"

    @contextmanager
    def _translated(self) -> Generator[None]:
        try:
            yield
        except ConnectorError as error:
            raise ConnectorError(
                error.what, where=error.where or self._where, fix=error.fix
            ) from error
        except (sqlite3.Error, sqlite3.Warning) as error:
            raise ConnectorError(
                f"the database refused: {error}",
                where=self._where,
                fix="run the query by hand: sqlite3 <file> '<query>'",
            ) from error


def _landed(pointer: Path, cache: Cache) -> Landing | None:
    """Return the landing that was written down, unless its files are gone."""
    kept = json.loads((pointer / _LANDING).read_text(encoding="utf-8"))
    folder = cache.find(kept["digest"])
    if folder is None:
        return None
    files = tuple(folder / name for name in kept["record"]["hashes"])
    return Landing(
        files=files, digest=kept["digest"], record=SourceRecord(**kept["record"])
    )


@contextmanager
def _connect(url: Secret) -> Generator[sqlite3.Connection]:
    path = _path(url)
    if not path.is_file():
        raise ConnectorError(
            "there is no such database file",
            where=f"the address in {url.ref}",
            fix="sqlite:///shop.db starts at the working directory, "
            "sqlite:////data/shop.db at the root",
        )
    # Read only, and never an empty database where a name is misspelt.
    address = f"file:{quote(str(path.absolute()))}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, isolation_level=None)) as opened:
        yield opened


def _path(url: Secret) -> Path:
    """Return the file that the address means; the address itself is never shown."""
    address = url.reveal()
    scheme, found, rest = address.partition("://")
    if not found:
        return Path(address).expanduser()
    if scheme != "sqlite" or not rest.startswith("/"):
        raise ConnectorError(
            f"a database of the kind {scheme.partition('+')[0]!r} cannot be read here",
            where=f"the address in {url.ref}",
            fix="use a SQLite file, as in sqlite:///shop.db; or export the table as CSV",
        )
    return Path(unquote(rest[1:].partition("?")[0]))


def _tables(connection: sqlite3.Connection) -> list[str]:
    query = (
        "SELECT name FROM sqlite_master WHERE type IN ('table', 'view') ORDER BY name"
    )
    return [name for (name,) in connection.execute(query)]


def _batches(answer: Answer) -> Iterator[pl.DataFrame]:
    """Yield the rows in frames of the one schema, bounded in rows and in bytes."""
    held: list[pl.DataFrame] = []
    rows, size = 0, 0
    for chunk in answer.chunks(_CHUNK_ROWS):
        held.append(chunk)
        rows += chunk.height
        size += int(chunk.estimated_size())
        if rows + _CHUNK_ROWS > FRAGMENT_ROWS or size > _FILE_BYTES:
            yield pl.concat(held)
            held, rows, size = [], 0, 0
    if held:
        yield pl.concat(held)


def _with_origin(fragments: list[Fragment], origin: str) -> list[Fragment]:
    out: list[Fragment] = []
    first = 0
    for part in fragments:
        out.append(
            Fragment(
                uri=part.uri,
                row_start=0,
                rows=part.rows,
                origin=origin,
                origin_row=first,
            )
        )
        first += part.rows
    return out
