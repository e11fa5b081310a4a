"""The whole program on the demo checkpoints: the right text at the right time, in any container and any company."""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np
import pytest
import soundfile

from qwen_subs import Pipeline, Reporter, Settings, Transcript, Word
from qwen_subs.errors import InputError, UsageError
from qwen_subs.transcript import find_violations


@dataclass(frozen=True)
class Truth:
    """What is spoken in a sample, and when: words are (text without marks, start_ms, end_ms)."""

    language: str
    text: str
    words: tuple[tuple[str, int, int], ...]


def read_truth(path: Path) -> Truth:
    document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    words = tuple((word["text"], word["start_ms"], word["end_ms"]) for word in document["words"])
    return Truth(document["language"], document["text"], words)


def bare(text: str) -> str:
    return re.sub(r"[^\w']", "", text.lower())


def count_errors(truth: Sequence[str], found: Sequence[str]) -> int:
    """Return the words to change, insert or delete (Levenshtein)."""
    row = list(range(len(found) + 1))
    for index, word in enumerate(truth, 1):
        previous, row[0] = row[0], index
        for place, other in enumerate(found, 1):
            cost = min(row[place] + 1, row[place - 1] + 1, previous + (word != other))
            previous, row[place] = row[place], cost
    return row[-1]


def shifts(truth: Truth, words: Sequence[Word]) -> list[int]:
    """Return how far every start and end is from the truth, in ms; the texts must agree."""
    assert [bare(word.text) for word in words] == [bare(text) for text, _, _ in truth.words]
    pairs = zip(truth.words, words, strict=True)
    return [abs(a - b) for (_, start, end), word in pairs for a, b in ((start, word.start_ms), (end, word.end_ms))]


class Notices(Reporter):
    """Remembers what a user would be told."""

    def __init__(self) -> None:
        self.lines: list[str] = []

    def notice(self, message: str) -> None:
        self.lines.append(message)


@pytest.fixture(scope="module")
def settings(recognizer_folder: Path, aligner_folder: Path) -> Settings:
    # The demo recognizer sometimes repeats or loses a sentence in long chunks; its card says how often.
    return Settings(model=str(recognizer_folder), aligner_model=str(aligner_folder), max_chunk_ms=15_000)


@pytest.fixture(scope="module")
def pipeline(settings: Settings) -> Pipeline:
    return Pipeline(settings)


@pytest.fixture(scope="module")
def sample(pipeline: Pipeline, media_folder: Path) -> Transcript:
    return pipeline.subtitle(media_folder / "sample.mp4")


def test_the_text_of_the_sample(sample: Transcript, media_folder: Path) -> None:
    truth = read_truth(media_folder / "sample.words.json")
    said = [bare(word) for word in truth.text.split()]
    assert count_errors(said, [bare(word) for word in sample.text.split()]) <= 0.03 * len(said)
    assert sample.language == "en"


def test_every_tier_is_sound(sample: Transcript) -> None:
    assert find_violations(sample) == []
    assert sample.words
    assert sample.cues


def test_cues_keep_the_limits_of_the_preset(sample: Transcript, settings: Settings) -> None:
    limits = settings.preset.for_language("en")
    for cue in sample.cues:
        assert cue.width <= limits.max_line_width
        assert len(cue.lines) <= limits.max_line_count
        assert cue.duration_ms <= limits.max_duration_ms


def test_cues_appear_with_their_speech(sample: Transcript, media_folder: Path) -> None:
    starts = [start for _, start, _ in read_truth(media_folder / "sample.words.json").words]
    late = [min(abs(cue.start_ms - start) for start in starts) for cue in sample.cues]
    assert median(late) <= 40


def test_script_words_are_on_their_moment(pipeline: Pipeline, media_folder: Path) -> None:
    script = (media_folder / "sample.txt").read_text(encoding="utf-8")
    transcript = pipeline.align(media_folder / "sample.mp4", script)
    assert find_violations(transcript) == []
    assert [segment.text for segment in transcript.segments] == script.strip().splitlines()
    errors = shifts(read_truth(media_folder / "sample.words.json"), transcript.words)
    assert median(errors) <= 40
    assert sum(error > 500 for error in errors) <= 0.03 * len(errors)


