"""Tell whether an expression works on each row alone.

Rows are worked on in fragments, and tomorrow one by one. An expression that looks at
other rows would then be silently wrong, so the plan refuses it. Polars answers for the
outermost step of an expression only: to it ``x - x.mean()`` is a subtraction, which is
row by row. So the whole tree is walked, and every step must be harmless.

>>> row_local(pl.col("x") * 2 + pl.col("y"))
True
>>> row_local(pl.col("x") - pl.col("x").mean())
False
>>> row_local(pl.col("x").map_batches(lambda x: x)) is None
True
"""

import json
import pickle
from collections.abc import Mapping
from typing import Any

import polars as pl

__all__ = ["row_local"]

# Steps that look at one row whatever is below them, and leaves.
_HARMLESS = frozenset(
    {
        "Alias",
        "BinaryExpr",
        "Cast",
        "Column",
        "DataTypeFunction",
        "KeepName",
        "Literal",
        "RenameAlias",
        "Selector",
        "Ternary",
    }
)
_SQL = frozenset({"Binary", "Round"})
_UNRESOLVED = (
    pl.exceptions.ColumnNotFoundError,
    pl.exceptions.InvalidOperationError,
    pl.exceptions.SchemaError,
)


def row_local(expr: pl.Expr) -> bool | None:
    """Tell whether each row of `expr` depends on that row only, and gives one row.

    An expression that changes how many rows there are (`filter`, `explode`) is not
    row-local. A literal below another step is let through: it is no row.

    Returns:
        True, False, or None where Python runs inside, which nobody can look into: its
        author has to declare it.

    Examples:
        >>> row_local(pl.col("x").fill_null(pl.col("x").median()))
        False
        >>> row_local(pl.col("x").is_in(pl.Series([1, 2]).implode()))
        True
        >>> row_local(pl.sql_expr("round(price / pieces, 2)"))
        True
    """
    verdict = _step(expr)
    if verdict is False:
        return False
    for child in expr.meta.pop():
        if child.meta.is_literal():
            continue
        below = row_local(child)
        if below is False:
            return False
        verdict = None if below is None else verdict
    return verdict


def _step(expr: pl.Expr) -> bool | None:
    """Judge the outermost step alone."""
    meta = expr.meta
    if meta.is_literal():
        return meta.is_scalar()
    try:
        return meta.is_row_separable() and (
            meta.is_length_preserving() or meta.is_scalar()
        )
    except _UNRESOLVED:
        return _without_types(expr)


def _without_types(expr: pl.Expr) -> bool | None:
    """Judge a step that Polars cannot resolve, as it depends on types it cannot know."""
    try:
        tree: Any = json.loads(expr.meta.serialize(format="json"))
    except (pl.exceptions.ComputeError, pickle.PicklingError, TypeError):
        return None  # only Python functions cannot be written down
    if not isinstance(tree, Mapping):
        return False  # a bare word, such as "Len"
    (sort, body), *_ = tree.items()
    if sort == "AnonymousFunction":
        return None
    if sort == "Function":
        return _function(body)
    return sort in _HARMLESS


def _function(body: dict[str, Any]) -> bool:
    """Judge a function by putting plain columns under it."""
    function = body["function"]
    if isinstance(function, dict) and "Sql" in function:
        (name,) = function["Sql"]
        # Membership in a column of lists is by row, in a plain column it is not.
        return name in _SQL or (name == "IsIn" and "Literal" in body["input"][1])
    body["input"] = [
        below if isinstance(below, dict) and "Literal" in below else {"Column": "x"}
        for below in body["input"]
    ]
    shallow = pl.Expr.deserialize(
        json.dumps({"Function": body}).encode(), format="json"
    )
    try:
        return shallow.meta.is_row_separable() and shallow.meta.is_length_preserving()
    except _UNRESOLVED:
        return False
