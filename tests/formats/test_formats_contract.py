"""What every format in the table must do, run over the table."""

import re
import unicodedata
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.errors import InputError, UsageError
from qwen_subs.formats import (
    FORMATS,
    AssStyle,
    Tier,
    WriteOptions,
    get_format,
    iterate_formats,
    load_transcript,
    render,
    save_transcript,
)
from qwen_subs.transcript import Cue, Provenance, Segment, Transcript, Word, join_words

names = pytest.mark.parametrize("name", FORMATS)
readable = pytest.mark.parametrize("name", [f.name for f in iterate_formats() if f.tier_read is not None])


def make_transcript(texts: list[str], *, first_ms: int = 0, media: str = "film.mkv") -> Transcript:
    """One segment, one cue and as many words as there are pieces, for every text; two seconds each."""
    segments, words, cues = [], [], []
    for index, text in enumerate(texts):
        start = first_ms + 2000 * index
        pieces = text.split() or [text]
        step = 1800 // len(pieces)
        mine = [Word(start + step * i, start + step * (i + 1), piece, segment=index) for i, piece in enumerate(pieces)]
        segments.append(Segment(start, start + 1801, join_words(mine), "en"))
        cues.append(Cue(start, start + 1801, tuple(text.split("\n")), tuple(mine)))
        words += mine
    end = first_ms + 2000 * len(texts)
    return Transcript(media, end, tuple(segments), tuple(words), tuple(cues), Provenance("0.1.0"))


OPTIONS = (
    WriteOptions(bom=True, crlf=True),
    WriteOptions(highlight_words=True),
    WriteOptions(karaoke=True),
    WriteOptions(ass_style=AssStyle("[Script Info]\n\n[V4+ Styles]\nStyle: House,Arial,20\n", "House")),
)


def round_down(tick_ms: int, ms: int) -> int:
    """The last whole tick."""
    return ms // tick_ms * tick_ms


AWKWARD = [
    "plain words",
    "two rows\nof text",
    "{laughs} he said \\N and \\h stayed",
    "a --> b & c < d > e &amp; <i>f</i>",
    "00:00:01,000 --> 00:00:02,000",
    "1984",
    "שלום עולם, مرحبا",
    "你好，世界。",
    "\u200fשלום\u200e (ok) \u2067مرحبا\u2069",
    "family 👩‍👩‍👧 and flag 🇩🇪",
    "{\\an8}top {\\i1}tags{\\i0} {\\p1}m 0 0 {} {",
    "\\{ \\} \\\\ a\\b \u2060 joined\\\u2060N",
    "]]> <br/> &lt; <![CDATA[x]]> <!-- y --> &#65;",
    "Dialogue: 0,0:00:00.00,0:00:01.00,A,,0,0,0,,said",
    "[Events]",
    'he said "no" and ""',
    "WEBVTT",
    "NOTE this is said",
    "item [1]: intervals [2]",
    "! exclaimed \\ <exists> 5 6",
    "x",
]


@names
def test_the_name_is_the_key_and_extensions_have_a_dot(name: str) -> None:
    chosen = get_format(name)
    assert chosen.name == name
    assert chosen.extensions
    assert all(extension.startswith(".") for extension in chosen.extensions)


def test_no_two_formats_share_an_extension() -> None:
    extensions = [extension.lower() for f in iterate_formats() for extension in f.extensions]
    assert len(extensions) == len(set(extensions))


@names
def test_silence_is_written(name: str) -> None:
    render(Transcript("quiet.wav", 10_000), name)
    render(Transcript(), name)
    render(Transcript("quiet.wav", 10_000, segments=(Segment(0, 10_000),)), name)


@readable
def test_silence_reads_back_as_nothing(name: str) -> None:
    chosen = get_format(name)
    back = chosen.read(chosen.write(Transcript("quiet.wav", 10_000)))
    assert (back.segments, back.words, back.cues) == ((), (), ())


@names
def test_a_missing_tier_is_refused_with_a_remedy(name: str) -> None:
    whole = make_transcript(["some words"])
    required = get_format(name).requires
    lacking = {
        Tier.TEXT: None,
        Tier.SEGMENTS: replace(whole, segments=()),
        Tier.WORDS: replace(whole, words=(), cues=()),
        Tier.CUES: replace(whole, cues=()),
    }[required]
    if lacking is None:
        cues = tuple(replace(cue, words=()) for cue in whole.cues)
        assert "some words" in render(replace(whole, segments=(), words=(), cues=cues), name)
        return
    with pytest.raises(UsageError, match="needs") as caught:
        render(lacking, name)
    assert caught.value.hint


@names
def test_visible_text_survives(name: str) -> None:
    text = render(make_transcript(AWKWARD), name)
    for word in ("plain", "rows", "laughs", "שלום", "你好，世界。", "👩‍👩‍👧", "🇩🇪", "NOTE"):
        assert word in text


@readable
def test_times_and_texts_read_back_identically(name: str) -> None:
    chosen = get_format(name)
    transcript = make_transcript(AWKWARD)
    back = chosen.read(chosen.write(transcript))
    tier = {Tier.CUES: "cues", Tier.WORDS: "words", Tier.SEGMENTS: "segments", Tier.TEXT: "cues"}
    attribute = tier[chosen.tier_read or Tier.TEXT]
    written, read = getattr(transcript, attribute), getattr(back, attribute)
    tick = chosen.tick_ms
    expected = [(round_down(tick, s.start_ms), round_down(tick, s.end_ms), s.text) for s in written]
    assert [(s.start_ms, s.end_ms, s.text) for s in read] == expected


