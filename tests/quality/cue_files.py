"""Reports on cues that tests spell out."""

from collections.abc import Sequence
from typing import Any

from qwen_subs.presets import PRESETS, Preset
from qwen_subs.quality import Report, check_cues, gather_evidence
from qwen_subs.transcript import Cue, Transcript

NETFLIX = PRESETS["netflix"]


def cue(start_s: float, end_s: float, *lines: str) -> Cue:
    return Cue(round(start_s * 1000), round(end_s * 1000), lines)


def report_on(*cues: Cue, preset: Preset = NETFLIX, language: str | None = "en", **known: Any) -> Report:
    return check_cues(gather_evidence(Transcript(cues=cues), preset, language=language, **known), "film.srt")


def broken(report: Report) -> list[tuple[str, int | None]]:
    """Return rule and cue of every issue."""
    return [(issue.rule, issue.cue) for issue in report.issues]


def rules_of(*cues: Cue, **options: Any) -> set[str]:
    return {issue.rule for issue in report_on(*cues, **options).issues}


def texts(cues: Sequence[Cue]) -> list[str]:
    """Return the texts of cues, white space taken out."""
    return ["".join(cue.text.split()) for cue in cues]
