"""How values look in a notebook."""

import datetime as dt
import re
from html import unescape

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seedbed.core import html


def words(markup: str) -> str:
    """Return what a reader sees."""
    return unescape(re.sub("<[^>]*>", "|", markup))


def cells(markup: str) -> list[str]:
    found = re.findall("<t[dh][^>]*>(.*?)</t[dh]>", markup, flags=re.DOTALL)
    return [unescape(re.sub("<[^>]*>", "", cell)) for cell in found]


@pytest.mark.parametrize(
    ("cell", "seen"),
    [
        (None, "null"),
        (True, "true"),
        (0, "0"),
        (2007, "2007"),
        (-50_000, "-50,000"),
        (1_234_567, "1,234,567"),
        (3750.0, "3750.0"),
        (1 / 3, "0.333333"),
        (1_234_567.25, "1,234,567.25"),
        (float("nan"), "nan"),
        (float("-inf"), "-inf"),
        (b"", "0 bytes"),
        (b"x" * 5_000, "5.0 kB"),
        (dt.date(2024, 1, 31), "2024-01-31"),
        ([1, None], "[1, None]"),
        ("", '""'),
        ("  ", "␣␣"),
        (" Oslo", "␣Oslo"),
        ("a\tb\r\nc ", "a⇥b␍↵c␣"),
        ("a & b", "a & b"),
        ("x" * 200, "x" * 59 + "…"),
    ],
)
def test_values(cell: object, seen: str) -> None:
    assert unescape(re.sub("<[^>]*>", "", html.value(cell))) == seen


@pytest.mark.parametrize(
    ("count", "seen"),
    [
        (1, "1 byte"),
        (999, "999 bytes"),
        (1_000, "1.0 kB"),
        (999_949, "999.9 kB"),
        (999_999, "1.0 MB"),
        (5 * 10**15, "5,000.0 TB"),
    ],
)
def test_sizes(count: int, seen: str) -> None:
    assert html.size(count) == seen


@settings(max_examples=60)
@given(text=st.text(alphabet=st.sampled_from("<>&\"' \n\tab"), max_size=70))
def test_no_text_becomes_markup(text: str) -> None:
    allowed = r'<span style="opacity:\.45">|</span>'
    frame = pl.DataFrame({text or "x": [text]})
    for markup in (html.value(text), html.change(text, text)):
        assert not re.search("[<>]", re.sub(allowed, "", markup))
    known = re.compile(r"</?(table|tr|th|td|br|span|div|pre)( style=\"[^\"<>]*\")?>")
    for markup in (
        html.table(frame),
        html.block(
            text, html.facts([(text, text)]), html.note(text), html.lines([text])
        ),
    ):
        assert not re.search("[<>]", known.sub("", markup))


def test_no_colour_is_fixed_so_that_dark_pages_can_be_read() -> None:
    frame = pl.DataFrame({"a": [None, "b"], "n": [1, 2]})
    whole = html.block(
        "t", html.facts([("rows", 2)]), html.table(frame), html.note("n")
    )
    assert not re.search(r"#[0-9a-fA-F]{3}|rgba?\(|[^-]color:(?!inherit)", whole)


def test_numbers_stand_right_and_texts_left() -> None:
    markup = html.table(pl.DataFrame({"n": [1], "t": ["a"]}))
    sides = re.findall(r"text-align:(\w+)", markup)
    assert sides == ["right", "left", "right", "left"]


def test_types_stand_below_names_where_asked_for() -> None:
    frame = pl.DataFrame({"n": [1]})
    assert cells(html.table(frame))[0] == "nInt64"
    assert cells(html.table(frame, types=False))[0] == "n"


def test_what_is_left_out_is_said() -> None:
    frame = pl.DataFrame({f"c{n}": [0] * 12 for n in range(21)})
    markup = html.table(frame)
    assert "and 2 more rows and 1 more column" in markup
    assert len(cells(markup)) == 20 * 11
    assert "and 99 more rows" in html.table(frame[["c0"]].head(1), total=100)
    assert "more" not in html.table(frame[["c0"]], rows=12)


def test_no_columns_no_table_and_no_rows_a_head() -> None:
    assert html.table(pl.DataFrame()) == ""
    assert cells(html.table(pl.DataFrame(schema={"a": pl.Int8}))) == ["aInt8"]


def test_before_and_after_become_one_in_a_summary() -> None:
    frame = pl.DataFrame(
        {
            "column": ["city", "city", ""],
            "before": [" a", None, None],
            "after": ["a", "b", None],
        }
    )
    seen = cells(html.table(frame, types=False))
    assert seen[:2] == ["column", "before → after"]
    assert seen[2:] == ["city", "␣a → a", "city", "null → b", "", ""]
    # In data of the user they are columns like any other.
    assert cells(html.table(frame))[1:3] == ["beforeString", "afterString"]


def test_lists_and_structs_are_cut() -> None:
    frame = pl.DataFrame({"l": [list(range(100))], "s": [{"a": "<b>"}]})
    markup = html.table(frame)
    assert "…" in markup
    assert "<b>" not in markup


def test_an_empty_part_leaves_nothing() -> None:
    assert html.facts([]) == ""
    assert html.note("") == ""
    assert html.lines([]) == ""
    assert words(html.block("title", "", "")).strip("|") == "title"
