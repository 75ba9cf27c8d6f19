import datetime
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from polars.testing import assert_frame_equal

from runs import cut, recipe, run_on
from seedbed.cleaning import (
    Clip,
    DropColumns,
    DropMissing,
    FillMissing,
    NullTokens,
    Rename,
    ToDate,
    ToNumber,
    Trim,
)
from seedbed.core.identity import content_id
from seedbed.errors import StoreError
from seedbed.ledger import Ledger, Recorder, StepEntry, Stored, revert
from strategies import frames

FRAME = pl.DataFrame(
    {
        "name": [" ann", "bob", "N/A", None],
        "pay": ["12.50", "1e2", "free", None],
        "day": ["01.02.2003", "1.2.2003", "never", None],
        "n": [1.0, -0.0, float("nan"), None],
        "gone": [b"a", b"b", None, b""],
    }
)
STEPS = recipe().clean(
    Trim(columns="name"),
    NullTokens(columns="name"),
    ToNumber(columns="pay"),
    ToDate(columns="day", format="%d.%m.%Y"),
    Rename(names={"pay": "n", "n": "pay"}),
    FillMissing(columns="pay", strategy="value", value=0),
    DropColumns(columns="gone"),
    DropMissing(columns="name"),
)


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory):
    return run_on(STEPS, cut(FRAME, 3), tmp_path_factory.mktemp("store"))[0]


def test_counts(dataset) -> None:
    counts = dataset.ledger.counts().select("rule", "column", "what", "count").rows()
    assert counts == [
        ("trim", "name", "cells changed", 1),
        ("null_tokens", "name", "cells changed", 1),
        ("to_number", "pay", "cells changed", 3),
        ("to_date", "day", "cells changed", 2),
        ("fill_missing", "pay", "cells changed", 2),
        ("drop_columns", "gone", "cells changed", 3),
        ("drop_missing", "", "rows dropped", 2),
    ]
    assert dataset.ledger.total() == (12, 2, 0)


def test_changes_are_told_as_texts_and_kept_in_their_types(dataset) -> None:
    ledger = dataset.ledger
    told = ledger.changes(column="day").select("rule", "_row", "before", "after").rows()
    assert told == [
        ("to_date", 1, "1.2.2003", "2003-02-01"),
        ("to_date", 2, "never", None),
    ]
    cells = ledger.column_changes(4, "day")
    assert cells["after"].to_list() == [datetime.date(2003, 2, 1), None]
    assert cells.schema["before"] == pl.String
    assert ledger.changes(row=2)["rule"].to_list() == [
        "null_tokens",
        "to_number",
        "to_date",
        "fill_missing",
    ]
    assert ledger.changes(step=7)["before"].to_list() == [
        "<1 bytes>",
        "<1 bytes>",
        "<0 bytes>",
    ]
    assert ledger.changes(step=2, column="name").height == 1
    assert ledger.changes(column="nothing").is_empty()
    # A cell that a cast gives back is not kept: "12.50" is, as 12.5 would come back.
    assert ledger.changes(step=3)["before"].to_list() == ["12.50", "1e2", "free"]


def test_dropped_rows_are_whole(dataset) -> None:
    dropped = dataset.ledger.dropped(step=8)
    assert dropped["_row"].to_list() == [2, 3]
    assert dropped["n"].dtype == pl.Float64
    assert dropped["_reason"].to_list() == ["{columns: name}"] * 2
    assert dataset.ledger.dropped()["n"].dtype == pl.String
    assert dataset.ledger.dropped(step=1).is_empty()
    assert dataset.ledger.dropped(step=8, ordinal=0)["_row"].to_list() == [2]


def test_it_leads_back(dataset) -> None:
    assert content_id(dataset.original()) == content_id(FRAME)


