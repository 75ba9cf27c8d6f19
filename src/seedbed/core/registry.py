"""Find parts by name: ours and those of third parties, through the same door."""

import warnings
from collections.abc import Callable, Iterator
from importlib.metadata import entry_points
from typing import Generic, TypeVar

from seedbed.core.part import Part
from seedbed.errors import BadSpec, UnknownKind, did_you_mean

__all__ = ["PLUGIN_GROUP", "PluginWarning", "Registry", "load_plugins"]

P = TypeVar("P", bound=Part)
C = TypeVar("C", bound=Part)

PLUGIN_GROUP = "seedbed.plugins"
"""The entry-point group whose modules register parts when they are imported."""


class PluginWarning(UserWarning):
    """A plug-in package is installed but could not be imported."""


class Registry(Generic[P]):
    """The parts of one sort, by name. An instance is the decorator that adds one.

    Args:
        sort: What its parts are called in messages, such as ``"rule"``.

    Examples:
        >>> from dataclasses import dataclass
        >>> shape = Registry("shape")
        >>> @shape("circle")
        ... @dataclass(frozen=True, kw_only=True)
        ... class Circle(Part):
        ...     radius: int = 1
        >>> shape.get("circle")(radius=2)
        Circle(radius=2)
        >>> shape.get("circel")
        Traceback (most recent call last):
        seedbed.errors.UnknownKind: no shape is called 'circel'
          fix:   did you mean 'circle'? `seedbed list shapes` shows all
    """

    def __init__(self, sort: str) -> None:
        self.sort = sort
        self._parts: dict[str, type[P]] = {}

    def __call__(self, name: str) -> Callable[[type[C]], type[C]]:
        """Register the class below under `name`.

        Raises:
            BadSpec: The class is no frozen dataclass, or the name is taken.
        """

        def add(part: type[C]) -> type[C]:
            where = f"{self.sort} {name!r}"
            # `is_dataclass` would look at the base class, too.
            if "__dataclass_fields__" not in vars(part):
                raise BadSpec(
                    f"{part.__name__} is not a dataclass of its own",
                    where=where,
                    fix="write @dataclass(frozen=True, kw_only=True) above the class",
                )
            taken = self._parts.get(name)
            if taken is not None and _address(taken) != _address(part):
                raise BadSpec(
                    f"{_address(part)} and {_address(taken)} both want this name",
                    where=where,
                    fix="rename one of them, or uninstall its package",
                )
            part.kind = name
            self._parts[name] = part  # type: ignore[assignment]
            return part

        return add

    def get(self, name: str, *, where: str = "") -> type[P]:
        """Return the class registered under `name`; plug-ins are asked on a miss.

        Raises:
            UnknownKind: Neither seedbed nor a plug-in has it.
        """
        if name not in self._parts:
            load_plugins()
        if name not in self._parts:
            fix = did_you_mean(
                name, self._parts, otherwise=f"`seedbed list {self.sort}s` shows all"
            )
            raise UnknownKind(
                f"no {self.sort} is called {name!r}", where=where, fix=fix
            )
        return self._parts[name]

    def __iter__(self) -> Iterator[str]:
        load_plugins()
        return iter(sorted(self._parts))


_loaded: set[str] = set()


def load_plugins() -> None:
    """Import every installed plug-in once; one that is broken is a named warning."""
    for point in entry_points(group=PLUGIN_GROUP):
        if point.value in _loaded:
            continue
        _loaded.add(point.value)
        try:
            point.load()
        except Exception as error:  # noqa: BLE001 - a stranger's package may raise anything
            package = point.dist.name if point.dist else point.value
            warnings.warn(
                f"the plug-in {point.name!r} of the package {package!r} could not be "
                f"imported ({type(error).__name__}: {error}); its parts are missing. "
                f"Mend it, or `pip uninstall {package}`",
                PluginWarning,
                stacklevel=3,
            )


def _address(part: type[Part]) -> str:
    return f"{part.__module__}.{part.__qualname__}"
