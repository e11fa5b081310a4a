"""SRT and WebVTT: the exact text, reading what is found in the wild, and what other programs read."""

import html
import subprocess
from pathlib import Path

import pysubs2
import pytest

from qwen_subs.errors import InputError
from qwen_subs.formats import get_format, render
from qwen_subs.transcript import Cue, Provenance, Transcript

CUES = (
    Cue(0, 833, ("Hello there.",)),
    Cue(916, 3_999, ("Fish & chips cost", "less than $5 <here>.")),
    Cue(3_600_000, 3_601_001, ("In the year", "1984")),
    Cue(3_700_000, 3_701_000, ("今天天气很好。",)),
)
TRANSCRIPT = Transcript("film.mkv", 4_000_000, cues=CUES, provenance=Provenance("0.1.0"))


def test_srt_to_the_character() -> None:
    assert render(TRANSCRIPT, "srt") == (
        "1\n00:00:00,000 --> 00:00:00,833\nHello there.\n\n"
        "2\n00:00:00,916 --> 00:00:03,999\nFish & chips cost\nless than $5 <here>.\n\n"
        "3\n01:00:00,000 --> 01:00:01,001\nIn the year\n1984\n\n"
        "4\n01:01:40,000 --> 01:01:41,000\n今天天气很好。\n"
    )


def test_vtt_to_the_character() -> None:
    assert render(TRANSCRIPT, "vtt") == (
        "WEBVTT\n\nNOTE Made by qwen-subs 0.1.0\n\n"
        "1\n00:00:00.000 --> 00:00:00.833\nHello there.\n\n"
        "2\n00:00:00.916 --> 00:00:03.999\nFish &amp; chips cost\nless than $5 &lt;here&gt;.\n\n"
        "3\n01:00:00.000 --> 01:00:01.001\nIn the year\n1984\n\n"
        "4\n01:01:40.000 --> 01:01:41.000\n今天天气很好。\n"
    )


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_a_blank_row_does_not_end_the_cue(name: str) -> None:
    text = render(Transcript(duration_ms=2000, cues=(Cue(0, 1000, ("one", "", " \t", "two\n\nthree")),)), name)
    assert get_format(name).read(text).cues == (Cue(0, 1000, ("one", "two", "three")),)


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_a_cue_without_text_stays(name: str) -> None:
    transcript = Transcript(duration_ms=3000, cues=(Cue(0, 900, ()), Cue(1000, 2000, ("after",))))
    assert get_format(name).read(render(transcript, name)).cues == transcript.cues


def test_srt_as_found_in_the_wild() -> None:
    text = (
        "\n1\n0:0:1.5 --> 00:00:02,50  X1:10 X2:20\n<i>Hello</i> {\\an8}\n\nsecond row after a blank\n\n"
        "00:00:03,000 -> 00:00:04,000\nno index\n"
        "7\n00:00:05,000-->00:00:06,000\n\n\n"
        " 8 \n  00:00:07,000 --> 00:00:08,000\n42"
    )
    assert get_format("srt").read(text).cues == (
        Cue(1500, 2500, ("<i>Hello</i> {\\an8}", "second row after a blank")),
        Cue(3000, 4000, ("no index",)),
        Cue(5000, 6000, ()),
        Cue(7000, 8000, ("42",)),
    )


def test_vtt_as_found_in_the_wild() -> None:
    text = (
        "WEBVTT - a title\nX-TIMESTAMP-MAP=LOCAL:00:00:00.000\n\nSTYLE\n::cue { color: red }\n\n"
        "NOTE\n00:00 to nowhere\n\nREGION\nid:fred\n\n"
        "intro\n00:01.000 --> 00:02.500 align:start line:0\n<v Ann>Fish &amp; <i>chips</i> &lt;3&nbsp;\n\n"
        "00:00:03.000 --> 00:00:04.000\n<00:00:03.200><c>Word</c> by word\n \nthird row\n"
        "00:00:04.000 --> 00:00:05.000\nno empty row before\n"
    )
    assert get_format("vtt").read(text).cues == (
        Cue(1000, 2500, ("Fish & chips <3\xa0",)),
        Cue(3000, 4000, ("Word by word", "third row")),
        Cue(4000, 5000, ("no empty row before",)),
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("srt", "1\n00:00:02,000 --> 00:00:01,000\nx\n"), ("vtt", "WEBVTT\n\n00:02.000 --> 00:01.000\nx\n")],
)
def test_a_cue_that_runs_backwards_is_an_error(name: str, text: str) -> None:
    with pytest.raises(InputError, match="ends before it starts"):
        get_format(name).read(text)


@pytest.mark.parametrize("name", ["srt", "vtt"])
def test_pysubs2_reads_the_same(name: str) -> None:
    events = list(pysubs2.SSAFile.from_string(render(TRANSCRIPT, name), format_=name, keep_html_tags=True))
    assert [(event.start, event.end) for event in events] == [(cue.start_ms, cue.end_ms) for cue in CUES]
    texts = [html.unescape(event.text) if name == "vtt" else event.text for event in events]
    assert texts == ["\\N".join(cue.lines) for cue in CUES]


def test_pysubs2_is_not_misled_by_times_in_the_text() -> None:
    cues = (Cue(0, 1000, ("from 00:00:01,000 --> 00:00:02,000", "it ran")), Cue(1000, 2000, ("next",)))
    text = render(Transcript(duration_ms=2000, cues=cues), "srt")
    assert len(pysubs2.SSAFile.from_string(text, format_="srt")) == 2
    assert get_format("srt").read(text).cues == cues


@pytest.mark.parametrize(("name", "other", "muxer"), [("srt", "vtt", "webvtt"), ("vtt", "srt", "srt")])
def test_ffmpeg_reads_the_same(name: str, other: str, muxer: str, tmp_path: Path) -> None:
    cues = tuple(
        Cue(cue.start_ms, cue.end_ms, tuple(line.replace("<here>", "here") for line in cue.lines)) for cue in CUES
    )
    source = tmp_path / f"cues.{name}"
    source.write_text(render(Transcript(duration_ms=4_000_000, cues=cues), name), encoding="utf-8")
    command = ["ffmpeg", "-v", "error", "-nostdin", "-i", str(source), "-f", muxer, "-"]
    converted = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout
    back = get_format(other).read(converted).cues
    assert [(cue.start_ms, cue.end_ms) for cue in back] == [(cue.start_ms, cue.end_ms) for cue in cues]
    texts = [[html.unescape(line) for line in cue.lines] for cue in back]
    assert texts == [list(cue.lines) for cue in cues]
