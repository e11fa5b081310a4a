"""Check subtitles: a file, its limits and its media -> a report; and a corrected copy."""

from collections.abc import Sequence
from dataclasses import replace
from os import PathLike, fspath
from pathlib import Path
from typing import Any

from qwen_subs.formats import save_transcript
from qwen_subs.formats.subtitle_files import find_tick, load_subtitles
from qwen_subs.languages import find_language
from qwen_subs.media import MediaInfo, find_frame_grid, find_shot_changes, load_waveform, probe_media
from qwen_subs.mending import mend_cues
from qwen_subs.presets import DEFAULT_PRESET, PRESETS, Preset
from qwen_subs.progress import Reporter
from qwen_subs.quality import Evidence, Issue, Report, check_cues, gather_evidence
from qwen_subs.quality.activity import find_speech, measure_envelope


def check(
    path: str | PathLike[str],
    *,
    preset: Preset = PRESETS[DEFAULT_PRESET],
    language: str | None = None,
    media: str | PathLike[str] | None = None,
    reporter: Reporter | None = None,
) -> Report:
    """Return every rule that a subtitle file breaks.

    Args:
        path: SRT, WebVTT, our JSON, or any file that pysubs2 reads.
        preset: Reading limits.
        language: Of the text, as a code or a name; None takes what the file says, or else guesses.
        media: The film; then frames, shot changes, sound without cues, cues without sound, and the end of the media are
            looked at too.
        reporter: Receives progress and notices.

    Raises:
        InputError: If one of the files cannot be read, or has no cues.
        UsageError: If the language is unknown.
    """
    return check_cues(collect_evidence(path, preset, language, media, reporter or Reporter()), fspath(path))


def collect_evidence(
    path: str | PathLike[str],
    preset: Preset,
    language: str | None,
    media: str | PathLike[str] | None,
    reporter: Reporter,
) -> Evidence:
    """Return what the rules look at; arguments and errors as in `check`."""
    code = None if language is None else find_language(language).code
    info = None if media is None else probe_media(media)
    transcript = load_subtitles(path, None if info is None or info.fps is None else float(info.fps))
    known: dict[str, Any] = {}
    if media is not None and info is not None:
        known = _study_media(media, info, reporter)
        if preset.shot_zone_ms:
            known["shots"] = find_shot_changes(media, reporter)
    elif transcript.segments:  # the length that a file of cues alone gives is that of its cues
        known = {"duration_ms": transcript.duration_ms}
    return gather_evidence(transcript, preset, language=code, tick_ms=find_tick(path), **known)


def _study_media(media: str | PathLike[str], info: MediaInfo, reporter: Reporter) -> dict[str, Any]:
    """Return what the media says about its length, sound and frames, as arguments of `gather_evidence`."""
    known: dict[str, Any] = {"grid": find_frame_grid(media, reporter)}
    if info.audio_streams:
        waveform = load_waveform(media, reporter=reporter)
        known["speech"] = find_speech(waveform)
        known["envelope"] = measure_envelope(waveform)
        known["duration_ms"] = max(waveform.duration_ms, info.duration_ms or 0)
    elif info.duration_ms is not None and not info.duration_estimated:
        known["duration_ms"] = info.duration_ms
    return known


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
