"""Bad input gets one clear line that names the file, the fact and the remedy, and the right exit code."""

import os
import re
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from qwen_subs.errors import ExitCode
from tests.cli.conftest import DEMO, MEDIA, RECOGNIZER, Result, Run, ffmpeg, run_process


def assert_one_clear_line(result: Result, code: ExitCode, *words: str) -> None:
    assert result.code == code, result.err
    assert len(result.errors) == 1, result.err
    for word in words:
        assert word in result.err
    assert "Traceback" not in result.err


class TestMediaThatCannotBeRead:
    def test_missing(self, run: Run, tmp_path: Path) -> None:
        result = run("transcribe", tmp_path / "film.mp4", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.INPUT, "film.mp4", "no such file")

    def test_folder(self, run: Run, tmp_path: Path) -> None:
        assert_one_clear_line(run("transcribe", tmp_path, *RECOGNIZER), ExitCode.INPUT, str(tmp_path), "folder")

    def test_empty_file(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "film.mp4"
        path.touch()
        assert_one_clear_line(run("subtitle", path, *DEMO), ExitCode.INPUT, "film.mp4", "empty")
        assert not (tmp_path / "film.srt").exists()

    def test_text_renamed(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "film.mp4"
        path.write_text("this is no film\n" * 100)
        assert_one_clear_line(run("subtitle", path, *DEMO), ExitCode.INPUT, "film.mp4")

    def test_truncated(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "film.mp4"
        path.write_bytes((MEDIA / "sample.mp4").read_bytes()[:20_000])
        assert_one_clear_line(run("subtitle", path, *DEMO), ExitCode.INPUT, "film.mp4")

    def test_without_audio(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "film.mkv"
        ffmpeg("-i", MEDIA / "sample.mp4", "-t", "1", "-an", "-c", "copy", path)
        assert_one_clear_line(run("subtitle", path, *DEMO), ExitCode.INPUT, "film.mkv", "no audio stream", "video")

    def test_a_playlist_is_refused(self, run: Run, tmp_path: Path) -> None:
        path = tmp_path / "film.m3u8"
        path.write_text(f"#EXTM3U\n#EXTINF:10,\n{MEDIA / 'sample.mp4'}\n")
        assert_one_clear_line(run("transcribe", path, *RECOGNIZER), ExitCode.INPUT, "film.m3u8", "playlist")

    def test_an_address_is_refused(self, run: Run) -> None:
        result = run("transcribe", "http://127.0.0.1:9/film.mp4", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.INPUT, "http://127.0.0.1:9/film.mp4")

    def test_without_ffmpeg(self, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        result = run("transcribe", MEDIA / "sample.mp4", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.ENVIRONMENT, "ffmpeg", "install")

    def test_missing_file_without_ffmpeg_is_still_a_missing_file(
        self, run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
    ) -> None:
        monkeypatch.setenv("PATH", str(tmp_path))
        result = run("transcribe", tmp_path / "film.mp4", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.INPUT, "no such file")

    def test_unknown_audio_stream(self, run: Run) -> None:
        result = run("transcribe", MEDIA / "sample.mp4", "--audio-stream", "7", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.INPUT, "sample.mp4", "7")


class TestAudioWithoutSpeech:
    """Nothing is said, and nothing is invented."""

    @pytest.mark.parametrize(
        ("name", "seconds", "level"), [("blink", 0.1, 0.1), ("silence", 10, 0.0), ("noise", 10, 0.1)]
    )
    def test_gives_no_text(self, run: Run, tmp_path: Path, name: str, seconds: float, level: float) -> None:
        samples = np.random.default_rng(7).standard_normal(int(16000 * seconds)) * level
        path = tmp_path / f"{name}.wav"
        soundfile.write(path, samples, 16000)
        result = run("subtitle", path, *DEMO)
        assert result.code == 0, result.err
        assert "no speech" in result.err
        assert (tmp_path / f"{name}.srt").read_text() == ""


@pytest.fixture
def expected(run: Run, speech: Path) -> str:
    """The text of the speech as it is."""
    result = run("transcribe", speech, *RECOGNIZER)
    assert result.out.strip(), result.err
    return result.out


class TestOddAudio:
    """Rates, channels and broken samples change nothing of the text."""

    @pytest.mark.parametrize("options", [["-ar", "96000"], ["-ac", "6"], ["-ar", "44100", "-c:a", "pcm_f32le"]])
    def test_rates_and_channels(
        self, run: Run, speech: Path, expected: str, tmp_path: Path, options: list[str]
    ) -> None:
        path = tmp_path / "odd.wav"
        ffmpeg("-i", speech, *options, path)
        assert run("transcribe", path, *RECOGNIZER).out == expected

    def test_telephone_rate(self, run: Run, speech: Path, tmp_path: Path) -> None:
        path = tmp_path / "telephone.wav"
        ffmpeg("-i", speech, "-ar", "8000", path)
        assert run("transcribe", path, *RECOGNIZER).out.strip()

    def test_samples_that_are_no_numbers(self, run: Run, speech: Path, expected: str, tmp_path: Path) -> None:
        samples, rate = soundfile.read(speech, dtype="float32")
        quiet = int(np.argmin(np.abs(samples)))
        samples[quiet] = np.nan
        path = tmp_path / "nan.wav"
        soundfile.write(path, samples, rate, subtype="FLOAT")
        result = run("transcribe", path, *RECOGNIZER)
        assert (result.code, result.out) == (0, expected)
        assert "nan.wav" in result.err

    def test_clipped_samples(self, run: Run, speech: Path, tmp_path: Path) -> None:
        samples, rate = soundfile.read(speech, dtype="float32")
        path = tmp_path / "clipped.wav"
        soundfile.write(path, samples * 10, rate, subtype="FLOAT")
        result = run("transcribe", path, *RECOGNIZER)
        assert result.code == 0
        assert result.out.strip()


@pytest.mark.parametrize(
    "name", ["two words.wav", 'it\'s "it".wav', "-dash.wav", "Größe 電影.wav", "new\nline.wav", "50%d.wav"]
)
def test_names_that_break_scripts(
    run: Run, speech: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / name).write_bytes(speech.read_bytes())
    monkeypatch.chdir(tmp_path)
    result = run("subtitle", *DEMO, "--", name)
    assert result.code == 0, result.err
    assert (tmp_path / name).with_suffix(".srt").read_text().startswith("1\n")


class TestOutputsThatCannotBeWritten:
    def test_no_such_folder(self, run: Run, speech: Path, tmp_path: Path) -> None:
        result = run("transcribe", speech, "-o", tmp_path / "none" / "text.txt", "--model", "no/such-model-at-all")
        assert_one_clear_line(result, ExitCode.OUTPUT, str(tmp_path / "none"), "no such folder")

    def test_no_such_place(self, run: Run, speech: Path) -> None:
        # /proc refuses new files even to root.
        result = run("transcribe", speech, "-o", "/proc/text.txt", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.OUTPUT, "/proc/text.txt")

    @pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
    def test_read_only_folder(self, run: Run, speech: Path, tmp_path: Path) -> None:
        tmp_path.chmod(0o500)
        result = run("transcribe", speech, "-o", tmp_path / "text.txt", *RECOGNIZER)
        assert_one_clear_line(result, ExitCode.OUTPUT, "text.txt")

    def test_full_disk_leaves_no_half_file(self, speech: Path, tmp_path: Path) -> None:
        def limit_file_size() -> None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        target = tmp_path / "text.json"
        # The limit would also cut off the byte code that Python writes, and leave it broken for later runs.
        environment = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
        arguments = ["transcribe", speech, "-o", target, *RECOGNIZER]
        process = run_process(arguments, preexec_fn=limit_file_size, env=environment)
        assert process.returncode == ExitCode.OUTPUT, process.stderr
        assert b"text.json" in process.stderr
        assert list(tmp_path.iterdir()) == []

    def test_existing_output_is_refused_before_any_work(self, run: Run, speech: Path, tmp_path: Path) -> None:
        target = tmp_path / "text.txt"
        target.write_text("precious")
        result = run("transcribe", speech, "-o", target, "--model", "no/such-model-at-all")
        assert_one_clear_line(result, ExitCode.OUTPUT, "text.txt", "--overwrite", "--skip-existing")
        assert target.read_text() == "precious"


class TestScripts:
    def align(self, run: Run, speech: Path, tmp_path: Path, script: bytes) -> Result:
        path = tmp_path / "script.txt"
        path.write_bytes(script)
        return run("align", speech, path, "-o", tmp_path / "words.json", *DEMO)

    @pytest.mark.parametrize("script", [b"", b" \n\n", "…  — !\n".encode()])
    def test_without_words(self, run: Run, speech: Path, tmp_path: Path, script: bytes) -> None:
        assert_one_clear_line(self.align(run, speech, tmp_path, script), ExitCode.INPUT, "script.txt", "no words")

    def test_utf16(self, run: Run, speech: Path, tmp_path: Path) -> None:
        assert self.align(run, speech, tmp_path, "The camera is ready.".encode("utf-16")).code == 0

    def test_cp1252(self, run: Run, speech: Path, tmp_path: Path) -> None:
        result = self.align(run, speech, tmp_path, "Il était prêt.".encode("cp1252"))
        assert_one_clear_line(result, ExitCode.INPUT, "script.txt", "UTF-8", "iconv")

    def test_missing(self, run: Run, speech: Path, tmp_path: Path) -> None:
        result = run("align", speech, tmp_path / "script.txt", *DEMO)
        assert_one_clear_line(result, ExitCode.INPUT, "script.txt", "no such file")

    def test_a_language_that_cannot_be_aligned_is_said_before_anything_is_loaded(
        self, run: Run, speech: Path, tmp_path: Path
    ) -> None:
        script = tmp_path / "script.txt"
        script.write_text("Kamera on valmis.")
        result = run("align", speech, script, "--language", "fi", "--aligner-model", "no/such-model-at-all")
        assert_one_clear_line(result, ExitCode.USAGE, "Finnish", "aligned")


class TestNamesThatDoNotExist:
    @pytest.mark.parametrize(
        ("flags", "word"),
        [
            (["-f", "doc"], "doc"),
            (["--language", "Klingon"], "Klingon"),
            (["--preset", "hbo"], "hbo"),
            (["--dtype", "float128"], "float128"),
            (["--device", "abacus"], "abacus"),
            (["-f", "srt", "-o", "subtitles.doc"], ".doc"),
        ],
    )
    def test_unknown_values(self, run: Run, speech: Path, flags: list[str], word: str) -> None:
        assert_one_clear_line(run("subtitle", speech, *flags, *DEMO), ExitCode.USAGE, word, "hint:")

    def test_unknown_model(self, run: Run, speech: Path) -> None:
        started = time.monotonic()
        result = run("transcribe", speech, "--model", "no/such-model-at-all", "--offline")
        assert_one_clear_line(result, ExitCode.MODEL, "no/such-model-at-all", "hint:")
        assert time.monotonic() - started < 20

    def test_a_pasted_whisper_flag_is_explained(self, run: Run, speech: Path) -> None:
        result = run("subtitle", speech, "--compute_type", "float16")
        assert_one_clear_line(result, ExitCode.USAGE, "--dtype")


def test_interrupt(speech: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.wav"
    ffmpeg("-stream_loop", "60", "-i", speech, long)
    folder = tmp_path / "out"
    process = subprocess.Popen(
        [sys.executable, "-m", "qwen_subs", "transcribe", long, "-v", "-o", folder, *RECOGNIZER],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("loading:"):  # the models are there, recognition begins
            break
    process.send_signal(signal.SIGINT)
    rest = process.stderr.read()
    assert process.wait(timeout=30) == ExitCode.INTERRUPTED, rest
    assert "Traceback" not in rest
    assert list(folder.iterdir()) == []


def test_broken_pipe_is_silent(speech: Path) -> None:
    command = f'"{sys.executable}" -m qwen_subs transcribe "$0" "$0" "$0" -f json -q {" ".join(RECOGNIZER)} | head -1'
    process = subprocess.run(["bash", "-c", command, str(speech)], capture_output=True, text=True, check=False)
    assert process.stdout.startswith("{")
    assert process.stderr == ""


def test_standard_input(speech: Path) -> None:
    process = run_process(["transcribe", "-", *RECOGNIZER], stdin=speech.open("rb"))
    assert process.returncode == 0, process.stderr
    assert re.search(rb"\w+", process.stdout)
