"""Turn plain files of one format into Parquet with one schema."""

import json
from collections.abc import Generator, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from seedbed.connectors.base import FRAGMENT_ROWS, Fragment
from seedbed.connectors.decoded import Quarantine, cut
from seedbed.connectors.delimited import read_header, write_parquet
from seedbed.connectors.footer import row_groups
from seedbed.connectors.unpack import Unpacked
from seedbed.errors import ConnectorError

__all__ = ["Table", "from_csv", "from_ndjson", "from_parquet"]


@dataclass(frozen=True, kw_only=True)
class Table:
    """What several files became.

    Args:
        schema: The columns as they lie.
        fragments: The rows.
        paths: The Parquet files, in order.
    """

    schema: pl.Schema
    fragments: tuple[Fragment, ...]
    paths: tuple[Path, ...]


def from_csv(
    files: Sequence[Unpacked],
    separators: Sequence[str],
    folder: Path,
    quarantine: Quarantine,
) -> Table:
    """Write CSV files as Parquet of text, one for each.

    Raises:
        ConnectorError: See `delimited`; or the columns differ.
    """
    headers = [
        read_header(file.path, file.name, separator)
        for file, separator in zip(files, separators, strict=True)
    ]
    text = pl.String()
    schema = _agree(
        files, [pl.Schema(dict.fromkeys(header.names, text)) for header in headers]
    )
    fragments: list[Fragment] = []
    paths: list[Path] = []
    for at, (file, header) in enumerate(zip(files, headers, strict=True)):
        to = folder / _part(at)
        rows = write_parquet(
            file.path,
            to,
            header,
            list(schema),
            name=file.name,
            separator=separators[at],
            quarantine=quarantine,
        )
        paths.append(to)
        fragments += cut(to.name, rows, origin=file.name)
    return Table(schema=schema, fragments=tuple(fragments), paths=tuple(paths))


def from_parquet(files: Sequence[Unpacked], folder: Path) -> Table:
    """Take Parquet files as they lie if their row groups are small, else copy them.

    Raises:
        ConnectorError: A file is damaged, or the columns or their types differ.
    """
    scans: list[pl.LazyFrame] = []
    schemas: list[pl.Schema] = []
    for file in files:
        with _readable(file, "Parquet"):
            scans.append(pl.scan_parquet(file.path, glob=False))
            schemas.append(scans[-1].collect_schema())
    schema = _agree(files, schemas)
    fragments: list[Fragment] = []
    paths: list[Path] = []
    for at, (file, scan) in enumerate(zip(files, scans, strict=True)):
        groups = _usable_groups(file, same=schemas[at] == schema)
        with _readable(file, "Parquet"):
            if groups is None:
                to = folder / _part(at)
                paths.append(to)
                fragments += _write(scan, schema, to, file)
            else:
                _read_through(scan)
                paths.append(file.path)
                fragments += _by_group(file, groups)
    return Table(schema=schema, fragments=tuple(fragments), paths=tuple(paths))


def from_ndjson(files: Sequence[Unpacked], folder: Path) -> Table:
    """Write JSON lines as Parquet; the types are those that all records together have.

    A column that is null everywhere is text.

    Raises:
        ConnectorError: A line is no JSON object, or the columns or their types differ.
    """
    scans: list[pl.LazyFrame] = []
    schemas: list[pl.Schema] = []
    for file in files:
        with _readable(file, "JSON lines"):
            scan = pl.scan_ndjson(file.path, infer_schema_length=None)
            schemas.append(scan.collect_schema())
            scans.append(scan)
    schema = _agree(files, schemas)
    fragments: list[Fragment] = []
    paths: list[Path] = []
    for at, (file, scan) in enumerate(zip(files, scans, strict=True)):
        to = folder / _part(at)
        with _readable(file, "JSON lines"):
            fragments += _write(scan, schema, to, file)
        paths.append(to)
    return Table(schema=schema, fragments=tuple(fragments), paths=tuple(paths))


def _part(at: int) -> str:
    return f"part-{at:05}.parquet"


