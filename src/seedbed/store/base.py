"""What a store keeps: versions, each a manifest of objects named by their content."""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

__all__ = ["Store", "Version"]


@dataclass(frozen=True, kw_only=True)
class Version:
    """One state of a dataset; it never changes.

    Args:
        name: The dataset.
        number: Its position among the versions of the dataset, from 1.
        id: What it is: a digest of content, recipe and what was learned.
        parent: The id of the version before it, or ``""``.
        made: When it was committed, in UTC, as ISO 8601.
        author: Who committed it.
        message: Why.
        manifest: The object that lists all that belongs to it.
        retrieved: When each source was brought here, in UTC, as ISO 8601.
    """

    name: str
    number: int
    id: str
    parent: str
    made: str
    author: str
    message: str
    manifest: str
    retrieved: Mapping[str, str] = field(default_factory=dict[str, str])

    @property
    def ref(self) -> str:
        """How to name it: ``flights@3f2a9c01b2d4``."""
        return f"{self.name}@{self.id[:12]}"


class Store(Protocol):
    """Keeps versions; nothing in it is ever overwritten."""

    def staging(self) -> AbstractContextManager[Path]:
        """Give a folder for the files of one run; it is gone afterwards."""
        ...

    def keep(self, path: Path) -> str:
        """Move a finished file into the store and return the name of the object."""
        ...

    def path(self, name: str, *, again: bool = False) -> Path:
        """Return where an object lies, after a look at its hash."""
        ...

    def commit(
        self,
        name: str,
        manifest: Mapping[str, Any],
        *,
        version: str,
        message: str = "",
        retrieved: Mapping[str, str] | None = None,
        again: bool = False,
    ) -> Version:
        """Make a version of kept objects, all at once or not at all."""
        ...

    def names(self) -> Sequence[str]:
        """Return the names of the datasets."""
        ...

    def versions(self, name: str) -> Sequence[Version]:
        """Return the versions of a dataset, oldest first."""
        ...

    def version(self, ref: str) -> Version:
        """Return the version that `ref` means."""
        ...

    def manifest(self, version: Version) -> dict[str, Any]:
        """Return the manifest of a version."""
        ...
