"""A frame as NumPy arrays: what most trainers eat."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import polars as pl

from seedbed.core.columns import Columns, require_columns, resolve
from seedbed.core.frame import user_schema
from seedbed.core.picture import decode, one_thread
from seedbed.errors import BadSpec, DataError, WrongType

if TYPE_CHECKING:
    import numpy as np

__all__ = ["to_numpy"]

_WHERE = "to_numpy"


def to_numpy(
    frame: pl.DataFrame, *, target: str | None, features: Columns = "@numeric"
) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any] | None]:
    """Return the features of a frame as one array, and its target as another.

    Numbers become float64, exact for integers up to 2^53; booleans become 0 and 1; what
    is missing becomes NaN. The columns stand in the order of the frame. A group such as
    ``"@numeric"`` never takes in the target or the hidden columns.

    If `features` is one column of encoded images (PNG, JPEG), the array holds their
    pixels, in the order red, green, blue, with the orientation of the camera applied.

    Use it for scikit-learn and everything that speaks its language. Do not use it to
    look at data: names and types are gone.

    Args:
        frame: The rows.
        target: The column to predict; None if there is none.
        features: The columns to learn from: numbers and booleans, or one of images.

    Returns:
        The features, (n, d) as float64, or (n, H, W) for grey and (n, H, W, C) for
        coloured images as uint8 (uint16 if the images are); and the target, (n,), as it
        is: numbers, booleans, or Python objects for text.

    Raises:
        MissingColumn: A named column is not there.
        WrongType: A feature is neither a number nor a boolean.
        BadSpec: The target is named among the features, or there are no features.
        DataError: An image cannot be read, or the images are not of one size.

    Examples:
        >>> frame = pl.DataFrame({"age": [31, None], "new": [True, False], "y": [0, 1]})
        >>> x, y = to_numpy(frame, target="y", features=("@numeric", "new"))
        >>> x
        array([[31.,  1.],
               [nan,  0.]])
        >>> y
        array([0, 1])
    """
    names = _features(frame.schema, target, features)
    answer = None if target is None else frame[target].to_numpy()
    if len(names) == 1 and frame.schema[names[0]] == pl.Binary:
        return _pixels(frame[names[0]]), answer
    return _matrix(frame, names), answer


def _features(
    schema: pl.Schema, target: str | None, features: Columns
) -> tuple[str, ...]:
    """Return the names of the features, in the order of the frame."""
    if target is not None:
        require_columns([target], schema, where=_WHERE)
    asked = (features,) if isinstance(features, str) else features
    if target in asked:
        raise BadSpec(
            f"the target {target!r} is among the features",
            where=_WHERE,
            fix="leave it out: a model that sees the answer learns nothing else",
        )
    shown = user_schema(schema)
    names = tuple(n for n in resolve(features, shown, where=_WHERE) if n != target)
    if not names:
        raise BadSpec(
            f"{features!r} names no column of this frame",
            where=_WHERE,
            fix=f"features=..., one or several of: {', '.join(shown)}",
        )
    return names


def _matrix(frame: pl.DataFrame, names: tuple[str, ...]) -> np.ndarray[Any, Any]:
    kinds = frame.select(names).schema
    odd = [
        n for n, kind in kinds.items() if not (kind.is_numeric() or kind == pl.Boolean)
    ]
    if odd:
        raise WrongType(
            "not every feature is a number: "
            + ", ".join(f"{name!r} holds {kinds[name]}" for name in odd),
            where=_WHERE,
            fix="encode them, or leave them out: features="
            f"{tuple(name for name in names if name not in odd)!r}",
        )
    numbers = frame.select(pl.col(names).cast(pl.Float64).fill_null(float("nan")))
    # In the layout that most trainers want: a row lies in one piece.
    return numbers.to_numpy(order="c")


def _pixels(column: pl.Series) -> np.ndarray[Any, Any]:
    import numpy as np

    if column.is_empty():
        return np.empty((0, 0, 0), dtype=np.uint8)
    arrays: list[Any] = []
    with one_thread():
        for row, data in enumerate(column):
            picture = decode(data, to="read images")
            if picture.pixels is None:
                raise DataError(
                    f"the image in row {row} cannot be used: {picture.problem}",
                    where=f"{_WHERE}, column {column.name!r}",
                    fix="drop the row, or replace its image",
                )
            arrays.append(picture.pixels)
            if _form(arrays[-1]) != _form(arrays[0]):
                raise DataError(
                    f"the images are not alike: row 0 has {_form(arrays[0])}, "
                    f"row {row} has {_form(arrays[-1])}",
                    where=f"{_WHERE}, column {column.name!r}",
                    fix="bring them to one size and one kind of colour first",
                )
    return np.stack(arrays)


def _form(pixels: Any) -> str:
    return f"{' x '.join(str(size) for size in pixels.shape)} {pixels.dtype}"
