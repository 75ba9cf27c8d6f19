import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

import seedbed as seedbed_package
from seedbed import errors
from seedbed.cli import command, main
from seedbed.cli.failing import exit_code

COMMAND = [sys.executable, "-c", "from seedbed.cli import main; main()"]
SOURCE = str(Path(seedbed_package.__path__[0]).parent)


def around(**more: str) -> dict[str, str]:
    """Return an environment in which another process finds this seedbed."""
    return {**os.environ, "PYTHONPATH": SOURCE, **more}


@pytest.mark.parametrize(
    ("kind", "code"),
    [
        (errors.ContractFailed, 1),
        (errors.RecipeError, 2),
        (errors.UnknownKind, 2),
        (errors.BadSpec, 2),
        (errors.Leak, 2),
        (errors.MissingExtra, 2),
        (errors.MissingColumn, 2),
        (errors.WrongType, 2),
        (errors.DataError, 3),
        (errors.ConnectorError, 3),
        (errors.StoreError, 3),
        (errors.SeedbedError, 3),
    ],
)
def test_each_error_says_whose_mistake_it_is(kind, code):
    assert exit_code(kind("it is wrong", fix="mend it")) == code


def test_three_lines_and_no_traceback(seedbed):
    (seedbed.folder / "bad.yaml").write_text(
        "name: bad\nsteps:\n- gather: [{filez: {}}]\n"
    )
    result = seedbed("run", "bad.yaml", code=2)
    assert result.stdout == ""
    what, where, fix = result.stderr.splitlines()
    assert what == "error: no connector is called 'filez'"
    assert where.startswith("  where: bad.yaml")
    assert "did you mean 'files'" in fix


def test_debug_shows_where_it_came_from(seedbed, monkeypatch):
    monkeypatch.setenv("SEEDBED_DEBUG", "1")
    assert "Traceback" in seedbed("run", "nowhere.yaml", code=2).stderr
    monkeypatch.setenv("SEEDBED_DEBUG", "")
    assert "Traceback" in seedbed("--debug", "run", "nowhere.yaml", code=2).stderr


def test_a_source_that_cannot_be_had(seedbed):
    recipe = seedbed.recipe()
    (seedbed.folder / "people.csv").unlink()
    assert "there is no file 'people.csv'" in seedbed("run", recipe, code=3).stderr


def test_a_store_that_is_none(seedbed):
    (seedbed.folder / "full").mkdir()
    (seedbed.folder / "full" / "thesis.txt").write_text("do not touch")
    assert (
        "is no store"
        in seedbed("run", seedbed.recipe(), "--store", "full", code=3).stderr
    )


@pytest.mark.parametrize(
    "words",
    [
        ["runn"],
        ["run"],
        ["run", "a", "--ledger", "some"],
        ["show", "x", "--rows", "-1"],
    ],
)
def test_a_wrong_call(seedbed, words):
    result = seedbed(*words, code=2)
    assert "Usage: " in result.stderr
    assert result.stdout == ""


VERBS = ["run", "plan", "check", "log", "diff", "show", "why", "list", "demo"]


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_has_help_with_examples(seedbed, verb):
    said = seedbed(verb, "--help").stdout
    assert f"  seedbed {verb}" in said
    assert "--json" in said
    assert "\x1b" not in said
    assert verb in seedbed("--help").stdout


def test_the_help_tells_the_exit_codes(seedbed):
    assert "Exit codes" in seedbed("-h").stdout
    assert seedbed("--version").stdout.startswith("seedbed ")


def test_a_mistake_of_ours_is_no_finding(monkeypatch, capsys):
    def fall(**_more):
        message = "unforeseen"
        raise ZeroDivisionError(message)

    monkeypatch.setattr(command, "app", fall)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 70
    said = capsys.readouterr().err
    assert "ZeroDivisionError: unforeseen" in said
    assert "please report it" in said


def test_no_colours_in_a_pipe_nor_where_none_are_wanted(seedbed):
    for more in ({}, {"NO_COLOR": "1"}):
        done = subprocess.run(
            [*COMMAND, "list", "rules"],
            env=around(**more),
            capture_output=True,
            text=True,
            check=True,
        )
        assert "merge_rare" in done.stdout
        assert "\x1b" not in done.stdout
        assert done.stderr == ""


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send there")
def test_ctrl_c_leaves_no_half_version(seedbed):
    recipe = seedbed.recipe(high=10**9)
    row = "p{0}, Ulm ,{0}\n"
    text = "name,town,age\n" + "".join(row.format(n) for n in range(600_000))
    (seedbed.folder / "people.csv").write_text(text)
    store = seedbed.folder / "seedbed-store"
    running = subprocess.Popen(
        [*COMMAND, "run", recipe],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env=around(),
    )
    try:
        # The recipe's steps have begun as soon as their files begin to appear.
        while running.poll() is None and not list(store.glob("staging/*/*")):
            time.sleep(0.01)
        running.send_signal(signal.SIGINT)
        out, err = running.communicate(timeout=60)
    finally:
        running.kill()
    assert (running.returncode, out, err) == (130, "", "stopped; no version was made\n")
    assert not list(store.glob("versions/*/*"))
    assert not list(store.glob("staging/*"))
    assert seedbed.json("run", recipe)["number"] == 1
