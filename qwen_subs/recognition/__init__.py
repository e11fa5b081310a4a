"""Stage 3 of 7: chunks -> segments."""

from typing import cast

from qwen_subs.progress import Reporter
from qwen_subs.recognition.base import Recognition, Recognizer
from qwen_subs.recognition.recognize import recognize_chunks
from qwen_subs.registry import import_object, lookup
from qwen_subs.settings import Settings

__all__ = ["RECOGNIZERS", "Recognition", "Recognizer", "load_recognizer", "recognize_chunks"]

RECOGNIZERS: dict[str, str] = {
    "qwen3-asr": "qwen_subs.recognition.qwen3_asr:Qwen3AsrRecognizer",
}


def load_recognizer(settings: Settings, reporter: Reporter) -> Recognizer:
    """Return the recognizer that the settings name, loaded and ready.

    Raises:
        UsageError: If there is no such recognizer, model, device or number type.
        MissingDependencyError: If the device was asked for and is not there.
        ModelError: If the checkpoint cannot be loaded.
    """
    backend = cast(type[Recognizer], import_object(lookup("recognizer", settings.recognizer, RECOGNIZERS)))
    return backend.load(settings, reporter)
