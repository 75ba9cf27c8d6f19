"""Sources under each other keep their rows, their names and their types."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.errors import BadSpec, WrongType
from seedbed.unify import align

KINDS = {"a": pl.Int64(), "b": pl.String(), "c": pl.Boolean(), "d": pl.List(pl.Int64())}


def test_columns_in_order_of_first_sight() -> None:
    schema, exprs = align(
        {
            "x": pl.Schema({"b": pl.String}),
            "y": pl.Schema({"a": pl.Int64, "b": pl.String}),
        },
        where="unify",
    )
    assert list(schema.items()) == [("b", pl.String), ("a", pl.Int64)]
    assert pl.DataFrame({"b": ["k"]}).select(exprs["x"]).rows() == [("k", None)]


def test_types_are_never_widened() -> None:
    with pytest.raises(WrongType) as caught:
        align(
            {"x": pl.Schema({"n": pl.Int64}), "y": pl.Schema({"n": pl.Float64})},
            where="unify",
        )
    for word in ("'n'", "'x'", "'y'", "Int64", "Float64"):
        assert word in caught.value.what
    assert caught.value.where == "unify"
    assert caught.value.fix


def test_no_source() -> None:
    with pytest.raises(BadSpec):
        align({}, where="unify")


@given(
    sources=st.lists(
        st.lists(st.sampled_from(sorted(KINDS)), unique=True), min_size=1, max_size=4
    )
)
def test_every_source_comes_to_the_schema(sources: list[list[str]]) -> None:
    schemas = {
        f"s{at}": pl.Schema({name: KINDS[name] for name in names})
        for at, names in enumerate(sources)
    }
    schema, exprs = align(schemas, where="unify")
    assert list(schema) == list(
        dict.fromkeys(name for names in sources for name in names)
    )
    for source, given_schema in schemas.items():
        values = {name: [None] for name in given_schema}
        frame = pl.LazyFrame(values, schema=given_schema)
        assert frame.select(exprs[source]).collect_schema() == schema
