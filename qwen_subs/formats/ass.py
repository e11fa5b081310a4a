r"""Advanced SubStation Alpha, as libass shows it (mpv, VLC, ffmpeg): http://www.tcax.org/docs/ass-specs.htm.

Free text is escaped as ffmpeg does it: braces by a backslash, and a backslash by a word joiner after it, which has no
width and keeps ``\N`` and ``\h`` from being read as breaks and spaces; another one keeps a brace from a backslash,
because ffmpeg would see a tag there. VSFilter and pysubs2, which know no escapes, leave text in braces out.
"""

import re
from collections.abc import Sequence

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier, clean_line, cue_lines, is_right_to_left
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.word_rows import clip_words, split_rows
from qwen_subs.transcript import Cue, Transcript

_WORD_JOINER = "\u2060"
_ESCAPES = str.maketrans({"\\": f"\\{_WORD_JOINER}", "{": r"\{", "}": r"\}"})

# Lets libass find the direction of a cue; without it, marks at the ends of Hebrew and Arabic rows go to the wrong side.
_FIND_DIRECTION = r"{\fe-1}"

_FIELDS = "Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text"
_CLOCK = re.compile(r"\s*(\d+):(\d{1,2}):(\d{1,2})[.,](\d{1,3})\s*")
_MARKUP = re.compile(rf"\\{_WORD_JOINER}|\\\{{{_WORD_JOINER}?|\\[}}Nnh]|\{{[^}}]*\}}")
_DRAWING = re.compile(r"(?<!\\)\{[^}]*\\p[1-9]")
_MEANINGS = {
    f"\\{_WORD_JOINER}": "\\",
    r"\{": "{",
    f"\\{{{_WORD_JOINER}": "{",
    r"\}": "}",
    r"\N": "\n",
    r"\n": "\n",
    r"\h": "\u00a0",
}


class SubStationAlpha(Format):
    """Cues in one style, with times to the centisecond."""

    name = "ass"
    extensions = (".ass",)
    requires = Tier.CUES
    tier_read = Tier.CUES
    tick_ms = 10
    honours = frozenset({"karaoke", "ass_style"})

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the sections of the style, and the cues sorted by start."""
        look = options.ass_style
        sections = look.sections
        if transcript.provenance.version:
            notice = f"; Made by qwen-subs {clean_line(transcript.provenance.version)}\n"
            sections = re.sub(r"(?im)^\[script info\]\n", lambda heading: heading[0] + notice, sections, count=1)
        rows = ["[Events]", f"Format: {_FIELDS}"]
        for cue in sorted(transcript.cues, key=lambda cue: (cue.start_ms, cue.end_ms)):
            text = _fill_words(cue) if options.karaoke and cue.words else r"\N".join(map(_escape, cue_lines(cue)))
            direction = _FIND_DIRECTION if is_right_to_left(cue.text) else ""
            start, end = (_format_clock(_to_cs(ms)) for ms in (cue.start_ms, cue.end_ms))
            rows.append(f"Dialogue: 0,{start},{end},{look.name},,0,0,0,,{direction}{text}")
        return sections + "\n" + "".join(f"{row}\n" for row in rows)

    def read(self, text: str) -> Transcript:
        """Return the dialogue of ASS and SSA as plain text: tags, comments and drawings are left out."""
        cues: list[Cue] = []
        columns = _split_columns(_FIELDS)
        inside = found = False
        for number, row in enumerate(text.split("\n"), start=1):
            kind, _, rest = row.strip().partition(":")
            if row.strip().startswith("["):
                inside = row.strip().lower() == "[events]"
                found = found or inside
            elif inside and kind == "Format":
                columns = _split_columns(rest)
                if not {"start", "end"} <= set(columns) or columns[-1] != "text":
                    raise InputError(f"line {number}: a Format without Start and End, or with no Text at its end")
            elif inside and kind == "Dialogue" and not _DRAWING.search(rest):
                try:
                    cues.append(_read_cue(columns, rest.lstrip()))
                except ValueError as error:
                    raise InputError(f"line {number}: {error}") from error
        if not found:
            raise InputError("not SubStation Alpha: no [Events]")
        cues.sort(key=lambda cue: cue.start_ms)
        return Transcript(duration_ms=max((cue.end_ms for cue in cues), default=0), cues=tuple(cues))


def _fill_words(cue: Cue) -> str:
    r"""Return the text with a ``\kf`` before every word and a ``\k`` for every pause; they add up to the cue."""
    spans = clip_words(cue)
    parts: list[str] = []
    reached, seen = _to_cs(cue.start_ms), -1
    for number, row in enumerate(split_rows(cue)):
        parts += [r"\N"] * (number > 0)
        for piece in row:
            if piece.word is not None and piece.word > seen:
                start, end = _to_cs(spans[piece.word].start_ms), _to_cs(spans[piece.word].end_ms)
                pause = rf"{{\k{start - reached}}}" * (start > reached)
                # A dash before the first word waits with it.
                parts.insert(len(parts) if seen >= 0 else 0, rf"{pause}{{\kf{end - start}}}")
                reached, seen = end, piece.word
            parts.append(_escape(piece.text))
    rest = _to_cs(cue.end_ms) - reached
    return "".join(parts) + rf"{{\k{rest}}}" * (rest > 0 and seen >= 0)


def _split_columns(row: str) -> list[str]:
    return [column.strip().lower() for column in row.split(",")]


def _read_cue(columns: Sequence[str], row: str) -> Cue:
    values = row.split(",", len(columns) - 1)
    if len(values) < len(columns):
        raise ValueError(f"expected {len(columns)} values, found {len(values)}")
    cells = dict(zip(columns, values, strict=True))
    start_ms, end_ms = _read_clock(cells["start"]), _read_clock(cells["end"])
    if end_ms < start_ms:
        raise ValueError("the cue ends before it starts")
    plain = _MARKUP.sub(lambda match: _MEANINGS.get(match[0], ""), cells["text"])
    return Cue(start_ms, end_ms, tuple(line for line in plain.split("\n") if line.strip()))


def _read_clock(text: str) -> int:
    match = _CLOCK.fullmatch(text)
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    hours, minutes, seconds = (int(match[index]) for index in (1, 2, 3))
    return ((hours * 60 + minutes) * 60 + seconds) * 1000 + int(match[4].ljust(3, "0"))


def _format_clock(cs: int) -> str:
    seconds, hundredths = divmod(cs, 100)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{seconds:02d}.{hundredths:02d}"


def _to_cs(ms: int) -> int:
    """Return whole centiseconds, rounded down: rounded up, a cue on the frames of its video would be a frame late."""
    return ms // 10


def _escape(text: str) -> str:
    return text.translate(_ESCAPES).replace("{\\", f"{{{_WORD_JOINER}\\")
