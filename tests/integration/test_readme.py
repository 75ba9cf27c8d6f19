"""What the README shows is true: its recipe runs, and its two spellings are one."""

import importlib.util
import re
import shutil
from pathlib import Path
from typing import Any

import pytest

import seedbed as sb

README = Path(__file__).parents[2] / "README.md"


def block(language: str) -> str:
    """Return the one block of the README in a language."""
    text = README.read_text(encoding="utf-8")
    (found,) = re.findall(rf"```{language}\n(.*?)```", text, flags=re.DOTALL)
    return found


@pytest.fixture
def penguins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    spec = importlib.util.find_spec("palmerpenguins")
    if spec is None or spec.origin is None:
        pytest.skip("the extra 'demo' is not installed")
    raw = Path(spec.origin).parent / "data" / "penguins-raw.csv"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("SEEDBED_CACHE", str(tmp_path / "cache"))
    return Path(shutil.copy(raw, tmp_path / "penguins.csv"))


def test_the_recipe_runs_and_is_the_same_in_yaml(penguins: Path) -> None:
    names: dict[str, Any] = {}
    exec(block("python"), names)  # noqa: S102 - it is what a reader would type
    assert sb.Recipe.from_yaml(block("yaml")) == names["recipe"]
    assert names["run"].dataset.original().equals(sb.read(penguins).frame)
    assert "row 17 of penguins@" in names["run"].dataset.why(17)


def test_above_the_split_it_is_refused_in_these_words(penguins: Path) -> None:
    recipe = sb.Recipe.from_yaml(block("yaml"))
    *steps, split, fill = recipe.steps
    clean = next(n for n, step in enumerate(steps) if hasattr(step, "rules"))
    steps[clean] = type(fill)(steps[clean].rules + fill.rules)
    leaky = sb.Recipe(recipe.name, seed=recipe.seed, steps=(*steps, split))
    with pytest.raises(sb.errors.Leak) as caught:
        sb.plan(leaky)
    assert str(caught.value) == block("text").rstrip()


def test_links_lead_somewhere() -> None:
    links = re.findall(r"\]\((?!https?:)([^)#]+)", README.read_text(encoding="utf-8"))
    assert len(links) > 5
    assert [link for link in links if not (README.parent / link).exists()] == []
