"""Praat's TextGrid, https://www.fon.hum.uva.nl/praat/manual/TextGrid_file_formats.html."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier, clean_line, cue_lines
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.spacing import fit_words
from qwen_subs.timecode import seconds_to_ms
from qwen_subs.transcript import Cue, Segment, TimeSpan, Transcript, Word, normalize_space

_Interval = tuple[TimeSpan, str]

# Praat reads free-standing numbers and strings, and takes everything else, such as "xmin =", for comments.
_TOKEN = re.compile(r'"((?:[^"]|"")*)"|(?<!\S)(-?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)(?!\S)|![^\n]*')


class TextGrid(Format):
    """Interval tiers ``words``, ``segments`` and, if there are cues, ``cues``, without gaps from 0 to the duration.

    A TextGrid has no room for what it calls overlaps, so an interval is cut where the next one starts, and one without
    duration gets a millisecond. The rows of a cue stay rows of its label.
    """

    name = "textgrid"
    extensions = (".TextGrid",)
    requires = Tier.WORDS
    tier_read = Tier.WORDS

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the long text form."""
        # praatio takes a tenth of a second to load, which only this writer needs.
        from praatio.utilities import textgrid_io

        labels: dict[str, list[_Interval]] = {
            "words": [(word, clean_line(word.text)) for word in transcript.words],
            "segments": [(segment, clean_line(segment.text)) for segment in transcript.segments],
        }
        if transcript.cues:
            labels["cues"] = [(cue, "\n".join(cue_lines(cue))) for cue in transcript.cues]
        tiers = {name: _separate([item for item in tier if item[1].strip()]) for name, tier in labels.items()}
        ends = (spans[-1][0].end_ms for spans in tiers.values() if spans)
        # Praat refuses a grid without duration.
        xmax = max(transcript.duration_ms, *ends, 1) / 1000
        grid = {"xmin": 0, "xmax": xmax, "tiers": [_to_praatio(name, xmax, spans) for name, spans in tiers.items()]}
        return str(textgrid_io.getTextgridAsStr(grid, "long_textgrid", includeBlankSpaces=True))

    def read(self, text: str) -> Transcript:
        """Return the tiers by their names, in any case; other tiers are left out.

        Our own reader, because praatio splits a grid at ``item [`` even inside a label. Spaces between words come from
        the segment that they lie in; a grid without segments gets one that holds all words.
        """
        try:
            duration_ms, tiers = _parse(text)
        except (StopIteration, ValueError) as error:
            raise InputError("not a TextGrid in text form", hint="save it from Praat as a text file") from error
        found = {name.lower(): intervals for name, intervals in tiers}
        if tiers and not found.keys() & {"words", "segments", "cues"}:
            names = ", ".join(repr(name) for name, _ in tiers)
            raise InputError(f"no tier named words, segments or cues (found: {names})")
        segments, words = fit_words(
            [Segment(span.start_ms, span.end_ms, normalize_space(label)) for span, label in found.get("segments", ())],
            [Word(span.start_ms, span.end_ms, normalize_space(label)) for span, label in found.get("words", ())],
        )
        cues = tuple(Cue(span.start_ms, span.end_ms, tuple(label.split("\n"))) for span, label in found.get("cues", ()))
        return Transcript(duration_ms=duration_ms, segments=segments, words=words, cues=cues)


def _separate(intervals: Sequence[_Interval]) -> list[_Interval]:
    """Return the same labels, sorted, on intervals that last at least a millisecond and do not overlap."""
    ordered = sorted(intervals, key=lambda interval: interval[0].start_ms)
    starts: list[int] = []
    ends: list[int] = []
    for span, _ in ordered:
        start_ms = max(span.start_ms, starts[-1] + 1 if starts else 0)
        if ends:
            ends[-1] = min(ends[-1], start_ms)
        starts.append(start_ms)
        ends.append(max(span.end_ms, start_ms + 1))
    return [(TimeSpan(start, end), label) for start, end, (_, label) in zip(starts, ends, ordered, strict=True)]


def _to_praatio(name: str, xmax: float, intervals: Sequence[_Interval]) -> dict[str, Any]:
    entries = [(span.start, span.end, label) for span, label in intervals]
    return {"class": "IntervalTier", "name": name, "xmin": 0, "xmax": xmax, "entries": entries}


def _parse(text: str) -> tuple[int, list[tuple[str, list[_Interval]]]]:
    """Return the duration in milliseconds, and the interval tiers with those intervals that have a label.

    Raises:
        ValueError: If a token of another kind is expected.
        StopIteration: If the file ends too early.
    """
    tokens = _tokenize(text)
    if not _next_string(tokens).startswith("ooTextFile") or _next_string(tokens) != "TextGrid":
        raise ValueError("not a TextGrid")
    _next_number(tokens)
    duration_ms = seconds_to_ms(_next_number(tokens))
    tiers = []
    for _ in range(int(_next_number(tokens))):
        kind, name = _next_string(tokens), _next_string(tokens)
        _next_number(tokens)
        _next_number(tokens)
        intervals = []
        for _ in range(int(_next_number(tokens))):
            start_ms = end_ms = seconds_to_ms(_next_number(tokens))
            if kind == "IntervalTier":
                end_ms = seconds_to_ms(_next_number(tokens))
            label = _next_string(tokens)
            if label.strip() and kind == "IntervalTier":
                intervals.append((TimeSpan(start_ms, end_ms), label))
        if kind == "IntervalTier":
            tiers.append((name, intervals))
    return duration_ms, tiers


def _tokenize(text: str) -> Iterator[str | float]:
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            yield match[1].replace('""', '"')
        elif match[2] is not None:
            yield float(match[2])


def _next_string(tokens: Iterator[str | float]) -> str:
    token = next(tokens)
    if not isinstance(token, str):
        raise ValueError(f"expected a string, found {token}")
    return token


def _next_number(tokens: Iterator[str | float]) -> float:
    token = next(tokens)
    if isinstance(token, str):
        raise ValueError(f"expected a number, found {token!r}")
    return token
