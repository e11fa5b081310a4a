"""The check command on files of this and other programs: what it prints, writes and returns."""

import json
from pathlib import Path

import pytest

from qwen_subs import Segment, Transcript, Word, load, save
from qwen_subs.errors import ExitCode
from qwen_subs.transcript import join_words
from tests.cli.conftest import MEDIA, Run

BAD = """1
00:00:00,831 --> 00:00:02,466
<i>The file is under the</i>
<i>monitor.</i>

2
00:00:02,500 --> 00:00:06,243
I don't like the clean costume, but our track is ready and so on.

4
00:00:09,043 --> 00:00:13,000
I don't like this camera.

3
00:00:06,300 --> 00:00:06,500
Okay, I can try this camera.
"""
GOOD = "1\n00:00:01,000 --> 00:00:03,000\nThe file is under the monitor.\n"


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    path = tmp_path / "film.srt"
    path.write_text(BAD)
    return path


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.srt"
    path.write_text(GOOD)
    return path


def test_every_broken_rule_is_a_line(run: Run, bad: Path) -> None:
    result = run("check", bad)
    assert result.code == ExitCode.QUALITY
    assert f"{bad}:2  00:00:02.500  error    line 1 is 65 cells wide > 42\n" in result.out
    assert f"{bad}:4  00:00:06.300  error    starts 2.743 s before cue 3\n" in result.out
    assert result.out.splitlines()[-1].startswith(f"{bad}: 6 errors, 1 warning, 0 notes in 4 cues")
    assert len(result.errors) == 1


def test_good_subtitles(run: Run, good: Path) -> None:
    result = run("check", good)
    assert (result.code, result.out, result.err) == (0, f"{good}: 0 errors, 0 warnings, 0 notes in 1 cue\n", "")


def test_what_fails_is_the_users_choice(run: Run, tmp_path: Path, bad: Path) -> None:
    warned = tmp_path / "warned.srt"
    warned.write_text(GOOD.replace("under the ", "under the\n"))
    assert run("check", warned).code == 0
    assert run("check", warned, "--fail-on", "warning").code == ExitCode.QUALITY
    assert run("check", bad, "--fail-on", "none").code == 0


def test_limits_of_presets_and_single_flags(run: Run, good: Path) -> None:
    assert run("check", good, "--preset", "ted").code == 0
    result = run("check", good, "--max_line_width", "20", "--max-cps", "10")
    assert "30 cells wide > 20" in result.out
    assert "reading speed 15.0 cps > 10" in result.out


def test_json_to_stdout_is_clean(run: Run, bad: Path) -> None:
    result = run("check", bad, "--format", "json", "--fail-on", "none")
    (file,) = json.loads(result.out)["files"]
    assert file["counts"] == {"error": 6, "warning": 1, "note": 0}
    assert {"rule": "line-width", "measured": 65, "limit": 42, "unit": "cells"}.items() <= file["issues"][2].items()


def test_the_ending_of_the_report_chooses_its_format(run: Run, bad: Path, tmp_path: Path) -> None:
    for name, start in (("r.html", "<!doctype html>"), ("r.csv", "file,cue,"), ("r.json", "{"), ("r.txt", str(bad))):
        result = run("check", bad, "-o", tmp_path / name)
        assert (result.code, result.out) == (ExitCode.QUALITY, "")
        assert (tmp_path / name).read_text().startswith(start)


def test_reports_and_copies_replace_nothing(run: Run, bad: Path, tmp_path: Path) -> None:
    (tmp_path / "r.html").write_text("mine")
    assert run("check", bad, "-o", tmp_path / "r.html").code == ExitCode.OUTPUT
    assert run("check", bad, "-o", bad, "--overwrite").code == ExitCode.USAGE
    assert run("check", bad, "--fix", "-o", bad, "--overwrite").code == ExitCode.USAGE
    (tmp_path / "film.fixed.srt").write_text("mine")
    assert run("check", bad, "--fix").code == ExitCode.OUTPUT
    assert (tmp_path / "r.html").read_text() == (tmp_path / "film.fixed.srt").read_text() == "mine"
    assert bad.read_text() == BAD


