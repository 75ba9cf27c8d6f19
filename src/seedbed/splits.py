"""Which rows train and which test: by a hash of what a row is, so nobody ever moves.

A row's place is decided by its content key, or by its group, and by nothing else: new
rows and new columns move no old row, and exact twins land on the same side. The shares
hold in expectation, not to the row (for 200 rows, 0.8 may come out as 0.77).

>>> rows = pl.DataFrame({"who": ["ann", "bob", "ann"], "n": [1, 2, 3]})
>>> split = Split(by="who", shares={"train": 0.5, "test": 0.5})
>>> sides = split.assign(rows, keys=content_keys(rows), seed=7)
>>> sides[0] == sides[2]
True
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from seedbed.core.frame import SPLIT
from seedbed.core.identity import content_keys
from seedbed.core.seeds import salt_for
from seedbed.errors import BadSpec, DataError, did_you_mean

__all__ = ["TRAIN", "Split"]

TRAIN = "train"
"""The split that is learned from."""

_MIX = (0xBF58476D1CE4E5B9, 0x94D049BB133111EB)  # of SplitMix64 (Steele et al., 2014)


@dataclass(frozen=True, kw_only=True)
class Split:
    """How rows are split.

    Args:
        by: Columns whose values name a group; a group is never torn apart. Rows
            without a group are split on their own.
        given: A column that holds the name of the split of each row.
        shares: The split names with their shares, which sum to 1; one is ``train``.

    Raises:
        BadSpec: The shares are no shares, or both ways are given.
    """

    by: str | tuple[str, ...] | None = None
    given: str | None = None
    shares: Mapping[str, float] = field(default_factory=dict[str, float])

    def __post_init__(self) -> None:
        if self.by is not None and not isinstance(self.by, str):
            # A list is as good, and is the same value as the tuple that YAML gives.
            object.__setattr__(self, "by", tuple(self.by))
        if self.given is not None and (self.shares or self.by):
            raise BadSpec(
                "a split is either given by a column or made by shares",
                where="split",
                fix=f"write 'split: {{given: {self.given}}}', or leave 'given' out",
            )
        if self.given is not None:
            return
        total = math.fsum(self.shares.values())
        # Asked this way round, a NaN is no share either.
        whole = abs(total - 1) <= 1e-9 and min(self.shares.values()) > 0  # noqa: PLR2004
        if not whole:
            raise BadSpec(
                f"the shares must be above 0 and sum to 1, not to {total:g}",
                where="split",
                fix="write 'split: {train: 0.8, test: 0.2}'",
            )
        if TRAIN not in self.shares:
            raise BadSpec(
                f"no split is called {TRAIN!r}, so nothing could be learned",
                where="split",
                fix="write 'split: {train: 0.8, test: 0.2}'",
            )

    @property
    def reads(self) -> tuple[str, ...]:
        """The columns that decide."""
        if self.given is not None:
            return (self.given,)
        if self.by is None:
            return ()
        return (self.by,) if isinstance(self.by, str) else self.by

    def names(self, levels: Sequence[str] = ()) -> tuple[str, ...]:
        """Return the names of the splits, ``train`` first.

        Args:
            levels: The values of the column, where the split is given by one.
        """
        found = list(levels) if self.given is not None else list(self.shares)
        return tuple(sorted(found, key=lambda name: (name != TRAIN, found.index(name))))

    def assign(
        self,
        frame: pl.DataFrame,
        *,
        keys: pl.Series,
        seed: int,
        levels: Sequence[str] = (),
    ) -> pl.Series:
        """Return the split of each row, as a position in `names` (UInt8).

        Args:
            frame: The rows, with the columns that decide.
            keys: Their content keys (UInt128).
            seed: The seed of the recipe.
            levels: The values of the column, where the split is given by one.

        Raises:
            DataError: The column does not say of each row where it belongs.
        """
        names = self.names(levels)
        if self.given is not None:
            return self._given(frame[self.given], names)
        if self.reads:
            groups = content_keys(frame, self.reads)
            known = frame.select(pl.any_horizontal(pl.col(self.reads).is_not_null()))
            keys = groups.zip_with(known.to_series(), keys)
        place = _uniform(keys, salt_for(seed, "split"))
        sides = pl.repeat(len(names) - 1, len(keys), dtype=pl.UInt8, eager=True)
        edge = 1.0
        for number, name in reversed(list(enumerate(names))):
            edge -= self.shares[name]
            if number:
                below = place < min(max(round(edge * 2**64), 0), 2**64 - 1)
                rest = pl.repeat(number - 1, len(keys), dtype=pl.UInt8, eager=True)
                sides = rest.zip_with(below, sides)
        return sides.alias(SPLIT)

    def _given(self, column: pl.Series, names: Sequence[str]) -> pl.Series:
        texts = column.cast(pl.String)
        sides = texts.replace_strict(
            list(names), list(range(len(names))), default=None, return_dtype=pl.UInt8
        )
        if sides.null_count():
            raise DataError(
                f"{sides.null_count()} rows do not say in {self.given!r} where they belong",
                where="split",
                fix=f"fill the column, or drop them: drop_missing: {{columns: {self.given}}}",
            )
        return sides.alias(SPLIT)

    def to_spec(self) -> dict[str, Any]:
        """Return the settings as plain data."""
        if self.given is not None:
            return {"given": self.given}
        by = {} if self.by is None else {"by": self.by}
        if isinstance(self.by, tuple):
            by = {"by": list(self.by)}
        return {**self.shares, **by}

    @classmethod
    def from_spec(cls, spec: Any, *, where: str) -> Split:
        """Return the split that plain data describes.

        Raises:
            BadSpec: It does not describe one.
        """
        if not isinstance(spec, dict):
            raise BadSpec(
                f"a split must be a mapping, not {spec!r}",
                where=where,
                fix="write 'split: {train: 0.8, test: 0.2}'",
            )
        shares = {str(k): v for k, v in spec.items() if k not in ("by", "given")}
        for name, share in shares.items():
            if isinstance(share, bool) or not isinstance(share, int | float):
                fix = did_you_mean(
                    name, ("by", "given"), otherwise="write a number: 0.8"
                )
                raise BadSpec(
                    f"the share of {name!r} must be a number, not {share!r}",
                    where=where,
                    fix=fix,
                )
        by, given = spec.get("by"), spec.get("given")
        groups = by if isinstance(by, list) else [by]
        for name, value in [("given", given), *(("by", group) for group in groups)]:
            if value is not None and not isinstance(value, str):
                raise BadSpec(
                    f"{name!r} must name a column, not {value!r}",
                    where=where,
                    fix=f"write '{name}: NAME'",
                )
        try:
            return cls(
                by=tuple(by) if isinstance(by, list) else by, given=given, shares=shares
            )
        except BadSpec as error:
            raise BadSpec(error.what, where=where, fix=error.fix) from None


def _uniform(keys: pl.Series, salt: int) -> pl.Series:
    """Return 64 bits for each key, well mixed with the salt."""
    one, two = (pl.lit(number, pl.UInt64) for number in _MIX)
    bits = pl.col("k").cast(pl.UInt64, wrap_numerical=True) ^ pl.lit(salt, pl.UInt64)
    bits = (bits ^ (bits // 2**30)) * one
    bits = (bits ^ (bits // 2**27)) * two
    return keys.alias("k").to_frame().select(bits ^ (bits // 2**31)).to_series()
