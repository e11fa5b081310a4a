"""Check subtitles: a file, its limits and its media -> a report; and a corrected copy."""

from collections.abc import Sequence
from dataclasses import replace
from fractions import Fraction
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from qwen_subs.formats import save_transcript
from qwen_subs.formats.subtitle_files import find_tick, load_subtitles
from qwen_subs.frames import FrameGrid
from qwen_subs.media import MediaInfo, find_frame_grid, find_shot_changes, load_waveform, probe_media
from qwen_subs.mending import mend_cues
from qwen_subs.progress import Reporter
from qwen_subs.quality import Evidence, Issue, Report, check_cues, gather_evidence
from qwen_subs.quality.activity import find_speech, measure_envelope
from qwen_subs.quality.frame_rate import guess_frame_grid
from qwen_subs.records import recall_grid, recall_shots
from qwen_subs.settings import Settings


def check(
    path: str | PathLike[str],
    media: str | PathLike[str] | None = None,
    reporter: Reporter | None = None,
    **settings: Any,
) -> Report:
    """Return every rule that a subtitle file breaks.

    Args:
        path: SRT, WebVTT, ASS, TTML, our JSON, or any other file that pysubs2 reads.
        media: The film; then frames, shot changes, sound without cues, cues without sound, and the end of the media are
            looked at too.
        reporter: Receives progress and notices.
        settings: Fields of `Settings`: ``preset``, ``language`` of the text, ``fps``, ``shot_changes``,
            ``audio_stream``.

    Raises:
        InputError: If one of the files cannot be read, or has no cues.
        UsageError: If a setting is out of range.
    """
    evidence = collect_evidence(path, media, Settings(**settings), reporter or Reporter())
    return check_cues(evidence, fspath(path))


def collect_evidence(
    path: str | PathLike[str], media: str | PathLike[str] | None, settings: Settings, reporter: Reporter
) -> Evidence:
    """Return what the rules look at; arguments and errors as in `check`.

    Frames and shot changes that the settings do not give are those of the media, or else those that were recorded when
    this program made the cues; frames also those on which all times are.
    """
    info = None if media is None else probe_media(media)
    fps = settings.fps if isinstance(settings.fps, Fraction) else None if info is None else info.fps
    transcript = load_subtitles(path, None if fps is None else float(fps))
    recorded = dict(transcript.provenance.settings)
    known: dict[str, Any] = {}
    grid, shots = recall_grid(recorded), recall_shots(recorded)
    if media is not None and info is not None:
        known = _listen(media, info, settings, reporter)
        grid = find_frame_grid(media, reporter) or grid
        if settings.preset.shot_zone_ms and settings.shot_changes == "auto":
            shots = find_shot_changes(media, reporter)
    elif transcript.segments:  # the length that a file of cues alone gives is that of its cues
        known = {"duration_ms": transcript.duration_ms}
    if settings.fps != "auto":
        grid = FrameGrid(settings.fps) if isinstance(settings.fps, Fraction) else None
    elif grid is None and find_tick(path) == 1:  # coarser times are on frames by chance
        grid = guess_frame_grid(transcript.cues)
    if settings.shot_changes != "auto":
        shots = settings.shot_changes if isinstance(settings.shot_changes, tuple) else ()
    return gather_evidence(
        transcript,
        settings.preset,
        language=settings.language,
        tick_ms=find_tick(path),
        grid=grid,
        shots=shots,
        **known,
    )


def _listen(media: str | PathLike[str], info: MediaInfo, settings: Settings, reporter: Reporter) -> dict[str, Any]:
    """Return what the media says about its length and sound, as arguments of `gather_evidence`."""
    if info.audio_streams:
        waveform = load_waveform(media, stream=settings.audio_stream, reporter=reporter)
        return {
            "speech": find_speech(waveform),
            "envelope": measure_envelope(waveform),
            "duration_ms": max(waveform.duration_ms, info.duration_ms or 0),
        }
    return {"duration_ms": None if info.duration_estimated else info.duration_ms}


def mend(report: Report) -> Report:
    """Return the report of a corrected copy: its cues, what they still break, and what was mended."""
    before = report.evidence
    mending = mend_cues(report)
    transcript = replace(before.transcript, cues=mending.cues)
    languages = tuple(before.languages[index] for index in mending.origins)
    after = check_cues(replace(before, transcript=transcript, languages=languages), report.source)
    remaining = {_identify(issue, mending.origins) for issue in after.issues}
    unchanged = range(len(before.cues))
    mended = tuple(issue for issue in report.issues if _identify(issue, unchanged) not in remaining)
    return replace(after, mended=mended)


def save_copy(report: Report, path: str | PathLike[str]) -> Report:
    """Write the cues of a report and return the report that names the copy; errors as in `save_transcript`."""
    save_transcript(report.evidence.transcript, Path(path))
    return replace(report, copy=fspath(path))


def _identify(issue: Issue, origins: Sequence[int]) -> tuple[str, int | None, int]:
    """Return what an issue has in common with the same one before the mending."""
    if issue.cue is None:
        return issue.rule, None, issue.start_ms
    return issue.rule, origins[issue.cue - 1], 0
