"""Distributions over time bins -> monotone word times in milliseconds, with a confidence.

The official code takes the peak of every slot and repairs the order afterwards. Here all slots of a clip are decided
together (Viterbi over bins that never go back), then each time is the expectation around its bin, which is finer than
the 80 ms of a bin.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from qwen_subs.alignment.base import UnitTime
from qwen_subs.alignment.repair import repair_spans, weigh_text

REACH = 2  # bins to each side that the expectation and the confidence look at; training shares a time over two bins


def decode_times(
    logits: NDArray[np.float32], units: Sequence[str], bin_ms: float, duration_ms: int
) -> tuple[UnitTime, ...]:
    """Return the time of every unit.

    Args:
        logits: float32, shape ``(2 * n_units, n_bins)``: start and end slot of each unit; bin k means k * bin_ms.
        units: The units, for sharing out time among those that got none.
        bin_ms: Milliseconds per bin.
        duration_ms: Length of the audio; no time lies behind it.

    Returns:
        One per unit, in order: start < end unless the audio has no room, each start at or after the end before it.
    """
    if not units:
        return ()
    log_probs = log_softmax(logits)
    usable = min(log_probs.shape[1], int(duration_ms // bin_ms) + 2)
    bins = find_monotone_bins(log_probs[:, :usable])
    times, mass = refine_bins(log_probs, bins)
    milliseconds = np.minimum(np.rint(make_monotone(times) * bin_ms), duration_ms).astype(int).tolist()
    spans = list(zip(milliseconds[::2], milliseconds[1::2], strict=True))
    spans, repaired = repair_spans(spans, [weigh_text(unit) for unit in units], 0, duration_ms)
    confidence = np.minimum(mass[::2], mass[1::2]).tolist()
    return tuple(
        UnitTime(start, end, round(sure, 4), changed)
        for (start, end), sure, changed in zip(spans, confidence, repaired, strict=True)
    )


def log_softmax(logits: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return log-probabilities along the last axis, same shape."""
    shifted = logits - logits.max(axis=-1, keepdims=True)
    log_probs: NDArray[np.float32] = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return log_probs


def find_monotone_bins(log_probs: NDArray[np.float32]) -> NDArray[np.intp]:
    """Return the most probable sequence of bins that never goes back (Viterbi).

    Args:
        log_probs: float32, shape ``(n_slots, n_bins)``.

    Returns:
        Shape ``(n_slots,)``, not decreasing.
    """
    # best[t, k]: of all sequences for the slots to t whose last bin is k or earlier, the best one's score.
    best = np.empty_like(log_probs)
    np.maximum.accumulate(log_probs[0], out=best[0])
    for slot in range(1, len(log_probs)):
        np.add(best[slot - 1], log_probs[slot], out=best[slot])
        np.maximum.accumulate(best[slot], out=best[slot])
    bins = np.empty(len(log_probs), dtype=np.intp)
    last = log_probs.shape[1] - 1
    for slot in range(len(log_probs) - 1, -1, -1):
        # The running maximum was last raised where its value first appears.
        last = int(np.searchsorted(best[slot], best[slot, last], side="left"))
        bins[slot] = last
    return bins


def refine_bins(
    log_probs: NDArray[np.float32], bins: NDArray[np.intp]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return for every slot the expected bin within ``REACH`` of the chosen one, and the probability in that reach."""
    columns = bins[:, None] + np.arange(-REACH, REACH + 1)
    inside = (columns >= 0) & (columns < log_probs.shape[1])
    near = np.take_along_axis(log_probs, np.clip(columns, 0, log_probs.shape[1] - 1), axis=1)
    probability = np.where(inside, np.exp(near), np.float32(0))
    mass = probability.sum(axis=1)
    times = (probability * columns).sum(axis=1) / np.maximum(mass, np.finfo(np.float32).tiny)
    return np.where(mass > 0, times, bins).astype(np.float32), mass


def make_monotone(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the closest values that never go back: runs out of order become their mean (pool adjacent violators)."""
    means: list[float] = []
    counts: list[int] = []
    for value in values.tolist():
        mean, count = value, 1
        while means and means[-1] > mean:
            before = counts.pop()
            mean = (means.pop() * before + mean * count) / (before + count)
            count += before
        means.append(mean)
        counts.append(count)
    return np.repeat(np.array(means, np.float32), counts)