def test_fix_writes_a_copy_and_tells_what_remains(run: Run, bad: Path, tmp_path: Path) -> None:
    result = run("check", bad, "--fix")
    assert result.code == 0, result.out
    assert f"{bad}:2  00:00:02.500  mended   line 1 is 65 cells wide > 42\n" in result.out
    assert result.out.splitlines()[-1].endswith("0 errors, 0 warnings, 0 notes in 4 cues; 7 mended")
    fixed = load(tmp_path / "film.fixed.srt")
    assert fixed.cues[0].lines == ("<i>The file is under the</i>", "<i>monitor.</i>") or fixed.cues[0].lines == (
        "<i>The file is under the</i> <i>monitor.</i>",
    )
    assert [cue.start_ms for cue in fixed.cues] == [831, 2_500, 6_300, 9_043]
    assert bad.read_text() == BAD
    assert run("check", tmp_path / "film.fixed.srt").code == 0


def test_what_a_copy_loses_is_said(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "film.vtt"
    body = "\n\n00:01.000 --> 00:03.000{}\nThe file is {}under the monitor.\n"
    for settings, tag, lost in (("", "", False), (" align:start", "", True), ("", "<i>", True)):
        path.write_text("WEBVTT" + body.format(settings, tag))
        result = run("check", path, "--fix", "--overwrite")
        assert result.code == 0
        assert ("not in the copy" in result.err) is lost


def test_fix_into_a_folder(run: Run, bad: Path, good: Path, tmp_path: Path) -> None:
    assert run("check", bad, good, "--fix", "-o", f"{tmp_path}/fixed/").code == 0
    assert {path.name for path in (tmp_path / "fixed").iterdir()} == {"film.srt", "good.srt"}


def test_several_files(run: Run, bad: Path, good: Path, tmp_path: Path) -> None:
    result = run("check", bad, good)
    assert result.code == ExitCode.QUALITY
    assert result.out.splitlines()[-1].split() == [str(good), "1", "0", "0", "0"]
    result = run("check", bad, tmp_path / "missing.srt", "--fail-on", "none")
    assert result.code == ExitCode.PARTIAL
    assert "missing.srt" in result.err
    assert "film.srt: 6 errors" in result.out


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("film.vtt", "WEBVTT\n\n00:01.000 --> 00:03.000 align:start\n<v Ann>The file is under the\nmonitor.\n"),
        (
            "film.ass",
            "[Script Info]\nScriptType: v4.00+\n\n[Events]\nFormat: Layer, Start, End, Style, Name, MarginL, MarginR, "
            "MarginV, Effect, Text\nDialogue: 0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\i1}The file is under the\\N"
            "monitor.{\\i0}\n",
        ),
        (
            "film.ssa",
            "[Script Info]\nScriptType: v4.00\n\n[Events]\nFormat: Marked, Start, End, Style, Name, MarginL, MarginR, "
            "MarginV, Effect, Text\nDialogue: Marked=0,0:00:01.00,0:00:03.00,Default,,0,0,0,,{\\i1}The file is under "
            "the\\Nmonitor.\n",
        ),
        (
            "film.ttml",
            '<tt xmlns="http://www.w3.org/ns/ttml" xml:lang="en"><body><div><p begin="1s" end="3s">The file is under '
            "the<br/>monitor.</p></div></body></tt>",
        ),
        (
            "film.smi",
            "<SAMI><BODY>\n<SYNC Start=1000><P>The file is under the<br>monitor.\n<SYNC Start=3000><P>&nbsp;\n"
            "</BODY></SAMI>\n",
        ),
        ("film.sub", "{1}{1}25\n{25}{75}The file is under the|monitor.\n"),
    ],
)
def test_subtitles_of_other_programs(run: Run, tmp_path: Path, name: str, text: str) -> None:
    (tmp_path / name).write_text(text)
    result = run("check", tmp_path / name)
    assert result.code == 0, result.err
    assert "warning  line 1 ends on “the”, which belongs to “monitor.”" in result.out
    assert result.out.splitlines()[-1].endswith("0 errors, 1 warning, 0 notes in 1 cue")


@pytest.mark.parametrize(
    ("name", "text", "fact"),
    [
        ("film.srt", "no subtitles at all", "timing line"),
        ("film.sub", "nothing", "subtitles"),
        ("film.sub", "{25}{75}Frames of unknown length\n", "frames"),
        ("film.tsv", "start\tend\ttext\n0\t1000\tHello\n", "no cues"),
        ("film.xyz", "nothing", "known format"),
    ],
)
def test_what_cannot_be_read_is_one_clear_line(run: Run, tmp_path: Path, name: str, text: str, fact: str) -> None:
    (tmp_path / name).write_text(text)
    result = run("check", tmp_path / name)
    assert result.code == ExitCode.INPUT
    assert len(result.errors) == 1
    assert name in result.errors[0]
    assert fact in result.errors[0]


