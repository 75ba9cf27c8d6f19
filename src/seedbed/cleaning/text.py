"""Rules for text: blanks around it, and words that mean "nothing here"."""

import itertools
import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

import polars as pl

from seedbed.cleaning.base import ColumnRule, Learned, rule
from seedbed.core.columns import Columns
from seedbed.errors import BadSpec

__all__ = ["NullTokens", "Trim"]


@rule("trim")
@dataclass(frozen=True, kw_only=True)
class Trim(ColumnRule):
    r"""Strip the blanks around texts.

    Every character that Unicode calls white space goes, the no-break space of web
    pages and the wide space of Chinese and Japanese texts included. Zero-width
    characters are no white space, and stay. A text of blanks alone becomes the empty
    text; missing values stay missing.

    Use it first: ``"Oslo "`` and ``"Oslo"`` are two categories to all that follows.

    Args:
        columns: The columns to work on; they must hold strings.
        inside: Also turn each run of white space inside a text into one space.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"city": [" New\t York", "Oslo\u00a0", None]}
        >>> try_rule(Trim(inside=True), train=rows)["city"].to_list()
        ['New York', 'Oslo', None]
    """

    accepts: ClassVar[str] = "@string"

    columns: Columns = "@text"
    inside: bool = False

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:  # noqa: ARG002
        """Return the texts without the blanks around them."""
        stripped = column.str.strip_chars()
        return stripped.str.replace_all(r"\s+", " ") if self.inside else stripped


@rule("null_tokens")
@dataclass(frozen=True, kw_only=True)
class NullTokens(ColumnRule):
    """Turn the texts that mean "missing" into missing values.

    A cell must be such a token as a whole, blanks around it aside. The default tokens
    mean nothing else in any column that we know of; ``none``, ``missing`` and
    ``unknown`` are not among them, for they are answers as often as gaps.

    Use it before `to_number`, and before anything that counts values. Where a token is
    a value (``NA`` is Namibia, and a surname), name the columns or the tokens.

    Args:
        columns: The columns to work on; they must hold text.
        tokens: The texts that mean "missing".
        ignore_case: Whether ``N/A`` and ``n/a`` are the same.

    Raises:
        BadSpec: There is no token.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"age": ["31", " N/A ", "", "none", None]}
        >>> try_rule(NullTokens(), train=rows)["age"].to_list()
        ['31', None, None, 'none', None]
    """

    accepts: ClassVar[str] = "@text"

    columns: Columns = "@text"
    tokens: tuple[str, ...] = ("", "na", "n/a", "nan", "null", "-", "--", "?", "#n/a")
    ignore_case: bool = True

    def __post_init__(self) -> None:
        if not self.tokens:
            raise BadSpec(
                "there is no token to look for",
                where=f"rule {self.kind!r}",
                fix="name some, such as tokens: ['', 'n/a'], or leave the field out",
            )

    def rewrite(self, column: pl.Expr, learned: Learned) -> pl.Expr:  # noqa: ARG002
        """Return the cells that are no token."""
        text = column.cast(pl.String).str.strip_chars()
        tokens = {token.strip() for token in self.tokens}
        if self.ignore_case and (spellings := _spellings(tokens)):
            # To look for every spelling costs a sixth of lowering every cell.
            tokens = spellings
        elif self.ignore_case:
            text = text.str.to_lowercase()
            tokens = {token.lower() for token in tokens}
        return pl.when(~text.is_in(sorted(tokens))).then(column)


_MOST_SPELLINGS = 512


def _spellings(tokens: Iterable[str]) -> set[str]:
    """Return all ways to write plain tokens in capitals and small letters, if few."""
    letters = [[{c.lower(), c.upper()} for c in token] for token in tokens]
    plain = all(token.isascii() for token in tokens)
    if (
        not plain
        or sum(math.prod(map(len, word)) for word in letters) > _MOST_SPELLINGS
    ):
        return set()
    return {
        "".join(spelling) for word in letters for spelling in itertools.product(*word)
    }
