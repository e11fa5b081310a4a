"""Samples put where their time stamps say, in one growing array."""

import numpy as np
from numpy.typing import NDArray

from qwen_subs.waveform import SAMPLE_RATE

# Time stamps are rounded (Matroska: 1 ms), and in Vorbis off by up to 12 ms for a moment where its block size changes.
_JITTER_S = 0.010
_JUMP_S = 0.050  # more than any jitter: believed at once
_PERSISTENT_PACKETS = 5  # a smaller deviation is believed when it stays this long
_BACKWARD_S = 0.1  # more than this behind the expected time is a clock that started again, no overlap
_LONGEST_RESERVE_S = 6 * 3600  # a claimed duration is believed up to this when memory is set aside


class Timeline:
    """Collects samples at ``SAMPLE_RATE``; gaps become silence, overlaps are cut.

    Args:
        expected_s: The length to come, if known; memory is touched only as it fills.
    """

    def __init__(self, expected_s: float | None = None) -> None:
        reserve = min(expected_s or 60.0, _LONGEST_RESERVE_S) + 1.0
        self._samples = np.empty(int(reserve * SAMPLE_RATE), dtype=np.float32)
        self._length = 0
        self._correction = 0.0
        self._deviating = 0
        self._last_time = -float("inf")

    @property
    def duration_ms(self) -> int:
        """Length so far, in milliseconds."""
        return self._length * 1000 // SAMPLE_RATE

    def append(self, samples: NDArray[np.float32]) -> None:
        """Put samples, float32, shape ``(n_samples,)``, right behind what is there."""
        self._reserve(len(samples))
        self._samples[self._length : self._length + len(samples)] = samples
        self._length += len(samples)

    def place(self, time: float, samples: NDArray[np.float32]) -> None:
        """Put samples at their time in seconds.

        They follow directly when the time is within the jitter of time stamps, and when the clock stands still or
        started again.
        """
        expected = self._length / SAMPLE_RATE
        deviation = time + self._correction - expected
        if self._length == 0:
            self._move(deviation if abs(deviation) > 0.001 else 0.0, samples)
        elif time <= self._last_time or deviation < -_BACKWARD_S:
            self._correction -= deviation
            self._move(0.0, samples)
        elif abs(deviation) > _JITTER_S:
            self._deviating += 1
            believed = abs(deviation) > _JUMP_S or self._deviating >= _PERSISTENT_PACKETS
            self._move(deviation if believed else 0.0, samples, settled=believed)
        else:
            self._move(0.0, samples)
        self._last_time = time

    def finish(self) -> NDArray[np.float32]:
        """Return the samples, float32, shape ``(n_samples,)``; the timeline is empty afterwards."""
        samples, self._samples = self._samples, np.empty(0, dtype=np.float32)
        samples.resize(self._length, refcheck=False)  # in place: no second copy of hours of audio
        self._length = 0
        return samples

    def _move(self, seconds: float, samples: NDArray[np.float32], *, settled: bool = True) -> None:
        """Append samples after a gap of the given length, or without as much of their start when it is negative."""
        count = round(seconds * SAMPLE_RATE)
        if count > 0:
            self._reserve(count)
            self._samples[self._length : self._length + count] = 0
            self._length += count
        self.append(samples[max(0, -count) :])
        if settled:
            self._deviating = 0

    def _reserve(self, count: int) -> None:
        needed = self._length + count
        if needed > len(self._samples):
            self._samples.resize(max(needed, len(self._samples) * 5 // 4), refcheck=False)
