"""What every augmenter promises, asked of each one that is registered."""

from typing import Any

import pytest

pytest.importorskip("albumentations", reason="the extra 'image' is not installed")

from augmenter_examples import EXAMPLES
from seedbed.augmentation import Augmenter, LabelPolicy, augmenter
from seedbed.testing import check_augmenter

names = [f"{part.kind}-{position}" for position, (part, _) in enumerate(EXAMPLES)]


def ours() -> list[str]:
    kinds = iter(augmenter)
    return [k for k in kinds if augmenter.get(k).__module__.startswith("seedbed.")]


@pytest.mark.parametrize("kind", ours())
def test_it_has_an_example(kind: str) -> None:
    here = "tests/contract/augmenter_examples.py"
    assert kind in {part.kind for part, _ in EXAMPLES}, f"add {kind!r} to {here}"


@pytest.mark.parametrize(("part", "samples"), EXAMPLES, ids=names)
def test_it_keeps_its_promises(part: Augmenter[Any], samples: list[Any]) -> None:
    check_augmenter(part, samples)


@pytest.mark.parametrize(("part", "samples"), EXAMPLES, ids=names)
def test_it_says_what_it_does_to_the_label(
    part: Augmenter[Any], samples: list[Any]
) -> None:
    assert samples
    assert part.label_policy in LabelPolicy
