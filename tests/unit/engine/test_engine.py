"""However the work is cut and ordered, what comes out is the same."""

import random
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from runs import Backwards, UnkindEngine, cut, everything, recipe, run_on
from seedbed.cleaning import (
    Apply,
    Clip,
    Dependency,
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    FillMissing,
    MergeRare,
    NullTokens,
    Rename,
    ToDate,
    ToNumber,
    Trim,
)
from seedbed.engine import driver
from seedbed.engine.scratch import Scratch
from seedbed.recipe import Recipe
from seedbed.validation import Between, NotNull, Severity, Unique

ROWS = 400


def half(row: dict[str, float | None]) -> float | None:
    return None if row["price"] is None else row["price"] / 2


def texts(rows: int = ROWS, seed: int = 0) -> pl.DataFrame:
    """Return dirty texts, in which rows repeat."""
    draw = random.Random(seed)
    towns = ["Oslo", " Oslo", "Ulm", "Rome", "N/A", "Riga ", None]
    zips = {"Oslo": "0150", "Ulm": "89073", "Rome": "00100", "Riga": "1050"}
    table = []
    for _ in range(rows):
        town = draw.choice(towns)
        row = {
            "town": town,
            "zip": zips.get((town or "").strip(), draw.choice([*zips.values()])),
            "price": draw.choice(
                ["1.50", "12", "-", "3e2", "0.1", "free", None, "7.25"]
            ),
            "day": draw.choice(["2024-01-31", "2024-02-30", None, "1999-12-24"]),
            "age": draw.choice([None, "-1", "31", "64", "007", "200"]),
            "note": draw.choice(["", "a", "bb", "ccc", " d "])
            + str(draw.randrange(90)),
        }
        table += [row] * draw.choice([1, 1, 1, 2])
    return pl.DataFrame(table[:rows])


def long_recipe() -> Recipe:
    """Return a recipe with steps of every shape."""
    return (
        recipe()
        .roles(group="zip")
        .clean(
            Trim(),
            NullTokens(),
            ToNumber(columns="price"),
            ToDate(columns="day"),
            Rename(names={"note": "remark"}),
        )
        .validate(
            Between(column="age", low=0, high=150, quarantine=True),
            Unique(column="remark", severity=Severity.WARNING),
            NotNull(column="day", severity=Severity.WARNING),
        )
        .clean(
            DropDuplicates(),
            Dependency(given="zip", columns="town", min_rows=2),
            Derive(into="tax", formula="price * 0.2"),
            DropMissing(columns=("town", "day")),
        )
        .split(train=0.6, test=0.4)
        .clean(
            FillMissing(columns=("price", "tax"), strategy="mean"),
            FillMissing(columns="age"),
            Clip(columns="price", quantiles=(0.05, 0.9)),
            MergeRare(columns="town", min_count=20),
            Apply(columns="price", function=half, into="half", returns="float"),
            DropColumns(columns="day"),
        )
        .augment(Backwards(column="remark", copies=2))
    )


def source(rows: int):
    return cut(texts(), rows, {"age": pl.Int64()})


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory):
    dataset, _ = run_on(long_recipe(), source(ROWS), tmp_path_factory.mktemp("whole"))
    return dataset


@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "disk"])
@pytest.mark.parametrize("rows", [399, 90])
def test_fragments_do_not_matter(
    whole, rows: int, in_memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = 10**9 if in_memory else 0
    monkeypatch.setitem(Scratch.__init__.__kwdefaults__, "memory", memory)
    monkeypatch.setattr(driver, "_MEETING_ROWS", 100)
    pieces, _ = run_on(long_recipe(), source(rows), tmp_path)
    one, many = everything(whole), everything(pieces)
    assert one.keys() == many.keys()
    for name, table in one.items():
        # Children of a fragment stand behind its rows, so their order tells of the cut.
        loose = name.startswith("split") and "train" in name
        assert_frame_equal(
            table, many[name], check_exact=True, check_row_order=not loose
        )
    assert whole.rows == pieces.rows
    assert min(whole.rows.values()) > 10


def test_the_recipe_above_does_all_that_it_names(whole) -> None:
    entries = {(s.kind, s.where.rpartition("[")[2]): s for s in whole.ledger.steps}
    idle = {
        key
        for key, s in entries.items()
        if not (s.changed or s.dropped or s.made or s.new or s.renames)
    }
    assert {kind for kind, _ in idle} <= {"unique", "not_null", "split"}
    assert whole.original(text=True).equals(texts())
    assert whole.report.to_frame()["check"].to_list() == [
        "between",
        "unique",
        "not_null",
    ]


@pytest.mark.parametrize("seed", range(2))
@pytest.mark.parametrize("in_memory", [True, False], ids=["memory", "disk"])
def test_an_unkind_engine_makes_the_same_version(
    seed: int, in_memory: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = 10**9 if in_memory else 0
    monkeypatch.setitem(Scratch.__init__.__kwdefaults__, "memory", memory)
    kind, _ = run_on(long_recipe(), source(101), tmp_path / "kind")
    other, _ = run_on(
        long_recipe(), source(101), tmp_path / "unkind", engine=UnkindEngine(seed)
    )
    assert kind.version.id == other.version.id
    objects = [
        {path.name for path in (tmp_path / side / "objects").rglob("*.*")}
        for side in ("kind", "unkind")
    ]
    assert objects[0] == objects[1]


def test_the_order_of_rows_does_not_matter(tmp_path: Path) -> None:
    rows = texts()
    one, _ = run_on(long_recipe(), cut(rows, 150, {"age": pl.Int64()}), tmp_path / "a")
    mixed = rows.sample(fraction=1, shuffle=True, seed=3)
    two, _ = run_on(long_recipe(), cut(mixed, 97, {"age": pl.Int64()}), tmp_path / "b")
    for name in one.splits:
        tables = [d.split(name, ids=True).collect().drop("_row") for d in (one, two)]
        assert_frame_equal(*tables, check_row_order=False, check_exact=True)
    counts = [d.ledger.counts().sort(pl.all()) for d in (one, two)]
    assert_frame_equal(*counts)
