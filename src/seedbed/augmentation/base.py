"""What an augmenter is: it draws its parameters, then transforms a sample with them.

Drawing and transforming are apart, so that what was drawn can be kept in the ledger and
applied to everything that belongs to a sample alike. The generator is handed in, keyed
by the recipe's seed, the row's id and the number of the copy: neither the order of the
work nor the number of workers changes a pixel.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar

from seedbed.core.part import Part
from seedbed.core.registry import Registry
from seedbed.errors import BadSpec

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Augmenter", "LabelPolicy", "Params", "Skip", "augmenter"]

S = TypeVar("S")

Params: TypeAlias = Mapping[str, Any]
"""What was drawn for one sample: plain values by name, kept in the ledger."""


class LabelPolicy(StrEnum):
    """What an augmenter does to the label."""

    KEEPS = "keeps"
    FLIPS = "flips"


@dataclass(frozen=True)
class Skip:
    """Nothing is made of this sample.

    Args:
        reason: Why, in words; it is counted in the ledger.
    """

    reason: str


@dataclass(frozen=True, kw_only=True)
class Augmenter(Part, ABC, Generic[S]):
    """Makes new training samples of those that are there.

    Args:
        column: The column that holds the samples.
        copies: How many children each training row gets.
        labels: For an augmenter that flips labels: old label to new. A row whose label
            is not in it gets no child.

    Raises:
        BadSpec: `copies` is below 1.
    """

    label_policy: ClassVar[LabelPolicy] = LabelPolicy.KEEPS
    accepts: ClassVar[str] = "@all"

    column: str
    copies: int = 1
    labels: Mapping[str, str] = field(default_factory=dict[str, str])

    def __post_init__(self) -> None:
        if self.copies < 1:
            raise BadSpec(
                f"copies must be at least 1, not {self.copies}",
                where=f"augmenter {self.kind!r}",
                fix="leave the augmenter out if no copy is wanted",
            )

    def load(self, value: Any) -> S:
        """Return the sample that a cell holds, such as the pixels of an encoded image."""
        return value

    def dump(self, sample: S) -> Any:
        """Return the cell that holds a sample."""
        return sample

    @abstractmethod
    def draw(self, sample: S, rng: "np.random.Generator") -> Params | Skip:
        """Return what to do to this sample; all randomness is here."""

    @abstractmethod
    def transform(self, sample: S, params: Params) -> S:
        """Return a new sample; the same parameters always give the same one."""


augmenter: Registry[Augmenter[Any]] = Registry("augmenter")
"""Register an augmenter: ``@augmenter("rotate")`` above a frozen dataclass."""
