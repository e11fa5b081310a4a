"""The demo aligner, and the phrases it is tried on."""

import json
from pathlib import Path

import pytest
import soundfile
from alignment_speech import Speech, read_media

from qwen_subs.alignment import ALIGNERS, load_aligner
from qwen_subs.alignment.base import Aligner
from qwen_subs.progress import Reporter
from qwen_subs.settings import Settings
from qwen_subs.waveform import SAMPLES_PER_MS, Waveform

FIXTURES = Path(__file__).parent.parent.parent / "fixtures"


@pytest.fixture(scope="session", params=ALIGNERS)
def aligner(request: pytest.FixtureRequest) -> Aligner:
    """Each registered backend, so that entering one in the table is enough to have it tested."""
    model = str(FIXTURES / "models" / "aligner")
    return load_aligner(Settings(aligner=request.param, aligner_model=model, device="cpu", dtype="float32"), Reporter())


@pytest.fixture(scope="session")
def phrases() -> list[Speech]:
    """Six sentences of 2 to 4 s, four English and two Chinese."""
    folder = FIXTURES / "media" / "phrases"
    speech = []
    for entry in json.loads((folder / "phrases.json").read_text("utf-8")):
        samples, _ = soundfile.read(folder / entry["file"], dtype="float32")
        whole = len(samples) // SAMPLES_PER_MS * SAMPLES_PER_MS
        code = {"English": "en", "Chinese": "zh"}[entry["language"]]
        words = tuple((word, start, end) for word, start, end in entry["words"])
        speech.append(Speech(Waveform(samples[:whole]), entry["text"], code, words))
    return speech


@pytest.fixture(scope="session")
def sample() -> Speech:
    """72 s of film in English, longer than the demo aligner's window, with pauses up to 2.6 s."""
    return read_media(FIXTURES / "media" / "sample.mp4")


@pytest.fixture(scope="session")
def chinese() -> Speech:
    """18 s of film in Chinese."""
    return read_media(FIXTURES / "media" / "chinese.mp4")
