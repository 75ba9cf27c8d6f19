"""Read and write YAML 1.2, in which `no` is a word and `2024-01-01` a text.

YAML 1.1, which many readers still speak, turns the country code `NO` into false,
a field called `on` into true, and a date into an object.
"""

from __future__ import annotations

import io
import sys
from typing import TYPE_CHECKING, Any

from seedbed.errors import BadSpec

if TYPE_CHECKING:
    from ruamel.yaml import YAML

__all__ = ["dump", "load"]

_BROKEN = "indent with spaces; quote a text that holds ': ' or starts with @"
_TWICE = "keep one of the two, or write what belongs to both as a list"


def load(text: str, *, where: str = "") -> Any:
    r"""Return the plain data that `text` holds.

    Raises:
        BadSpec: It is no YAML, or a key stands twice in one mapping.

    Examples:
        >>> load("country: NO\nday: 2024-01-01\nzip: 007")
        {'country': 'NO', 'day': '2024-01-01', 'zip': 7}
    """
    from ruamel.yaml.error import YAMLError

    try:
        return _yaml().load(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 1}" if mark is not None else ""
        problem = getattr(error, "problem", None) or str(error)
        raise BadSpec(
            f"this is not valid YAML: {' '.join(str(problem).split())}",
            where=f"{where or 'recipe'}{line}",
            fix=_TWICE if "duplicate key" in str(problem) else _BROKEN,
        ) from None


def dump(data: Any) -> str:
    """Return `data` as YAML; what `load` would misread is quoted.

    Examples:
        >>> print(dump({"values": ["yes", "no"], "columns": "@text"}), end="")
        values: [yes, no]
        columns: '@text'
    """
    out = io.StringIO()
    _yaml().dump(data, out)
    return out.getvalue()


def _yaml() -> YAML:
    from ruamel.yaml import YAML
    from ruamel.yaml.constructor import SafeConstructor
    from ruamel.yaml.emitter import Emitter as RuamelEmitter

    class Emitter(RuamelEmitter):
        """Breaks a line between texts, never within one: a broken key is no YAML."""

        def process_scalar(self) -> None:
            width, self.best_width = self.best_width, sys.maxsize
            super().process_scalar()
            self.best_width = width

        def choose_scalar_style(self) -> str:
            style: str = super().choose_scalar_style()
            # `a: :0` cannot be read again, and `?0: a` is read as something else.
            return style or ("'" if self.event.value.startswith((":", "?")) else "")

    class Constructor(SafeConstructor):
        """Keeps a date as the text it was."""

    Constructor.add_constructor(
        "tag:yaml.org,2002:timestamp", SafeConstructor.construct_yaml_str
    )
    yaml = YAML(typ="safe", pure=True)
    yaml.Constructor, yaml.Emitter = Constructor, Emitter
    yaml.default_flow_style = None  # leaves in one line, branches in blocks
    yaml.sort_base_mapping_type_on_output = False  # type: ignore[assignment]
    yaml.width = 88
    yaml.allow_unicode = True
    return yaml
