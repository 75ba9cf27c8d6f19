"""A frame becomes the arrays that a trainer wants."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.picture import Picture, encode
from seedbed.errors import BadSpec, DataError, MissingColumn, WrongType
from seedbed.trainers import to_numpy

number = (
    st.none() | st.floats(allow_nan=False) | st.integers(-(2**53), 2**53).map(float)
)


@given(st.lists(st.tuples(number, st.none() | st.booleans())))
def test_every_value_is_where_it_was(
    rows: list[tuple[float | None, bool | None]],
) -> None:
    schema = {"n": pl.Float64, "b": pl.Boolean}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    x, y = to_numpy(frame, target=None, features=("n", "b"))
    expected = [[np.nan if v is None else float(v) for v in row] for row in rows]
    assert y is None
    assert x.dtype == np.float64
    np.testing.assert_array_equal(x, np.array(expected).reshape(len(rows), 2))


def test_groups_leave_out_the_target_and_what_is_hidden() -> None:
    frame = pl.DataFrame({"_row": [0], "a": [1], "name": ["x"], "y": [5]})
    x, y = to_numpy(frame, target="y")
    assert x.tolist() == [[1.0]]
    assert y is not None
    assert y.tolist() == [5]


def test_the_target_is_as_it_is() -> None:
    frame = pl.DataFrame({"a": [1, 2], "label": ["pos", None]})
    _, y = to_numpy(frame, target="label")
    assert y is not None
    assert y.tolist() == ["pos", None]


def test_other_columns_are_named() -> None:
    frame = pl.DataFrame({"a": [1], "day": [date(2024, 1, 1)], "city": ["Oslo"]})
    with pytest.raises(
        WrongType, match="'day' holds Date, 'city' holds String"
    ) as caught:
        to_numpy(frame, target=None, features="@all")
    assert "features=('a',)" in caught.value.fix


def test_mistakes_in_the_call() -> None:
    frame = pl.DataFrame({"a": [1], "y": [0]})
    with pytest.raises(BadSpec, match="among the features"):
        to_numpy(frame, target="y", features=("a", "y"))
    with pytest.raises(BadSpec, match="names no column"):
        to_numpy(frame.select("y"), target="y")
    with pytest.raises(MissingColumn, match="'z'"):
        to_numpy(frame, target="z")


def test_an_empty_frame() -> None:
    x, y = to_numpy(pl.DataFrame(schema={"a": pl.Int64, "y": pl.Int64}), target="y")
    assert x.shape == (0, 1)
    assert y is not None
    assert y.shape == (0,)


class TestImages:
    pytestmark = pytest.mark.filterwarnings("error")

    @pytest.fixture(autouse=True)
    def _needs_opencv(self) -> None:
        pytest.importorskip("cv2", reason="the extra 'image' is not installed")

    @pytest.mark.parametrize("shape", [(4, 5), (4, 5, 3), (4, 5, 4)], ids=repr)
    def test_pixels(self, shape: tuple[int, ...]) -> None:
        rng = np.random.default_rng(7)
        images = [rng.integers(0, 255, shape, dtype=np.uint8) for _ in range(3)]
        frame = pl.DataFrame(
            {"image": [encode(Picture(i), to="test") for i in images], "y": [0, 1, 2]}
        )
        x, y = to_numpy(frame, target="y", features="image")
        np.testing.assert_array_equal(x, np.stack(images))
        assert y is not None
        assert y.tolist() == [0, 1, 2]

    def test_images_of_two_sizes(self) -> None:
        sizes = [np.zeros((2, 2), np.uint8), np.zeros((2, 3), np.uint8)]
        frame = pl.DataFrame({"image": [encode(Picture(i), to="test") for i in sizes]})
        with pytest.raises(DataError, match="row 0 has 2 x 2 uint8, row 1 has 2 x 3"):
            to_numpy(frame, target=None, features="image")

    def test_an_image_that_cannot_be_read(self) -> None:
        frame = pl.DataFrame({"image": [b"no image"]})
        with pytest.raises(DataError, match="row 0 cannot be used: it is neither"):
            to_numpy(frame, target=None, features="image")

    def test_no_images(self) -> None:
        frame = pl.DataFrame(schema={"image": pl.Binary})
        assert len(to_numpy(frame, target=None, features="image")[0]) == 0
