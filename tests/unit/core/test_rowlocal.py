"""Which expressions work on each row alone; checked against cutting a frame."""

import polars as pl
import pytest
from polars import selectors as cs

from seedbed.core.rowlocal import row_local

X = pl.col("x")
FRAME = pl.DataFrame(
    {
        "x": [1, None, 3, 10, 2, None],
        "y": [2, 2, 5, 1, None, 4],
        "g": [1, 1, 2, 2, 1, 2],
        "s": [" a", "b ", None, "c", "NA", "d"],
    }
)

LOCAL = {
    "trim": pl.col("s").str.strip_chars(),
    "clip": X.clip(1, 2),
    "is_in": X.is_in([1, 2]),
    "is_in series": X.is_in(pl.Series([1, 2]).implode()),
    "hash": pl.col("s").hash(1),
    "fill": X.fill_null(0),
    "when": pl.when(X > 1).then(X).otherwise(None),
    "cast to own type": X.cast(pl.dtype_of("x")),
    "ask for a type": pl.when(pl.dtype_of("x").matches(cs.integer())).then(X),
    "selector": pl.any_horizontal(cs.by_name("x", "s").is_null()),
    "constant": pl.lit(1),
    "struct": pl.struct("x", "g"),
    "sql division": pl.sql_expr("x / y"),
    "sql round": pl.sql_expr("round(x / y, 2) + 1"),
    "sql abs of division": pl.sql_expr("abs(x / y)"),
    "sql in": pl.sql_expr("x in (1, 2)"),
    "sql case": pl.sql_expr("case when x > 1 then 'many' else 'one' end"),
}
NOT_LOCAL = {
    "fill mean": X.fill_null(X.mean()),
    "centre": X - X.mean(),
    "share of the largest": X / X.max(),
    "clip by quantiles": X.clip(X.quantile(0.1), X.quantile(0.9)),
    "above the median": X > X.median(),
    "over": X.mean().over("g"),
    "shift": X.shift(1),
    "cum_sum": X.cum_sum(),
    "forward_fill": X.forward_fill(),
    "is_in column": X.is_in(pl.col("g").implode()),
    "rank": X.rank(),
    "is_duplicated": X.is_duplicated(),
    "is_first_distinct": X.is_first_distinct(),
    "int_range": pl.int_range(pl.len()),
    "sort": X.sort(),
    "filter": X.filter(X > 1),
    "sum": X.sum(),
    "when mean": pl.when(X > X.mean()).then(1).otherwise(0),
    "interpolate": X.interpolate(),
    "fill strategy": X.fill_null(strategy="mean"),
    "shuffle": X.shuffle(seed=1),
    "explode": pl.col("s").str.split("").explode(),
    "len": pl.len(),
    "len in a type": pl.len().cast(pl.dtype_of("x")),
    "many constants": pl.lit(pl.Series([1, 2])),
    "inferred format": pl.col("s").str.to_datetime(strict=False),
    "sql sum": pl.sql_expr("sum(x)"),
    "sql hidden sum": pl.sql_expr("sum(x / y) over (partition by g)"),
    "sql hidden mean": pl.sql_expr("x / y - avg(x)"),
    "sql unnest": pl.sql_expr("unnest(x)"),
    "sum of a typed sum": X.sum().cast(pl.dtype_of("x")) + 1,
}
OPAQUE = {
    "map_batches": X.map_batches(lambda x: x * 2, return_dtype=pl.Int64),
    "map_batches declared": X.map_batches(
        lambda x: x * 2, return_dtype=pl.Int64, is_elementwise=True
    ),
    "map_elements": X.map_elements(lambda x: x, return_dtype=pl.Int64),
    "below a step": 1 + X.map_batches(lambda x: x * 2, return_dtype=pl.Int64),
}


@pytest.mark.parametrize("name", LOCAL)
def test_local_expressions_pass(name: str) -> None:
    assert row_local(LOCAL[name]) is True


@pytest.mark.parametrize("name", NOT_LOCAL)
def test_expressions_that_see_other_rows_do_not(name: str) -> None:
    assert row_local(NOT_LOCAL[name]) is False


@pytest.mark.parametrize("name", OPAQUE)
def test_python_is_opaque(name: str) -> None:
    assert row_local(OPAQUE[name]) is None


def test_python_that_sees_a_mean_is_no_excuse() -> None:
    below = X.map_batches(lambda x: x, return_dtype=pl.Int64)
    assert row_local(below - X.mean()) is False


@pytest.mark.parametrize("name", LOCAL)
def test_cutting_the_frame_proves_it(name: str) -> None:
    expr = LOCAL[name]
    whole = FRAME.with_columns(out=expr)
    cut = [FRAME[start : start + 1].with_columns(out=expr) for start in range(6)]
    assert pl.concat(cut)["out"].equals(whole["out"], null_equal=True)
