"""Media made on the fly: three clicks at known times, in whatever container a test needs."""

import subprocess
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from qwen_subs.progress import Reporter, Stage
from qwen_subs.waveform import SAMPLE_RATE, Waveform

CLICKS_MS = (1000, 2500, 4200)
SECONDS = 6

Make = Callable[..., Path]


class Recorder(Reporter):
    """Keeps what it is told."""

    def __init__(self) -> None:
        self.notices: list[str] = []
        self.details: list[str] = []
        self.advanced_ms = 0
        self.total_ms: int | None = -1
        self.finished = False

    def start(self, stage: Stage, total_ms: int | None = None) -> None:
        assert stage is Stage.DECODING
        self.total_ms = total_ms

    def advance(self, stage: Stage, ms: int) -> None:
        self.advanced_ms += ms

    def finish(self, stage: Stage) -> None:
        self.finished = True

    def notice(self, message: str) -> None:
        assert "\n" not in message
        self.notices.append(message)

    def detail(self, message: str) -> None:
        self.details.append(message)


@pytest.fixture
def recorder() -> Recorder:
    return Recorder()


def click_samples(sample_rate: int = 48_000) -> NDArray[np.float32]:
    """Bursts of 1 kHz, 30 ms long, at ``CLICKS_MS``, in silence."""
    samples = np.zeros(SECONDS * sample_rate, dtype=np.float32)
    burst = 0.7 * np.sin(2 * np.pi * 1000 * np.arange(sample_rate * 30 // 1000) / sample_rate)
    for click in CLICKS_MS:
        start = click * sample_rate // 1000
        samples[start : start + len(burst)] = burst
    return samples


def find_clicks(waveform: Waveform) -> list[float]:
    """Onsets in milliseconds."""
    loud = np.flatnonzero(np.abs(waveform.samples) > 0.15)
    onsets = loud[np.diff(loud, prepend=-SAMPLE_RATE) > SAMPLE_RATE // 4]
    return [float(onset) * 1000 / SAMPLE_RATE for onset in onsets]


def run_ffmpeg(*arguments: object) -> None:
    subprocess.run(["ffmpeg", "-nostdin", "-v", "error", "-y", *map(str, arguments)], check=True)


@pytest.fixture(scope="session")
def clicks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("clicks") / "clicks.wav"
    soundfile.write(path, np.stack([click_samples()] * 2, axis=1), 48_000)
    return path


@pytest.fixture
def make(clicks: Path, tmp_path: Path) -> Make:
    """``make(name, *output_options, sound=(…), picture=None)``: the clicks, and a picture if it has input options."""

    def make_media(
        name: str, *options: str, sound: tuple[str, ...] = (), picture: tuple[str, ...] | None = None
    ) -> Path:
        path = tmp_path / name
        inputs = [*sound, "-i", str(clicks)]
        if picture is not None:
            inputs += [*picture, "-f", "lavfi", "-i", f"testsrc=s=64x48:r=25:d={SECONDS}", "-map", "1:v", "-map", "0:a"]
            options = ("-preset", "ultrafast", "-threads", "1", *options)
        run_ffmpeg(*inputs, *options, path)
        return path

    return make_media
