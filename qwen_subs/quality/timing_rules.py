"""Rules about when cues appear and disappear."""

from collections.abc import Iterator
from itertools import pairwise

from qwen_subs.quality.evidence import Evidence
from qwen_subs.quality.report import Issue, Severity

_FRAME_SLACK_MS = 20  # half a frame at 24 per second: so much longer than the shortest gap is still that gap


def check_order(evidence: Evidence) -> Iterator[Issue]:
    """A cue starts before the one before it in the file."""
    for index, (before, cue) in enumerate(pairwise(evidence.cues), start=1):
        early_ms = before.start_ms - cue.start_ms
        if early_ms > 0:
            yield _issue(
                "order", Severity.ERROR, evidence, index, f"starts {seconds(early_ms)} before cue {index}", early_ms, 0
            )


def check_overlap(evidence: Evidence) -> Iterator[Issue]:
    """A cue appears while an earlier one is still shown."""
    latest = None
    for index in evidence.in_time:
        cue = evidence.cues[index]
        if latest is not None and (overlap_ms := evidence.cues[latest].end_ms - cue.start_ms) > 0:
            message = f"overlaps cue {latest + 1} by {seconds(overlap_ms)}"
            yield _issue("overlap", Severity.ERROR, evidence, index, message, overlap_ms, 0)
        if latest is None or cue.end_ms >= evidence.cues[latest].end_ms:
            latest = index


def check_min_gap(evidence: Evidence) -> Iterator[Issue]:
    """A cue appears too soon after the one before."""
    for before, index, gap_ms in _gaps(evidence):
        limit_ms = evidence.limits[before].min_gap_ms
        if 0 <= gap_ms < limit_ms - evidence.tick_ms:
            message = f"gap {seconds(gap_ms)} after cue {before + 1} < {seconds(limit_ms)}"
            yield _issue("min-gap", Severity.ERROR, evidence, index, message, gap_ms, limit_ms)


def check_flicker(evidence: Evidence) -> Iterator[Issue]:
    """The screen is empty for so short a time that it flickers: the gap should be closed, or longer."""
    for before, index, gap_ms in _gaps(evidence):
        limits = evidence.limits[before]
        if limits.min_gap_ms + max(_FRAME_SLACK_MS, evidence.tick_ms) < gap_ms < limits.chain_gap_ms - evidence.tick_ms:
            message = f"flickers: gap {seconds(gap_ms)} after cue {before + 1} < {seconds(limits.chain_gap_ms)}"
            yield _issue("flicker", Severity.WARNING, evidence, index, message, gap_ms, limits.chain_gap_ms)


def check_min_duration(evidence: Evidence) -> Iterator[Issue]:
    """A cue is shown for too short a time."""
    for index, (cue, limits) in enumerate(zip(evidence.cues, evidence.limits, strict=True)):
        if cue.duration_ms < limits.min_duration_ms - evidence.tick_ms:
            message = f"shown {seconds(cue.duration_ms)} < {seconds(limits.min_duration_ms)}"
            yield _issue(
                "min-duration", Severity.ERROR, evidence, index, message, cue.duration_ms, limits.min_duration_ms
            )


def check_max_duration(evidence: Evidence) -> Iterator[Issue]:
    """A cue is shown for too long a time."""
    for index, (cue, limits) in enumerate(zip(evidence.cues, evidence.limits, strict=True)):
        if cue.duration_ms > limits.max_duration_ms + evidence.tick_ms:
            message = f"shown {seconds(cue.duration_ms)} > {seconds(limits.max_duration_ms)}"
            yield _issue(
                "max-duration", Severity.ERROR, evidence, index, message, cue.duration_ms, limits.max_duration_ms
            )


def check_reading_speed(evidence: Evidence) -> Iterator[Issue]:
    """A cue cannot be read in its time."""
    for index, (cue, limits, characters) in enumerate(
        zip(evidence.cues, evidence.limits, evidence.characters, strict=True)
    ):
        if 1000 * characters > limits.max_cps * (cue.duration_ms + evidence.tick_ms) or (
            characters and not cue.duration_ms
        ):
            speed = evidence.speeds[index]
            shown = f"{speed:.1f}" if speed > limits.max_cps + 0.05 else f"{speed:.2f}"
            yield Issue(
                "reading-speed",
                Severity.ERROR,
                f"reading speed {shown} cps > {limits.max_cps:g}" if cue.duration_ms else "no time to read it",
                cue.start_ms,
                cue.end_ms,
                index + 1,
                round(speed, 3) if cue.duration_ms else None,
                limits.max_cps,
                "cps",
            )


def check_media_end(evidence: Evidence) -> Iterator[Issue]:
    """A cue is shown after the end of the media."""
    if evidence.duration_ms is None:
        return
    for index, cue in enumerate(evidence.cues):
        if cue.end_ms > evidence.duration_ms + evidence.tick_ms:
            over_ms = cue.end_ms - evidence.duration_ms
            message = f"ends {seconds(over_ms)} after the end of the media"
            yield _issue("media-end", Severity.ERROR, evidence, index, message, cue.end_ms, evidence.duration_ms)


def check_frames(evidence: Evidence) -> Iterator[Issue]:
    """Times that are on no frame of the video: players show these cues up to a frame late."""
    if evidence.grid is None:
        return
    times = [time_ms for cue in evidence.cues for time_ms in (cue.start_ms, cue.end_ms)]
    grid = evidence.grid
    off = sum(abs(grid.to_ms(grid.nearest_frame(time_ms)) - time_ms) > evidence.tick_ms for time_ms in times)
    if off:
        message = f"{off} of {len(times)} times are on no frame of the video ({float(grid.fps):.5g} per second)"
        yield Issue("frames", Severity.NOTE, message, 0, evidence.end_ms, None, off, 0)


def _gaps(evidence: Evidence) -> Iterator[tuple[int, int, int]]:
    """Yield the positions of cues that follow each other in time, and the milliseconds between them."""
    for before, index in pairwise(evidence.in_time):
        yield before, index, evidence.cues[before].gap_to(evidence.cues[index])


def _issue(
    rule: str, severity: Severity, evidence: Evidence, index: int, message: str, measured_ms: int, limit_ms: int
) -> Issue:
    cue = evidence.cues[index]
    return Issue(rule, severity, message, cue.start_ms, cue.end_ms, index + 1, measured_ms, limit_ms, "ms")


def seconds(ms: int) -> str:
    """Return a length for people: ``0.04 s``."""
    return f"{ms / 1000:g} s"
