"""Every rule keeps the promises of all rules, on whatever rows it meets."""

import polars as pl
import pytest
from hypothesis import example, given, settings

from rule_examples import RULES
from seedbed.cleaning import Rule, rule
from seedbed.testing import check_rule
from strategies import TYPES, frames

SCHEMA = {name: kind for name, (kind, _) in TYPES.items()}
CASES = {
    f"{kind}-{n}": part for kind, parts in RULES.items() for n, part in enumerate(parts)
}


def test_every_rule_has_an_example() -> None:
    ours = {name for name in rule if rule.get(name).__module__.startswith("seedbed.")}
    assert ours == set(RULES)


@pytest.mark.parametrize("name", CASES)
@settings(max_examples=12, deadline=None)
@given(rows=frames())
@example(rows=pl.DataFrame(schema=SCHEMA))
@example(rows=pl.DataFrame({name: [None] for name in SCHEMA}, schema=SCHEMA))
def test_every_rule_keeps_its_promises(name: str, rows: pl.DataFrame) -> None:
    check_rule(CASES[name], rows)


@pytest.mark.parametrize("part", CASES.values(), ids=CASES)
def test_every_rule_explains_itself(part: Rule) -> None:
    text = type(part).__doc__ or ""
    assert "Examples:" in text
    assert "Args:" in text or type(part).__name__ == "DropDuplicates"
