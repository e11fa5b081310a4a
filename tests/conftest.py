import json
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from qwen_subs.waveform import Waveform

FIXTURES = Path(__file__).parents[1] / "fixtures"


@dataclass(frozen=True)
class Phrase:
    """A spoken sentence; words are (text, start_ms, end_ms)."""

    path: Path
    waveform: Waveform
    text: str
    language: str
    words: tuple[tuple[str, int, int], ...]


@pytest.fixture(scope="session")
def media_folder() -> Path:
    return FIXTURES / "media"


@pytest.fixture(scope="session")
def recognizer_folder() -> Path:
    return FIXTURES / "models" / "recognizer"


@pytest.fixture(scope="session")
def aligner_folder() -> Path:
    return FIXTURES / "models" / "aligner"


@pytest.fixture(scope="session")
def phrases(media_folder: Path) -> tuple[Phrase, ...]:
    """Single sentences that the demo checkpoints know, English and Chinese."""
    folder = media_folder / "phrases"
    found = []
    for entry in json.loads((folder / "phrases.json").read_text("utf-8")):
        samples, rate = soundfile.read(folder / entry["file"], dtype="float32")
        code = {"English": "en", "Chinese": "zh"}[entry["language"]]
        words = tuple((text, start, end) for text, start, end in entry["words"])
        found.append(Phrase(folder / entry["file"], Waveform(samples, rate), entry["text"], code, words))
    return tuple(found)
