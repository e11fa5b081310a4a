"""Rules about what the media says: sound without a cue, cues without sound, and changes of picture."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence

from qwen_subs.quality.evidence import Evidence
from qwen_subs.quality.report import Issue, Severity
from qwen_subs.quality.timing_rules import seconds
from qwen_subs.transcript import TimeSpan

# What may be heard around a cue without being missed: the lead and hang that the BBC Subtitle Guidelines allow.
_TOLERATED_MS = 1_500
LONG_SOUND_MS = 1_000  # a shorter sound may be a cough or a door
_PAUSE_MS = 2_000  # sounds that are no further apart are told of together
_JUDGED_MS = 300  # the speech of a shorter cue may be too faint or short to be found
_SILENT_SHARE = 0.02

_ON_SHOT_MS = 42  # a frame at 24 per second: a time so near to a shot change is on it


def check_missed_speech(evidence: Evidence) -> Iterator[Issue]:
    """Something sounds as loud as speech for long, and no cue is near."""
    for span, heard_ms in find_missed_sounds(evidence.speech or (), evidence.cues):
        message = f"{seconds(heard_ms)} of sound as loud as speech, and no cue"
        limit_ms = LONG_SOUND_MS
        yield Issue(
            "missed-speech", Severity.WARNING, message, span.start_ms, span.end_ms, None, heard_ms, limit_ms, "ms"
        )


def find_missed_sounds(sounds: Sequence[TimeSpan], shown: Iterable[TimeSpan]) -> Iterator[tuple[TimeSpan, int]]:
    """Yield every passage of at least ``LONG_SOUND_MS`` of sound far from what is shown, and the ms of sound in it.

    Args:
        sounds: Where something sounds as loud as speech, sorted and apart.
        shown: Cues or words, sorted by start.
    """
    near = _merge(TimeSpan(max(span.start_ms - _TOLERATED_MS, 0), span.end_ms + _TOLERATED_MS) for span in shown)
    missed = list(_subtract(sounds, near))
    first = 0
    for index, sound in enumerate(missed, start=1):
        if index < len(missed) and sound.gap_to(missed[index]) < _PAUSE_MS:
            continue
        heard_ms = sum(part.duration_ms for part in missed[first:index])
        start_ms, first = missed[first].start_ms, index
        if heard_ms >= LONG_SOUND_MS:
            yield TimeSpan(start_ms, sound.end_ms), heard_ms


def check_silent_cue(evidence: Evidence) -> Iterator[Issue]:
    """Nothing sounds as loud as speech while a cue is shown."""
    if evidence.speech is None:
        return
    ends = [sound.end_ms for sound in evidence.speech]
    for index, cue in enumerate(evidence.cues):
        sounding_ms = 0
        for sound in evidence.speech[bisect_right(ends, cue.start_ms) :]:
            if sound.start_ms >= cue.end_ms:
                break
            sounding_ms += min(sound.end_ms, cue.end_ms) - max(sound.start_ms, cue.start_ms)
        if cue.duration_ms >= _JUDGED_MS and sounding_ms <= _SILENT_SHARE * cue.duration_ms:
            message = "nothing sounds as loud as speech while it is shown"
            yield Issue("silent-cue", Severity.WARNING, message, cue.start_ms, cue.end_ms, index + 1)


def check_shot_in(evidence: Evidence) -> Iterator[Issue]:
    """A cue appears just before or just after a shot change instead of on it, and seems to blink."""
    for index, (cue, limits) in enumerate(zip(evidence.cues, evidence.limits, strict=True)):
        distance_ms = _distance(cue.start_ms, evidence.shots)
        if distance_ms is not None and _ON_SHOT_MS < abs(distance_ms) < limits.shot_zone_ms - evidence.tick_ms:
            yield _shot_issue("shot-in", "appears", evidence, index, distance_ms)


def check_shot_out(evidence: Evidence) -> Iterator[Issue]:
    """A cue disappears just after a shot change, or just before it and not at the shortest gap from it."""
    for index, (cue, limits) in enumerate(zip(evidence.cues, evidence.limits, strict=True)):
        distance_ms = _distance(cue.end_ms, evidence.shots)
        if distance_ms is None or abs(distance_ms) >= limits.shot_zone_ms - evidence.tick_ms:
            continue
        if distance_ms > _ON_SHOT_MS or distance_ms < -(limits.min_gap_ms + _ON_SHOT_MS):
            yield _shot_issue("shot-out", "disappears", evidence, index, distance_ms)


def check_shot_crossing(evidence: Evidence) -> Iterator[Issue]:
    """A cue is still shown well after a shot change that it began well before."""
    for index, (cue, limits) in enumerate(zip(evidence.cues, evidence.limits, strict=True)):
        first = bisect_left(evidence.shots, cue.start_ms + limits.shot_zone_ms)
        crossed = bisect_right(evidence.shots, cue.end_ms - limits.shot_zone_ms) - first
        if crossed > 0 and limits.shot_zone_ms:
            message = f"is shown across {'a shot change' if crossed == 1 else f'{crossed} shot changes'}"
            yield Issue("shot-crossing", Severity.NOTE, message, cue.start_ms, cue.end_ms, index + 1)


def _distance(time_ms: int, shots: tuple[int, ...]) -> int | None:
    """Return how long after the nearest shot change a time is, negative before it; None without any."""
    position = bisect_left(shots, time_ms)
    near = shots[max(position - 1, 0) : position + 1]
    return min((time_ms - shot for shot in near), key=abs, default=None)


def _shot_issue(rule: str, verb: str, evidence: Evidence, index: int, distance_ms: int) -> Issue:
    cue = evidence.cues[index]
    message = f"{verb} {seconds(abs(distance_ms))} {'after' if distance_ms > 0 else 'before'} a shot change"
    zone_ms = evidence.limits[index].shot_zone_ms
    times = cue.start_ms, cue.end_ms
    return Issue(rule, Severity.WARNING, message, *times, index + 1, abs(distance_ms), zone_ms, "ms")


def _merge(spans: Iterator[TimeSpan]) -> list[TimeSpan]:
    merged: list[TimeSpan] = []
    for span in sorted(spans, key=lambda span: span.start_ms):
        if merged and span.start_ms <= merged[-1].end_ms:
            merged[-1] = TimeSpan(merged[-1].start_ms, max(merged[-1].end_ms, span.end_ms))
        else:
            merged.append(span)
    return merged


def _subtract(spans: Sequence[TimeSpan], covers: list[TimeSpan]) -> Iterator[TimeSpan]:
    """Yield what no cover covers; covers are sorted and apart."""
    ends = [cover.end_ms for cover in covers]
    for span in spans:
        start_ms = span.start_ms
        for cover in covers[bisect_right(ends, span.start_ms) :]:
            if cover.start_ms >= span.end_ms:
                break
            if cover.start_ms > start_ms:
                yield TimeSpan(start_ms, cover.start_ms)
            start_ms = cover.end_ms
        if start_ms < span.end_ms:
            yield TimeSpan(start_ms, span.end_ms)
