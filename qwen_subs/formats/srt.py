"""SubRip, as every player reads it. It has no specification and no escapes, so the text stands as it is."""

import re

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier, cue_lines
from qwen_subs.timecode import format_clock, parse_clock
from qwen_subs.transcript import Cue, Transcript

_CLOCK = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-+>\s*({_CLOCK})(?:\s.*)?")
_INDEX = re.compile(r"\s*\d+\s*")

# A row of text with two times on it would be taken for a timing line. A word joiner, which has no width, prevents it.
_WORD_JOINER = "\u2060"
_GUARDED = re.compile(rf"(?<=\d){_WORD_JOINER}(?=:\d)")


class SubRip(Format):
    """Numbered cues with times to the millisecond; reads what is found in the wild, and keeps tags as text."""

    name = "srt"
    extensions = (".srt",)
    requires = Tier.CUES
    tier_read = Tier.CUES

    def write(self, transcript: Transcript) -> str:
        """Return the cues sorted by start, numbered from 1."""
        blocks = []
        cues = sorted(transcript.cues, key=lambda cue: (cue.start_ms, cue.end_ms))
        for index, cue in enumerate(cues, start=1):
            timing = f"{format_clock(cue.start_ms, ',')} --> {format_clock(cue.end_ms, ',')}"
            blocks.append("\n".join((str(index), timing, *map(_guard, cue_lines(cue)), "")))
        return "\n".join(blocks)

    def read(self, text: str) -> Transcript:
        """Return the cues; indices may be missing, milliseconds marked by a point, and cues contain blank lines."""
        rows = text.split("\n")
        timings = [(number, match) for number, row in enumerate(rows) if (match := _TIMING.fullmatch(row))]
        if not timings and text.strip():
            raise InputError("not SubRip: no timing line", hint="a timing line reads 00:00:01,000 --> 00:00:02,500")
        cues = []
        ends = [*(number for number, _ in timings), len(rows)][1:]
        for (number, match), following in zip(timings, ends, strict=False):
            body = rows[number + 1 : following]
            if following < len(rows) and body and _INDEX.fullmatch(body[-1]):
                body.pop()
            start_ms, end_ms = parse_clock(match[1]), parse_clock(match[2])
            if end_ms < start_ms:
                raise InputError(f"line {number + 1}: the cue ends before it starts")
            lines = tuple(_GUARDED.sub("", row) for row in body if row.strip())
            cues.append(Cue(start_ms, end_ms, lines))
        cues.sort(key=lambda cue: cue.start_ms)
        return Transcript(duration_ms=max((cue.end_ms for cue in cues), default=0), cues=tuple(cues))


def _guard(row: str) -> str:
    if len(re.findall(_CLOCK, row)) < 2:
        return row
    return re.sub(_CLOCK, lambda clock: clock[0].replace(":", f"{_WORD_JOINER}:"), row)
