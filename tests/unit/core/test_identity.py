"""Names that depend on content alone."""

import math

import polars as pl
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from seedbed.core.identity import (
    canonical_text,
    child_id,
    content_id,
    content_keys,
    digest_of,
    hash_of,
    to_hex,
    with_twin,
)
from strategies import frames, texts


def key(**cells: object) -> int:
    return content_keys(pl.DataFrame({k: [v] for k, v in cells.items()})).item()


@given(rows=frames())
def test_the_order_of_columns_does_not_matter(rows: pl.DataFrame) -> None:
    turned = rows.select(reversed(rows.columns))
    assert content_keys(turned).equals(content_keys(rows))


@given(rows=frames())
def test_a_new_column_without_values_changes_nobody(rows: pl.DataFrame) -> None:
    wider = rows.with_columns(new=pl.lit(None, dtype=pl.String))
    assert content_keys(wider).equals(content_keys(rows))


@given(rows=frames(min_size=1))
def test_a_row_has_its_key_alone(rows: pl.DataFrame) -> None:
    alone = [content_keys(row).item() for row in rows.iter_slices(1)]
    assert content_keys(rows).to_list() == alone


@given(numbers=st.lists(st.none() | st.integers(-(2**53), 2**53), max_size=9))
def test_widening_changes_nobody(numbers: list) -> None:
    ints = pl.DataFrame({"n": pl.Series(numbers, dtype=pl.Int64)})
    floats = ints.cast(pl.Float64)
    words = ints.cast(pl.String)
    assert content_keys(ints).equals(content_keys(floats))
    assert content_keys(ints).equals(content_keys(words))


@pytest.mark.parametrize(
    ("text", "canonical"),
    [("1.0", "1"), ("1.50", "1.5"), ("-0.500", "-0.5"), ("10", "10"),
     ("100.0", "100"), ("007", "007"), ("1.0.0", "1.0.0"), ("0.0", "0"),
     ("x0", "x0"), ("v1.0", "v1.0"), ("", "")],
)  # fmt: skip
def test_texts_of_one_value_are_one_text(text: str, canonical: str) -> None:
    assert canonical_text(pl.Series([text])).item() == canonical


def test_other_cells_are_other_keys() -> None:
    keys = [
        key(a="x", b=None), key(a=None, b="x"), key(a="x", b="x"), key(a="", b=None),
        key(a=None, b=None), key(a="null", b=None), key(a=1, b=None), key(a=True, b=None),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)


@given(
    one=st.lists(texts, min_size=2, max_size=2),
    other=st.lists(texts, min_size=2, max_size=2),
)
def test_separators_cannot_collide(one: list[str], other: list[str]) -> None:
    canonical = [canonical_text(pl.Series(cells)).to_list() for cells in (one, other)]
    assume(canonical[0] != canonical[1])
    assert key(a=one[0], b=one[1]) != key(a=other[0], b=other[1])


def test_names_cannot_run_into_values() -> None:
    assert key(ab="c") != key(a="bc")
    assert key(a="b", c="d") != key(a="d", c="b")


def test_twins_have_ids_of_their_own() -> None:
    keys = pl.Series([5, 5, 2**128 - 1], dtype=pl.UInt128)
    ids = with_twin(keys, pl.Series([0, 1, 1])).to_list()
    assert ids[0] == 5
    assert len(set(ids)) == 3


def test_children_have_ids_of_their_own() -> None:
    ids = {child_id(p, a, c) for p in (1, 2) for a in ("x", "y") for c in (0, 1)}
    assert len(ids) == 8
    assert all(0 <= number < 2**128 for number in ids)
    assert to_hex(1) == "0" * 31 + "1"


@given(rows=frames(), at=st.integers(0, 8))
def test_chunks_do_not_matter_to_a_table(rows: pl.DataFrame, at: int) -> None:
    cut = pl.concat([rows[:at], rows[at:]], rechunk=False)
    assert content_id(cut) == content_id(rows)


@given(rows=frames("text", "float", min_size=2))
def test_order_matters_to_a_table(rows: pl.DataFrame) -> None:
    turned = rows.reverse()
    equal = turned.equals(rows, null_equal=True)
    assert equal or content_id(turned) != content_id(rows)
    assert content_id(rows.select(reversed(rows.columns))) != content_id(rows)


def test_a_table_sees_every_bit_but_the_kind_of_nan() -> None:
    def of(*cells: object, kind: object = pl.Float64) -> str:
        return content_id(pl.DataFrame({"a": pl.Series(list(cells), dtype=kind)}))

    assert of(0.0) != of(-0.0)
    assert of(None) != of(0.0)
    assert of(math.nan) == of(-math.nan)
    assert of(1.0) != of(1, kind=pl.Int64)
    assert of(1, kind=pl.Int64) != of(1, kind=pl.Int32)
    assert of("", kind=pl.String) != of(None, kind=pl.String)
    assert of(None, True, kind=pl.Boolean) != of(True, None, kind=pl.Boolean)
    assert of("a", kind=pl.String) != of(b"a", kind=pl.Binary)


def test_nested_and_typeless_columns_have_ids() -> None:
    def of(cells: list) -> str:
        return content_id(pl.DataFrame({"a": cells}))

    assert of([[1, 2], None]) != of([[1], [2]])
    assert of([{"x": 1}]) != of([{"x": 2}])
    assert of([None]) != of([None, None])


def test_hashes_keep_nulls_and_minds_seeds() -> None:
    series = pl.Series("a", ["x", None])
    assert hash_of(series)[1] is None
    assert hash_of(series)[0] != hash_of(series, seed=1)[0]


def test_plain_data_has_a_digest_without_order() -> None:
    assert digest_of({"a": 1, "b": [2]}) == digest_of({"b": [2], "a": 1})
    assert digest_of([1, 2]) != digest_of([2, 1])
    assert digest_of("1") != digest_of(1)


@pytest.mark.parametrize("unit", ["ms", "us", "ns"])
def test_durations_have_keys_that_do_not_hang_on_their_unit(unit: str) -> None:
    spans = pl.DataFrame({"x": [0, -1, 400, None]}).select(
        pl.duration(milliseconds="x").alias("x")
    )
    keys = content_keys(spans.cast(pl.Duration(unit)))
    assert keys.equals(content_keys(spans))
    assert keys.n_unique() == 4
