"""Checks: what the data is expected to be. They look, and never touch."""

from seedbed.validation.base import (
    SAMPLE,
    Check,
    Finding,
    KeyCheck,
    Report,
    RowCheck,
    Severity,
    check,
)
from seedbed.validation.compile import fuse, run_row_checks
from seedbed.validation.presence import NotNull, Unique
from seedbed.validation.values import Between, Matches, OneOf

__all__ = [
    "SAMPLE",
    "Between",
    "Check",
    "Finding",
    "KeyCheck",
    "Matches",
    "NotNull",
    "OneOf",
    "Report",
    "RowCheck",
    "Severity",
    "Unique",
    "check",
    "fuse",
    "run_row_checks",
]
