"""Verbs that look at versions: `log`, `diff`, `show` and `why`."""

from __future__ import annotations

import math
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import polars as pl
import typer

from seedbed.cli import output
from seedbed.cli.command import AsJson, StoreFolder, app
from seedbed.cli.failing import verb
from seedbed.dataset import Dataset, open_dataset
from seedbed.splits import TRAIN
from seedbed.store import Version

__all__ = ["diff", "log", "show", "why"]

_DEFAULT_STORE = Path("seedbed-store")
_EXAMPLE_REF = (
    "A version: people is the newest, people@2 the second, people@3f2a9c by id."
)


@app.command()
@verb
def log(
    name: Annotated[str, typer.Argument(metavar="NAME", help="A dataset.")],
    store: StoreFolder = _DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show all versions of a dataset, oldest first.

    \b
    Examples:
      seedbed log people
      seedbed log people --json | jq '.[-1].id'
    """  # noqa: D301
    newest = open_dataset(name.partition("@")[0], store=store)
    versions = newest.store.versions(newest.version.name)
    if as_json:
        output.print_json([_plain(version) for version in versions])
        return
    output.table(
        f"Versions of {newest.version.name!r}",
        ("number", "version", "made", "author", "rows", "message"),
        [
            (
                v.number,
                v.ref,
                v.made,
                v.author,
                _rows(Dataset(v, newest.store)),
                v.message,
            )
            for v in versions
        ],
        right=("number",),
        uncut=("version",),
    )


@app.command()
@verb
def diff(
    before: Annotated[str, typer.Argument(metavar="A", help=_EXAMPLE_REF)],
    after: Annotated[str, typer.Argument(metavar="B", help="Another version.")],
    store: StoreFolder = _DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show what changed from one version to another: rows, cells, columns, recipe.

    Rows are known by their ids: a row that is in both and differs counts its cells, with
    some of them shown. The exit code is 0 whether they differ or not.

    \b
    Examples:
      seedbed diff people@1 people@2
      seedbed diff people@1 people --json | jq .same
    """  # noqa: D301
    found = open_dataset(before, store=store).diff(open_dataset(after, store=store))
    samples = found.samples.drop("_id")
    if as_json:
        output.print_json(
            {
                "before": found.before,
                "after": found.after,
                "same": found.same,
                "differences": found.to_frame().to_dicts(),
                "samples": samples.to_dicts(),
                "recipe": list(found.recipe),
            }
        )
        return
    title = f"{found.before} -> {found.after}"
    if found.same:
        output.say(f"{title}: the same")
        return
    differences = found.to_frame()
    output.table(title, differences.columns, differences.iter_rows(), right=("count",))
    if samples.height:
        output.frame("Some of these cells", samples)
    if found.recipe:
        output.say("The recipe", *(f"  {line}" for line in found.recipe))


@app.command()
@verb
def show(
    ref: Annotated[str, typer.Argument(metavar="REF", help=_EXAMPLE_REF)],
    split: Annotated[str, typer.Option(help="Which split to show rows of.")] = TRAIN,
    rows: Annotated[int, typer.Option(min=0, help="How many rows to show.")] = 5,
    store: StoreFolder = _DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Show a version: its splits, columns, roles, sources, and some of its rows.

    \b
    Examples:
      seedbed show people
      seedbed show people@2 --split test --rows 20
      seedbed show people --json | jq .rows
    """  # noqa: D301
    opened = open_dataset(ref, store=store)
    head = opened.split(split).head(rows).collect()
    sources = [_source(entry, opened) for entry in opened.manifest["sources"]]
    roles = {column: role for role, column in opened.roles.items()}
    if as_json:
        output.print_json(
            {
                **_plain(opened.version),
                "rows": opened.rows,
                "columns": {name: str(kind) for name, kind in opened.schema.items()},
                "roles": dict(opened.roles),
                "sources": sources,
                "split": split,
                "head": head.to_dicts(),
            }
        )
        return
    version = opened.version
    output.facts(
        f"{version.ref} (number {version.number})",
        [
            ("made", f"{version.made} by {version.author}"),
            *([("message", version.message)] if version.message else []),
            ("rows", _rows(opened)),
            ("ledger", opened.ledger.level),
        ],
    )
    columns = ("name", "rows", "from", "licence", "not readable", "retrieved")
    cells = [[source[column] for column in columns] for source in sources]
    output.table("Sources", columns, cells, right=("rows",), wide=output.WHOLE)
    kinds = [(name, kind, roles.get(name)) for name, kind in opened.schema.items()]
    output.table("Columns", ("column", "type", "role"), kinds)
    _show_rows(f"{head.height} rows of {split!r}", head)


@app.command()
@verb
def why(
    name: Annotated[str, typer.Argument(metavar="NAME", help=_EXAMPLE_REF)],
    row: Annotated[str, typer.Argument(metavar="ROW", help="Its number, or its id.")],
    store: StoreFolder = _DEFAULT_STORE,
    as_json: AsJson = False,
) -> None:
    """Tell the story of one row: where it came from, what was changed, where it is.

    A row is named by its position among all gathered rows, from 0, or by its id, or how
    its id begins. A child that an augmenter made is named by its id.

    \b
    Examples:
      seedbed why people 17
      seedbed why people@2 9f31c0de77aa
    """  # noqa: D301
    opened = open_dataset(name, store=store)
    story = opened.why(row)
    if as_json:
        lines = [line.strip() for line in story.splitlines()]
        output.print_json({"version": opened.version.ref, "row": row, "story": lines})
        return
    output.say(*story.splitlines())


def _plain(version: Version) -> dict[str, Any]:
    return {"ref": version.ref, **asdict(version)}


def _rows(opened: Dataset) -> str:
    return ", ".join(f"{name} {count:,}" for name, count in opened.rows.items())


def _source(entry: dict[str, Any], opened: Dataset) -> dict[str, Any]:
    record = entry["record"]
    return {
        "name": entry["name"],
        "rows": entry["rows"],
        "from": record.get("url") or "a frame at hand",
        "licence": record.get("licence") or "not stated",
        "not readable": entry["quarantined"],
        "retrieved": opened.version.retrieved.get(entry["name"], ""),
    }


_ACROSS = 12


def _show_rows(title: str, head: pl.DataFrame) -> None:
    """Print rows; a wide frame in several tables, one below the other."""
    tables = max(math.ceil(head.width / _ACROSS), 1)
    size = max(math.ceil(head.width / tables), 1)
    for start in range(0, max(head.width, 1), size):
        part = head[:, start : start + size]
        beside = f", columns {start + 1} to {start + part.width}" if tables > 1 else ""
        output.frame(title + beside, part)
