"""An image is rotated by what was drawn, and by nothing else."""

import concurrent.futures
import os
import random
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.augmentation import LabelPolicy, Rotate, Skip
from seedbed.core.picture import Picture, encode
from seedbed.core.seeds import rng_for
from seedbed.core.spec import digest, from_spec, to_spec
from seedbed.errors import BadSpec

pytest.importorskip("albumentations", reason="the extra 'image' is not installed")

ROTATE = Rotate(column="image")
SHAPES = {"grey": (9, 12), "colour": (9, 12, 3), "alpha": (9, 12, 4), "one": (1, 1)}


def noise(*shape: int, kind: type = np.uint8) -> Picture:
    top = np.iinfo(kind).max
    return Picture(
        np.random.default_rng(7).integers(0, top, shape, kind, endpoint=True)
    )


@given(st.integers(0, 2**32), st.floats(0.5, 180))
def test_the_angle_lies_within_the_limit_and_depends_on_the_place_only(
    row: int, limit: float
) -> None:
    rotate = Rotate(column="image", max_degrees=limit)
    drawn: Any = rotate.draw(noise(2, 2), rng_for(7, row))
    assert abs(drawn["angle"]) <= limit
    assert drawn == rotate.draw(noise(2, 2), rng_for(7, row))


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES)
def test_size_and_depth_stay(shape: tuple[int, ...], kind: type) -> None:
    sample = noise(*shape, kind=kind)
    child = ROTATE.transform(sample, {"angle": 11.0})
    assert child.pixels is not None
    assert (child.pixels.shape, child.pixels.dtype) == (shape, kind)
    assert sample == noise(*shape, kind=kind)


def test_positive_is_against_the_clock() -> None:
    pixels = np.zeros((3, 3), np.uint8)
    pixels[0, 2] = 1
    child = ROTATE.transform(Picture(pixels), {"angle": 90.0})
    assert child.pixels is not None
    assert child.pixels[0, 0] == 1


@pytest.mark.parametrize(("border", "corner"), [("reflect", 255), ("constant", 0)])
def test_what_fills_the_corners(border: Any, corner: int) -> None:
    white = Picture(np.full((20, 20), 255, np.uint8))
    child = Rotate(column="image", border=border).transform(white, {"angle": 45.0})
    assert child.pixels is not None
    assert child.pixels[0, 0] == corner


def test_nothing_but_the_angle_decides() -> None:
    sample = noise(30, 40, 3)
    first = ROTATE.transform(sample, {"angle": 7.25})
    ROTATE.transform(sample, {"angle": -3.0})
    random.seed(1)
    np.random.seed(1)  # noqa: NPY002 - the global generator is what must not matter
    assert ROTATE.transform(sample, {"angle": 7.25}) == first


def test_the_global_generators_are_left_alone() -> None:
    before = random.getstate(), str(np.random.get_state())  # noqa: NPY002
    ROTATE.transform(noise(5, 5), ROTATE.draw(noise(5, 5), rng_for(7, "row")))  # type: ignore[arg-type]
    assert before == (random.getstate(), str(np.random.get_state()))  # noqa: NPY002


def test_many_threads_make_the_same_pixels() -> None:
    sample = noise(40, 50, 3)
    angles = [{"angle": float(angle)} for angle in range(-15, 15)]
    alone = [ROTATE.transform(sample, angle) for angle in angles]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        together = list(pool.map(lambda angle: ROTATE.transform(sample, angle), angles))
    assert alone == together


def test_from_bytes_to_bytes() -> None:
    data = encode(noise(8, 8, 4), to="test")
    child = ROTATE.dump(ROTATE.transform(ROTATE.load(data), {"angle": 0.0}))
    assert child == data


@pytest.mark.parametrize("data", [None, b"", b"no image", b"\xff\xd8\xff cut"])
def test_what_cannot_be_read_makes_no_child(data: bytes | None) -> None:
    drawn = ROTATE.draw(ROTATE.load(data), rng_for(7, "row"))
    assert isinstance(drawn, Skip)
    assert drawn.reason


@pytest.mark.parametrize(
    "settings",
    [
        {"max_degrees": 0},
        {"max_degrees": 181},
        {"max_degrees": float("nan")},
        {"border": "wrap"},
        {"copies": 0},
    ],
    ids=repr,
)
def test_nonsense_is_refused(settings: dict[str, Any]) -> None:
    with pytest.raises(BadSpec) as caught:
        Rotate(column="image", **settings)
    assert caught.value.fix


def test_it_is_plain_data_with_a_version_of_its_code() -> None:
    part = Rotate(column="image", copies=3, max_degrees=30.0, border="constant")
    assert from_spec(Rotate, to_spec(part)) == part
    assert digest(part) != digest(ROTATE)
    assert (part.code, part.accepts) == (1, "@binary")
    assert part.label_policy is LabelPolicy.KEEPS


def test_albumentations_is_kept_from_asking_the_network() -> None:
    source = (
        "import numpy, os; from seedbed.augmentation import Rotate;"
        "from seedbed.core.picture import Picture;"
        "Rotate(column='i').transform(Picture(numpy.zeros((2, 2), 'u1')), {'angle': 1.0});"
        "print(os.environ['NO_ALBUMENTATIONS_UPDATE'])"
    )
    clean = {k: v for k, v in os.environ.items() if k != "NO_ALBUMENTATIONS_UPDATE"}
    done = subprocess.run(
        [sys.executable, "-c", source],
        capture_output=True,
        text=True,
        check=True,
        env=clean,
    )
    assert done.stdout.strip() == "1"
