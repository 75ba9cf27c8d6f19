"""A store in a folder: objects named by their SHA-256, versions made by one link.

::

    STORE/
      objects/3f/3f2a….parquet     what versions are made of; never overwritten
      versions/NAME/000001.json    one small file a version, created exclusively
      staging/PID-…/               what a run has not committed yet

A run writes into its own staging folder, moves finished files among the objects, and at
last creates one file with `os.link`, which either succeeds whole or finds the name taken.
So a run that is killed leaves the old versions and, at most, objects that no version
names. Every object is hashed again when it is first read.

>>> import tempfile
>>> store = LocalStore(tempfile.mkdtemp())
>>> with store.staging() as folder:
...     _ = (folder / "a.txt").write_text("hello")
...     name = store.keep(folder / "a.txt")
>>> version = store.commit("notes", {"file": name}, version="0" * 32)
>>> store.version("notes").ref
'notes@000000000000'
"""

from __future__ import annotations

import errno
import getpass
import hashlib
import json
import os
import shutil
import uuid
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from seedbed.errors import StoreError, did_you_mean
from seedbed.store.base import Version

__all__ = ["LocalStore"]

_FORMAT = 1
_MARKER = "seedbed-store.json"
_SHORTEST_ID = 4


class LocalStore:
    """Versions of datasets in a folder of this machine.

    Args:
        folder: Where; made if it is not there.

    Raises:
        StoreError: The folder cannot be made, or holds something else.
    """

    def __init__(self, folder: str | Path) -> None:
        self.folder = Path(folder).expanduser()
        self._seen: dict[str, tuple[int, int]] = {}
        with _told(f"store {str(folder)!r}"):
            self._open()

    def __repr__(self) -> str:
        return f"LocalStore({str(self.folder)!r})"

    def _open(self) -> None:
        marker = self.folder / _MARKER
        if not marker.exists():
            if self.folder.exists() and not self._is_fresh():
                raise StoreError(
                    f"{str(self.folder)!r} is there and is no store",
                    where=f"store {str(self.folder)!r}",
                    fix="name an empty or new folder",
                )
            self.folder.mkdir(parents=True, exist_ok=True)
            _write_whole(marker, json.dumps({"format": _FORMAT}).encode())
        found = json.loads(marker.read_text(encoding="utf-8")).get("format")
        if found != _FORMAT:
            raise StoreError(
                f"this store has format {found}, and this seedbed reads {_FORMAT}",
                where=f"store {str(self.folder)!r}",
                fix="pip install --upgrade seedbed",
            )

    def _is_fresh(self) -> bool:
        """Tell whether the folder is empty, but for the draft of another's marker."""
        return self.folder.is_dir() and all(
            path.name.startswith(f".{_MARKER}-") for path in self.folder.iterdir()
        )

    # -- writing ----------------------------------------------------------------------

    @contextmanager
    def staging(self) -> Generator[Path]:
        """Give a folder for the files of one run; it is gone afterwards.

        Folders that killed runs left behind are swept away, too.
        """
        top = self.folder / "staging"
        with _told(f"store {str(self.folder)!r}"):
            top.mkdir(exist_ok=True)
            for old in top.iterdir():
                if not _alive(old.name):
                    shutil.rmtree(old, ignore_errors=True)
            folder = top / f"{os.getpid()}-{uuid.uuid4().hex[:12]}"
            folder.mkdir()
        try:
            with _told(f"store {str(self.folder)!r}", only_full=True):
                yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def keep(self, path: Path) -> str:
        """Move a finished file into the store and return the name of the object.

        A file whose content is there already is not kept twice; one that lies there
        damaged is replaced.
        """
        name = f"{_sha256(path)}{path.suffix}"
        target = self._address(name)
        with _told(f"store {str(self.folder)!r}"):
            if target.exists() and _sha256(target) == target.stem:
                path.unlink()
                return name
            target.parent.mkdir(parents=True, exist_ok=True)
            _to_disk(path)
            path.replace(target)
            self._seen.pop(name, None)
        return name

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
        """Make a version of kept objects, all at once or not at all.

        Args:
            name: The dataset.
            manifest: What belongs to the version, as plain data.
            version: Its id; if the newest version has it, nothing is committed.
            message: Why it was made.
            retrieved: When each source was brought here.
            again: Commit even if the newest version has this id: what lies beside the
                rows, such as the ledger, is another.
        """
        with self.staging() as folder:
            draft = folder / "manifest.json"
            draft.write_text(
                json.dumps(manifest, indent=1, sort_keys=True), encoding="utf-8"
            )
            kept = self.keep(draft)
            home = self.folder / "versions" / name
            home.mkdir(parents=True, exist_ok=True)
            while True:
                before = self._list(name)
                if before and before[-1].id == version and not again:
                    return before[-1]
                made = Version(
                    name=name,
                    number=before[-1].number + 1 if before else 1,
                    id=version,
                    parent=before[-1].id if before else "",
                    made=datetime.now(UTC).isoformat(timespec="seconds"),
                    author=_author(),
                    message=message,
                    manifest=kept,
                    retrieved=dict(retrieved or {}),
                )
                draft = folder / f"{made.number:06}.json"
                _write_whole(draft, json.dumps(vars(made), indent=1).encode())
                try:
                    # The one moment in which the version comes to be.
                    os.link(draft, home / draft.name)
                except FileExistsError:  # another run was faster: stand behind it
                    continue
                _sync_folder(home)
                return made

    # -- reading ----------------------------------------------------------------------

    def path(self, name: str, *, again: bool = False) -> Path:
        """Return where an object lies, after a look at its hash.

        Args:
            name: The object.
            again: Hash it even if this store did so before and it looks untouched.

        Raises:
            StoreError: It is not there, or holds other bytes than it should.
        """
        target = self._address(name)
        where = f"store {str(self.folder)!r}, object {name[:12]}"
        try:
            now = target.stat()
        except FileNotFoundError:
            raise StoreError(
                "a file of this version is missing",
                where=where,
                fix="run the recipe again: `seedbed run RECIPE` puts it back",
            ) from None
        seen = (now.st_size, now.st_mtime_ns)
        if again or self._seen.get(name) != seen:
            if _sha256(target) != target.stem:
                raise StoreError(
                    "a file of this version is damaged: its bytes are not what they were",
                    where=where,
                    fix="run the recipe again: `seedbed run RECIPE` puts it back",
                )
            self._seen[name] = seen
        return target

    def names(self) -> list[str]:
        """Return the names of the datasets."""
        home = self.folder / "versions"
        if not home.exists():
            return []
        return sorted(p.name for p in home.iterdir() if any(p.glob("*.json")))

    def versions(self, name: str) -> list[Version]:
        """Return the versions of a dataset, oldest first.

        Raises:
            StoreError: There is no such dataset.
        """
        found = self._list(name)
        if not found:
            known = self.names()
            others = (
                f"there are: {', '.join(known)}" if known else "`seedbed run` makes one"
            )
            raise StoreError(
                f"there is no dataset {name!r}",
                where=f"store {str(self.folder)!r}",
                fix=did_you_mean(name, known, otherwise=others),
            )
        return found

    def version(self, ref: str) -> Version:
        """Return the version that `ref` means.

        Args:
            ref: ``flights`` is the newest, ``flights@2`` the second, ``flights@3f2a9c``
                the one whose id begins so.

        Raises:
            StoreError: There is none, or there are several.
        """
        name, _, which = ref.partition("@")
        found = self.versions(name)
        if not which:
            return found[-1]
        if which.isdigit() and len(which) < _SHORTEST_ID:
            chosen = [v for v in found if v.number == int(which)]
        else:
            chosen = [v for v in found if v.id.startswith(which)]
        if len({v.id for v in chosen}) != 1:
            what = "no version" if not chosen else f"{len(chosen)} versions"
            raise StoreError(
                f"{what} of {name!r} is called {which!r}",
                where=f"store {str(self.folder)!r}",
                fix=f"`seedbed log {name}` shows all",
            )
        return chosen[-1]

    def manifest(self, version: Version) -> dict[str, Any]:
        """Return the manifest of a version."""
        return json.loads(self.path(version.manifest).read_text(encoding="utf-8"))

    def _list(self, name: str) -> list[Version]:
        home = self.folder / "versions" / name
        if not name or not home.is_dir():
            return []
        # Without those that are being written: their names begin with a dot.
        files = sorted(p for p in home.glob("*.json") if not p.name.startswith("."))
        return [self._read(file) for file in files]

    def _read(self, file: Path) -> Version:
        try:
            return Version(**json.loads(file.read_text(encoding="utf-8")))
        except (ValueError, TypeError):
            raise StoreError(
                f"the file of version {int(file.stem)} is damaged",
                where=f"store {str(self.folder)!r}, {file.name}",
                fix=f"bring it back from a backup, or do without it: rm {str(file)!r}",
            ) from None

    def _address(self, name: str) -> Path:
        return self.folder / "objects" / name[:2] / name


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _to_disk(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    if os.name != "posix":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _write_whole(path: Path, data: bytes) -> None:
    """Write a small file so that it is there whole or not at all."""
    draft = path.with_name(f".{path.name}-{uuid.uuid4().hex[:8]}")
    try:
        with draft.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _alive(name: str) -> bool:
    pid = name.partition("-")[0]
    if not pid.isdigit():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is there, and belongs to somebody else
        return True
    return True


def _author() -> str:
    with suppress(OSError, KeyError, ImportError):
        return os.environ.get("SEEDBED_AUTHOR") or getpass.getuser()
    return "unknown"


@contextmanager
def _told(where: str, *, only_full: bool = False) -> Generator[None]:
    """Say in our words what the file system could not do."""
    try:
        yield
    except OSError as error:
        full = error.errno == errno.ENOSPC
        if error.errno is None or (only_full and not full):
            raise  # it is ours already, or not about the store
        what = (
            "the disk is full; no version was made and none was harmed"
            if full
            else f"the store cannot be used: {error.strerror} ({error.filename})"
        )
        fix = (
            "free some space, or name another folder with --store"
            if full
            else "look at the rights of the folder, or name another with --store"
        )
        raise StoreError(what, where=where, fix=fix) from error
