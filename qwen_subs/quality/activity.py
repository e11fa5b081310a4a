"""Where a waveform sounds as loud as speech: an estimate from the energy alone.

It cannot tell speech from music, laughter or traffic of the same level. What it finds is therefore called sound; what
it does not find is too faint for speech in this recording.
"""

import numpy as np
from numpy.typing import NDArray

from qwen_subs.quality.evidence import ENVELOPE_STEP_MS
from qwen_subs.transcript import TimeSpan
from qwen_subs.waveform import Waveform

_WINDOW_MS = 20
_SMOOTHING = 5  # windows, 100 ms: less than a syllable
# The level that most of the loud windows of a recording have, and the one of its background.
_LOUD_PERCENTILE, _FLOOR_PERCENTILE = 95, 10
_RANGE_DB = 35.0  # between the loudest syllables and the faint ends of words, in the speech of one speaker
_ABOVE_FLOOR_DB = 6.0  # a sound stands out from a steady background by at least so much
_LEAST_DYNAMICS_DB = 12.0  # a recording that varies less is steady all the way: nothing stands out of it
_FAINTEST_DB = -60.0  # re full scale; noise of a quiet room, or nothing at all
# Pauses within a phrase that are bridged, and sounds that are too short for a word.
_BRIDGED_MS, _SHORTEST_MS = 300, 120


def find_speech(waveform: Waveform) -> tuple[TimeSpan, ...]:
    """Return the stretches that sound as loud as speech, sorted and apart; all of it if the level never varies."""
    levels = _measure_levels(waveform)
    if not len(levels):
        return ()
    loud, floor = np.percentile(levels, (_LOUD_PERCENTILE, _FLOOR_PERCENTILE))
    if loud < _FAINTEST_DB:
        return ()
    threshold = max(loud - _RANGE_DB, _FAINTEST_DB)
    if loud - floor >= _LEAST_DYNAMICS_DB:
        threshold = max(threshold, floor + _ABOVE_FLOOR_DB)
    edges = np.flatnonzero(np.diff(np.concatenate(([False], levels > threshold, [False])).astype(np.int8)))
    spans: list[list[int]] = []
    for start, end in edges.reshape(-1, 2) * _WINDOW_MS:
        if spans and start - spans[-1][1] < _BRIDGED_MS:
            spans[-1][1] = int(end)
        else:
            spans.append([int(start), int(end)])
    return tuple(TimeSpan(start, end) for start, end in spans if end - start >= _SHORTEST_MS)


def measure_envelope(waveform: Waveform) -> tuple[float, ...]:
    """Return the level in steps of ``ENVELOPE_STEP_MS`` for a picture: 0 is silence, 1 the loudest step.

    The square root of the amplitude, so that what is quiet stays visible.
    """
    size = waveform.sample_rate * ENVELOPE_STEP_MS // 1000
    count = len(waveform.samples) // size
    steps = waveform.samples[: count * size].reshape(count, size)
    levels = np.sqrt(np.einsum("ij,ij->i", steps, steps) / size)
    loudest = float(levels.max(initial=0.0))
    if not loudest:
        return (0.0,) * count
    return tuple(np.round(np.sqrt(levels / loudest), 2).tolist())


def _measure_levels(waveform: Waveform) -> NDArray[np.float64]:
    """Return the level of every window in dB re full scale, smoothed; float64, shape ``(n_windows,)``."""
    size = waveform.sample_rate * _WINDOW_MS // 1000
    count = len(waveform.samples) // size
    if not count:
        return np.empty(0)
    windows = waveform.samples[: count * size].reshape(count, size)
    power = np.einsum("ij,ij->i", windows, windows).astype(np.float64) / size
    smooth = np.convolve(power, np.full(_SMOOTHING, 1 / _SMOOTHING), mode="same")
    return 10 * np.log10(np.maximum(smooth, 1e-12))
