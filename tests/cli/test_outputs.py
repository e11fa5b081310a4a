"""Where results go: names, formats, several inputs, and what is never overwritten."""

import json
import shutil
from pathlib import Path

import pytest

from qwen_subs import load
from qwen_subs.errors import ExitCode
from qwen_subs.transcript import find_violations
from tests.cli.conftest import DEMO, MEDIA, RECOGNIZER, Run

ENDINGS = ("srt", "vtt", "ass", "ttml", "TextGrid", "json", "txt", "tsv")


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_transcribe_prints_only_text_on_stdout(run: Run, speech: Path) -> None:
    result = run("transcribe", speech, *RECOGNIZER, "--quiet")
    assert result.code == 0
    assert result.out.strip()
    assert result.err == ""


def test_subtitle_writes_srt_beside_the_media(run: Run, speech: Path, tmp_path: Path) -> None:
    media = shutil.copy(speech, tmp_path / "talk.wav")
    result = run("subtitle", media, *DEMO)
    assert (result.code, result.out) == (0, "")
    assert names(tmp_path) == {"talk.wav", "talk.srt"}


def test_all_formats_into_a_folder(run: Run, speech: Path, tmp_path: Path) -> None:
    result = run("subtitle", speech, "-f", "all", "-o", tmp_path / "out", *DEMO)
    assert result.code == 0, result.err
    assert names(tmp_path / "out") == {f"speech.{e}" for e in ENDINGS}


def test_format_from_the_ending(run: Run, speech: Path, tmp_path: Path) -> None:
    assert run("subtitle", speech, "-o", tmp_path / "talk.vtt", *DEMO).code == 0
    assert (tmp_path / "talk.vtt").read_text().startswith("WEBVTT")


def test_subtitles_to_stdout(run: Run, speech: Path) -> None:
    assert run("subtitle", speech, "-o", "-", *DEMO).out.startswith("1\n00:00:0")


def test_transcribe_does_not_pretend_to_make_cues(run: Run, speech: Path) -> None:
    result = run("transcribe", speech, "-f", "srt", *RECOGNIZER)
    assert result.code == ExitCode.USAGE
    assert "qwen-subs subtitle" in result.err


def test_json_is_lossless_and_cued_again_without_models(run: Run, speech: Path, tmp_path: Path) -> None:
    first = tmp_path / "first.json"
    assert run("subtitle", speech, "-o", first, *DEMO).code == 0
    transcript = load(first)
    assert find_violations(transcript) == []
    narrow = ("--max-line-width", "20", "--max-line-count", "1")
    result = run("subtitle", first, "-o", tmp_path / "second.json", *narrow, "--model", "no/such-model-at-all")
    assert result.code == 0, result.err
    again = load(tmp_path / "second.json")
    assert again.words == transcript.words
    assert len(again.cues) > len(transcript.cues)
    assert all(len(cue.lines) == 1 and cue.width <= 20 for cue in again.cues)
    assert run("subtitle", first, "-o", tmp_path / "third.json").code == 0
    assert load(tmp_path / "third.json").cues == transcript.cues


def test_whisper_json_becomes_subtitles(run: Run, tmp_path: Path) -> None:
    words = [{"word": " Hello", "start": 0.5, "end": 0.9}, {"word": " there.", "start": 0.9, "end": 1.4}]
    document = {
        "text": " Hello there.",
        "language": "en",
        "segments": [{"id": 0, "start": 0.5, "end": 1.4, "text": " Hello there.", "words": words}],
    }
    (tmp_path / "talk.json").write_text(json.dumps(document))
    result = run("subtitle", tmp_path / "talk.json")
    assert result.code == 0, result.err
    assert "00:00:00,500 --> " in (tmp_path / "talk.srt").read_text()
    assert "Hello there." in (tmp_path / "talk.srt").read_text()


def test_underscores_in_flags(run: Run, speech: Path) -> None:
    assert run("subtitle", speech, "-o", "-", "--max_line_width", "30", *DEMO).code == 0


