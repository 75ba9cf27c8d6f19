"""Rules that rename, drop and derive whole columns."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import polars as pl

from seedbed.cleaning.base import Effect, Learned, Rule, rule
from seedbed.core.columns import Columns, require_columns
from seedbed.core.rowlocal import row_local
from seedbed.errors import BadSpec, WrongType

__all__ = ["Derive", "DropColumns", "Rename"]


@rule("rename")
@dataclass(frozen=True, kw_only=True)
class Rename(Rule):
    """Give columns other names.

    Values and types stay, and so does the order of the columns. All names change at
    once, so two columns can swap theirs.

    Args:
        columns: Stays ``@all``; `names` says which columns it is about.
        names: The new name of each column, by the old one.

    Raises:
        BadSpec: `names` is empty, or two columns want one name.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"dep_dly": [3], "flt": ["UA1"]}
        >>> try_rule(Rename(names={"dep_dly": "delay"}), train=rows).columns
        ['delay', 'flt']
    """

    effect: ClassVar[Effect] = Effect.COLUMNS

    columns: Columns = "@all"
    names: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        where = f"rule {self.kind!r}"
        _whole(self, instead="names")
        if not self.names:
            raise BadSpec(
                "there is no column to rename",
                where=where,
                fix="write names: {old: new}",
            )
        new = list(self.names.values())
        twice = sorted({name for name in new if new.count(name) > 1})
        if twice or not all(new):
            raise BadSpec(
                f"the new names {new} are not all different, or one is empty",
                where=where,
                fix="give each column a name of its own",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns under their old names."""
        return tuple(self.names)

    def renames(self, names: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002
        """Return what is renamed: old to new."""
        return self.names

    def apply(
        self,
        frame: pl.LazyFrame,
        names: Sequence[str],  # noqa: ARG002 - its own mapping says which
        learned: Learned,  # noqa: ARG002
    ) -> pl.LazyFrame:
        """Return the columns under their new names.

        Raises:
            BadSpec: A column that stays has one of the new names.
        """
        schema = frame.collect_schema()
        require_columns(self.names, schema, where=f"rule {self.kind!r}")
        for new in self.names.values():
            if new in schema and new not in self.names:
                raise _taken(self, new)
        return frame.rename(dict(self.names))


@rule("drop_columns")
@dataclass(frozen=True, kw_only=True)
class DropColumns(Rule):
    """Drop columns; the ledger keeps what they held.

    Use it for what no model may see: row numbers, identifiers, and columns that are
    known only after the fact.

    Args:
        columns: The columns to drop.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"id": [7], "age": [31]}
        >>> try_rule(DropColumns(columns="id"), train=rows).columns
        ['age']
    """

    effect: ClassVar[Effect] = Effect.COLUMNS

    def apply(
        self,
        frame: pl.LazyFrame,
        names: Sequence[str],
        learned: Learned,  # noqa: ARG002
    ) -> pl.LazyFrame:
        """Return the other columns."""
        return frame.drop(names)


@rule("derive")
@dataclass(frozen=True, kw_only=True)
class Derive(Rule):
    """Add a column that a formula makes of the others, row by row.

    The formula is an SQL expression: arithmetic, comparisons, ``case when``, and the
    functions of numbers, texts and dates. A quotient is a float. Aggregates and window
    functions look at other rows and are refused, as is the time of day: the same row
    must give the same value whenever it is asked.

    Use it for what a person would compute from one row. For what SQL cannot say there
    is `apply`.

    Args:
        columns: Stays ``@all``; the formula says which columns it reads.
        into: The name of the new column.
        formula: The expression.

    Raises:
        BadSpec: The formula is no SQL expression, or looks at other rows.

    Source:
        https://docs.pola.rs/api/python/stable/reference/sql/

    Examples:
        >>> from seedbed.testing import try_rule
        >>> speed = Derive(into="speed", formula="distance / (minutes / 60)")
        >>> try_rule(speed, train={"distance": [300], "minutes": [45]})["speed"].item()
        400.0
    """

    effect: ClassVar[Effect] = Effect.COLUMNS

    columns: Columns = "@all"
    into: str
    formula: str

    def __post_init__(self) -> None:
        _whole(self, instead="formula")
        if not self.into:
            raise BadSpec(
                "the new column has no name",
                where=f"rule {self.kind!r}",
                fix="write into: speed",
            )
        if row_local(self._expr()) is not True:
            raise BadSpec(
                f"the formula {self.formula!r} looks at other rows",
                where=f"rule {self.kind!r}",
                fix="use functions of one row only; what must be learned needs a rule",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns in the formula."""
        return tuple(dict.fromkeys(self._expr().meta.root_names()))

    def apply(
        self,
        frame: pl.LazyFrame,
        names: Sequence[str],  # noqa: ARG002 - the formula says which
        learned: Learned,  # noqa: ARG002
    ) -> pl.LazyFrame:
        """Return the rows with the new column at the end.

        Raises:
            BadSpec: There is a column of that name.
            WrongType: The columns are of types that the formula cannot work on.
        """
        schema = frame.collect_schema()
        where = f"rule {self.kind!r}, into {self.into!r}"
        require_columns(self.reads, schema, where=where)
        if self.into in schema:
            raise _taken(self, self.into)
        expr = self._expr().alias(self.into)
        try:
            # Without rows only the types have a say; some ask for them late.
            schema.to_frame().select(expr)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            kinds = ", ".join(f"{name}: {schema[name]}" for name in self.reads)
            raise WrongType(
                f"the formula {self.formula!r} cannot work on {kinds}: {_first(error)}",
                where=where,
                fix="change the type before, such as with to_number, or use cast(...)",
            ) from error
        return frame.with_columns(expr)

    def _expr(self) -> pl.Expr:
        if _CLOCK.search(_QUOTED.sub("", self.formula)):
            raise self._unreadable("it asks for the time of day")
        try:
            return pl.sql_expr(self.formula)
        except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
            raise self._unreadable(_first(error)) from error

    def _unreadable(self, why: str) -> BadSpec:
        return BadSpec(
            f"the formula {self.formula!r} cannot be used: {why}",
            where=f"rule {self.kind!r}",
            fix="write one SQL expression over columns, such as 'price * pieces'",
        )


_QUOTED = re.compile(r"'[^']*'|\"[^\"]*\"")
_CLOCK = re.compile(r"\b(?:current_(?:date|time)|localtime|now\s*\()", re.IGNORECASE)


def _whole(rule: Rule, *, instead: str) -> None:
    if rule.columns != "@all":
        raise BadSpec(
            f"{rule.kind!r} takes no columns",
            where=f"rule {rule.kind!r}",
            fix=f"leave `columns` out: `{instead}` names the columns",
        )


def _taken(rule: Rule, name: str) -> BadSpec:
    return BadSpec(
        f"there is a column {name!r} already",
        where=f"rule {rule.kind!r}",
        fix="choose another name, or rename or drop that column before",
    )


def _first(error: BaseException) -> str:
    return str(error).partition("\n")[0]
