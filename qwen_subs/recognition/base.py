"""What a recognizer is to the rest of the program."""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from qwen_subs.progress import Reporter
from qwen_subs.settings import Settings


@dataclass(frozen=True, slots=True)
class Recognition:
    """What was heard in one piece of audio.

    Attributes:
        text: As displayed, white space normalised; "" when nobody speaks.
        language: ISO 639 code, or "" when nobody speaks or the language is not one we know.
        truncated: Whether the answer had no end, so that words may be missing.
        flags: Machine-readable remarks, such as ``unknown-language``.
    """

    text: str
    language: str
    truncated: bool = False
    flags: tuple[str, ...] = ()


class Recognizer(ABC):
    """Turns pieces of audio into text.

    To add one, write a subclass in a file of its own and name it in ``RECOGNIZERS``. Heavy imports belong at the top of
    that file; nothing imports it before it is chosen. The result for a piece must not depend on what else is in its
    batch.

    Attributes:
        name: The checkpoint, for provenance.
        device: What it runs on, e.g. ``cuda:0``.
        dtype: Number type of its weights, e.g. ``bfloat16``.
        batch_size: Pieces per call that suit the device.
    """

    name: str
    device: str
    dtype: str
    batch_size: int

    @classmethod
    @abstractmethod
    def load(cls, settings: Settings, reporter: Reporter) -> Self:
        """Return a recognizer that is ready to work.

        Raises:
            ModelError: If the checkpoint cannot be loaded.
        """

    @abstractmethod
    def recognize(
        self, batch: Sequence[NDArray[np.float32]], *, language: str | None, context: str
    ) -> list[Recognition]:
        """Return what is said in each piece.

        Args:
            batch: float32, shape ``(n_samples,)``, range [-1, 1], mono, 16 kHz; each at least 0.15 s.
            language: ISO 639 code of what is spoken, or None to detect it for each piece.
            context: Free text that helps with names and terms.

        Raises:
            OutOfMemoryError: If the batch is too large for the device; a smaller one may fit.
            ModelError: If the device fails in another way.
        """


class OutOfMemoryError(Exception):
    """The device has no room for a batch of this size; never leaves the stage."""
