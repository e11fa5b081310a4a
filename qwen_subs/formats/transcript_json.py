r"""JSON, the source of truth: everything that a transcript holds, in a superset of what Whisper writes.

Times are seconds with at most three decimals, so that no millisecond is lost. Keys, in the order of the file::

    generator   "qwen-subs"
    version     version of qwen-subs
    media       name of the media file
    duration    of the media
    language    ISO 639 code of the language with the most text
    text        the whole text
    models      role -> checkpoint
    settings    setting -> value, what shaped the result
    segments[]  id, start, end, text, language
                truncated   only if true: the recognizer's answer had no end
                flags[]     only if there are any
                words[]     word, start, end; a word that a space precedes starts with that space, as in Whisper
                            probability  0 to 1, only if known
                            speaker      only if known
                            repaired     only if true: the time was not taken from the model as it stood
                            space_after  only on the last word of the file, only if false
    words[]     only if there are words of no segment, each with its "segment"
    cues[]      id, start, end, lines[]
                words       [first, end) among all words in time order, only if the cue has words
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier
from qwen_subs.formats.foreign_json import read_foreign
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.timecode import seconds_to_ms
from qwen_subs.transcript import Cue, Provenance, Segment, TimeSpan, Transcript, Word

_GENERATOR = "qwen-subs"
_LINE_WIDTH = 120
_SURROGATE = re.compile("[\ud800-\udfff]")


class TranscriptJson(Format):
    """Lossless JSON; also reads what Whisper, faster-whisper, WhisperX, stable-ts and the OpenAI API give."""

    name = "json"
    extensions = (".json",)
    requires = Tier.TEXT
    tier_read = Tier.TEXT
    allows_bom = False  # RFC 8259, section 8.1

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the object, one word per line."""
        provenance = transcript.provenance
        document: dict[str, Any] = {
            "generator": _GENERATOR,
            "version": provenance.version,
            "media": transcript.media,
            "duration": transcript.duration_ms / 1000,
            "language": transcript.language,
            "text": transcript.text,
            "models": dict(provenance.models),
            "settings": dict(provenance.settings),
        }
        known = range(len(transcript.segments))
        items: dict[int, list[dict[str, Any]]] = {}
        spaced = False
        for word in sorted(transcript.words, key=lambda word: (word.segment not in known, word.segment)):
            items.setdefault(word.segment, []).append(_word_object(word, spaced))
            spaced = word.space_after
        if items and not spaced:
            items[word.segment][-1]["space_after"] = False
        document["segments"] = [
            _segment_object(index, segment, items.pop(index, [])) for index, segment in enumerate(transcript.segments)
        ]
        if items:
            document["words"] = [{**item, "segment": index} for index, members in items.items() for item in members]
        document["cues"] = _cue_objects(transcript)
        return _SURROGATE.sub(lambda half: f"\\u{ord(half[0]):04x}", _lay_out(document)) + "\n"

    def read(self, text: str) -> Transcript:
        """Return our own transcript exactly as it was written, another program's as far as it goes."""
        try:
            document = json.loads(text)
        except (ValueError, RecursionError) as error:  # also numbers of thousands of digits
            raise InputError(f"not JSON: {error}") from error
        if not (isinstance(document, dict) and document.get("generator") == _GENERATOR):
            return read_foreign(document)
        try:
            return _read_own(document)
        except (KeyError, TypeError, ValueError, AttributeError, IndexError) as error:
            raise InputError(f"a damaged transcript: {type(error).__name__}: {error}") from error


def _span_object(span: TimeSpan) -> dict[str, Any]:
    return {"start": span.start, "end": span.end}


def _segment_object(index: int, segment: Segment, words: Sequence[dict[str, Any]]) -> dict[str, Any]:
    item: dict[str, Any] = {"id": index, **_span_object(segment), "text": segment.text, "language": segment.language}
    if segment.truncated:
        item["truncated"] = True
    if segment.flags:
        item["flags"] = segment.flags
    return {**item, "words": words}


def _word_object(word: Word, spaced: bool) -> dict[str, Any]:
    item: dict[str, Any] = {"word": " " * spaced + word.text, **_span_object(word)}
    if word.confidence is not None:
        item["probability"] = word.confidence
    if word.speaker is not None:
        item["speaker"] = word.speaker
    if word.repaired:
        item["repaired"] = True
    return item


def _cue_objects(transcript: Transcript) -> list[dict[str, Any]]:
    items = []
    first = 0
    for index, cue in enumerate(transcript.cues):
        item: dict[str, Any] = {"id": index, **_span_object(cue), "lines": cue.lines}
        if cue.words:
            end = first + len(cue.words)
            while transcript.words[first:end] != cue.words:
                first, end = first + 1, end + 1
                if end > len(transcript.words):
                    raise ValueError(f"the words of cue {index} are not words of the transcript")
            item["words"] = [first, end]
            first = end
        items.append(item)
    return items


def _lay_out(value: Any, indent: int = 0) -> str:
    """Return the JSON of a value: on one line if it holds nothing nested or is short, else one item per line."""
    line = json.dumps(value, ensure_ascii=False)
    items = list(value.values() if isinstance(value, Mapping) else value) if isinstance(value, Mapping | list) else []
    nested = any(isinstance(item, Mapping | Sequence) and not isinstance(item, str) for item in items)
    if not nested or (indent and len(line) + indent <= _LINE_WIDTH):
        return line
    inner = "\n" + " " * (indent + 2)
    if isinstance(value, Mapping):
        rows = [f"{json.dumps(key, ensure_ascii=False)}: {_lay_out(item, indent + 2)}" for key, item in value.items()]
        return "{" + inner + f",{inner}".join(rows) + "\n" + " " * indent + "}"
    return "[" + inner + f",{inner}".join(_lay_out(item, indent + 2) for item in items) + "\n" + " " * indent + "]"


def _read_own(document: Mapping[str, Any]) -> Transcript:
    provenance = Provenance(
        str(document["version"]), tuple(document["models"].items()), tuple(document["settings"].items())
    )
    segments = tuple(
        Segment(
            *_read_span(item),
            item["text"],
            item["language"],
            item.get("truncated", False),
            tuple(item.get("flags", ())),
        )
        for item in document["segments"]
    )
    items = [(index, item) for index, segment in enumerate(document["segments"]) for item in segment["words"]]
    items += [(item["segment"], item) for item in document.get("words", ())]
    # A space after a word stands at the start of the next one.
    spaces = [item["word"].startswith(" ") for _, item in items[1:]]
    spaces += [item.get("space_after", True) for _, item in items[-1:]]
    words = [
        Word(
            *_read_span(item),
            item["word"].strip(" "),
            space_after,
            index,
            item.get("probability"),
            item.get("speaker"),
            item.get("repaired", False),
        )
        for (index, item), space_after in zip(items, spaces, strict=True)
    ]
    words.sort(key=lambda word: word.start_ms)
    cues = tuple(
        Cue(*_read_span(item), tuple(item["lines"]), tuple(words[slice(*item.get("words", (0, 0)))]))
        for item in document["cues"]
    )
    return Transcript(document["media"], seconds_to_ms(document["duration"]), segments, tuple(words), cues, provenance)


def _read_span(item: Mapping[str, Any]) -> tuple[int, int]:
    return seconds_to_ms(item["start"]), seconds_to_ms(item["end"])
