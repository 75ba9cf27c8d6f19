"""What a recipe is made of."""

from dataclasses import dataclass
from typing import ClassVar

__all__ = ["Part"]


@dataclass(frozen=True, kw_only=True)
class Part:
    """Base of every connector, check, rule and augmenter.

    A part is a frozen dataclass. Its fields are its settings, which are also its
    YAML; it never holds data, so it can be hashed, compared, and written down.

    `kind` is the name it is registered under. `code` is the version of what it
    does: raise it whenever the same settings would give other results, and every
    version made with the part gets a new id.
    """

    kind: ClassVar[str] = ""
    code: ClassVar[int] = 1
