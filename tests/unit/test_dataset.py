from pathlib import Path

import numpy as np
import polars as pl
import pytest
from polars.testing import assert_frame_equal

from runs import Backwards, recipe, run_on
from runs import cut as _cut
from seedbed.cleaning import (
    Clip,
    Dependency,
    Derive,
    DropDuplicates,
    FillMissing,
    MergeRare,
    Rename,
    ToNumber,
    Trim,
)
from seedbed.connectors import Cache, Files
from seedbed.dataset import Dataset, open_dataset, plan, run
from seedbed.errors import (
    BadSpec,
    ContractFailed,
    MissingColumn,
    StoreError,
    WrongType,
)
from seedbed.recipe import Recipe
from seedbed.store import LocalStore
from seedbed.validation import Between

ROWS = 60
FRAME = pl.DataFrame(
    {
        "name": [f" n{n % 50}" for n in range(ROWS)],
        "age": [None if n % 7 == 0 else n for n in range(ROWS)],
        "pay": [f"{n}.50" for n in range(ROWS)],
        "y": [n % 3 == 0 for n in range(ROWS)],
    }
)
STEPS = (
    recipe()
    .roles(target="y")
    .clean(
        Trim(), ToNumber(columns="pay"), DropDuplicates(columns="name", keep="first")
    )
    .split(train=0.7, test=0.3)
    .clean(FillMissing(columns="age"))
)


def cut(frame: pl.DataFrame):
    return _cut(frame, 25)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Dataset:
    steps = STEPS.augment(Backwards(column="name", copies=2))
    return run_on(steps, cut(FRAME), tmp_path_factory.mktemp("store"))[0]


# -- rows -----------------------------------------------------------------------------


def test_splits(dataset: Dataset) -> None:
    assert dataset.splits == ("train", "test")
    own = dataset.split("train", children=False).collect()
    rows = dataset.rows
    assert rows["train"] == own.height * 3
    assert own.height + rows["test"] == 50
    assert (
        repr(dataset)
        == f"<Dataset {dataset.version.ref}: train {rows['train']}, test {rows['test']}>"
    )
    assert dataset.schema == own.schema == dataset.split("test").collect_schema()
    whole = dataset.split(ids=True).collect()
    assert whole.columns == [*own.columns, "_row", "_id", "_parent"]
    assert whole["_id"].n_unique() == whole.height
    made = whole.filter(pl.col("_parent").is_not_null())
    assert made.height == own.height * 2
    assert made["_row"].null_count() == made.height
    assert set(made["_parent"]) == set(whole.filter(pl.col("_parent").is_null())["_id"])


def test_a_split_that_is_not_there(dataset: Dataset) -> None:
    with pytest.raises(StoreError, match="there is no split 'tets'") as caught:
        dataset.split("tets")
    assert "did you mean 'test'" in caught.value.fix


@pytest.mark.parametrize("size", [1, 7, 10_000])
def test_batches(dataset: Dataset, size: int) -> None:
    whole = dataset.split("train").collect()
    plain = list(dataset.batches("train", size))
    assert pl.concat(plain).equals(whole)
    assert {frame.height for frame in plain[:-1]} <= {size}
    mixed = pl.concat(dataset.batches("train", size, seed=3))
    assert not mixed.equals(whole)
    assert_frame_equal(mixed, whole, check_row_order=False)
    assert mixed.equals(pl.concat(dataset.batches("train", 5, seed=3)))
    with pytest.raises(BadSpec):
        next(dataset.batches("train", 0))


def test_arrays(dataset: Dataset) -> None:
    x, y = dataset.to_numpy("test")
    frame = dataset.split("test").collect()
    assert y is not None
    assert x.shape == (frame.height, 2)
    assert np.array_equal(x[:, 0], frame["age"].to_numpy())
    assert y.tolist() == frame["y"].to_list()
    x, y = dataset.to_numpy("test", features=("pay",), target="age")
    assert x.shape == (frame.height, 1)
    assert y is not None
    pandas = dataset.to_pandas("test")
    assert pandas["age"].dtype == np.int64
    assert pandas.shape == frame.shape


