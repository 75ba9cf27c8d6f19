"""Turn a CSV file into Parquet, as text, with every cell accounted for.

Polars reads it. Then the books are balanced: each separator and each line end of the
file must be found again, between the cells or inside of one, and quotes come in pairs. A row that was too short,
cells that ran into each other, a blank line: all of them show, and the file is read
again record by record, with the bad ones sent to the quarantine.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from seedbed.connectors.base import FRAGMENT_ROWS
from seedbed.connectors.decoded import Quarantine
from seedbed.connectors.marks import count_marks
from seedbed.connectors.records import (
    Record,
    find_bad_bytes,
    mend,
    open_text,
    records,
)
from seedbed.errors import ConnectorError

__all__ = ["Header", "read_header", "write_parquet"]


@dataclass(frozen=True, kw_only=True)
class Header:
    """The first record of a file.

    Args:
        names: The names of the columns.
        lines: How many lines it has.
        separators: How many separators stand in it.
    """

    names: tuple[str, ...]
    lines: int
    separators: int


def read_header(path: Path, name: str, separator: str) -> Header:
    """Return the header of a CSV file.

    Args:
        path: The file.
        name: As users know it.
        separator: What stands between two cells.

    Raises:
        ConnectorError: It is not UTF-8, or a name is empty or stands twice.
    """
    try:
        with open_text(path) as file:
            first = next(records(file, separator), None)
    except UnicodeDecodeError:
        raise find_bad_bytes(path, name) from None
    where = f"{name}, line 1"
    if first is None or not first.text:
        what = "the first line is empty, where the names of the columns should be"
        raise ConnectorError(what, where=where, fix="write the names there")
    if first.problem:
        fix = "write the header as a,b,c"
        raise ConnectorError(
            f"the header is broken: {first.problem}", where=where, fix=fix
        )
    names = tuple(_unquoted(cell) for cell in first.cells)
    if any("\r" in cell for cell in names):
        raise ConnectorError(
            "the lines end with a lone carriage return",
            where=name,
            fix=rf"write it anew: tr '\r' '\n' < {name!r} > lines.csv",
        )
    _refuse_bad_names(names, where)
    return Header(
        names=names, lines=first.lines, separators=first.text.count(separator)
    )


def write_parquet(
    path: Path,
    to: Path,
    header: Header,
    columns: Sequence[str],
    *,
    name: str,
    separator: str,
    quarantine: Quarantine,
) -> int:
    """Write the rows of a CSV file as Parquet, each cell as text.

    An empty cell is null, a quoted empty cell is an empty text.

    Args:
        path: The file.
        to: The Parquet file to write.
        header: Its header.
        columns: The same columns, in the order in which to write them.
        name: The file as users know it.
        separator: What stands between two cells.
        quarantine: Takes in the records that could not be read whole.

    Returns:
        How many rows were written.

    Raises:
        ConnectorError: It is not UTF-8, or no record fits the header.
    """
    try:
        return _convert(path, to, header, columns, separator)
    except (_Unbalanced, pl.exceptions.PolarsError, pl.exceptions.PanicException):
        pass  # the slow way knows what is wrong, and where
    mended = to.with_suffix(".mended")
    bad: Record | None = None
    try:
        for bad in mend(path, mended, len(header.names), separator):
            quarantine.add(name, bad.line, bad.problem, bad.text)
    except UnicodeDecodeError:
        raise find_bad_bytes(path, name) from None
    try:
        rows = _convert(mended, to, header, columns, separator, mended=True)
    except (
        _Unbalanced,
        pl.exceptions.PolarsError,
        pl.exceptions.PanicException,
    ) as error:
        raise ConnectorError(
            f"the file cannot be read as CSV: {error}",
            where=name,
            fix="see that its separator is right: separator=';'",
        ) from error
    finally:
        mended.unlink()
    if bad is not None and not rows:
        raise ConnectorError(
            f"no row fits the header: {bad.problem}",
            where=f"{name}, line {bad.line}",
            fix="name all columns in the header, or set the separator: separator=';'",
        )
    return rows


class _Unbalanced(Exception):  # noqa: N818 - it never leaves this module
    """The cells that were read are not the cells that are there."""


def _convert(
    path: Path,
    to: Path,
    header: Header,
    columns: Sequence[str],
    separator: str,
    *,
    mended: bool = False,
) -> int:
    scan = pl.scan_csv(
        path,
        separator=separator,
        infer_schema=False,
        new_columns=list(header.names),
        glob=False,
    )
    scan.select(columns).sink_parquet(
        to, row_group_size=FRAGMENT_ROWS, compression="zstd", compression_level=1
    )
    marks = count_marks(path, separator)
    if marks.doubtful and not mended:
        raise _Unbalanced("some quotes are not as RFC 4180 has them")
    cells = pl.scan_parquet(to, glob=False)
    count = pl.all().str.count_matches
    rows, *inside = (
        pl.concat(
            [
                cells.select(pl.len().cast(pl.Int64).alias("n")),
                _inside(cells, count(separator, literal=True)),
                _inside(cells, count("\n", literal=True)),
            ]
        )
        .collect(engine="streaming")["n"]
        .to_list()
    )
    between = header.separators + rows * (len(header.names) - 1)
    ends = header.lines + rows
    if (marks.separators, marks.lines) != (between + inside[0], ends + inside[1]):
        raise _Unbalanced("some rows have too many or too few cells")
    return rows


def _inside(cells: pl.LazyFrame, counts: pl.Expr) -> pl.LazyFrame:
    sums = cells.select(counts.cast(pl.Int64).sum())
    return sums.select(pl.sum_horizontal(pl.all()).alias("n"))


def _unquoted(cell: str) -> str:
    return cell[1:-1].replace('""', '"') if cell.startswith('"') else cell


def _refuse_bad_names(names: Sequence[str], where: str) -> None:
    for at, name in enumerate(names):
        if not name:
            raise ConnectorError(
                f"column {at + 1} of {len(names)} has no name",
                where=where,
                fix="write a name there; if it numbers the rows, drop it later",
            )
        if name in names[:at]:
            raise ConnectorError(
                f"two columns are called {name!r}",
                where=where,
                fix=f"rename one of them, as in {name + '_2'!r}",
            )
