"""Decoded audio and the pieces of it that are sent to a model."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qwen_subs.transcript import TimeSpan

SAMPLE_RATE = 16_000  # Hz; what the Qwen3-ASR feature extractor takes
SAMPLES_PER_MS = SAMPLE_RATE // 1000


@dataclass(frozen=True, slots=True, eq=False)
class Waveform:
    """The samples of one audio stream; sample index / rate = media time.

    Attributes:
        samples: float32, shape ``(n_samples,)``, range [-1, 1], mono.
        sample_rate: Hz.
    """

    samples: NDArray[np.float32]
    sample_rate: int = SAMPLE_RATE

    @property
    def duration_ms(self) -> int:
        """Length in whole milliseconds, rounded up so that every sample lies inside."""
        return -(-len(self.samples) * 1000 // self.sample_rate)

    def cut(self, span: TimeSpan) -> NDArray[np.float32]:
        """Return a view of the samples of a span, float32, shape ``(n_samples,)``."""
        start, end = (ms * self.sample_rate // 1000 for ms in (span.start_ms, span.end_ms))
        return self.samples[start:end]


@dataclass(frozen=True, slots=True)
class Chunk(TimeSpan):
    """The piece of a waveform that is sent to a model in one call; a position, not a copy of the samples.

    Attributes:
        index: Place among the chunks of the waveform.
        cut_in_speech: Whether no quiet point was found for its end, so that a word may be divided there.
    """

    index: int
    cut_in_speech: bool = False