@readable
def test_beyond_ninety_nine_hours(name: str) -> None:
    chosen = get_format(name)
    transcript = make_transcript(["late words", "later words"], first_ms=123 * 3_600_000 + 4 * 60_000 + 5_006)
    back = chosen.read(chosen.write(transcript))
    spans = back.cues or back.segments
    assert spans[0].start_ms == round_down(chosen.tick_ms, 443_045_006)
    ends = (transcript.duration_ms, transcript.cues[-1].end_ms)
    assert back.duration_ms in {round_down(chosen.tick_ms, end) for end in ends}


@readable
@pytest.mark.parametrize("text", AWKWARD)
def test_one_cue_alone(name: str, text: str) -> None:
    chosen = get_format(name)
    back = chosen.read(chosen.write(make_transcript([text])))
    assert visible(back.text) == visible(text)


@readable
def test_no_duration_is_no_obstacle(name: str) -> None:
    chosen = get_format(name)
    words = (Word(1000, 1000, "now"), Word(1000, 1000, "and"), Word(1000, 1003, "then"))
    cues = (Cue(1000, 1000, ("now",), words[:1]), Cue(1000, 1003, ("and then",), words[1:]))
    transcript = Transcript("a.wav", 1003, (Segment(1000, 1003, "now and then", "en"),), words, cues)
    for options in OPTIONS:
        back = chosen.read(chosen.write(transcript, options))
        assert "now" in back.text
        assert "then" in back.text


@readable
@pytest.mark.parametrize("options", OPTIONS, ids=lambda options: ",".join(options.special) or "marks")
def test_no_option_loses_text(name: str, options: WriteOptions, tmp_path: Path) -> None:
    transcript = make_transcript(AWKWARD)
    save_transcript(transcript, tmp_path / "a.data", name, options)
    back = load_transcript(tmp_path / "a.data", name)
    if "highlight_words" in options.special and name == "srt":  # a cue per word
        shown = [re.sub("</?u>", "", cue.text) for cue in back.cues]
        assert [text for text, _ in groupby(shown)] == [cue.text for cue in transcript.cues]
    elif get_format(name).tier_read is Tier.CUES:
        assert [cue.text for cue in back.cues] == [cue.text for cue in transcript.cues]
    else:
        assert visible(back.text) == visible(transcript.text)


@names
def test_options_that_a_format_does_not_honour_change_nothing(name: str) -> None:
    transcript = make_transcript(AWKWARD)
    for options in OPTIONS:
        text = get_format(name).write(transcript, options)
        assert (text == get_format(name).write(transcript)) != bool(get_format(name).honours & set(options.special))


@names
def test_marks_for_old_editors(name: str, tmp_path: Path) -> None:
    save_transcript(
        make_transcript(["one\ntwo", "three"]), tmp_path / "a.data", name, WriteOptions(bom=True, crlf=True)
    )
    data = (tmp_path / "a.data").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf") == get_format(name).allows_bom
    assert data.count(b"\n") == data.count(b"\r\n") > 0


@readable
def test_unsorted_cues_come_out_sorted(name: str) -> None:
    transcript = make_transcript(["one", "two", "three"])
    shuffled = replace(transcript, cues=tuple(replace(cue, words=()) for cue in reversed(transcript.cues)))
    back = get_format(name).read(render(shuffled, name))
    if get_format(name).tier_read is Tier.CUES:
        assert [cue.text for cue in back.cues] == ["one", "two", "three"]


@names
def test_what_utf8_cannot_hold_is_no_obstacle(name: str) -> None:
    text = render(
        make_transcript(["bad \ud800 half", "zero \x00 byte", "bell \a\x1b[31m", "sep\u2028arated\x85here"]), name
    )
    encoded = text.encode("utf-8")
    assert b"\x00" not in encoded
    assert b"\x1b" not in encoded


@readable
@pytest.mark.parametrize(
    "garbage", ["hello", "{", "[1, 2]", "\x00\x01", '{"a": 1}', "<html></html>", 'File type = "oo"']
)
def test_anything_else_is_refused(name: str, garbage: str) -> None:
    with pytest.raises(InputError):
        get_format(name).read(garbage)


def test_a_format_without_times_says_so() -> None:
    with pytest.raises(UsageError, match="txt files cannot be read"):
        get_format("txt").read("hello")


def test_an_unknown_format_lists_the_known_ones() -> None:
    with pytest.raises(UsageError, match="unknown output format 'doc'") as caught:
        get_format("doc")
    assert all(name in (caught.value.hint or "") for name in FORMATS)


texts = st.lists(st.text(max_size=30).filter(lambda text: text.strip()), min_size=1, max_size=4)


def visible(text: str) -> str:
    """Every character that can be seen, in order; a lone surrogate as what stands for it."""
    shown = "".join("\ufffd" if unicodedata.category(c) == "Cs" else c for c in text)
    return "".join(c for c in shown if unicodedata.category(c) != "Cc" and not c.isspace())


@readable
@given(texts)
def test_any_text_reads_back(name: str, texts: list[str]) -> None:
    chosen = get_format(name)
    back = chosen.read(chosen.write(make_transcript(texts)))
    if chosen.tier_read is Tier.CUES:
        assert len(back.cues) == len(texts)
        assert [visible(cue.text) for cue in back.cues] == [visible(text) for text in texts]
    elif chosen.tier_read is not Tier.TEXT:
        assert visible(back.text) == visible(" ".join(texts))
