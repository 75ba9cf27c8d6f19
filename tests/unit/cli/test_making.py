import pytest

from seedbed import dataset
from seedbed.cli import making


def test_run_says_what_it_did(seedbed):
    said = seedbed("run", seedbed.recipe()).stdout
    for words in (
        "a new version",
        "people 60",
        "1 of 2 checks",
        "number 1",
        "seedbed-store",
    ):
        assert words in said.replace("files 60", "people 60")


def test_run_as_json(seedbed):
    found = seedbed.json("run", seedbed.recipe())
    assert found["name"] == "people"
    assert found["number"] == 1
    assert found["is_new"]
    assert found["gathered"] == {"files": 60}
    assert sum(found["rows"].values()) == 60
    assert found["changed"] > 60, "trimmed names of towns, and filled ages"
    assert (found["dropped"], found["made"]) == (0, 0)
    assert [f["check"] for f in found["findings"]] == ["not_null"]


def test_the_same_run_again_is_no_new_version(seedbed):
    recipe = seedbed.recipe()
    first = seedbed.json("run", recipe)
    said = seedbed("run", recipe).stdout
    assert "nothing new" in said
    assert "the same as before" in said
    again = seedbed.json("run", recipe)
    assert again["version"] == first["version"]
    assert not again["is_new"]


def test_run_into_another_store(seedbed, monkeypatch):
    seedbed("run", seedbed.recipe(), "--store", "here")
    assert (seedbed.folder / "here" / "versions" / "people").is_dir()
    monkeypatch.setenv("SEEDBED_STORE", "there")
    assert seedbed.json("run", seedbed.recipe())["where"] == "there"


@pytest.mark.parametrize("level", ["full", "counts", "off"])
def test_the_ledger_is_kept_as_asked_for(seedbed, level):
    found = seedbed.json("run", seedbed.recipe(), "--ledger", level)
    assert found["ledger"] == level
    assert bool(found["changed"]) == (level != "off")
    assert "Traceback" not in seedbed("run", seedbed.recipe(), "--ledger", level).output


def test_a_failed_check_makes_no_version(seedbed):
    result = seedbed("run", seedbed.recipe(high=20), code=1)
    assert "between" in result.stdout
    assert result.stderr.startswith("error: 1 of 2 checks failed")
    assert "  where: people.yaml, steps[2].validate[0]" in result.stderr
    assert not list((seedbed.folder / "seedbed-store").glob("versions/people/*"))


def test_a_failed_check_as_json(seedbed):
    found = seedbed.json("run", seedbed.recipe(high=20), code=1)
    assert not found["ok"]
    assert found["findings"][0]["check"] == "between"


def test_an_interrupt_before_the_version(seedbed, monkeypatch):
    def run(*_args, **_more):
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset, "run", run)
    result = seedbed("run", seedbed.recipe(), code=130)
    assert result.stderr == "stopped; no version was made\n"


def test_an_interrupt_right_after_the_version(seedbed, monkeypatch):
    run = dataset.run

    def run_and_stop(*args, **more):
        run(*args, **more)
        raise KeyboardInterrupt

    monkeypatch.setattr(dataset, "run", run_and_stop)
    result = seedbed("run", seedbed.recipe(), code=130)
    assert result.stderr == "stopped, after version 1 was made\n"


def test_columns_dropped_whole_are_no_changed_cells(seedbed):
    plain = "- gather: [{files: {path: people.csv}}]\n- clean: [{drop_columns: {columns: age}}]\n"
    (seedbed.folder / "drop.yaml").write_text(f"name: drop\nsteps:\n{plain}")
    assert seedbed.json("run", "drop.yaml")["changed"] == 0


def test_plan_runs_no_step(seedbed):
    said = seedbed("plan", seedbed.recipe()).stdout
    assert "Plan of 'people': 3 columns in, 3 out" in said
    for words in ("merge_rare", "learns from train", "train 0.7, test 0.3", "note: "):
        assert words in said
    assert not (seedbed.folder / "seedbed-store").exists()


def test_plan_as_json(seedbed):
    found = seedbed.json("plan", seedbed.recipe())
    kinds = ["between", "not_null", "trim", "split", "fill_missing", "merge_rare"]
    assert [step["kind"] for step in found["steps"]] == kinds
    assert found["columns"] == {"name": "String", "town": "String", "age": "Int64"}
    assert found["roles"] == {"target": "town"}


def test_plan_refuses_a_leak(seedbed):
    recipe = seedbed.folder / seedbed.recipe()
    text = recipe.read_text().replace("- split: {train: 0.7, test: 0.3}\n", "")
    recipe.write_text(text + "- split: {train: 0.7, test: 0.3}\n")
    result = seedbed("plan", "people.yaml", code=2)
    assert "learns from all rows, test rows included" in result.stderr
    assert result.stdout == ""


def test_a_summary_is_plain_data(seedbed):
    from seedbed.recipe import Recipe

    done = dataset.run(Recipe.from_file(seedbed.recipe()), store="kept")
    assert making.summary(done, seedbed.folder / "kept")["rows"] == done.dataset.rows
