"""Every error that seedbed raises on purpose.

The tree, by whose mistake it is::

    SeedbedError
    ├── RecipeError         the recipe or the call is wrong; no row was read
    │   ├── UnknownKind     no connector, check, rule or augmenter has that name
    │   ├── BadSpec         a field is missing, unknown, or holds a wrong value
    │   └── Leak            a step that learns would see rows that it must not see
    ├── DataError           the recipe is right, the data is not
    │   ├── MissingColumn   a column that a step needs is not there
    │   ├── WrongType       a column is there, but holds another kind of value
    │   └── ContractFailed  checks failed; the report is in `.report`
    ├── ConnectorError      the data could not be brought here
    ├── StoreError          a version is unknown, damaged, or cannot be written
    └── MissingExtra        an optional dependency is not installed

Each says what is wrong, where, and what to type next:

>>> raise UnknownKind(
...     "no rule is called 'trimm'",
...     where="reviews.yaml, steps[3].clean[0]",
...     fix="did you mean 'trim'? `seedbed list rules` shows all",
... )
Traceback (most recent call last):
seedbed.errors.UnknownKind: no rule is called 'trimm'
  where: reviews.yaml, steps[3].clean[0]
  fix:   did you mean 'trim'? `seedbed list rules` shows all
"""

import difflib
from collections.abc import Iterable
from typing import Any

__all__ = [
    "BadSpec",
    "ConnectorError",
    "ContractFailed",
    "DataError",
    "Leak",
    "MissingColumn",
    "MissingExtra",
    "RecipeError",
    "SeedbedError",
    "StoreError",
    "UnknownKind",
    "WrongType",
    "did_you_mean",
]


class SeedbedError(Exception):
    """Base of all errors raised on purpose; catch this to catch them all.

    Args:
        what: What is wrong, in lower case and without a full stop.
        where: The place as the user would find it.
        fix: Something to type next.
    """

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.fix = fix

    def __str__(self) -> str:
        lines = [self.what]
        if self.where:
            lines.append(f"  where: {self.where}")
        if self.fix:
            lines.append(f"  fix:   {self.fix}")
        return "\n".join(lines)

    def __reduce__(self) -> tuple[Any, ...]:
        # Keyword-only arguments do not survive the default pickling of exceptions,
        # and an error must come home whole from a worker process.
        return _rebuild, (type(self), self.what, self.where, self.fix)


class RecipeError(SeedbedError):
    """The recipe or the call is wrong; found before any row is read."""


class UnknownKind(RecipeError, LookupError):
    """No connector, check, rule or augmenter has that name."""


class BadSpec(RecipeError, ValueError):
    """A field is missing, unknown, or holds a wrong value."""


class Leak(RecipeError):
    """A step that learns would see rows that it must not see."""


class DataError(SeedbedError):
    """The recipe is right, the data is not."""


class MissingColumn(DataError, LookupError):
    """A column that a step needs is not there."""


class WrongType(DataError, TypeError):
    """A column is there, but holds another kind of value than a step needs."""


class ContractFailed(DataError):
    """Checks failed; the report is in `.report`."""

    report: Any = None


class ConnectorError(SeedbedError, OSError):
    """The data could not be brought here."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        SeedbedError.__init__(self, what, where=where, fix=fix)

    # OSError brings a `__str__` of its own.
    __str__ = SeedbedError.__str__
    __reduce__ = SeedbedError.__reduce__


class StoreError(SeedbedError):
    """A version is unknown, damaged, or cannot be written."""


class MissingExtra(SeedbedError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, what: str, *, where: str = "", fix: str = "") -> None:
        SeedbedError.__init__(self, what, where=where, fix=fix)

    __str__ = SeedbedError.__str__
    __reduce__ = SeedbedError.__reduce__


def did_you_mean(word: str, known: Iterable[str], *, otherwise: str) -> str:
    """Return a hint that names the known word most like `word`.

    Examples:
        >>> did_you_mean("trimm", ["trim", "clip"], otherwise="see `seedbed list`")
        "did you mean 'trim'? see `seedbed list`"
        >>> did_you_mean("zzz", ["trim", "clip"], otherwise="see `seedbed list`")
        'see `seedbed list`'
    """
    near = difflib.get_close_matches(word, list(known), n=1, cutoff=0.6)
    return f"did you mean {near[0]!r}? {otherwise}" if near else otherwise


def _rebuild(kind: type[SeedbedError], what: str, where: str, fix: str) -> SeedbedError:
    return kind(what, where=where, fix=fix)
