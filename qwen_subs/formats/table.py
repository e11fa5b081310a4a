"""The formats by name. A new one is one line here."""

import os
from collections.abc import Iterator
from pathlib import Path

from qwen_subs.formats.base import Format
from qwen_subs.registry import import_object, lookup

FORMATS: dict[str, str] = {
    "srt": "qwen_subs.formats.srt:SubRip",
    "vtt": "qwen_subs.formats.vtt:WebVtt",
    "ass": "qwen_subs.formats.ass:SubStationAlpha",
    "ttml": "qwen_subs.formats.ttml:TimedText",
    "textgrid": "qwen_subs.formats.textgrid:TextGrid",
    "json": "qwen_subs.formats.transcript_json:TranscriptJson",
    "txt": "qwen_subs.formats.txt:PlainText",
    "tsv": "qwen_subs.formats.tsv:TabSeparated",
}


def get_format(name: str) -> Format:
    """Return the format of this name, in any case.

    Raises:
        UsageError: If there is none; the hint lists the known ones.
    """
    format_class: type[Format] = import_object(lookup("output format", name.lower(), FORMATS))
    return format_class()


def iterate_formats() -> Iterator[Format]:
    """Yield every format, in the order of the table."""
    return map(get_format, FORMATS)


def find_format(path: str | os.PathLike[str]) -> Format | None:
    """Return the format of a file by the ending of its name, in any case; None if it is nobody's."""
    suffix = Path(path).suffix.lower()
    return next((found for found in iterate_formats() if suffix in map(str.lower, found.extensions)), None)
