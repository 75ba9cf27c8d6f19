"""Read a folder of images, in which folders are the labels."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

import polars as pl

from seedbed.connectors.base import (
    FRAGMENT_ROWS,
    Connector,
    Decoded,
    Fragment,
    Landing,
    connector,
)
from seedbed.connectors.cache import Cache, land_files
from seedbed.connectors.decoded import Quarantine, load, save
from seedbed.connectors.pixels import image_size
from seedbed.core.identity import digest_of
from seedbed.core.spec import digest
from seedbed.errors import BadSpec, ConnectorError

__all__ = ["ENDINGS", "ImageFolder"]

ENDINGS = frozenset({".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp"})
"""The endings of files that are taken for images."""

_SPLITS = frozenset({"train", "val", "valid", "validation", "test"})
_LITTER = frozenset({"Thumbs.db", "desktop.ini"})
_FRAGMENT_BYTES = 64 << 20
_SCHEMA = pl.Schema(
    {
        "path": pl.String,
        "label": pl.String,
        "image": pl.Binary,
        "width": pl.Int64,
        "height": pl.Int64,
    }
)


@connector("image_folder")
@dataclass(frozen=True, kw_only=True)
class ImageFolder(Connector):
    """Images in folders that are named for their labels.

    The layout is ``<label>/*.jpg``, or ``<split>/<label>/*.jpg`` with the splits
    `train`, `val` (`valid`, `validation`) and `test`; then a column `split` says which,
    and the recipe keeps it. One row an image, sorted by path: `path`, `label`, `image`
    (the bytes of the file as they are), `width` and `height` (in stored pixels, before
    any turn that EXIF asks for).

    What is no whole image (PNG, JPEG, GIF, BMP, WebP, told by content) goes to the
    quarantine, and so does a file outside of the layout.

    Use it for classification. Do not use it for boxes or masks, which lie in files of
    their own.

    Args:
        path: The folder.

    Raises:
        BadSpec: `path` is empty.

    Examples:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> (folder / "dot").mkdir()
        >>> pixel = bytes.fromhex(
        ...     "47494638396101000100800000000000ffffff2c00000000010001000002024401003b"
        ... )
        >>> _ = (folder / "dot" / "a.gif").write_bytes(pixel)
        >>> images, cache = ImageFolder(path=str(folder)), Cache(folder / ".cache")
        >>> frame = images.scan(images.decode(images.land(cache), cache)).collect()
        >>> frame.drop("image").rows()
        [('dot/a.gif', 'dot', 1, 1)]
    """

    path: str

    def __post_init__(self) -> None:
        if not self.path:
            raise BadSpec(
                "there is no path",
                where=f"connector {self.kind!r}",
                fix="name the folder, as in path='data/photos'",
            )

    def land(self, cache: Cache) -> Landing:  # noqa: ARG002 - files stay where they are
        """Find the images and hash them; their paths count, too.

        Raises:
            ConnectorError: There is no such folder, or no image in it.
        """
        root = Path(self.path).expanduser()
        if not root.is_dir():
            raise ConnectorError(
                f"there is no folder {self.path!r}",
                where=f"the working directory {Path.cwd()}",
                fix=f"see what is there: ls {str(root.parent)!r}",
            )
        names = sorted(_names(root))
        if not any(Path(name).suffix.lower() in ENDINGS for name in names):
            raise ConnectorError(
                "the folder holds no images",
                where=self.path,
                fix="lay them out as <label>/<name>.jpg; "
                f"the endings are {', '.join(sorted(ENDINGS))}",
            )
        files = [root / name for name in names]
        return land_files(self.path, files, names=names, named=True)

    def decode(self, landing: Landing, cache: Cache) -> Decoded:
        """Gather the images into Parquet, once.

        Raises:
            ConnectorError: None of them can be read, or one was changed meanwhile.
        """
        key = digest_of([landing.digest, digest(self)])
        if (folder := cache.find(key)) is None:
            with cache.stage(key) as staged:
                self._decode(landing, staged)
            folder = cache.folder / key
        return load(folder)

    def _decode(self, landing: Landing, staged: Path) -> None:
        hashes = landing.record.hashes
        layout = _Layout.of(list(hashes))
        quarantine = Quarantine()
        fragments: list[Fragment] = []
        schema = layout.schema
        first = 0
        rows = _rows(landing, layout, quarantine)
        for at, batch in enumerate(_batches(rows)):
            name = f"part-{at:05}.parquet"
            frame = pl.DataFrame(batch, schema=schema, orient="row")
            # The bytes of images are compressed already.
            frame.write_parquet(staged / name, compression="uncompressed")
            fragments.append(
                Fragment(
                    uri=name,
                    row_start=0,
                    rows=frame.height,
                    origin=self.path,
                    origin_row=first,
                )
            )
            first += frame.height
        if not fragments:
            reason = quarantine.frame().row(0, named=True)
            raise ConnectorError(
                f"no image can be read; of {reason['file']!r}: {reason['reason']}",
                where=self.path,
                fix="lay them out as <label>/<name>.jpg",
            )
        save(
            staged,
            fragments,
            schema,
            quarantine=quarantine,
            split="split" if layout.split else None,
            decided={"split": layout.split, "quarantined": len(quarantine)},
        )


@dataclass(frozen=True)
class _Layout:
    """Where in a path the label stands."""

    split: bool

    @classmethod
    def of(cls, names: Sequence[str]) -> "_Layout":
        parts = [PurePosixPath(name).parts for name in names]
        inside = [
            p for p in parts if len(p) > 1 and Path(p[-1]).suffix.lower() in ENDINGS
        ]
        tops = {p[0].lower() for p in inside}
        deep = any(len(p) == 3 for p in inside)  # noqa: PLR2004 - split, label, file
        return cls(split=bool(tops) and tops <= _SPLITS and deep)

    @property
    def schema(self) -> pl.Schema:
        more = {"split": pl.String()} if self.split else {}
        return pl.Schema({**_SCHEMA, **more})

    def folders(self, name: str) -> tuple[str, ...] | None:
        """Return the split, if there is one, and the label; None if they are not there."""
        folders = PurePosixPath(name).parts[:-1]
        return folders if len(folders) == 1 + self.split else None

    @property
    def text(self) -> str:
        return "<split>/<label>/<name>" if self.split else "<label>/<name>"


_Row = tuple[str | bytes | int, ...]


def _names(root: Path) -> Iterator[str]:
    """Yield the paths below `root` of all files that are not hidden."""
    for path in root.rglob("*"):
        relative = path.relative_to(root)
        hidden = any(part.startswith(".") for part in relative.parts)
        if not hidden and path.name not in _LITTER and path.is_file():
            yield relative.as_posix()


def _rows(landing: Landing, layout: _Layout, quarantine: Quarantine) -> Iterator[_Row]:
    for file, (name, known) in zip(
        landing.files, landing.record.hashes.items(), strict=True
    ):
        folders = layout.folders(name)
        if folders is None:
            quarantine.add(name, None, f"it does not lie at {layout.text}", "")
            continue
        data = _bytes_of(file, known)
        try:
            width, height = image_size(data)
        except BadSpec as error:
            quarantine.add(name, None, error.what, "")
            continue
        yield (name, folders[-1], data, width, height, *folders[:-1])


def _bytes_of(file: Path, known: str) -> bytes:
    try:
        data = file.read_bytes()
    except OSError as error:
        raise ConnectorError(
            f"the file cannot be read: {error.strerror}",
            where=str(file),
            fix="land the folder again",
        ) from error
    if hashlib.sha256(data).hexdigest() != known:
        raise ConnectorError(
            "the file was changed after it was landed",
            where=str(file),
            fix="land the folder again, when nobody writes to it",
        )
    return data


def _batches(rows: Iterator[_Row]) -> Iterator[list[_Row]]:
    held: list[_Row] = []
    size = 0
    for row in rows:
        held.append(row)
        size += len(row[2]) if isinstance(row[2], bytes) else 0
        if size >= _FRAGMENT_BYTES or len(held) == FRAGMENT_ROWS:
            yield held
            held, size = [], 0
    if held:
        yield held
