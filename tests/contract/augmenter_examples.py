"""One example an augmenter: its settings, and cells to work on.

An augmenter that is registered and does not stand here fails `test_every_augmenter`.
"""

from typing import Any

import numpy as np

from seedbed.augmentation import Augmenter, Rotate
from seedbed.core.picture import Picture, encode


def _noise(*shape: int) -> bytes:
    pixels = np.random.default_rng(7).integers(0, 255, shape, dtype=np.uint8)
    return encode(Picture(pixels), to="make an example")


EXAMPLES: list[tuple[Augmenter[Any], list[Any]]] = [
    (Rotate(column="image"), [_noise(8, 9), _noise(8, 9, 3), _noise(1, 1)]),
    (
        Rotate(column="image", copies=2, max_degrees=180, border="constant"),
        [_noise(5, 5, 4), b"no image"],
    ),
]
