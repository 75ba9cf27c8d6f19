"""Choose the connector that a path or an address asks for."""

from pathlib import Path

from seedbed.connectors.base import Connector
from seedbed.connectors.files import Files
from seedbed.connectors.images import ENDINGS, ImageFolder
from seedbed.errors import BadSpec

__all__ = ["read_source"]

_DATABASES = (".db", ".sqlite", ".sqlite3")
_WHERE = "read"


def read_source(path: str | Path) -> Connector:
    """Return the connector for a file, a pattern, or a folder of images.

    Args:
        path: Such as ``data/*.csv``, ``sales.parquet`` or ``photos/``.

    Raises:
        BadSpec: It is a database, a folder without images, or an address elsewhere.

    Examples:
        >>> read_source("data/*.csv.gz")
        Files(path='data/*.csv.gz', types='infer', format='auto', separator=',')
        >>> read_source("sqlite:///shop.db")
        Traceback (most recent call last):
        seedbed.errors.BadSpec: a database is read with `Sql`, which keeps its address \
secret
          where: read
          fix:   export SHOP_DB=..., then Sql(url=Secret('env:SHOP_DB'), table='...')
    """
    text = str(path)
    scheme, found, _ = text.partition("://")
    local = Path(text).expanduser()
    if (scheme.startswith("sqlite") and found) or local.suffix.lower() in _DATABASES:
        raise BadSpec(
            "a database is read with `Sql`, which keeps its address secret",
            where=_WHERE,
            fix="export SHOP_DB=..., then Sql(url=Secret('env:SHOP_DB'), table='...')",
        )
    if found:
        raise BadSpec(
            f"an address that begins with {scheme}:// cannot be read directly",
            where=_WHERE,
            fix="bring the file here first, and read it then: curl -LO <address>",
        )
    if not local.is_dir():
        return Files(path=text)
    if _has_images(local):
        return ImageFolder(path=text)
    raise BadSpec(
        f"the folder {text!r} holds no images",
        where=_WHERE,
        fix=f"for other files, say which: {text.rstrip('/') + '/*.csv'!r}",
    )


def _has_images(folder: Path) -> bool:
    return any(file.suffix.lower() in ENDINGS for file in folder.rglob("*"))
