"""Read files that lie here: CSV, Parquet and JSON lines, plain or packed."""

import glob
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from seedbed.connectors import tables
from seedbed.connectors.base import Connector, Decoded, Landing, connector
from seedbed.connectors.cache import Cache, land_files
from seedbed.connectors.decoded import Quarantine, load, save, scan_rows
from seedbed.connectors.types import decide
from seedbed.connectors.unpack import Unpacked, unpack
from seedbed.core.identity import digest_of
from seedbed.core.spec import digest
from seedbed.errors import BadSpec, ConnectorError

__all__ = ["Files"]

_FORMATS: dict[str, Literal["csv", "parquet", "ndjson"]] = {
    ".csv": "csv",
    ".tsv": "csv",
    ".tab": "csv",
    ".parquet": "parquet",
    ".pq": "parquet",
    ".ndjson": "ndjson",
    ".jsonl": "ndjson",
}
_TABBED = (".tsv", ".tab")


@connector("files")
@dataclass(frozen=True, kw_only=True)
class Files(Connector):
    r"""Local files: CSV, TSV, Parquet and JSON lines, plain, gzipped or zipped.

    The files are not copied, but hashed: a file that changes is another landing. All
    of them must have the same columns, in any order; they are read in the order of the
    patterns, and sorted within each.

    The cells of a CSV are kept as they stand, and read as the type that every one of
    them fits, see `seedbed.connectors.types.decide`. An empty cell is null; a quoted
    empty cell is an empty text. Records with too many or too few cells go to the
    quarantine, the others go on; blank lines count for nothing.

    Use it for data at hand. Do not use it for sources with different columns: gather
    each on its own, and `unify` them.

    Args:
        path: A file or a pattern such as ``data/**/*.csv``, or several. A relative one
            starts at the working directory.
        types: ``text`` leaves the cells of a CSV as text.
        format: ``auto`` goes by the ending.
        separator: What stands between two cells of a CSV; in a file that ends in
            ``.tsv`` it is a tab, unless said otherwise.

    Raises:
        BadSpec: `path` is empty, or `separator` is not one character of ASCII.

    Source:
        RFC 4180 for CSV.

    Examples:
        >>> import tempfile
        >>> import polars as pl
        >>> folder = Path(tempfile.mkdtemp())
        >>> _ = (folder / "a.csv").write_text("id,zip\n1,007\n2,\n3\n")
        >>> files, cache = Files(path=f"{folder}/*.csv"), Cache(folder / "cache")
        >>> decoded = files.decode(files.land(cache), cache)
        >>> files.scan(decoded).collect().rows()
        [(1, '007'), (2, None)]
        >>> pl.read_parquet(decoded.quarantine).select("line", "reason", "text").rows()
        [(4, '1 cell instead of 2', '3')]
    """

    path: str | tuple[str, ...]
    types: Literal["infer", "text"] = "infer"
    format: Literal["auto", "csv", "parquet", "ndjson"] = "auto"
    separator: str = ","

    def __post_init__(self) -> None:
        if not self.path or not all(self._patterns):
            raise BadSpec(
                "there is no path",
                where=f"connector {self.kind!r}",
                fix="name a file or a pattern, as in path='data/*.csv'",
            )
        one = len(self.separator) == 1 and self.separator.isascii()
        if not one or self.separator in '"\r\n':
            raise BadSpec(
                f"{self.separator!r} cannot separate cells",
                where=f"connector {self.kind!r}",
                fix=r"give one character, as in separator=';' or separator='\t'",
            )

    def land(self, cache: Cache) -> Landing:  # noqa: ARG002 - files stay where they are
        """Find the files and hash them.

        Raises:
            ConnectorError: A pattern matches nothing, or a file cannot be read.
        """
        found: dict[str, Path] = {}
        for pattern in self._patterns:
            found.update(_match(pattern))
        url = ", ".join(self._patterns)
        return land_files(url, list(found.values()), names=list(found))

    def decode(self, landing: Landing, cache: Cache) -> Decoded:
        """Turn the files into Parquet, once.

        Raises:
            ConnectorError: A file is damaged, empty, not UTF-8, has no usable header,
                or has other columns than the one before it.
        """
        places = [str(path.absolute()) for path in landing.files]
        names = list(landing.record.hashes)
        key = digest_of([landing.digest, digest(self), names, places])
        if (folder := cache.find(key)) is None:
            with cache.stage(key) as staged:
                self._decode(landing, staged)
            folder = cache.folder / key
        return load(folder)

    @property
    def _patterns(self) -> tuple[str, ...]:
        return (self.path,) if isinstance(self.path, str) else self.path

    def _decode(self, landing: Landing, staged: Path) -> None:
        raw = staged / "raw"
        raw.mkdir()
        names = list(landing.record.hashes)
        plain = [
            file
            for path, name in zip(landing.files, names, strict=True)
            for file in unpack(path.absolute(), name, raw)
        ]
        form = self._form(plain)
        quarantine = Quarantine()
        table = self._read(form, plain, staged, quarantine)
        shutil.rmtree(raw)
        types = {}
        if form == "csv" and self.types == "infer":
            types = decide(scan_rows(table.paths, table.schema), list(table.schema))
        decided = {
            "format": form,
            "types": {name: str(kind) for name, kind in types.items()},
            "quarantined": len(quarantine),
        }
        if form == "csv":
            decided |= {"encoding": "utf-8", "separator": self._separator(plain[0])}
        save(
            staged,
            table.fragments,
            table.schema,
            types=types,
            quarantine=quarantine,
            decided=decided,
        )

    def _read(
        self, form: str, plain: Sequence[Unpacked], staged: Path, quarantine: Quarantine
    ) -> tables.Table:
        match form:
            case "csv":
                separators = [self._separator(file) for file in plain]
                return tables.from_csv(plain, separators, staged, quarantine)
            case "parquet":
                return tables.from_parquet(plain, staged)
            case _:
                return tables.from_ndjson(plain, staged)

    def _separator(self, file: Unpacked) -> str:
        default = self.separator == type(self).separator
        return "\t" if default and _ending(file) in _TABBED else self.separator

    def _form(self, plain: Sequence[Unpacked]) -> str:
        if self.format != "auto":
            return self.format
        forms = {file.name: _FORMATS.get(_ending(file), "") for file in plain}
        for name, form in forms.items():
            if not form:
                raise ConnectorError(
                    "the ending does not tell what the file is",
                    where=name,
                    fix="say it: format='csv', 'parquet' or 'ndjson'; or narrow the path",
                )
        if len(set(forms.values())) > 1:
            raise ConnectorError(
                f"the files are of several formats: {', '.join(sorted(set(forms.values())))}",
                where=f"connector {self.kind!r}",
                fix="gather each format as a source of its own, and `unify` them",
            )
        return next(iter(forms.values()))


def _ending(file: Unpacked) -> str:
    return Path(file.name).suffix.lower()


def _match(pattern: str) -> dict[str, Path]:
    """Return the files that a pattern means: how they are called, and where they lie."""
    if "://" in pattern:
        raise ConnectorError(
            "this is an address, not a file",
            where=pattern,
            fix=f"bring it here first: curl -LO {pattern}",
        )
    plain = Path(pattern).expanduser()
    if plain.is_dir():
        raise ConnectorError(
            "this is a folder, not a file",
            where=pattern,
            fix=f"say which of its files: path={pattern.rstrip('/') + '/*.csv'!r}",
        )
    if plain.exists():
        return {pattern: plain}
    matches = sorted(glob.glob(str(plain), recursive=True))  # noqa: PTH207 - absolute ones, too
    found = {name: Path(name) for name in matches if not Path(name).is_dir()}
    if not found:
        many = glob.has_magic(pattern)
        raise ConnectorError(
            f"no file matches {pattern!r}" if many else f"there is no file {pattern!r}",
            where=f"the working directory {Path.cwd()}",
            fix=f"see what is there: ls {str(plain.parent)!r}",
        )
    return found
