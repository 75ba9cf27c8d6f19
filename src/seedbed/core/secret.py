"""Say where a secret is kept, without ever holding it."""

import os
import re
from dataclasses import dataclass
from pathlib import Path

from seedbed.errors import BadSpec, ConnectorError

__all__ = ["Secret"]

_REFERENCE = re.compile(r"env:[A-Za-z_][A-Za-z0-9_]*|file:.+")


@dataclass(frozen=True)
class Secret:
    """A reference to a password, token or URL with credentials.

    A recipe, a log, a ledger and a version hold only the reference.

    Args:
        ref: ``env:NAME`` for an environment variable, ``file:PATH`` for a file whose
            text, stripped, is the secret.

    Raises:
        BadSpec: `ref` is neither; it may be the secret itself, so it is not shown.

    Examples:
        >>> import os
        >>> os.environ["SHOP_DB"] = "sqlite:///shop.db"
        >>> Secret("env:SHOP_DB")
        Secret('env:SHOP_DB')
        >>> Secret("env:SHOP_DB").reveal()
        'sqlite:///shop.db'
    """

    ref: str

    def __post_init__(self) -> None:
        if not _REFERENCE.fullmatch(self.ref):
            raise BadSpec(
                "a recipe may name a secret but not hold it",
                fix="write 'env:NAME' or 'file:PATH' and keep the secret there",
            )

    def __repr__(self) -> str:
        return f"Secret({self.ref!r})"

    def reveal(self) -> str:
        """Return the secret itself.

        Raises:
            ConnectorError: The variable is not set, or the file cannot be read.
        """
        place, _, name = self.ref.partition(":")
        if place == "env":
            if name not in os.environ:
                raise ConnectorError(
                    f"the environment variable {name!r} is not set",
                    fix=f"export {name}=...",
                )
            return os.environ[name]
        try:
            return Path(name).expanduser().read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ConnectorError(
                f"the secret file {name!r} cannot be read: {error.strerror}",
                fix=f"put the secret into {name} and make it readable for you alone",
            ) from error
