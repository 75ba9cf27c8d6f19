"""How a verb fails: three lines on stderr, and an exit code that says whose mistake it is."""

from __future__ import annotations

import functools
import os
import sys
import traceback
from collections.abc import Callable
from typing import ParamSpec

import typer

from seedbed.cli import output
from seedbed.errors import (
    ContractFailed,
    MissingColumn,
    MissingExtra,
    RecipeError,
    SeedbedError,
    WrongType,
)

__all__ = ["FINDINGS", "STOPPED", "exit_code", "verb"]

P = ParamSpec("P")

FINDINGS = 1
"""The exit code where checks failed."""

STOPPED = 130
"""The exit code after Ctrl-C, as shells have it: 128 and SIGINT."""

_WRONG_CALL = 2
_FAILED = 3


def exit_code(error: SeedbedError) -> int:
    """Return the exit code that says whose mistake an error is.

    Examples:
        >>> exit_code(RecipeError("there is nothing to gather"))
        2
    """
    match error:
        case ContractFailed():
            return FINDINGS
        case RecipeError() | MissingExtra() | MissingColumn() | WrongType():
            return _WRONG_CALL
        case _:
            return _FAILED


def verb(function: Callable[P, None]) -> Callable[P, None]:
    """Let a function end as a verb should, whatever it raises on purpose."""

    @functools.wraps(function)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except ContractFailed as error:
            as_json = bool(kwargs.get("as_json"))
            output.show_findings(error.report, as_json=as_json)
            raise _exit(error) from None
        except SeedbedError as error:
            raise _exit(error) from None
        except KeyboardInterrupt:
            print("stopped; no version was made", file=sys.stderr)
            raise typer.Exit(STOPPED) from None

    return guarded


def _exit(error: SeedbedError) -> typer.Exit:
    if os.environ.get("SEEDBED_DEBUG"):
        traceback.print_exception(error)
    sys.stdout.flush()
    print(f"error: {error}", file=sys.stderr)
    return typer.Exit(exit_code(error))
