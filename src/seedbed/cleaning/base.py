"""What a cleaning rule is.

A rule is a frozen dataclass: its fields are its settings, and nothing else. It never
holds data. What it needs to know about other rows it *learns*, as plain tables that the
store keeps beside the version; what it does to a row is an expression of those tables.
So a rule cannot leak, cannot be "not fitted yet", and needs no pickle.

Most rules are a `ColumnRule` (rewrites values), a `RowRule` (keeps rows) or a `KeyRule`
(keeps one row of those that share a key). Only a rule that adds, renames or removes
columns needs `Rule` itself.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar, Literal, final

import polars as pl

from seedbed.core.columns import (
    Columns,
    in_group,
    require_columns,
    require_group,
    resolve,
)
from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.core.statistics import Learned, Statistic

__all__ = [
    "ColumnRule",
    "Effect",
    "KeyRule",
    "Learned",
    "Learns",
    "RowRule",
    "Rule",
    "Scope",
    "rule",
]


class Scope(StrEnum):
    """Which rows a rule may touch."""

    EVERYWHERE = "everywhere"
    TRAIN = "train"


class Effect(StrEnum):
    """What a rule may change; the engine and `seedbed.testing` hold it to that."""

    VALUES = "values"
    ROWS = "rows"
    COLUMNS = "columns"


class Learns(StrEnum):
    """From which rows a rule learns, and so where it may stand in a recipe."""

    NOTHING = "nothing"
    TRAIN = "train"
    COMPANY = "company"


@dataclass(frozen=True, kw_only=True)
class Rule(Part, ABC):
    """One cleaning step: a function of rows and of what was learned from them.

    Class variables say what the rule promises:

    - `effect`: what it may change.
    - `accepts`: the group of columns that it works on; of a group in `columns` it takes
      those that fit, of a named column it insists.
    - `opaque`: it runs Python that the engine cannot look into.

    Args:
        columns: The columns to work on.
        scope: ``train`` leaves the rows of other splits, and rows that are served later,
            as they are.
    """

    effect: ClassVar[Effect] = Effect.COLUMNS
    accepts: ClassVar[str] = "@all"
    opaque: ClassVar[bool] = False

    columns: Columns
    scope: Scope = Scope.EVERYWHERE

    @property
    def learns(self) -> Learns:
        """From which rows the rule, with these settings, learns."""
        return Learns.NOTHING

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that it looks at beside the ones it works on."""
        return ()

    @property
    def order_dependent(self) -> bool:
        """Whether the outcome hangs on the order of the gathered rows."""
        return False

    def group(self) -> str:
        """Return the group of columns that the rule, with these settings, works on."""
        return self.accepts

    def choose(self, schema: pl.Schema, *, where: str = "") -> tuple[str, ...]:
        """Return the columns of a frame of this schema that the rule works on.

        Of a group in `columns` those that fit `group` are taken; a column that is
        named must fit.

        Raises:
            MissingColumn: A named column, or one that the rule reads, is not there.
            WrongType: A named column is not of the group that the rule works on.
        """
        where = where or f"rule {self.kind!r}"
        wanted = (self.columns,) if isinstance(self.columns, str) else self.columns
        named = [name for name in wanted if name in schema or not name.startswith("@")]
        require_columns([*named, *self.reads], schema, where=where)
        fix = f"{self.kind} works on {self.group()} columns: change its type before"
        require_group(named, schema, self.group(), where=where, fix=fix)
        fitting = in_group(self.group(), schema)
        chosen = resolve(self.columns, schema, where=where)
        return tuple(name for name in chosen if name in fitting)

    def learn(self, names: Sequence[str]) -> Mapping[str, Statistic]:  # noqa: ARG002
        """Return what to learn, by name."""
        return {}

    def refuses(self, column: pl.Expr) -> pl.Expr | None:  # noqa: ARG002
        """Return an expression that is true for the cells that must stop a run.

        Args:
            column: A column that the rule works on, as it comes in.

        Returns:
            None, which is the rule, if no cell does.
        """
        return None

    def extra_digest(self) -> str:
        """Return the digest of what the rule knows beside its settings, or ``""``.

        A rule that reads a file of its own belongs to other versions when that file
        changes, though its settings stay the same.
        """
        return ""

    def renames(self, names: Sequence[str]) -> Mapping[str, str]:  # noqa: ARG002
        """Return the columns that only change their name: old to new."""
        return {}

    def inverse(self, column: str) -> str:  # noqa: ARG002
        """Say how a column whose type changes is written back.

        Returns:
            ``"cast"``, or ``"format:..."`` with a strftime format. Cells that this does
            not give back exactly go to the ledger as they were.
        """
        return "cast"

    @abstractmethod
    def apply(
        self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned
    ) -> pl.LazyFrame:
        """Return the cleaned rows; lazily, and without a look at other data.

        Args:
            frame: The user's columns.
            names: The columns to work on, resolved.
            learned: What `learn` asked for, by the same names.
        """


