"""What sounds as loud as speech is found, what is quiet is not, and nothing is made of nothing."""

import numpy as np
import pytest
from numpy.typing import NDArray

from qwen_subs.quality.activity import find_speech, measure_envelope
from qwen_subs.waveform import SAMPLE_RATE, Waveform
from tests.conftest import Phrase

RANDOM = np.random.default_rng(5)


def noise(seconds: float, level: float) -> NDArray[np.float32]:
    return (level * RANDOM.standard_normal(round(seconds * SAMPLE_RATE))).astype(np.float32)


@pytest.mark.parametrize("background", [0.0, 0.0003, 0.003])
@pytest.mark.parametrize("gain", [0.05, 0.5])
def test_spoken_words_are_found(phrases: tuple[Phrase, ...], background: float, gain: float) -> None:
    for phrase in phrases[:6]:
        samples = phrase.waveform.samples / np.abs(phrase.waveform.samples).max() * gain
        pause = np.zeros(2 * SAMPLE_RATE, np.float32)
        whole = np.concatenate((pause, samples, pause))
        found = find_speech(Waveform(whole + noise(len(whole) / SAMPLE_RATE, background * gain)))
        first_ms, last_ms = 2_000 + phrase.words[0][1], 2_000 + phrase.words[-1][2]
        inside = sum(min(span.end_ms, last_ms) - max(span.start_ms, first_ms) for span in found)
        assert inside > 0.8 * (last_ms - first_ms)
        assert all(first_ms - 200 < span.start_ms and span.end_ms < last_ms + 400 for span in found)


def test_silence_and_faint_noise_are_no_speech() -> None:
    assert find_speech(Waveform(np.zeros(SAMPLE_RATE, np.float32))) == ()
    assert find_speech(Waveform(noise(5, 0.0002))) == ()
    assert find_speech(Waveform(np.zeros(0, np.float32))) == ()


def test_a_click_is_no_speech() -> None:
    samples = np.zeros(5 * SAMPLE_RATE, np.float32)
    samples[40_000:40_100] = 0.9
    assert find_speech(Waveform(samples)) == ()


def test_steady_sound_is_all_as_loud_as_speech() -> None:
    (span,) = find_speech(Waveform(noise(5, 0.1)))
    assert span.duration_ms > 4_900


def test_envelope() -> None:
    samples = np.concatenate((np.zeros(SAMPLE_RATE, np.float32), np.full(SAMPLE_RATE, 0.25, np.float32)))
    envelope = measure_envelope(Waveform(samples))
    assert envelope == (0.0,) * 10 + (1.0,) * 10
    assert measure_envelope(Waveform(np.zeros(1_600, np.float32))) == (0.0,)