@pytest.mark.parametrize("level", ["counts", "off"])
def test_other_levels(level, dataset, tmp_path: Path) -> None:
    other, _ = run_on(STEPS, cut(FRAME, 3), tmp_path, level=level)
    assert other.split().collect().equals(dataset.split().collect())
    assert other.ledger.changes().is_empty()
    assert other.ledger.dropped().is_empty()
    assert (other.ledger.counts().is_empty()) == (level == "off")
    if level == "counts":
        assert_frame_equal(other.ledger.counts(), dataset.ledger.counts())
    with pytest.raises(StoreError, match=f"was kept as '{level}'"):
        other.original()
    assert other.verify()
    told = other.why(3)
    assert "dropped" in told
    assert level in told or "by drop_missing" in told


# -- the recorder and the way back, alone ---------------------------------------------


def entry(before: pl.DataFrame, after: pl.DataFrame, **more) -> StepEntry:
    return StepEntry(
        number=0,
        where="here",
        kind="test",
        before=before.schema,
        after=after.schema,
        **more,
    )


def back(
    folder: Path, before: pl.DataFrame, after: pl.DataFrame, **more
) -> pl.DataFrame:
    """Record a step on a frame, and walk it back."""
    step = entry(before, after, **more)
    rows = pl.int_range(before.height, dtype=pl.UInt32, eager=True).alias("_row")
    recorder = Recorder(folder, "x", "full")
    recorder.compare(
        step, before.with_columns(rows), after.with_columns(rows), before.columns
    )
    recorder.close()
    stored = tuple(
        Stored(ordinal=0, step=at, rows=n, load=lambda f=f: pl.scan_parquet(folder / f))
        for f, at, n in recorder.files
    )
    changed = {name: count for (_, name), count in recorder.changed.items()}
    ledger = Ledger(
        steps=(entry(before, after, changed=changed, **more),), cells=stored
    )
    return revert(ledger, 0, after.with_columns(rows), source="s").drop("_row")


@given(st.data())
def test_any_values_of_any_types_come_back(data: st.DataObject) -> None:
    import tempfile

    before = data.draw(frames(min_size=0))
    after = data.draw(frames(min_size=before.height, max_size=before.height))
    if data.draw(st.booleans()):
        after = after.with_columns(
            pl.col("int").cast(pl.String), pl.col("text").str.len_bytes()
        )
    if data.draw(st.booleans()):
        after = after.drop("float", "city")
    with tempfile.TemporaryDirectory() as folder:
        out = back(Path(folder), before, after)
    assert out.schema == before.schema
    assert content_id(out) == content_id(before)


def test_minus_zero_and_nan_are_seen(tmp_path: Path) -> None:
    before = pl.DataFrame({"x": [0.0, -0.0, float("nan"), float("nan"), None]})
    after = pl.DataFrame({"x": [-0.0, -0.0, float("nan"), None, float("nan")]})
    out = back(tmp_path, before, after)
    assert content_id(out) == content_id(before)
    cells = pl.read_parquet(next(tmp_path.glob("*.parquet")))
    assert cells["_row"].to_list() == [0, 3, 4]


def test_a_swap_of_names_is_no_change(tmp_path: Path) -> None:
    before = pl.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    after = before.rename({"a": "b", "b": "a"})
    assert back(tmp_path, before, after, renames={"a": "b", "b": "a"}).equals(before)
    assert not list(tmp_path.glob("*"))


def test_what_an_entry_says() -> None:
    before = pl.DataFrame({"a": [1], "b": [1], "c": [1]})
    after = pl.DataFrame({"a": ["1"], "d": [1], "e": [1]})
    step = entry(before, after, renames={"b": "d"})
    assert (step.gone, step.new, step.retyped) == (("c",), ("e",), ("a",))
    assert step.now("b") == "d"


def test_many_cells_are_written_in_pieces(tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("seedbed.ledger.recording._FLUSH_CELLS", 3)
    frame = pl.DataFrame({"a": [1, 50, 90, 100], "b": [5, 60, 7, 80]})
    dataset, _ = run_on(
        recipe().clean(Clip(high=10), Clip(high=4)), cut(frame, 9), tmp_path
    )
    assert len(dataset.manifest["ledger"]["cells"]) > 1
    assert dataset.original().equals(frame)
