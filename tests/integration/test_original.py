"""It must show 3: what was gathered comes back bit for bit, from the version alone."""

import datetime
import re
import shutil
import tempfile
from contextlib import suppress
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, assume, given, reject, settings
from hypothesis import strategies as st

from seedbed.cleaning import (
    Apply,
    Clip,
    Dependency,
    Derive,
    DropColumns,
    DropDuplicates,
    DropMissing,
    FillMissing,
    Lookup,
    MergeRare,
    NullTokens,
    Rename,
    Rule,
    ToDate,
    ToNumber,
    Trim,
)
from seedbed.connectors import Cache, Files
from seedbed.core.identity import content_id
from seedbed.dataset import run
from seedbed.errors import DataError, SeedbedError
from seedbed.plan import compile as plan_of
from seedbed.recipe import Recipe
from seedbed.validation import Matches
from strategies import STRANGE

HOSPITAL = Path(__file__).parents[3] / "shared/data/cleaning/hospital/dirty.csv"

STORIES = Path(__file__).parents[1] / "golden/why/hospital.txt"

MONEY = st.sampled_from(
    [
        "12.50",
        "007",
        "-0",
        "-0.0",
        "+1",
        "1e5",
        "1.",
        ".5",
        "1,234.5",
        " 7",
        "9" * 20,
        "1_0",
    ]
)
KINDS: dict[str, tuple[pl.DataType, st.SearchStrategy]] = {
    "money": (pl.String(), MONEY | st.sampled_from(STRANGE)),
    "text": (pl.String(), st.sampled_from(STRANGE) | st.text(max_size=5)),
    "when": (
        pl.String(),
        st.sampled_from(
            ["24.12.1999", "1.2.2003", "01.02.2003", "31.02.2000", "", "x"]
        ),
    ),
    "city": (pl.String(), st.sampled_from(["Oslo", " Oslo", "Ulm", "Rome", "N/A"])),
    "zip": (pl.String(), st.sampled_from(["047", "47", "089", ""])),
    "float": (pl.Float64(), st.floats() | st.sampled_from([-0.0, 0.0, 1e308, 5e-324])),
    "single": (pl.Float32(), st.floats(width=32)),
    "int": (pl.Int64(), st.integers(-(2**63), 2**63 - 1) | st.integers(-3, 3)),
    "small": (pl.UInt8(), st.integers(0, 255)),
    "flag": (pl.Boolean(), st.booleans()),
    "day": (pl.Date(), st.dates()),
    "moment": (pl.Datetime("us", "UTC"), st.datetimes(timezones=st.just(datetime.UTC))),
    "clock": (pl.Time(), st.times()),
    "span": (
        pl.Duration("ms"),
        st.timedeltas(datetime.timedelta(-9), datetime.timedelta(9)),
    ),
    "blob": (pl.Binary(), st.binary(max_size=4)),
    "price": (pl.Decimal(12, 2), st.decimals(-999, 999, places=2).map(Decimal)),
    "list": (pl.List(pl.Int64), st.lists(st.none() | st.integers(-5, 5), max_size=2)),
    "floats": (pl.List(pl.Float64), st.lists(st.floats(), max_size=2)),
    "pair": (
        pl.Struct({"a": pl.Int64, "b": pl.String}),
        st.fixed_dictionaries(
            {"a": st.none() | st.integers(0, 9), "b": st.text(max_size=2)}
        ),
    ),
    "level": (pl.Enum(["low", "high"]), st.sampled_from(["low", "high"])),
    "kind": (pl.Categorical(), st.sampled_from(["x", "y", "z"])),
}


def describe(row: dict[str, object]) -> str | None:
    return None if row["city"] is None else f"{row['city']}/{row['int']}"


def louder(row: dict[str, object]) -> str | None:
    return None if row["text"] is None else str(row["text"]).upper()


def rules(table: Path) -> list[Rule]:
    """Return rules of every shape; any some of them, in any order, make a recipe."""
    return [
        Trim(),
        Trim(columns="text", inside=True),
        NullTokens(),
        NullTokens(columns="text", tokens=("-", "x")),
        ToNumber(columns="money"),
        ToNumber(columns="money", thousands=",", into="int"),
        ToDate(columns="when", format="%d.%m.%Y"),
        Clip(low=-2.5, high=100),
        Clip(columns=("float", "int"), quantiles=(0.1, 0.9)),
        FillMissing(columns="@numeric", strategy="mean"),
        FillMissing(columns="float"),
        FillMissing(columns=("city", "flag", "level"), strategy="most_common"),
        MergeRare(columns="city", min_count=2),
        MergeRare(columns="kind", min_count=3),
        DropMissing(columns=("float", "city"), how="all"),
        DropMissing(columns="int"),
        DropDuplicates(),
        DropDuplicates(columns=("city", "flag"), keep="first"),
        Rename(names={"span": "clock", "clock": "span"}),
        Rename(names={"blob": "bytes"}),
        DropColumns(columns=("list", "floats", "moment")),
        DropColumns(columns="@temporal"),
        Derive(into="ratio", formula="int / 3 + small"),
        Dependency(given="zip", columns=("city", "flag"), min_rows=1, at_least=0.5),
        Apply(columns=("city", "int"), function=describe, into="told"),
        Apply(columns="text", function=louder),
        Lookup(table=str(table), by="zip", take=("land",)),
    ]


