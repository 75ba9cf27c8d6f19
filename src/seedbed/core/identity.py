"""Names for rows and tables that do not depend on where or how they were computed.

**The content key of a row** is the sum, modulo 2^128, of one XXH3-128 hash a field,
seeded by the name of the column (a multiset hash after Bellare and Micciancio,
*A New Paradigm for Collision-Free Hashing: Incrementality at Reduced Cost*, 1997).
So the order of the columns does not matter, fields cannot run into each other, and a
column in which a row has no value does not touch its key. Values are hashed as
canonical text: 1, 1.0, and the texts ``"1"`` and ``"1.0"`` are the same value, so an
integer column that turns into a float column changes nobody.

**The content id of a table** is a BLAKE2b digest of names, types and values in order.
It sees every bit (-0.0 is not 0.0), and does not see how a frame is cut into chunks.

>>> ints = pl.DataFrame({"n": [1, 2], "who": ["ann", None]})
>>> floats = pl.DataFrame({"who": ["ann", None], "n": [1.0, 2.0]})
>>> content_keys(ints).equals(content_keys(floats))
True
>>> content_id(ints) == content_id(floats)
False
"""

from __future__ import annotations

import hashlib
import importlib
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import polars as pl

if TYPE_CHECKING:
    import numpy as np

__all__ = [
    "canonical_text",
    "child_id",
    "content_id",
    "content_keys",
    "digest_of",
    "hash_of",
    "to_hex",
    "with_twin",
]

_EXACT = 2.0**63


def canonical_text(series: pl.Series) -> pl.Series:
    """Return the values as texts in which equal values are equal.

    Examples:
        >>> canonical_text(pl.Series([1.0, 12.5, -0.0])).to_list()
        ['1', '12.5', '0']
        >>> canonical_text(pl.Series(["1.50", "1.0", "01", "1.0.0"])).to_list()
        ['1.5', '1', '01', '1.0.0']
    """
    kind = series.dtype
    if kind == pl.String:
        return _without_trailing_zeros(series)
    if kind.is_float():
        wide = series.cast(pl.Float64)
        whole = (wide == wide.floor()) & (wide.abs() < _EXACT)
        texts = wide.cast(pl.String)
        if not whole.any():
            return texts
        integers = wide.cast(pl.Int64, strict=False).cast(pl.String)
        return integers.zip_with(whole.fill_null(value=False), texts)
    if kind.is_integer():
        return series.cast(pl.String)
    if kind.is_decimal():
        return _without_trailing_zeros(series.cast(pl.String))
    if kind.is_nested() or isinstance(kind, pl.Object | pl.Null):
        return _as_json(series)
    if kind == pl.Duration:  # the one type that does not cast to text
        return series.dt.to_string("iso")
    return series.cast(pl.String)


def hash_of(series: pl.Series, *, seed: int = 0) -> pl.Series:
    """Return a 128-bit hash of each value (UInt128); nulls stay null."""
    _register_hashes()

    texts = series if series.dtype == pl.Binary else canonical_text(series)
    if texts.dtype == pl.Null:
        texts = texts.cast(pl.String)
    hashed: Any = pl.col(texts.name)
    return texts.to_frame().select(hashed.nchash.xxh3_128(seed=seed)).to_series()


def content_keys(frame: pl.DataFrame, names: Sequence[str] | None = None) -> pl.Series:
    """Return the content key of each row over the columns `names` (all by default).

    Returns:
        UInt128, one a row, without nulls.
    """
    total = pl.repeat(0, frame.height, dtype=pl.UInt128, eager=True).alias("_key")
    for name in frame.columns if names is None else names:
        if name in frame.columns:
            hashed = hash_of(frame[name], seed=_seed(name))
            total += hashed.fill_null(0) if hashed.null_count() else hashed
    return total.alias("_key")


def with_twin(key: pl.Series, twin: pl.Series) -> pl.Series:
    """Return the id of each row: its key, moved on by its number among its twins."""
    step = _seed("twin") * 2**64 + _seed("number")
    return key + twin.cast(pl.UInt128) * pl.Series([step % 2**128], dtype=pl.UInt128)


def child_id(parent: int, augmenter: str, copy: int) -> int:
    """Return the id of an augmented row."""
    text = f"{parent:032x}/{augmenter}/{copy}"
    return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=16).digest())


