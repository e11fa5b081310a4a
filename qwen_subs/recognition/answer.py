"""Reads the recognizer's answer: ``language English<asr_text>text``, or the text alone when the language was given.

Own parsing, because that of the libraries loses the forced language, cuts the text at the word "assistant" and
collapses repetitions that may be real.
"""

from qwen_subs.errors import UsageError
from qwen_subs.languages import find_language
from qwen_subs.recognition.base import Recognition
from qwen_subs.transcript import normalize_space

UNKNOWN_LANGUAGE = "unknown-language"
_LANGUAGE_WORD = "language"
_NOBODY = "none"


def read_answer(prefix: str | None, text: str, forced: str | None, truncated: bool) -> Recognition:
    """Return the recognition that an answer means.

    Args:
        prefix: What the model wrote before the mark ``<asr_text>``; None if it wrote no mark.
        text: What it wrote after the mark, or everything if there was none.
        forced: ISO 639 code of the language that was given to the model, None if it had to tell it.
        truncated: Whether the answer has no end.
    """
    text = normalize_space(text)
    if forced is not None:
        if prefix is not None and not prefix.strip().startswith(_LANGUAGE_WORD):
            text = normalize_space(f"{prefix} {text}")
        return Recognition(text, forced if text else "", truncated)
    if prefix is None:
        # The model skipped the mark, or was cut off before it and only its announcement is there.
        named = text.removeprefix(_LANGUAGE_WORD).strip() if text.startswith(_LANGUAGE_WORD) else text
        if truncated and text.startswith(_LANGUAGE_WORD) and len(named.split()) <= 1:
            return Recognition("", "", truncated)
        return Recognition(text, "", truncated, (UNKNOWN_LANGUAGE,) if text else ())
    if not text:
        return Recognition("", "", truncated)
    language = _read_language(prefix)
    return Recognition(text, language, truncated, () if language else (UNKNOWN_LANGUAGE,))


def _read_language(prefix: str) -> str:
    """Return the ISO 639 code of ``language NAME``; "" if the name is none or unknown."""
    name = normalize_space(prefix).removeprefix(_LANGUAGE_WORD).strip()
    if not name or name.lower() == _NOBODY:
        return ""
    try:
        return find_language(name).code
    except UsageError:
        return ""
