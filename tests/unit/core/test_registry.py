"""Names for parts."""

from dataclasses import dataclass
from importlib.metadata import EntryPoint

import pytest

from seedbed.core import registry
from seedbed.core.part import Part
from seedbed.core.registry import PluginWarning, Registry
from seedbed.errors import BadSpec, UnknownKind


@dataclass(frozen=True, kw_only=True)
class Base(Part):
    pass


def test_a_part_gets_its_name() -> None:
    toy = Registry("toy")

    @toy("ball")
    @dataclass(frozen=True, kw_only=True)
    class Ball(Base):
        pass

    assert toy.get("ball") is Ball
    assert Ball.kind == "ball"
    assert list(toy) == ["ball"]


def test_a_class_that_is_no_dataclass_of_its_own_is_refused() -> None:
    toy = Registry("toy")
    with pytest.raises(BadSpec, match="not a dataclass"):

        @toy("ball")
        class Ball(Base):
            pass


def test_a_name_is_given_once_but_a_module_may_be_loaded_again() -> None:
    toy = Registry("toy")
    classes = []
    for _ in range(2):

        @toy("ball")
        @dataclass(frozen=True, kw_only=True)
        class Ball(Base):
            pass

        classes.append(Ball)
    assert toy.get("ball") is classes[1]
    with pytest.raises(BadSpec, match="both want this name"):
        toy("ball")(Base)


def test_a_miss_says_what_is_near() -> None:
    toy = Registry("toy")
    toy("ball")(Base)
    with pytest.raises(UnknownKind, match="no toy is called 'bal'") as caught:
        toy.get("bal", where="steps[2]")
    assert "did you mean 'ball'" in caught.value.fix
    assert caught.value.where == "steps[2]"


def test_a_broken_plugin_is_a_named_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    point = EntryPoint("toys", "no_such_package_at_all", registry.PLUGIN_GROUP)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    monkeypatch.setattr(registry, "_loaded", set())
    with pytest.warns(PluginWarning, match=r"'toys'.*no_such_package_at_all"):
        registry.load_plugins()
    registry.load_plugins()  # asked once only: a second warning would fail the test
