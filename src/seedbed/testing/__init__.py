"""Try parts out, and hold them to the promises that every part makes.

For the tests of those who write parts, ours among them::

    from seedbed.testing import check_rule

    def test_my_rule_keeps_its_promises():
        check_rule(MyRule(columns="name"), pl.DataFrame({"name": ["a", None]}))

Each check raises an `AssertionError` that names the promise that was broken.
"""

from seedbed.testing.augmenters import check_augmenter
from seedbed.testing.checks import check_check
from seedbed.testing.connectors import check_connector
from seedbed.testing.rules import check_rule, try_rule

__all__ = [
    "check_augmenter",
    "check_check",
    "check_connector",
    "check_rule",
    "try_rule",
]