def to_hex(number: int) -> str:
    """Return a 128-bit number as users see it: 32 hex digits."""
    return f"{number:032x}"


def content_id(frame: pl.DataFrame) -> str:
    """Return the digest of what a table holds: 32 hex digits."""
    whole = hashlib.blake2b(digest_size=16)
    for name, kind in frame.schema.items():
        whole.update(json.dumps([name, str(kind)]).encode())
        whole.update(_column_digest(frame[name]))
    whole.update(frame.height.to_bytes(8, "little"))
    return whole.hexdigest()


def digest_of(data: Any) -> str:
    """Return the digest of plain data: 32 hex digits over its canonical JSON."""
    text = json.dumps(data, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _column_digest(series: pl.Series) -> bytes:
    import numpy as np

    out = hashlib.sha256()  # which processors know by heart
    if series.null_count():
        out.update(np.packbits(series.is_not_null().to_numpy()).data)
    else:
        out.update(b"full")
    out.update(np.ascontiguousarray(_as_numbers(series)).data)
    return out.digest()[:16]


def _as_numbers(series: pl.Series) -> np.ndarray[Any, Any]:
    """Return numbers that say all of a column but which of its values are null."""
    import numpy as np

    kind = series.dtype
    if kind.is_temporal():
        series = series.to_physical()
        kind = series.dtype
    if isinstance(kind, pl.UInt128 | pl.Int128):
        halves = series.fill_null(0).cast(pl.UInt128, wrap_numerical=True)
        low = halves.cast(pl.UInt64, wrap_numerical=True)
        high = (halves // 2**64).cast(pl.UInt64)
        return np.stack([low.to_numpy(), high.to_numpy()])
    if isinstance(kind, pl.Boolean):
        return series.fill_null(value=False).to_numpy()
    if kind.is_integer():
        return series.fill_null(0).to_numpy()
    if kind.is_float():
        numbers = series.fill_null(0.0).to_numpy()
        strange = np.isnan(numbers)
        # One NaN: which of its many bit patterns it was carries no meaning.
        return (
            np.where(strange, np.float64("nan"), numbers) if strange.any() else numbers
        )
    if kind.is_nested() or isinstance(kind, pl.Object | pl.Null):
        series = _as_json(series)
    elif not isinstance(kind, pl.String | pl.Binary):
        series = series.cast(pl.String)
    _register_hashes()
    hashed: Any = pl.col(series.name)
    texts = series.to_frame().select(hashed.nchash.xxh3_64()).to_series()
    return (texts.fill_null(0) if texts.null_count() else texts).to_numpy()


def _without_trailing_zeros(texts: pl.Series) -> pl.Series:
    """Drop the zeros at the end of decimal numbers; look only where there are any."""
    at = texts.str.ends_with("0").arg_true()
    if at.is_empty():
        return texts
    some = texts.gather(at)
    dotted = some.str.contains(".", literal=True)
    at, some = at.filter(dotted), some.filter(dotted)
    if at.is_empty():
        return texts
    # A text that is no number, such as "1.0.0" or "p.10", stays as it is.
    number = some.cast(pl.Float64, strict=False).is_not_null() & ~some.str.contains(
        "[eE]"
    )
    at, some = at.filter(number), some.filter(number)
    if at.is_empty():
        return texts
    return texts.scatter(at, some.str.strip_chars_end("0").str.strip_chars_end("."))


def _as_json(series: pl.Series) -> pl.Series:
    values = [
        None if v is None else json.dumps(_listed(v), sort_keys=True, default=str)
        for v in series.to_list()
    ]
    return pl.Series(series.name, values, dtype=pl.String)


def _listed(value: Any) -> Any:
    match value:
        case pl.Series():
            return [_listed(item) for item in value.to_list()]
        case list():
            return [_listed(item) for item in value]
        case dict():
            return {key: _listed(item) for key, item in value.items()}
        case bytes():
            return value.hex()
        case _:
            return value


def _seed(name: str) -> int:
    return int.from_bytes(
        hashlib.blake2b(name.encode(), digest_size=8).digest(), "little"
    )


def _register_hashes() -> None:
    # Importing it is what gives expressions their `.nchash`.
    importlib.import_module("polars_hash")