def test_frames_and_shots_are_given(run: Run, tmp_path: Path) -> None:
    path = tmp_path / "film.srt"
    path.write_text(GOOD + "\n2\n00:00:03,080 --> 00:00:05,000\nThat was shot two.\n")
    assert "gap 0.08 s after cue 1 < 0.083 s" in run("check", path).out
    assert run("check", path, "--fps", "25").code == 0
    (tmp_path / "shots.txt").write_text("4.8\n")
    result = run("check", path, "--fps", "25", "--shot-changes", tmp_path / "shots.txt")
    assert "disappears 0.2 s after a shot change" in result.out


def test_two_frames_are_enough_at_every_rate(run: Run, spoken: Path, tmp_path: Path) -> None:
    for rate in ("23.976", "25", "29.97", "50"):
        path = tmp_path / f"{rate}.srt"
        assert run("subtitle", spoken, "-o", path, "--fps", rate).code == 0
        assert ": 0 errors, 0 warnings," in run("check", path).out


def test_our_own_files_bring_their_frames_and_shots(run: Run, spoken: Path, tmp_path: Path) -> None:
    (tmp_path / "shots.txt").write_text("4.72\n12.2\n")
    frames = ("--fps", "25", "--shot-changes", tmp_path / "shots.txt")
    assert run("subtitle", spoken, "-o", tmp_path / "framed.json", *frames).code == 0
    result = run("check", tmp_path / "framed.json", "-v")
    assert "shot change" in result.out
    assert "shown across" not in run("check", tmp_path / "framed.json", "-v", "--shot-changes", "none").out
    assert ": 0 errors, 0 warnings," in result.out


def test_media_is_listened_to(run: Run, tmp_path: Path, good: Path) -> None:
    result = run("check", good, "--media", MEDIA / "sample.mp4", "--fail-on", "none")
    assert result.code == 0, result.err
    assert "of sound as loud as speech, and no cue" in result.out
    first_shot = json.loads((MEDIA / "sample.shots.json").read_text())["frames"][0] / 25
    good.write_text(f"1\n00:00:01,000 --> 00:00:{first_shot + 0.2:06.3f}\nThe file is under the monitor.\n")
    result = run("check", good, "--media", MEDIA / "sample.mp4", "--fail-on", "none")
    assert "disappears 0.2 s after a shot change" in result.out
    good.write_text(GOOD.replace("00:00:0", "00:59:0"))
    result = run("check", good, "--media", MEDIA / "sample.mp4", "--fail-on", "none")
    assert "after the end of the media" in result.out
    assert "nothing sounds as loud as speech" in result.out
    assert run("check", good, "--media", tmp_path / "missing.mp4").code == ExitCode.INPUT
    assert run("check", good, good, "--media", MEDIA / "sample.mp4").code == ExitCode.USAGE


@pytest.fixture
def spoken(tmp_path: Path) -> Path:
    """A transcript of the sample with the times at which its words are really said."""
    items = json.loads((MEDIA / "sample.words.json").read_text(encoding="utf-8"))["words"]
    words = tuple(Word(item["start_ms"], item["end_ms"], item["text"], repaired=k == 3) for k, item in enumerate(items))
    segment = Segment(words[0].start_ms, words[-1].end_ms, join_words(words), "en")
    save(Transcript("sample.mp4", 72_000, (segment,), words), tmp_path / "film.json")
    return tmp_path / "film.json"


def test_what_this_program_makes_breaks_nothing(run: Run, spoken: Path, tmp_path: Path) -> None:
    assert run("subtitle", spoken, "-f", "srt,vtt,ass,ttml,json", "-o", tmp_path / "out").code == 0
    for ending in ("srt", "vtt", "ass", "ttml", "json"):
        result = run("check", tmp_path / "out" / f"film.{ending}", "--fail-on", "warning")
        assert ": 0 errors, 0 warnings," in result.out
        assert result.code == 0
    result = run("check", tmp_path / "out" / "film.json", "--verbose", "--media", MEDIA / "sample.mp4")
    assert "note     the time of" in result.out
    assert "loud as speech" not in result.out
    assert run("check", tmp_path / "out" / "film.json", "--fix").code == 0
    assert load(tmp_path / "out" / "film.fixed.json").words == load(spoken).words