def test_chinese(pipeline: Pipeline, media_folder: Path) -> None:
    truth = read_truth(media_folder / "chinese.words.json")
    transcript = pipeline.subtitle(media_folder / "chinese.mp4")
    assert transcript.language == "zh"
    assert find_violations(transcript) == []
    characters = [bare(character) for character in truth.text if bare(character)]
    found = [bare(word.text) for word in transcript.words]
    assert count_errors(characters, found) <= 0.05 * len(characters)
    assert " " not in "".join(line for cue in transcript.cues for line in cue.lines)


@pytest.mark.parametrize("name", ["short.wav", "short.flac", "short.mp3", "short.ogg", "short.webm", "streams.mkv"])
def test_containers_change_nothing(pipeline: Pipeline, media_folder: Path, name: str) -> None:
    truth = read_truth(media_folder / "short.words.json")
    transcript = pipeline.align(media_folder / name, truth.text)
    errors = shifts(truth, transcript.words)
    assert median(errors) <= 40


def test_the_default_stream_is_taken_and_said(settings: Settings, media_folder: Path) -> None:
    notices = Notices()
    chosen = Pipeline(settings, notices).transcribe(media_folder / "streams.mkv")
    assert chosen.language == "en"
    assert any("streams.mkv" in line and "commentary" in line for line in notices.lines)
    assert (
        Pipeline(Settings(model=settings.model, audio_stream="zh")).transcribe(media_folder / "streams.mkv").language
        == "zh"
    )


def test_files_do_not_influence_each_other(pipeline: Pipeline, media_folder: Path, tmp_path: Path) -> None:
    silence = tmp_path / "silence.wav"
    soundfile.write(silence, np.zeros(48_000), 16_000)
    missing = tmp_path / "missing.wav"
    names = [media_folder / "short.flac", silence, missing, media_folder / "chinese.mp4", media_folder / "short.wav"]
    together = list(pipeline.subtitle_many(names))
    assert [outcome.media for outcome in together] == [str(name) for name in names]
    assert isinstance(together[2].error, InputError)
    assert together[1].unwrap().text == ""
    for index in (0, 3, 4):
        assert together[index].unwrap() == pipeline.subtitle(names[index])


def test_an_unalignable_language_gets_approximate_times_and_says_so(settings: Settings, media_folder: Path) -> None:
    notices = Notices()
    forced = Settings(model=settings.model, aligner_model=settings.aligner_model, language="fi")
    transcript = Pipeline(forced, notices).subtitle(media_folder / "short.flac")
    assert "Finnish" in notices.lines[0]
    assert "approximate" in notices.lines[0]
    assert transcript.words
    assert all(word.repaired for word in transcript.words)
    assert find_violations(transcript) == []


def test_sound_without_words_is_said(settings: Settings, media_folder: Path, tmp_path: Path) -> None:
    speech, rate = soundfile.read(media_folder / "short.flac", dtype="float32", always_2d=True)
    tone = 0.2 * np.sin(2 * np.pi * 440 * np.arange(6 * rate) / rate)
    path = tmp_path / "tone.wav"
    soundfile.write(path, np.concatenate((speech.mean(axis=1), tone)), rate)
    notices = Notices()
    transcript = Pipeline(settings, notices).subtitle(path)
    assert transcript.words
    assert any("tone.wav" in line and "no words could be placed" in line for line in notices.lines)
    notices.lines.clear()
    Pipeline(settings, notices).subtitle(media_folder / "short.flac")
    assert not any("no words could be placed" in line for line in notices.lines)


def test_align_refuses_what_it_cannot_do(pipeline: Pipeline, media_folder: Path) -> None:
    with pytest.raises(InputError, match="no words"):
        pipeline.align(media_folder / "short.flac", "— … —\n")
    finnish = Pipeline(Settings(language="fi"))
    with pytest.raises(UsageError, match="Finnish"):
        finnish.align(media_folder / "short.flac", "Hyvää päivää")
