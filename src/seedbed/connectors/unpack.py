"""Open what files are packed in: gzip and zip, known by their first bytes."""

import gzip
import shutil
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import BinaryIO, cast

from seedbed.errors import ConnectorError

__all__ = ["Unpacked", "unpack"]

_GZIP = b"\x1f\x8b"
_ZIP = (b"PK\x03\x04", b"PK\x05\x06")
_CHUNK = 1 << 20


@dataclass(frozen=True, kw_only=True)
class Unpacked:
    """One plain file.

    Args:
        name: As users know it; a member of an archive is `a.zip/b.csv`.
        path: Where it lies now.
        own: It was unpacked for us and may be removed.
    """

    name: str
    path: Path
    own: bool = False


def unpack(path: Path, name: str, folder: Path) -> Iterator[Unpacked]:
    """Yield the plain files that `path` holds: itself, or what is packed in it.

    The members of a zip come sorted by name. Hidden ones, and those that macOS adds,
    are left out.

    Args:
        path: The file.
        name: As users know it.
        folder: Where to unpack to; files get names of their own there, so no member can
            climb out of it.

    Raises:
        ConnectorError: It is cut off, damaged, locked by a password, or empty.
    """
    with path.open("rb") as file:
        magic = file.read(4)
    if not magic:
        raise ConnectorError(
            "the file is empty",
            where=name,
            fix=f"get it again, or leave it out: ls -l {name!r}",
        )
    if magic in _ZIP:
        yield from _members(path, name, folder)
    elif magic.startswith(_GZIP):
        yield _gunzip(path, name, folder)
    else:
        yield Unpacked(name=name, path=path)


def _gunzip(path: Path, name: str, folder: Path) -> Unpacked:
    to = _fresh(folder)
    try:
        with gzip.open(path) as source:
            _copy(cast("BinaryIO", source), to)
    except (EOFError, OSError, zlib.error) as error:
        raise _damaged("gzip file", name, error, f"gzip -t {name!r}") from error
    plain = name[:-3] if name.lower().endswith(".gz") else name
    return Unpacked(name=plain, path=to, own=True)


def _members(path: Path, name: str, folder: Path) -> Iterator[Unpacked]:
    try:
        with zipfile.ZipFile(path) as archive:
            chosen = [info for info in archive.infolist() if _wanted(info, name)]
            for info in sorted(chosen, key=lambda info: info.filename):
                to = _fresh(folder)
                with archive.open(info) as source:
                    _copy(cast("BinaryIO", source), to)
                yield from _once_more(to, f"{name}/{info.filename}", folder)
    except (zipfile.BadZipFile, EOFError, zlib.error, NotImplementedError) as error:
        raise _damaged("zip", name, error, f"unzip -t {name!r}") from error
    if not chosen:
        raise ConnectorError(
            "the zip holds no files", where=name, fix=f"look into it: unzip -l {name!r}"
        )


def _once_more(path: Path, name: str, folder: Path) -> Iterator[Unpacked]:
    """Open a gzip inside of a zip; a zip in a zip stays shut."""
    with path.open("rb") as file:
        magic = file.read(4)
    if magic.startswith(_GZIP):
        yield _gunzip(path, name, folder)
    elif magic:
        yield Unpacked(name=name, path=path, own=True)
    else:
        raise ConnectorError(
            "the file is empty", where=name, fix="unpack the zip and leave it out"
        )


def _wanted(info: zipfile.ZipInfo, name: str) -> bool:
    where = f"{name}/{info.filename}"
    member = PurePosixPath(info.filename.replace("\\", "/"))
    if member.is_absolute() or ".." in member.parts or ":" in member.parts[0]:
        raise ConnectorError(
            "the zip holds a path that climbs out of it",
            where=where,
            fix="do not trust this file; ask its publisher for another",
        )
    if info.flag_bits & 1:
        raise ConnectorError(
            "the zip is locked by a password",
            where=where,
            fix=f"unpack it, and read what it holds: unzip {name!r}",
        )
    if member.name == "[Content_Types].xml":
        raise ConnectorError(
            "this is an Excel workbook",
            where=name,
            fix="save each sheet as CSV (UTF-8), and read that",
        )
    hidden = any(part.startswith(".") for part in member.parts)
    return not (info.is_dir() or hidden or member.parts[0] == "__MACOSX")


def _fresh(folder: Path) -> Path:
    return folder / f"{sum(1 for _ in folder.iterdir()):05}"


def _copy(source: BinaryIO, to: Path) -> None:
    with to.open("xb") as target:
        shutil.copyfileobj(source, target, _CHUNK)


def _damaged(sort: str, name: str, error: Exception, look: str) -> ConnectorError:
    return ConnectorError(
        f"the {sort} is damaged or cut off: {error}",
        where=name,
        fix=f"get it again; to see what is wrong: {look}",
    )
