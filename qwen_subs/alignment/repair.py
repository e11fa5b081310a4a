"""Times for words that got none: zero-length words, plateaus, words without units.

The Qwen aligner piles words up on one time stamp now and then (QwenLM/Qwen3-ASR #197, #55). Such words take time from
the gap after them, then from the gap before them, and only then share the time of their neighbours.
"""

from collections.abc import Sequence
from itertools import pairwise

from qwen_subs.alignment.scripts import UNSPACED_RUN, is_spoken

MIN_WORD_MS = 40  # a word shorter than half a bin of the model is taken as not timed
# About 15 characters a second, and five ideographs or kana a second: ordinary speech.
_MS_PER_LETTER, _LETTERS_PER_IDEOGRAPH = 65, 3

_MAX_NEIGHBOURS = 4  # that give time to a run of words without any; a long run must not blur what was well timed


def weigh_text(text: str) -> int:
    """Return how long a text takes to say, in letters; at least 1."""
    ideographs = sum(len(run) for run in UNSPACED_RUN.findall(text))
    return max(sum(map(is_spoken, text)) + (_LETTERS_PER_IDEOGRAPH - 1) * ideographs, 1)


def share_span(start_ms: int, end_ms: int, weights: Sequence[int]) -> list[tuple[int, int]]:
    """Divide a span among consecutive words by weight, each at least ``MIN_WORD_MS`` long as far as there is room."""
    count, total = len(weights), sum(weights)
    floor = min(MIN_WORD_MS, (end_ms - start_ms) // max(count, 1))
    rest = end_ms - start_ms - floor * count
    bounds, weight = [start_ms], 0
    for index, own in enumerate(weights, start=1):
        weight += own
        bounds.append(start_ms + floor * index + rest * weight // total)
    return list(pairwise(bounds))


def repair_spans(
    spans: Sequence[tuple[int, int]], weights: Sequence[int], start_ms: int, end_ms: int
) -> tuple[list[tuple[int, int]], list[bool]]:
    """Give every word at least ``MIN_WORD_MS`` as far as there is room, moving no more words than needed.

    Args:
        spans: Start and end of each word in ms; sorted, not overlapping, inside ``start_ms`` to ``end_ms``.
        weights: How long each word takes to say, see ``weigh_text``.
        start_ms: Where the first word may start.
        end_ms: Where the last word must end.

    Returns:
        The spans, sorted and not overlapping, and for each whether it was changed.
    """
    spans, count = list(spans), len(spans)
    repaired = [False] * count

    def gap_before(index: int) -> int:
        return spans[index - 1][1] if index else start_ms

    def gap_after(index: int) -> int:
        return spans[index + 1][0] if index + 1 < count else end_ms

    index = 0
    while index < count:
        first = last = index
        while last < count and spans[last][1] - spans[last][0] < MIN_WORD_MS:
            last += 1
        index = last + 1
        last -= 1
        if last < first:
            continue
        wanted = _MS_PER_LETTER * sum(weights[first : last + 1])
        needed = MIN_WORD_MS * (last + 1 - first)
        low, high = spans[first][0], min(gap_after(last), spans[first][0] + wanted)
        if high - low < needed:
            low = max(gap_before(first), high - wanted)
        neighbours = _MAX_NEIGHBOURS
        while high - low < needed and neighbours and (first or last + 1 < count):
            neighbours -= 1
            before = spans[first - 1][1] - spans[first - 1][0] if first else -1
            after = spans[last + 1][1] - spans[last + 1][0] if last + 1 < count else -1
            if before >= after:
                first -= 1
            else:
                last += 1
            low, high = min(low, spans[first][0]), max(high, spans[last][1])
            needed += MIN_WORD_MS
        spans[first : last + 1] = share_span(low, high, weights[first : last + 1])
        repaired[first : last + 1] = [True] * (last + 1 - first)
        index = max(index, last + 1)
    return spans, repaired
