"""Resampling, placing by time stamps, and the pipe's format."""

import subprocess

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_subs.media.matroska import read_packets
from qwen_subs.media.resample import resample
from qwen_subs.media.timeline import Timeline
from qwen_subs.waveform import SAMPLE_RATE


def tone(frequency: float, sample_rate: int, seconds: float) -> np.ndarray:
    return np.sin(2 * np.pi * frequency * np.arange(round(sample_rate * seconds)) / sample_rate).astype(np.float32)


def in_blocks(samples: np.ndarray, size: int) -> list[np.ndarray]:
    return [samples[start : start + size] for start in range(0, len(samples), size)]


@pytest.mark.parametrize("rate", [8_000, 11_025, 12_345, 22_050, 32_000, 44_100, 48_000, 96_000, 192_000])
def test_resampling_keeps_tones_and_time(rate: int) -> None:
    result = np.concatenate(list(resample(in_blocks(tone(1000, rate, 20.3), 99_991), rate, SAMPLE_RATE)))
    expected = tone(1000, SAMPLE_RATE, 20.3)
    assert len(result) == pytest.approx(len(expected), abs=1)
    np.testing.assert_allclose(result[400:-400], expected[400 : len(result) - 400], atol=1e-4)


def test_resampling_leaves_nothing_of_what_cannot_be_kept() -> None:
    result = np.concatenate(list(resample([tone(8_500, 48_000, 12)], 48_000, SAMPLE_RATE)))
    assert np.abs(result[400:-400]).max() < 1e-3


@given(st.integers(0, 200_000), st.integers(500, 90_000), st.sampled_from([8_000, 22_050, 16_000]))
@settings(max_examples=20, deadline=None)
def test_resampling_does_not_depend_on_blocks(length: int, size: int, rate: int) -> None:
    samples = np.random.default_rng(length).normal(0, 0.1, length).astype(np.float32)
    whole = list(resample([samples], rate, SAMPLE_RATE))
    parts = list(resample(in_blocks(samples, size), rate, SAMPLE_RATE))
    joined = np.concatenate([*parts, np.zeros(0, np.float32)])
    assert len(joined) == -(-length * SAMPLE_RATE // rate)
    np.testing.assert_allclose(joined, np.concatenate([*whole, np.zeros(0, np.float32)]), atol=1e-6)


PACKET = np.ones(320, dtype=np.float32)  # 20 ms


def place(times_ms: list[float]) -> np.ndarray:
    timeline = Timeline()
    for time_ms in times_ms:
        timeline.place(time_ms / 1000, PACKET)
    return timeline.finish()


def silences_ms(samples: np.ndarray) -> list[tuple[float, float]]:
    """Start and length of every stretch of zeros."""
    edges = np.flatnonzero(np.diff(np.concatenate(([0], samples == 0, [0])).astype(int)))
    return [(start / 16, (end - start) / 16) for start, end in edges.reshape(-1, 2)]


def test_late_start_and_gap() -> None:
    samples = place([100, 120, 140, 1000, 1020])
    assert silences_ms(samples) == [(0, 100), (160, 840)]
    assert len(samples) == 1040 * 16


def test_jitter_is_no_gap() -> None:
    assert silences_ms(place([0, 21, 39, 68, 72, 101, 120, 140])) == []


def test_small_gap_is_believed_when_it_stays() -> None:
    samples = place([0, 20, 40, *range(90, 490, 20)])
    assert len(samples) == 490 * 16 - 20 * 16 + 320
    assert len(silences_ms(samples)) == 1


def test_start_before_zero_is_cut() -> None:
    assert len(place([-30, -10, 10, 30])) == 50 * 16


def test_overlap_is_cut() -> None:
    assert (
        len(place([0, 20, 40, 60, 80, 20.1 + 1])) == 120 * 16
    )  # behind by more than 0.1 s: a clock that started again
    assert len(place([0, 20, 40, 60, 80, *range(40, 400, 20)])) >= 400 * 16


def test_clock_that_starts_again_loses_nothing() -> None:
    times = [*range(0, 400, 20), *range(0, 400, 20)]
    samples = place(times)
    assert len(samples) == len(times) * len(PACKET)
    assert silences_ms(samples) == []


def test_packets_are_read_however_the_stream_is_cut() -> None:
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=d=1.5:r=16000", "-c:a", "pcm_f32le"]
    stream = subprocess.run([*command, "-f", "matroska", "pipe:1"], capture_output=True, check=True).stdout
    whole = list(read_packets([stream]))
    assert sum(len(packet) for _, packet in whole) == 24_000 * 4
    assert [time for time, _ in whole] == sorted(time for time, _ in whole)
    for size in (1, 7, 4096):
        parts = list(read_packets(stream[start : start + size] for start in range(0, len(stream), size)))
        assert parts == whole
