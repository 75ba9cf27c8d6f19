"""Put a source beside another, row by row, by the keys that they share.

The right side has to be unique in its keys, and that is checked: a join that multiplies
rows in silence is the most common way to spoil a data set.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import polars as pl

from seedbed.core.columns import require_columns
from seedbed.errors import BadSpec, DataError, WrongType

__all__ = [
    "MATCHED",
    "Join",
    "attach",
    "joined_schema",
    "prepare_right",
    "require_unique",
]

MATCHED = "_matched"
"""The column that tells whether a row found its partner."""

_SHOWN = 3


@dataclass(frozen=True, kw_only=True)
class Join:
    """One join: which sources, by which columns, and what is expected of the keys.

    Args:
        left: The source whose rows are kept in their order.
        right: The source that is looked up.
        by: The key: one column or several, of the same names on both sides.
        how: ``left`` keeps all rows of the left source, ``inner`` those with a partner.
        expect: ``many-to-one`` means that the key is unique on the right;
            ``one-to-one``, on both sides.

    Raises:
        BadSpec: There is no key, one stands twice, or a source is joined to itself.

    Examples:
        >>> Join(left="flights", right="weather", by=("origin", "hour")).keys
        ('origin', 'hour')
    """

    left: str
    right: str
    by: str | tuple[str, ...]
    how: Literal["left", "inner"] = "left"
    expect: Literal["many-to-one", "one-to-one"] = "many-to-one"

    def __post_init__(self) -> None:
        where = f"join of {self.left!r} and {self.right!r}"
        if not self.keys or len(set(self.keys)) < len(self.keys):
            raise BadSpec(
                f"{self.by!r} is no key",
                where=where,
                fix="name each column once, as in by=('origin', 'hour')",
            )
        if self.left == self.right:
            raise BadSpec(
                f"the source {self.left!r} is joined to itself",
                where=where,
                fix="gather it a second time under another name",
            )

    @property
    def keys(self) -> tuple[str, ...]:
        """The columns of the key."""
        return (self.by,) if isinstance(self.by, str) else tuple(self.by)


def joined_schema(
    left: pl.Schema, right: pl.Schema, join: Join, *, where: str
) -> pl.Schema:
    """Return the columns after a join: those of the left, then those of the right.

    A right column whose name is taken is called ``<source>_<name>``.

    Raises:
        MissingColumn: A side lacks a column of the key.
        WrongType: A column of the key has another type on the other side.
        BadSpec: A new name is taken, too.

    Examples:
        >>> flights = pl.Schema({"tail": pl.String, "year": pl.Int64})
        >>> planes = pl.Schema({"tail": pl.String, "year": pl.Int64, "seats": pl.Int64})
        >>> join = Join(left="flights", right="planes", by="tail")
        >>> list(joined_schema(flights, planes, join, where="unify"))
        ['tail', 'year', 'planes_year', 'seats']
    """
    require_columns(join.keys, left, where=f"{where}, source {join.left!r}")
    require_columns(join.keys, right, where=f"{where}, source {join.right!r}")
    for key in join.keys:
        if left[key] != right[key]:
            raise WrongType(
                f"the key {key!r} holds {left[key]} in {join.left!r}, but {right[key]} "
                f"in {join.right!r}",
                where=where,
                fix="gather both with 'types: text', or make them alike at the source",
            )
    added = {
        new: right[old] for old, new in _names(left, right, join, where=where).items()
    }
    return pl.Schema({**left, **added})


def prepare_right(
    right: pl.DataFrame, left: pl.Schema, join: Join, *, where: str
) -> pl.DataFrame:
    """Return the right side ready to be attached, with its final names.

    Rows with a null in their key are left out: they match nothing.

    Raises:
        DataError: Several rows have one key.
        MissingColumn: A side lacks a column of the key.
        WrongType: A column of the key has another type on the other side.
        BadSpec: A new name is taken, too.

    Examples:
        >>> planes = pl.DataFrame({"tail": ["N1", "N1", "N2"], "seats": [2, 4, 8]})
        >>> join = Join(left="flights", right="planes", by="tail")
        >>> prepare_right(planes, pl.Schema({"tail": pl.String}), join, where="unify")
        Traceback (most recent call last):
        seedbed.errors.DataError: 1 key stands in several rows of 'planes': 'N1' (2 times)
          where: unify
          fix:   keep one row a key in 'planes', or name more columns than tail in 'by'
    """
    joined_schema(left, right.schema, join, where=where)
    usable = right.drop_nulls(list(join.keys))
    require_unique(usable, join, join.right, where=where)
    return usable.rename(_names(left, right.schema, join, where=where))


def require_unique(frame: pl.DataFrame, join: Join, source: str, *, where: str) -> None:
    """Raise `DataError` if several rows of `frame` have one key.

    Rows with a null in their key do not count. `prepare_right` calls it for the right
    side; for ``expect="one-to-one"`` the caller, who holds the whole left side, calls
    it for that one.
    """
    keys = list(join.keys)
    counts = frame.drop_nulls(keys).group_by(keys).agg(pl.len().alias("_times"))
    twice = counts.filter(pl.col("_times") > 1).sort(
        "_times", *keys, descending=[True, *[False] * len(keys)]
    )
    if twice.is_empty():
        return
    shown = ", ".join(_show(row) for row in twice.head(_SHOWN).rows())
    more = ", ..." if twice.height > _SHOWN else ""
    many = "1 key stands" if twice.height == 1 else f"{twice.height} keys stand"
    columns = keys[0] if len(keys) == 1 else f"[{', '.join(keys)}]"
    raise DataError(
        f"{many} in several rows of {source!r}: {shown}{more}",
        where=where,
        fix=f"keep one row a key in {source!r}, or name more columns than {columns} in 'by'",
    )


def attach(frame: pl.LazyFrame, right: pl.DataFrame, join: Join) -> pl.LazyFrame:
    """Return the rows of the left side with what the right side knows of them.

    Every row is kept, in its order, whatever `how` says: with ``how="inner"`` the
    caller drops those for which `_matched` is false, since it has to write them down.

    Args:
        frame: Rows of the left side.
        right: What `prepare_right` returned.
        join: The join.

    Examples:
        >>> planes = pl.DataFrame({"tail": ["N1"], "seats": [2]})
        >>> flights = pl.LazyFrame({"tail": ["N2", "N1", None]})
        >>> join = Join(left="flights", right="planes", by="tail")
        >>> attach(flights, planes, join).collect().rows()
        [('N2', None, False), ('N1', 2, True), (None, None, False)]
    """
    return frame.join(
        right.lazy().with_columns(pl.lit(value=True).alias(MATCHED)),
        on=list(join.keys),
        how="left",
        maintain_order="left",
        nulls_equal=False,
    ).with_columns(pl.col(MATCHED).fill_null(value=False))


def _names(
    left: pl.Schema, right: pl.Schema, join: Join, *, where: str
) -> dict[str, str]:
    """Return what the columns of the right side, keys aside, are called afterwards."""
    taken = set(left)
    named: dict[str, str] = {}
    for name in right:
        if name in join.keys:
            continue
        new = f"{join.right}_{name}" if name in left else name
        if new in taken or new in (set(right) if new != name else ()):
            raise BadSpec(
                f"the column {name!r} of {join.right!r} finds no name: {new!r} is taken",
                where=where,
                fix=f"rename {name!r} in one of the two sources first",
            )
        taken.add(new)
        named[name] = new
    return named


def _show(row: Sequence[object]) -> str:
    *key, times = row
    text = repr(key[0]) if len(key) == 1 else repr(tuple(key))
    return f"{text} ({times} times)"
