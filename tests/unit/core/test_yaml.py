"""YAML 1.2."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.yaml import dump, load
from seedbed.errors import BadSpec

WORDS = st.sampled_from(
    ["no", "yes", "on", "off", "NO", "null", "~", "true", "1", "1.0", "1e5", "007", "0x1f",
     "2024-01-01", "2024-01-01 10:00:00", "1:30", "@text", "a: b", "# x", "- a", "", " ",
     "<<", "=", "0o7", ".inf", ".nan", "!!str", "*a", "&a", "|", ":", ":0", "::", "?", "?0", "-x", ">", "%", "\t", "{a", "a\nb"]
)  # fmt: skip
TEXT = WORDS | st.text(
    st.characters(
        blacklist_categories=("Cs", "Cc", "Cn"), blacklist_characters="\ufeff"
    ),
    max_size=8,
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT
DATA = st.recursive(
    SCALARS,
    lambda below: (
        st.lists(below, max_size=3) | st.dictionaries(TEXT, below, max_size=3)
    ),
    max_leaves=8,
)


@given(data=DATA)
def test_there_and_back(data: object) -> None:
    again = load(dump({"data": data}))["data"]
    assert again == data
    assert repr(again) == repr(data)


@pytest.mark.parametrize("word", ["no", "NO", "yes", "on", "off", "2024-01-01"])
def test_words_stay_words(word: str) -> None:
    assert load(f"{word}: {word}") == {word: word}


@pytest.mark.parametrize("text", ["a: [1", "a: 1\na: 2", "a: b: c", "\t- a", "a: @b"])
def test_mistakes_are_named_with_their_line(text: str) -> None:
    with pytest.raises(BadSpec, match="not valid YAML") as caught:
        load(text, where="r.yaml")
    assert caught.value.where.startswith("r.yaml")
    assert caught.value.fix


def test_no_objects_are_made() -> None:
    with pytest.raises(BadSpec):
        load("!!python/object/apply:os.getcwd []")


@given(
    data=st.dictionaries(
        st.lists(WORDS | st.just("some words"), min_size=4, max_size=40).map(" ".join),
        st.lists(TEXT, max_size=20).map(" ".join),
        max_size=6,
    )
)
def test_long_texts_stand_in_one_line(data: dict[str, str]) -> None:
    assert load(dump({"names": data}))["names"] == data


def test_a_line_is_broken_between_names_and_not_within_them() -> None:
    names = {f"the length of part {n} (mm)": f"part {n}" for n in range(8)}
    lines = dump({"names": names}).splitlines()
    assert len(lines) > 1
    assert all(
        line.count("(mm): part") == line.count("the length of") for line in lines
    )
