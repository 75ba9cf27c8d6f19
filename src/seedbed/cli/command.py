"""The application that the verbs register with, and the options that they share."""

from __future__ import annotations

import os
import sys
import traceback
from pathlib import Path
from typing import Annotated, TypeAlias

import polars as pl
import typer

from seedbed import __version__

__all__ = ["BUG", "AsJson", "RecipeFile", "StoreFolder", "app", "main"]

BUG = 70
"""The exit code where seedbed itself is at fault (EX_SOFTWARE of sysexits.h)."""

app = typer.Typer(
    name="seedbed",
    no_args_is_help=True,
    # Boxes wrap the examples, and a pipe gets them as well.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

StoreFolder: TypeAlias = Annotated[
    Path,
    typer.Option(
        "--store", envvar="SEEDBED_STORE", help="The folder that holds the versions."
    ),
]
"""The option that says where versions are kept."""

AsJson: TypeAlias = Annotated[
    bool, typer.Option("--json", help="Print JSON, and nothing else, on stdout.")
]
"""The option that asks for something that a program can read."""

RecipeFile: TypeAlias = Annotated[
    Path, typer.Argument(metavar="RECIPE", help="A recipe, as YAML.")
]
"""The argument that names a recipe."""


def _show_version(asked: bool) -> None:
    if asked:
        typer.echo(f"seedbed {__version__}")
        raise typer.Exit


@app.callback()
def seedbed(
    debug: Annotated[
        bool, typer.Option("--debug", help="Show where an error came from.")
    ] = False,
    _version: Annotated[
        bool,
        typer.Option(
            "--version",
            callback=_show_version,
            is_eager=True,
            help="Show which seedbed this is.",
        ),
    ] = False,
) -> None:
    """Make data ready for training: gather, check, clean, split, augment, version.

    \b
    A first look, without a network:
      seedbed demo
    A recipe of your own:
      seedbed plan people.yaml     what would happen
      seedbed check people.yaml    what is wrong with the data
      seedbed run people.yaml      make a version
      seedbed show people          look at it
      seedbed why people 17        the story of row 17
      seedbed list rules           what a recipe can be made of

    \b
    Exit codes: 0 all is well; 1 checks failed; 2 the recipe or the call is wrong;
    3 a source or the store failed; 130 stopped by Ctrl-C.
    Environment: SEEDBED_STORE, SEEDBED_CACHE, SEEDBED_DEBUG=1, NO_COLOR.
    """  # noqa: D301 - \b is Typer's mark for lines to leave as they are
    if debug:
        os.environ["SEEDBED_DEBUG"] = "1"


def main() -> None:
    """Run the command, and end the process with its exit code."""
    try:
        app(prog_name="seedbed")
    except (Exception, pl.exceptions.PanicException):  # noqa: BLE001 - it is shown whole
        traceback.print_exc()
        print("error: this is a mistake in seedbed, please report it", file=sys.stderr)
        sys.exit(BUG)
