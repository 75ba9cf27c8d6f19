"""A recipe: a frozen list of steps, the same value in Python and in YAML.

>>> from seedbed.cleaning import FillMissing, Trim
>>> from seedbed.connectors import Files
>>> recipe = (
...     Recipe("people", seed=7)
...     .gather(Files(path="people.csv"))
...     .clean(Trim())
...     .split(train=0.8, test=0.2)
...     .clean(FillMissing(columns="age"))
... )
>>> print(recipe.to_yaml(), end="")
name: people
seed: 7
steps:
- gather:
  - files: {path: people.csv}
- clean: [trim]
- split: {train: 0.8, test: 0.2}
- clean:
  - fill_missing: {columns: age}
>>> Recipe.from_yaml(recipe.to_yaml()) == recipe
True
"""

from seedbed.recipe.steps import Augment, Clean, Gather, Roles, Step, Unify, Validate
from seedbed.recipe.whole import Recipe

__all__ = ["Augment", "Clean", "Gather", "Recipe", "Roles", "Step", "Unify", "Validate"]
