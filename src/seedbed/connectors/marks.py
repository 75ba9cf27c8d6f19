"""Count the marks of a CSV file: what the books are balanced against."""

import re
from dataclasses import dataclass
from pathlib import Path

__all__ = ["Marks", "count_marks"]

_CHUNK = 1 << 22


@dataclass(frozen=True, kw_only=True)
class Marks:
    """What stands in a file, whatever it means.

    Args:
        separators: How many separators.
        lines: How many lines, one without a line end at the end included.
        doubtful: Quotes stand where the fast reader may take them otherwise than
            RFC 4180 does, or the last line ends in a way that it lets pass.
    """

    separators: int
    lines: int
    doubtful: bool


def count_marks(path: Path, separator: str) -> Marks:
    r"""Read a file once and count.

    Examples:
        >>> import tempfile
        >>> file = Path(tempfile.mkdtemp()) / "a.csv"
        >>> _ = file.write_text("a,b\n1,2")
        >>> count_marks(file, ",")
        Marks(separators=2, lines=2, doubtful=False)
    """
    sep = separator.encode()
    odd = _odd_quotes(sep)
    separators, lines, quotes, doubtful, tail = 0, 0, 0, False, b""
    with path.open("rb") as file:
        while chunk := file.read(_CHUNK):
            separators += chunk.count(sep)
            lines += chunk.count(b"\n")
            quotes += chunk.count(b'"')
            seam = tail + chunk
            doubtful = doubtful or odd.search(seam) is not None
            tail = seam[-3:]
    return Marks(
        separators=separators,
        lines=lines + (not tail.endswith(b"\n")),
        # At an end without a line end the fast reader lets a cell too many pass, and
        # an open quote, which may make up for what is missing elsewhere.
        doubtful=doubtful or quotes % 2 == 1 or tail.endswith((sep, b'""')),
    )


def _odd_quotes(sep: bytes) -> re.Pattern[bytes]:
    """Match a lone quote within text, and a cell that begins with two and goes on.

    The first is never found in valid CSV, the second only within a quoted cell.
    """
    cut = re.escape(sep)
    lone = rb'"(?<=[^"\n%b]")(?=[^"\r\n%b])' % (cut, cut)
    twice = rb'""(?<=[\n%b]"")(?=[^"\r\n%b])' % (cut, cut)
    return re.compile(lone + b"|" + twice)
