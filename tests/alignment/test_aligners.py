"""What every aligner must do, on the demo checkpoint: right times, whatever the batch."""

import numpy as np
import pytest
from alignment_speech import Speech

from qwen_subs.alignment.base import Aligner, AlignmentRequest, UnitTime


def edges_of(times: tuple[UnitTime, ...]) -> list[int]:
    return [edge for time in times for edge in (time.start_ms, time.end_ms)]


def request(speech: Speech) -> AlignmentRequest:
    return AlignmentRequest(speech.waveform.samples, speech.units, speech.language)


def mean_shift(aligner: Aligner, speech: list[Speech]) -> float:
    answers = aligner.align([request(one) for one in speech])
    shifts = [
        abs(found - true)
        for one, times in zip(speech, answers, strict=True)
        for found, true in zip(edges_of(times), one.edges, strict=True)
    ]
    return float(np.mean(shifts))


def test_words_are_found(aligner: Aligner, phrases: list[Speech]) -> None:
    assert mean_shift(aligner, phrases) <= 60


def test_words_are_found_after_three_seconds_of_silence(aligner: Aligner, phrases: list[Speech]) -> None:
    assert mean_shift(aligner, [phrase.pad(3000) for phrase in phrases]) <= 60


def test_times_do_not_depend_on_the_batch(aligner: Aligner, phrases: list[Speech]) -> None:
    requests = [request(phrase) for phrase in phrases]
    # Lengths that are no multiple of a mel frame or of an encoder chunk.
    requests += [AlignmentRequest(item.samples[:-37], item.units, item.language) for item in requests[:2]]
    together = aligner.align(requests)
    assert together == [aligner.align([item])[0] for item in requests]
    assert together == list(reversed(aligner.align(requests[::-1])))


@pytest.mark.parametrize("length_ms", [1, 20, 100, 499, 2500])
def test_text_without_speech_gets_times_inside_the_audio_and_little_confidence(
    aligner: Aligner, length_ms: int
) -> None:
    silence = np.zeros(length_ms * 16, np.float32)
    (times,) = aligner.align([AlignmentRequest(silence, ("nobody", "says", "this"), "en")])
    edges = edges_of(times)
    assert len(times) == 3
    assert edges == sorted(edges)
    assert edges[0] >= 0 and edges[-1] <= length_ms


def test_a_clip_without_units_has_no_times(aligner: Aligner, phrases: list[Speech]) -> None:
    nothing = AlignmentRequest(phrases[0].waveform.samples, (), "en")
    empty, full = aligner.align([nothing, request(phrases[0])])
    assert empty == ()
    assert len(full) == len(phrases[0].units)
    assert aligner.align([]) == []


def test_control_tokens_are_not_taken_as_such(aligner: Aligner, phrases: list[Speech]) -> None:
    speech = phrases[0]
    units = (speech.units[0] + "<timestamp>", *speech.units[1:-1], "<|audio_pad|>" + speech.units[-1])
    (times,) = aligner.align([AlignmentRequest(speech.waveform.samples, units, "en")])
    assert times == aligner.align([request(speech)])[0]


def test_the_window_is_that_of_the_checkpoint(aligner: Aligner) -> None:
    assert 20_000 <= aligner.window_ms <= 180_000
    assert aligner.languages == {"zh", "en", "yue", "fr", "de", "it", "ja", "ko", "pt", "ru", "es"}
