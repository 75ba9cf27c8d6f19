"""What a package offers is listed, sorted, and there."""

import ast
import importlib
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import seedbed
from seedbed import augmentation, cleaning, connectors, validation

SOURCE = Path(seedbed.__path__[0])
FORBIDDEN = {"utils", "helpers", "common", "misc"}


def modules() -> list[str]:
    paths = (path.relative_to(SOURCE.parent) for path in SOURCE.rglob("*.py"))
    names = (".".join(path.with_suffix("").parts) for path in paths)
    # Importing `__main__` would run it.
    offered = (name for name in names if not name.endswith(".__main__"))
    return sorted({name.removesuffix(".__init__") for name in offered})


def sort_key(name: str) -> tuple[int, str]:
    """Constants, then classes, then functions: the order that ruff keeps."""
    return (
        0 if name.isupper() and len(name) > 1 else 1 if name[0].isupper() else 2,
        name,
    )


@pytest.mark.parametrize("name", modules())
def test_a_module_offers_what_it_lists(name: str) -> None:
    module = importlib.import_module(name)
    listed = getattr(module, "__all__", None)
    if listed is None:
        # Only a package without names of its own has nothing to list.
        assert not public_names(Path(str(module.__file__)))
        return
    assert list(listed) == sorted(listed, key=sort_key)
    assert len(set(listed)) == len(listed)
    for each in listed:
        assert hasattr(module, each), f"{name} lists {each!r} and does not have it"


@pytest.mark.parametrize("name", modules())
def test_a_module_is_called_after_what_it_does(name: str) -> None:
    assert not FORBIDDEN & set(name.split("."))


@pytest.mark.parametrize("name", modules())
def test_a_module_says_what_it_is_about(name: str) -> None:
    module = importlib.import_module(name)
    assert (module.__doc__ or "").strip(), f"{name} has no docstring"


def public_names(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = (n for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef))
    return [node.name for node in found if not node.name.startswith("_")]


@pytest.mark.parametrize(
    ("room", "registry"),
    [
        (augmentation, augmentation.augmenter),
        (cleaning, cleaning.rule),
        (connectors, connectors.connector),
        (validation, validation.check),
    ],
)
def test_every_part_is_offered_by_its_room(room: ModuleType, registry: Any) -> None:
    for kind in registry:
        part = registry.get(kind)
        if part.__module__.startswith(f"{room.__name__}."):
            module = importlib.import_module(part.__module__)
            for place in (module, room):
                listed = part.__name__ in place.__all__
                assert listed, f"add {part.__name__!r} to {place.__name__}.__all__"
