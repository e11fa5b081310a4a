"""When cues appear and disappear, on the frames of the video."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import zip_longest
from math import ceil

from qwen_subs.frames import FrameGrid
from qwen_subs.presets import Preset
from qwen_subs.segmentation.shots import Spoken, snap_ends, snap_starts
from qwen_subs.transcript import TimeSpan

# Where there is no video, every millisecond is a frame.
MILLISECONDS = FrameGrid(Fraction(1000))
# What a cue keeps of its time when so many words share one start that cues must queue.
_QUEUE_MS = 40


@dataclass(frozen=True, slots=True)
class Speech(TimeSpan):
    """What a cue says, and when: from the start of its first word to the end of its last one.

    Attributes:
        characters: To be read, counted as its language does.
        limits: Reading limits of its language.
    """

    characters: float
    limits: Preset


def time_cues(
    speeches: Sequence[Speech], duration_ms: int, grid: FrameGrid = MILLISECONDS, shots: Sequence[int] = ()
) -> list[TimeSpan]:
    """Return the time on screen of consecutive cues.

    A cue appears on the frame during which its first word begins. It stays ``lead_out_ms`` after its last word, longer
    if ``min_duration_ms`` or ``max_cps`` ask for it, and never longer than ``max_duration_ms``, up to the shortest gap
    before the next cue or to the end of the media. A gap of less than ``chain_gap_ms`` is closed to the shortest, or
    widened to ``chain_gap_ms`` by leaving earlier where closing it would hold the cue longer than the lead-out. Then
    times are moved to shot changes as far as all this allows.

    Args:
        speeches: In order; they may overlap and share starts, then cues appear one after the other.
        duration_ms: Of the media.
        grid: Frames on which cues appear and disappear.
        shots: Where pictures change, ms.

    Returns:
        One span for each speech: in order, none overlapping the next, all inside the media.
    """
    spoken = [_measure(speech, grid) for speech in speeches]
    cuts = sorted({grid.nearest_frame(shot_ms) for shot_ms in shots})
    queue, end = grid.count_from(_QUEUE_MS), grid.frame_at(duration_ms)
    starts = _order_starts(spoken, end, queue)
    if cuts:
        starts = snap_starts(spoken, starts, cuts, end, queue)
    ends = [
        _choose_end(speech, start, following, end, queue)
        for speech, start, following in zip_longest(spoken, starts, starts[1:])
    ]
    if cuts:
        ends = snap_ends(spoken, starts, ends, cuts, end)
    return [
        TimeSpan(min(grid.to_ms(start), duration_ms), min(grid.to_ms(end), duration_ms))
        for start, end in zip(starts, ends, strict=True)
    ]


def _measure(speech: Speech, grid: FrameGrid) -> Spoken:
    """Return the speech in frames: shortest lengths rounded up, longest ones down."""
    limits = speech.limits
    reading_ms = ceil(1000 * speech.characters / limits.max_cps)
    return Spoken(
        start=max(grid.frame_at(speech.start_ms), 0),
        end=grid.frame_from(speech.end_ms),
        shortest=grid.count_from(limits.min_duration_ms),
        reading=grid.count_from(reading_ms),
        longest=grid.count_within(limits.max_duration_ms),
        gap=grid.count_from(limits.min_gap_ms),
        chain_gap=grid.count_from(limits.chain_gap_ms),
        lead_out=grid.count_within(limits.lead_out_ms),
        shot_zone=grid.count_from(limits.shot_zone_ms),
        late=grid.count_within(limits.max_late_ms),
    )


def _order_starts(spoken: Sequence[Spoken], end: int, queue: int) -> list[int]:
    """Return the in-times: the first words' starts, moved apart where they coincide, inside the media."""
    starts: list[int] = []
    for index, speech in enumerate(spoken):
        earliest = starts[-1] + spoken[index - 1].gap + queue if starts else 0
        starts.append(max(speech.start, earliest))
    latest = end - queue
    for index in range(len(starts) - 1, -1, -1):
        starts[index] = max(min(starts[index], latest), 0)
        latest = starts[index] - (spoken[index - 1].gap if index else 0) - queue
    return starts


def _choose_end(speech: Spoken, start: int, following: int | None, media_end: int, queue: int) -> int:
    """Return the out-time of a cue, given when it and the next one appear."""
    latest = min(start + speech.longest, media_end)
    needed = start + speech.needed
    end = max(speech.end + speech.lead_out, needed)
    if following is not None:
        gap = min(speech.gap, max(following - start - queue, 0))
        closed, opened = following - gap, following - max(speech.chain_gap, gap)
        if end > opened:
            may_close = closed <= min(end, latest)
            may_open = opened >= max(needed, speech.end)
            end = opened if may_open and not may_close else closed
    return max(start, min(end, latest))
