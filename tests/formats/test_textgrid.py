"""TextGrid: the shape that Praat demands, and Praat itself reading it."""

import shutil
import subprocess
from itertools import pairwise
from pathlib import Path

import pytest
from praatio import textgrid as praatio_textgrid

from qwen_subs.errors import InputError
from qwen_subs.formats import get_format, render
from qwen_subs.transcript import Cue, Segment, Transcript, Word

TRANSCRIPT = Transcript(
    "film.mkv",
    5_000,
    (Segment(400, 2_300, 'She said "no" twice.', "en"), Segment(2_600, 3_000, "你好", "zh")),
    (
        Word(480, 800, "She"),
        Word(800, 1_001, "said"),
        Word(1_001, 1_900, '"no"'),
        Word(1_700, 2_240, "twice."),  # begins before the last one ends
        Word(2_600, 2_600, "你", space_after=False, segment=1),  # lasts no time
        Word(2_600, 3_000, "好", space_after=False, segment=1),
    ),
    (Cue(480, 2_500, ('She said "no"', "twice.")), Cue(2_600, 3_433, ("你好",))),
)


def test_intervals_fill_the_whole_duration(tmp_path: Path) -> None:
    path = tmp_path / "film.TextGrid"
    path.write_text(render(TRANSCRIPT, "textgrid"), encoding="utf-8")
    grid = praatio_textgrid.openTextgrid(str(path), includeEmptyIntervals=True)
    assert grid.tierNames == ("words", "segments", "cues")
    assert grid.maxTimestamp == 5.0
    for tier in grid.tiers:
        entries = tier.entries
        assert entries[0].start == 0
        assert entries[-1].end == 5.0
        assert all(left.end == right.start for left, right in pairwise(entries))
        assert all(entry.start < entry.end for entry in entries)
    words = [(round(e.start, 3), round(e.end, 3), e.label) for e in grid.getTier("words").entries if e.label]
    assert words[2:] == [(1.001, 1.7, '"no"'), (1.7, 2.24, "twice."), (2.6, 2.601, "你"), (2.601, 3.0, "好")]


def test_words_and_segments_read_back() -> None:
    chosen = get_format("textgrid")
    back = chosen.read(chosen.write(TRANSCRIPT))
    assert [(s.start_ms, s.end_ms, s.text) for s in back.segments] == [
        (s.start_ms, s.end_ms, s.text) for s in TRANSCRIPT.segments
    ]
    assert [(w.text, w.segment) for w in back.words] == [(w.text, w.segment) for w in TRANSCRIPT.words]
    assert [w.space_after for w in back.words] == [True, True, True, True, False, False]
    assert back.cues == TRANSCRIPT.cues
    assert back.duration_ms == 5_000


def test_the_short_form_other_tiers_and_comments_are_read() -> None:
    text = (
        'File type = "ooTextFile short"\n"TextGrid"\n! made elsewhere\n0\n2.5\n<exists>\n3\n'
        '"IntervalTier"\n"phones"\n0\n2.5\n1\n0\n2.5\n"a"\n'
        '"TextTier"\n"clicks"\n0\n2.5\n1\n1.25\n"click"\n'
        '"IntervalTier"\n"Words"\n0\n2.5\n3\n0\n0.5\n"hello"\n0.5\n1\n""\n1\n2.5\n"""world"""\n'
    )
    back = get_format("textgrid").read(text)
    assert back.words == (Word(0, 500, "hello"), Word(1000, 2500, '"world"'))
    assert [s.text for s in back.segments] == ['hello "world"']


def test_a_grid_without_our_tiers_says_what_it_has() -> None:
    text = 'File type = "ooTextFile"\n"TextGrid" 0 1 <exists> 1 "IntervalTier" "phones" 0 1 1 0 1 "a"'
    with pytest.raises(InputError, match="found: 'phones'"):
        get_format("textgrid").read(text)


def test_words_piled_up_at_the_end_still_fit() -> None:
    words = tuple(Word(1_000, 1_000, str(i)) for i in range(30))
    transcript = Transcript("a.wav", 1_000, (Segment(0, 1_000, " ".join(w.text for w in words)),), words)
    chosen = get_format("textgrid")
    assert [w.text for w in chosen.read(chosen.write(transcript)).words] == [w.text for w in words]


@pytest.mark.skipif(shutil.which("praat") is None, reason="praat is not installed")
def test_praat_reads_it(tmp_path: Path) -> None:
    grid = tmp_path / "film.TextGrid"
    grid.write_text(render(TRANSCRIPT, "textgrid"), encoding="utf-8")
    script = tmp_path / "read.praat"
    script.write_text(
        f'Read from file: "{grid}"\n'
        "n = Get number of tiers\n"
        "end = Get total duration\n"
        "writeInfoLine: n, tab$, end\n"
        "for tier to n\n"
        "  name$ = Get tier name: tier\n"
        "  intervals = Get number of intervals: tier\n"
        "  for i to intervals\n"
        "    label$ = Get label of interval: tier, i\n"
        '    if label$ <> ""\n'
        "      start = Get start time of interval: tier, i\n"
        '      label$ = replace$ (label$, newline$, "|", 0)\n'
        "      appendInfoLine: name$, tab$, fixed$ (start, 3), tab$, label$\n"
        "    endif\n"
        "  endfor\n"
        "endfor\n",
        encoding="utf-8",
    )
    command = ["praat", "--run", "--utf8", str(script)]
    shown = subprocess.run(command, capture_output=True, check=True, text=True, encoding="utf-8").stdout.splitlines()
    assert shown[0] == "3\t5"
    assert 'words\t1.001\t"no"' in shown
    assert "words\t2.600\t你" in shown
    assert 'cues\t0.480\tShe said "no"|twice.' in shown
    assert len(shown) == 1 + 6 + 2 + 2
