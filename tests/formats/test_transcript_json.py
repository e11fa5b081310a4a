"""JSON: lossless for our transcripts, and a reader for those of other programs."""

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.errors import InputError
from qwen_subs.formats import get_format, render
from qwen_subs.transcript import Cue, Provenance, Segment, Transcript, Word, find_violations, join_words

WORDS = (
    Word(480, 801, "Hello,", confidence=0.9876543210123, speaker="Ann"),
    Word(801, 1_003, "world.", repaired=True),
    Word(1_500, 1_700, "你", space_after=False, segment=1, confidence=1.0),
    Word(1_700, 2_000, "好", space_after=False, segment=1),
)
TRANSCRIPT = Transcript(
    "film.mkv",
    10_001,
    (
        Segment(400, 1_100, "Hello, world.", "en", truncated=True, flags=("cut-in-speech",)),
        Segment(1_400, 2_100, "你好", "zh"),
        Segment(2_100, 3_000),
    ),
    WORDS,
    (Cue(480, 1_334, ("Hello,", "world."), WORDS[:2]), Cue(1_500, 2_500, ("你好",), WORDS[2:])),
    Provenance("0.1.0", (("recognizer", "Qwen/Qwen3-ASR-0.6B-hf"),), (("language", "auto"),)),
)


def read(document: object) -> Transcript:
    return get_format("json").read(json.dumps(document))


def test_our_own_transcript_reads_back_exactly() -> None:
    assert get_format("json").read(render(TRANSCRIPT, "json")) == TRANSCRIPT


def test_it_is_a_superset_of_whispers() -> None:
    document = json.loads(render(TRANSCRIPT, "json"))
    assert document["text"] == "Hello, world.你好"
    assert document["language"] == "en"
    first = document["segments"][0]
    assert {key: first[key] for key in ("id", "start", "end", "text")} == {
        "id": 0,
        "start": 0.4,
        "end": 1.1,
        "text": "Hello, world.",
    }
    assert first["words"][1] == {"word": " world.", "start": 0.801, "end": 1.003, "repaired": True}
    assert first["words"][0]["probability"] == 0.9876543210123
    assert "".join(word["word"] for word in first["words"]) == first["text"]
    assert document["duration"] == 10.001
    assert document["models"] == {"recognizer": "Qwen/Qwen3-ASR-0.6B-hf"}
    assert document["cues"][0] == {"id": 0, "start": 0.48, "end": 1.334, "lines": ["Hello,", "world."], "words": [0, 2]}


def test_a_word_stands_on_one_row() -> None:
    rows = render(TRANSCRIPT, "json").splitlines()
    assert '        {"word": " world.", "start": 0.801, "end": 1.003, "repaired": true}' in rows


def test_words_without_segments_and_cues_without_words_survive() -> None:
    words_only = Transcript("a.wav", 2_000, words=(Word(0, 900, "alone"), Word(900, 1_800, "here", space_after=False)))
    cues_only = Transcript("a.srt", 2_000, cues=(Cue(0, 900, ("one", "two")),))
    for transcript in (words_only, cues_only, Transcript()):
        assert get_format("json").read(render(transcript, "json")) == transcript


spans = st.lists(st.integers(0, 400_000_000), min_size=2, max_size=2).map(sorted)
texts = st.text(min_size=1, max_size=8).filter(lambda text: text == text.strip() and text == text.strip(" "))


@st.composite
def transcripts(draw: st.DrawFn) -> Transcript:
    segments, words = [], []
    clock = 0
    for index in range(draw(st.integers(0, 3))):
        mine = []
        for text in draw(st.lists(texts, max_size=4)):
            start = clock + draw(st.integers(0, 3_000_000))
            clock = start + draw(st.integers(0, 5_000))
            confidence = draw(st.none() | st.floats(0, 1))
            speaker = draw(st.none() | st.sampled_from(["A", "Bé", ""]))
            mine.append(Word(start, clock, text, draw(st.booleans()), index, confidence, speaker, draw(st.booleans())))
        flags = tuple(draw(st.lists(st.sampled_from(["cut-in-speech", "b"]), max_size=2)))
        begin = mine[0].start_ms if mine else clock
        segments.append(
            Segment(begin, clock, join_words(mine), draw(st.sampled_from(["en", "zh", ""])), draw(st.booleans()), flags)
        )
        words += mine
    cut = draw(st.integers(0, len(words)))
    cues = tuple(
        Cue(part[0].start_ms, max(part[-1].end_ms, part[0].start_ms), (join_words(part),), tuple(part))
        for part in (words[:cut], words[cut:])
        if part
    )
    provenance = Provenance("1.2.3", (("aligner", "x"),), tuple(draw(st.dictionaries(texts, texts)).items()))
    return Transcript(draw(st.text(max_size=9)), clock + 7, tuple(segments), tuple(words), cues, provenance)


