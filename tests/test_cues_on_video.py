"""Cues on the frames and shots of a video, without any model: from a JSON and flags, and what is recorded for later."""

import json
from fractions import Fraction
from pathlib import Path

import pytest

from qwen_subs import Pipeline, Segment, Settings, Transcript, Word, load, save
from qwen_subs.cli import main
from qwen_subs.errors import InputError, UsageError
from qwen_subs.frames import FrameGrid
from qwen_subs.media import read_shot_changes
from qwen_subs.presets import PRESETS
from qwen_subs.records import recall_grid, recall_shots, record_cues

NTSC = FrameGrid(Fraction(30000, 1001))


@pytest.fixture
def transcript() -> Transcript:
    texts = ["We", "went", "home.", "It", "was", "late,", "and", "nobody", "spoke", "a", "word."]
    words = tuple(Word(4900 + 410 * k, 5250 + 410 * k, text, k < len(texts) - 1) for k, text in enumerate(texts))
    return Transcript("film.mp4", 20_000, (Segment(4900, 9700, " ".join(texts), "en"),), words)


def times(transcript: Transcript) -> list[tuple[int, int]]:
    return [(cue.start_ms, cue.end_ms) for cue in transcript.cues]


def on_frames(transcript: Transcript, grid: FrameGrid) -> bool:
    return all(grid.to_ms(grid.frame_at(ms)) == ms for span in times(transcript) for ms in span)


def test_frames_and_shots_of_the_settings(transcript: Transcript) -> None:
    plain = Pipeline().recue(transcript)
    assert plain.cues[0].start_ms == 4900
    framed = Pipeline(Settings(fps="29.97", shot_changes=(4720,))).recue(transcript)
    assert framed.cues[0].start_ms == NTSC.to_ms(NTSC.nearest_frame(4720))
    assert on_frames(framed, NTSC)
    assert not on_frames(plain, NTSC)


def test_what_was_recorded_is_used_again(transcript: Transcript, tmp_path: Path) -> None:
    framed = Pipeline(Settings(fps="23.976", shot_changes=(4720, 12_000))).recue(transcript)
    save(framed, tmp_path / "film.json")
    again = load(tmp_path / "film.json")
    recorded = dict(again.provenance.settings)
    assert recorded["fps"] == "24000/1001"
    assert recorded["shot_changes_ms"] == "4720 12000"
    assert recorded["max_cps"] == "20"  # of English
    assert times(Pipeline().recue(again)) == times(framed)
    assert on_frames(Pipeline(Settings(fps=25)).recue(again), FrameGrid(Fraction(25)))
    neither = Pipeline(Settings(fps="none", shot_changes="none")).recue(again)
    assert times(neither) == times(Pipeline().recue(transcript))
    assert "fps" not in dict(neither.provenance.settings)


@pytest.mark.parametrize("grid", [None, NTSC, FrameGrid(Fraction(25), Fraction(64, 9))])
def test_records_are_read_back(grid: FrameGrid | None) -> None:
    recorded = record_cues(PRESETS["bbc"], grid, (40, 80))
    assert recall_grid(recorded) == grid
    assert recall_shots(recorded) == (40, 80)
    assert recall_grid({"fps": "fast"}) is None
    assert recall_shots({}) == ()


@pytest.mark.parametrize("values", [{"fps": "fast"}, {"fps": 0}, {"shot_changes": "many"}])
def test_settings_that_are_none(values: dict[str, str]) -> None:
    with pytest.raises(UsageError):
        Settings(**values)  # type: ignore[arg-type]


def test_flags(transcript: Transcript, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(transcript, tmp_path / "film.json")
    (tmp_path / "shots.txt").write_text("# of the film\n00:00:04:18\n12.5\n", encoding="utf-8")
    flags = ["--fps", "25", "--shot-changes", str(tmp_path / "shots.txt")]
    assert main(["subtitle", str(tmp_path / "film.json"), "-o", str(tmp_path / "cut.json"), *flags]) == 0
    cut = load(tmp_path / "cut.json")
    assert cut.cues[0].start_ms == 4720
    assert dict(cut.provenance.settings)["shot_changes_ms"] == "4720 12500"
    capsys.readouterr()
    for wrong, fact in (
        (["--fps", "fast"], "no frame rate: 'fast'"),
        (["--shot-changes", str(tmp_path / "none.txt")], "none.txt: no such file"),
        (["--shot-changes", str(tmp_path / "shots.txt")], "shots.txt: line 2: 00:00:04:18 counts frames"),
    ):
        assert main(["subtitle", str(tmp_path / "film.json"), "-o", str(tmp_path / "x.srt"), *wrong]) in (2, 3)
        assert fact in capsys.readouterr().err


def test_forms_of_shot_lists(tmp_path: Path, media_folder: Path) -> None:
    path = tmp_path / "shots.txt"
    path.write_text("\ufeff12.2\n4.72  # first\n\n00:00:20.080\n0:25,6\n", encoding="utf-8")
    assert read_shot_changes(path) == (4720, 12_200, 20_080, 25_600)
    path.write_text(json.dumps({"fps": "29.97", "frames": [60, 30]}), encoding="utf-8")
    assert read_shot_changes(path) == (1001, 2002)
    sample = media_folder / "sample.shots.json"
    assert list(read_shot_changes(sample)) == json.loads(sample.read_text(encoding="utf-8"))["times_ms"]


@pytest.mark.parametrize("text", ["soon", "-3", "1:75", "nan", "{}", '{"times_ms": [-1]}', "{", "00:00:01:99 # x"])
def test_what_is_no_list(tmp_path: Path, text: str) -> None:
    path = tmp_path / "shots.txt"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_shot_changes(path, Fraction(25))
    assert str(caught.value).startswith(f"{path}: ")
