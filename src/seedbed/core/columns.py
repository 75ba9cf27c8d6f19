"""Which columns a part is about: by name or by group."""

from collections.abc import Iterable, Mapping
from typing import TypeAlias

import polars as pl
from polars import selectors as cs

from seedbed.errors import BadSpec, MissingColumn, WrongType, did_you_mean

__all__ = [
    "GROUPS",
    "Columns",
    "in_group",
    "require_columns",
    "require_group",
    "resolve",
]

Columns: TypeAlias = str | tuple[str, ...]
"""A column, a group such as ``"@numeric"``, or several of these."""

GROUPS: Mapping[str, "cs.Selector"] = {
    "@all": cs.all(),
    "@numeric": cs.numeric(),
    "@float": cs.float(),
    "@text": cs.string() | cs.categorical() | cs.enum(),
    "@string": cs.string(),
    "@temporal": cs.temporal(),
    "@bool": cs.boolean(),
    "@binary": cs.binary(),
}
"""The groups: a name, and the kind of columns that it means."""


def resolve(columns: Columns, schema: pl.Schema, *, where: str = "") -> tuple[str, ...]:
    """Return the names that `columns` means in a frame of this schema, in its order.

    Raises:
        MissingColumn: A named column is not there.
        BadSpec: A group is unknown.

    Examples:
        >>> schema = pl.Schema({"id": pl.Int64, "body": pl.String, "age": pl.Float64})
        >>> resolve("@numeric", schema)
        ('id', 'age')
        >>> resolve(("body", "@numeric"), schema)
        ('id', 'body', 'age')
        >>> resolve("bodi", schema)
        Traceback (most recent call last):
        seedbed.errors.MissingColumn: there is no column 'bodi'
          fix:   did you mean 'body'? the columns are: id, body, age
    """
    wanted = (columns,) if isinstance(columns, str) else columns
    chosen: set[str] = set()
    for name in wanted:
        if name in schema:
            chosen.add(name)
        elif name.startswith("@"):
            chosen.update(in_group(name, schema, where=where))
        else:
            require_columns([name], schema, where=where)
    return tuple(name for name in schema if name in chosen)


def in_group(group: str, schema: pl.Schema, *, where: str = "") -> tuple[str, ...]:
    """Return the columns of `schema` that belong to `group`."""
    if group not in GROUPS:
        raise BadSpec(
            f"there is no group of columns {group!r}",
            where=where,
            fix=did_you_mean(
                group, GROUPS, otherwise=f"the groups are: {', '.join(GROUPS)}"
            ),
        )
    return cs.expand_selector(schema, GROUPS[group])


def require_columns(
    names: Iterable[str], schema: pl.Schema, *, where: str = ""
) -> None:
    """Raise `MissingColumn` for the first name that is not in `schema`."""
    for name in names:
        if name not in schema:
            known = ", ".join(list(schema)[:20]) + (" ..." if len(schema) > 20 else "")  # noqa: PLR2004
            raise MissingColumn(
                f"there is no column {name!r}",
                where=where,
                fix=did_you_mean(name, schema, otherwise=f"the columns are: {known}"),
            )


def require_group(
    names: Iterable[str], schema: pl.Schema, group: str, *, where: str, fix: str
) -> None:
    """Raise `WrongType` for the first column that does not belong to `group`."""
    fitting = in_group(group, schema)
    for name in names:
        if name not in fitting:
            raise WrongType(
                f"the column {name!r} holds {schema[name]}, not {group.removeprefix('@')}",
                where=where,
                fix=fix,
            )