class TestSeveralInputs:
    @pytest.fixture
    def folder(self, speech: Path, tmp_path: Path) -> Path:
        for name in ("a.wav", "b.wav"):
            shutil.copy(speech, tmp_path / name)
        return tmp_path

    def test_one_fails_and_the_others_go_on(self, run: Run, folder: Path) -> None:
        (folder / "broken.wav").write_text("no sound")
        result = run("subtitle", folder / "a.wav", folder / "broken.wav", folder / "b.wav", *DEMO)
        assert result.code == ExitCode.PARTIAL
        assert names(folder) == {"a.wav", "b.wav", "broken.wav", "a.srt", "b.srt"}
        assert "2 of 3 inputs done, 1 failed" in result.err
        assert (folder / "a.srt").read_text() == (folder / "b.srt").read_text()

    def test_a_model_that_does_not_load_ends_the_run_at_once(self, run: Run, folder: Path) -> None:
        result = run("transcribe", folder / "a.wav", folder / "b.wav", "--model", folder)
        assert result.code == ExitCode.MODEL
        assert len(result.errors) == 1

    def test_one_file_for_several_inputs_is_refused(self, run: Run, folder: Path) -> None:
        result = run("subtitle", folder / "a.wav", folder / "b.wav", "-o", folder / "x.srt", *DEMO)
        assert result.code == ExitCode.USAGE

    def test_colliding_names_are_refused(self, run: Run, folder: Path) -> None:
        shutil.copy(folder / "a.wav", folder / "a.flac")
        result = run("subtitle", folder / "a.wav", folder / "a.flac", *DEMO)
        assert result.code == ExitCode.USAGE
        assert "a.wav" in result.err
        assert "a.flac" in result.err
        assert not (folder / "a.srt").exists()

    def test_skip_existing(self, run: Run, folder: Path) -> None:
        (folder / "a.srt").write_text("mine")
        result = run("subtitle", folder / "a.wav", folder / "b.wav", "--skip-existing", *DEMO)
        assert result.code == 0
        assert (folder / "a.srt").read_text() == "mine"
        assert (folder / "b.srt").read_text().startswith("1\n")

    def test_overwrite(self, run: Run, folder: Path) -> None:
        (folder / "a.srt").write_text("mine")
        assert run("subtitle", folder / "a.wav", "--overwrite", *DEMO).code == 0
        assert (folder / "a.srt").read_text().startswith("1\n")

    def test_an_input_is_never_replaced(self, run: Run, folder: Path) -> None:
        result = run("subtitle", folder / "a.wav", "-o", folder / "a.json", *DEMO)
        assert result.code == 0
        result = run("subtitle", folder / "a.json", "-f", "json", "--overwrite")
        assert result.code == ExitCode.USAGE
        assert "input" in result.err


def test_align_writes_a_textgrid_with_the_scripts_own_text(run: Run, tmp_path: Path) -> None:
    media = shutil.copy(MEDIA / "sample.mp4", tmp_path / "sample.mp4")
    result = run("align", media, MEDIA / "sample.txt", "-f", "textgrid,json", *DEMO)
    assert result.code == 0, result.err
    assert names(tmp_path) == {"sample.mp4", "sample.TextGrid", "sample.json"}
    transcript = load(tmp_path / "sample.json")
    assert find_violations(transcript) == []
    script = (MEDIA / "sample.txt").read_text(encoding="utf-8").split()
    assert [word.text for word in transcript.words] == script


def test_align_takes_the_text_of_subtitles_without_their_times(run: Run, speech: Path, tmp_path: Path) -> None:
    script = tmp_path / "old.srt"
    script.write_text("7\n01:00:00,000 --> 01:00:02,000\n<i>The file</i>\nis under the monitor.\n")
    result = run("align", speech, script, "-o", tmp_path / "new.json", *DEMO)
    assert result.code == 0, result.err
    transcript = load(tmp_path / "new.json")
    assert transcript.text == "The file is under the monitor."
    assert transcript.words[-1].end_ms <= 10_000


def test_doctor_names_every_part(run: Run) -> None:
    result = run("doctor")
    assert result.code == 0, result.out
    for part in ("ffmpeg", "ffprobe", "torch", "transformers", "device", "nagisa", "Qwen/Qwen3-ASR-0.6B-hf"):
        assert part in result.out


def test_doctor_without_ffmpeg(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    result = run("doctor")
    assert result.code == ExitCode.ENVIRONMENT
    assert "apt install ffmpeg" in result.out


def test_models_list(run: Run) -> None:
    result = run("models", "list")
    assert result.code == 0
    assert "Qwen/Qwen3-ForcedAligner-0.6B-hf" in result.out
