"""Tell what image some bytes are, how large it is, and whether it is whole.

Only headers and ends are looked at; no pixel is decoded, and no library is needed.

Source:
    PNG (ISO/IEC 15948), JPEG (ITU-T T.81, Annex B), GIF89a, the bitmap headers of
    Windows, and the container of WebP (RFC 9649).
"""

from seedbed.errors import BadSpec

__all__ = ["image_size"]

_PNG = b"\x89PNG\r\n\x1a\n"
_PNG_END = b"IEND\xaeB`\x82"
_BITMAP_CORE = 12

# The markers of JPEG.
_MARK = 0xFF
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD8)})
_LATE = frozenset({0xD9, 0xDA})


def image_size(data: bytes) -> tuple[int, int]:
    """Return the width and the height of an image, in stored pixels.

    Raises:
        BadSpec: It is no PNG, JPEG, GIF, BMP or WebP, or it is cut off.

    Examples:
        >>> image_size(b"GIF89a" + bytes([3, 0, 2, 0]) + b"...;")
        (3, 2)
    """
    try:
        size, whole = _look(data)
    except IndexError:
        size, whole = (0, 0), False
    if not whole:
        raise _broken("the image is cut off")
    if min(size) < 1:
        raise _broken("the image has no pixels")
    return size


def _look(data: bytes) -> tuple[tuple[int, int], bool]:
    if data.startswith(_PNG):
        size = (_big(data, 16, 4), _big(data, 20, 4))
        return size, _PNG_END in data
    if data.startswith(b"\xff\xd8"):
        return _jpeg(data), data.rfind(b"\xff\xd9") > 0
    if data.startswith((b"GIF87a", b"GIF89a")):
        return (_little(data, 6, 2), _little(data, 8, 2)), b";" in data[10:]
    if data.startswith(b"BM"):
        return _bitmap(data), len(data) >= _little(data, 2, 4)
    if data.startswith(b"RIFF") and data[8:12] == b"WEBP":
        return _webp(data), len(data) >= _little(data, 4, 4) + 8
    raise _broken(
        "it is no PNG, JPEG, GIF, BMP or WebP" if data else "the file is empty"
    )


def _jpeg(data: bytes) -> tuple[int, int]:
    """Walk from marker to marker up to the header of the frame."""
    at = 2
    while True:
        while data[at] == data[at + 1] == _MARK:
            at += 1  # fill bytes may stand before a marker
        if data[at] != _MARK:
            raise _broken("the image is damaged: a marker is missing")
        marker = data[at + 1]
        if marker in _FRAMES:
            return _big(data, at + 7, 2), _big(data, at + 5, 2)
        if marker in _LATE:
            raise _broken("the image is damaged: it has no frame")
        at += 2 if marker in _ALONE else 2 + _big(data, at + 2, 2)


def _bitmap(data: bytes) -> tuple[int, int]:
    if _little(data, 14, 4) == _BITMAP_CORE:
        return _little(data, 18, 2), _little(data, 20, 2)
    height = int.from_bytes(_slice(data, 22, 4), "little", signed=True)
    return _little(data, 18, 4), abs(height)  # negative: stored from the top


def _webp(data: bytes) -> tuple[int, int]:
    match data[12:16]:
        case b"VP8 ":
            return _little(data, 26, 2) & 0x3FFF, _little(data, 28, 2) & 0x3FFF
        case b"VP8L":
            bits = _little(data, 21, 4)
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return _little(data, 24, 3) + 1, _little(data, 27, 3) + 1
        case _:
            raise _broken("the image is damaged: this kind of WebP is unknown")


def _slice(data: bytes, at: int, size: int) -> bytes:
    if at + size > len(data):
        raise IndexError(at)
    return data[at : at + size]


def _big(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_slice(data, at, size), "big")


def _little(data: bytes, at: int, size: int) -> int:
    return int.from_bytes(_slice(data, at, size), "little")


def _broken(why: str) -> BadSpec:
    return BadSpec(why, fix="look at it with an image viewer, and get it again")
