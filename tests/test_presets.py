"""Presets: published values by language and frame rate, a house's own file, and what is printed about them."""

import dataclasses
import re
from fractions import Fraction
from pathlib import Path

import pytest

from qwen_subs.cli import main
from qwen_subs.errors import InputError, UsageError
from qwen_subs.presets import PRESETS, Preset, find_preset, load_preset
from qwen_subs.presets.preset import OWN_CHOICE

NETFLIX = PRESETS["netflix"]


def write(folder: Path, text: str) -> Path:
    path = folder / "house.toml"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("preset", PRESETS.values(), ids=PRESETS)
def test_every_source_says_when(preset: Preset) -> None:
    for part in preset.rules:
        published = not part.source.startswith(("as Netflix", "no limit", "openai/whisper has", "segments of"))
        assert re.search(r"(read|quoted) 2\d{3}-\d\d", part.source) or not published


@pytest.mark.parametrize(
    ("language", "width", "cps", "children"),
    [
        ("en", 42, 20, 17),
        ("de", 42, 17, 13),
        ("ru", 42, 17, 13),
        ("ar", 42, 20, 17),
        ("hi", 42, 22, 18),
        ("zh", 32, 9, 7),
        ("ja", 26, 4, 4),
        ("ko", 32, 12, 9),
        ("th", 35, 17, 13),
    ],
)
def test_netflix_by_language(language: str, width: int, cps: float, children: float) -> None:
    limits, young = NETFLIX.for_language(language), PRESETS["netflix-children"].for_language(language)
    assert (limits.max_line_width, limits.max_cps, young.max_cps) == (width, cps, children)
    assert limits.min_duration_ms == (500 if language == "ja" else 833)


@pytest.mark.parametrize(
    ("fps", "gap_frames", "chain_frames", "shortest_frames"),
    [
        (Fraction(24000, 1001), 2, 12, 20),
        (Fraction(24), 2, 12, 20),
        (Fraction(25), 2, 13, 21),
        (Fraction(30000, 1001), 2, 15, 25),
        (Fraction(30), 2, 15, 25),
        (Fraction(60), 2, 30, 50),
    ],
)
def test_netflix_in_frames(fps: Fraction, gap_frames: int, chain_frames: int, shortest_frames: int) -> None:
    limits = NETFLIX.at_frame_rate(fps).for_language("en")
    counts = [round(ms * fps / 1000) for ms in (limits.min_gap_ms, limits.chain_gap_ms, limits.min_duration_ms)]
    assert counts == [gap_frames, chain_frames, shortest_frames]
    assert limits == NETFLIX.for_language("en").at_frame_rate(fps)
    assert limits.at_frame_rate(fps) == limits


def test_a_gap_in_time_is_at_least_that_long_in_frames() -> None:
    assert PRESETS["arte"].at_frame_rate(Fraction(24)).min_gap_ms == 208
    assert PRESETS["arte"].at_frame_rate(Fraction(25)).min_gap_ms == 200


def test_the_users_gap_replaces_the_frames() -> None:
    assert NETFLIX.override({"min_gap_ms": 200}).at_frame_rate(Fraction(25)).min_gap_ms == 200


def test_a_house_starts_from_a_preset(tmp_path: Path) -> None:
    path = write(tmp_path, 'base = "netflix"\nmax_cps = 15\nmin_gap = 0.2\n[language.Japanese]\nmax_line_width = 24\n')
    preset = find_preset(str(path))
    assert (preset.name, preset.source) == ("house", "house.toml")
    assert {preset.for_language(code).max_cps for code in ("en", "de", "zh", "ja")} == {15}
    assert [preset.for_language(code).max_line_width for code in ("de", "zh", "ja")] == [42, 32, 24]
    assert preset.for_language("ja").min_duration_ms == 500
    assert (preset.min_gap_ms, preset.min_gap_frames) == (200, 0)
    assert preset.source_of("max_cps") == "house.toml"
    assert preset.source_of("max_duration_ms") == NETFLIX.source_of("max_duration_ms")


def test_a_house_of_its_own(tmp_path: Path) -> None:
    preset = load_preset(write(tmp_path, 'name = "ours"\nsource = "Guide 3"\nmin_gap_frames = 3\n'))
    assert (preset.name, preset.source, preset.min_gap_ms) == ("ours", "Guide 3", 125)
    assert preset.at_frame_rate(Fraction(25)).min_gap_ms == 120
    assert preset.source_of("max_cps") == OWN_CHOICE
    assert preset.for_language("zh").max_line_width == Preset("", "").max_line_width


@pytest.mark.parametrize(
    ("text", "fact"),
    [
        ("max_lines = 2", "unknown key 'max_lines'"),
        ("[language.ja]\nname = 'x'", "unknown key 'language.ja.name'"),
        ("max_cps = 0", "max_cps: 0 is out of range"),
        ("max_cps = nan", "max_cps: nan is out of range"),
        ("max_line_width = 40.5", "max_line_width: 40.5 is out of range"),
        ("max_line_count = true", "max_line_count: True is out of range"),
        ("max_cps = '15'", "max_cps: '15' is out of range"),
        ("break_at_sentences = 1", "break_at_sentences: 1 is neither true nor false"),
        ("min_duration = 8", "shortest cue 8 s > longest 7 s"),
        ("[language.ja]\nmin_duration = 8", "shortest cue 8 s > longest 7 s"),
        ("base = 'hulu'", "base: unknown preset 'hulu'"),
        ("base = 3", "base: 3 is no text"),
        ("[language.tlh]\nmax_cps = 9", "language.tlh: unknown language"),
        ("language = 'ja'", "language is no table"),
        ("max_cps = ", "not TOML"),
        ("max_cps = 1\nmax_cps = 2", "not TOML"),
    ],
)
def test_a_wrong_file_is_one_clear_error(tmp_path: Path, text: str, fact: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(UsageError) as caught:
        load_preset(path)
    assert str(caught.value).startswith(f"{path}: {fact}")
    assert "\n" not in str(caught.value)


def test_names_and_files_that_are_not_there(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="unknown preset 'netflx'"):
        find_preset("netflx")
    with pytest.raises(InputError, match="no such file"):
        find_preset(str(tmp_path / "missing.toml"))
    (tmp_path / "bytes.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match="not TOML"):
        find_preset(str(tmp_path / "bytes.toml"))


def test_list_and_show(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["presets", "list"]) == 0
    listed = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in listed] == list(PRESETS)
    for name in [*PRESETS, str(write(tmp_path, "max_cps = 12"))]:
        assert main(["presets", "show", name]) == 0
        shown = capsys.readouterr().out
        for field in dataclasses.fields(Preset):
            label = field.name.removesuffix("_ms")
            assert label in ("name", "source", "rules") or re.search(rf"^  {label} +\S.* {{3}}\S", shown, re.MULTILINE)
    assert main(["presets", "show", "netflix", "--language", "Japanese"]) == 0
    japanese = capsys.readouterr().out
    assert re.search(r"max_line_width +26 cells +Netflix Japanese", japanese)
    assert "ko" not in japanese.splitlines()


def test_limits_that_contradict_each_other(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["subtitle", "film.mp4", "--min-duration", "9"]) == 2
    assert "shortest cue 9 s > longest 7 s" in capsys.readouterr().err
