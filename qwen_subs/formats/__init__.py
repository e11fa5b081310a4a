"""Stage 6 of 7: transcripts to and from files."""

from qwen_subs.formats.ass_style import AssStyle, read_ass_style
from qwen_subs.formats.base import Format, Tier, has_tier
from qwen_subs.formats.files import load_transcript, render, save_transcript
from qwen_subs.formats.options import WriteOptions
from qwen_subs.formats.table import FORMATS, find_format, get_format, iterate_formats

__all__ = [
    "FORMATS",
    "AssStyle",
    "Format",
    "Tier",
    "WriteOptions",
    "find_format",
    "get_format",
    "has_tier",
    "iterate_formats",
    "load_transcript",
    "read_ass_style",
    "render",
    "save_transcript",
]