def test_what_was_learned(dataset: Dataset) -> None:
    train = dataset.split("train", children=False).collect()
    (table,) = dataset.learned(5).values()
    known = [a for a in train["age"] if a is not None]
    assert table.item() in known or min(known) < table.item() < max(known)
    assert dataset.learned(1) == {}


# -- looking --------------------------------------------------------------------------


def test_the_story_of_a_row(dataset: Dataset) -> None:
    told = dataset.why(14)
    lines = told.splitlines()
    assert lines[0] == f"row 14 of {dataset.version.ref}"
    assert lines[1] == "  gathered      from source 'files': row 14 of a.csv"
    assert (
        lines[2]
        == "  changed       name: ' n14' -> 'n14', by trim at steps[2].clean[0]"
    )
    assert "came out      in split" in told
    dropped = dataset.why(55)
    assert "dropped       by drop_duplicates at steps[2].clean[2]" in dropped
    assert "row 5" in dropped
    assert "came out" not in dropped


def test_a_row_may_be_named_by_its_id(dataset: Dataset) -> None:
    rows = dataset.split("train", ids=True).collect()
    parent, child = rows.row(0, named=True), rows.row(-1, named=True)
    name = f"{parent['_id']:032x}"
    assert dataset.why(name) == dataset.why(name[:14]) == dataset.why(parent["_row"])
    assert dataset.why(parent["_row"]).count("had a child") == 2
    told = dataset.why(f"{child['_id']:032x}")
    assert "asked for     its child" in told
    assert "by backwards (at " in told


def test_a_row_that_is_not_there(dataset: Dataset) -> None:
    for row in (-1, ROWS, "f" * 32, "not an id"):
        with pytest.raises(StoreError):
            dataset.why(row)


def test_no_difference(dataset: Dataset) -> None:
    same = dataset.diff(dataset)
    assert same.same
    assert str(same).endswith(": the same")


def test_differences(tmp_path: Path) -> None:
    steps = recipe().roles(id="name").split(train=0.7, test=0.3)
    unique = FRAME.unique("name", keep="first", maintain_order=True)
    one, _ = run_on(steps, cut(unique), tmp_path)
    edited = pl.concat(
        [unique.slice(1), unique.head(1).with_columns(name=pl.lit("new"))]
    )
    edited = edited.with_columns(
        age=pl.when(pl.col("name") == " n3").then(99).otherwise("age"), more=pl.lit(1)
    ).drop("pay")
    two, _ = run_on(steps, cut(edited), tmp_path)
    found = one.diff(two)
    assert (found.rows_added, found.rows_removed) == (1, 1)
    assert (found.columns_added, found.columns_removed) == (("more",), ("pay",))
    assert found.cells == {"age": 1}
    assert found.samples.select("column", "before", "after").row(0) == (
        "age",
        "3",
        "99",
    )
    back = two.diff(one)
    assert (back.rows_added, back.columns_added) == (1, ("pay",))
    other, _ = run_on(steps.clean(Clip(high=20)), cut(unique), tmp_path)
    assert one.diff(other).cells == {"age": 24}
    assert any("clip" in line for line in one.diff(other).recipe)


def test_verify_hashes_all_anew(tmp_path: Path) -> None:
    made, _ = run_on(STEPS, cut(FRAME), tmp_path)
    objects = [*(tmp_path / "objects").rglob("*.*")]
    assert made.verify() == len(objects)
    for path in objects:
        data = path.read_bytes()
        stat = path.stat()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
        import os

        os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
        with pytest.raises(StoreError, match="damaged"):
            made.verify()
        path.write_bytes(data)
    assert made.verify() == len(objects)


