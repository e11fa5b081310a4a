"""Times moved to shot changes, as far as speech, reading time and the other cues allow. All times are frames.

A text that appears or disappears just beside a cut seems to blink, and readers start over. The rules are those of the
Netflix Timed Text Style Guide, Subtitle Timing Guidelines (360051554394), with its half a second as ``shot_zone``:

- Speech that begins less than a zone after a cut is shown from the cut on.
- Speech that begins less than a zone before a cut is shown from the cut on if that is hardly late, else a zone earlier
  than the cut.
- A cue that would disappear less than a zone before a cut stays until the shortest gap before it.
- A cue that would hang over a cut after its speech is over disappears the shortest gap before the cut.
- A cue that would disappear less than a zone after a cut which its speech crosses stays for a zone.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Spoken:
    """What a cue says, in frames.

    Attributes:
        start: Frame during which the first word begins.
        end: First frame after the last word.
        shortest: Shortest time on screen.
        reading: Time that the text takes to be read.
        longest: Longest time on screen.
        gap: Shortest gap to the next cue, and to a cut.
        chain_gap: Shortest gap that does not flicker.
        lead_out: How long the cue may stay after its last word.
        shot_zone: Times nearer than this to a cut are moved.
        late: How much later than its first word the cue may appear.
    """

    start: int
    end: int
    shortest: int
    reading: int
    longest: int
    gap: int
    chain_gap: int
    lead_out: int
    shot_zone: int
    late: int

    @property
    def needed(self) -> int:
        """Time on screen that the cue should have."""
        return max(self.shortest, self.reading)


def snap_starts(
    spoken: Sequence[Spoken], starts: Sequence[int], cuts: Sequence[int], media_end: int, queue: int
) -> list[int]:
    """Return the in-times moved to cuts.

    None takes from the cue before the time to speak and to be read, nor holds a cue longer than allowed.

    Args:
        spoken: What the cues say.
        starts: Their in-times, in order.
        cuts: First frames of shots, sorted.
        media_end: Frame at which the media ends.
        queue: Least time between an in-time and the gap before the next one.
    """
    snapped = list(starts)
    for index, (speech, start) in enumerate(zip(spoken, starts, strict=True)):
        earliest, latest = 0, media_end - queue
        if index:
            before, shown_from = spoken[index - 1], snapped[index - 1]
            has_time = start - before.gap - shown_from >= before.needed
            kept = before.needed if has_time else max(before.shortest, queue)
            earliest = max(before.end, shown_from + kept + before.gap)
        if index + 1 < len(starts):
            latest = min(latest, starts[index + 1] - speech.gap - queue)
        earliest = max(earliest, speech.end - speech.longest)
        for candidate in _propose_starts(speech, start, cuts):
            if (earliest if candidate < start else 0) <= candidate <= latest:
                snapped[index] = candidate
                break
    return snapped


def _propose_starts(speech: Spoken, start: int, cuts: Sequence[int]) -> list[int]:
    """Return where a cue might appear instead, best first; nothing where its in-time is good or cannot be moved."""
    position = bisect_right(cuts, start)
    zone = speech.shot_zone
    before = cuts[position - 1] if position else start - 2 * zone
    after = cuts[position] if position < len(cuts) else start + zone
    proposals = []
    if before < start < before + zone:
        proposals.append(before)
    if before < start and after - zone < start:
        if after - speech.start <= speech.late:
            proposals.append(after)
        if after - zone >= before + zone:
            proposals.append(after - zone)
    return proposals


def snap_ends(
    spoken: Sequence[Spoken], starts: Sequence[int], ends: Sequence[int], cuts: Sequence[int], media_end: int
) -> list[int]:
    """Return the out-times moved to cuts.

    None cuts off speech that crosses the cut, takes reading time, holds a cue longer than allowed, or makes a gap that
    is too short.

    Args:
        spoken: What the cues say.
        starts: Their in-times, in order.
        ends: Their out-times.
        cuts: First frames of shots, sorted.
        media_end: Frame at which the media ends.
    """
    snapped = list(ends)
    for index, (speech, start, end) in enumerate(zip(spoken, starts, ends, strict=True)):
        if not speech.shot_zone:
            continue
        earliest = max(start + 1, min(start + speech.needed, end))
        latest = min(start + speech.longest, media_end)
        following = starts[index + 1] if index + 1 < len(starts) else None
        for candidate in _propose_ends(speech, start, end, cuts):
            gap = None if following is None else following - candidate
            gap_is_good = gap is None or gap == speech.gap or gap >= max(speech.chain_gap, speech.gap)
            if earliest <= candidate <= latest and gap_is_good and _is_clear(candidate, speech, cuts):
                snapped[index] = candidate
                break
    return snapped


def _propose_ends(speech: Spoken, start: int, end: int, cuts: Sequence[int]) -> list[int]:
    """Return where a cue might disappear instead, best first."""
    clear = _is_clear(end, speech, cuts)
    near = bisect_left(cuts, end if clear else end + speech.shot_zone)
    silent = bisect_left(cuts, max(speech.end - speech.late, start + 1))  # first cut after the speech
    crossed = cuts[bisect_right(cuts, max(end - speech.shot_zone, start)) : near] if not clear else ()
    return [cut - speech.gap for cut in cuts[silent:near]] + [cut + speech.shot_zone for cut in crossed]


def _is_clear(end: int, speech: Spoken, cuts: Sequence[int]) -> bool:
    """Return whether an out-time is in the zone of no cut, or at the shortest gap before one."""
    near = cuts[bisect_right(cuts, end - speech.shot_zone) : bisect_left(cuts, end + speech.shot_zone)]
    return not near or end + speech.gap in near
