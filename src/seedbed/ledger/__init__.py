"""What each step changed, dropped and made, and why; nothing is lost.

While a fragment passes through the steps, a `Recorder` compares every column before and
after, and writes what changed beside it: one file a fragment and pass, with the step,
the column, the row, and the value before and after in their own types. A step that
changes a type is one entry with its inverse; only cells that the inverse does not give
back exactly are kept. Dropped rows are kept whole.

`revert` walks back: from what is there and what was dropped to what was gathered.
"""

from seedbed.ledger.book import Ledger
from seedbed.ledger.entries import GATHER, REASON, SURVIVOR, Level, StepEntry, Stored
from seedbed.ledger.recording import Recorder, write_table
from seedbed.ledger.reverting import revert

__all__ = [
    "GATHER",
    "REASON",
    "SURVIVOR",
    "Ledger",
    "Level",
    "Recorder",
    "StepEntry",
    "Stored",
    "revert",
    "write_table",
]
