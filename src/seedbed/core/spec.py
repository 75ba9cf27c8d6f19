"""A part as plain data, and back; strictly.

What YAML holds and what Python holds is one value:

>>> from seedbed.cleaning import FillMissing, rule
>>> to_spec(FillMissing(columns="age", strategy="mean"))
{'columns': 'age', 'strategy': 'mean'}
>>> from_spec(rule.get("fill_missing"), {"columns": "age", "strategie": "median"})
Traceback (most recent call last):
seedbed.errors.BadSpec: 'fill_missing' has no field 'strategie'
  where: fill_missing
  fix:   did you mean 'strategy'? the fields are: columns, scope, strategy, value
"""

import dataclasses
import functools
import hashlib
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeVar, get_args, get_type_hints

from seedbed.core.function import Function
from seedbed.core.part import Part
from seedbed.core.secret import Secret
from seedbed.errors import BadSpec, did_you_mean

if TYPE_CHECKING:
    from pydantic import TypeAdapter, ValidationError
    from pydantic_core import ErrorDetails

__all__ = ["describe", "digest", "from_spec", "to_spec"]

P = TypeVar("P", bound=Part)


def to_spec(part: Part) -> dict[str, Any]:
    """Return the settings of `part` that differ from their defaults, as plain data.

    Raises:
        BadSpec: A function among them cannot be named, such as a lambda.
    """
    fields = dataclasses.fields(part)
    return {
        field.name: _plain(getattr(part, field.name), part)
        for field in fields
        if getattr(part, field.name) != _default(field)
    }


def from_spec(cls: type[P], spec: Mapping[str, Any], *, where: str = "") -> P:
    """Return the part that `spec` describes.

    Raises:
        BadSpec: A field is unknown, missing, or of another type. Nothing is coerced:
            the text ``"3"`` is not the number 3.
    """
    where = where or cls.kind or cls.__name__
    names = [field.name for field in dataclasses.fields(cls)]
    for name in spec:
        if name not in names:
            fields = f"the fields are: {', '.join(sorted(names))}"
            raise BadSpec(
                f"{cls.kind!r} has no field {name!r}",
                where=where,
                fix=did_you_mean(str(name), names, otherwise=fields),
            )
    from pydantic import ValidationError

    try:
        text = json.dumps(_wrap(cls, spec), allow_nan=True)
        return _adapter(cls).validate_json(text, strict=True)
    except ValidationError as error:
        raise _translate(cls, error, where) from None
    except BadSpec as error:
        raise BadSpec(error.what, where=where, fix=error.fix) from None
    except TypeError as error:
        raise BadSpec(
            f"{cls.kind!r} cannot hold this: {error}",
            where=where,
            fix="use texts, numbers, true, false, null, lists and mappings only",
        ) from None


def describe(part: Part) -> dict[str, Any]:
    """Return all settings, defaults included, with the version of the part's code."""
    fields = {
        field.name: _plain(getattr(part, field.name), part, mark=True)
        for field in dataclasses.fields(part)
    }
    return {"kind": part.kind, "code": part.code, "fields": fields}


def digest(part: Part) -> str:
    """Return a name for what the part does: 32 hex digits over `describe`.

    Defaults are hashed, too: a default that changes tomorrow changes the name.
    """
    text = json.dumps(describe(part), sort_keys=True, ensure_ascii=False)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


def _plain(value: Any, part: Part, *, mark: bool = False) -> Any:
    match value:
        case Secret():
            return value.ref
        case Function() if mark:
            return f"{value.ref}#{value.mark()}"
        case Function():
            if not value.importable:
                raise BadSpec(
                    f"{value.ref!r} cannot be written down: no module holds it",
                    where=part.kind,
                    fix="move the function into a module and give 'module:name'",
                )
            return value.ref
        case tuple() | list():
            return [_plain(item, part, mark=mark) for item in value]
        case Mapping():
            return {key: _plain(item, part, mark=mark) for key, item in value.items()}
        case _ if dataclasses.is_dataclass(value) and not isinstance(value, type):
            return {
                field.name: _plain(getattr(value, field.name), part, mark=mark)
                for field in dataclasses.fields(value)
            }
        case float() if mark and value.is_integer():
            return int(value)  # 180 and 180.0 are one setting
        case _:
            pass
    return value if value is None or type(value) in _PLAIN else str(value)


_PLAIN = (str, int, float, bool)


def _default(field: "dataclasses.Field[Any]") -> Any:
    if field.default_factory is not dataclasses.MISSING:
        return field.default_factory()
    return field.default


def _wrap(cls: type[Part], spec: Mapping[str, Any]) -> dict[str, Any]:
    """Turn the short form of references into what their dataclasses look like."""
    hints = _hints(cls)
    references = {Secret, Function}
    return {
        name: {"ref": value}
        if isinstance(value, str) and references & {hints[name], *get_args(hints[name])}
        else value
        for name, value in spec.items()
    }


@functools.cache
def _hints(cls: type[Part]) -> dict[str, Any]:
    return get_type_hints(cls)


@functools.cache
def _adapter(cls: type[P]) -> "TypeAdapter[P]":
    from pydantic import TypeAdapter

    return TypeAdapter(cls)


def _translate(cls: type[Part], error: "ValidationError", where: str) -> BadSpec:
    details = error.errors(include_url=False)
    # A part's own `__post_init__` speaks best, if it is what complained.
    for detail in details:
        own = detail.get("ctx", {}).get("error")
        if isinstance(own, BadSpec):
            return BadSpec(own.what, where=where, fix=own.fix)
    return BadSpec(
        f"{cls.kind!r}: {'; '.join(_say(d) for d in _first_field(details))}",
        where=where,
        fix=f"`seedbed list {cls.kind}` shows its fields with their types",
    )


def _first_field(details: "list[ErrorDetails]") -> "list[ErrorDetails]":
    first = details[0]["loc"][:1]
    return [detail for detail in details if detail["loc"][:1] == first][:1]


def _say(detail: "ErrorDetails") -> str:
    field = str(detail["loc"][0]) if detail["loc"] else "it"
    if detail["type"] == "missing":
        return f"the field {field!r} is missing"
    message = detail["msg"].removeprefix("Input ").rstrip(".")
    return f"the field {field!r} {message}, not {detail['input']!r}"
