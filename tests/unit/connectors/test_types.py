"""Typing a text column never loses anything."""

from datetime import UTC, date, datetime

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seedbed.connectors.types import decide, parse
from seedbed.core.identity import canonical_text


def kind_of(*cells: str | None) -> pl.DataType:
    frame = pl.LazyFrame({"x": cells}, schema={"x": pl.String})
    return decide(frame, ["x"]).get("x", pl.String())


def parsed(*cells: str | None) -> list[object]:
    frame = pl.LazyFrame({"x": cells}, schema={"x": pl.String})
    return frame.select(parse("x", kind_of(*cells))).collect()["x"].to_list()


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["1", "-20", "0", None], pl.Int64()),
        (["9223372036854775807", "-9223372036854775808"], pl.Int64()),
        (["1.50", "-0.5", "12"], pl.Float64()),
        (["0.30000000000000004"], pl.Float64()),
        (["-0.0"], pl.Float64()),
        (["true", "false", None], pl.Boolean()),
        (["True", "False"], pl.Boolean()),
        (["2024-02-29", None], pl.Date()),
        (["2024-02-29 05:00:00", "2024-02-29T05:00:00.123456"], pl.Datetime("us")),
        (["2024-02-29 05:00"], pl.Datetime("us")),
        (["2024-02-29T05:00:00Z"], pl.Datetime("us", "UTC")),
    ],
)
def test_what_fits_gets_its_type(cells: list[str | None], kind: pl.DataType) -> None:
    assert kind_of(*cells) == kind


@pytest.mark.parametrize(
    "cell",
    [
        "007", "-01", "+1", "-0", " 1", "1 ", "1_000", "1,5", "1e5", "1E5", "0x1f",
        "9223372036854775808", "12345678901234567890", "nan", "NaN", "inf", "Infinity",
        "00.5", ".5", "5.", "1.5.0", "1.2345678901234567890123", "0.1234567890123456789",
        "9007199254740993.5", "0." + "0" * 320 + "1", "", "-", "yes", "TrUe", "1.0 ",
        "2024-2-9", "2023-02-29", "24-02-03", "2024-02-03 25:00:00",
        "2024-02-03 05:00:60", "2024-02-03 05:00:00.1234567", "2024-02-03Z", "٣",
    ],
)  # fmt: skip
def test_what_would_lose_something_stays_text(cell: str) -> None:
    assert kind_of(cell) == pl.String
    assert kind_of("12345678901234567.5", "1") == pl.String


def test_nulls_alone_stay_text() -> None:
    assert kind_of(None, None) == pl.String
    assert kind_of() == pl.String


def test_an_empty_text_is_not_null() -> None:
    assert kind_of("1", None) == pl.Int64
    assert kind_of("1", "") == pl.String


@pytest.mark.parametrize(
    "mixed",
    [
        ("true", "True"),
        ("true", "1"),
        ("2024-01-01", "2024-01-01 00:00:00"),
        ("2024-01-01 00:00:00", "2024-01-01 00:00:00Z"),
        ("1", "true"),
    ],
)
def test_a_mixture_stays_text(mixed: tuple[str, str]) -> None:
    assert kind_of(*mixed) == pl.String


@pytest.mark.parametrize("good", ["12", "1.25", "true", "2024-01-01"])
@pytest.mark.parametrize("bad", ["007", "?", ""])
def test_one_bad_cell_at_the_end_keeps_the_column_text(good: str, bad: str) -> None:
    assert kind_of(*[good] * 5000, bad) == pl.String
    assert kind_of(*[good] * 5000, None) != pl.String


def test_values_are_read_right() -> None:
    assert parsed("1", None) == [1, None]
    assert parsed("TRUE", "FALSE") == [True, False]
    assert parsed("2024-02-29") == [date(2024, 2, 29)]
    assert parsed("2024-02-29 05:06", "2024-02-29T05:06:07.5") == [
        datetime(2024, 2, 29, 5, 6),
        datetime(2024, 2, 29, 5, 6, 7, 500_000),
    ]
    assert parsed("2024-02-29T05:06:07Z") == [
        datetime(2024, 2, 29, 5, 6, 7, tzinfo=UTC)
    ]


def test_a_type_that_does_not_fit_raises() -> None:
    with pytest.raises(pl.exceptions.PolarsError):
        pl.DataFrame({"x": ["?"]}).select(parse("x", pl.Int64()))
    with pytest.raises(pl.exceptions.PolarsError):
        pl.DataFrame({"x": ["maybe"]}).select(parse("x", pl.Boolean()))


numbers = st.one_of(
    st.integers(-(10**20), 10**20).map(str),
    st.decimals(allow_nan=False, allow_infinity=False, places=3).map(str),
    st.floats(allow_nan=False, allow_infinity=False).map(repr),
    st.from_regex(r"\A-?[0-9]{0,20}\.?[0-9]{0,20}\Z"),
)
cells = st.one_of(
    numbers, st.text(max_size=5), st.none(), st.sampled_from(["", "true"])
)
columns = st.one_of(
    st.lists(numbers | st.none(), max_size=8),
    st.lists(st.integers().map(str), max_size=8),
    st.lists(st.decimals(-1000, 1000, places=2).map(str), max_size=8),
    st.lists(st.dates().map(str), max_size=4),
    st.lists(st.datetimes().map(str), max_size=4),
    st.lists(cells, max_size=8),
)


@given(column=columns)
def test_reading_never_loses(column: list[str | None]) -> None:
    texts = pl.Series("x", column, dtype=pl.String)
    kind = decide(texts.to_frame().lazy(), ["x"]).get("x")
    if kind is None:
        return
    values = texts.to_frame().select(parse("x", kind))["x"]
    assert values.dtype == kind
    assert values.is_null().equals(texts.is_null())
    if kind.is_numeric():
        back, text = canonical_text(values), canonical_text(texts)
        # Minus zero keeps its sign in the bits, which its canonical text leaves out.
        zero = (values == 0).fill_null(value=False)
        assert back.filter(~zero).equals(text.filter(~zero))
        assert texts.filter(zero).str.contains(r"^-?0(\.0+)?$").all()


@given(late=st.sampled_from(["01", "+1", "1e5", "x", " 1"]), rows=st.integers(1, 2000))
def test_no_row_is_overlooked(late: str, rows: int) -> None:
    assert kind_of(*["7"] * rows, late) == pl.String
