"""Stage 6 of 7: transcripts to and from files."""

from qwen_subs.formats.base import Format, Tier, has_tier
from qwen_subs.formats.files import load_transcript, render, save_transcript
from qwen_subs.formats.table import FORMATS, get_format, iterate_formats

__all__ = [
    "FORMATS",
    "Format",
    "Tier",
    "get_format",
    "has_tier",
    "iterate_formats",
    "load_transcript",
    "render",
    "save_transcript",
]
