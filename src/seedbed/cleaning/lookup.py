"""Take columns from a small table beside the data."""

import functools
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import polars as pl

from seedbed.cleaning.base import Effect, Learned, Rule, rule
from seedbed.core.columns import Columns, require_columns
from seedbed.core.identity import canonical_text
from seedbed.errors import BadSpec, DataError, WrongType

__all__ = ["Lookup"]


@rule("lookup")
@dataclass(frozen=True, kw_only=True)
class Lookup(Rule):
    r"""Take columns from a small table in a file, by a key.

    Each row gets what the table says of its key; where the table does not know the key,
    or the key is missing, the new columns are missing. No row is added and none goes.
    The content of the table belongs to the version: an edited table makes a new one.

    Use it for code lists and the like. A table of the size of the data is a source of
    its own: gather it, and join it in `unify`.

    Args:
        columns: Stays ``@all``; `by` and `take` say which columns it is about.
        table: The path of a CSV file with a header, or of a Parquet file. A column of
            a CSV file is read as numbers only if each cell is a number and nothing but
            zeros at the end of a fraction is lost: ``007`` stays text.
        by: The column, or the columns, that both have.
        take: The columns to take.

    Raises:
        BadSpec: A column is taken and looked up by, or the file is of another kind.

    Examples:
        >>> import tempfile
        >>> from seedbed.testing import try_rule
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     table = Path(folder, "carriers.csv")
        ...     _ = table.write_text("carrier,name\nUA,United\n")
        ...     names = Lookup(table=str(table), by="carrier", take=("name",))
        ...     out = try_rule(names, train={"carrier": ["UA", "XX", None]})
        >>> out["name"].to_list()
        ['United', None, None]
    """

    effect: ClassVar[Effect] = Effect.COLUMNS

    columns: Columns = "@all"
    table: str
    by: str | tuple[str, ...]
    take: tuple[str, ...]

    def __post_init__(self) -> None:
        where = f"rule {self.kind!r}"
        if self.columns != "@all":
            raise BadSpec(
                f"{self.kind!r} takes no columns",
                where=where,
                fix="leave `columns` out: `by` and `take` name the columns",
            )
        if not self.take or not self.reads or set(self.take) & set(self.reads):
            raise BadSpec(
                f"{list(self.take)} cannot be looked up by {list(self.reads)}",
                where=where,
                fix="write by: code and take: [name]",
            )
        if Path(self.table).suffix.lower() not in _ENDINGS:
            raise BadSpec(
                f"the table {self.table!r} is no CSV and no Parquet file by its name",
                where=where,
                fix=f"save it as one of {', '.join(_ENDINGS)}",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns of the key."""
        return (self.by,) if isinstance(self.by, str) else self.by

    def extra_digest(self) -> str:
        """Return the digest of the table's bytes.

        Raises:
            DataError: The file cannot be read.
        """
        try:
            with Path(self.table).expanduser().open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
        except OSError as error:
            raise self._unreadable(str(error.strerror)) from error
        return digest

    def apply(
        self,
        frame: pl.LazyFrame,
        names: Sequence[str],  # noqa: ARG002 - `by` and `take` say which
        learned: Learned,  # noqa: ARG002
    ) -> pl.LazyFrame:
        """Return the rows with the new columns at the end.

        Raises:
            BadSpec: The rows have a column that is to be taken.
            DataError: The table cannot be read, or a key stands twice in it.
            MissingColumn: The rows or the table lack a column.
            WrongType: A key of the table is of another type than that of the rows.
        """
        schema = frame.collect_schema()
        where = f"rule {self.kind!r}"
        require_columns(self.reads, schema, where=where)
        for name in self.take:
            if name in schema:
                raise BadSpec(
                    f"there is a column {name!r} already",
                    where=where,
                    fix="rename or drop that column before",
                )
        table = self._keyed({name: schema[name] for name in self.reads})
        return frame.join(
            table.lazy(), on=self.reads, how="left", maintain_order="left"
        )

    def _keyed(self, kinds: dict[str, pl.DataType]) -> pl.DataFrame:
        """Return the wanted columns of the table, its key as the rows have it."""
        place = f"the table {self.table!r}"
        table = self._load()
        require_columns([*self.reads, *self.take], table.schema, where=place)
        keys = table.select(self.reads)
        try:
            keys = keys.cast(pl.Schema(kinds))
        except pl.exceptions.PolarsError as error:
            raise WrongType(
                f"a key is not of the type that the rows have: {kinds}",
                where=place,
                fix="change the type of the rows' key before, such as with to_number",
            ) from error
        known = keys.drop_nulls()
        twice = known.filter(known.is_duplicated())
        if twice.height:
            raise DataError(
                f"the key {twice.row(0)!r} stands more than once in the table",
                where=place,
                fix="keep one row a key, or name more columns in `by`",
            )
        return keys.hstack(self._taken(table).get_columns())

    def _taken(self, table: pl.DataFrame) -> pl.DataFrame:
        taken = table.select(self.take)
        if Path(self.table).suffix.lower() == ".parquet":
            return taken
        return taken.select(_typed(column) for column in taken.get_columns())

    def _load(self) -> pl.DataFrame:
        path = Path(self.table).expanduser()
        try:
            stamp = path.stat().st_mtime_ns
            return _read(path, stamp)
        except OSError as error:
            raise self._unreadable(str(error.strerror or error)) from error
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise self._unreadable(str(error).partition("\n")[0]) from error

    def _unreadable(self, why: str) -> DataError:
        return DataError(
            f"the table {self.table!r} cannot be read: {why}",
            where=f"rule {self.kind!r}",
            fix="look at the path, which starts at the working directory",
        )


_ENDINGS = (".csv", ".tsv", ".parquet")


@functools.lru_cache(maxsize=8)
def _read(path: Path, stamp: int) -> pl.DataFrame:  # noqa: ARG001 - part of the key
    """Read the table; once, though every fragment asks for it."""
    if path.suffix.lower() == ".parquet":
        return pl.read_parquet(path)
    separator = "\t" if path.suffix.lower() == ".tsv" else ","
    return pl.read_csv(path, separator=separator, infer_schema=False)


def _typed(texts: pl.Series) -> pl.Series:
    """Return the column as numbers if every cell stays the same value."""
    if texts.null_count() == len(texts):
        return texts
    for kind in (pl.Int64, pl.Float64):
        numbers = texts.cast(kind, strict=False)
        if canonical_text(numbers).equals(canonical_text(texts), null_equal=True):
            return numbers
    return texts
