"""Unify: lay sources under each other, or side by side, as one frame."""

from seedbed.unify.join import (
    MATCHED,
    Join,
    attach,
    joined_schema,
    prepare_right,
    require_unique,
)
from seedbed.unify.stack import align

__all__ = [
    "MATCHED",
    "Join",
    "align",
    "attach",
    "joined_schema",
    "prepare_right",
    "require_unique",
]
