"""The same parts in a notebook cell: read, check, clean, split, augment.

Each verb takes a table (Polars, pandas, Arrow, a dict of columns) or what another verb
returned, and returns a small value: the frame, and what was done to get it. All of them
build a recipe and run its plan, so nothing is done in another way than in a recipe, and
what was tried in a cell can be written down with `to_yaml`.

>>> from seedbed.cleaning import FillMissing, Trim
>>> rows = {"city": [" Oslo", "Bergen", None], "age": [31, None, 7]}
>>> cleaned = clean(rows, Trim(), FillMissing(columns="age"))
>>> cleaned.frame["age"].to_list()
[31, 19, 7]
>>> cleaned.ledger.counts().select("rule", "column", "count").rows()
[('trim', 'city', 1), ('fill_missing', 'age', 1)]

A verb that is given the result of another repeats its steps, so that what is learned
after a split is learned from its training rows only:

>>> halves = split({"age": [1, 2, None, 4, 5, 6]}, train=0.5, test=0.5, seed=1)
>>> filled = clean(halves, FillMissing(columns="age", strategy="mean"))
>>> filled["train"].height + filled["test"].height
6
"""

from seedbed.verbs.cells import augment, check, check_recipe, clean, read, split
from seedbed.verbs.results import Augmented, Checked, Cleaned, Read, Result, Splits

__all__ = [
    "Augmented",
    "Checked",
    "Cleaned",
    "Read",
    "Result",
    "Splits",
    "augment",
    "check",
    "check_recipe",
    "clean",
    "read",
    "split",
]
