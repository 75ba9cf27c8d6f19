"""Every error that seedbed raises says what to type next."""

import ast
from pathlib import Path

import pytest

import seedbed
from seedbed import errors

SOURCE = Path(seedbed.__path__[0])
OURS = {
    name
    for name, value in vars(errors).items()
    if isinstance(value, type) and issubclass(value, errors.SeedbedError)
}


def raised() -> list[tuple[str, ast.Call]]:
    """Return each call that makes an error of ours, with its place."""
    return [
        (f"{path.relative_to(SOURCE)}:{node.lineno}", node)
        for path in sorted(SOURCE.rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and called(node) in OURS
    ]


def called(node: ast.Call) -> str:
    match node.func:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case _:
            return ""


CALLS = raised()


def test_there_is_something_to_look_at() -> None:
    assert len(CALLS) > 10


@pytest.mark.parametrize(("place", "call"), CALLS, ids=[place for place, _ in CALLS])
def test_it_has_a_fix(place: str, call: ast.Call) -> None:
    given = {word.arg: word.value for word in call.keywords}
    assert "fix" in given, f"{place} raises an error without a fix"
    if isinstance(given["fix"], ast.Constant):
        assert str(given["fix"].value).strip(), f"{place} has an empty fix"


@pytest.mark.parametrize(("place", "call"), CALLS, ids=[place for place, _ in CALLS])
def test_it_is_said_in_one_voice(place: str, call: ast.Call) -> None:
    if call.args and isinstance(what := call.args[0], ast.Constant):
        assert not str(what.value).endswith("."), f"{place}: no full stop"
        assert not str(what.value)[:1].isupper(), f"{place}: in lower case"
