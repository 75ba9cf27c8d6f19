"""Rules for rows that are there more than once."""

from dataclasses import dataclass

from seedbed.cleaning.base import KeyRule, rule
from seedbed.core.columns import Columns

__all__ = ["DropDuplicates"]


@rule("drop_duplicates")
@dataclass(frozen=True, kw_only=True)
class DropDuplicates(KeyRule):
    """Keep one of the rows that are equal in the columns looked at.

    Which one is kept does not depend on the order of the rows, unless ``keep="first"``
    asks for that. Missing values are equal to each other. The ledger keeps the rows
    that go, each with the row that stayed.

    Use it before `split`, or a row and its twin may meet in train and test. Put `trim`
    before it; and where rows differ in a running number, name the columns that count.

    Args:
        columns: The columns that make two rows equal.
        keep: ``smallest`` keeps the row whose gathered content has the smallest key,
            ``first`` the row that was gathered first.

    Examples:
        >>> from seedbed.testing import try_rule
        >>> rows = {"name": ["ann", "bob", "ann"], "row": [1, 2, 3]}
        >>> try_rule(DropDuplicates(columns="name", keep="first"), train=rows).rows()
        [('ann', 1), ('bob', 2)]
    """

    columns: Columns = "@all"
