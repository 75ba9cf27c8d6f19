"""Row checks run together as each does alone."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.errors import WrongType
from seedbed.validation import (
    Between,
    Matches,
    NotNull,
    OneOf,
    RowCheck,
    fuse,
    run_row_checks,
)

CHECKS: list[RowCheck] = [
    NotNull(column="age"),
    Between(column="age", low=0, high=120),
    OneOf(column="label", values=("pos", "neg")),
    Matches(column="label", pattern="p.*"),
]
rows = st.lists(
    st.tuples(
        st.none() | st.floats(), st.none() | st.sampled_from(["pos", "neg", "p", ""])
    )
)


@given(rows)
def test_together_is_as_alone(rows: list[tuple[float | None, str | None]]) -> None:
    schema = {"age": pl.Float64, "label": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    together = run_row_checks(frame, CHECKS)
    assert together.shape == (frame.height, len(CHECKS))
    assert together.null_count().sum_horizontal().sum() == 0
    for name, check in zip(together.columns, CHECKS, strict=True):
        alone = sum(finding.rows for finding in check.examine(frame.lazy()))
        assert together[name].sum() == alone


def test_masks_are_named_by_position() -> None:
    assert [mask.meta.output_name() for mask in fuse(CHECKS[:2])] == [
        "_check_0",
        "_check_1",
    ]


def test_no_checks_give_no_masks() -> None:
    assert run_row_checks(pl.DataFrame({"a": [1]}), []).width == 0


def test_the_check_to_blame_is_named() -> None:
    frame = pl.DataFrame({"age": ["31"], "label": ["pos"]})
    with pytest.raises(
        WrongType, match="'between' cannot look at this: 'age' holds String"
    ):
        run_row_checks(frame, CHECKS)
