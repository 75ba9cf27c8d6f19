"""One version as a user holds it: its rows, where they came from, and what became of them.

`run` makes a version from a recipe; `open_dataset` takes one from a store.
"""

from seedbed.dataset.held import Dataset
from seedbed.dataset.running import Run, open_dataset, plan, run

__all__ = ["Dataset", "Run", "open_dataset", "plan", "run"]
