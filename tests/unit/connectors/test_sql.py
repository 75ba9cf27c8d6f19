"""A database is asked once, exactly, and never written."""

import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import seedbed.connectors.sql as sql_module
from seedbed.connectors import Cache, Decoded, Sql
from seedbed.core.secret import Secret
from seedbed.errors import BadSpec, ConnectorError

URL = Secret("env:TEST_DB")


@pytest.fixture
def shop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    path = tmp_path / "my shop%#?.db"
    monkeypatch.setenv("TEST_DB", str(path))
    fill(
        path,
        "CREATE TABLE sale (id INTEGER, price REAL, what TEXT, pic BLOB, paid BOOLEAN,"
        " day DATE, bare, score REAL, mixed)",
        "INSERT INTO sale VALUES (1, 2.5, 'tea', x'00ff', 1, '2024-01-01', NULL, NULL, 7)",
        "INSERT INTO sale VALUES (NULL, 3, NULL, NULL, 0, NULL, NULL, NULL, 'x')",
        'CREATE TABLE "odd ""name" (a)',
    )
    return path


def fill(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def decode(*, cache: Cache | None = None, **settings: Any) -> Decoded:
    source, cache = Sql(url=URL, **settings), cache or Cache()
    return source.decode(source.land(cache), cache)


def read(**settings: Any) -> pl.DataFrame:
    return Sql(url=URL, **settings).scan(decode(**settings)).collect()


def refused(match: str, **settings: Any) -> ConnectorError:
    with pytest.raises(ConnectorError, match=match) as caught:
        read(**settings)
    assert caught.value.where
    assert caught.value.fix
    return caught.value


@pytest.mark.usefixtures("shop")
def test_types_come_from_all_rows() -> None:
    frame = read(table="sale")
    assert dict(frame.schema) == {
        "id": pl.Int64,
        "price": pl.Float64,
        "what": pl.String,
        "pic": pl.Binary,
        "paid": pl.Boolean,
        "day": pl.String,
        "bare": pl.String,
        "score": pl.Float64,
        "mixed": pl.String,
    }
    assert frame.rows() == [
        (1, 2.5, "tea", b"\x00\xff", True, "2024-01-01", None, None, "7"),
        (None, 3.0, None, None, False, None, None, None, "x"),
    ]
    assert "mixture" in decode(table="sale").decided["mixed"]
    assert decode(table="sale").fragments[0].origin == "sale"


@pytest.mark.usefixtures("shop")
def test_queries() -> None:
    assert read(query="SELECT count(*), 1 AS n FROM sale; ").rows() == [(2, 1)]
    assert read(query="SELECT what FROM sale -- all").height == 2
    assert read(query="WITH x AS (SELECT 1 AS a) SELECT * FROM x").rows() == [(1,)]
    wide = ", ".join(f"{n} AS c{n}" for n in range(120))
    assert read(query=f"SELECT {wide}").row(0) == tuple(range(120))
    refused("two columns of the answer", query="SELECT 1 AS a, 2 AS a")
    refused("refused", query="SELEC 1")
    refused("refused", query="DELETE FROM sale")
    refused("blobs", query="SELECT pic AS a FROM sale UNION ALL SELECT 1")


@pytest.mark.usefixtures("shop")
def test_an_empty_answer_is_an_empty_table() -> None:
    decoded = decode(query="SELECT id, what FROM sale WHERE 0")
    assert decoded.fragments == ()
    assert list(decoded.schema) == ["id", "what"]
    assert read(table='odd "name').shape == (0, 1)


def test_the_answer_stays_until_it_is_asked_anew(shop: Path) -> None:
    sales = Sql(url=URL, query="SELECT id FROM sale")
    first = sales.land(Cache())
    fill(shop, "INSERT INTO sale (id) VALUES (3)")
    assert sales.land(Cache()) == first
    again = Cache(refresh=True)
    second = sales.land(again)
    assert second.digest != first.digest
    assert sales.land(again) == second
    assert sales.land(Cache()) == second
    fill(shop, "DELETE FROM sale WHERE id = 3")
    # Equal rows, equal digest; and what was landed before is still there.
    assert sales.land(Cache(refresh=True)).digest == first.digest
    assert all(file.exists() for file in (*first.files, *second.files))


def test_batches_are_bounded(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fill(shop, "CREATE TABLE n AS WITH RECURSIVE c(x) AS (SELECT 1 UNION ALL SELECT x + 1"
         " FROM c LIMIT 100) SELECT x, NULL AS late FROM c",
         "UPDATE n SET late = 'end' WHERE x = 100")  # fmt: skip
    monkeypatch.setattr(sql_module, "_CHUNK_ROWS", 8)
    monkeypatch.setattr(sql_module, "FRAGMENT_ROWS", 32)
    decoded = decode(table="n")
    assert [f.rows for f in decoded.fragments] == [32, 32, 32, 4]
    assert [f.origin_row for f in decoded.fragments] == [0, 32, 64, 96]
    frame = read(table="n")
    assert frame["x"].to_list() == list(range(1, 101))
    assert frame["late"].drop_nulls().to_list() == ["end"]


def test_numbers_stay_exact(shop: Path) -> None:
    big = 2**53 + 1
    fill(shop, "CREATE TABLE n (a, b)", f"INSERT INTO n VALUES ({big}, 1)",  # noqa: S608
         "INSERT INTO n VALUES (0.5, 0.5)")  # fmt: skip
    frame = read(table="n")
    assert frame["a"].to_list() == [str(big), "0.5"]
    assert frame["b"].to_list() == [1.0, 0.5]


@pytest.mark.usefixtures("shop")
def test_no_such_table() -> None:
    error = refused("there is no table 'sales'", table="sales")
    assert "did you mean 'sale'" in error.fix


def test_no_such_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "none.db"
    monkeypatch.setenv("TEST_DB", f"sqlite:///{path}")
    refused("no such database file", table="sale")
    assert not path.exists()
    path.write_bytes(b"no database, but long enough to be looked at as one" * 20)
    refused("not a database", table="sale")


def test_addresses(shop: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = shop.with_name("plain.db")
    shop.rename(plain)
    monkeypatch.chdir(plain.parent)
    for address in (f"sqlite:///{plain}", "sqlite:///plain.db", "plain.db"):
        monkeypatch.setenv("TEST_DB", address)
        assert Sql(url=URL, table="sale").land(Cache(refresh=True)).digest
    monkeypatch.setenv("TEST_DB", "postgresql+psycopg://me:hunter2@host/db")
    error = refused("'postgresql' cannot be read", query="SELECT 2")
    assert "hunter2" not in str(error)


def test_the_secret_is_in_no_record(shop: Path) -> None:
    landing = Sql(url=URL, table="sale").land(Cache())
    assert landing.record.url == "env:TEST_DB"
    kept = list(Cache().folder.rglob("*.json"))
    assert kept
    assert not any(shop.name in file.read_text() for file in kept)


def test_one_of_table_and_query() -> None:
    for wrong in ({}, {"table": "a", "query": "b"}):
        with pytest.raises(BadSpec):
            Sql(url=URL, **wrong)


cell = st.one_of(
    st.none(),
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False),
    st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=5),
)
homogeneous = st.one_of(
    st.lists(st.none() | st.integers(-(2**63), 2**63 - 1), max_size=6),
    st.lists(st.none() | st.floats(allow_nan=False), max_size=6),
    st.lists(st.none() | st.binary(max_size=4), max_size=6),
    st.lists(cell, max_size=6),
)


@given(column=homogeneous)
def test_values_come_as_they_are(column: list[Any]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        _check(column, patch)


def _check(column: Iterable[Any], patch: pytest.MonkeyPatch) -> None:
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.db"
        patch.setenv("TEST_DB", str(path))
        with closing(sqlite3.connect(path)) as connection:
            connection.execute("CREATE TABLE t (x)")
            connection.executemany("INSERT INTO t VALUES (?)", [(v,) for v in column])
            connection.commit()
        cache = Cache(Path(folder) / "cache")
        source = Sql(url=URL, table="t")
        values = source.scan(source.decode(source.land(cache), cache)).collect()["x"]
    if values.dtype == pl.String:
        wanted = [v if v is None or isinstance(v, str) else repr(v) for v in column]
    else:
        wanted = list(column)
    assert values.to_list() == wanted