@given(transcripts())
def test_every_transcript_reads_back_exactly(transcript: Transcript) -> None:
    text = render(transcript, "json")
    text.encode("utf-8")
    assert get_format("json").read(text) == transcript


def test_damaged_json_is_one_clear_error() -> None:
    document = json.loads(render(TRANSCRIPT, "json"))
    del document["segments"][0]["words"][0]["start"]
    with pytest.raises(InputError, match="damaged transcript: KeyError: 'start'"):
        read(document)


WHISPER = {
    "text": " Well, it's self-taught. Yes.",
    "language": "en",
    "segments": [
        {
            "id": 0, "seek": 0, "start": 0.0, "end": 2.52, "text": " Well, it's self-taught.", "tokens": [1, 2],
            "temperature": 0.0, "avg_logprob": -0.2, "compression_ratio": 1.1, "no_speech_prob": 0.01,
            "words": [
                {"word": " Well,", "start": 0.0, "end": 0.4, "probability": 0.91},
                {"word": " it's", "start": 0.4, "end": 0.66, "probability": 0.99},
                {"word": " self", "start": 0.66, "end": 1.0, "probability": 0.8},
                {"word": "-taught.", "start": 1.0, "end": 2.52, "probability": 0.7},
            ],
        },
        {
            "id": 1, "start": 3.0, "end": 3.5, "text": " Yes.",
            "words": [{"word": " Yes.", "start": 3.0, "end": 3.48, "probability": 0.5}],
        },
    ],
}  # fmt: skip


def check(transcript: Transcript) -> None:
    assert find_violations(transcript) == []


def test_whisper() -> None:
    transcript = read(WHISPER)
    check(transcript)
    assert [w.text for w in transcript.words] == ["Well,", "it's", "self", "-taught.", "Yes."]
    assert [w.space_after for w in transcript.words] == [True, True, False, True, True]
    assert transcript.words[3].end_ms == 2_520
    assert transcript.words[3].confidence == 0.7
    assert transcript.words[4].segment == 1
    assert transcript.segments[0] == Segment(0, 2_520, "Well, it's self-taught.", "en")
    assert transcript.duration_ms == 3_500


def test_faster_whisper_segments_as_a_bare_list() -> None:
    transcript = read(WHISPER["segments"])
    assert len(transcript.words) == 5
    assert transcript.language == ""


def test_stable_ts() -> None:
    segment = {**WHISPER["segments"][1], "id": 0}  # type: ignore[dict-item]
    segment["words"] = [{**segment["words"][0], "tokens": [5], "segment_id": 0, "id": 0}]  # type: ignore[index]
    transcript = read({"language": "en", "segments": [segment], "ori_dict": WHISPER, "nonspeech_sections": []})
    check(transcript)
    assert transcript.words == (Word(3_000, 3_480, "Yes.", confidence=0.5),)


def test_whisperx_without_spaces_and_with_words_that_have_no_times() -> None:
    words = [
        {"word": "It", "start": 1.0, "end": 1.1, "score": 0.5, "speaker": "SPEAKER_00"},
        {"word": "cost"},
        {"word": "$25"},
        {"word": "then.", "start": 2.0, "end": 2.3, "score": 0.9},
    ]
    segment = {"start": 1.0, "end": 2.31, "text": " It cost $25 then.", "words": words}
    transcript = read({"segments": [segment], "word_segments": words, "language": "en"})
    check(transcript)
    assert [(w.text, w.start_ms, w.end_ms, w.repaired) for w in transcript.words] == [
        ("It", 1_000, 1_100, False),
        ("cost", 1_100, 1_614, True),
        ("$25", 1_614, 2_000, True),
        ("then.", 2_000, 2_300, False),
    ]
    assert transcript.words[0].speaker == "SPEAKER_00"
    assert transcript.words[1].confidence is None


