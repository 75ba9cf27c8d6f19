"""Files come in whole, or with a word about what is wrong."""

import csv
import gzip
import io
import json
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

import seedbed.connectors.decoded as decoded_module
import seedbed.connectors.tables as tables_module
from seedbed.connectors import Cache, Decoded, Files, ImageFolder, read_source
from seedbed.connectors.records import records
from seedbed.errors import BadSpec, ConnectorError

SHARED = Path(__file__).parents[4] / "shared" / "data"


def decode(path: str | tuple[str, ...], **settings: Any) -> Decoded:
    files, cache = Files(path=path, **settings), Cache()
    return files.decode(files.land(cache), cache)


def read(path: str | tuple[str, ...], **settings: Any) -> pl.DataFrame:
    files = Files(path=path, **settings)
    return files.scan(decode(path, **settings)).collect()


def write(path: Path, text: str | bytes) -> str:
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return str(path)


def quarantine(decoded: Decoded) -> list[tuple[int, str, str]]:
    assert decoded.quarantine is not None
    return pl.read_parquet(decoded.quarantine).select("line", "reason", "text").rows()


def refused(path: str | tuple[str, ...], match: str, **settings: Any) -> ConnectorError:
    with pytest.raises(ConnectorError, match=match) as caught:
        read(path, **settings)
    assert caught.value.where
    assert caught.value.fix
    assert not list(Cache().folder.glob(".stage-*"))
    return caught.value


def test_types_are_decided_and_the_text_stays(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'id,price,zip,q\n1,12.50,007,""\n2,,01,x\n')
    decoded = decode(path)
    frame = read(path)
    assert frame.rows() == [(1, 12.5, "007", ""), (2, None, "01", "x")]
    assert dict(frame.schema) == dict(decoded.schema)
    raw = pl.read_parquet(decoded.fragments[0].uri)
    assert raw["price"].to_list() == ["12.50", None]
    assert decoded.quarantine is None
    assert decoded.decided["types"] == {"id": "Int64", "price": "Float64"}
    assert set(read(path, types="text").dtypes) == {pl.String}


