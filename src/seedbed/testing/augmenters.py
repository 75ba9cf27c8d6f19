"""Hold an augmenter to its promises."""

import copy
import json
import random
from collections.abc import Mapping, Sequence
from typing import Any

from seedbed.augmentation.base import Augmenter, LabelPolicy, Params, Skip
from seedbed.core.seeds import rng_for
from seedbed.testing.parts import check_part, promise

__all__ = ["check_augmenter"]


def check_augmenter(
    augmenter: Augmenter[Any], samples: Sequence[Any], *, seed: int = 0
) -> None:
    """Assert that an augmenter keeps the promises that every augmenter makes.

    Among them: its settings are its YAML and its digest; all chance is in the generator
    that `draw` is given; the same parameters always give the same child; the sample and
    the global random state stay as they were; whoever flips labels says to what.

    Args:
        augmenter: The augmenter.
        samples: Some cells as a column holds them; at least one must get a child.
        seed: The seed of the generators that it is given.

    Raises:
        AssertionError: A promise is broken; the message says which.
    """
    check_part(augmenter)
    policy = augmenter.label_policy
    promise(policy in LabelPolicy, augmenter, f"{policy!r} is no label policy")
    if policy is LabelPolicy.FLIPS:
        promise(augmenter.labels, augmenter, "it flips labels, but has no `labels`")
    state = _global_state()
    made = [
        _check_sample(augmenter, cell, seed=seed, place=place)
        for place, cell in enumerate(samples)
    ]
    promise(_same(state, _global_state()), augmenter, "it uses the global generators")
    promise(any(made), augmenter, "no sample got a child, so nothing was looked at")


def _check_sample(
    augmenter: Augmenter[Any], cell: Any, *, seed: int, place: int
) -> bool:
    sample = augmenter.load(cell)
    before = copy.deepcopy(sample)
    params = augmenter.draw(sample, rng_for(seed, place))
    again = augmenter.draw(sample, rng_for(seed, place))
    promise(_same(params, again), augmenter, "one generator draws two things")
    promise(_same(sample, before), augmenter, "`draw` changes the sample")
    if isinstance(params, Skip):
        promise(params.reason, augmenter, "it skips a sample without a reason")
        return False
    _check_child(augmenter, cell, before, params)
    return True


def _check_child(
    augmenter: Augmenter[Any], cell: Any, before: Any, params: Params
) -> None:
    kept = copy.deepcopy(dict(params))
    try:
        json.dumps(kept)
    except TypeError as error:
        what = f"{augmenter.kind!r}: what it draws is not plain data: {kept!r}"
        raise AssertionError(what) from error
    sample = augmenter.load(cell)
    child = augmenter.transform(sample, params)
    promise(_same(sample, before), augmenter, "`transform` changes the sample")
    promise(_same(dict(params), kept), augmenter, "`transform` changes the parameters")
    twin = augmenter.transform(augmenter.load(cell), kept)
    promise(_same(child, twin), augmenter, "the same parameters give two children")
    dumped = augmenter.dump(child)
    promise(
        type(dumped) is type(cell),
        augmenter,
        f"a child is {type(dumped).__name__}, its parent {type(cell).__name__}",
    )
    promise(
        _same(dumped, augmenter.dump(twin)),
        augmenter,
        "one child is written in two ways",
    )


def _global_state() -> tuple[Any, Any]:
    import numpy as np

    return random.getstate(), np.random.get_state()  # noqa: NPY002 - to look at it


def _same(one: Any, other: Any) -> bool:
    import numpy as np

    if isinstance(one, np.ndarray) and isinstance(other, np.ndarray):
        equal = np.array_equal(one, other, equal_nan=one.dtype.kind == "f")
        return one.dtype == other.dtype and equal
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return one.keys() == other.keys() and all(_same(one[k], other[k]) for k in one)
    if isinstance(one, tuple | list) and isinstance(other, tuple | list):
        pairs = zip(one, other, strict=False)
        return len(one) == len(other) and all(_same(a, b) for a, b in pairs)
    return bool(one == other)