def test_a_damaged_byte_is_found_when_it_is_read(tmp_path: Path) -> None:
    made, _ = run_on(STEPS, cut(FRAME), tmp_path)
    for path in (tmp_path / "objects").rglob("*.parquet"):
        data = path.read_bytes()
        path.write_bytes(data[:-1] + bytes([data[-1] ^ 1]))
    again = open_dataset("people", store=tmp_path)
    for read in (
        again.split,
        again.original,
        lambda: again.learned(5),
        lambda: again.why(1),
    ):
        with pytest.raises(StoreError, match="damaged"):
            read()
    assert made.version == again.version


# -- new rows -------------------------------------------------------------------------


def test_new_rows_meet_what_was_learned(dataset: Dataset, tmp_path: Path) -> None:
    plain, _ = run_on(STEPS, cut(FRAME), tmp_path)
    new = {"name": [" x ", "x"], "age": [None, 3], "pay": ["1.5", None]}
    out = plain.prepare(new)
    (table,) = plain.learned(5).values()
    assert out.rows() == [("x", table.item(), 1.5), ("x", 3, None)]
    with_target = plain.prepare({**new, "y": [True, False]})
    assert with_target["y"].to_list() == [True, False]
    assert plain.prepare(pl.DataFrame(new).to_pandas()).equals(out)
    shuffled = pl.DataFrame(new).select("pay", "name", "age").lazy()
    assert plain.prepare(shuffled).equals(out)


def test_training_rows_come_out_of_prepare_as_they_are(tmp_path: Path) -> None:
    steps = (
        recipe()
        .clean(
            Trim(), Dependency(given="name", columns="pay", min_rows=1, at_least=0.1)
        )
        .split(train=0.7, test=0.3)
        .clean(
            FillMissing(columns="@numeric", strategy="mean"),
            Clip(quantiles=(0.2, 0.8)),
            MergeRare(columns="name", min_count=2),
            Derive(into="twice", formula="age * 2"),
        )
    )
    made, _ = run_on(steps, cut(FRAME), tmp_path)
    rows = pl.concat(
        [made.split(name, ids=True).collect() for name in made.splits]
    ).sort("_row")
    out = made.prepare(FRAME)
    assert out.equals(rows.select(out.columns))
    alone = pl.concat(made.prepare(FRAME[at : at + 1]) for at in range(ROWS))
    assert alone.equals(out)
    # A column more, which a group would take in, is not one that was trained on.
    assert made.prepare(FRAME.with_columns(more=pl.lit(1.5))).equals(out)


def test_new_rows_that_do_not_fit(tmp_path: Path) -> None:
    made, _ = run_on(STEPS, cut(FRAME), tmp_path)
    with pytest.raises(MissingColumn, match="'pay'"):
        made.prepare({"name": ["x"], "age": [1]})
    with pytest.raises(WrongType, match="'age' holds String, not Int64"):
        made.prepare({"name": ["x"], "age": ["1"], "pay": ["1"]})
    with pytest.raises(WrongType, match="'age' holds Float64, not Int64"):
        made.prepare({"name": ["x"], "age": [1.5], "pay": ["1"]})
    assert made.prepare({"name": ["x"], "age": [1.0], "pay": ["1"]})["age"].item() == 1
    with pytest.raises(BadSpec, match="a list is no table"):
        made.prepare([1])


def test_the_target_may_be_of_another_type_and_name_at_the_source(
    tmp_path: Path,
) -> None:
    steps = (
        recipe()
        .roles(target="pay")
        .clean(ToNumber(columns="pay"), Rename(names={"pay": "income"}))
    )
    made, _ = run_on(steps, cut(FRAME), tmp_path)
    assert made.roles == {"target": "income"}
    new = made.prepare({"name": ["x"], "age": [1], "y": [True]})
    assert new.columns == ["name", "age", "y"]
    known = made.prepare({"name": ["x"], "age": [1], "y": [True], "pay": ["3"]})
    assert known["income"].item() == 3


