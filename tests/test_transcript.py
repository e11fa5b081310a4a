"""The data types keep their promises, and broken transcripts are found out."""

from dataclasses import replace

import pytest

from qwen_subs.transcript import Cue, Segment, TimeSpan, Transcript, Word, find_violations, join_segments

WORDS = (
    Word(0, 400, "Hello,"),
    Word(400, 900, "you."),
    Word(1200, 1400, "你", False, 1),
    Word(1400, 1700, "好。", False, 1),
)
SEGMENTS = (Segment(0, 1000, "Hello, you.", "en"), Segment(1000, 2000, "你好。", "zh"))
CUES = (Cue(0, 900, ("Hello,", "you."), WORDS[:2]), Cue(1200, 1700, ("你好。",), WORDS[2:]))
SOUND = Transcript("talk.wav", 2000, SEGMENTS, WORDS, CUES)


@pytest.mark.parametrize("times", [(-1, 5), (5, 4)])
def test_impossible_spans(times: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not a time span"):
        TimeSpan(*times)


def test_span_arithmetic() -> None:
    a, b = TimeSpan(0, 100), TimeSpan(100, 250)
    assert (b.duration_ms, b.start, b.end, b.duration) == (150, 0.1, 0.25, 0.15)
    assert not a.overlaps(b)  # half-open
    assert TimeSpan(0, 101).overlaps(b)
    assert a.gap_to(b.shift(40)) == 40
    assert WORDS[0].shift(10) == replace(WORDS[0], start_ms=10, end_ms=410)


def test_cue_measures() -> None:
    cue = Cue(0, 2000, ("Hello,", "電影 x"))
    assert (cue.text, cue.width, cue.cps) == ("Hello,\n電影 x", 6, 5.0)
    assert Cue(5, 5, ("x",)).cps == float("inf")


def test_texts_are_joined_as_their_language_does() -> None:
    assert join_segments(SEGMENTS) == "Hello, you.你好。"
    assert join_segments((SEGMENTS[0], SEGMENTS[0])) == "Hello, you. Hello, you."
    assert SOUND.language == "en"


def test_a_sound_transcript() -> None:
    assert find_violations(SOUND) == []


@pytest.mark.parametrize(
    ("broken", "complaint"),
    [
        (replace(SOUND, words=WORDS[::-1]), "words are not sorted"),
        (replace(SOUND, duration_ms=1500), "past the end"),
        (replace(SOUND, cues=(CUES[0], replace(CUES[1], start_ms=800))), "cues overlap"),
        (replace(SOUND, words=WORDS[1:], cues=()), "do not give its text"),
        (replace(SOUND, cues=CUES[:1]), "words of the cues"),
    ],
)
def test_broken_transcripts(broken: Transcript, complaint: str) -> None:
    assert any(complaint in violation for violation in find_violations(broken))
