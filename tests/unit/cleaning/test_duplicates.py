"""Rows that are there more than once."""

import polars as pl
from hypothesis import given

from seedbed.cleaning import DropDuplicates, Learns
from seedbed.testing import try_rule
from strategies import frames


@given(rows=frames("city", "bool", "small"))
def test_each_row_is_left_once(rows: pl.DataFrame) -> None:
    assert try_rule(DropDuplicates(), train=rows).equals(
        rows.unique(maintain_order=True)
    )


def test_nulls_are_equal_and_names_narrow() -> None:
    rows = {"a": [None, None, 1], "b": [1, 2, 3]}
    assert try_rule(DropDuplicates(columns="a"), train=rows)["b"].to_list() == [1, 3]


def test_only_first_depends_on_the_order() -> None:
    assert DropDuplicates(keep="first").order_dependent
    assert not DropDuplicates().order_dependent
    assert DropDuplicates().learns is Learns.COMPANY
