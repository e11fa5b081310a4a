import json
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from qwen_subs.chunking import plan_chunks
from qwen_subs.media import load_waveform
from qwen_subs.waveform import SAMPLE_RATE, Chunk, Waveform

LIMIT_MS = 30_000


def noise(seconds: float, level: float = 0.1) -> NDArray[np.float32]:
    return np.random.default_rng(1).normal(0, level, round(seconds * SAMPLE_RATE)).astype(np.float32)


def assert_covers(chunks: Sequence[Chunk], waveform: Waveform, limit_ms: int) -> None:
    assert chunks[0].start_ms == 0 and chunks[-1].end_ms == waveform.duration_ms
    assert all(a.end_ms == b.start_ms for a, b in pairwise(chunks))
    assert [chunk.index for chunk in chunks] == list(range(len(chunks)))
    assert all(0 < chunk.duration_ms <= limit_ms for chunk in chunks)
    assert min(chunk.duration_ms for chunk in chunks) >= min(1000, waveform.duration_ms)
    assert not chunks[-1].cut_in_speech


def divided_words(chunks: Sequence[Chunk], words: Sequence[dict[str, int]], edge_ms: int = 10) -> list[dict[str, int]]:
    cuts = [chunk.end_ms for chunk in chunks[:-1]]
    return [word for word in words if any(word["start_ms"] + edge_ms < cut < word["end_ms"] - edge_ms for cut in cuts)]