def test_a_recipe_that_cannot_be_repeated(tmp_path: Path) -> None:
    from seedbed.cleaning import Apply

    steps = recipe().clean(
        Apply(columns="name", function=lambda row: row["name"].upper())
    )
    made, _ = run_on(steps, cut(FRAME), tmp_path)
    assert made.manifest["recipe"] is None
    assert made.original().equals(FRAME)
    with pytest.raises(StoreError, match="no module holds"):
        made.prepare(FRAME)


# -- run, plan, open ------------------------------------------------------------------


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "a.csv"
    path.write_text("name,age\nann,31\nbob\ncid,007\ndan,\n", encoding="utf-8")
    return path


def test_run_and_open(source: Path, tmp_path: Path) -> None:
    steps = Recipe("people").gather(Files(path=str(source))).clean(Trim())
    store = tmp_path / "store"
    done = run(steps, store=store, message="first")
    assert done.is_new
    assert done.report.ok
    again = run(steps, store=str(store), cache=Cache(tmp_path / "another"))
    assert not again.is_new
    assert again.dataset.version == done.dataset.version
    opened = open_dataset("people@1", store=LocalStore(store))
    assert opened.version == done.dataset.version
    assert opened.version.message == "first"
    bad = opened.quarantine()
    assert bad.select("_source", "line", "reason").rows() == [
        ("files", 3, "1 cell instead of 2")
    ]
    assert opened.quarantine("other").is_empty()
    assert opened.original().rows() == [("ann", "31"), ("cid", "007"), ("dan", None)]
    assert opened.original(text=True)["age"].to_list() == ["31", "007", None]


def test_planning_runs_no_step(source: Path, tmp_path: Path) -> None:
    steps = Recipe("people").gather(Files(path=str(source)))
    made = plan(steps.clean(Trim()), cache=Cache(tmp_path / "cache"))
    assert list(made.schema) == ["name", "age"]


def test_checks_that_fail_make_no_version(source: Path, tmp_path: Path) -> None:
    source.write_text("name,age\nann,31\ncid,7\n", encoding="utf-8")
    steps = Recipe("people").gather(Files(path=str(source)))
    strict = steps.validate(Between(column="age", high=20))
    with pytest.raises(ContractFailed, match="1 of 1 checks failed") as caught:
        run(strict, store=tmp_path / "store")
    assert caught.value.report.findings[0].rows == 1
    assert caught.value.where == "recipe 'people', steps[1].validate[0]"
    assert LocalStore(tmp_path / "store").names() == []


def test_there_is_no_store(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="there is no store here"):
        open_dataset("people", store=tmp_path / "nowhere")
    assert not (tmp_path / "nowhere").exists()


def test_a_column_that_names_rows_and_is_gone_is_told(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    recipe = Recipe("people").gather(Files(path=str(source)))
    source.write_text("name,zip\nann,1\nbob,2\n")
    first = run(recipe, store=tmp_path / "store")
    assert first.notes == ()
    source.write_text("name\nann\nbob\n")
    second = run(recipe, store=tmp_path / "store")
    assert "known by zip" in second.notes[0]


def test_a_fuller_ledger_is_one_more_version_of_the_same_id(tmp_path: Path) -> None:
    source = tmp_path / "a.csv"
    source.write_text("name\n ann\nbob \n")
    recipe = Recipe("people").gather(Files(path=str(source))).clean(Trim())
    few = run(recipe, store=tmp_path / "store", ledger="counts")
    full = run(recipe, store=tmp_path / "store")
    again = run(recipe, store=tmp_path / "store", ledger="counts")
    assert few.dataset.version.id == full.dataset.version.id
    assert full.is_new
    assert not again.is_new
    with pytest.raises(StoreError, match="'counts'"):
        few.dataset.original()
    newest = open_dataset("people", store=tmp_path / "store")
    assert newest.original()["name"].to_list() == [" ann", "bob "]
