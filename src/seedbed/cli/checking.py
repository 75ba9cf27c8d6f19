"""The verb that looks and makes nothing: `check`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from seedbed.cli import output
from seedbed.cli.command import AsJson, app
from seedbed.cli.failing import FINDINGS, verb
from seedbed.recipe import Recipe
from seedbed.verbs import check_recipe

__all__ = ["check"]


@app.command()
@verb
def check(
    data: Annotated[
        Path,
        typer.Argument(
            metavar="DATA", help="A data file; or a recipe, without --with."
        ),
    ],
    recipe: Annotated[
        Path | None, typer.Option("--with", metavar="RECIPE", help="The recipe to use.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what the checks of a recipe find, and make no version.

    With a recipe alone its own sources are looked at. With a data file and --with, that
    file stands for the source that the recipe stacks: a new delivery is held against
    what the old ones had to be. The exit code is 1 if an error is found; warnings, and
    rows that a check would move to the quarantine, are shown and are no error.

    \b
    Examples:
      seedbed check people.yaml
      seedbed check new-people.csv --with people.yaml
      seedbed check new-people.csv --with people.yaml --json | jq .ok
    """  # noqa: D301
    if recipe is None:
        report = check_recipe(Recipe.from_file(data))
    else:
        report = check_recipe(Recipe.from_file(recipe), data)
    output.show_findings(report, as_json=as_json)
    if not report.ok:
        raise typer.Exit(FINDINGS)