def test_decoding_happens_once(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a\n1\n")
    before = decode(path).fragments
    stamp = Path(before[0].uri).stat().st_mtime_ns
    assert decode(path).fragments == before
    assert Path(before[0].uri).stat().st_mtime_ns == stamp
    write(tmp_path / "a.csv", "a\n2\n")
    assert read(path).rows() == [(2,)]


def test_a_glob_is_sorted_and_says_where_rows_come_from(tmp_path: Path) -> None:
    write(tmp_path / "b.csv", "y,x\n3,three\n")
    write(tmp_path / "a.csv", "x,y\none,1\ntwo,2\n")
    decoded = decode(f"{tmp_path}/*.csv")
    assert read(f"{tmp_path}/*.csv").rows() == [("one", 1), ("two", 2), ("three", 3)]
    assert [(Path(f.origin).name, f.origin_row, f.rows) for f in decoded.fragments] == [
        ("a.csv", 0, 2),
        ("b.csv", 0, 1),
    ]


def test_relative_paths_and_home(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path / "a.csv", "x\n1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert decode("*.csv").fragments[0].origin == "a.csv"
    assert read("~/a.csv").rows() == [(1,)]


def test_a_name_with_brackets_is_a_name(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a[1].csv", "x\n1\n")).rows() == [(1,)]
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "a[1].parquet")
    assert read(str(tmp_path / "a[1].parquet")).rows() == [(1,)]


def test_tabs_and_other_separators(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.tsv", "a\tb\n1,5\t2\n")).rows() == [("1,5", 2)]
    path = write(tmp_path / "a.txt", "a;b\n1;2\n")
    assert read(path, format="csv", separator=";").rows() == [(1, 2)]


def test_gzip_and_zip(tmp_path: Path) -> None:
    packed = tmp_path / "a.csv.gz"
    packed.write_bytes(gzip.compress(b"a\n1\n") + gzip.compress(b"2\n"))
    assert read(str(packed))["a"].to_list() == [1, 2]
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        archive.writestr("z/b.csv", "a\n3\n")
        archive.writestr("a.csv", "a\n1\n2\n")
        archive.writestr("c.csv.gz", gzip.compress(b"a\n4\n"))
        archive.writestr("__MACOSX/._a.csv", b"\x00\x05")
        archive.mkdir("empty")
    decoded = decode(str(tmp_path / "all.zip"))
    origins = [f.origin.removeprefix(f"{tmp_path}/") for f in decoded.fragments]
    assert origins == ["all.zip/a.csv", "all.zip/c.csv", "all.zip/z/b.csv"]
    assert read(str(tmp_path / "all.zip"))["a"].to_list() == [1, 2, 4, 3]


def test_a_zip_is_known_by_its_bytes(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "odd.csv", "w") as archive:
        archive.writestr("a.csv", "a\n1\n")
    assert read(str(tmp_path / "odd.csv")).rows() == [(1,)]


def test_damaged_archives(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a.csv", "a\n" + "1\n2\n3\n" * 5000)
    whole = (tmp_path / "a.zip").read_bytes()
    refused(write(tmp_path / "cut.zip", whole[:-30]), "damaged or cut off")
    at = whole.index(b"a.csv") + 8
    broken = whole[:at] + b"\xff\xff\xff" + whole[at + 3 :]
    refused(write(tmp_path / "hurt.zip", broken), "damaged or cut off")
    gz = gzip.compress(b"a\n" + b"1\n2\n" * 9000)
    refused(write(tmp_path / "cut.csv.gz", gz[:-9]), "damaged or cut off")
    with zipfile.ZipFile(tmp_path / "none.zip", "w"):
        pass
    refused(str(tmp_path / "none.zip"), "holds no files")


@pytest.mark.parametrize("member", ["../a.csv", "/etc/a.csv", "C:/a.csv"])
def test_members_that_climb(tmp_path: Path, member: str) -> None:
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr(member, "a\n1\n")
    refused(str(tmp_path / "a.zip"), "climbs out")


def test_workbooks(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "a.xlsx", "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
    refused(str(tmp_path / "a.xlsx"), "Excel")


def test_rows_of_another_length_go_to_the_quarantine(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'a,b\n1,2\n1,2,3\n"x\ny"\n"",\n3,4\n')
    decoded = decode(path)
    assert quarantine(decoded) == [
        (3, "3 cells instead of 2", "1,2,3"),
        (4, "1 cell instead of 2", '"x\ny"'),
    ]
    assert read(path).rows() == [("1", 2), ("", None), ("3", 4)]
    assert decoded.decided["quarantined"] == 2


def test_stray_quotes_cost_no_more_than_their_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", 'a,b\nx"y,1\n"z"!,2\n5" disk,3\n"open,4\nq,5\n')
    assert read(path).rows() == [('x"y', 1), ('5" disk', 3), ("q", 5)]
    assert quarantine(decode(path)) == [
        (3, "text follows a closing quote", '"z"!,2'),
        (5, "a quote is opened and never closed", '"open,4'),
    ]


def test_blank_lines_are_no_rows(tmp_path: Path) -> None:
    assert read(write(tmp_path / "a.csv", "a,b\n\n1,2\n\n\n")).rows() == [(1, 2)]
    assert decode(str(tmp_path / "a.csv")).quarantine is None
    alone = read(write(tmp_path / "b.csv", "a\n1\n\n2\n"))
    assert alone["a"].to_list() == [1, None, 2]


def test_line_ends_and_marks(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", b'\xef\xbb\xbfa,b\r\n1,"x\r\ny"\r\n2,z')
    assert read(path).rows() == [(1, "x\r\ny"), (2, "z")]
    refused(write(tmp_path / "b.csv", "a,b\r1,2\r"), "carriage return")


def test_a_header_alone_is_a_table_without_rows(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", "a,b\n")
    assert read(path).shape == (0, 2)
    assert decode(path).fragments == ()
    assert dict(decode(path).schema) == {"a": pl.String, "b": pl.String}


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (b"", "empty"),
        (b"\n\n", "first line is empty"),
        (b"a,a\n1,2\n", "two columns are called 'a'"),
        (b"a,\n1,2\n", "column 2 of 2 has no name"),
        (b"a,b\n1,2,3\n4,5,6\n", "no row fits the header"),
        (b'"a,b\n1,2\n', "header is broken"),
    ],
)
def test_tables_that_cannot_be_read(tmp_path: Path, text: bytes, match: str) -> None:
    refused(write(tmp_path / "a.csv", text), match)


@pytest.mark.parametrize("bad", [b"a,b\n1,2\n\xe9t\xe9,3\n", b"a,b\n1,2\n\xe9,3,4\n"])
def test_not_utf8_names_the_line(tmp_path: Path, bad: bytes) -> None:
    error = refused(write(tmp_path / "a.csv", bad), "not UTF-8")
    assert error.where.endswith("line 3")
    assert "iconv" in error.fix
    refused(write(tmp_path / "b.csv", "a,b\n1,2\n".encode("utf-16")), "UTF-16")


def test_nothing_there(tmp_path: Path) -> None:
    refused(str(tmp_path / "a.csv"), "there is no file")
    refused(f"{tmp_path}/*.csv", "no file matches")
    refused(str(tmp_path), "folder")
    refused("https://example.org/a.csv", "address")
    refused(write(tmp_path / "a.foo", "a\n1\n"), "ending")


def test_files_of_other_columns_are_refused(tmp_path: Path) -> None:
    write(tmp_path / "a.csv", "a,b\n1,2\n")
    write(tmp_path / "b.csv", "a,c\n1,2\n")
    error = refused(f"{tmp_path}/*.csv", "lacks 'b' and has 'c' in addition")
    assert "unify" in error.fix
    assert error.where.endswith("b.csv")
    write(tmp_path / "b.ndjson", "{}")
    refused((f"{tmp_path}/a.csv", f"{tmp_path}/b.ndjson"), "several formats")


def test_parquet_lies_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(300_000)}).write_parquet(path, row_group_size=200_000)
    decoded = decode(str(path))
    assert {f.uri for f in decoded.fragments} == {str(path)}
    assert sum(f.rows for f in decoded.fragments) == 300_000
    assert max(f.rows for f in decoded.fragments) <= 131_072
    assert read(str(path))["n"].to_list() == list(range(300_000))


def test_large_row_groups_are_cut(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(100)}).write_parquet(path)
    monkeypatch.setattr(tables_module, "FRAGMENT_ROWS", 10)
    monkeypatch.setattr(decoded_module, "FRAGMENT_ROWS", 10)
    decoded = decode(str(path))
    assert [f.origin_row for f in decoded.fragments] == list(range(0, 100, 10))
    assert str(path) not in {f.uri for f in decoded.fragments}
    assert read(str(path))["n"].to_list() == list(range(100))


def test_parquet_in_another_order_and_type(tmp_path: Path) -> None:
    pl.DataFrame({"a": [1], "b": ["x"]}).write_parquet(tmp_path / "1.parquet")
    pl.DataFrame({"b": ["y"], "a": [2]}).write_parquet(tmp_path / "2.parquet")
    assert read(f"{tmp_path}/*.parquet").rows() == [(1, "x"), (2, "y")]
    pl.DataFrame({"b": ["y"], "a": [2.0]}).write_parquet(tmp_path / "3.parquet")
    refused(f"{tmp_path}/*.parquet", "'a' holds Float64 here, and Int64")


def test_damaged_parquet(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    pl.DataFrame({"n": range(50_000)}).write_parquet(path, compression="zstd")
    whole = path.read_bytes()
    refused(write(tmp_path / "1.parquet", whole[:-20]), "cannot be read as Parquet")
    refused(write(tmp_path / "2.parquet", b"PAR1 no PAR1"), "cannot be read as Parquet")
    hole = whole[:4] + b"\xff" * 200 + whole[204:]
    refused(write(tmp_path / "3.parquet", hole), "cannot be read as Parquet")


def test_json_lines(tmp_path: Path) -> None:
    rows = "".join(f'{{"a":{n},"b":null}}\n' for n in range(500))
    path = write(tmp_path / "a.jsonl", rows + '{"a":0.5,"c":[1]}\n')
    frame = read(path)
    assert frame.schema == {"a": pl.Float64, "b": pl.String, "c": pl.List(pl.Int64)}
    assert frame["a"].sum() == 124750.5
    error = refused(write(tmp_path / "b.jsonl", '{"a":1}\n\n{"a":\n'), "JSON lines")
    assert error.where.endswith("line 3")
    refused(write(tmp_path / "c.jsonl", '{"a":1}\n[1]\n'), "no JSON object")
    refused(write(tmp_path / "d.jsonl", ""), "empty")


def test_settings_are_checked() -> None:
    for wrong in ({"path": ""}, {"path": ()}, {"path": "a", "separator": '"'}):
        with pytest.raises(BadSpec):
            Files(**wrong)


def test_read_source(tmp_path: Path) -> None:
    assert isinstance(read_source("a/*.csv"), Files)
    (tmp_path / "cat").mkdir()
    with pytest.raises(BadSpec, match="holds no images"):
        read_source(tmp_path)
    write(tmp_path / "cat" / "a.PNG", b"")
    assert isinstance(read_source(tmp_path), ImageFolder)
    for wrong in ("shop.db", "sqlite:///shop.db", "https://example.org/a.csv"):
        with pytest.raises(BadSpec):
            read_source(wrong)


texts = st.text(
    st.characters(codec="utf-8", exclude_characters="\r\x00") | st.sampled_from('",\n'),
    max_size=6,
)


@given(rows=st.lists(st.tuples(texts, texts), max_size=12), blank=st.booleans())
def test_whatever_csv_writes_comes_back(
    rows: list[tuple[str, str]], *, blank: bool
) -> None:
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerows([("a", "b"), *rows])
    # A blank line sends the file the slow way, which must give the same.
    body = text.getvalue() + ("\n" if blank else "")
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.csv", body)
        assert read(path, types="text").rows() == rows


@given(lines=st.lists(st.text('a,"\n', max_size=8), max_size=6))
def test_no_text_is_lost_between_records(lines: Sequence[str]) -> None:
    body = "".join(line.replace("\n", "") + "\n" for line in lines)
    found = list(records(io.StringIO(body, newline="\n"), ","))
    assert "".join(record.text + "\n" for record in found) == body
    assert all(bool(record.cells) != bool(record.problem) for record in found)


@given(body=st.text('ab,"\n', max_size=40))
def test_every_row_is_read_or_in_quarantine(body: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = write(Path(folder) / "a.csv", "x,y\n" + body)
        try:
            decoded = decode(path, types="text")
        except ConnectorError as error:
            assert "no row fits" in error.what  # noqa: PT017
            return
        kept = sum(f.rows for f in decoded.fragments)
        frame = Files(path=path, types="text").scan(decoded).collect()
    lines = list(records(io.StringIO(body, newline="\n"), ","))
    good = [r for r in lines if len(r.cells) == 2]
    bad = [r for r in lines if r.problem or (len(r.cells) != 2 and r.text)]
    if any("follows" in r.problem for r in bad):
        return  # what such a row means is open: the fast reader knows some of them
    assert (kept, decoded.decided["quarantined"]) == (len(good), len(bad))
    assert frame.rows() == [tuple(_value(cell) for cell in r.cells) for r in good]


def _value(cell: str) -> str | None:
    if cell.startswith('"'):
        return cell[1:-1].replace('""', '"')
    return cell or None


spectrum = SHARED / "csv" / "csv-spectrum"


@pytest.mark.skipif(not spectrum.exists(), reason="csv-spectrum is not here")
@pytest.mark.parametrize(
    "name",
    [
        "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines",
        "quotes_and_newlines", "simple", "simple_crlf", "utf8",
    ],
)  # fmt: skip
def test_csv_spectrum(name: str) -> None:
    frame = read(str(spectrum / "csvs" / f"{name}.csv"), types="text")
    wanted = json.loads((spectrum / "json" / f"{name}.json").read_text("utf-8"))
    assert frame.fill_null("").rows(named=True) == wanted


@pytest.mark.skipif(not (SHARED / "cleaning").exists(), reason="the data is not here")
@pytest.mark.parametrize("table", ["hospital", "flights", "beers"])
def test_real_tables_lose_no_cell(table: str) -> None:
    path = SHARED / "cleaning" / table / "dirty.csv"
    with path.open(encoding="utf-8-sig", newline="") as file:
        _, *rows = csv.reader(file)
    assert [
        list(row) for row in read(str(path), types="text").fill_null("").rows()
    ] == rows
