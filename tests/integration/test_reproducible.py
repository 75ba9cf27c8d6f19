"""It must show 2: the same recipe gives the same version, and nobody ever moves."""

import json
import os
import subprocess
import sys
from pathlib import Path

import polars as pl
import pytest
from polars.testing import assert_frame_equal

import seedbed as sb
from seedbed.connectors import Cache, Files
from seedbed.dataset import Dataset, run
from seedbed.recipe import Recipe

RECIPE = """
name: people
seed: 7
steps:
- gather:
  - files: {path: people.csv}
- roles: {target: label}
- clean:
  - trim
  - null_tokens
  - drop_duplicates: {columns: [name, town]}
  - dependency: {columns: town, given: zip, min_rows: 2}
- validate:
  - between: {column: age, low: 0, high: 150, quarantine: true}
- split: {train: 0.7, test: 0.3}
- clean:
  - fill_missing: {columns: age, strategy: mean}
  - clip: {columns: pay, quantiles: [0.01, 0.99]}
  - merge_rare: {columns: town, min_count: 5}
"""

RUN = """
import sys
import seedbed as sb
from seedbed.connectors import Cache
store, cache = sys.argv[1:]
recipe = sb.Recipe.from_file("people.yaml")
done = sb.run(recipe, store=store, cache=Cache(cache))
print(done.dataset.version.id)
"""


def people(rows: int = 3000) -> pl.DataFrame:
    """Return rows in which names repeat, with the same town or another."""
    at = pl.int_range(rows, eager=True)
    towns = ["Oslo", " Oslo", "Ulm", "Rome", "N/A", "Riga", "Oslo"]
    return pl.DataFrame(
        {
            "name": [f"p{(n * 7919) % (rows * 3 // 4)}" for n in at],
            "town": [towns[(n * 31) % 7] for n in at],
            "zip": [f"{(n * 31) % 7:03}" for n in at],
            "age": [
                None if n % 11 == 0 else (n * 13) % 90 - (n % 97 == 0) * 100 for n in at
            ],
            "pay": [((n * 104729) % 10007) / 7 for n in at],
            "label": [["yes", "no"][n % 3 == 0] for n in at],
        }
    )


def make(
    folder: Path, frame: pl.DataFrame, *, store: str, text: str = RECIPE
) -> Dataset:
    """Run the recipe on a frame, written as CSV."""
    path = folder / "people.csv"
    frame.write_csv(path)
    recipe = Recipe.from_yaml(text.replace("people.csv", str(path)))
    return run(recipe, store=folder / store, cache=Cache(folder / "cache")).dataset


def rows(dataset: Dataset, *, ids: bool = False) -> pl.DataFrame:
    """Return all rows with their split, whatever their order."""
    tables = [
        dataset.split(name, ids=True).collect().with_columns(pl.lit(name).alias("side"))
        for name in dataset.splits
    ]
    hidden = ["_row", "_parent"] if ids else ["_row", "_parent", "_id"]
    return pl.concat(tables).drop(hidden)


def test_two_processes_two_stores_one_version(tmp_path: Path) -> None:
    people().write_csv(tmp_path / "people.csv")
    (tmp_path / "people.yaml").write_text(RECIPE, encoding="utf-8")
    runs = {
        threads: subprocess.Popen(
            [sys.executable, "-c", RUN, f"store{threads}", f"cache{threads}"],
            cwd=tmp_path,
            env={
                **os.environ,
                "POLARS_MAX_THREADS": threads,
                "PYTHONHASHSEED": threads,
                "PYTHONPATH": str(Path(sb.__file__).parents[1]),
            },
            stdout=subprocess.PIPE,
            text=True,
        )
        for threads in ("1", "2")
    }
    ids = {process.communicate(timeout=120)[0].strip() for process in runs.values()}
    assert len(ids) == 1
    assert all(len(version) == 32 for version in ids)
    stores = [
        {
            path.name: path.read_bytes()
            for path in (tmp_path / name / "objects").rglob("*.*")
        }
        for name in ("store1", "store2")
    ]
    assert stores[0] == stores[1]
    assert len(stores[0]) > 10


