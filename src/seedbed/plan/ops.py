"""The steps of a plan: a part, its place, and the columns before and after it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

import polars as pl

from seedbed.augmentation import Augmenter
from seedbed.cleaning import KeyRule, Rule
from seedbed.core.statistics import Levels, Statistic
from seedbed.splits import Split
from seedbed.unify import Join
from seedbed.validation import Check, KeyCheck

__all__ = ["AugmentOp", "CheckOp", "JoinOp", "Op", "RuleOp", "SplitOp"]


@dataclass(frozen=True, kw_only=True)
class _Op:
    """One step of a plan: its number, its place, and the columns before and after."""

    number: int
    where: str
    before: pl.Schema
    after: pl.Schema

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """What must be learned before it can run."""
        return {}

    @property
    def meets(self) -> bool:
        """Whether rows of all fragments must meet by a key before it can run."""
        return False


@dataclass(frozen=True, kw_only=True)
class JoinOp(_Op):
    """Join a source to the rows by key."""

    join: Join

    @property
    def meets(self) -> bool:
        """Whether no two rows of the left side may share a key."""
        return self.join.expect == "one-to-one"


@dataclass(frozen=True, kw_only=True)
class RuleOp(_Op):
    """Apply a rule to its resolved columns."""

    rule: Rule
    names: tuple[str, ...]

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """What the rule learns."""
        return self.rule.learn(self.names)

    @property
    def meets(self) -> bool:
        """Whether the rule keeps one row a key."""
        return isinstance(self.rule, KeyRule)


@dataclass(frozen=True, kw_only=True)
class CheckOp(_Op):
    """Look at the rows."""

    check: Check

    @property
    def meets(self) -> bool:
        """Whether the check asks for rows that share a key."""
        return isinstance(self.check, KeyCheck)


@dataclass(frozen=True, kw_only=True)
class SplitOp(_Op):
    """Say of each row where it belongs."""

    split: Split

    @property
    def statistics(self) -> Mapping[str, Statistic]:
        """The names of the splits, where a column gives them."""
        given = self.split.given
        return {} if given is None else {"levels": Levels(given)}


@dataclass(frozen=True, kw_only=True)
class AugmentOp(_Op):
    """Make children of the training rows."""

    augmenter: Augmenter[Any]
    target: str | None


Op: TypeAlias = JoinOp | RuleOp | CheckOp | SplitOp | AugmentOp
