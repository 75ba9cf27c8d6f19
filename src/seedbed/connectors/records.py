"""Read CSV record by record: for the files that the fast reader does not take whole.

The fast reader gives up at the first row with too many cells, fills up a row with too
few in silence, and is led astray by a quote inside of an unquoted cell. Here each record
is looked at on its own, so that one bad row costs one row. The format is that of
RFC 4180, with a quote inside of an unquoted cell taken as it stands.
"""

import re
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TextIO

from seedbed.errors import ConnectorError

__all__ = ["Record", "find_bad_bytes", "mend", "open_text", "records"]

_LONGEST = 20_000
"""So many lines a quoted cell may have before its quote counts as never closed."""


@dataclass(frozen=True, kw_only=True)
class Record:
    """One record as it stands in the file.

    Args:
        line: The line that it begins on, from 1.
        lines: How many lines it has.
        text: Without the line end.
        cells: As they stand, with their quotes.
        problem: Why it has no cells; empty where it has.
    """

    line: int
    lines: int
    text: str
    cells: tuple[str, ...] = ()
    problem: str = ""


def open_text(path: Path) -> TextIO:
    """Open a text file: UTF-8, with or without a mark, its line ends as they are."""
    return path.open(encoding="utf-8-sig", newline="\n")


def records(lines: Iterable[str], separator: str) -> Iterator[Record]:
    r"""Yield the records that `lines` hold.

    Examples:
        >>> found = records(["a,b\n", '"x\n', 'y",2\n', '"z"!,3\n'], ",")
        >>> [(r.line, r.cells or r.problem) for r in found]
        [(1, ('a', 'b')), (2, ('"x\ny"', '2')), (4, 'text follows a closing quote')]
    """
    source = iter(lines)
    waiting: deque[str] = deque()
    at = 1
    while True:
        first = waiting.popleft() if waiting else next(source, None)
        if first is None:
            return
        record = _record(first, at, waiting, source, separator)
        yield record
        at += record.lines


def mend(path: Path, to: Path, width: int, separator: str) -> Iterator[Record]:
    """Copy the records with `width` cells to `to`, and yield the others.

    What is copied is valid RFC 4180. Blank lines are left out, unless there is only one
    column, where they are rows without a value. The header is copied, too.

    Yields:
        The records that were not copied, each with its problem.
    """
    with (
        open_text(path) as source,
        to.open("w", encoding="utf-8", newline="") as target,
    ):
        for record in records(source, separator):
            if record.problem:
                yield record
            elif len(record.cells) == width:
                target.write(separator.join(_quoted(cell) for cell in record.cells))
                target.write("\n")
            elif record.text:
                yield _with_problem(record, width)


def find_bad_bytes(path: Path, name: str) -> ConnectorError:
    """Return the error that tells where a file stops being UTF-8."""
    with path.open("rb") as file:
        if file.read(2) in (b"\xff\xfe", b"\xfe\xff"):
            return _not_utf8(name, "UTF-16", "utf-16")
        file.seek(0)
        for number, line in enumerate(file, start=1):
            try:
                line.decode()
            except UnicodeDecodeError as error:
                what = f"{name}, line {number}"
                return _not_utf8(
                    what, f"the byte {error.object[error.start]:#x}", "cp1252"
                )
    return _not_utf8(name, "a byte", "cp1252")


def _not_utf8(where: str, found: str, guess: str) -> ConnectorError:
    name = where.partition(", line")[0]
    return ConnectorError(
        f"the file is not UTF-8: it holds {found}",
        where=where,
        fix=f"write it anew: iconv -f {guess} -t utf-8 {name!r} > utf8.csv",
    )


def _record(
    first: str, at: int, waiting: deque[str], source: Iterator[str], separator: str
) -> Record:
    text = first.rstrip("\n").removesuffix("\r")
    if '"' not in text:
        return Record(line=at, lines=1, text=text, cells=tuple(text.split(separator)))
    taken = [first]
    while (cells := _cells(text, separator)) == _OPEN:
        more = _until_closed(waiting, source)
        if more is None:
            problem = "a quote is opened and never closed"
            waiting.extendleft(reversed(taken[1:]))
            plain = first.rstrip("\n").removesuffix("\r")
            return Record(line=at, lines=1, text=plain, problem=problem)
        taken += more
        text = "".join(taken).rstrip("\n").removesuffix("\r")
    if isinstance(cells, str):
        return Record(line=at, lines=len(taken), text=text, problem=cells)
    return Record(line=at, lines=len(taken), text=text, cells=cells)


_OPEN = "open"


def _cells(text: str, separator: str) -> tuple[str, ...] | str:
    """Return the cells, or what is wrong: `_OPEN` if a quote waits to be closed."""
    cell = _pattern(separator)
    cells: list[str] = []
    at = 0
    while True:
        match = cell.match(text, at)
        if match is None:
            closed = re.compile(r'"(?:[^"]|"")*+"').match(text, at)
            return "text follows a closing quote" if closed else _OPEN
        cells.append(match[0])
        at = match.end()
        if at == len(text):
            return tuple(cells)
        at += 1


@cache
def _pattern(separator: str) -> re.Pattern[str]:
    sep = re.escape(separator)
    return re.compile(rf'"(?:[^"]|"")*+"(?={sep}|\Z)|(?!")[^{sep}\n]*(?={sep}|\Z)')


def _until_closed(waiting: deque[str], source: Iterator[str]) -> list[str] | None:
    """Take the lines up to one with an odd number of quotes; or none, if none comes."""
    taken: list[str] = []
    while len(taken) < _LONGEST:
        line = waiting.popleft() if waiting else next(source, None)
        if line is None:
            break
        taken.append(line)
        if line.count('"') % 2:
            return taken
    waiting.extendleft(reversed(taken))
    return None


def _quoted(cell: str) -> str:
    if '"' in cell and not cell.startswith('"'):
        doubled = cell.replace('"', '""')
        return f'"{doubled}"'
    return cell


def _with_problem(record: Record, width: int) -> Record:
    count = len(record.cells)
    problem = f"{count} cell{'s' if count != 1 else ''} instead of {width}"
    return Record(
        line=record.line, lines=record.lines, text=record.text, problem=problem
    )
