"""Subtitles to check: of any program, in the order in which they stand in their file."""

import os
import re
from dataclasses import replace
from pathlib import Path

from qwen_subs.errors import InputError
from qwen_subs.formats.files import load_transcript, read_text
from qwen_subs.formats.table import iterate_formats
from qwen_subs.timecode import parse_clock
from qwen_subs.transcript import Cue, Transcript

# What pysubs2 reads and no format of ours does, and what times are rounded to there; frames of MicroDVD may be long.
_FOREIGN_TICKS_MS = {".sub": 42, ".smi": 1, ".sami": 1}
_ALIASES = {".ssa": "ass"}  # our reader of ASS reads its older form too
_PLAIN = (".srt", ".json")  # our reader of SRT keeps tags
_VTT_LOOK = re.compile(r"^(?:NOTE(?! Made by qwen-subs)|STYLE|REGION)\b|-->\s*\S+[ \t]+\S|<[a-z/]", re.MULTILINE)
_START = re.compile(r"^\s*((?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3})\s*-+>", re.MULTILINE)


def load_subtitles(path: str | os.PathLike[str], fps: float | None = None) -> Transcript:
    """Read a file of cues, ours or another program's.

    Args:
        path: The file; formats that are not ours are read by pysubs2.
        fps: Frames per second, for formats that count frames and do not say how long they are.

    Returns:
        A transcript whose cues stand in the order of the file, where the format has one.

    Raises:
        InputError: If the file cannot be read, is not of its format, or has text but no cues.
    """
    suffix = Path(path).suffix.lower()
    if suffix in _FOREIGN_TICKS_MS:
        transcript = _load_foreign(Path(path), fps)
    else:
        transcript = load_transcript(path, _ALIASES.get(suffix))
    if not transcript.cues and transcript.text.strip():
        raise InputError("no cues to check", path=path, hint="`qwen-subs subtitle` makes cues of words")
    if suffix in {".srt", ".vtt"}:
        return _restore_order(transcript, Path(path))
    return transcript


def find_tick(path: str | os.PathLike[str]) -> int:
    """Return what a file of this name rounds its times to, ms."""
    suffix = Path(path).suffix.lower()
    alias = _ALIASES.get(suffix)
    ours = (f.tick_ms for f in iterate_formats() if suffix in map(str.lower, f.extensions) or f.name == alias)
    return _FOREIGN_TICKS_MS.get(suffix) or next(ours, 1)


def keeps_look(path: str | os.PathLike[str]) -> bool:
    """Return whether what this program reads of a file is all that it holds: no styles, positions, notes or tags."""
    suffix = Path(path).suffix.lower()
    return suffix in _PLAIN or (suffix == ".vtt" and _VTT_LOOK.search(read_text(Path(path))) is None)


def _restore_order(transcript: Transcript, path: Path) -> Transcript:
    """Put the cues, which readers sort, back into the order of the timing lines."""
    starts = [parse_clock(match[1]) for match in _START.finditer(read_text(path))]
    ranks = sorted(range(len(starts)), key=starts.__getitem__)
    if [starts[rank] for rank in ranks] != [cue.start_ms for cue in transcript.cues]:
        return transcript  # something looks like a timing line and is none
    placed = sorted(zip(ranks, transcript.cues, strict=True), key=lambda pair: pair[0])
    return replace(transcript, cues=tuple(cue for _, cue in placed))


def _load_foreign(path: Path, fps: float | None) -> Transcript:
    import pysubs2

    text = read_text(path)
    try:
        subtitles = pysubs2.SSAFile.from_string(text, fps=fps)
    except pysubs2.exceptions.UnknownFPSError as error:
        raise InputError(
            "counts frames and does not say how many a second has", path=path, hint="give --fps or --media"
        ) from error
    except Exception as error:  # pysubs2 lets whatever its parsers raise through
        raise InputError(f"cannot be read as subtitles: {error}", path=path) from error
    cues = []
    for event in subtitles:
        lines = tuple(line for line in event.plaintext.split("\n") if line.strip())
        if lines and not event.is_comment and 0 <= event.start <= event.end:  # SAMI clears the screen by empty ones
            cues.append(Cue(event.start, event.end, lines))
    return Transcript(duration_ms=max((cue.end_ms for cue in cues), default=0), cues=tuple(cues))
