"""Speech of which every word's time is known."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from qwen_subs.media import load_waveform
from qwen_subs.waveform import SAMPLES_PER_MS, Waveform


@dataclass(frozen=True)
class Speech:
    """What is said in a clip, and when: sentences and units, each with start and end in ms."""

    waveform: Waveform
    text: str
    language: str
    words: tuple[tuple[str, int, int], ...]
    sentences: tuple[tuple[str, int, int], ...] = ()

    @property
    def units(self) -> tuple[str, ...]:
        return tuple(word for word, _, _ in self.words)

    @property
    def edges(self) -> list[int]:
        return [edge for _, start, end in self.words for edge in (start, end)]

    def pad(self, before_ms: int, after_ms: int = 0) -> "Speech":
        """Return the same speech with silence around it."""
        samples = np.pad(self.waveform.samples, (before_ms * SAMPLES_PER_MS, after_ms * SAMPLES_PER_MS))
        words = tuple((word, start + before_ms, end + before_ms) for word, start, end in self.words)
        return Speech(Waveform(samples), self.text, self.language, words)


def read_media(media: Path) -> Speech:
    """Return a sample medium with the truth beside it."""
    truth = json.loads(media.with_suffix(".words.json").read_text("utf-8"))
    words, sentences = (
        tuple((item["text"], item["start_ms"], item["end_ms"]) for item in truth[tier])
        for tier in ("words", "sentences")
    )
    return Speech(load_waveform(media), truth["text"], truth["language"], words, sentences)


def concatenate(parts: Sequence[Speech]) -> tuple[Waveform, list[str], list[int]]:
    """Return the speech one after the other: its waveform, its texts, and the edges of all its words in ms."""
    samples: list[NDArray[np.float32]] = []
    edges: list[int] = []
    length = 0
    for part in parts:
        edges += [edge + length // SAMPLES_PER_MS for edge in part.edges]
        samples.append(part.waveform.samples)
        length += len(samples[-1])
    return Waveform(np.concatenate(samples)), [part.text for part in parts], edges
