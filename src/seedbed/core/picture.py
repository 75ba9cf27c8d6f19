"""Encoded images as pixels, and back.

PNG and JPEG, nothing else: they are what training sets are made of, and what can be
written back in the form that it came in. Whatever cannot be read whole and exactly is
not guessed at: the picture then says in `problem` why it has no pixels.
"""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from seedbed.core.optional import require

if TYPE_CHECKING:
    from collections.abc import Generator
    from types import ModuleType

    import numpy as np

__all__ = ["Form", "Picture", "decode", "encode", "one_thread"]

JPEG_QUALITY = 95

Form: TypeAlias = Literal["png", "jpeg"]
"""How an image is encoded."""

_MAGIC: dict[bytes, Form] = {
    b"\x89PNG\r\n\x1a\n": "png",
    b"\xff\xd8\xff": "jpeg",
}
_WITH_ALPHA = 4


@dataclass(frozen=True, eq=False)
class Picture:
    """An image in memory.

    Args:
        pixels: (H, W) for grey, (H, W, 3) for RGB, (H, W, 4) for RGB with alpha; 8 bits,
            or 16 where a PNG has them. None if the image could not be read.
        form: How it is encoded in its cell.
        problem: Why it could not be read; empty if it could.
    """

    pixels: np.ndarray[Any, Any] | None
    form: Form = "png"
    problem: str = ""

    def __eq__(self, other: object) -> bool:
        import numpy as np

        if not isinstance(other, Picture):
            return NotImplemented
        if self.pixels is None or other.pixels is None:
            return self.pixels is other.pixels and self.problem == other.problem
        alike = self.form == other.form and self.pixels.dtype == other.pixels.dtype
        return alike and np.array_equal(self.pixels, other.pixels)

    __hash__ = None  # type: ignore[assignment] - pixels can be written to


def decode(data: bytes | None, *, to: str) -> Picture:
    """Return the pixels of an encoded image.

    The orientation that a camera wrote into a JPEG is applied, so that pixels stand as a
    person sees them. CMYK becomes RGB, a palette its colours. Other metadata is left
    behind.

    Args:
        data: The bytes of a PNG or a JPEG.
        to: What it is read for, in a few words, should OpenCV be missing.

    Raises:
        MissingExtra: OpenCV is not installed.
    """
    if not data:
        return Picture(None, problem="there is no image")
    form = _form(data)
    if form is None:
        return Picture(None, problem="it is neither PNG nor JPEG")
    cv2 = require("cv2", extra="image", to=to)
    try:
        pixels = _read(cv2, data, form)
    except cv2.error as error:
        return Picture(None, form, f"it cannot be decoded: {_first_line(error)}")
    if pixels is None:
        return Picture(None, form, "it is damaged and cannot be decoded")
    if form == "png" and b"eXIf" in data and _turned(cv2, data):
        return Picture(None, form, "it is a PNG turned by an orientation tag")
    return Picture(_swap_red_and_blue(cv2, pixels), form)


def encode(picture: Picture, *, to: str) -> bytes:
    """Return the image in its form: PNG without loss, JPEG of quality 95.

    Args:
        picture: A picture that has pixels.
        to: What it is written for, in a few words, should OpenCV be missing.

    Raises:
        MissingExtra: OpenCV is not installed.
    """
    cv2 = require("cv2", extra="image", to=to)
    pixels = _swap_red_and_blue(cv2, picture.pixels)
    if picture.form == "png":
        return cv2.imencode(".png", pixels)[1].tobytes()
    quality = [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY]
    return cv2.imencode(".jpg", pixels, quality)[1].tobytes()


@contextmanager
def one_thread() -> Generator[None]:
    """Keep OpenCV from starting threads of its own while the block runs.

    The engine works on several images at a time; threads within threads only get in
    each other's way. The setting belongs to the process, so the last block to end
    gives back what the first one found.
    """
    cv2 = require("cv2", extra="image", to="work on images")
    with _gate.lock:
        if _gate.inside == 0:
            _gate.before = cv2.getNumThreads()
            cv2.setNumThreads(1)
        _gate.inside += 1
    try:
        yield
    finally:
        with _gate.lock:
            _gate.inside -= 1
            if _gate.inside == 0:
                cv2.setNumThreads(_gate.before)


class _Gate:
    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.inside = 0
        self.before = 0


_gate = _Gate()


def _form(data: bytes) -> Form | None:
    for magic, form in _MAGIC.items():
        if data.startswith(magic):
            return form
    return None


def _read(cv2: ModuleType, data: bytes, form: str) -> Any:
    import numpy as np

    # UNCHANGED keeps alpha and 16 bits, but does not look at the orientation;
    # ANYCOLOR does, and a JPEG has neither alpha nor 16 bits to lose.
    how = cv2.IMREAD_UNCHANGED if form == "png" else cv2.IMREAD_ANYCOLOR
    return cv2.imdecode(np.frombuffer(data, np.uint8), how)


def _turned(cv2: ModuleType, data: bytes) -> bool:
    """Return whether the orientation tag of a PNG turns it."""
    import numpy as np

    raw = np.frombuffer(data, np.uint8)
    stands = cv2.imdecode(raw, cv2.IMREAD_COLOR)
    lies = cv2.imdecode(raw, cv2.IMREAD_COLOR | cv2.IMREAD_IGNORE_ORIENTATION)
    return not np.array_equal(stands, lies)


def _swap_red_and_blue(cv2: ModuleType, pixels: Any) -> Any:
    """Turn OpenCV's order of colours into everybody else's, or back."""
    if pixels.ndim == 2:  # noqa: PLR2004 - grey: height and width only
        return pixels
    alpha = pixels.shape[2] == _WITH_ALPHA
    return cv2.cvtColor(pixels, cv2.COLOR_BGRA2RGBA if alpha else cv2.COLOR_BGR2RGB)


def _first_line(error: Exception) -> str:
    return str(error).strip().partition("\n")[0]
