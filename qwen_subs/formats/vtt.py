"""WebVTT, https://www.w3.org/TR/webvtt1/, as browsers read it."""

import html
import re
from collections.abc import Iterable
from itertools import takewhile

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier, clean_line, cue_lines
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.word_rows import clip_words, split_rows
from qwen_subs.timecode import format_clock, parse_clock
from qwen_subs.transcript import Cue, Transcript

_CLOCK = r"(?:\d+:)?\d{2}:\d{2}[.,]\d{3}"
_TIMING = re.compile(rf"\s*({_CLOCK})\s*-->\s*({_CLOCK})(?:\s.*)?")
_TAG = re.compile(r"<[^>]*>")


class WebVtt(Format):
    """Cues with ``&``, ``<`` and ``>`` escaped, so that text is never taken for markup and ``-->`` never for a time.

    Cues are numbered: without identifiers some readers take a last row of digits for one.
    """

    name = "vtt"
    extensions = (".vtt",)
    requires = Tier.CUES
    tier_read = Tier.CUES
    honours = frozenset({"highlight_words"})

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the header, a note with the program's version, and the cues sorted by start."""
        blocks = ["WEBVTT\n"]
        if transcript.provenance.version:
            blocks.append(f"NOTE Made by qwen-subs {_escape(clean_line(transcript.provenance.version))}\n")
        cues = sorted(transcript.cues, key=lambda cue: (cue.start_ms, cue.end_ms))
        for index, cue in enumerate(cues, start=1):
            timing = f"{format_clock(cue.start_ms, '.')} --> {format_clock(cue.end_ms, '.')}"
            rows = _stamp_words(cue) if options.highlight_words else map(_escape, cue_lines(cue))
            blocks.append("\n".join((str(index), timing, *rows, "")))
        return "\n".join(blocks)

    def read(self, text: str) -> Transcript:
        """Return the cues as plain text: tags, settings, notes, styles and regions are left out."""
        if not text.startswith("WEBVTT"):
            raise InputError("not WebVTT: the first line does not start with WEBVTT")
        rows = text.split("\n")
        timings = [(number, match) for number, row in enumerate(rows) if (match := _TIMING.fullmatch(row))]
        ends = [*(number for number, _ in timings), len(rows)][1:]
        # An empty row ends a cue, and so does the next timing line. Spaces on a row do not make it empty.
        cues = [
            _read_cue(match, takewhile(bool, rows[number + 1 : end]))
            for (number, match), end in zip(timings, ends, strict=False)
        ]
        cues.sort(key=lambda cue: cue.start_ms)
        return Transcript(duration_ms=max((cue.end_ms for cue in cues), default=0), cues=tuple(cues))


def _stamp_words(cue: Cue) -> list[str]:
    """Return the rows with a time stamp before every word that starts later than the cue and the word before it.

    Words are spans, because only elements can be styled by time: a page says ``::cue(:future) { color: gray }``. A
    STYLE block would say it here, but older versions of ffmpeg (5.1) lose the whole file over one.
    """
    spans = clip_words(cue)
    last_ms = cue.start_ms
    rows = []
    for pieces in split_rows(cue):
        stamps: list[int] = []
        row = ""
        for piece in pieces:
            start_ms = last_ms if piece.word is None else spans[piece.word].start_ms
            if last_ms < start_ms < cue.end_ms:  # the standard allows no other
                stamps.append(start_ms)
                last_ms = start_ms
                row += f"<{format_clock(start_ms, '.')}>"
            row += _escape(piece.text) if piece.word is None else f"<c>{_escape(piece.text)}</c>"
        if len(stamps) == 2 and stamps[1] - stamps[0] > 1:
            # pysubs2 takes a row with two times on it for a timing line; a third one changes nothing else.
            second = f"<{format_clock(stamps[1], '.')}>"
            row = row.replace(second, f"<{format_clock(stamps[1] - 1, '.')}>{second}")
        rows.append(row)
    return rows


def _read_cue(timing: re.Match[str], rows: Iterable[str]) -> Cue:
    start_ms, end_ms = parse_clock(timing[1]), parse_clock(timing[2])
    if end_ms < start_ms:
        raise InputError(f"the cue at {timing[1]} ends before it starts")
    return Cue(start_ms, end_ms, tuple(html.unescape(_TAG.sub("", row)) for row in rows if row.strip()))


def _escape(row: str) -> str:
    return html.escape(row, quote=False)
