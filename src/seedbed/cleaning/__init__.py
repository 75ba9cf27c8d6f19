"""Cleaning rules: what they promise is in `seedbed.cleaning.base`."""

from seedbed.cleaning.base import (
    ColumnRule,
    Effect,
    KeyRule,
    Learned,
    Learns,
    RowRule,
    Rule,
    Scope,
    rule,
)
from seedbed.cleaning.categories import MergeRare
from seedbed.cleaning.columns import Derive, DropColumns, Rename
from seedbed.cleaning.dependency import Dependency
from seedbed.cleaning.duplicates import DropDuplicates
from seedbed.cleaning.lookup import Lookup
from seedbed.cleaning.missing import DropMissing, FillMissing
from seedbed.cleaning.numbers import Clip
from seedbed.cleaning.python import Apply
from seedbed.cleaning.text import NullTokens, Trim
from seedbed.cleaning.types import ToDate, ToNumber

__all__ = [
    "Apply",
    "Clip",
    "ColumnRule",
    "Dependency",
    "Derive",
    "DropColumns",
    "DropDuplicates",
    "DropMissing",
    "Effect",
    "FillMissing",
    "KeyRule",
    "Learned",
    "Learns",
    "Lookup",
    "MergeRare",
    "NullTokens",
    "Rename",
    "RowRule",
    "Rule",
    "Scope",
    "ToDate",
    "ToNumber",
    "Trim",
    "rule",
]
