"""Segments and scripts become words: nothing lost, in order, in time, for any length of media."""

from itertools import pairwise

import numpy as np
import pytest
from alignment_speech import Speech, concatenate

from qwen_subs.alignment.align import align_script, align_segments
from qwen_subs.alignment.base import Aligner
from qwen_subs.errors import InputError, UsageError
from qwen_subs.progress import Reporter, Stage
from qwen_subs.settings import Settings
from qwen_subs.transcript import Segment, Transcript, Word, find_violations
from qwen_subs.waveform import SAMPLES_PER_MS, Waveform

SETTINGS = Settings()


class Notes(Reporter):
    """Keeps what a user would see."""

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.done_ms = 0
        self.total_ms: int | None = None

    def start(self, stage: Stage, total_ms: int | None = None) -> None:
        self.total_ms = total_ms

    def advance(self, stage: Stage, ms: int) -> None:
        self.done_ms += ms

    def notice(self, message: str) -> None:
        self.notices.append(message)


def segment_of(speech: Speech) -> Segment:
    return Segment(0, speech.waveform.duration_ms, speech.text, speech.language)


def assert_sound(waveform: Waveform, segments: tuple[Segment, ...], words: tuple[Word, ...]) -> None:
    transcript = Transcript("media", waveform.duration_ms, segments, words)
    assert find_violations(transcript) == []
    assert all(a.end_ms <= b.start_ms for a, b in pairwise(words))


def shifts_of(words: tuple[Word, ...], edges: list[int]) -> list[int]:
    found = [edge for word in words for edge in (word.start_ms, word.end_ms)]
    return [abs(one - other) for one, other in zip(found, edges, strict=True)]


def assert_close(words: tuple[Word, ...], edges: list[int]) -> None:
    """Hold what is asked of long media: nearly all words where they are spoken."""
    shifts = np.array(shifts_of(words, edges))
    assert np.median(shifts) <= 40
    assert np.mean(shifts > 500) <= 0.02


def test_segments_of_several_inputs(aligner: Aligner, phrases: list[Speech]) -> None:
    waveform, _, edges = concatenate(phrases[:3])
    ends = np.cumsum([phrase.waveform.duration_ms for phrase in phrases[:3]]).tolist()
    segments = tuple(
        Segment(end - phrase.waveform.duration_ms, end, phrase.text, phrase.language)
        for phrase, end in zip(phrases[:3], ends, strict=True)
    )
    alone = phrases[4]
    notes = Notes()
    inputs = [(waveform, segments), (alone.waveform, [segment_of(alone)]), (waveform, [])]
    first, second, third = align_segments(inputs, aligner, SETTINGS, notes)
    assert_sound(waveform, segments, first)
    assert_sound(alone.waveform, (segment_of(alone),), second)
    assert third == ()
    assert np.mean(shifts_of(first, edges)) <= 60
    assert [word.segment for word in first] == sorted(word.segment for word in first)
    assert {word.segment for word in first} == {0, 1, 2}
    assert notes.notices == []
    assert notes.done_ms == notes.total_ms == waveform.duration_ms + alone.waveform.duration_ms


def test_words_do_not_depend_on_the_batch_size(aligner: Aligner, phrases: list[Speech]) -> None:
    inputs = [(phrase.waveform, [segment_of(phrase)]) for phrase in phrases]
    assert align_segments(inputs, aligner, Settings(batch_size=1), Reporter()) == align_segments(
        inputs, aligner, Settings(batch_size=6), Reporter()
    )


@pytest.mark.parametrize(
    ("text", "language", "words"),
    [
        ("– Quiet   on the set, either/or “ACTION”! ♪", "en", 6),
        ("... !", "en", 1),
        ("", "en", 0),
        ("我们看Final Cut。", "zh", 5),
        ("<|im_end|> hello <timestamp>", "en", 1),
    ],
)
def test_awkward_text_is_conserved(
    aligner: Aligner, phrases: list[Speech], text: str, language: str, words: int
) -> None:
    waveform = phrases[0].waveform
    segment = Segment(500, 2000, text, language)
    (found,) = align_segments([(waveform, [segment])], aligner, SETTINGS, Reporter())
    assert_sound(waveform, (segment,), found)
    assert len(found) == words
    assert all(500 <= word.start_ms < word.end_ms <= 2000 for word in found)


def test_a_language_that_cannot_be_aligned_gets_approximate_times(aligner: Aligner, phrases: list[Speech]) -> None:
    segment = Segment(200, 1200, "dobrý den vám", "cs")
    notes = Notes()
    (words,) = align_segments([(phrases[0].waveform, [segment, segment])], aligner, SETTINGS, notes)
    assert [word.text for word in words[:3]] == ["dobrý", "den", "vám"]
    assert (words[0].start_ms, words[2].end_ms) == (200, 1200)
    assert all(word.repaired and word.confidence is None for word in words)
    assert notes.notices == ["Czech cannot be aligned: its words share the time of their segment by length"]


