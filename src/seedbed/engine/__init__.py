"""Only an engine runs a plan; it is the one room where rows are collected."""

from seedbed.engine.base import Engine, Progress
from seedbed.engine.driver import execute
from seedbed.engine.finish import Shard
from seedbed.engine.gathering import Gathered, Slice, gather
from seedbed.engine.local import LocalEngine
from seedbed.engine.outcome import Outcome

__all__ = [
    "Engine",
    "Gathered",
    "LocalEngine",
    "Outcome",
    "Progress",
    "Shard",
    "Slice",
    "execute",
    "gather",
]
