"""A join adds columns, and never a row."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.errors import BadSpec, DataError, MissingColumn, WrongType
from seedbed.unify import Join, attach, joined_schema, prepare_right, require_unique

JOIN = Join(left="l", right="r", by="k")


def test_names_that_are_taken() -> None:
    left = pl.Schema({"k": pl.Int64, "v": pl.Int64})
    schema = joined_schema(
        left, pl.Schema({"v": pl.String, "k": pl.Int64}), JOIN, where="u"
    )
    assert dict(schema) == {"k": pl.Int64, "v": pl.Int64, "r_v": pl.String}
    for left_more, right_more in (({"r_v": pl.Int64}, {}), ({}, {"r_v": pl.Int64})):
        with pytest.raises(BadSpec, match="'r_v' is taken"):
            joined_schema(
                pl.Schema({**left, **left_more}),
                pl.Schema({"k": pl.Int64, "v": pl.Int64, **right_more}),
                JOIN,
                where="u",
            )


def test_keys_must_be_there_and_alike() -> None:
    with pytest.raises(MissingColumn):
        joined_schema(
            pl.Schema({"a": pl.Int64}), pl.Schema({"k": pl.Int64}), JOIN, where="u"
        )
    with pytest.raises(MissingColumn):
        joined_schema(
            pl.Schema({"k": pl.Int64}), pl.Schema({"a": pl.Int64}), JOIN, where="u"
        )
    with pytest.raises(WrongType, match=r"'k' holds Int64 in 'l', but String in 'r'"):
        joined_schema(
            pl.Schema({"k": pl.Int64}), pl.Schema({"k": pl.String}), JOIN, where="u"
        )


def test_wrong_joins() -> None:
    for wrong in ({"by": ()}, {"by": ("a", "a")}, {"by": "a", "right": "l"}):
        with pytest.raises(BadSpec):
            Join(**{"left": "l", "right": "r", **wrong})


def test_keys_that_stand_twice_are_shown() -> None:
    right = pl.DataFrame({"k": [1, 1, 2, 2, 2, 3, 3, 4, 4, 5, None, None]})
    with pytest.raises(DataError) as caught:
        prepare_right(right, pl.Schema({"k": pl.Int64}), JOIN, where="u")
    assert caught.value.what == (
        "4 keys stand in several rows of 'r': 2 (3 times), 1 (2 times), 3 (2 times), ..."
    )
    assert "keep one row a key" in caught.value.fix
    both = Join(left="l", right="r", by=("k", "j"), expect="one-to-one")
    with pytest.raises(DataError, match=r"\(1, 'x'\) \(2 times\)"):
        require_unique(
            pl.DataFrame({"k": [1, 1], "j": ["x", "x"]}), both, "l", where="u"
        )


keys = st.one_of(st.none(), st.integers(0, 8))


@given(left=st.lists(keys, max_size=20), right=st.lists(keys, unique=True))
def test_every_row_stays_in_its_place(
    left: list[int | None], right: list[int | None]
) -> None:
    frame = pl.DataFrame(
        {"k": left, "v": list(range(len(left)))}, schema={"k": pl.Int64, "v": pl.Int64}
    )
    table = pl.DataFrame(
        {"k": right, "v": [f"v{key}" for key in right]},
        schema={"k": pl.Int64, "v": pl.String},
    )
    prepared = prepare_right(table, frame.schema, JOIN, where="u")
    schema = joined_schema(frame.schema, table.schema, JOIN, where="u")
    for engine in ("in-memory", "streaming"):
        out = attach(frame.lazy(), prepared, JOIN).collect(engine=engine)
        assert out.schema == pl.Schema({**schema, "_matched": pl.Boolean})
        assert out.select("k", "v").equals(frame)
        known = {key for key in right if key is not None}
        assert out["_matched"].to_list() == [key in known for key in left]
        assert out["r_v"].to_list() == [
            f"v{key}" if key in known else None for key in left
        ]
