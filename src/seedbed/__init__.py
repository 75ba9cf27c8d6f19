"""Make data ready for training: gather, unify, validate, clean, split, augment, version.

In a notebook, on a table at hand:

>>> import seedbed as sb
>>> rows = {"city": [" Oslo", "Bergen ", "n/a"], "age": ["31", "x", "7"]}
>>> cleaned = sb.clean(
...     rows, sb.cleaning.Trim(), sb.cleaning.NullTokens(), sb.cleaning.ToNumber(columns="age")
... )
>>> cleaned.frame.rows()
[('Oslo', 31.0), ('Bergen', None), (None, 7.0)]
>>> cleaned.ledger.changes().select("rule", "column", "before", "after").row(0)
('trim', 'city', ' Oslo', 'Oslo')

As a recipe, from sources to a version: see `Recipe` and `run`.
"""

from importlib.metadata import PackageNotFoundError, version

from seedbed import augmentation, cleaning, connectors, errors, unify, validation
from seedbed.core.function import Function
from seedbed.core.secret import Secret
from seedbed.dataset import Dataset, Run, open_dataset, plan, run
from seedbed.errors import SeedbedError
from seedbed.recipe import Recipe
from seedbed.store import LocalStore
from seedbed.verbs import augment, check, check_recipe, clean, read, split

__all__ = [
    "Dataset",
    "Function",
    "LocalStore",
    "Recipe",
    "Run",
    "Secret",
    "SeedbedError",
    "__version__",
    "augment",
    "augmentation",
    "check",
    "check_recipe",
    "clean",
    "cleaning",
    "connectors",
    "errors",
    "open_dataset",
    "plan",
    "read",
    "run",
    "split",
    "unify",
    "validation",
]

try:
    __version__ = version("seedbed")
except PackageNotFoundError:  # it runs from a folder and is not installed
    __version__ = "0+unknown"
