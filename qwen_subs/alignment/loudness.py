"""Where a waveform is quiet and how much of it sounds, from the energy of its frames."""

import numpy as np

from qwen_subs.transcript import TimeSpan
from qwen_subs.waveform import Waveform

WINDOW_MS = 10
_SILENCE_DB = -70.0  # dBFS, and
_FAINTEST_DB = 55.0  # below the loud parts: nobody speaks so low
_MAX_RANGE_DB = 50.0  # between loud and quiet parts of a recording of speech
_THRESHOLD = 0.35  # of the range between quiet and loud, where sound begins
_SMOOTHING = 15  # windows; a pause between words is longer, the closure of a stop is shorter


class Loudness:
    """The level of a waveform in windows of 10 ms, and what counts as sound in it."""

    def __init__(self, waveform: Waveform) -> None:
        size = waveform.sample_rate * WINDOW_MS // 1000
        count = len(waveform.samples) // size
        windows = waveform.samples[: count * size].reshape(count, size)
        power = np.einsum("ij,ij->i", windows, windows) / size
        self._levels = 10 * np.log10(np.maximum(power, 1e-12))
        loud, quiet = np.percentile(self._levels, (95, 10)) if count else (_SILENCE_DB, _SILENCE_DB)
        quiet = max(quiet, loud - _MAX_RANGE_DB)
        silence = max(_SILENCE_DB, loud - _FAINTEST_DB)
        self._audible = self._levels > silence
        self._sounds = self._levels > max(quiet + _THRESHOLD * (loud - quiet), silence)

    def measure_sound(self, span: TimeSpan) -> int:
        """Return how many milliseconds of a span stand out from its quiet parts: speech, or any other sound."""
        return int(self._sounds[span.start_ms // WINDOW_MS : span.end_ms // WINDOW_MS].sum()) * WINDOW_MS

    def find_sound(self, span: TimeSpan) -> int:
        """Return when the silence at the start of a span ends; the span's end if it never does."""
        first = span.start_ms // WINDOW_MS
        audible = np.flatnonzero(self._audible[first : span.end_ms // WINDOW_MS])
        return max(span.start_ms, (first + int(audible[0])) * WINDOW_MS) if len(audible) else span.end_ms

    def measure_quiet(self, start_ms: int) -> int:
        """Return how many milliseconds pass after a time before anything stands out again."""
        first = -(-start_ms // WINDOW_MS)
        sounds = np.flatnonzero(self._sounds[first:])
        return (int(sounds[0]) if len(sounds) else max(len(self._sounds) - first, 0)) * WINDOW_MS

    def find_quiet(self, span: TimeSpan) -> int:
        """Return the middle of the quietest 150 ms of a span."""
        levels = self._levels[span.start_ms // WINDOW_MS : span.end_ms // WINDOW_MS]
        if len(levels) <= _SMOOTHING:
            return span.end_ms
        smooth = np.convolve(levels, np.full(_SMOOTHING, 1 / _SMOOTHING), mode="valid")
        return (span.start_ms // WINDOW_MS + int(smooth.argmin()) + _SMOOTHING // 2) * WINDOW_MS
