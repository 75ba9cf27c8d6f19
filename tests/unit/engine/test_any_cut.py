"""However rows are cut, and whoever works on them, a recipe comes to the same.

Left out are rules that change a type: how such a column is written back is chosen for
each slice, so how many cells the ledger must keep hangs on the cut (what it leads back to
does not; see `tests/integration/test_original.py`).
"""

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from runs import UnkindEngine, cut, run_on
from seedbed import cleaning as c
from seedbed import validation as v
from seedbed.connectors import Files
from seedbed.dataset import Dataset
from seedbed.engine import LocalEngine
from seedbed.errors import SeedbedError
from seedbed.recipe import Recipe

ABOVE = (
    c.Trim(columns=("text", "town")),
    c.NullTokens(columns="text"),
    c.Clip(columns="size", low=-1, high=50),
    c.DropMissing(columns="town"),
    c.DropDuplicates(columns=("text", "town")),
    c.DropDuplicates(columns="group", keep="first"),
    c.Dependency(given="group", columns="town", at_least=0.3, min_rows=2),
    c.Derive(into="next", formula='"group" + 1'),
    v.NotNull(column="town", quarantine=True),
    v.Unique(column=("text", "group"), severity=v.Severity.WARNING),
    v.Unique(column=("text", "town"), quarantine=True),
    v.Between(column="group", low=1, severity=v.Severity.WARNING),
)
BELOW = (
    c.FillMissing(columns="size"),
    c.FillMissing(columns="town", strategy="most_common"),
    c.MergeRare(columns="town", min_count=3),
    c.Clip(columns="size", quantiles=(0.1, 0.9)),
    c.DropMissing(columns="size"),
    c.Trim(columns="text", scope=c.Scope.TRAIN),
)

ROWS = st.lists(
    st.tuples(
        st.sampled_from([" a", "b ", "n/a", "c", "", None, "a"]),
        st.sampled_from(["x", "y", "z", None]),
        st.sampled_from([1.5, -0.0, 0.0, float("nan"), None, 99.0, -5.0]),
        st.integers(0, 3),
    ),
    max_size=40,
)
SCHEMA = {
    "text": pl.String,
    "town": pl.String,
    "size": pl.Float64,
    "group": pl.Int64,
}


@st.composite
def recipes(draw: st.DrawFn) -> Recipe:
    recipe = Recipe("any", seed=draw(st.integers(0, 99))).gather(Files(path="a.csv"))
    for part in draw(st.lists(st.sampled_from(ABOVE), max_size=6)):
        recipe = (
            recipe.clean(part) if isinstance(part, c.Rule) else recipe.validate(part)
        )
    by = draw(st.sampled_from([None, "group"]))
    recipe = recipe.split(train=0.6, test=0.4, by=by)
    return recipe.clean(*draw(st.lists(st.sampled_from(BELOW), max_size=4)))


def everything(dataset: Dataset, outcome: Any) -> list[pl.DataFrame]:
    """Return all that must be the same, in an order of its own."""
    rows = [
        dataset.split(name, ids=True)
        .collect()
        .with_columns(pl.lit(name).alias("split"))
        for name in dataset.splits
    ]
    ledger = dataset.ledger
    return [
        pl.concat(rows).sort("_row"),
        dataset.original(),
        ledger.counts(),
        ledger.changes().sort("step", "column", "_row"),
        ledger.dropped().sort("step", "_row"),
        dataset.report.to_frame(),
        *(table for _, _, table in outcome.learned),
    ]


@settings(max_examples=30)
@given(recipe=recipes(), rows=ROWS)
def test_any_cut_comes_to_the_same(recipe: Recipe, rows: list[tuple[Any, ...]]) -> None:
    frame = pl.DataFrame(rows, schema=SCHEMA, orient="row")
    ways = (
        (10**6, LocalEngine(threads=1)),
        (7, LocalEngine(threads=2)),
        (5, UnkindEngine()),
    )
    found: list[Any] = []
    with tempfile.TemporaryDirectory() as folder:
        for number, (size, engine) in enumerate(ways):
            store = Path(folder) / str(number)
            try:
                made = run_on(recipe, cut(frame, size), store, engine=engine)
                found.append(everything(*made))
            except SeedbedError as error:
                found.append(error.what)
    first = found[0]
    for other in found[1:]:
        if isinstance(first, str):
            assert other == first
            continue
        assert not isinstance(other, str), other
        for mine, theirs in zip(first, other, strict=True):
            assert_frame_equal(mine, theirs)
