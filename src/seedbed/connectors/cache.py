"""Where landed and decoded files lie: staged, atomic, by the digest of what they are.

A folder appears under its final name in one step, when all of it is written. So what is
there is whole, whoever was killed in between, and two processes that make the same
thing at the same time do not harm each other: the first one wins.
"""

import hashlib
import os
import re
import secrets
import shutil
import socket
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from seedbed.connectors.base import Landing, SourceRecord
from seedbed.core.identity import digest_of
from seedbed.errors import BadSpec, ConnectorError

__all__ = ["Cache", "default_folder", "hash_file", "land_files"]

_KEY = re.compile(r"[0-9a-f]{16,128}")
_STAGE = re.compile(r"\.stage-(?P<host>[0-9a-f]{8})-(?P<pid>\d+)-[0-9a-f]+")


class Cache:
    """A folder of folders, each named by a digest.

    Args:
        folder: Where it lies; by default `SEEDBED_CACHE`, or else the place where this
            platform keeps the caches of a user.
        refresh: Ask sources without a past, such as databases, anew.

    Examples:
        >>> import tempfile
        >>> cache = Cache(Path(tempfile.mkdtemp()))
        >>> with cache.stage("00" * 16) as folder:
        ...     _ = (folder / "note.txt").write_text("whole")
        >>> (cache.find("00" * 16) / "note.txt").read_text()
        'whole'
    """

    def __init__(self, folder: Path | None = None, *, refresh: bool = False) -> None:
        self.folder = Path(folder) if folder is not None else default_folder()
        self.refresh = refresh
        self._staged: set[str] = set()

    def __repr__(self) -> str:
        return f"Cache({str(self.folder)!r})"

    def find(self, key: str, *, dated: bool = False) -> Path | None:
        """Return the folder of `key`, or None if it is not here.

        Args:
            key: A digest in hex.
            dated: It may have changed outside since: under `refresh` it is only found
                if this very cache object staged it.
        """
        place = self._place(key)
        if dated and self.refresh and key not in self._staged:
            return None
        return place if place.is_dir() else None

    @contextmanager
    def stage(self, key: str, *, replace: bool = False) -> Generator[Path]:
        """Give a private empty folder that becomes the folder of `key`.

        It gets its name when the block ends, and is removed if the block raises,
        whatever it raises.

        Args:
            key: A digest in hex.
            replace: What is there already gives way; otherwise it stays, since what
                has the same digest is the same.

        Raises:
            ConnectorError: The cache cannot be written.
        """
        place = self._place(key)
        staged = self._new_stage()
        try:
            yield staged
            self._settle(staged, place, replace=replace)
            self._staged.add(key)
        finally:
            shutil.rmtree(staged, ignore_errors=True)

    def _place(self, key: str) -> Path:
        if not _KEY.fullmatch(key):
            raise BadSpec(
                f"{key!r} is no digest in hex",
                where=repr(self),
                fix="make keys with `seedbed.core.identity.digest_of`",
            )
        return self.folder / key

    def _new_stage(self) -> Path:
        name = f".stage-{_host()}-{os.getpid()}-{secrets.token_hex(4)}"
        staged = self.folder / name
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            self._sweep()
            staged.mkdir()
        except OSError as error:
            raise ConnectorError(
                f"the cache cannot be written: {error.strerror}",
                where=str(self.folder),
                fix="export SEEDBED_CACHE=<a folder that you may write>",
            ) from error
        return staged

    def _settle(self, staged: Path, place: Path, *, replace: bool) -> None:
        if replace and place.is_dir():
            # Moved aside within the stage's name, so that a crash leaves only litter
            # that the next process sweeps.
            place.rename(self.folder / f"{staged.name}00")
        try:
            staged.rename(place)
        except OSError:
            if not place.is_dir():
                raise
        shutil.rmtree(self.folder / f"{staged.name}00", ignore_errors=True)

    def _sweep(self) -> None:
        """Remove the stages of processes of this machine that are no more."""
        for path in self.folder.glob(".stage-*"):
            match = _STAGE.fullmatch(path.name)
            if match and match["host"] == _host() and not _alive(int(match["pid"])):
                shutil.rmtree(path, ignore_errors=True)


def default_folder() -> Path:
    """Return where the cache of this user lies."""
    if named := os.environ.get("SEEDBED_CACHE"):
        return Path(named).expanduser()
    home = Path.home()
    match sys.platform:
        case "darwin":
            return home / "Library" / "Caches" / "seedbed"
        case "win32":
            local = os.environ.get("LOCALAPPDATA")
            return (Path(local) if local else home / "AppData" / "Local") / "seedbed"
        case _:
            base = os.environ.get("XDG_CACHE_HOME")
            return (Path(base) if base else home / ".cache") / "seedbed"


def hash_file(path: Path) -> str:
    """Return the SHA-256 of a file, read piece by piece.

    Raises:
        ConnectorError: It cannot be read.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ConnectorError(
            f"the file cannot be read: {error.strerror}",
            where=str(path),
            fix=f"see who may read it: ls -l {str(path)!r}",
        ) from error


def land_files(
    url: str, paths: Sequence[Path], *, names: Sequence[str] = (), named: bool = False
) -> Landing:
    """Return the landing of local files: by reference, they are not copied.

    Args:
        url: How the user calls them all.
        paths: The files, in order.
        names: How the user calls each; the paths by default.
        named: The names are content, too, and count in the digest.
    """
    names = names or [str(path) for path in paths]
    hashes = [hash_file(path) for path in paths]
    content = [list(names), hashes] if named else hashes
    record = SourceRecord(
        url=url,
        retrieved_at=datetime.now(UTC).isoformat(timespec="seconds"),
        bytes=sum(path.stat().st_size for path in paths),
        hashes=dict(zip(names, hashes, strict=True)),
    )
    return Landing(files=tuple(paths), digest=digest_of(content), record=record)


def _host() -> str:
    return hashlib.sha256(socket.gethostname().encode()).hexdigest()[:8]


def _alive(pid: int) -> bool:
    if sys.platform == "win32":
        return True  # signal 0 would end the process there; better to leave litter
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True  # it lives, under another user
    return True
