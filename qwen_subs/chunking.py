"""Stage 2 of 7: waveform -> chunks, cut in pauses, without gap or overlap.

A long single pass loses text and memory, and overlapping chunks have to be reconciled afterwards; chunks that end in a
pause avoid both. Where to cut is decided for the whole waveform at once, as the cheapest way through all possible cuts:
few chunks, ends in long pauses, no tiny chunk. Cutting greedily at the quietest point of each stretch can leave a last
stretch that has to be cut in a word.

The constants are in the order of magnitude of speech: closures of stop consonants last 50 to 100 ms (Crystal and House
1988, J. Acoust. Soc. Am. 83); silences of 250 ms and more are counted as pauses (Goldman-Eisler 1968,
Psycholinguistics).
"""

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from qwen_subs.waveform import Chunk, Waveform

_WINDOW_MS = 10  # shorter than any pause, longer than a period of a deep voice
_SLOT_MS = 200  # one possible cut, the best, in each
_BLOCK_WINDOWS = 500  # what is loud is decided anew every 5 s
_CONTEXT_BLOCKS = 3  # from this many blocks to each side
_SCAN_WINDOWS = 1 << 14

_SILENCE_DB = -80.0  # re full scale; nothing below is speech, and 16 bits hold little else (their noise is at -98)
_FLOOR_PERCENTILE, _LOUD_PERCENTILE = 10, 98
_DYNAMICS_DB = 50.0  # speech spans less; deeper silence says nothing about where it starts
_QUIET_SHARE = 0.25  # of the way from floor to loud
_LEAST_DYNAMICS_DB = 6.0  # a stretch that varies less has no pauses to find
_GLOBAL_SLACK_DB = 15.0  # a stretch this much weaker than the rest may still be speech

_FREE_MARGIN_MS = 250  # distance from speech from where a cut costs nothing
_LEAST_PAUSE_MS = 100  # what a shorter quiet stretch may be: the closure of a consonant
_CUT_COST = 4.0  # at the edge of a pause; in units of one more chunk
_SPEECH_COST = 12.0  # in speech, and as much again at its loudest
_TINY_MS, _TINY_COST = 1_000, 50.0
_SHORT_MS = 5_000  # below, a chunk is dearer, up to twice


def plan_chunks(waveform: Waveform, max_chunk_ms: int) -> tuple[Chunk, ...]:
    """Return chunks of at most ``max_chunk_ms`` that cover exactly the waveform; none for an empty one.

    Cuts lie in pauses wherever there is one within reach; a chunk that ends outside one is marked ``cut_in_speech``.
    No chunk is shorter than about a second unless the waveform is.
    """
    duration_ms = waveform.duration_ms
    if duration_ms == 0:
        return ()
    if duration_ms <= max_chunk_ms:
        return (Chunk(0, duration_ms, index=0),)
    levels = _measure_levels(waveform)
    threshold, loud = _judge_levels(levels)
    margin_ms = _measure_margins(levels, threshold)
    costs = _price_cuts(levels, threshold, loud, margin_ms)
    windows = _choose_cuts(costs, duration_ms, max_chunk_ms)
    cuts_ms = [0, *(int(window) * _WINDOW_MS for window in windows), duration_ms]
    in_speech = [*(bool(2 * margin_ms[window] < _LEAST_PAUSE_MS) for window in windows), False]
    return tuple(
        Chunk(start_ms, end_ms, index=index, cut_in_speech=in_speech[index])
        for index, (start_ms, end_ms) in enumerate(pairwise(cuts_ms))
    )


def _measure_levels(waveform: Waveform) -> NDArray[np.float32]:
    """Return the level of every whole window in dB re full scale, shape ``(n_windows,)``.

    Each is the loudest of three neighbours, so that a dip within a sound is no pause.
    """
    size = waveform.sample_rate * _WINDOW_MS // 1000
    count = len(waveform.samples) // size
    power = np.empty(count, dtype=np.float32)
    for start in range(0, count, _SCAN_WINDOWS):
        end = min(start + _SCAN_WINDOWS, count)
        power[start:end] = waveform.samples[start * size : end * size].reshape(-1, size).var(axis=1)  # without offset
    levels = 10 * np.log10(power + np.float32(1e-12))
    padded = np.pad(levels, 1, mode="edge")
    loudest: NDArray[np.float32] = np.maximum(np.maximum(padded[:-2], padded[2:]), levels)
    return loudest


