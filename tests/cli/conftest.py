"""Run the command line in this process, on the demo checkpoints."""

import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest

from qwen_subs.cli import main

REPOSITORY = Path(__file__).parent.parent.parent
MEDIA = REPOSITORY / "fixtures" / "media"
MODELS = REPOSITORY / "fixtures" / "models"
RECOGNIZER = ("--model", str(MODELS / "recognizer"))
DEMO = (*RECOGNIZER, "--aligner-model", str(MODELS / "aligner"))


@dataclass(frozen=True)
class Result:
    """What a user sees of a finished command."""

    code: int
    out: str
    err: str

    @property
    def errors(self) -> list[str]:
        return [line for line in self.err.splitlines() if line.startswith("error:")]


Run = Callable[..., Result]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str]) -> Run:
    """Call ``run("subtitle", path, …)``; arguments may be paths."""

    def call(*arguments: object) -> Result:
        capsys.readouterr()
        code = main([str(argument) for argument in arguments])
        captured = capsys.readouterr()
        return Result(code, captured.out, captured.err)

    return call


def run_process(arguments: Sequence[object], **options: object) -> "subprocess.CompletedProcess[bytes]":
    """Run the command as a process of its own, where only a process will do."""
    command = [sys.executable, "-m", "qwen_subs", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, timeout=120, check=False, **options)  # type: ignore[call-overload, no-any-return]


def ffmpeg(*arguments: object) -> None:
    """Make a media file."""
    subprocess.run(["ffmpeg", "-v", "error", "-nostdin", "-y", *map(str, arguments)], check=True)


@pytest.fixture(scope="session")
def speech(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Ten seconds of the sample's speech, 16 kHz mono WAV."""
    path = tmp_path_factory.mktemp("speech") / "speech.wav"
    ffmpeg("-i", MEDIA / "sample.mp4", "-t", "10", "-ac", "1", "-ar", "16000", path)
    return path
