"""Columns from a small table."""

from pathlib import Path

import polars as pl
import pytest

from seedbed.cleaning import Lookup
from seedbed.errors import BadSpec, DataError, MissingColumn, WrongType
from seedbed.testing import try_rule


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "t.csv"
    path.write_text("k,j,name,n,zip\n1,a,one,1.50,01\n2,a,two,2,02\n,b,nil,,03\n")
    return path


def test_known_keys_get_values(table: Path) -> None:
    rule = Lookup(table=str(table), by="k", take=("name", "n", "zip"))
    out = try_rule(rule, train={"k": [2, 9, None, 1]})
    assert out["name"].to_list() == ["two", None, None, "one"]
    assert out["n"].to_list() == [2.0, None, None, 1.5]
    assert out["zip"].to_list() == ["02", None, None, "01"]


def test_the_key_takes_the_type_of_the_rows(table: Path) -> None:
    rule = Lookup(table=str(table), by=("k", "j"), take=("name",))
    out = try_rule(rule, train={"k": ["1", "01"], "j": ["a", "a"]})
    assert out["name"].to_list() == ["one", None]
    bad = Lookup(table=str(table), by="j", take=("name",))
    with pytest.raises(WrongType):
        try_rule(bad, train={"j": [1]})


def test_parquet(tmp_path: Path) -> None:
    path = tmp_path / "t.parquet"
    pl.DataFrame({"k": [1], "v": [True]}).write_parquet(path)
    out = try_rule(Lookup(table=str(path), by="k", take=("v",)), train={"k": [1]})
    assert out["v"].to_list() == [True]


def test_an_edit_makes_another_digest_and_is_seen(table: Path) -> None:
    rule = Lookup(table=str(table), by="k", take=("name",))
    before = rule.extra_digest()
    assert before == rule.extra_digest()
    assert try_rule(rule, train={"k": [1]})["name"].item() == "one"
    table.write_text("k,name\n1,ONE\n")
    assert rule.extra_digest() != before
    assert try_rule(rule, train={"k": [1]})["name"].item() == "ONE"


def test_what_is_wrong_with_a_table_is_said(table: Path, tmp_path: Path) -> None:
    rows = {"k": [1], "j": ["a"]}

    def look(**settings: object) -> None:
        try_rule(
            Lookup(**{"table": str(table), "take": ("name",), **settings}), train=rows
        )

    with pytest.raises(DataError, match="stands more than once"):
        look(by="j")
    with pytest.raises(MissingColumn, match="'nom'"):
        look(by="k", take=("nom",))
    with pytest.raises(MissingColumn, match="'zip'"):
        look(by="zip")
    with pytest.raises(BadSpec, match="'j' already"):
        look(by="k", take=("j",))
    with pytest.raises(DataError, match="cannot be read"):
        look(by="k", table=str(tmp_path / "none.csv"))
    with pytest.raises(DataError, match="cannot be read"):
        Lookup(table=str(tmp_path / "none.csv"), by="k", take=("x",)).extra_digest()
    (tmp_path / "bad.parquet").write_bytes(b"PAR1 no")
    with pytest.raises(DataError, match="cannot be read"):
        look(by="k", table=str(tmp_path / "bad.parquet"))


@pytest.mark.parametrize(
    "wrong",
    [{"take": ()}, {"by": ()}, {"take": ("k",)}, {"table": "t.xlsx"}, {"columns": "k"}],
)
def test_nonsense_is_refused(wrong: dict) -> None:
    with pytest.raises(BadSpec):
        Lookup(**{"table": "t.csv", "by": "k", "take": ("name",), **wrong})
