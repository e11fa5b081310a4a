"""When cues appear and disappear."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest
from math import ceil

from qwen_subs.presets import Preset
from qwen_subs.transcript import TimeSpan

# What a cue keeps of its time when so many words share one start that cues must queue.
_QUEUE_MS = 40


@dataclass(frozen=True, slots=True)
class Speech(TimeSpan):
    """What a cue says, and when: from the start of its first word to the end of its last one.

    Attributes:
        characters: Shown, spaces within lines and marks counted.
        limits: Reading limits of its language.
    """

    characters: int
    limits: Preset


def time_cues(speeches: Sequence[Speech], duration_ms: int) -> list[TimeSpan]:
    """Return the time on screen of consecutive cues.

    A cue appears with its first word. It stays ``lead_out_ms`` after its last word, longer if ``min_duration_ms`` or
    ``max_cps`` ask for it, and never longer than ``max_duration_ms``, up to ``min_gap_ms`` before the next cue or to
    the end of the media. A gap of less than ``chain_gap_ms`` is closed to ``min_gap_ms``, or widened to
    ``chain_gap_ms`` by leaving earlier where closing it would hold the cue longer than the lead-out.

    Args:
        speeches: In order; they may overlap and share starts, then cues appear one after the other.
        duration_ms: Of the media.

    Returns:
        One span for each speech: in order, none overlapping the next, all inside the media.
    """
    starts = _order_starts(speeches, duration_ms)
    spans = []
    for speech, start_ms, next_ms in zip_longest(speeches, starts, starts[1:]):
        limits = speech.limits
        latest_ms = min(start_ms + limits.max_duration_ms, duration_ms)
        needed_ms = start_ms + max(limits.min_duration_ms, ceil(1000 * speech.characters / limits.max_cps))
        end_ms = max(speech.end_ms + limits.lead_out_ms, needed_ms)
        if next_ms is not None:
            gap_ms = min(limits.min_gap_ms, max(next_ms - start_ms - _QUEUE_MS, 0))
            closed_ms, open_ms = next_ms - gap_ms, next_ms - max(limits.chain_gap_ms, gap_ms)
            if end_ms > open_ms:
                may_close = closed_ms <= min(end_ms, latest_ms)
                may_open = open_ms >= max(needed_ms, speech.end_ms)
                end_ms = open_ms if may_open and not may_close else closed_ms
        spans.append(TimeSpan(start_ms, max(start_ms, min(end_ms, latest_ms))))
    return spans


def _order_starts(speeches: Sequence[Speech], duration_ms: int) -> list[int]:
    """Return the in-times: the first words' starts, moved apart where they coincide, inside the media."""
    starts: list[int] = []
    for speech in speeches:
        queue_ms = starts[-1] + speech.limits.min_gap_ms + _QUEUE_MS if starts else 0
        starts.append(max(speech.start_ms, queue_ms))
    latest_ms = duration_ms - _QUEUE_MS
    for index in range(len(starts) - 1, -1, -1):
        starts[index] = max(min(starts[index], latest_ms), 0)
        latest_ms = starts[index] - speeches[index].limits.min_gap_ms - _QUEUE_MS
    return starts
