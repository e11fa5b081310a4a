"""JSON with times from other programs: Whisper, faster-whisper, WhisperX, stable-ts and the OpenAI API.

They agree on ``segments`` with ``start``, ``end``, ``text`` and, where words are timed, ``words``; each word has
``word`` (``text`` in some), ``start``, ``end``, and ``probability`` or, in WhisperX, ``score``. They differ in this,
which is made good here:

- Whisper, faster-whisper and stable-ts put the space before a word into the word; WhisperX and the OpenAI API leave it
  out (the latter the marks too), so there the segment's text tells.
- WhisperX gives no times to words that it could not align: these share the time between their neighbours, by
  characters, and are marked repaired; so do the words of a segment that has none beside others that have some.
- The OpenAI API and WhisperX's ``word_segments`` keep the words beside the segments: they go where their times lie.
- faster-whisper's segments, dumped as they are, are a bare list.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate, pairwise
from typing import Any

from qwen_subs.errors import InputError, UsageError
from qwen_subs.formats.spacing import fit_words, space_words, split_words
from qwen_subs.languages import find_language
from qwen_subs.timecode import seconds_to_ms
from qwen_subs.transcript import Segment, Transcript, Word, join_words, normalize_space

_EXPECTED = "expected: segments with start, end and text, as Whisper, faster-whisper, WhisperX and stable-ts write them"


def read_foreign(document: object) -> Transcript:
    """Return the segments and words of a parsed JSON document, both sorted by start.

    Raises:
        InputError: If it is nothing that we know, or a segment lacks its times.
    """
    if isinstance(document, list):
        document = {"segments": document}
    if not isinstance(document, Mapping):
        raise InputError("JSON without segments", hint=_EXPECTED)
    loose = _objects(document, "words") or _objects(document, "word_segments")
    items = _objects(document, "segments")
    if not items and not loose:
        if isinstance(document.get("segments"), list) and not document["segments"]:
            return Transcript(duration_ms=_read_ms(document.get("duration")) or 0)
        raise InputError("JSON without segments", hint=_EXPECTED)
    language = _read_language(document.get("language"))
    segments = [_read_segment(number, item, language) for number, item in enumerate(items)]
    if any(_objects(item, "words") for item in items):
        paired = [
            (segment, _read_words(_objects(item, "words"), segment))
            for segment, item in zip(segments, items, strict=True)
        ]
        paired.sort(key=lambda pair: pair[0].start_ms)
        fitted = _number_words(paired)
    else:
        segments.sort(key=lambda segment: segment.start_ms)
        edges = _read_edges(loose)
        whole = Segment(min(edges, default=0), max(edges, default=0), language=language)
        words = sorted(_read_words(loose, whole), key=lambda word: word.start_ms)
        fitted = fit_words(segments or [whole], words)
    end_ms = max(span.end_ms for tier in fitted for span in tier)
    return Transcript(
        duration_ms=max(_read_ms(document.get("duration")) or 0, end_ms), segments=fitted[0], words=fitted[1]
    )


def _objects(item: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    value = item.get(key)
    return [entry for entry in value if isinstance(entry, Mapping)] if isinstance(value, list) else []


def _read_ms(value: object) -> int | None:
    """Return the milliseconds of a number of seconds, not before 0; None for anything else."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        return max(seconds_to_ms(float(value)), 0)
    except (OverflowError, ValueError):  # infinite, or not a number
        return None


def _read_confidence(value: object) -> float | None:
    """Return a probability; None for anything else, such as a NaN."""
    return float(value) if isinstance(value, int | float) and 0 <= value <= 1 else None


def _read_edges(items: Sequence[Mapping[str, Any]]) -> list[int]:
    times = (_read_ms(item.get(key)) for item in items for key in ("start", "end"))
    return [ms for ms in times if ms is not None]


def _read_language(value: object) -> str:
    """Return the ISO code of a code or an English name; codes that our models do not know stay as they are."""
    if not isinstance(value, str):
        return ""
    try:
        return find_language(value).code
    except UsageError:
        return value.strip().lower()


def _read_segment(number: int, item: Mapping[str, Any], language: str) -> Segment:
    edges = _read_edges(_objects(item, "words"))
    start_ms, end_ms = _read_ms(item.get("start")), _read_ms(item.get("end"))
    start_ms = min(edges, default=None) if start_ms is None else start_ms
    end_ms = max(edges, default=None) if end_ms is None else end_ms
    text = item.get("text", "")
    if start_ms is None or end_ms is None or not isinstance(text, str):
        raise InputError(f"segment {number} has no start, end or text", hint=_EXPECTED)
    own = _read_language(item.get("language")) or language
    return Segment(start_ms, max(start_ms, end_ms), normalize_space(text), own)


def _read_words(items: Sequence[Mapping[str, Any]], segment: Segment) -> list[Word]:
    """Return the words of one segment in their order, starts never falling, with their marks and spaces."""
    named = [(item.get("word", item.get("text")), item) for item in items]
    named = [(text, item) for text, item in named if isinstance(text, str) and text.strip()]
    if not named:
        named = [(text, {}) for text in split_words(segment.text)]
    texts = [text for text, _ in named]
    spans = [(_read_ms(item.get("start")), _read_ms(item.get("end"))) for _, item in named]
    times = _fill_times(spans, [len(text.strip()) for text in texts], segment)
    words = []
    for (text, item), (start_ms, end_ms, repaired) in zip(named, times, strict=True):
        speaker = item.get("speaker")
        words.append(
            Word(
                start_ms,
                end_ms,
                normalize_space(text),
                confidence=_read_confidence(item.get("probability", item.get("score"))),
                speaker=speaker if isinstance(speaker, str) else None,
                repaired=repaired,
            )
        )
    if any(text.startswith(" ") for text in texts[1:]):
        following = [*(text.startswith(" ") for text in texts[1:]), True]
        return [replace(word, space_after=space) for word, space in zip(words, following, strict=True)]
    return space_words(words, segment.text)


def _fill_times(
    spans: Sequence[tuple[int | None, int | None]], lengths: Sequence[int], segment: Segment
) -> list[tuple[int, int, bool]]:
    """Return start, end and whether they were made up, for words of which some have no times; starts never fall."""
    filled: list[tuple[int, int, bool]] = []
    index = 0
    while index < len(spans):
        start_ms, end_ms = spans[index]
        earliest_ms = filled[-1][0] if filled else 0
        if start_ms is not None and end_ms is not None:
            start = max(start_ms, earliest_ms)
            end = max(end_ms, start)
            filled.append((start, end, (start, end) != (start_ms, end_ms)))
            index += 1
            continue
        stop = index
        while stop < len(spans) and None in spans[stop]:
            stop += 1
        left_ms = max(filled[-1][1] if filled else segment.start_ms, earliest_ms)
        right_ms = max((spans[stop][0] if stop < len(spans) else None) or segment.end_ms, left_ms)
        shares = list(accumulate(lengths[index:stop], initial=0))
        edges = [left_ms + (right_ms - left_ms) * share // shares[-1] for share in shares]
        filled += [(start, end, True) for start, end in pairwise(edges)]
        index = stop
    return filled


def _number_words(paired: Sequence[tuple[Segment, Sequence[Word]]]) -> tuple[tuple[Segment, ...], tuple[Word, ...]]:
    """Return both tiers, each word knowing its segment, each segment that has words taking its text from them."""
    segments = tuple(replace(segment, text=join_words(words)) if words else segment for segment, words in paired)
    numbered = (replace(word, segment=index) for index, (_, words) in enumerate(paired) for word in words)
    return segments, tuple(sorted(numbered, key=lambda word: word.start_ms))
