"""What an aligner is: audio and units in, one time per unit out.

To add a backend, write one file with a subclass of ``Aligner`` and enter it in ``ALIGNERS`` of this package.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qwen_subs.progress import Reporter
from qwen_subs.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class AlignmentRequest:
    """A clip and what is said in it.

    Attributes:
        samples: float32, shape ``(n_samples,)``, range [-1, 1], mono, 16 kHz, not longer than the aligner's window.
        units: What is timed, in the order spoken, without marks.
        language: ISO 639 code.
    """

    samples: NDArray[np.float32]
    units: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class UnitTime:
    """When a unit is spoken.

    Attributes:
        start_ms: From the start of the samples.
        end_ms: From the start of the samples; after ``start_ms`` unless the audio has no room for all units.
        confidence: 0 to 1: how much the model concentrates on this time.
        repaired: Whether the time was not taken from the model as it stood.
    """

    start_ms: int
    end_ms: int
    confidence: float
    repaired: bool

    def shift(self, ms: int) -> "UnitTime":
        """Return the same time, counted from ``ms`` milliseconds earlier."""
        return replace(self, start_ms=self.start_ms + ms, end_ms=self.end_ms + ms)


class Aligner(ABC):
    """A loaded model that times units.

    Attributes:
        name: The checkpoint, for provenance.
        device: Where it runs.
        dtype: What it computes in.
        batch_size: Requests per call that suit the device.
        window_ms: The longest audio that it can time; a property of the checkpoint.
        languages: ISO 639 codes that it was trained on.
    """

    name: str
    device: str
    dtype: str
    batch_size: int
    window_ms: int
    languages: frozenset[str]

    @classmethod
    @abstractmethod
    def load(cls, settings: Settings, reporter: Reporter) -> Self:
        """Return the aligner that the settings ask for.

        Raises:
            ModelError: If the checkpoint is missing or does not fit its description.
        """

    @abstractmethod
    def align(self, batch: Sequence[AlignmentRequest]) -> list[tuple[UnitTime, ...]]:
        """Return the times of every request's units; a request's times do not depend on the others.

        Raises:
            ModelError: If the model cannot run, for instance for lack of memory.
        """
