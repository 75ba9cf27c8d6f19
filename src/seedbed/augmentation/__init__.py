"""Augmenters: new training samples made of those that are there."""

from seedbed.augmentation.base import Augmenter, LabelPolicy, Params, Skip, augmenter
from seedbed.augmentation.image import Rotate

__all__ = [
    "Augmenter",
    "LabelPolicy",
    "Params",
    "Rotate",
    "Skip",
    "augmenter",
]