@pytest.fixture(scope="module")
def speech(media_folder: Path) -> tuple[Waveform, list[dict[str, int]]]:
    """Several minutes: the sample and the Chinese clip in turn."""
    pieces, words, length_ms = [], [], 0
    for name in ("sample", "chinese", "sample", "chinese"):
        samples = load_waveform(media_folder / f"{name}.mp4").samples
        samples = samples[: len(samples) // 16 * 16]
        truth = json.loads((media_folder / f"{name}.words.json").read_text("utf-8"))["words"]
        words += [{key: word[key] + length_ms for key in ("start_ms", "end_ms")} for word in truth]
        pieces.append(samples)
        length_ms += len(samples) // 16
    return Waveform(np.concatenate(pieces)), words


def test_nothing_and_little() -> None:
    assert plan_chunks(Waveform(np.zeros(0, np.float32)), LIMIT_MS) == ()
    assert plan_chunks(Waveform(noise(0.00006)), LIMIT_MS) == (Chunk(0, 1, index=0),)
    assert plan_chunks(Waveform(noise(30)), LIMIT_MS) == (Chunk(0, 30_000, index=0),)


@pytest.mark.parametrize("limit_ms", [5_000, 10_000, 20_000, 30_000, 60_000])
def test_no_word_is_divided(speech: tuple[Waveform, list[dict[str, int]]], limit_ms: int) -> None:
    waveform, words = speech
    chunks = plan_chunks(waveform, limit_ms)
    assert_covers(chunks, waveform, limit_ms)
    assert divided_words(chunks, words) == []
    assert not any(chunk.cut_in_speech for chunk in chunks)
    if limit_ms >= 20_000:
        assert len(chunks) <= 1.4 * waveform.duration_ms / limit_ms + 1


@pytest.mark.parametrize("ratio_db", [20, 12])
def test_no_word_is_divided_in_noise(speech: tuple[Waveform, list[dict[str, int]]], ratio_db: float) -> None:
    waveform, words = speech
    level = float(waveform.samples.std()) * 10 ** (-ratio_db / 20)
    noisy = Waveform(waveform.samples + noise(len(waveform.samples) / SAMPLE_RATE, level)[: len(waveform.samples)])
    chunks = plan_chunks(noisy, LIMIT_MS)
    assert divided_words(chunks, words) == []


@pytest.mark.parametrize("gain_db", [-45, -20, 4])
def test_level_does_not_matter(speech: tuple[Waveform, list[dict[str, int]]], gain_db: float) -> None:
    waveform, words = speech
    louder = Waveform((waveform.samples * 10 ** (gain_db / 20)).astype(np.float32))
    assert divided_words(plan_chunks(louder, 20_000), words) == []


def test_long_pauses_are_preferred() -> None:
    """0.1 s of silence late in the chunk, 0.5 s a little earlier."""
    sound = noise(50)
    sound[int(29 * SAMPLE_RATE) : int(29.1 * SAMPLE_RATE)] = 0
    sound[int(24 * SAMPLE_RATE) : int(24.5 * SAMPLE_RATE)] = 0
    first, second = plan_chunks(Waveform(sound), LIMIT_MS)
    assert 24_150 <= first.end_ms <= 24_350
    assert not first.cut_in_speech and second.duration_ms > 20_000


def test_one_pause_is_found_wherever_it_is() -> None:
    sound = noise(40)
    sound[int(10.6 * SAMPLE_RATE) : int(10.9 * SAMPLE_RATE)] *= 0.02
    first, _ = plan_chunks(Waveform(sound), LIMIT_MS)
    assert 10_600 < first.end_ms < 10_900


def test_a_greedy_choice_would_end_in_a_word() -> None:
    """The longest pause of the first 30 s is at 20 s, but from there no pause is within reach."""
    sound = noise(80)
    for pause, length in ((20, 0.6), (28, 0.3), (55, 0.3)):
        sound[int(pause * SAMPLE_RATE) : int((pause + length) * SAMPLE_RATE)] = 0
    chunks = plan_chunks(Waveform(sound), LIMIT_MS)
    assert [chunk.end_ms / 1000 for chunk in chunks] == pytest.approx([28.15, 55.15, 80], abs=0.1)


def test_no_pause_is_said() -> None:
    chunks = plan_chunks(Waveform(noise(100)), LIMIT_MS)
    assert_covers(chunks, Waveform(noise(100)), LIMIT_MS)
    assert all(chunk.cut_in_speech for chunk in chunks[:-1])


@pytest.mark.parametrize("level", [0.0, 1e-5])
def test_silence(level: float) -> None:
    waveform = Waveform(noise(100, level))
    chunks = plan_chunks(waveform, LIMIT_MS)
    assert_covers(chunks, waveform, LIMIT_MS)
    assert len(chunks) == 4 and not any(chunk.cut_in_speech for chunk in chunks)


def test_offset_is_no_sound() -> None:
    sound = noise(50) + np.float32(0.3)
    sound[int(25 * SAMPLE_RATE) : int(25.5 * SAMPLE_RATE)] = 0.3
    first, _ = plan_chunks(Waveform(sound), LIMIT_MS)
    assert 25_000 < first.end_ms < 25_500


def test_words_alone_in_long_silence() -> None:
    sound = np.zeros(120 * SAMPLE_RATE, dtype=np.float32)
    words = []
    for start in (3.0, 29.6, 30.4, 59.8, 89.9):
        sound[int(start * SAMPLE_RATE) : int((start + 0.6) * SAMPLE_RATE)] = noise(0.6)
        words.append({"start_ms": int(start * 1000), "end_ms": int(start * 1000) + 600})
    chunks = plan_chunks(Waveform(sound), LIMIT_MS)
    assert_covers(chunks, Waveform(sound), LIMIT_MS)
    assert divided_words(chunks, words, edge_ms=0) == []


@given(st.integers(1, 40 * SAMPLE_RATE), st.integers(5_000, 40_000), st.integers(0, 5))
@settings(max_examples=40, deadline=None)
def test_chunks_always_cover(length: int, limit_ms: int, seed: int) -> None:
    generator = np.random.default_rng(seed)
    gain = np.repeat(generator.uniform(0, 1, length // 4000 + 1) ** 3, 4000)[:length]
    waveform = Waveform((generator.normal(0, 0.2, length) * gain).astype(np.float32))
    assert_covers(plan_chunks(waveform, limit_ms), waveform, limit_ms)


def test_hours_take_a_moment() -> None:
    waveform = Waveform(np.tile(noise(60), 120))
    start = time.perf_counter()
    chunks = plan_chunks(waveform, LIMIT_MS)
    assert len(chunks) >= 240
    assert time.perf_counter() - start < 10  # about 1 s; generous for a busy machine
