"""Trim and null tokens."""

import polars as pl
import pytest
from hypothesis import given

from seedbed.cleaning import NullTokens, Trim
from seedbed.errors import BadSpec, WrongType
from seedbed.testing import try_rule
from strategies import texts


@given(text=texts)
def test_trim_strips_what_python_strips_too(text: str) -> None:
    out = try_rule(Trim(), train={"a": [text]})["a"].item()
    # Python takes four more separators for blanks than Unicode does.
    assert out.strip("\x1c\x1d\x1e\x1f") == text.strip() or out == text.strip()


@given(text=texts)
def test_trim_is_idempotent(text: str) -> None:
    rule = Trim(inside=True)
    once = try_rule(rule, train={"a": [text]})
    assert try_rule(rule, train=once).equals(once)


def test_trim_collapses_inside_only_when_asked() -> None:
    rows = {"a": ["  a \t\n b  "]}
    assert try_rule(Trim(), train=rows).item() == "a \t\n b"
    assert try_rule(Trim(inside=True), train=rows).item() == "a b"


def test_trim_takes_strings_of_the_group_and_insists_on_named_columns() -> None:
    rows = pl.DataFrame(
        {"a": [" x"], "n": [1], "c": pl.Series([" x"], dtype=pl.Categorical)}
    )
    assert try_rule(Trim(), train=rows).row(0) == ("x", 1, " x")
    with pytest.raises(WrongType, match="'n' holds Int64"):
        try_rule(Trim(columns="n"), train=rows)


def test_null_tokens_know_cells_not_parts() -> None:
    rows = {"a": ["", " na ", "NaN", "?", "Na na", "none", "-5", "unknown", None]}
    kept = try_rule(NullTokens(), train=rows)["a"].to_list()
    assert kept == [None, None, None, None, "Na na", "none", "-5", "unknown", None]


def test_null_tokens_leave_other_cells_untouched() -> None:
    assert try_rule(NullTokens(), train={"a": [" x "]}).item() == " x "


def test_null_tokens_can_mind_case() -> None:
    rule = NullTokens(tokens=("NA",), ignore_case=False)
    assert try_rule(rule, train={"a": ["NA", "na"]})["a"].to_list() == [None, "na"]


def test_null_tokens_keep_the_type_of_categories() -> None:
    rows = pl.DataFrame({"a": pl.Series(["x", "?"], dtype=pl.Enum(["x", "?"]))})
    out = try_rule(NullTokens(), train=rows)
    assert out.schema == rows.schema
    assert out["a"].to_list() == ["x", None]


def test_null_tokens_need_a_token() -> None:
    with pytest.raises(BadSpec, match="no token"):
        NullTokens(tokens=())
