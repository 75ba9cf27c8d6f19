"""Name a Python function, so that a recipe can hold it."""

import hashlib
import importlib
import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from seedbed.errors import BadSpec

__all__ = ["Function"]


@dataclass(frozen=True)
class Function:
    """A reference to a function: ``module:name``, with a mark of its source text.

    In a notebook the function itself may be given; such a recipe runs, but it can be
    written as YAML only when the function can be imported from a module.

    Args:
        ref: ``"package.module:name"``.

    Examples:
        >>> Function("math:sqrt")(9.0)
        3.0
        >>> Function.of(len).ref
        'builtins:len'
    """

    ref: str
    _call: Callable[..., Any] | None = field(default=None, compare=False, repr=False)

    @classmethod
    def of(cls, call: Callable[..., Any]) -> "Function":
        """Return the reference to a function at hand."""
        name = getattr(call, "__qualname__", type(call).__qualname__)
        return cls(f"{call.__module__}:{name}", call)

    def load(self, *, where: str = "") -> Callable[..., Any]:
        """Return the function.

        Raises:
            BadSpec: The module or the name is not there.
        """
        if self._call is not None:
            return self._call
        module, _, name = self.ref.partition(":")
        try:
            found: Any = importlib.import_module(module)
            for step in name.split("."):
                found = getattr(found, step)
        except (ImportError, AttributeError, ValueError) as error:
            raise BadSpec(
                f"the function {self.ref!r} cannot be imported: {error}",
                where=where,
                fix="write it as 'package.module:name' and install that package",
            ) from None
        if not callable(found):
            raise BadSpec(
                f"{self.ref!r} is no function but a {type(found).__name__}",
                where=where,
                fix="name a function of one argument, the row as a dict",
            )
        return found

    @property
    def importable(self) -> bool:
        """Whether another process could import it by its name."""
        return "<" not in self.ref and not self.ref.startswith("__main__:")

    def mark(self) -> str:
        """Return a digest of the source text, so that an edit makes a new version."""
        call = self.load()
        try:
            source = inspect.getsource(call)
        except (OSError, TypeError):
            source = self.ref  # built in: no source text to look at
        return hashlib.blake2b(source.encode(), digest_size=8).hexdigest()

    def __call__(self, *args: Any) -> Any:
        """Call the function."""
        return self.load()(*args)
