"""Lay sources under each other, by the names of their columns."""

from collections.abc import Mapping

import polars as pl

from seedbed.errors import BadSpec, WrongType

__all__ = ["align"]


def align(
    schemas: Mapping[str, pl.Schema], *, where: str
) -> tuple[pl.Schema, dict[str, tuple[pl.Expr, ...]]]:
    """Return the schema of all sources together, and how each is brought to it.

    The columns come in the order in which they are first seen. A column that a source
    lacks is null in its rows, with the type that it has elsewhere. Types are never
    widened in silence: a number is no text, and 1 is no 1.0.

    Args:
        schemas: The columns of each source, by its name, in order.
        where: The place named in errors.

    Returns:
        The schema, and for each source the expressions that select it.

    Raises:
        BadSpec: There is no source.
        WrongType: Two sources hold a column of one name with different types.

    Examples:
        >>> north = pl.DataFrame({"city": ["Oslo"], "snow": [True]})
        >>> south = pl.DataFrame({"sun": [9], "city": ["Rome"]})
        >>> schema, select = align(
        ...     {"north": north.schema, "south": south.schema}, where="unify"
        ... )
        >>> north.select(select["north"]).vstack(south.select(select["south"])).rows()
        [('Oslo', True, None), ('Rome', None, 9)]
    """
    if not schemas:
        raise BadSpec(
            "there is no source to stack", where=where, fix="name at least one source"
        )
    agreed: dict[str, pl.DataType] = {}
    first: dict[str, str] = {}
    for source, schema in schemas.items():
        for name, kind in schema.items():
            if agreed.setdefault(name, kind) != kind:
                raise WrongType(
                    f"the column {name!r} holds {kind} in {source!r}, but "
                    f"{agreed[name]} in {first[name]!r}",
                    where=where,
                    fix="gather both with 'types: text' and change the type below "
                    "`unify`, or make them alike at the source",
                )
            first.setdefault(name, source)
    exprs = {
        source: tuple(
            pl.col(name) if name in schema else pl.lit(None, kind).alias(name)
            for name, kind in agreed.items()
        )
        for source, schema in schemas.items()
    }
    return pl.Schema(agreed), exprs
