"""Stage 7 of 7: transcript -> report of every broken rule."""

from qwen_subs.quality.activity import find_speech
from qwen_subs.quality.evidence import Evidence, gather_evidence
from qwen_subs.quality.media_rules import find_missed_sounds
from qwen_subs.quality.report import Issue, Report, Severity
from qwen_subs.quality.rules import RULES, check_cues

__all__ = [
    "RULES",
    "Evidence",
    "Issue",
    "Report",
    "Severity",
    "check_cues",
    "find_missed_sounds",
    "find_speech",
    "gather_evidence",
]
