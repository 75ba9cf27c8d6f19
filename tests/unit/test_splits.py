import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.core.identity import content_keys
from seedbed.errors import BadSpec, DataError
from seedbed.splits import Split
from strategies import frames

HALVES = Split(shares={"train": 0.5, "test": 0.5})


def sides(split: Split, frame: pl.DataFrame, *, seed: int = 0) -> pl.Series:
    return split.assign(frame, keys=content_keys(frame), seed=seed)


@pytest.mark.parametrize(
    "shares",
    [
        {"train": 1.0},
        {"train": 0.8, "test": 0.2},
        {"test": 0.1, "train": 0.6, "dev": 0.3},
        {"dev": 1e-9, "train": 1 - 1e-9},
    ],
)
def test_shares_hold_in_expectation(shares: dict[str, float]) -> None:
    frame = pl.DataFrame({"n": range(20_000)})
    split = Split(shares=shares)
    assert split.names()[0] == "train"
    counts = dict(sides(split, frame).value_counts().iter_rows())
    for code, name in enumerate(split.names()):
        assert counts.get(code, 0) / 20_000 == pytest.approx(shares[name], abs=0.015)


def test_another_seed_is_another_split() -> None:
    frame = pl.DataFrame({"n": range(1000)})
    one, two = sides(HALVES, frame, seed=1), sides(HALVES, frame, seed=2)
    assert 400 < (one == two).sum() < 600
    assert one.equals(sides(HALVES, frame, seed=1))


@given(frames("text", "float", "int", "date", max_size=12), st.integers(0, 9))
def test_a_row_is_where_it_is_alone(frame: pl.DataFrame, seed: int) -> None:
    whole = sides(HALVES, frame, seed=seed)
    alone = [
        sides(HALVES, frame[at : at + 1], seed=seed).item()
        for at in range(frame.height)
    ]
    assert whole.to_list() == alone
    assert whole.null_count() == 0


def test_a_group_is_never_torn_apart() -> None:
    frame = pl.DataFrame({"who": [f"p{n % 50}" for n in range(1000)], "n": range(1000)})
    split = Split(by="who", shares=HALVES.shares)
    groups = (
        frame.with_columns(sides(split, frame))
        .group_by("who")
        .agg(pl.col("_split").n_unique())
    )
    assert groups["_split"].max() == 1
    assert 0 < sides(split, frame).sum() < 1000


def test_rows_without_a_group_are_split_on_their_own() -> None:
    frame = pl.DataFrame(
        {"who": [None] * 1000, "n": range(1000)}, schema_overrides={"who": pl.String}
    )
    split = Split(by=("who",), shares=HALVES.shares)
    assert sides(split, frame).equals(sides(HALVES, frame))
    half = pl.DataFrame({"a": [1, 1], "b": [None, None], "n": [1, 2]})
    both = sides(Split(by=("a", "b"), shares=HALVES.shares), half)
    assert both[0] == both[1]


def test_a_group_stays_when_its_type_widens() -> None:
    ints = pl.DataFrame({"g": [n % 7 for n in range(70)], "n": range(70)})
    split = Split(by="g", shares=HALVES.shares)
    for kind in (pl.Float64, pl.String):
        assert sides(split, ints).equals(sides(split, ints.cast({"g": kind})))


def test_a_given_split() -> None:
    split = Split(given="side")
    frame = pl.DataFrame({"side": ["test", "train", "dev", "train"]})
    levels = ("dev", "test", "train")
    assert split.names(levels) == ("train", "dev", "test")
    out = split.assign(frame, keys=content_keys(frame), seed=0, levels=levels)
    assert out.to_list() == [2, 0, 1, 0]
    cats = frame.cast(pl.Categorical)
    assert split.assign(cats, keys=content_keys(frame), seed=0, levels=levels).equals(
        out
    )
    with pytest.raises(
        DataError, match="1 rows do not say in 'side' where they belong"
    ):
        split.assign(frame, keys=content_keys(frame), seed=0, levels=("test", "train"))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"shares": {"train": 0.5}},
        {"shares": {"train": 1.2, "test": -0.2}},
        {"shares": {"train": float("nan")}},
        {"shares": {"train": 1.0, "test": 0.0}},
        {"shares": {"dev": 1.0}},
        {"given": "x", "by": "y"},
        {"given": "x", "shares": {"train": 1.0}},
    ],
)
def test_what_is_no_split(settings) -> None:
    with pytest.raises(BadSpec) as caught:
        Split(**settings)
    assert caught.value.fix


def test_shares_may_be_a_little_off() -> None:
    shares = {"train": 0.7, "dev": 0.1, "test": 0.1, "last": 0.1}
    assert Split(shares=shares).names() == ("train", "dev", "test", "last")
    third = {"train": 1 / 3, "dev": 1 / 3, "test": 1 / 3}
    frame = pl.DataFrame({"n": range(3000)})
    assert sides(Split(shares=third), frame).n_unique() == 3
