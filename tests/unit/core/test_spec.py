"""Parts as plain data."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.columns import Columns
from seedbed.core.function import Function
from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.core.secret import Secret
from seedbed.core.spec import describe, digest, from_spec, to_spec
from seedbed.errors import BadSpec

sort = Registry("sort")


@sort("everything")
@dataclass(frozen=True, kw_only=True)
class Everything(Part):
    columns: Columns = "@all"
    number: float | int | None = None
    word: Literal["a", "b"] = "a"
    flag: bool = False
    pair: tuple[float, float] | None = None
    names: Mapping[str, str] = field(default_factory=dict)
    secret: Secret | None = None
    function: Function | None = None

    def __post_init__(self) -> None:
        if self.number == 13:
            raise BadSpec("13 is unlucky", fix="take 12")


PARTS = st.builds(
    Everything,
    columns=st.text(min_size=1) | st.lists(st.text(), max_size=3).map(tuple),
    number=st.none() | st.integers(14, 99) | st.floats(allow_nan=False),
    word=st.sampled_from(["a", "b"]),
    flag=st.booleans(),
    pair=st.none() | st.tuples(st.floats(0, 1), st.floats(0, 1)),
    names=st.dictionaries(st.text(), st.text(), max_size=3),
    secret=st.none() | st.just(Secret("env:TOKEN")),
    function=st.none() | st.just(Function("math:sqrt")),
)


@given(part=PARTS)
def test_there_and_back(part: Everything) -> None:
    again = from_spec(Everything, to_spec(part))
    assert again == part
    assert digest(again) == digest(part)


@given(part=PARTS)
def test_defaults_are_omitted_but_hashed(part: Everything) -> None:
    spec = to_spec(part)
    assert all(getattr(part, name) != getattr(Everything(), name) for name in spec)
    assert set(describe(part)["fields"]) == set(describe(Everything())["fields"])


def test_every_setting_counts() -> None:
    part = Everything()
    others = [
        replace(part, number=0),
        replace(part, number=1),
        replace(part, flag=True),
        replace(part, columns=("@all",)),
        replace(part, names={"a": "b"}),
        replace(part, secret=Secret("env:A")),
        replace(part, function=Function("math:sqrt")),
    ]
    assert len({digest(part), *map(digest, others)}) == len(others) + 1


def test_a_new_version_of_the_code_is_another_digest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    before = digest(Everything())
    monkeypatch.setattr(Everything, "code", 2)
    assert digest(Everything()) != before


@pytest.mark.parametrize(
    ("spec", "what"),
    [
        ({"numbr": 1}, "no field 'numbr'"),
        ({"number": "3"}, "'number'"),
        ({"flag": 1}, "'flag'"),
        ({"word": "c"}, "'word'"),
        ({"pair": [0.1]}, "'pair'"),
        ({"columns": {"a": "b"}}, "'columns'"),
        ({"number": 13}, "13 is unlucky"),
        ({"names": {"a": 1}}, "'names'"),
        ({"number": object()}, "cannot hold this"),
        ({"secret": "hunter2"}, "may name a secret but not hold it"),
    ],
)
def test_nothing_is_coerced(spec: dict, what: str) -> None:
    with pytest.raises(BadSpec, match=what) as caught:
        from_spec(Everything, spec, where="steps[0]")
    assert caught.value.where == "steps[0]"
    assert caught.value.fix


def test_secrets_are_never_shown() -> None:
    with pytest.raises(BadSpec) as caught:
        from_spec(Everything, {"secret": "hunter2"})
    assert "hunter2" not in str(caught.value)
    part = Everything(secret=Secret("env:TOKEN"))
    assert to_spec(part) == {"secret": "env:TOKEN"}


def test_a_lambda_cannot_be_written_down() -> None:
    part = Everything(function=Function.of(lambda row: row))
    with pytest.raises(BadSpec, match="cannot be written down"):
        to_spec(part)
    assert len(digest(part)) == 32
