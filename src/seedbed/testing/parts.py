"""The promises that all sorts of parts share."""

import dataclasses
import pickle
from typing import Any

import polars as pl

from seedbed.core.identity import content_id
from seedbed.core.part import Part
from seedbed.core.spec import describe, digest, from_spec, to_spec
from seedbed.errors import SeedbedError

__all__ = ["check_part", "collected", "promise", "same"]


def promise(kept: object, part: Part, broken: str) -> None:
    """Raise an AssertionError that says which promise is broken, unless it is kept."""
    if not kept:
        raise AssertionError(f"{part.kind or type(part).__name__!r}: {broken}")


def check_part(part: Part) -> None:
    """Assert that a part is its settings, and nothing else."""
    cls = type(part)
    promise(part.kind, part, "it is not registered: write @rule('name') or the like")
    params: Any = getattr(cls, "__dataclass_params__", None)
    promise(params is not None and params.frozen, part, "it is no frozen dataclass")
    names = {field.name for field in dataclasses.fields(part)}
    extra = set(vars(part)) - names
    promise(not extra, part, f"it holds {sorted(extra)}, which are no settings")
    try:
        again = from_spec(cls, to_spec(part))
    except SeedbedError as error:
        raise AssertionError(
            f"{part.kind!r}: its settings are no YAML: {error}"
        ) from error
    promise(again == part, part, "its settings do not come back from its YAML")
    promise(digest(again) == digest(part), part, "equal settings, but another digest")
    fields = set(describe(part)["fields"])
    promise(fields == names, part, "its digest does not see all of its settings")
    promise(
        pickle.loads(pickle.dumps(part)) == part,  # noqa: S301 - it was made here
        part,
        "it does not survive the way to another process",
    )


def collected(frame: object, part: Part) -> pl.DataFrame:
    """Return the rows of a lazy frame; raise an AssertionError if it is none."""
    if isinstance(frame, pl.LazyFrame):
        return frame.collect()
    what = f"it returns a {type(frame).__name__}, not a lazy frame"
    raise AssertionError(f"{part.kind!r}: {what}")


def same(one: pl.DataFrame, other: pl.DataFrame) -> bool:
    """Tell whether two frames are equal to the last bit, types and order included."""
    return one.schema == other.schema and content_id(one) == content_id(other)
