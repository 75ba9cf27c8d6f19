"""Where versions are kept."""

from seedbed.store.base import Store, Version
from seedbed.store.local import LocalStore

__all__ = ["LocalStore", "Store", "Version"]