def test_a_run_that_is_repeated_makes_no_version(tmp_path: Path) -> None:
    first = make(tmp_path, people(300), store="store")
    again = make(tmp_path, people(300), store="store")
    assert again.version == first.version


def test_the_order_of_rows_changes_neither_split_nor_survivor(tmp_path: Path) -> None:
    frame = people()
    one = make(tmp_path, frame, store="one")
    two = make(tmp_path, frame.sample(fraction=1, shuffle=True, seed=5), store="two")
    assert_frame_equal(
        rows(one, ids=True),
        rows(two, ids=True),
        check_row_order=False,
        check_exact=True,
    )


def test_exact_twins_are_never_torn_apart(tmp_path: Path) -> None:
    frame = people(500)
    text = RECIPE.replace("  - drop_duplicates: {columns: [name, town]}\n", "")
    dataset = make(tmp_path, pl.concat([frame, frame, frame]), store="store", text=text)
    found = rows(dataset)
    names = [name for name in found.columns if name != "side"]
    sides = found.group_by(names).agg(pl.col("side").n_unique(), pl.len().alias("many"))
    assert sides["side"].max() == 1
    assert sides["many"].min() == 3
    ids = rows(dataset, ids=True)["_id"]
    assert ids.n_unique() == len(ids)


WIDER = {
    "a new column": lambda f: f.with_columns(shoe=pl.int_range(pl.len()) % 40),
    "a float among the integers": lambda f: pl.concat(
        [
            f.cast({"age": pl.String}),
            f.tail(1)
            .cast({"age": pl.String})
            .with_columns(age=pl.lit("2.5"), name=pl.lit("new"), label=pl.lit("yes")),
        ]
    ),
    "integers written as floats": lambda f: f.with_columns(
        age=pl.when(pl.col("age").is_not_null()).then(pl.format("{}.0", pl.col("age")))
    ),
    "columns in another order": lambda f: f.select(sorted(f.columns)),
}


@pytest.mark.parametrize("change", WIDER)
def test_a_wider_source_changes_nobody(change: str, tmp_path: Path) -> None:
    frame = people(800)
    before = make(tmp_path, frame, store="store")
    after = make(tmp_path, WIDER[change](frame), store="store")
    assert before.version.id != after.version.id
    known = rows(before, ids=True).select("_id", "side", "name", "town")
    now = rows(after, ids=True).select("_id", "side", "name", "town")
    kept = now.filter(pl.col("name") != "new")
    assert_frame_equal(known, kept, check_row_order=False)


def test_a_new_column_changes_nobody_in_the_second_version_after_it(
    tmp_path: Path,
) -> None:
    frame = people(300)
    wide = frame.with_columns(shoe=pl.int_range(pl.len()) % 40)
    first = make(tmp_path, frame, store="store")
    make(tmp_path, wide, store="store")
    third = make(tmp_path, wide.with_columns(hat=pl.lit("top")), store="store")
    tables = [rows(d, ids=True).select("_id", "side") for d in (first, third)]
    assert_frame_equal(*tables, check_row_order=False)
    assert third.manifest["sources"][0]["identity"] == frame.columns


def test_new_rows_move_no_old_one(tmp_path: Path) -> None:
    text = RECIPE.replace("  - drop_duplicates: {columns: [name, town]}\n", "")
    text = text.replace(
        "  - dependency: {columns: town, given: zip, min_rows: 2}\n", ""
    )
    frame = people(900)
    one = make(tmp_path, frame.head(600), store="store", text=text)
    two = make(tmp_path, frame, store="store", text=text)
    both = rows(one, ids=True).join(rows(two, ids=True), on="_id", how="left")
    assert both["side"].equals(both["side_right"].alias("side"))


def test_the_manifest_says_what_made_it(tmp_path: Path) -> None:
    dataset = make(tmp_path, people(300), store="store")
    manifest = json.loads(json.dumps(dataset.manifest))
    assert manifest["software"].keys() >= {"python", "polars"}
    source = Files(path=str(tmp_path / "people.csv"))
    landing = source.land(Cache(tmp_path / "cache"))
    assert manifest["sources"][0]["digest"] == landing.digest
