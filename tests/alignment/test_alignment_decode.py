"""Distributions over bins become sorted times with a confidence, finer than a bin."""

import time
from itertools import combinations_with_replacement

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from qwen_subs.alignment.decode import decode_times, find_monotone_bins, log_softmax
from qwen_subs.alignment.repair import MIN_WORD_MS

BIN_MS = 80


def make_logits(times_ms: list[float], bins: int = 60, floor: float = -12.0) -> NDArray[np.float32]:
    """Return logits that put each time between its two neighbouring bins, as in training."""
    logits = np.full((len(times_ms), bins), floor, np.float32)
    for row, position in enumerate(np.asarray(times_ms) / BIN_MS):
        low = int(position)
        logits[row, low], logits[row, low + 1] = np.log(1 - position + low + 1e-9), np.log(position - low + 1e-9)
    return logits


@given(
    st.integers(1, 12).flatmap(lambda units: st.tuples(st.just(units), st.integers(0, 2**32 - 1))),
    st.integers(1, 5000),
    st.floats(0.1, 30),
)
def test_times_are_sorted_and_inside_the_audio(case: tuple[int, int], duration_ms: int, sharpness: float) -> None:
    units, seed = case
    logits = np.random.default_rng(seed).normal(size=(2 * units, 60)).astype(np.float32) * sharpness
    times = decode_times(logits, ["word"] * units, BIN_MS, duration_ms)
    edges = [edge for time in times for edge in (time.start_ms, time.end_ms)]
    assert edges == sorted(edges)
    assert edges[0] >= 0 and edges[-1] <= duration_ms
    assert all(0 <= time.confidence <= 1 for time in times)
    if duration_ms >= MIN_WORD_MS * units * 6:
        assert all(time.end_ms - time.start_ms >= 1 for time in times)


def test_times_between_bins_are_found() -> None:
    truth = [130.0, 455.0, 455.0, 810.0, 1000.0, 1333.0]
    times = decode_times(make_logits(truth), ["we", "can", "start"], BIN_MS, 2000)
    assert [edge for time in times for edge in (time.start_ms, time.end_ms)] == pytest.approx(truth, abs=2)
    assert all(time.confidence > 0.99 and not time.repaired for time in times)


def test_one_slot_out_of_order_does_not_move_the_others() -> None:
    logits = make_logits([130, 455, 455, 810, 1000, 1333])
    logits[2] = make_logits([3000])[0]  # the second word's start, after the third word
    times = decode_times(logits, ["we", "can", "start"], BIN_MS, 4000)
    assert times[0].end_ms == pytest.approx(455, abs=2)
    assert times[2].start_ms == pytest.approx(1000, abs=2)
    assert times[1].confidence < 0.1 < 0.9 < times[2].confidence


def test_piled_up_words_share_the_gap_after_them() -> None:
    logits = make_logits([100, 400, 400, 400, 400, 400, 400, 400, 2000, 2300])
    times = decode_times(logits, ["one", "two", "three", "four", "five"], BIN_MS, 3000)
    assert [time.repaired for time in times] == [False, True, True, True, False]
    assert all(time.end_ms - time.start_ms >= MIN_WORD_MS for time in times)
    assert times[3].end_ms <= times[4].start_ms == pytest.approx(2000, abs=2)
    assert times[0].end_ms == pytest.approx(400, abs=2)


def test_no_time_lies_behind_the_audio() -> None:
    times = decode_times(make_logits([100, 400, 500, 1500]), ["one", "two"], BIN_MS, 700)
    assert times[-1].end_ms <= 700


def test_more_words_than_the_audio_can_hold() -> None:
    times = decode_times(np.zeros((60, 60), np.float32), ["word"] * 30, BIN_MS, 20)
    assert all(0 <= time.start_ms <= time.end_ms <= 20 for time in times)


def test_the_sequence_of_bins_is_the_most_probable_one() -> None:
    generator = np.random.default_rng(1)
    for _ in range(50):
        slots, bins = int(generator.integers(1, 6)), int(generator.integers(1, 7))
        scores = log_softmax(generator.normal(size=(slots, bins)).astype(np.float32) * 3)
        best = max(
            combinations_with_replacement(range(bins), slots),
            key=lambda path: sum(scores[slot, bin_] for slot, bin_ in enumerate(path)),
        )
        assert tuple(find_monotone_bins(scores)) == best


def test_a_thousand_words_take_milliseconds() -> None:
    logits = np.random.default_rng(0).normal(size=(2000, 400)).astype(np.float32)
    started = time.perf_counter()
    decode_times(logits, ["word"] * 1000, BIN_MS, 30_000)
    assert time.perf_counter() - started < 0.5
