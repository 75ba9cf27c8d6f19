"""Import an optional dependency at the moment it is needed."""

import importlib
from types import ModuleType

from seedbed.errors import MissingExtra

__all__ = ["require"]


def require(module: str, *, extra: str, to: str) -> ModuleType:
    """Import `module`, or say which extra brings it.

    Args:
        module: The import name, such as ``"albumentations"``.
        extra: The extra of seedbed that installs it.
        to: What the caller was about to do, in a few words.

    Raises:
        MissingExtra: The module is not installed.

    Examples:
        >>> require("no_such_module", extra="image", to="rotate images")
        Traceback (most recent call last):
        seedbed.errors.MissingExtra: 'no_such_module' is needed to rotate images
          fix:   pip install 'seedbed[image]'
    """
    try:
        return importlib.import_module(module)
    except ModuleNotFoundError as error:
        if error.name != module.partition(".")[0]:
            raise  # it is installed, but broken inside: do not hide that
        what = f"{module!r} is needed to {to}"
        raise MissingExtra(what, fix=f"pip install 'seedbed[{extra}]'") from None
