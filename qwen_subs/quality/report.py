"""What a check finds: issues, one report per file, and how bad they are."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum
from statistics import median

from qwen_subs.quality.evidence import Evidence


class Severity(IntEnum):
    """How bad an issue is: an error breaks a limit, a warning breaks good practice, a note asks for a look."""

    NOTE = 0
    WARNING = 1
    ERROR = 2

    @property
    def label(self) -> str:
        """The word for it."""
        return self.name.lower()


@dataclass(frozen=True, slots=True)
class Issue:
    """One broken rule at one place.

    Attributes:
        rule: Its name in ``RULES``.
        severity: How bad it is.
        message: One line without the place, measured value, limit and unit included.
        start_ms: Where it is in the media.
        end_ms: To where.
        cue: Number of the cue, from 1 in the order of the file; None if it is about no cue.
        measured: What was found, in ``unit``; None if there is nothing to measure.
        limit: What is allowed, in ``unit``.
        unit: ``cells``, ``lines``, ``cps``, ``ms`` or ``""``.
    """

    rule: str
    severity: Severity
    message: str
    start_ms: int
    end_ms: int
    cue: int | None = None
    measured: float | None = None
    limit: float | None = None
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The result of one check.

    Attributes:
        source: The file as it was named.
        evidence: What was looked at.
        issues: In order of time.
        mended: Issues of the original that a corrected copy, which ``evidence`` shows, no longer has. Their cue numbers
            are those of the original.
        copy: The corrected copy, or "".
    """

    source: str
    evidence: Evidence
    issues: tuple[Issue, ...]
    mended: tuple[Issue, ...] = ()
    copy: str = ""

    def count(self, severity: Severity) -> int:
        """Return how many issues are this bad."""
        return sum(issue.severity is severity for issue in self.issues)

    @property
    def by_rule(self) -> dict[str, tuple[Issue, ...]]:
        """The issues by rule, the worst and most frequent rules first."""
        counts = Counter(issue.rule for issue in self.issues)
        worst = {issue.rule: issue.severity for issue in sorted(self.issues, key=lambda issue: issue.severity)}
        rules = sorted(counts, key=lambda rule: (-worst[rule], -counts[rule], rule))
        return {rule: tuple(issue for issue in self.issues if issue.rule == rule) for rule in rules}

    @property
    def statistics(self) -> dict[str, float]:
        """Figures of the cues: how many, how fast to read (cps), how long (ms), how much of them breaks no limit."""
        return measure_cues(self.evidence, self.issues)


def measure_cues(evidence: Evidence, issues: Sequence[Issue]) -> dict[str, float]:
    """Return figures of the cues; see `Report.statistics`."""
    speeds = [speed for speed in evidence.speeds if speed != float("inf")]
    durations = [cue.duration_ms for cue in evidence.cues]
    broken = {issue.cue for issue in issues if issue.severity is Severity.ERROR and issue.cue is not None}
    count = len(evidence.cues)
    return {
        "cues": count,
        "characters": sum(evidence.characters),
        "median_cps": round(median(speeds), 2) if speeds else 0.0,
        "highest_cps": round(max(speeds), 2) if speeds else 0.0,
        "median_duration_ms": median(durations) if durations else 0,
        "longest_duration_ms": max(durations, default=0),
        "shown_ms": sum(durations),
        "share_without_error": round(1 - len(broken) / count, 4) if count else 1.0,
    }


def count_issues(count: int, noun: str) -> str:
    """Return a number and its noun: ``1 error``, ``2 errors``."""
    return f"{count} {noun}{'s' * (count != 1)}"
