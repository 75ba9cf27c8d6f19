"""Functions by name."""

import math
import pickle

import pytest

from seedbed.core.function import Function
from seedbed.errors import BadSpec


def double(x: int) -> int:
    return 2 * x


def triple(x: int) -> int:
    return 3 * x


def test_by_name_and_at_hand() -> None:
    assert Function("math:sqrt")(4) == 2
    assert Function("os.path:join").load()("a", "b") == "a/b"
    assert Function.of(math.sqrt).ref == "math:sqrt"
    assert Function.of(double)(4) == 8


def test_a_reference_is_its_name() -> None:
    assert Function.of(math.sqrt) == Function("math:sqrt")
    again = pickle.loads(pickle.dumps(Function("math:sqrt")))  # noqa: S301
    assert again(4) == 2


def test_source_makes_the_mark() -> None:
    assert Function.of(double).mark() != Function.of(triple).mark()
    assert Function.of(double).mark() == Function.of(double).mark()
    assert Function("math:sqrt").mark()


def test_what_another_process_cannot_import() -> None:
    assert Function("math:sqrt").importable
    assert not Function.of(lambda: 0).importable
    assert not Function("__main__:f").importable


@pytest.mark.parametrize(
    "ref", ["no_such:thing", "math:nothing", "math", "", ":", "math:pi"]
)
def test_what_is_no_function_is_refused(ref: str) -> None:
    with pytest.raises(BadSpec) as caught:
        Function(ref).load(where="steps[1]")
    assert caught.value.where == "steps[1]"
    assert caught.value.fix
