"""Rules about what a transcript of this program says of itself: doubtful words, flagged segments, lost text."""

from bisect import bisect_right
from collections.abc import Iterator

from qwen_subs.quality.evidence import Evidence
from qwen_subs.quality.markup import strip_tags
from qwen_subs.quality.report import Issue, Severity
from qwen_subs.transcript import Segment, find_violations

# Confidence is the aligner's probability of a time within one step of its grid; below this, more often wrong than not.
_LOW_CONFIDENCE = 0.3
_SHOWN_WORDS = 4

_MEANINGS = {
    "truncated": "the recognizer's answer had no end: text may be missing",
    "repetition": "the text repeats itself: it may be invented",
    "cut-in-speech": "the sound was cut within speech after it: a word may be wrong",
    "times-approximate": "its times are approximate",
    "unknown-language": "its language is unknown",
}


def check_confidence(evidence: Evidence) -> Iterator[Issue]:
    """The aligner was not sure when words of a cue are said."""
    for index, cue in enumerate(evidence.cues):
        doubtful = [(word.confidence, word.text) for word in cue.words if word.confidence is not None]
        doubtful = [(confidence, text) for confidence, text in doubtful if round(confidence, 2) < _LOW_CONFIDENCE]
        if doubtful:
            lowest = min(doubtful)[0]
            words = _list(text for _, text in doubtful)
            message = f"uncertain when {words} {'is' if len(doubtful) == 1 else 'are'} said: {lowest:.2f}"
            yield Issue(
                "confidence",
                Severity.NOTE,
                f"{message} < {_LOW_CONFIDENCE}",
                cue.start_ms,
                cue.end_ms,
                index + 1,
                lowest,
                _LOW_CONFIDENCE,
            )


def check_repaired(evidence: Evidence) -> Iterator[Issue]:
    """Words of a cue got their times from their neighbours."""
    for index, cue in enumerate(evidence.cues):
        if repaired := [word.text for word in cue.words if word.repaired]:
            message = f"the time of {_list(iter(repaired))} was estimated from the words around"
            yield Issue("repaired", Severity.NOTE, message, cue.start_ms, cue.end_ms, index + 1, len(repaired))


def check_flags(evidence: Evidence) -> Iterator[Issue]:
    """A segment is flagged: truncated, repeating itself, cut within speech, or with approximate times."""
    starts = [evidence.cues[index].start_ms for index in evidence.in_time]
    for segment in evidence.transcript.segments:
        flags = dict.fromkeys((*segment.flags, *(["truncated"] * segment.truncated)))
        for flag in flags:
            place = bisect_right(starts, _critical_ms(segment, flag)) - 1
            cue = evidence.in_time[place] + 1 if place >= 0 else None
            message = f"segment: {_MEANINGS.get(flag, flag)}"
            yield Issue("flags", Severity.WARNING, message, segment.start_ms, segment.end_ms, cue)


def check_loss(evidence: Evidence) -> Iterator[Issue]:
    """Words, segments and cues do not agree: something was lost or changed."""
    if evidence.transcript.words:
        for violation in find_violations(evidence.transcript):
            # What is wrong with the times of cues has rules of its own.
            if not violation.startswith("cues "):
                yield Issue("lost-text", Severity.ERROR, violation, 0, evidence.transcript.duration_ms)


def _critical_ms(segment: Segment, flag: str) -> int:
    """Return where a flag applies: most of them to the end of the segment."""
    return max(segment.end_ms - 1, segment.start_ms) if flag in _MEANINGS else segment.start_ms


def _list(texts: Iterator[str]) -> str:
    words = [f"“{strip_tags(text)}”" for text in texts]
    return ", ".join(words[:_SHOWN_WORDS]) + (f" and {len(words) - _SHOWN_WORDS} more" * (len(words) > _SHOWN_WORDS))
