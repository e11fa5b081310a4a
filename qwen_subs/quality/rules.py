"""The rules by name, and the check that applies them all.

To add a rule, write a function that takes the evidence and yields an issue for every place that breaks it, and enter it
here. Its first line of documentation is what reports say about it.
"""

from collections.abc import Callable, Iterator

from qwen_subs.quality import media_rules, text_rules, timing_rules, word_rules
from qwen_subs.quality.evidence import Evidence
from qwen_subs.quality.report import Issue, Report

Rule = Callable[[Evidence], Iterator[Issue]]

RULES: dict[str, Rule] = {
    "order": timing_rules.check_order,
    "overlap": timing_rules.check_overlap,
    "min-gap": timing_rules.check_min_gap,
    "flicker": timing_rules.check_flicker,
    "min-duration": timing_rules.check_min_duration,
    "max-duration": timing_rules.check_max_duration,
    "reading-speed": timing_rules.check_reading_speed,
    "media-end": timing_rules.check_media_end,
    "frames": timing_rules.check_frames,
    "empty": text_rules.check_empty,
    "line-count": text_rules.check_line_count,
    "line-width": text_rules.check_line_width,
    "line-end": text_rules.check_line_ends,
    "cue-end": text_rules.check_cue_ends,
    "line-mark": text_rules.check_line_marks,
    "tags": text_rules.check_tags,
    "brackets": text_rules.check_brackets,
    "spaces": text_rules.check_spaces,
    "repetition": text_rules.check_repetition,
    "missed-speech": media_rules.check_missed_speech,
    "silent-cue": media_rules.check_silent_cue,
    "shot-in": media_rules.check_shot_in,
    "shot-out": media_rules.check_shot_out,
    "shot-crossing": media_rules.check_shot_crossing,
    "confidence": word_rules.check_confidence,
    "repaired": word_rules.check_repaired,
    "flags": word_rules.check_flags,
    "lost-text": word_rules.check_loss,
}


def check_cues(evidence: Evidence, source: str = "") -> Report:
    """Return every broken rule, in order of time.

    Args:
        evidence: The cues and what is known about them.
        source: The file as it was named.
    """
    issues = [issue for rule in RULES.values() for issue in rule(evidence)]
    issues.sort(key=lambda issue: (issue.start_ms, issue.cue or 0, -issue.severity))
    return Report(source, evidence, tuple(issues))