def _judge_levels(levels: NDArray[np.float32]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Return, for every window, the level below which it is quiet there, and the level of loud speech there."""
    global_loud = float(np.percentile(levels, 95))
    threshold, loud = np.empty_like(levels), np.empty_like(levels)
    for start in range(0, len(levels), _BLOCK_WINDOWS):
        context = levels[
            max(0, start - _CONTEXT_BLOCKS * _BLOCK_WINDOWS) : start + (_CONTEXT_BLOCKS + 1) * _BLOCK_WINDOWS
        ]
        floor, top = np.percentile(context, (_FLOOR_PERCENTILE, _LOUD_PERCENTILE))
        top = max(top, global_loud - _GLOBAL_SLACK_DB)
        floor = max(floor, top - _DYNAMICS_DB)
        quiet = floor + _QUIET_SHARE * (top - floor) if top - floor >= _LEAST_DYNAMICS_DB else _SILENCE_DB
        threshold[start : start + _BLOCK_WINDOWS] = max(quiet, _SILENCE_DB)
        loud[start : start + _BLOCK_WINDOWS] = max(top, quiet + _LEAST_DYNAMICS_DB)
    return threshold, loud


def _measure_margins(levels: NDArray[np.float32], threshold: NDArray[np.float32]) -> NDArray[np.int64]:
    """Return the milliseconds from the start of every window to the nearest one that is not quiet; 0 in speech."""
    places = np.arange(len(levels))
    noisy = levels >= threshold
    before = np.maximum.accumulate(np.where(noisy, places, -len(levels)))
    after = np.minimum.accumulate(np.where(noisy, places, 2 * len(levels))[::-1])[::-1]
    distance = np.minimum(places - before - 1, after - places)
    margins: NDArray[np.int64] = np.maximum(distance, 0) * _WINDOW_MS
    return margins


def _price_cuts(
    levels: NDArray[np.float32],
    threshold: NDArray[np.float32],
    loud: NDArray[np.float32],
    margin_ms: NDArray[np.int64],
) -> NDArray[np.float64]:
    """Return the cost of a cut at the start of every window, shape ``(n_windows,)``."""
    closeness = 1 - np.minimum(margin_ms, _FREE_MARGIN_MS) / _FREE_MARGIN_MS
    loudness = np.clip((levels - threshold) / (loud - threshold), 0, 1)
    costs: NDArray[np.float64] = np.where(margin_ms > 0, _CUT_COST * closeness**2, _SPEECH_COST * (1 + loudness))
    return costs


def _choose_cuts(costs: NDArray[np.float64], duration_ms: int, max_chunk_ms: int) -> NDArray[np.int64]:
    """Return the windows to cut at, in order: the cheapest way from start to end by dynamic programming."""
    slot = _SLOT_MS // _WINDOW_MS
    count = -(-len(costs) // slot)
    best_in_slot = np.pad(costs, (0, count * slot - len(costs)), constant_values=np.inf).reshape(count, slot).argmin(1)
    candidates = best_in_slot + np.arange(count) * slot
    candidates = candidates[candidates > 0]
    places_ms = np.concatenate(([0], candidates * _WINDOW_MS, [duration_ms]))
    prices = np.concatenate(([0.0], costs[candidates], [0.0]))

    lengths_ms = np.arange(max_chunk_ms + 1)
    chunk_cost = 1 + np.maximum(0, 1 - lengths_ms / _SHORT_MS) + _TINY_COST * (lengths_ms < _TINY_MS)
    total = np.zeros(len(places_ms))
    origin = np.zeros(len(places_ms), dtype=np.int64)
    first_in_reach = np.searchsorted(places_ms, places_ms - max_chunk_ms)
    for place in range(1, len(places_ms)):
        first = first_in_reach[place]
        ways = total[first:place] + chunk_cost[places_ms[place] - places_ms[first:place]]
        choice = int(ways.argmin())
        origin[place] = first + choice
        total[place] = prices[place] + ways[choice]

    way = []
    place = int(origin[-1])
    while place:
        way.append(int(candidates[place - 1]))
        place = int(origin[place])
    return np.array(way[::-1], dtype=np.int64)
