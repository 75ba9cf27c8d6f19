"""What a notebook shows of plans, reports, ledgers, versions and results."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest

import seedbed as sb
from seedbed.ledger import Ledger
from seedbed.validation import Report


def seen(thing: object) -> str:
    """Return the words that a notebook shows, without tags."""
    return " ".join(unescape(re.sub("<[^>]*>", " ", thing._repr_html_())).split())


@pytest.fixture(scope="module")
def recipe(tmp_path_factory: pytest.TempPathFactory) -> sb.Recipe:
    path = tmp_path_factory.mktemp("data") / "people.csv"
    rows = "".join(f"<i>{n}</i>,{n % 7},{'' if n % 5 else n * n}\n" for n in range(60))
    path.write_text(f"name,city,age\n{rows} <b>,9,9\n", encoding="utf-8")
    return (
        sb.Recipe("people", seed=1)
        .gather(sb.connectors.Files(path=str(path)))
        .roles(target="city")
        .validate(
            sb.validation.Between(column="city", high=5, severity="warning"),
            sb.validation.Between(column="city", high=8, quarantine=True),
        )
        .clean(sb.cleaning.Trim())
        .split(train=0.8, test=0.2)
        .clean(sb.cleaning.FillMissing(columns="age"))
    )


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    return tmp_path_factory.mktemp("store")


@pytest.fixture(scope="module")
def done(recipe: sb.Recipe, store: Path) -> sb.Run:
    return sb.run(recipe, store=store, message="the <first>")


def test_a_plan(recipe: sb.Recipe) -> None:
    text = seen(sb.plan(recipe))
    assert text.startswith("Plan of people columns in 3 · columns out 3")
    assert "fill_missing age learns from train" in text
    assert "note: rows are known by their content" in text


def test_a_run_and_its_version(done: sb.Run) -> None:
    text = seen(done)
    assert text.startswith("Run: a new version Dataset people@")
    for part in (
        "message the <first>",
        "target city",
        "split rows train",
        "Ledger",
        "Report",
    ):
        assert part in text
    assert "and" in text
    assert "<script" not in done._repr_html_()
    assert "<i>" not in done._repr_html_()


def test_the_same_run_again_says_so(
    recipe: sb.Recipe, store: Path, done: sb.Run
) -> None:
    again = sb.run(recipe, store=store)
    assert done.is_new
    assert seen(again).startswith("Run: the same as the newest version")


def test_a_ledger_shows_an_example(done: sb.Run) -> None:
    text = seen(done.ledger)
    assert "fill_missing age cells changed" in text
    assert "null → " in text
    assert "between rows dropped 1" in text


def test_a_ledger_that_kept_only_counts_says_so(
    recipe: sb.Recipe, tmp_path: Path
) -> None:
    text = seen(sb.run(recipe, store=tmp_path / "counts", ledger="counts").ledger)
    assert "kept as counts" in text
    assert "→" not in text


def test_a_ledger_of_nothing() -> None:
    assert seen(Ledger()) == "Ledger nothing was changed"


def test_reports() -> None:
    assert seen(Report(checks=2, rows=9)) == "Report: all is well checks 2 · rows 9"
    between = sb.validation.Between(column="age", low=0)
    bad = sb.check({"age": [31, -4]}, between)
    assert "Report: failed" in seen(bad.report)
    assert "error between age must be at least 0 1 1: -4" in seen(bad.report)


def test_a_report_with_warnings_only(done: sb.Run) -> None:
    text = seen(done.report)
    assert text.startswith("Report: passed, with warnings or quarantined rows")
    assert "to quarantine between" in text
    assert "warning between" in text


def test_a_difference(recipe: sb.Recipe, store: Path, done: sb.Run) -> None:
    changed = sb.Recipe("people", seed=1, steps=recipe.steps[:-1]).clean(
        sb.cleaning.FillMissing(columns="age", strategy="mean")
    )
    after = sb.run(changed, store=store).dataset
    text = seen(done.dataset.diff(after))
    assert text.startswith(f"Difference: {done.dataset.version.ref} → ")
    assert "cells changed age" in text
    assert "before → after" in text
    assert "strategy: mean" in text
    assert "nothing differs" in seen(after.diff(after))


def test_results_of_verbs() -> None:
    cleaned = sb.clean({"city": [" Oslo", "Bergen"]}, sb.cleaning.Trim())
    assert seen(cleaned).startswith("Cleaned rows 2 · columns 1 Ledger cells changed 1")
    assert "␣ Oslo → Oslo" in seen(cleaned)
    assert seen(sb.split({"a": [1, 2]}, train=0.5, test=0.5)).startswith(
        "Splits rows 2"
    )


def test_a_version_without_rows_in_train(tmp_path: Path) -> None:
    path = tmp_path / "none.csv"
    path.write_text("a,b\n1,x\n", encoding="utf-8")
    empty = (
        sb.Recipe("none")
        .gather(sb.connectors.Files(path=str(path)))
        .clean(sb.cleaning.NullTokens(columns="b", tokens=("x",)))
        .clean(sb.cleaning.DropMissing(columns="b"))
    )
    assert "train 0" in seen(sb.run(empty, store=tmp_path / "store").dataset)
