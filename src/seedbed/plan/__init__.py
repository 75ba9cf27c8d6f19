"""A plan: a recipe held against the columns it will meet.

Whatever can be known without rows is refused here, before any row is read: an unknown
column, a wrong type, a step that learns from rows that it must not see, an augmenter
above the split, a label that would be flipped without a map.

>>> from seedbed.cleaning import FillMissing, Trim
>>> from seedbed.connectors import Files
>>> from seedbed.recipe import Recipe
>>> import polars as pl
>>> recipe = Recipe("people").gather(Files(path="people.csv"))
>>> schema = pl.Schema({"name": pl.String, "age": pl.Int64})
>>> print(compile(recipe.clean(Trim()), schema).explain())
plan of 'people': 2 columns in, 2 out
  1  steps[1].clean[0]  trim   name
  note: rows are known by their content, so an edited row is one gone and one new; give the role 'id' if there is one
>>> learns = recipe.clean(FillMissing(columns="age")).split(train=0.8, test=0.2)
>>> compile(learns, schema)
Traceback (most recent call last):
seedbed.errors.Leak: rule 'fill_missing' learns from all rows, test rows included
  where: recipe 'people', steps[1].clean[0]
  fix:   move it below `split`; it then learns from train only
"""

from seedbed.plan.compiling import compile
from seedbed.plan.ops import AugmentOp, CheckOp, JoinOp, Op, RuleOp, SplitOp
from seedbed.plan.planned import Plan
from seedbed.plan.refusing import refuse

__all__ = [
    "AugmentOp",
    "CheckOp",
    "JoinOp",
    "Op",
    "Plan",
    "RuleOp",
    "SplitOp",
    "compile",
    "refuse",
]
