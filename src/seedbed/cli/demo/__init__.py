"""The verb `demo`: two datasets made from what Python packages bring along."""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any

import typer

from seedbed.cli import output
from seedbed.cli.command import AsJson, app
from seedbed.cli.demo.digits import digits
from seedbed.cli.demo.flights import flights
from seedbed.cli.failing import STOPPED, verb

__all__ = ["demo"]


@app.command()
@verb
def demo(
    folder: Annotated[
        Path, typer.Argument(metavar="FOLDER", help="Where everything of it goes.")
    ] = Path("seedbed-demo"),
    as_json: AsJson = False,
) -> None:
    """Make two datasets, to see what seedbed does; no network is needed.

    The first joins the flights that left New York in 2013 with the weather, and with a
    database of planes and airlines; it is checked, cleaned, split by day and versioned;
    then one rule is changed. The second turns a few handwritten digits into more of
    them, and measures what that is worth to a classifier.

    The recipes stay in FOLDER, to be read, changed and run again; a second demo in the
    same folder writes them anew, and makes the same versions. It needs `pip install 'seedbed[demo]'`, about
    60 MB of disk, and a minute.

    \b
    Examples:
      seedbed demo
      seedbed demo /tmp/look-around
    """  # noqa: D301
    began = time.perf_counter()
    folder.mkdir(parents=True, exist_ok=True)
    tell = _say_nothing if as_json else output.say
    try:
        first = flights(folder, tell)
        second = digits(folder, tell)
    except KeyboardInterrupt:
        print(f"stopped; what was finished is in {str(folder)!r}", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    seconds = round(time.perf_counter() - began, 1)
    if as_json:
        output.print_json({"flights": first, "digits": second, "seconds": seconds})
        return
    _show(folder, first, second, seconds)


def _show(
    folder: Path, first: dict[str, Any], second: dict[str, Any], seconds: float
) -> None:
    both = (first, second)
    output.table(
        "What was done",
        ("", "flights", "digits"),
        [
            ("gathered", *(_counts(run["gathered"]) for run in both)),
            ("found", *(_found(run) for run in both)),
            ("changed", *(f"{run['changed']:,} cells" for run in both)),
            (
                "dropped",
                *(f"{run['dropped']:,} rows, kept in the ledger" for run in both),
            ),
            ("made", *(f"{run['made']:,} rows" for run in both)),
            ("came out", *(_counts(run["rows"]) for run in both)),
            ("version", *(run["version"] for run in both)),
            ("new", *("yes" if run["is_new"] else "unchanged" for run in both)),
            ("where", *(run["where"] for run in both)),
        ],
        wide=output.WHOLE,
    )
    store = folder / "store"
    output.say(
        f"It took {seconds:.0f} s. What to type next:",
        f"  seedbed log flights --store {store}",
        f"  seedbed show flights --store {store}",
        f"  seedbed why flights {first['row']} --store {store}",
        f"  seedbed diff flights@1 flights@2 --store {store}",
        f"  seedbed plan {folder / 'flights.yaml'}",
        f"  seedbed run {folder / 'digits.yaml'} --store {store}",
    )


def _say_nothing(*lines: str) -> None:
    """Take lines and keep stdout clean for what a program reads."""


def _counts(counted: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in counted.items())


def _found(run: Mapping[str, Any]) -> str:
    told = f"{run['found']} of {run['checks']} checks"
    return ", ".join([told, *run["findings"]])
