"""Connectors: bring data here, as it was, and read it lazily."""

from seedbed.connectors.base import (
    FRAGMENT_ROWS,
    Connector,
    Decoded,
    Fragment,
    Landing,
    SourceRecord,
    connector,
)
from seedbed.connectors.cache import Cache
from seedbed.connectors.files import Files
from seedbed.connectors.images import ImageFolder
from seedbed.connectors.reading import read_source
from seedbed.connectors.sql import Sql

__all__ = [
    "FRAGMENT_ROWS",
    "Cache",
    "Connector",
    "Decoded",
    "Files",
    "Fragment",
    "ImageFolder",
    "Landing",
    "SourceRecord",
    "Sql",
    "connector",
    "read_source",
]
