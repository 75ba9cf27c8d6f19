"""Verbs that make versions: `run`, and `plan`, which says what a run would do."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from seedbed import dataset
from seedbed.cli import output
from seedbed.cli.command import AsJson, RecipeFile, StoreFolder, app
from seedbed.cli.failing import STOPPED, verb
from seedbed.connectors import Cache
from seedbed.dataset import Dataset, Run
from seedbed.engine import LocalEngine
from seedbed.ledger import GATHER, Level
from seedbed.recipe import Recipe
from seedbed.store import LocalStore

__all__ = ["plan", "run", "summary"]

Refresh = Annotated[
    bool, typer.Option("--refresh", help="Ask databases anew instead of the cache.")
]


@app.command()
@verb
def run(
    recipe: RecipeFile,
    store: StoreFolder = Path("seedbed-store"),
    ledger: Annotated[
        Level, typer.Option(help="What to keep of what is changed and dropped.")
    ] = "full",
    message: Annotated[
        str, typer.Option("--message", "-m", help="Why it is made.")
    ] = "",
    refresh: Refresh = False,
    as_json: AsJson = False,
) -> None:
    """Run a recipe and make a version of what comes out.

    The sources are gathered, joined or stacked, checked, cleaned, split and augmented as
    the recipe says. If an error is found by a check, no version is made, and the exit
    code is 1. A run that gives what the newest version holds makes no new one. Ctrl-C at
    any moment leaves the store as it was.

    The ledger keeps every changed cell and every dropped row (full), how many they were
    (counts), or nothing (off); `seedbed why` tells a row's whole story from a full one.

    \b
    Examples:
      seedbed run people.yaml
      seedbed run people.yaml --store /data/versions -m "merge rare towns"
      seedbed run people.yaml --json | jq .version
    """  # noqa: D301
    loaded = Recipe.from_file(recipe)
    before = _newest(store, loaded.name)
    try:
        with output.progress() as tell:
            done = dataset.run(
                loaded,
                store=store,
                engine=LocalEngine(progress=tell),
                cache=Cache(refresh=refresh),
                ledger=ledger,
                message=message,
            )
    except KeyboardInterrupt:
        # The version may have come to be in the very moment before.
        if (now := _newest(store, loaded.name)) == before:
            raise
        print(f"stopped, after version {now} was made", file=sys.stderr)
        raise typer.Exit(STOPPED) from None
    found = summary(done, store)
    if as_json:
        output.print_json(
            {
                **found,
                "findings": output.findings(done.report),
                "notes": list(done.notes),
            }
        )
        return
    if done.report.findings:
        output.show_findings(done.report)
    _show(found)
    output.say(*(f"note: {note}" for note in done.notes))


@app.command()
@verb
def plan(recipe: RecipeFile, refresh: Refresh = False, as_json: AsJson = False) -> None:
    """Say what a recipe would do, and run no step of it.

    The sources are gathered, so that their columns are known; whatever can be known to
    be wrong is refused here: an unknown column, a wrong type, a step that would learn
    from test rows. Nothing is written but the cache of what was gathered.

    \b
    Examples:
      seedbed plan people.yaml
      seedbed plan people.yaml --json | jq '.steps[].kind'
    """  # noqa: D301
    planned = dataset.plan(Recipe.from_file(recipe), cache=Cache(refresh=refresh))
    columns = {name: str(kind) for name, kind in planned.schema.items()}
    if as_json:
        output.print_json(
            {
                "name": planned.recipe.name,
                "sources": {
                    name: len(kinds) for name, kinds in planned.schemas.items()
                },
                "steps": planned.to_frame().to_dicts(),
                "columns": columns,
                "roles": dict(planned.roles.items()),
                "notes": list(planned.notes),
            }
        )
        return
    title = f"Plan of {planned.recipe.name!r}: {len(planned.start)} columns in, {len(columns)} out"
    output.frame(title, planned.to_frame())
    output.say(*(f"note: {note}" for note in planned.notes))


def summary(done: Run, store: Path) -> dict[str, Any]:
    """Return what a run brought, as plain data.

    Args:
        done: The run.
        store: Where its version is kept.
    """
    version = done.dataset.version
    cells, dropped, made = _totals(done.dataset)
    sources = {
        entry["name"]: entry["rows"] for entry in done.dataset.manifest["sources"]
    }
    return {
        "name": version.name,
        "version": version.ref,
        "number": version.number,
        "is_new": done.is_new,
        "gathered": sources,
        "unreadable": sum(e["quarantined"] for e in done.dataset.manifest["sources"]),
        "found": len(done.report.findings),
        "checks": done.report.checks,
        "changed": cells,
        "dropped": dropped,
        "made": made,
        "rows": done.dataset.rows,
        "ledger": done.ledger.level,
        "where": str(store),
    }


def _totals(made: Dataset) -> tuple[int, int, int]:
    """Return cells changed, rows dropped and rows made by the steps of the recipe."""
    # Neither the types decided while gathering nor the cells of a column that is dropped
    # whole are changes that anybody would count.
    steps = [step for step in made.ledger.steps if step.kind != GATHER]
    cells = [
        count
        for step in steps
        for column, count in step.changed.items()
        if column not in step.gone
    ]
    return (
        sum(cells),
        sum(step.dropped for step in steps),
        sum(step.made for step in steps),
    )


def _show(found: dict[str, Any]) -> None:
    gathered = ", ".join(f"{name} {rows:,}" for name, rows in found["gathered"].items())
    rows = ", ".join(f"{name} {count:,}" for name, count in found["rows"].items())
    unreadable = found["unreadable"]
    version = f"{found['version']} (number {found['number']})"
    output.facts(
        f"{found['name']}: " + ("a new version" if found["is_new"] else "nothing new"),
        [
            ("gathered", f"{gathered} rows"),
            *([("not readable", f"{unreadable:,} records")] if unreadable else []),
            ("found", f"{found['found']} of {found['checks']} checks found something"),
            ("changed", _changed(found)),
            ("dropped", f"{found['dropped']:,} rows"),
            ("made", f"{found['made']:,} rows"),
            ("rows", rows),
            (
                "version",
                version if found["is_new"] else f"{version}, the same as before",
            ),
            ("where", found["where"]),
        ],
    )


def _changed(found: dict[str, Any]) -> str:
    if found["ledger"] == "off":
        return "not counted (--ledger off)"
    return f"{found['changed']:,} cells"


def _newest(store: Path, name: str) -> int:
    if not (store / "seedbed-store.json").exists():
        return 0
    place = LocalStore(store)
    return place.versions(name)[-1].number if name in place.names() else 0