def test_more_text_than_audio(aligner: Aligner, phrases: list[Speech]) -> None:
    speech = phrases[0]
    segment = Segment(0, speech.waveform.duration_ms, " ".join([speech.text] * 12), "en")
    (words,) = align_segments([(speech.waveform, [segment])], aligner, SETTINGS, Reporter())
    assert_sound(speech.waveform, (segment,), words)


@pytest.mark.parametrize("name", ["sample", "chinese"])
def test_sentences_of_a_film(aligner: Aligner, name: str, request: pytest.FixtureRequest) -> None:
    speech: Speech = request.getfixturevalue(name)
    segments = tuple(Segment(start, end, text, speech.language) for text, start, end in speech.sentences)
    (words,) = align_segments([(speech.waveform, segments)], aligner, SETTINGS, Reporter())
    assert_sound(speech.waveform, segments, words)
    assert np.mean(shifts_of(words, speech.edges)) <= 60


def test_a_script_longer_than_the_window(aligner: Aligner, sample: Speech) -> None:
    lines = [text for text, _, _ in sample.sentences]
    notes = Notes()
    segments, words = align_script(sample.waveform, ["", *lines, "  "], "en", aligner, notes)
    assert sample.waveform.duration_ms > 2 * aligner.window_ms
    assert_sound(sample.waveform, segments, words)
    assert [segment.text for segment in segments] == lines
    assert_close(words, sample.edges)
    assert notes.notices == []
    assert notes.done_ms == notes.total_ms == sample.waveform.duration_ms


def test_a_segment_longer_than_the_window(aligner: Aligner, sample: Speech) -> None:
    segment = Segment(0, sample.waveform.duration_ms, sample.text, "en")
    (words,) = align_segments([(sample.waveform, [segment])], aligner, SETTINGS, Reporter())
    assert_sound(sample.waveform, (segment,), words)
    assert_close(words, sample.edges)


def test_a_script_with_noise_longer_than_the_window(aligner: Aligner, sample: Speech) -> None:
    cut_ms = sample.sentences[6][2] + 20
    noise_ms = aligner.window_ms + 5000
    noise = np.random.default_rng(0).normal(0, 0.05, noise_ms * SAMPLES_PER_MS).astype(np.float32)
    samples = np.insert(sample.waveform.samples, cut_ms * SAMPLES_PER_MS, noise)
    edges = [edge + noise_ms * (edge > cut_ms) for edge in sample.edges]
    lines = [text for text, _, _ in sample.sentences]
    segments, words = align_script(Waveform(samples), lines, "en", aligner, Reporter())
    assert_sound(Waveform(samples), segments, words)
    assert_close(words, edges)


def test_a_script_with_silence_longer_than_the_window(aligner: Aligner, phrases: list[Speech]) -> None:
    first, second = phrases[0].pad(aligner.window_ms + 3000), phrases[1].pad(aligner.window_ms + 3000, 40_000)
    waveform, lines, edges = concatenate([first, second])
    segments, words = align_script(waveform, lines, "en", aligner, Reporter())
    assert_sound(waveform, segments, words)
    assert np.mean(shifts_of(words, edges)) <= 60


def test_audio_that_ends_before_the_script(aligner: Aligner, phrases: list[Speech]) -> None:
    waveform, _, _ = concatenate(phrases[:2])
    lines = [phrase.text for phrase in phrases[:4]] * 8
    notes = Notes()
    segments, words = align_script(waveform, lines, "en", aligner, notes)
    assert_sound(waveform, segments, words)
    assert [segment.text for segment in segments] == lines
    assert words[-1].repaired and words[-1].confidence == 0
    assert len(notes.notices) == 1 and "the audio ends before the script" in notes.notices[0]


def test_a_script_of_silence(aligner: Aligner) -> None:
    waveform = Waveform(np.zeros(16_000 * 50, np.float32))
    notes = Notes()
    segments, words = align_script(waveform, ["Nobody says this.", "…"], "en", aligner, notes)
    assert_sound(waveform, segments, words)
    assert [segment.text for segment in segments] == ["Nobody says this.", "…"]
    assert all(word.repaired for word in words)
    assert all(segment.flags == ("times-approximate",) for segment in segments)
    assert notes.notices == ["the audio ends before the script: no speech for the last 4 of 4 words"]


@pytest.mark.parametrize("lines", [[], ["", "  "], ["…", "– !"]])
def test_a_script_without_words_is_refused(aligner: Aligner, phrases: list[Speech], lines: list[str]) -> None:
    with pytest.raises(InputError, match="the script has no words"):
        align_script(phrases[0].waveform, lines, "en", aligner, Reporter())


def test_a_script_in_a_language_that_cannot_be_aligned_is_refused(aligner: Aligner, phrases: list[Speech]) -> None:
    with pytest.raises(UsageError, match="Czech cannot be aligned"):
        align_script(phrases[0].waveform, ["dobrý den"], "cs", aligner, Reporter())
