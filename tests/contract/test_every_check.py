"""What every check promises, asked of each one that is registered."""

import polars as pl
import pytest

from check_examples import EXAMPLES
from seedbed.testing import check_check
from seedbed.validation import Check, check

names = [f"{part.kind}-{position}" for position, (part, _) in enumerate(EXAMPLES)]


def ours() -> list[str]:
    return [kind for kind in check if check.get(kind).__module__.startswith("seedbed.")]


@pytest.mark.parametrize("kind", ours())
def test_it_has_an_example(kind: str) -> None:
    here = "tests/contract/check_examples.py"
    assert kind in {part.kind for part, _ in EXAMPLES}, f"add {kind!r} to {here}"


@pytest.mark.parametrize(("part", "rows"), EXAMPLES, ids=names)
def test_it_keeps_its_promises(part: Check, rows: pl.DataFrame) -> None:
    check_check(part, rows)


@pytest.mark.parametrize(("part", "rows"), EXAMPLES, ids=names)
def test_its_example_shows_a_failure(part: Check, rows: pl.DataFrame) -> None:
    findings = list(part.examine(rows.lazy()))
    assert findings
    for finding in findings:
        assert 0 < finding.rows <= finding.of == rows.height
        assert finding.message == part.message


@pytest.mark.parametrize(("part", "rows"), EXAMPLES, ids=names)
def test_it_finds_nothing_where_there_is_nothing(
    part: Check, rows: pl.DataFrame
) -> None:
    assert list(part.examine(rows.clear().lazy())) == []
