"""Run a Python function of one's own on each row."""

import datetime
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import polars as pl

from seedbed.cleaning.base import Effect, Learned, Rule, rule
from seedbed.core.columns import Columns
from seedbed.core.function import Function
from seedbed.errors import BadSpec, DataError

__all__ = ["Apply"]


@rule("apply")
@dataclass(frozen=True, kw_only=True)
class Apply(Rule):
    """Call a Python function on each row, and keep what it returns in a column.

    The function gets one row as a dict of the columns, missing values as None, and
    returns one value of the declared type, or None. It must look at that row alone,
    and give the same for the same row; it may run in any order and in any process. The
    source text of the function belongs to the version.

    Use it for what no other rule and no formula of `derive` can say: it is slower than
    those by a factor of hundreds.

    Args:
        columns: The columns that the function gets.
        function: The function, or its name as ``package.module:name``. A recipe with a
            function of a notebook runs, but cannot be written as YAML.
        into: The column that takes the values: a new one, or one that is named in
            `columns`, which is then rewritten. It may be left out where there is one.
        returns: The type of the values.

    Raises:
        BadSpec: `into` is left out, but there are several columns.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> def initials(row):
        ...     return "".join(word[0] for word in row["name"].split())
        >>> rule = Apply(columns="name", function=initials, into="short")
        >>> try_rule(rule, train={"name": ["Ada Lovelace"]}).rows()
        [('Ada Lovelace', 'AL')]
    """

    opaque: ClassVar[bool] = True

    columns: Columns
    function: Function | Callable[[Mapping[str, Any]], Any]
    into: str | None = None
    returns: Literal["text", "int", "float", "bool", "date"] = "text"

    def __post_init__(self) -> None:
        if not isinstance(self.function, Function):
            object.__setattr__(self, "function", Function.of(self.function))
        if self._rewritten is None and self.into is None:
            raise BadSpec(
                f"it is not said which column takes the values of {self.columns!r}",
                where=f"rule {self.kind!r}",
                fix="write into: name_of_the_column",
            )

    @property
    def effect(self) -> Effect:  # pyright: ignore[reportIncompatibleVariableOverride]
        """A column is added, or values of a column change."""
        return Effect.VALUES if self._rewritten else Effect.COLUMNS

    def apply(
        self,
        frame: pl.LazyFrame,
        names: Sequence[str],
        learned: Learned,  # noqa: ARG002
    ) -> pl.LazyFrame:
        """Return the rows with the values of the function.

        Raises:
            BadSpec: The function cannot be imported, or `into` is there, but is not
                named in `columns`.
        """
        into = self.into or names[0]
        if not self._rewritten and into in frame.collect_schema():
            raise BadSpec(
                f"there is a column {into!r} already",
                where=f"rule {self.kind!r}",
                fix=f"choose another name, or name {into!r} in columns",
            )
        function = self._load()

        def run(rows: pl.Series) -> pl.Series:
            return self._run(function, rows, into)

        row = pl.struct(names)
        return frame.with_columns(
            row.map_batches(run, return_dtype=_KINDS[self.returns]).alias(into)
        )

    @property
    def _rewritten(self) -> str | None:
        """The column that is rewritten, where no new one is made."""
        columns = (self.columns,) if isinstance(self.columns, str) else self.columns
        named = [name for name in columns if not name.startswith("@")]
        if self.into is None:
            return named[0] if len(named) == len(columns) == 1 else None
        return self.into if self.into in named else None

    def _load(self) -> Callable[[Mapping[str, Any]], Any]:
        function = self.function
        if isinstance(function, Function):
            return function.load(where=f"rule {self.kind!r}")
        return function

    def _run(
        self,
        function: Callable[[Mapping[str, Any]], Any],
        rows: pl.Series,
        into: str,
    ) -> pl.Series:
        values: list[Any] = []
        for row in rows.struct.unnest().iter_rows(named=True):
            try:
                value = function(row)
            except Exception as error:
                what = f"the function raised {type(error).__name__}: {error}"
                raise self._failed(what, row) from error
            if not _fits(value, self.returns):
                what = f"the function returned {value!r}, not {self.returns}"
                raise self._failed(what, row)
            values.append(value)
        return pl.Series(into, values, dtype=_KINDS[self.returns])

    def _failed(self, what: str, row: Mapping[str, Any]) -> DataError:
        name = self.function.ref if isinstance(self.function, Function) else ""
        return DataError(
            what,
            where=f"rule {self.kind!r}, {name}, on the row {row!r}",
            fix="mend the function so that it takes this row, or set `returns`",
        )


_KINDS: Mapping[str, type[pl.DataType]] = {
    "text": pl.String,
    "int": pl.Int64,
    "float": pl.Float64,
    "bool": pl.Boolean,
    "date": pl.Date,
}


def _fits(value: object, kind: str) -> bool:
    match value:
        case None:
            return True
        case bool():
            return kind == "bool"
        case int():
            return kind == "float" or (kind == "int" and -(2**63) <= value < 2**63)
        case float():
            return kind == "float"
        case str():
            return kind == "text"
        case datetime.datetime():
            return False
        case datetime.date():
            return kind == "date"
        case _:
            return False
