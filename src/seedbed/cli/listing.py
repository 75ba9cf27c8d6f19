"""The verb that says what there is: `list`."""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator, Mapping
from enum import Enum
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from seedbed import validation
from seedbed.augmentation import augmenter
from seedbed.cleaning import rule
from seedbed.cli import output
from seedbed.cli.command import AsJson, StoreFolder, app
from seedbed.cli.failing import verb
from seedbed.connectors import connector
from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.dataset import open_dataset
from seedbed.errors import StoreError, UnknownKind, did_you_mean
from seedbed.store import LocalStore

__all__ = ["fields_of", "listed"]

_SORTS: Mapping[str, Registry[Any]] = {
    "connectors": connector,
    "checks": validation.check,
    "rules": rule,
    "augmenters": augmenter,
}
_ARGUMENT = re.compile(r"^    (\w+): (.*)$")


@app.command("list")
@verb
def listed(
    what: Annotated[
        str,
        typer.Argument(
            metavar="WHAT",
            help="connectors, checks, rules, augmenters, datasets, or one part by name.",
        ),
    ] = "all",
    store: StoreFolder = Path("seedbed-store"),
    as_json: AsJson = False,
) -> None:
    """Show what a recipe can be made of, what one part does, or which datasets there are.

    Parts of installed plug-in packages are listed as well.

    \b
    Examples:
      seedbed list
      seedbed list rules
      seedbed list merge_rare
      seedbed list datasets --store /data/versions
    """  # noqa: D301
    if what == "datasets":
        _list_datasets(store, as_json=as_json)
    elif what in ("all", *_SORTS):
        sorts = _SORTS if what == "all" else {what: _SORTS[what]}
        _list_sorts(sorts, as_json=as_json)
    else:
        _list_part(what, as_json=as_json)


def fields_of(part: type[Part]) -> list[dict[str, str]]:
    """Return the fields of a part: name, type, default, and what its docstring says.

    Examples:
        >>> [(f["field"], f["default"]) for f in fields_of(rule.get("trim"))]
        [('columns', "'@text'"), ('scope', "'everywhere'"), ('inside', 'False')]
    """
    said, hints = _arguments(part), get_type_hints(part)
    return [
        {
            "field": field.name,
            "type": _type(field, hints[field.name]),
            "default": _default(field),
            "what": said.get(field.name, ""),
        }
        for field in dataclasses.fields(part)
    ]


def _list_sorts(sorts: Mapping[str, Registry[Any]], *, as_json: bool) -> None:
    found = {
        sort: {kind: _summary(registry.get(kind)) for kind in registry}
        for sort, registry in sorts.items()
    }
    if as_json:
        output.print_json(found)
        return
    for sort, parts in found.items():
        output.table(
            sort.capitalize(),
            ("name", "what it does"),
            parts.items(),
            wide=output.WHOLE,
        )
    output.say("`seedbed list NAME` shows the fields of one of them")


def _list_part(kind: str, *, as_json: bool) -> None:
    found = [(sort, reg.get(kind)) for sort, reg in _SORTS.items() if kind in set(reg)]
    if not found:
        known = [name for registry in _SORTS.values() for name in registry]
        raise UnknownKind(
            f"nothing is called {kind!r}",
            where="seedbed list",
            fix=did_you_mean(
                kind, [*known, *_SORTS], otherwise="`seedbed list` shows all"
            ),
        )
    if as_json:
        output.print_json([_part_plain(sort, part) for sort, part in found])
        return
    for sort, part in found:
        output.say(f"{kind} ({sort.removesuffix('s')})", "", *_prose(part), "")
        rows = [tuple(field.values()) for field in fields_of(part)]
        output.table(
            "Fields",
            ("field", "type", "default", "what it says"),
            rows,
            wide=output.WHOLE,
        )


def _part_plain(sort: str, part: type[Part]) -> dict[str, Any]:
    return {
        "name": part.kind,
        "sort": sort.removesuffix("s"),
        "summary": _summary(part),
        "description": "\n".join(_prose(part)),
        "fields": fields_of(part),
    }


def _list_datasets(store: Path, *, as_json: bool) -> None:
    if not (store / "seedbed-store.json").exists():
        raise StoreError(
            f"there is no store at {str(store)!r}",
            where="seedbed list datasets",
            fix="`seedbed run RECIPE --store FOLDER` makes one",
        )
    place = LocalStore(store)
    found = [
        {
            "name": name,
            "versions": len(place.versions(name)),
            "newest": (opened := open_dataset(name, store=place)).version.ref,
            "made": opened.version.made,
            "rows": sum(opened.rows.values()),
        }
        for name in place.names()
    ]
    if as_json:
        output.print_json(found)
        return
    columns = ("name", "versions", "newest", "made", "rows")
    rows = [tuple(entry.values()) for entry in found]
    output.table(f"Datasets in {store}", columns, rows, right=("versions", "rows"))


# -- reading docstrings ---------------------------------------------------------------


def _summary(part: type[Part]) -> str:
    return (inspect.getdoc(part) or "").partition("\n")[0]


def _prose(part: type[Part]) -> list[str]:
    """Return the lines of the docstring up to its sections."""
    lines = (inspect.getdoc(part) or "").splitlines()
    ends = [at for at, line in enumerate(lines) if re.fullmatch(r"[A-Z]\w+:", line)]
    return "\n".join(lines[: ends[0]] if ends else lines).rstrip().splitlines()


def _arguments(part: type[Part]) -> dict[str, str]:
    """Return what the docstrings of a part and of its bases say of each field."""
    # What a part says itself comes last, and stands.
    return {
        name: text
        for cls in reversed(part.__mro__)
        for name, text in _section(inspect.cleandoc(cls.__doc__ or ""))
    }


def _section(doc: str) -> Iterator[tuple[str, str]]:
    inside, name, words = False, "", list[str]()
    for line in [*doc.splitlines(), "End:"]:
        if not line.startswith(" ") and line:
            if inside and name:
                yield name, " ".join(words)
            inside, name, words = line == "Args:", "", []
        elif inside and (match := _ARGUMENT.match(line)):
            if name:
                yield name, " ".join(words)
            name, words = match[1], [match[2]]
        elif inside and line.strip():
            words.append(line.strip())


def _type(field: dataclasses.Field[Any], hint: Any) -> str:
    """Return the type as the source has it, without the modules in front."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return f"Literal[{', '.join(repr(str(member)) for member in hint)}]"
    text = field.type if isinstance(field.type, str) else inspect.formatannotation(hint)
    return re.sub(r"\b(?:\w+\.)+", "", text)


def _default(field: dataclasses.Field[Any]) -> str:
    if field.default is not dataclasses.MISSING:
        value = field.default
        return repr(str(value)) if isinstance(value, str) else repr(value)
    if field.default_factory is not dataclasses.MISSING:
        return repr(field.default_factory())
    return "needed"
