"""Say in our words what Polars or the machine could not do, with the place."""

from __future__ import annotations

import errno
from collections.abc import Generator
from contextlib import contextmanager

import polars as pl

from seedbed.errors import DataError, SeedbedError, StoreError

__all__ = ["in_our_words"]

_FULL = "No space left on device"


@contextmanager
def in_our_words(where: str) -> Generator[None]:
    """Turn foreign errors of the block into errors that name `where`.

    Raises:
        StoreError: The disk is full.
        DataError: Polars refused, or panicked (a panic is no `Exception`).
    """
    try:
        yield
    except SeedbedError as error:
        own = ("rule ", "check ", "augmenter ")
        if error.where in ("", "split") or error.where.startswith(own):
            # A part knows its name only; the rest, such as a row, it alone knows.
            _, _, rest = error.where.partition(", ")
            error.where = f"{where}, {rest}" if rest else where
        raise
    except OSError as error:
        if error.errno == errno.ENOSPC:
            raise _disk_full(where) from error
        raise
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        if _FULL in str(error):
            raise _disk_full(where) from error
        first = str(error).strip().partition("\n")[0]
        raise DataError(
            f"the step could not be done: {first}",
            where=where,
            fix="look at these columns with `seedbed show`, or take the step out",
        ) from error
    except Exception as error:
        # A stranger's part may raise anything: it stays what it is, with its place.
        if not getattr(error, "__notes__", ()):
            error.add_note(f"  where: {where}")
        raise


def _disk_full(where: str) -> StoreError:
    return StoreError(
        "the disk is full; no version was made and none was harmed",
        where=where,
        fix="free some space, or name another folder with --store",
    )
