"""It must show 4: a run that is killed harms nothing; a full disk is said in our words."""

import errno
import os
import random
import shutil
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import polars as pl
import pytest

import seedbed as sb
from seedbed.connectors import Cache
from seedbed.dataset import open_dataset, run
from seedbed.errors import StoreError
from seedbed.recipe import Recipe
from seedbed.store import LocalStore

KILLS = 30
ROWS = 20_000

RECIPE = """
name: kills
seed: {seed}
steps:
- gather:
  - files: {{path: {path}}}
- clean:
  - trim
  - null_tokens
  - drop_duplicates: {{columns: [name, town]}}
- split: {{train: 0.7, test: 0.3}}
- clean:
  - fill_missing: {{columns: age}}
  - merge_rare: {{columns: town, min_count: 5}}
"""

# It says when it is ready, begins when it is told to, and says when it is through.
WORKER = """
import sys
import seedbed as sb
from seedbed.connectors import Cache
import seedbed.engine.driver, polars_hash, pydantic, ruamel.yaml, numpy
recipe, store, cache = sys.argv[1:]
recipe = sb.Recipe.from_file(recipe)
print("ready", flush=True)
sys.stdin.readline()
sb.run(recipe, store=store, cache=Cache(cache))
print("done", flush=True)
"""


def write_rows(path: Path) -> None:
    at = pl.int_range(ROWS, eager=True)
    pl.DataFrame(
        {
            "name": "p" + (at * 7919 % (ROWS * 3 // 4)).cast(pl.String),
            "town": (at * 31 % 7).replace_strict(
                list(range(7)), ["Oslo", " Oslo", "Ulm", "Rome", "N/A", "Riga", "Oslo"]
            ),
            "age": pl.select(pl.when(at % 11 != 0).then(at * 13 % 90)).to_series(),
        }
    ).write_csv(path)


class Worker:
    """A process with everything imported, that waits for its word."""

    def __init__(self, folder: Path, number: int) -> None:
        self.recipe = folder / f"{number}.yaml"
        text = RECIPE.format(seed=number, path=folder / "rows.csv")
        self.recipe.write_text(text, encoding="utf-8")
        self.cache = folder / f"cache{number}"
        self.process = subprocess.Popen(
            [sys.executable, "-c", WORKER, self.recipe, folder / "store", self.cache],
            env={**os.environ, "PYTHONPATH": str(Path(sb.__file__).parents[1])},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def go(self, *, kill_after: float | None = None) -> float:
        """Run, or be killed; return how long it took."""
        process = self.process
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        began = time.perf_counter()
        process.stdin.write("go\n")
        process.stdin.flush()
        if kill_after is None:
            assert process.stdout.readline() == "done\n"
        else:
            time.sleep(kill_after)
            process.kill()
        took = time.perf_counter() - began
        process.communicate()
        return took


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="there is no kill -9")
def test_thirty_kills_harm_nothing(tmp_path: Path) -> None:
    write_rows(tmp_path / "rows.csv")
    waiting = deque(Worker(tmp_path, number) for number in range(2))
    full = [waiting.popleft().go(), waiting.popleft().go()]
    store = tmp_path / "store"
    draw = random.Random(0)
    waiting.extend(Worker(tmp_path, number) for number in (2, 3))
    committed = 0
    for kill in range(KILLS):
        before = LocalStore(store).versions("kills")
        worker = waiting.popleft()
        waiting.append(Worker(tmp_path, kill + 4))
        worker.go(kill_after=(kill + draw.random()) / KILLS * max(full) * 1.1)

        after = LocalStore(store).versions("kills")
        assert after[: len(before)] == before
        assert len(after) - len(before) in (0, 1)
        committed += len(after) - len(before)
        for version in (before[-1], after[-1]):
            assert open_dataset(version.ref, store=store).verify() >= 3

        recipe = Recipe.from_file(worker.recipe)
        again = run(recipe, store=store, cache=Cache(worker.cache))
        assert again.is_new == (len(after) == len(before))
        assert again.dataset.version.number == len(before) + 1
    for worker in waiting:
        worker.process.kill()
        worker.process.communicate()
    assert not list((store / "staging").iterdir())
    assert committed < KILLS


def small(folder: Path, seed: int = 0) -> Recipe:
    """Return a recipe over a few rows."""
    path = folder / "small.csv"
    path.write_text("name,age\nann,31\nbob,\n", encoding="utf-8")
    recipe = Recipe("small", seed=seed).gather(sb.connectors.Files(path=str(path)))
    return recipe.clean(sb.cleaning.Trim())


@contextmanager
def tiny_disk(folder: Path) -> Iterator[Path]:
    """Give a folder on a disk of its own with hardly any room."""
    folder.mkdir()
    mount = shutil.which("mount")
    if mount is None or os.name != "posix" or os.geteuid() != 0:
        pytest.skip("only root can mount a small disk")
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=512k", "tmpfs", folder],
        capture_output=True,
        check=False,
    )
    if done.returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", folder], check=True)


def test_a_disk_that_fills_up_is_said_and_harms_nothing(tmp_path: Path) -> None:
    with tiny_disk(tmp_path / "disk") as disk:
        recipe = small(tmp_path)
        first = run(
            recipe, store=disk / "store", cache=Cache(tmp_path / "cache")
        ).dataset
        write_rows(tmp_path / "rows.csv")
        text = RECIPE.format(seed=1, path=tmp_path / "rows.csv").replace(
            "kills", "small"
        )
        big = Recipe.from_yaml(text)
        with pytest.raises(StoreError, match="the disk is full") as caught:
            run(big, store=disk / "store", cache=Cache(tmp_path / "cache"))
        assert "--store" in caught.value.fix
        store = LocalStore(disk / "store")
        assert store.versions("small") == [first.version]
        assert first.verify() >= 3
        assert not list((disk / "store" / "staging").iterdir())


@pytest.mark.parametrize("call", ["rename", "fsync", "link"])
def test_a_write_that_finds_no_room(
    call: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = run(small(tmp_path), store=tmp_path / "store").dataset

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "a file")

    with monkeypatch.context() as patch:
        if call == "rename":
            patch.setattr(Path, "replace", full)
        else:
            patch.setattr(os, call, full)
        with pytest.raises(StoreError, match="the disk is full; no version was made"):
            run(small(tmp_path, seed=1), store=tmp_path / "store")
    store = LocalStore(tmp_path / "store")
    assert store.versions("small") == [first.version]
    assert first.verify() >= 3
    assert run(small(tmp_path, seed=1), store=tmp_path / "store").is_new
