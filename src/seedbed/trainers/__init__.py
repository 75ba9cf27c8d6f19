"""A version of the data as each trainer wants to see it."""

from seedbed.trainers.arrays import to_numpy
from seedbed.trainers.frames import to_pandas

__all__ = ["to_numpy", "to_pandas"]
