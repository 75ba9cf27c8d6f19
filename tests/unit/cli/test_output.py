import io
import json
import sys

import pytest
from rich.console import Console

from seedbed.cli import output
from seedbed.validation import Report


def test_no_word_of_a_user_is_taken_for_markup(capsys):
    words = "[red]steps[/red] :smile: [link=x]"
    output.say(words)
    output.table(words, (words,), [(words,)])
    output.facts("", [(words, words)])
    assert capsys.readouterr().out.count(words) == 6


def test_long_cells_are_cut_and_facts_are_not(capsys):
    output.table("", ("a",), [("x" * 90,)])
    assert "x" * 60 not in capsys.readouterr().out
    output.facts("", [("a", "x" * 90)])
    assert "x" * 90 in capsys.readouterr().out


def test_json_of_what_json_does_not_know(capsys):
    from datetime import date

    output.print_json({"day": date(2013, 1, 1), "image": b"abc", "town": "Zürich"})
    found = json.loads(capsys.readouterr().out)
    assert found == {"day": "2013-01-01", "image": "<3 bytes>", "town": "Zürich"}


def test_an_empty_report(capsys):
    output.show_findings(Report(checks=2, rows=1000))
    assert capsys.readouterr().out == "2 checks, nothing found in 1,000 rows\n"


def test_progress_is_for_terminals(capsys, monkeypatch):
    with output.progress() as tell:
        assert tell is None
    terminal = io.StringIO()
    monkeypatch.setattr(
        output, "Console", lambda **_: Console(file=terminal, force_terminal=True)
    )
    with output.progress() as tell:
        assert tell is not None
        tell("[red]pass 1", 0, 2)
        tell("[red]pass 1", 2, 2)
    assert "[red]pass 1" in terminal.getvalue()
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("columns", "width"), [(None, 200), ("77", 77)])
def test_a_pipe_has_wide_lines(monkeypatch, columns, width):
    monkeypatch.delenv("COLUMNS", raising=False)
    if columns:
        monkeypatch.setenv("COLUMNS", columns)
    monkeypatch.setattr(sys, "stdout", io.StringIO())
    assert output.console().width == width
