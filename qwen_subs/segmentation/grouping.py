"""Words of a passage -> cues: the least costly way to divide them, over all ways that keep the limits."""

from dataclasses import dataclass
from itertools import accumulate

from qwen_subs.boundaries import Boundary, Kind
from qwen_subs.segmentation.lines import LineBreaker
from qwen_subs.segmentation.passage import Passage

# Costs. The scale: one more cue costs 10.
_CUE_COST = 10.0
# The squared share of the cells that a cue fills: makes cues of one sentence equally full.
_FILL_COST = 9.0
# Ending a cue here.
_BREAK_COSTS = {Kind.SENTENCE: 0.0, Kind.CLAUSE: 9.0, Kind.PLAIN: 26.0, Kind.FORBIDDEN: 2000.0}
_BOND_COST = 30.0
_NEAR_MARK_COST = 6.0
_PAUSE_RELIEF_MS = 800  # a pause this long halves what ending a cue at an unmarked place costs
# Running on over the end of a sentence, more so from or into the middle of one, and over a pause.
_SENTENCE_INSIDE_COST, _STRADDLING_COST = 7.0, 8.0
_SHORT_PAUSE_MS = 400
_PAUSE_INSIDE_COST_PER_S = 16.0
# Less time than the limits ask for, before the next cue must begin.
_TOO_FAST_COST, _EXCESS_CHARACTER_COST = 4.0, 0.7
_TOO_SHORT_COST, _FLICKER_COST = 4.0, 30.0
_NO_TIME_COST = 5000.0
# A word on its own; less if it is a whole sentence.
_ORPHAN_COST, _SHORT_SENTENCE_COST = 14.0, 3.0
_ORPHAN_CELLS = 6


@dataclass(frozen=True, slots=True)
class Group:
    """The words ``first`` to ``end - 1`` of a passage, shown together.

    Attributes:
        first: Position of the first word.
        end: Position after the last word.
        breaks: Positions of the words with which the later lines begin.
    """

    first: int
    end: int
    breaks: tuple[int, ...]


def group_words(passage: Passage) -> list[Group]:
    """Return the cues of a passage: every word in exactly one, in order, within width, lines and duration.

    Dynamic programming over the places between words: ``best[k]`` is the lowest cost of dividing the first ``k`` words.
    """
    words, limits = passage.words, passage.limits
    count = len(words)
    # A space at each line break is not shown.
    capacity = (limits.max_line_width + 1) * limits.max_line_count - 1
    end_costs = [0.0, *(_rate_cue_end(boundary) for boundary in passage.boundaries[1:]), 0.0]
    # Added up over the boundaries before each position, so that a difference tells what lies inside a cue.
    inside_costs = list(accumulate(map(_rate_inside, passage.boundaries[1:]), initial=0.0))
    sentences = list(accumulate((b.kind is Kind.SENTENCE for b in passage.boundaries[1:]), initial=0))
    begins_sentence = [True, *(boundary.kind is Kind.SENTENCE for boundary in passage.boundaries[1:]), True]
    line_breaker = LineBreaker(passage)

    best = [0.0, *[float("inf")] * count]
    groups = [Group(0, 0, ())] * (count + 1)
    for first in range(count):
        latest_end_ms = words[first].start_ms + limits.max_duration_ms
        last_end_ms = 0
        for end in range(first + 1, count + 1):
            last_end_ms = max(last_end_ms, words[end - 1].end_ms)
            width = passage.width(first, end)
            if end > first + 1 and (width > capacity or last_end_ms > latest_end_ms):
                break
            if limits.break_at_sentences and sentences[end - 1] > sentences[first]:
                break
            cost = best[first] + _CUE_COST + _FILL_COST * (width / capacity) ** 2 + end_costs[end]
            cost += inside_costs[end - 1] - inside_costs[first]
            if cost >= best[end]:
                continue
            cost += _rate_time(passage, first, end)
            whole = begins_sentence[first] and begins_sentence[end]
            if end == first + 1 or width <= _ORPHAN_CELLS:
                cost += _SHORT_SENTENCE_COST if whole else _ORPHAN_COST
            elif not whole and sentences[end - 1] > sentences[first]:
                cost += _STRADDLING_COST
            if cost >= best[end]:
                continue
            layout = line_breaker.break_lines(first, end)
            if layout is None:
                break
            if cost + layout[0] < best[end]:
                best[end] = cost + layout[0]
                groups[end] = Group(first, end, layout[1])
    chosen: list[Group] = []
    end = count
    while end:
        chosen.append(groups[end])
        end = groups[end].first
    return chosen[::-1]


def _rate_cue_end(boundary: Boundary) -> float:
    relief = 1.0 - 0.5 * min(boundary.pause_ms / _PAUSE_RELIEF_MS, 1.0)
    cost = _BREAK_COSTS[boundary.kind] + _BOND_COST * boundary.bond + _NEAR_MARK_COST * boundary.near_mark
    return cost * relief


def _rate_inside(boundary: Boundary) -> float:
    pause_s = max(boundary.pause_ms - _SHORT_PAUSE_MS, 0) / 1000
    return _PAUSE_INSIDE_COST_PER_S * pause_s + _SENTENCE_INSIDE_COST * (boundary.kind is Kind.SENTENCE)


def _rate_time(passage: Passage, first: int, end: int) -> float:
    """Return the cost of a cue that the next one, or the longest duration, gives too little time."""
    limits = passage.limits
    following = end < len(passage.words)
    next_ms = passage.words[end].start_ms if following else passage.free_until_ms
    time_ms = min(next_ms - limits.min_gap_ms * following - passage.words[first].start_ms, limits.max_duration_ms)
    if time_ms <= 0:
        return _NO_TIME_COST
    cost = 0.0
    excess = passage.length(first, end) - limits.max_cps * time_ms / 1000
    if excess > 0:
        cost += _TOO_FAST_COST + _EXCESS_CHARACTER_COST * excess
    if time_ms < limits.min_duration_ms:
        cost += _TOO_SHORT_COST + _FLICKER_COST * (1.0 - time_ms / limits.min_duration_ms)
    return cost
