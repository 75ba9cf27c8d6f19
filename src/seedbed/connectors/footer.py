"""Read how a Parquet file is cut into row groups.

Polars does not tell, and the answer decides whether a file can be worked on where it
lies: a fragment should not have to unpack rows that belong to others. The footer is a
Thrift struct in the compact protocol; only two of its fields are of interest here.

Source:
    The file format of Apache Parquet (`FileMetaData`, `RowGroup` in parquet.thrift) and
    the compact protocol of Apache Thrift.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

__all__ = ["row_groups"]

_MAGIC = b"PAR1"
_TAIL = 8
_ROW_GROUPS, _NUM_ROWS = 4, 3


def row_groups(path: Path) -> list[int] | None:
    """Return the rows of each row group, or None if the footer is not understood.

    Examples:
        >>> import tempfile, polars as pl
        >>> file = Path(tempfile.mkdtemp()) / "a.parquet"
        >>> pl.DataFrame({"n": range(5)}).write_parquet(file, row_group_size=2)
        >>> sum(row_groups(file))
        5
    """
    with path.open("rb") as file:
        size = file.seek(0, 2)
        if size < _TAIL + len(_MAGIC):
            return None
        file.seek(-_TAIL, 2)
        tail = file.read(_TAIL)
        length = int.from_bytes(tail[:4], "little")
        if tail[4:] != _MAGIC or length > size - _TAIL:
            return None
        file.seek(-_TAIL - length, 2)
        footer = file.read(length)
    try:
        meta = _Compact(footer).struct()
        return [int(group[_NUM_ROWS]) for group in meta.get(_ROW_GROUPS, [])]
    except (IndexError, KeyError, TypeError, ValueError):
        return None


class _Compact:
    """A reader of the compact protocol: structs become dicts by field number."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def struct(self) -> dict[int, Any]:
        fields: dict[int, Any] = {}
        number = 0
        while (head := self._byte()) & 15:
            number = number + (head >> 4) if head >> 4 else self._signed()
            fields[number] = self._value(head & 15)
        return fields

    def _value(self, kind: int) -> Any:
        if kind in (1, 2):  # in a field, the type is the value
            return kind == 1
        return self._readers()[kind]()

    def _readers(self) -> dict[int, Callable[[], Any]]:
        whole = self._signed
        return {
            3: self._byte,
            4: whole,
            5: whole,
            6: whole,
            7: lambda: self._take(8),
            8: lambda: self._take(self._varint()),
            9: self._list,
            10: self._list,
            11: self._map,
            12: self.struct,
        }

    def _list(self) -> list[Any]:
        head = self._byte()
        size = head >> 4 if head >> 4 < 15 else self._varint()  # noqa: PLR2004
        return [self._item(head & 15) for _ in range(size)]

    def _map(self) -> list[Any]:
        size = self._varint()
        kinds = self._byte() if size else 0
        return [(self._item(kinds >> 4), self._item(kinds & 15)) for _ in range(size)]

    def _item(self, kind: int) -> Any:
        return self._byte() == 1 if kind in (1, 2) else self._value(kind)

    def _byte(self) -> int:
        self._at += 1
        return self._data[self._at - 1]

    def _take(self, size: int) -> bytes:
        self._at += size
        if self._at > len(self._data):
            raise ValueError("the footer ends too early")
        return self._data[self._at - size : self._at]

    def _varint(self) -> int:
        number, shift = 0, 0
        while (byte := self._byte()) & 128:
            number |= (byte & 127) << shift
            shift += 7
        return number | byte << shift

    def _signed(self) -> int:
        number = self._varint()
        return (number >> 1) ^ -(number & 1)