def test_whisperx_chinese_has_no_spaces() -> None:
    words = [{"word": c, "start": i / 10, "end": (i + 1) / 10, "score": 1} for i, c in enumerate("今天很好。")]
    transcript = read({"segments": [{"start": 0, "end": 0.5, "text": "今天很好。", "words": words}], "language": "zh"})
    check(transcript)
    assert not any(word.space_after for word in transcript.words)


def test_whisperx_only_untimed_words() -> None:
    segment = {"start": 1, "end": 3, "text": "2 4", "words": [{"word": "2"}, {"word": "4"}]}
    words = read({"segments": [segment]}).words
    assert [(w.start_ms, w.end_ms, w.repaired) for w in words] == [(1_000, 2_000, True), (2_000, 3_000, True)]


def test_a_segment_that_could_not_be_aligned_keeps_its_text() -> None:
    timed = {"start": 0, "end": 1, "text": "Yes.", "words": [{"word": "Yes.", "start": 0, "end": 1}]}
    untimed = {"start": 2, "end": 4, "text": "我说（很好）。 Go on", "words": []}
    transcript = read({"segments": [timed, untimed]})
    check(transcript)
    assert [w.text for w in transcript.words] == ["Yes.", "我", "说", "（很", "好）。", "Go", "on"]
    assert all(w.repaired for w in transcript.words[1:])
    assert transcript.words[-1].end_ms == 4_000


def test_openai_words_beside_the_segments_get_their_marks_back() -> None:
    transcript = read(
        {
            "task": "transcribe", "language": "english", "duration": 4.0, "text": "“Hello,” she said. Bye!",
            "words": [
                {"word": "Hello", "start": 0.0, "end": 0.5},
                {"word": "she", "start": 0.5, "end": 0.8},
                {"word": "said", "start": 0.8, "end": 1.2},
                {"word": "Bye", "start": 2.1, "end": 2.4},
            ],
            "segments": [
                {"id": 0, "start": 0.0, "end": 2.0, "text": "“Hello,” she said."},
                {"id": 1, "start": 2.0, "end": 3.0, "text": "Bye!"},
            ],
        }
    )  # fmt: skip
    check(transcript)
    assert [(w.text, w.segment) for w in transcript.words] == [("“Hello,”", 0), ("she", 0), ("said.", 0), ("Bye!", 1)]
    assert transcript.language == "en"
    assert transcript.duration_ms == 4_000


def test_only_word_segments() -> None:
    transcript = read({"word_segments": [{"word": "a", "start": 1, "end": 2}, {"word": "b", "start": 2, "end": 3}]})
    check(transcript)
    assert transcript.segments == (Segment(1_000, 3_000, "a b"),)


def test_times_that_run_backwards_are_mended_and_marked() -> None:
    words = [
        {"word": " a", "start": 1.0, "end": 0.9},
        {"word": " b", "start": 0.5, "end": 1.5},
        {"word": " c", "start": float("nan"), "end": 2},
        {"word": " d", "start": -3, "end": True},
        {"word": None, "start": 1, "end": 1},
        {"word": " e", "start": 10**400, "end": "1", "probability": 7},
    ]
    transcript = read({"segments": [{"start": 0, "end": 2, "text": "a b c d e", "words": words}]})
    check(transcript)
    assert [w.text for w in transcript.words] == ["a", "b", "c", "d", "e"]
    assert all(w.repaired for w in transcript.words)
    assert transcript.words[4].confidence is None


def test_segments_without_words_stay_segments() -> None:
    transcript = read({"segments": [{"start": 0, "end": 1.5, "text": " Hi. "}], "language": "German"})
    assert transcript.segments == (Segment(0, 1_500, "Hi.", "de"),)
    assert transcript.words == ()


def test_a_recording_of_silence() -> None:
    assert read({"text": "", "segments": [], "language": "en", "duration": 3}) == Transcript(duration_ms=3_000)
    assert read([]) == Transcript()


@pytest.mark.parametrize(
    "document",
    [{}, 5, None, {"segments": "x"}, {"segments": [1]}, {"segments": [{"text": "no times"}]}, {"name": "package"}],
)
def test_other_json_is_refused(document: object) -> None:
    with pytest.raises(InputError) as caught:
        read(document)
    assert "Whisper" in (caught.value.hint or "")


def test_an_edited_text_is_taken_as_it_stands() -> None:
    text = render(TRANSCRIPT, "json").replace('" world."', '" moon."').replace("Hello, world.", "Hello, moon.")
    back = get_format("json").read(text)
    assert back.words[1] == replace(WORDS[1], text="moon.")
