"""Augmenters for images."""

import os
import random
import threading
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, ClassVar, Literal

from seedbed.augmentation.base import Augmenter, Params, Skip, augmenter
from seedbed.core.optional import require
from seedbed.core.picture import Picture, decode, encode, one_thread
from seedbed.errors import BadSpec

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Rotate"]

_HALF_TURN = 180.0
_TO = "rotate images"


@augmenter("rotate")
@dataclass(frozen=True, kw_only=True)
class Rotate(Augmenter[Picture]):
    """Rotate an image about its centre, by an angle drawn evenly.

    The picture keeps its size, so that corners leave it. A PNG stays a PNG, without
    loss, in grey, colour, with alpha, or with 16 bits; a JPEG stays a JPEG, of quality
    95. The orientation that a camera wrote into a JPEG is applied first; other metadata
    is left behind. What cannot be read makes no child, and is counted with the reason.

    Use it where a thing slightly turned is still the same thing. Do not use it with
    large angles on digits or letters: half a turn makes a 9 of a 6. Do not use
    ``reflect`` where objects are located or counted: mirrored copies of them appear
    along the edges.

    Args:
        column: The column that holds the encoded images, PNG or JPEG.
        copies: How many children each training row gets.
        max_degrees: The largest angle, to either side; above 0 and at most 180.
        border: What fills the corners: the image mirrored, or black (transparent, if it
            has alpha).

    Raises:
        BadSpec: `max_degrees` is out of bounds.
        MissingExtra: The extra ``image`` is not installed.

    Source:
        The rotation is that of albumentations (Buslaev et al., *Albumentations: Fast and
        Flexible Image Augmentations*, Information 11(2), 2020).

    Examples:
        A bar, turned by a quarter to the left:

        >>> import numpy as np
        >>> bar = Picture(np.array([[0, 0, 0], [0, 9, 9], [0, 0, 0]], dtype=np.uint8))
        >>> rotate = Rotate(column="image", max_degrees=90, border="constant")
        >>> rotate.transform(bar, {"angle": 90.0}).pixels
        array([[0, 9, 0],
               [0, 9, 0],
               [0, 0, 0]], dtype=uint8)

        What was drawn is plain data:

        >>> from seedbed.core.seeds import rng_for
        >>> params = rotate.draw(bar, rng_for(7, "row", 3))
        >>> -90 <= params["angle"] <= 90
        True
    """

    accepts: ClassVar[str] = "@binary"
    code: ClassVar[int] = 1

    max_degrees: float = 15.0
    border: Literal["reflect", "constant"] = "reflect"

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 < self.max_degrees <= _HALF_TURN:
            raise BadSpec(
                f"max_degrees must be above 0 and at most 180, not {self.max_degrees}",
                where=f"augmenter {self.kind!r}",
                fix="max_degrees: 15 turns by up to 15 degrees to either side",
            )
        # 30 and 30.0 are one setting, and must give one digest.
        object.__setattr__(self, "max_degrees", float(self.max_degrees))
        if self.border not in ("reflect", "constant"):
            raise BadSpec(
                f"there is no border {self.border!r}",
                where=f"augmenter {self.kind!r}",
                fix="border: reflect, or border: constant",
            )

    def load(self, value: Any) -> Picture:
        """Return the pixels of an encoded image."""
        return decode(value, to=_TO)

    def dump(self, sample: Picture) -> bytes:
        """Return the encoded image."""
        return encode(sample, to=_TO)

    def draw(self, sample: Picture, rng: "np.random.Generator") -> Params | Skip:
        """Draw the angle, in degrees against the clock."""
        if sample.pixels is None:
            return Skip(sample.problem)
        return {"angle": float(rng.uniform(-self.max_degrees, self.max_degrees))}

    def transform(self, sample: Picture, params: Params) -> Picture:
        """Return the image, rotated by the angle that was drawn."""
        turn = _rotation(self.border)
        # From an angle to the same angle: nothing is left to chance, so the generators
        # that albumentations keeps, and seeds alike, have no say in what comes out.
        turn.limit = (params["angle"], params["angle"])
        with one_thread():
            return replace(sample, pixels=turn(image=sample.pixels)["image"])


_own = threading.local()


def _rotation(border: str) -> Any:
    """Return this thread's albumentations transform; making one is slow."""
    turns: dict[str, Any] = _own.__dict__.setdefault("turns", {})
    if border not in turns:
        # At import, albumentations asks the network for a newer release.
        os.environ.setdefault("NO_ALBUMENTATIONS_UPDATE", "1")
        albumentations = require("albumentations", extra="image", to=_TO)
        cv2 = require("cv2", extra="image", to=_TO)
        import numpy as np

        mode = {"reflect": cv2.BORDER_REFLECT_101, "constant": cv2.BORDER_CONSTANT}
        turn = albumentations.Rotate(border_mode=mode[border], fill=0, p=1.0)
        # Seeded, so that the global generators are left alone.
        turn.set_random_state(np.random.default_rng(0), random.Random(0))  # noqa: S311
        turns[border] = turn
    return turns[border]
