"""Which columns are meant."""

import polars as pl
import pytest

from seedbed.core.columns import GROUPS, in_group, require_group, resolve
from seedbed.errors import BadSpec, MissingColumn, WrongType

SCHEMA = pl.Schema(
    {
        "i": pl.Int8(),
        "f": pl.Float32(),
        "d": pl.Decimal(10, 2),
        "s": pl.String(),
        "c": pl.Categorical(),
        "t": pl.Date(),
        "b": pl.Boolean(),
        "x": pl.Binary(),
        "@odd": pl.String(),
    }
)


@pytest.mark.parametrize(
    ("columns", "names"),
    [
        ("s", "s"),
        (("s", "i"), "is"),
        ("@numeric", "ifd"),
        ("@float", "f"),
        ("@temporal", "t"),
        ("@bool", "b"),
        ("@binary", "x"),
        (("i", "@numeric"), "ifd"),
        ((), ""),
    ],
)
def test_names_and_groups(columns: str | tuple[str, ...], names: str) -> None:
    assert resolve(columns, SCHEMA) == tuple(names)


def test_text_is_more_than_strings() -> None:
    assert resolve("@text", SCHEMA) == ("s", "c", "@odd")
    assert resolve("@string", SCHEMA) == ("s", "@odd")
    assert resolve("@all", SCHEMA) == tuple(SCHEMA)


def test_a_column_may_look_like_a_group() -> None:
    assert resolve("@odd", SCHEMA) == ("@odd",)


def test_unknown_names_are_refused() -> None:
    with pytest.raises(MissingColumn, match="'q'"):
        resolve("q", SCHEMA)
    with pytest.raises(BadSpec, match="'@texts'") as caught:
        resolve("@texts", SCHEMA, where="here")
    assert caught.value.fix.startswith("did you mean '@text'")
    assert caught.value.where == "here"


@pytest.mark.parametrize("group", GROUPS)
def test_groups_of_no_columns_are_empty(group: str) -> None:
    assert in_group(group, pl.Schema()) == ()


def test_wrong_types_are_named() -> None:
    with pytest.raises(WrongType, match="'s' holds String, not numeric"):
        require_group(("i", "s"), SCHEMA, "@numeric", where="", fix="cast it")
