"""How results are written: flags that concern some formats or some readers."""

import json
from pathlib import Path

import pytest

from qwen_subs.errors import ExitCode
from tests.cli.conftest import Run

STYLE = "[Script Info]\nPlayResY: 360\n\n[V4+ Styles]\nStyle: House,Arial,20\n\n[Events]\n"


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    """Word times, from which cues are made without any model."""
    words = [{"word": " Hello", "start": 0.5, "end": 0.9}, {"word": " there.", "start": 1.1, "end": 1.4}]
    segment = {"id": 0, "start": 0.5, "end": 1.4, "text": " Hello there.", "words": words}
    path = tmp_path / "talk.json"
    path.write_text(json.dumps({"text": " Hello there.", "language": "en", "segments": [segment]}))
    return path


def test_the_spoken_word_is_highlighted(run: Run, talk: Path) -> None:
    assert run("subtitle", talk, "-f", "srt,vtt,txt", "-o", talk.parent, "--highlight_words").code == 0
    assert "00:00:00,500 --> 00:00:00,900\n<u>Hello</u> there.\n" in talk.with_suffix(".srt").read_text()
    assert "<c>Hello</c> <00:00:01.100><c>there.</c>\n" in talk.with_suffix(".vtt").read_text()
    assert talk.with_suffix(".txt").read_text() == "Hello there.\n"


def test_karaoke_in_a_style_of_ones_own(run: Run, talk: Path, tmp_path: Path) -> None:
    (tmp_path / "house.ass").write_text(STYLE)
    result = run("subtitle", talk, "-o", tmp_path / "out.ass", "--karaoke", "--ass-style", tmp_path / "house.ass")
    assert result.code == 0, result.err
    text = (tmp_path / "out.ass").read_text()
    assert "PlayResY: 360" in text
    assert text.endswith(r",House,,0,0,0,,{\kf40}Hello {\k20}{\kf30}there." + "\n")


def test_marks_for_old_editors_reach_standard_output_too(run: Run, talk: Path) -> None:
    out = run("subtitle", talk, "-o", "-", "--bom", "--crlf").out
    assert out.startswith("\ufeff1\r\n00:00:00,500 --> ")


@pytest.mark.parametrize(
    ("flags", "remedy"),
    [
        (["-f", "json", "--highlight-words"], "srt, vtt"),
        (["-f", "srt,vtt", "--karaoke"], "ass"),
    ],
)
def test_a_flag_that_would_do_nothing_is_refused(run: Run, talk: Path, flags: list[str], remedy: str) -> None:
    result = run("subtitle", talk, *flags, "-o", talk.parent / "out/")
    assert result.code == ExitCode.USAGE
    assert f"{flags[-1]} concerns none of the output formats" in result.err
    assert f"it is for {remedy}" in result.err


@pytest.mark.parametrize(
    ("content", "fact"), [(None, "no such file"), ("no style", "not an ASS template"), ("caf\xe9", "not UTF-8")]
)
def test_a_bad_template_is_named_before_any_work(
    run: Run, talk: Path, tmp_path: Path, content: str | None, fact: str
) -> None:
    template = tmp_path / "house.ass"
    if content is not None:
        template.write_bytes(content.encode("latin-1"))
    result = run("subtitle", talk, "-o", tmp_path / "out.ass", "--ass-style", template)
    assert result.code == ExitCode.INPUT
    assert result.errors[0].startswith(f"error: {template}: {fact}")
    assert not (tmp_path / "out.ass").exists()
