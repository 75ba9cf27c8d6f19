"""Encoded images become pixels, and the same image again."""

import concurrent.futures
import struct

import numpy as np
import pytest

from seedbed.core.picture import Picture, decode, encode, one_thread

cv2 = pytest.importorskip("cv2", reason="the extra 'image' is not installed")

SHAPES = {"grey": (5, 7), "colour": (5, 7, 3), "alpha": (5, 7, 4)}


def noise(*shape: int, kind: type = np.uint8) -> np.ndarray:
    top = np.iinfo(kind).max
    return np.random.default_rng(7).integers(0, top, shape, dtype=kind, endpoint=True)


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_a_png_comes_back_exactly(shape: tuple[int, ...], kind: type) -> None:
    picture = Picture(noise(*shape, kind=kind))
    assert decode(encode(picture, to="test"), to="test") == picture


@pytest.mark.parametrize("shape", [(40, 30), (40, 30, 3)], ids=["grey", "colour"])
def test_a_jpeg_stays_a_jpeg(shape: tuple[int, ...]) -> None:
    picture = Picture(np.full(shape, 200, np.uint8), "jpeg")
    data = encode(picture, to="test")
    again = decode(data, to="test")
    assert data.startswith(b"\xff\xd8\xff")
    assert again.form == "jpeg"
    assert again.pixels is not None
    assert again.pixels.shape == shape
    assert np.abs(again.pixels.astype(int) - 200).max() <= 1


def test_red_is_red() -> None:
    blue_green_red = np.zeros((2, 2, 3), np.uint8)
    blue_green_red[:, :, 2] = 255
    data = cv2.imencode(".png", blue_green_red)[1].tobytes()
    pixels = decode(data, to="test").pixels
    assert pixels is not None
    assert pixels[0, 0].tolist() == [255, 0, 0]


def with_orientation(jpeg: bytes, orientation: int) -> bytes:
    """Return the JPEG with the tag that a turned camera writes."""
    entry = struct.pack(">HHIHH", 0x0112, 3, 1, orientation, 0)
    tiff = b"MM\0*" + struct.pack(">IH", 8, 1) + entry + struct.pack(">I", 0)
    body = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + jpeg[2:]


def test_the_orientation_of_a_camera_is_applied_and_not_twice() -> None:
    data = encode(Picture(np.zeros((40, 100), np.uint8), "jpeg"), to="test")
    turned = decode(with_orientation(data, 6), to="test")
    assert turned.pixels is not None
    assert turned.pixels.shape == (100, 40)
    again = decode(encode(turned, to="test"), to="test")
    assert again.pixels is not None
    assert again.pixels.shape == (100, 40)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (None, "there is no image"),
        (b"", "there is no image"),
        (b"GIF89a", "it is neither PNG nor JPEG"),
        (b"\x89PNG\r\n\x1a\n rubbish", "it is damaged"),
        (b"\xff\xd8\xff rubbish", "it is damaged"),
    ],
    ids=repr,
)
def test_what_cannot_be_read_says_why(data: bytes | None, problem: str) -> None:
    picture = decode(data, to="test")
    assert picture.pixels is None
    assert picture.problem.startswith(problem)


def test_pictures_are_compared_by_what_they_show() -> None:
    black = Picture(np.zeros((2, 2), np.uint8))
    assert black == Picture(np.zeros((2, 2), np.uint8))
    assert black != Picture(np.zeros((2, 2), np.uint8), "jpeg")
    assert black != Picture(np.zeros((2, 2), np.uint16))
    assert black != Picture(None, problem="it is damaged")
    assert black != "black"


def test_the_number_of_threads_is_given_back() -> None:
    before = cv2.getNumThreads()
    with one_thread(), one_thread():
        assert cv2.getNumThreads() == 1
    assert cv2.getNumThreads() == before


def test_the_last_of_several_workers_gives_the_threads_back() -> None:
    before = cv2.getNumThreads()

    def work(_: int) -> None:
        with one_thread():
            cv2.GaussianBlur(noise(64, 64), (5, 5), 0)

    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        list(pool.map(work, range(50)))
    assert cv2.getNumThreads() == before
