"""SubRip, as every player reads it. It has no specification and no escapes, so the text stands as it is."""

import re
from collections.abc import Iterator

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier, cue_lines
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.word_rows import Piece, clip_words, split_rows
from qwen_subs.timecode import format_clock, parse_clock
from qwen_subs.transcript import Cue, Transcript

_CLOCK = r"(?:\d+:)?\d{1,2}:\d{1,2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-+>\s*({_CLOCK})(?:\s.*)?")
_INDEX = re.compile(r"\s*\d+\s*")

# A row of text with two times on it would be taken for a timing line. A word joiner, which has no width, prevents it.
_WORD_JOINER = "\u2060"
_GUARDED = re.compile(rf"(?<=\d){_WORD_JOINER}(?=:\d)")

# A pause between words shorter than this, about two video frames, does not interrupt the highlight: it would flicker.
_SHORTEST_PAUSE_MS = 100


class SubRip(Format):
    """Numbered cues with times to the millisecond; reads what is found in the wild, and keeps tags as text."""

    name = "srt"
    extensions = (".srt",)
    requires = Tier.CUES
    tier_read = Tier.CUES
    honours = frozenset({"highlight_words"})

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the cues sorted by start, numbered from 1; or, as Whisper does, one for every highlighted word."""
        blocks = []
        cues = sorted(transcript.cues, key=lambda cue: (cue.start_ms, cue.end_ms))
        if options.highlight_words:
            cues = [shown for cue in cues for shown in _highlight_words(cue)]
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


def _highlight_words(cue: Cue) -> Iterator[Cue]:
    """Yield the cue once for every word, underlined while it is spoken, and as it is for the pauses between them."""
    rows = split_rows(cue)
    found = {piece.word for row in rows for piece in row}
    spoken = [(index, span) for index, span in enumerate(clip_words(cue)) if span.duration_ms and index in found]
    # From when on which word is underlined; the last entry is always a pause.
    moments: list[tuple[int, int | None]] = [(cue.start_ms, None)]
    for index, span in spoken:
        if span.start_ms - moments[-1][0] >= _SHORTEST_PAUSE_MS:
            moments.append((span.start_ms, index))
        else:  # the word before stays underlined
            moments[-1] = (span.start_ms if len(moments) > 1 else cue.start_ms, index)
        moments.append((span.end_ms, None))
    if spoken and cue.end_ms - moments[-1][0] < _SHORTEST_PAUSE_MS:
        moments.pop()
    for (start_ms, current), (end_ms, _) in zip(moments, [*moments[1:], (cue.end_ms, None)], strict=True):
        lines = ["".join(_underline(piece) if piece.word == current else piece.text for piece in row) for row in rows]
        yield Cue(start_ms, end_ms, tuple(lines))


def _underline(piece: Piece) -> str:
    return piece.text if piece.word is None else f"<u>{piece.text}</u>"


def _guard(row: str) -> str:
    if len(re.findall(_CLOCK, row)) < 2:
        return row
    return re.sub(_CLOCK, lambda clock: clock[0].replace(":", f"{_WORD_JOINER}:"), row)