@dataclass(frozen=True, kw_only=True)
class ColumnRule(Rule):
    """A rule that rewrites the values of each of its columns on its own."""

    effect: ClassVar[Effect] = Effect.VALUES

    def study(self, column: str) -> Mapping[str, Statistic]:  # noqa: ARG002
        """Return what to learn of one column, by name."""
        return {}

    @abstractmethod
    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:
        """Return the column with its new values.

        Args:
            column: The column.
            learned: What `study` asked for, of this column, by the same names.
        """

    @final
    def learn(self, names: Sequence[str]) -> Mapping[str, Statistic]:
        """Study each column; what is learned of ``c`` is named ``c.name``."""
        return {
            f"{name}.{key}": statistic
            for name in names
            for key, statistic in self.study(name).items()
        }

    @final
    def apply(
        self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned
    ) -> pl.LazyFrame:
        """Rewrite each column with what was learned of it."""
        return frame.with_columns(
            self.rewrite(pl.col(name), _of(name, learned)).alias(name) for name in names
        )


@dataclass(frozen=True, kw_only=True)
class RowRule(Rule):
    """A rule that drops rows one by one; the ledger keeps what is dropped, and why."""

    effect: ClassVar[Effect] = Effect.ROWS

    @abstractmethod
    def keep(self, names: Sequence[str], learned: Learned) -> pl.Expr:
        """Return an expression that is true for the rows to keep."""

    @final
    def apply(
        self, frame: pl.LazyFrame, names: Sequence[str], learned: Learned
    ) -> pl.LazyFrame:
        """Keep the rows for which `keep` is true."""
        return frame.filter(self.keep(names, learned))


@dataclass(frozen=True, kw_only=True)
class KeyRule(Rule):
    """A rule that keeps one of the rows that share a key.

    The survivor is the row whose gathered content has the smallest key, so the order
    of the rows does not matter; with ``keep="first"`` it is the first gathered row.
    Nulls in a key are equal to each other.

    Args:
        keep: ``smallest`` content key, or ``first`` gathered row.
    """

    effect: ClassVar[Effect] = Effect.ROWS

    keep: Literal["smallest", "first"] = "smallest"

    @property
    def learns(self) -> Learns:
        """Rows meet each other: that is company."""
        return Learns.COMPANY

    @property
    def order_dependent(self) -> bool:
        """Whether the first gathered row survives."""
        return self.keep == "first"

    def key(self, names: Sequence[str]) -> Sequence[pl.Expr]:
        """Return the expressions whose values, together, are the key of a row."""
        return [pl.col(name) for name in names]

    @final
    def apply(
        self,
        frame: pl.LazyFrame,
        names: Sequence[str],
        learned: Learned,  # noqa: ARG002 - the key is all it needs
    ) -> pl.LazyFrame:
        """Keep the first row of each key (the engine finds the survivor itself)."""
        key = pl.struct(self.key(names))
        return frame.filter(key.is_first_distinct())


rule: Registry[Rule] = Registry("rule")
"""Register a rule: ``@rule("merge_rare")`` above a frozen dataclass."""


def _of(column: str, learned: Learned) -> Learned:
    prefix = f"{column}."
    return {
        key.removeprefix(prefix): value
        for key, value in learned.items()
        if key.startswith(prefix)
    }