@st.composite
def gathered(draw: st.DrawFn) -> pl.DataFrame:
    height = draw(st.integers(0, 9))
    columns = {
        name: draw(st.lists(st.none() | cells, min_size=height, max_size=height))
        for name, (_, cells) in KINDS.items()
    }
    frame = pl.DataFrame(
        columns, schema={name: kind for name, (kind, _) in KINDS.items()}
    )
    twins = draw(st.lists(st.integers(0, height - 1), max_size=3)) if height else []
    return pl.concat([frame, frame[twins]])


def fitting(recipe: Recipe, drawn: list[Rule], schema: pl.Schema) -> Recipe:
    """Return the recipe with those of the rules that can stand where they were drawn."""
    wanted = [lambda recipe, rule=rule: recipe.clean(rule) for rule in drawn]
    wanted.insert(3, lambda recipe: recipe.split(train=0.5, test=0.5))
    for add in wanted:
        with suppress(SeedbedError):
            longer = add(recipe)
            plan_of(longer, schema)
            recipe = longer
    return recipe


@given(frame=gathered(), data=st.data())
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_original_gives_every_bit_back(
    frame: pl.DataFrame, data: st.DataObject
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        table = folder / "lands.csv"
        table.write_text("zip,land\n047,Norway\n089,Germany\n", encoding="utf-8")
        drawn = data.draw(
            st.lists(st.sampled_from(rules(table)), min_size=7, max_size=12)
        )
        path = folder / "a.parquet"
        frame.write_parquet(path)
        expected = pl.read_parquet(path)
        recipe = Recipe("any").gather(Files(path=str(path)))
        recipe = fitting(recipe, drawn, expected.schema)
        assume(len(recipe.steps) > 5)
        try:
            done = run(recipe, store=folder / "store", cache=Cache(folder / "cache"))
        except DataError as error:
            # So few rows may well leave none to train on; nothing else may go wrong.
            assert error.what == "there is no training row to learn from"  # noqa: PT017
            reject()
        path.unlink()
        shutil.rmtree(folder / "cache")
        back = done.dataset.original()
        assert back.schema == expected.schema
        assert content_id(back) == content_id(expected)
        done.dataset.verify()


@pytest.mark.skipif(
    not HOSPITAL.exists(), reason="the hospital data is not beside the project"
)
def test_the_hospital_comes_back(
    tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    source = tmp_path / "dirty.csv"
    shutil.copy(HOSPITAL, source)
    expected = pl.read_csv(source, infer_schema=False)
    table = tmp_path / "states.csv"
    table.write_text("State,Name\nal,Alabama\nak,Alaska\n", encoding="utf-8")
    recipe = (
        Recipe("hospital", seed=1)
        .gather(Files(path=str(source)))
        .roles(id="index")
        .clean(
            Trim(),
            NullTokens(tokens=("empty",)),
            Rename(names={"HospitalName": "Hospital"}),
            Dependency(given="ProviderNumber", columns=("City", "State", "CountyName")),
            DropColumns(columns=("Address2", "Address3")),
            Lookup(table=str(table), by="State", take=("Name",)),
            Derive(into="Area", formula="left(ZipCode, 2)"),
            DropDuplicates(columns=("Hospital", "Condition", "Score")),
        )
        .validate(Matches(column="MeasureCode", pattern="[a-z0-9-]+", quarantine=True))
        .split(train=0.8, test=0.2)
        .clean(
            FillMissing(columns=("EmergencyService",), strategy="most_common"),
            MergeRare(columns="Condition", min_count=30),
        )
    )
    done = run(recipe, store=tmp_path / "store", cache=Cache(tmp_path / "cache"))
    source.unlink()
    shutil.rmtree(tmp_path / "cache")
    dataset = done.dataset
    assert dataset.original(text=True).equals(expected)
    assert dataset.original().height == expected.height
    assert done.ledger.total()[0] > 1000

    lost = dataset.ledger.dropped()["_row"][0]
    told = "\n\n".join(dataset.why(row) for row in (0, 2, 999, lost))
    told = re.sub(r"hospital@[0-9a-f]{12}", "hospital@ID", told)
    told = told.replace(str(tmp_path), "FOLDER") + "\n"
    if request.config.getoption("--update-golden"):
        STORIES.write_text(told, encoding="utf-8")
    assert told == STORIES.read_text(encoding="utf-8")
