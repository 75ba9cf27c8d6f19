"""One example a check: its settings, and rows of which some fail.

A check that is registered and does not stand here fails `test_every_check`.
"""

from datetime import date

import polars as pl

from seedbed.validation import Between, Check, Matches, NotNull, OneOf, Unique

EXAMPLES: list[tuple[Check, pl.DataFrame]] = [
    (NotNull(column="x"), pl.DataFrame({"x": [1.0, None, float("nan")]})),
    (NotNull(column="x"), pl.DataFrame({"x": ["a", None, ""]})),
    (OneOf(column="x", values=("a", "b")), pl.DataFrame({"x": ["a", None, "c"]})),
    (OneOf(column="x", values=(1, 2.5)), pl.DataFrame({"x": [1, None, 3]})),
    (OneOf(column="x", values=(True,)), pl.DataFrame({"x": [True, None, False]})),
    (Between(column="x", low=0, high=9), pl.DataFrame({"x": [4, None, 10]})),
    (
        Between(column="x", low="2024-01-01"),
        pl.DataFrame({"x": [date(2024, 1, 1), None, date(2023, 1, 1)]}),
    ),
    (Matches(column="x", pattern=r"N\d+"), pl.DataFrame({"x": ["N1", None, "M1"]})),
    (Unique(column="x"), pl.DataFrame({"x": [1, None, None, 2, 1]})),
    (
        Unique(column=("x", "y")),
        pl.DataFrame({"x": [1, 1, 1], "y": ["a", "b", "a"]}),
    ),
]
