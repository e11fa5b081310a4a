"""Times of units -> times of the displayed words."""

from collections.abc import Sequence

from qwen_subs.alignment.base import UnitTime
from qwen_subs.alignment.partition import DisplayWord
from qwen_subs.alignment.repair import repair_spans, share_span, weigh_text
from qwen_subs.transcript import TimeSpan, Word


def attach_times(
    words: Sequence[DisplayWord], times: Sequence[UnitTime], span: TimeSpan, segment: int = 0
) -> tuple[Word, ...]:
    """Return the displayed words with their times.

    A word of several units spans them all and is as sure as the least sure one. A word without units, which is marks
    alone, takes time from the gap beside it or from its neighbours, and has no confidence.

    Args:
        words: What is displayed.
        times: One for each unit of the words, in order, in ms of the media, inside ``span``.
        span: What the words may not leave.
        segment: Index of their segment.
    """
    spans: list[tuple[int, int]] = []
    facts: list[tuple[float | None, bool]] = []
    position = 0
    for word in words:
        own = times[position : position + len(word.units)]
        position += len(own)
        if own:
            spans.append((own[0].start_ms, own[-1].end_ms))
            facts.append((min(time.confidence for time in own), any(time.repaired for time in own)))
        else:
            now = spans[-1][1] if spans else span.start_ms
            spans.append((now, now))
            facts.append((None, True))
    weights = [weigh_text(word.text) for word in words]
    spans, moved = repair_spans(spans, weights, span.start_ms, span.end_ms)
    return tuple(
        Word(start, end, word.text, word.space_after, segment, confidence, None, repaired or changed)
        for word, (start, end), (confidence, repaired), changed in zip(words, spans, facts, moved, strict=True)
    )


def spread_words(words: Sequence[DisplayWord], span: TimeSpan, segment: int = 0) -> tuple[Word, ...]:
    """Return the displayed words with the span shared among them by length, for want of anything better."""
    shares = share_span(span.start_ms, span.end_ms, [weigh_text(word.text) for word in words])
    return tuple(
        Word(start, end, word.text, word.space_after, segment, repaired=True)
        for word, (start, end) in zip(words, shares, strict=True)
    )
