"""For each rule some settings that show what it does; a rule without any fails."""

import tempfile
from pathlib import Path
from typing import Any

from seedbed import cleaning
from seedbed.cleaning import Rule

__all__ = ["RULES"]

_FOLDER = tempfile.TemporaryDirectory(prefix="seedbed-examples-")
_TABLE = Path(_FOLDER.name, "cities.csv")
_TABLE.write_text(
    "city,land,code\nOslo,Norway,047\nUlm,Germany,049\n", encoding="utf-8"
)


def twice(row: dict[str, Any]) -> float | None:
    """Double a number, in Python."""
    return None if row["float"] is None else row["float"] * 2


def shout(row: dict[str, Any]) -> str | None:
    """Write a text in capitals."""
    return None if row["text"] is None else row["text"].upper()


RULES: dict[str, tuple[Rule, ...]] = {
    "apply": (
        cleaning.Apply(columns="text", function=shout),
        cleaning.Apply(columns="float", function=twice, into="new", returns="float"),
    ),
    "clip": (
        cleaning.Clip(columns=("int", "float", "single"), low=-2.5, high=1000),
        cleaning.Clip(low=-100.5),
        cleaning.Clip(high=99.5),
        cleaning.Clip(quantiles=(0.1, 0.9)),
    ),
    "dependency": (
        cleaning.Dependency(given="city", columns="text", min_rows=1, at_least=0.5),
        cleaning.Dependency(
            given=("city", "bool"), columns=("int", "date"), fill=False
        ),
    ),
    "derive": (
        cleaning.Derive(into="new", formula="small / 2 + 1"),
        cleaning.Derive(into="new", formula="case when bool then upper(text) end"),
    ),
    "drop_columns": (
        cleaning.DropColumns(columns=("text", "int")),
        cleaning.DropColumns(columns="@numeric"),
    ),
    "drop_duplicates": (
        cleaning.DropDuplicates(),
        cleaning.DropDuplicates(columns=("city", "bool"), keep="first"),
    ),
    "drop_missing": (
        cleaning.DropMissing(),
        cleaning.DropMissing(columns=("float", "city"), how="all"),
    ),
    "fill_missing": (
        cleaning.FillMissing(columns="@numeric"),
        cleaning.FillMissing(columns=("small", "single"), strategy="mean"),
        cleaning.FillMissing(columns="@all", strategy="most_common"),
        cleaning.FillMissing(columns="@all", strategy="value", value=7),
        cleaning.FillMissing(columns="@all", strategy="value", value=0.5),
        cleaning.FillMissing(columns="@all", strategy="value", value="none"),
        cleaning.FillMissing(columns="bool", strategy="value", value=False),
    ),
    "lookup": (cleaning.Lookup(table=str(_TABLE), by="city", take=("land", "code")),),
    "merge_rare": (
        cleaning.MergeRare(columns="city", min_count=2),
        cleaning.MergeRare(columns="@text", min_count=1, other="rest"),
    ),
    "null_tokens": (
        cleaning.NullTokens(),
        cleaning.NullTokens(columns="city", tokens=("Oslo",), ignore_case=False),
    ),
    "rename": (
        cleaning.Rename(names={"text": "body"}),
        cleaning.Rename(names={"int": "small", "small": "int"}),
    ),
    "to_date": (
        cleaning.ToDate(columns="text"),
        cleaning.ToDate(columns="@string", format="%d.%m.%Y", unparsable="error"),
    ),
    "to_number": (
        cleaning.ToNumber(columns="text"),
        cleaning.ToNumber(columns="text", into="int", thousands=","),
        cleaning.ToNumber(
            columns="@string", decimal=",", thousands=".", unparsable="error"
        ),
    ),
    "trim": (cleaning.Trim(), cleaning.Trim(columns="text", inside=True)),
}
