"""The command `seedbed`.

One module for each group of verbs; each registers its verbs with `app`. Typer and Rich
are imported here and nowhere else. What a verb prints goes to stdout, what it says about
its own doings (progress, errors) to stderr, so that a pipe gets only what was asked for.
"""

from seedbed.cli import checking, demo, listing, looking, making
from seedbed.cli.command import app, main

__all__ = ["app", "checking", "demo", "listing", "looking", "main", "making"]
