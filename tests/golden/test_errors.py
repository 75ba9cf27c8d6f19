"""The texts of errors, reviewed like code; `pytest --update-golden` writes them anew."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

import seedbed as sb
from golden.error_cases import CASES, FILES
from seedbed.connectors import Cache
from seedbed.dataset import Dataset, open_dataset, plan, run
from seedbed.errors import SeedbedError
from seedbed.recipe import Recipe
from seedbed.store import LocalStore

GOLDEN = Path(__file__).parent / "errors"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the working directory, with all files of the cases in it."""
    for name, text in FILES.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "note.txt").write_text("no image", encoding="utf-8")
    (tmp_path / "bad.zip").write_bytes(b"PK\x03\x04 and nothing more")
    (tmp_path / "bad.csv.gz").write_bytes(b"\x1f\x8b\x08 and nothing more")
    with closing(sqlite3.connect(tmp_path / "shop.db")) as shop:
        shop.execute("CREATE TABLE sale AS SELECT 7 AS n, 'tea' AS what")
        shop.commit()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SHOP_DB", "sqlite:///shop.db")
    monkeypatch.setenv("GONE_DB", "sqlite:///gone.db")
    monkeypatch.delenv("NO_SUCH_DB", raising=False)
    return tmp_path


def told(call: Callable[[], object], place: Path) -> str:
    """Return the text of the error that `call` raises, without what differs by machine."""
    with pytest.raises(SeedbedError) as caught:
        call()
    assert caught.value.fix, "an error without a fix"
    assert caught.value.where, "an error without a place"
    text = f"{type(caught.value).__name__}: {caught.value}"
    text = text.replace(str(place), "FOLDER")
    # Names made of content are pinned elsewhere; here they would only come and go.
    return re.sub(r"(people@|object )[0-9a-f]{12}", r"\1ID", text) + "\n"


def same(name: str, text: str, request: pytest.FixtureRequest) -> None:
    """Hold a text against the one that was reviewed."""
    path = GOLDEN / f"{name}.txt"
    if request.config.getoption("--update-golden"):
        path.write_text(text, encoding="utf-8")
    assert path.exists(), "look at the text, and keep it: pytest --update-golden"
    assert text == path.read_text(encoding="utf-8")


def go(text: str) -> Dataset:
    """Run a recipe."""
    recipe = Recipe.from_yaml(text, where="recipe.yaml")
    return run(recipe, store="store", cache=Cache(Path("cache"))).dataset


@pytest.mark.parametrize("name", CASES)
def test_what_an_error_says(
    name: str, place: Path, request: pytest.FixtureRequest
) -> None:
    text, _ = CASES[name]
    same(name, told(lambda: go(text), place), request)


@pytest.mark.parametrize("name", [name for name, (_, good) in CASES.items() if good])
def test_the_fix_works_when_it_is_typed(name: str, place: Path) -> None:
    _, good = CASES[name]
    assert good
    assert go(good).verify() >= 3


# -- the store, and what is asked of a version ----------------------------------------


def dataset() -> Dataset:
    return go(CASES["clip_upside_down"][1] or "")


def damaged() -> None:
    dataset()
    for path in Path("store/objects").rglob("*.parquet"):
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 1
        path.write_bytes(data)
    open_dataset("people", store="store").split().collect()


def lost() -> None:
    dataset()
    for path in Path("store/objects").rglob("*.parquet"):
        path.unlink()
    open_dataset("people", store="store").verify()


def version_damaged() -> None:
    dataset()
    Path("store/versions/people/000001.json").write_text("{", encoding="utf-8")
    open_dataset("people", store="store")


def no_such_version() -> None:
    dataset()
    open_dataset("people@2", store="store")


def counted() -> None:
    recipe = Recipe.from_yaml(CASES["clip_upside_down"][1] or "")
    run(
        recipe, store="store", cache=Cache(Path("cache")), ledger="counts"
    ).dataset.original()


def not_writable() -> None:
    recipe = sb.Recipe("a").gather(sb.connectors.Files(path="people.csv"))
    recipe = recipe.clean(
        sb.cleaning.Apply(columns="name", function=lambda row: row["name"])
    )
    recipe.to_yaml()


def by_hand() -> None:
    Path("people.yaml").write_bytes(b"name: \xff")
    Recipe.from_file("people.yaml")


OTHERS: dict[str, Callable[[], object]] = {
    "store_unknown_dataset": lambda: (dataset(), open_dataset("pepole", store="store")),
    "store_is_empty": lambda: (
        LocalStore("empty"),
        open_dataset("people", store="empty"),
    ),
    "store_unknown_version": no_such_version,
    "store_missing": lambda: open_dataset("people", store="nowhere"),
    "store_is_a_folder_of_others": lambda: LocalStore("photos"),
    "store_damaged": damaged,
    "store_object_lost": lost,
    "store_version_damaged": version_damaged,
    "split_unknown": lambda: dataset().split("trian"),
    "batch_of_nothing": lambda: [*dataset().batches("train", 0)],
    "original_of_counts": counted,
    "original_unknown_source": lambda: dataset().original("flies"),
    "row_unknown": lambda: dataset().why(99),
    "id_unknown": lambda: dataset().why("ffffffffffffffff"),
    "prepare_column_missing": lambda: dataset().prepare({"name": ["ann"]}),
    "prepare_wrong_type": lambda: dataset().prepare(
        dataset().original().head(1).with_columns(age=sb_text("old"))
    ),
    "prepare_no_table": lambda: dataset().prepare("people.csv"),
    "recipe_not_writable": not_writable,
    "recipe_file_missing": lambda: Recipe.from_file("peple.yaml"),
    "recipe_file_not_text": by_hand,
    "plan_of_a_leak": lambda: plan(Recipe.from_yaml(CASES["leak_train"][0])),
}


def sb_text(text: str) -> object:
    import polars as pl

    return pl.lit(text)


@pytest.mark.parametrize("name", OTHERS)
def test_what_a_store_and_a_version_say(
    name: str, place: Path, request: pytest.FixtureRequest
) -> None:
    same(name, told(OTHERS[name], place), request)


@pytest.mark.parametrize("broken", ["store_damaged", "store_object_lost"])
def test_a_damaged_version_is_put_back_by_the_recipe(broken: str, place: Path) -> None:
    with pytest.raises(SeedbedError, match="file of this version"):
        OTHERS[broken]()
    again = dataset()
    assert again.version.number == 1
    assert again.verify() >= 3


def test_no_golden_text_is_left_over() -> None:
    assert {path.stem for path in GOLDEN.glob("*.txt")} == {*CASES, *OTHERS}
    assert len({*CASES, *OTHERS}) > 100
