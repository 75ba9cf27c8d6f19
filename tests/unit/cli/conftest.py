"""A small recipe, and the command as a test calls it."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from seedbed.cli import app

PEOPLE = "name,town,age\n" + "".join(
    f"p{n}, {'Ulm' if n % 3 else 'Bonn'} ,{'' if n % 7 == 0 else n}\n"
    for n in range(60)
)
RECIPE = """\
name: people
seed: 7
steps:
- gather:
  - files: {path: people.csv}
- roles: {target: town}
- validate:
  - between: {column: age, low: 0, high: HIGH}
  - not_null: {column: age, severity: warning}
- clean:
  - trim
- split: {train: 0.7, test: 0.3}
- clean:
  - fill_missing: {columns: age}
  - merge_rare: {columns: town, min_count: MIN}
"""


class Command:
    """Calls `seedbed`, with a folder of its own as the working directory."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def __call__(self, *words: str, code: int = 0) -> Result:
        result = CliRunner().invoke(app, [str(word) for word in words])
        assert result.exit_code == code, result.output
        return result

    def json(self, *words: str, code: int = 0) -> Any:
        return json.loads(self(*words, "--json", code=code).stdout)

    def recipe(
        self, *, high: int = 120, least: int = 2, name: str = "people.yaml"
    ) -> str:
        text = RECIPE.replace("HIGH", str(high)).replace("MIN", str(least))
        (self.folder / name).write_text(text)
        return name


@pytest.fixture
def seedbed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    monkeypatch.chdir(tmp_path)
    for name in (
        "SEEDBED_STORE",
        "SEEDBED_DEBUG",
        "NO_COLOR",
        "FORCE_COLOR",
        "COLUMNS",
    ):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "people.csv").write_text(PEOPLE)
    return Command(tmp_path)


@pytest.fixture
def two(seedbed: Command) -> Command:
    """Two versions of the people."""
    seedbed("run", seedbed.recipe(), "-m", "first")
    seedbed("run", seedbed.recipe(least=25), "-m", "second")
    return seedbed
