"""Which word is spoken: underlined in SRT, stamped in WebVTT; and the words found in the rows of their cue."""

import re
import subprocess
from itertools import pairwise
from pathlib import Path

import pysubs2
import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.errors import UsageError
from qwen_subs.formats import WriteOptions, get_format, render, save_transcript
from qwen_subs.formats.base import cue_lines
from qwen_subs.formats.word_rows import split_rows
from qwen_subs.timecode import parse_clock
from qwen_subs.transcript import Cue, Transcript, Word

HIGHLIGHT = WriteOptions(highlight_words=True)
WORDS = (Word(1000, 1400, "Fish"), Word(1400, 1500, "&"), Word(1560, 2000, "chips"), Word(2300, 2600, "cost"))
CUE = Cue(900, 3100, ("- Fish & chips", "cost"), WORDS)
STAMP = re.compile(r"<(\d\d:\d\d:\d\d\.\d{3})>")


def write(name: str, *cues: Cue) -> str:
    words = tuple(word for cue in cues for word in cue.words)
    return render(Transcript(duration_ms=10_000, words=words, cues=cues), name, HIGHLIGHT)


def test_srt_underlines_word_by_word_as_whisper_does() -> None:
    cues = get_format("srt").read(write("srt", CUE)).cues
    assert cues == (
        Cue(900, 1000, ("- Fish & chips", "cost")),
        Cue(1000, 1400, ("- <u>Fish</u> & chips", "cost")),
        Cue(1400, 1560, ("- Fish <u>&</u> chips", "cost")),  # 60 ms are no pause
        Cue(1560, 2000, ("- Fish & <u>chips</u>", "cost")),
        Cue(2000, 2300, ("- Fish & chips", "cost")),
        Cue(2300, 2600, ("- Fish & chips", "<u>cost</u>")),
        Cue(2600, 3100, ("- Fish & chips", "cost")),
    )


def test_vtt_stamps_what_starts_later_than_the_cue() -> None:
    second = Cue(4000, 5000, ("Now.",), (Word(4000, 4500, "Now."),))
    text = write("vtt", CUE, second)
    assert text.endswith(
        "1\n00:00:00.900 --> 00:00:03.100\n"
        "- <00:00:01.000><c>Fish</c> <00:00:01.400><c>&amp;</c> <00:00:01.560><c>chips</c>\n"
        "<00:00:02.300><c>cost</c>\n\n"
        "2\n00:00:04.000 --> 00:00:05.000\n<c>Now.</c>\n"
    )
    assert get_format("vtt").read(text).cues == (Cue(900, 3100, CUE.lines), Cue(4000, 5000, ("Now.",)))


def test_a_word_broken_over_two_rows_is_highlighted_in_both() -> None:
    cue = Cue(0, 2000, ("Donau-", "schiff da"), (Word(0, 900, "Donau-schiff"), Word(1000, 2000, "da")))
    assert get_format("srt").read(write("srt", cue)).cues[0].lines == ("<u>Donau-</u>", "<u>schiff</u> da")
    assert "<c>Donau-</c>\n<c>schiff</c> <00:00:01.000><c>da</c>" in write("vtt", cue)


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_words_that_are_not_in_the_rows_change_nothing(name: str) -> None:
    cue = Cue(0, 1000, ("other text",), (Word(0, 500, "some"), Word(500, 1000, "words")))
    assert get_format(name).read(write(name, cue)).cues == (Cue(0, 1000, ("other text",)),)


@pytest.mark.parametrize(
    ("name", "option"), [("srt", HIGHLIGHT), ("vtt", HIGHLIGHT), ("ass", WriteOptions(karaoke=True))]
)
def test_a_transcript_without_words_is_refused_with_a_remedy(name: str, option: WriteOptions) -> None:
    cues = (Cue(0, 1000, ("read from a file",)),)
    with pytest.raises(UsageError, match="needs words") as caught:
        render(Transcript(duration_ms=1000, cues=cues), name, option)
    assert caught.value.hint
    render(Transcript("quiet.wav", 1000), name, option)


cues_with_words = st.builds(
    lambda texts, starts, rows, start: Cue(
        start,
        start + 2000,
        tuple(" ".join(texts[i : i + rows]) for i in range(0, len(texts), rows)),
        tuple(Word(at, at + length, text) for text, (at, length) in zip(texts, starts, strict=False)),
    ),
    st.lists(
        st.sampled_from(["a", "<b>", "-->", "&amp;", "{x}", "1984", "שלום", "👩‍👩‍👧", "\\N", "00:00:01.000"]),
        min_size=1,
    ),
    st.lists(st.tuples(st.integers(0, 4000), st.integers(0, 900)), min_size=10),
    st.integers(1, 4),
    st.integers(0, 3000),
)


@given(cues_with_words)
def test_srt_fills_the_cue_without_gap_or_overlap_and_keeps_its_text(cue: Cue) -> None:
    shown = get_format("srt").read(write("srt", cue)).cues
    assert (shown[0].start_ms, shown[-1].end_ms) == (cue.start_ms, cue.end_ms)
    assert all(a.end_ms == b.start_ms for a, b in pairwise(shown))
    assert all(part.duration_ms for part in shown)
    assert {re.sub("</?u>", "", part.text) for part in shown} == {cue.text}
    assert all(part.text.count("<u>") <= 1 for part in shown)


@given(cues_with_words)
def test_vtt_stamps_rise_inside_the_cue_and_no_text_is_lost(cue: Cue) -> None:
    text = write("vtt", cue)
    stamps = [parse_clock(stamp) for stamp in STAMP.findall(text)]
    assert stamps == sorted(set(stamps))
    assert all(cue.start_ms < stamp < cue.end_ms for stamp in stamps)
    assert get_format("vtt").read(text).cues == (Cue(cue.start_ms, cue.end_ms, cue.lines),)


@given(cues_with_words)
def test_pieces_give_the_rows_and_the_words(cue: Cue) -> None:
    rows = split_rows(cue)
    assert ["".join(piece.text for piece in row) for row in rows] == cue_lines(cue)
    pieces = [piece for row in rows for piece in row if piece.word is not None]
    assert [piece.text for piece in pieces] == [cue.words[piece.word or 0].text for piece in pieces]


@pytest.mark.parametrize("row", ["one two", "one two three", "one two three four"])
def test_pysubs2_and_ffmpeg_read_stamped_rows(row: str, tmp_path: Path) -> None:
    words = tuple(Word(500 + 400 * index, 800 + 400 * index, text) for index, text in enumerate(row.split()))
    cues = (Cue(100, 3000, (row, "and end"), words), Cue(3100, 4000, ("next",)))
    transcript = Transcript(duration_ms=4000, words=words, cues=cues)
    save_transcript(transcript, tmp_path / "a.vtt", options=HIGHLIGHT)
    events = list(pysubs2.load(str(tmp_path / "a.vtt")))
    assert [STAMP.sub("", event.plaintext) for event in events] == [f"{row}\nand end", "next"]
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(tmp_path / "a.vtt"), "-f", "srt", "-"]
    converted = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout
    assert [cue.lines for cue in get_format("srt").read(converted).cues] == [cue.lines for cue in cues]