def _write(
    scan: pl.LazyFrame, schema: pl.Schema, to: Path, file: Unpacked
) -> Iterator[Fragment]:
    scan.select(pl.col(name).cast(kind) for name, kind in schema.items()).sink_parquet(
        to, row_group_size=FRAGMENT_ROWS, compression="zstd", compression_level=1
    )
    rows = pl.scan_parquet(to, glob=False).select(pl.len()).collect().item()
    return cut(to.name, rows, origin=file.name)


def _usable_groups(file: Unpacked, *, same: bool) -> list[int] | None:
    """Return the row groups if fragments may point at the file where it lies."""
    odd_name = any(sign in str(file.path) for sign in "*?[")
    if file.own or not same or odd_name:
        return None
    groups = row_groups(file.path)
    if groups is None or max(groups, default=0) > 2 * FRAGMENT_ROWS:
        return None
    # Very many tiny groups make very many tiny fragments.
    crumbs = len(groups) > 1 and sum(groups) < len(groups) * (FRAGMENT_ROWS // 8)
    return None if crumbs else groups


def _by_group(file: Unpacked, groups: Sequence[int]) -> Iterator[Fragment]:
    first = 0
    for rows in groups:
        for start in range(first, first + rows, FRAGMENT_ROWS):
            yield Fragment(
                uri=str(file.path),
                row_start=start,
                rows=min(FRAGMENT_ROWS, first + rows - start),
                origin=file.name,
                origin_row=start,
            )
        first += rows


def _read_through(scan: pl.LazyFrame) -> None:
    """Read all of it once: better damaged pages are found here than half way later."""
    for _ in scan.collect_batches(engine="streaming"):
        pass


@contextmanager
def _readable(file: Unpacked, form: str) -> Generator[None]:
    try:
        yield
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError) as error:
        line, reason = _first_bad_line(file) if form == "JSON lines" else (0, "")
        why = reason or str(error).partition("\n")[0]
        raise ConnectorError(
            f"the file cannot be read as {form}: {why}",
            where=f"{file.name}, line {line}" if line else file.name,
            fix="get it again, or say what it is: format='csv', 'parquet' or 'ndjson'",
        ) from error


def _first_bad_line(file: Unpacked) -> tuple[int, str]:
    with file.path.open("rb") as lines:
        for number, line in enumerate(lines, start=1):
            if not line.strip():
                continue
            try:
                record = json.loads(line)
            except ValueError as error:
                return number, str(error)
            if not isinstance(record, dict):
                return number, "the line is no JSON object"
    return 0, ""


def _agree(files: Sequence[Unpacked], schemas: Sequence[pl.Schema]) -> pl.Schema:
    """Return the one schema of all files: in the order of the first."""
    agreed: dict[str, pl.DataType] = dict(schemas[0])
    for file, schema in zip(files[1:], schemas[1:], strict=True):
        _same_names(files[0], schemas[0], file, schema)
        for name, kind in schema.items():
            if agreed[name] == pl.Null:
                agreed[name] = kind
            elif kind not in (agreed[name], pl.Null):
                raise ConnectorError(
                    f"the column {name!r} holds {kind} here, and {agreed[name]} in "
                    f"{files[0].name!r}",
                    where=file.name,
                    fix="gather them as two sources, and `unify` them",
                )
    text = pl.String()
    return pl.Schema(
        {name: text if kind == pl.Null else kind for name, kind in agreed.items()}
    )


def _same_names(
    first: Unpacked,
    expected: Mapping[str, pl.DataType],
    file: Unpacked,
    found: Mapping[str, pl.DataType],
) -> None:
    missing = [name for name in expected if name not in found]
    more = [name for name in found if name not in expected]
    if not missing and not more:
        return
    lacks = f"lacks {', '.join(map(repr, missing))}" if missing else ""
    brings = f"has {', '.join(map(repr, more))} in addition" if more else ""
    raise ConnectorError(
        f"the columns differ from those of {first.name!r}: it "
        f"{' and '.join(filter(None, (lacks, brings)))}",
        where=file.name,
        fix="gather them as two sources, and `unify` them",
    )
