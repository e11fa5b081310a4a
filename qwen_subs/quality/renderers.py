"""Reports as text, JSON and CSV, and the table of all formats of reports."""

import csv
import io
import json
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from qwen_subs import __version__
from qwen_subs.quality.report import Issue, Report, Severity, count_issues
from qwen_subs.registry import import_object, lookup
from qwen_subs.timecode import format_clock

Renderer = Callable[[Sequence[Report], Severity], str]

REPORT_FORMATS: dict[str, str] = {
    "text": "qwen_subs.quality.renderers:render_text",
    "json": "qwen_subs.quality.renderers:render_json",
    "csv": "qwen_subs.quality.renderers:render_csv",
    "html": "qwen_subs.quality.html_report:render_html",
}

_COLUMNS = ("file", "cue", "start", "end", "rule", "severity", "measured", "limit", "unit", "message")


def render_reports(reports: Sequence[Report], format_name: str, least: Severity = Severity.NOTE) -> str:
    """Return reports as one text.

    Args:
        reports: One per file.
        format_name: A name in ``REPORT_FORMATS``.
        least: Issues below this are counted, but not listed.

    Raises:
        UsageError: If the format is unknown.
    """
    renderer: Renderer = import_object(lookup("report format", format_name, REPORT_FORMATS))
    # Names of files and texts from JSON may hold halves of surrogate pairs, which no encoding can write.
    return renderer(reports, least).encode("utf-8", "backslashreplace").decode("utf-8")


def render_text(reports: Sequence[Report], least: Severity) -> str:
    """Return a line per issue, a summary per file and, for several files, a table."""
    blocks = ["".join(f"{line}\n" for line in _write_text(report, least)) for report in reports]
    if len(reports) > 1:
        blocks.append("".join(f"{line}\n" for line in _write_table(reports)))
    return "\n".join(blocks)


def summarize(report: Report) -> str:
    """Return the verdict in a few words: ``2 errors, 1 warning, 0 notes in 20 cues``."""
    counts = [count_issues(report.count(severity), severity.label) for severity in reversed(Severity)]
    mended = f"; {len(report.mended)} mended" if report.copy else ""
    return f"{', '.join(counts)} in {count_issues(len(report.evidence.cues), 'cue')}{mended}"


def _write_text(report: Report, least: Severity) -> Iterator[str]:
    mended = [("mended", issue) for issue in report.mended if issue.severity >= least]
    remaining = [(issue.severity.label, issue) for issue in report.issues if issue.severity >= least]
    name = report.copy or report.source
    yield from _write_issues(report.source, mended)
    if mended and remaining:
        yield f"{_one_line(name)}: still to mend:"
    yield from _write_issues(name, remaining)
    hidden = len(report.issues) - len(remaining)
    more = f" (-v lists the {count_issues(hidden, 'note')})" if hidden else ""
    yield f"{_one_line(name)}: {summarize(report)}{more}"


def _write_issues(name: str, labelled: Sequence[tuple[str, Issue]]) -> Iterator[str]:
    places = [_one_line(name) + (f":{issue.cue}" if issue.cue is not None else "") for _, issue in labelled]
    width = max(map(len, places), default=0)
    for place, (label, issue) in zip(places, labelled, strict=True):
        yield f"{place:<{width}}  {format_clock(issue.start_ms, '.')}  {label:<7}  {issue.message}"


def _write_table(reports: Sequence[Report]) -> Iterator[str]:
    names = [_one_line(report.copy or report.source) for report in reports]
    width = max(4, *map(len, names))
    yield f"{'file':<{width}}  {'cues':>6}  {'errors':>6}  {'warnings':>8}  {'notes':>6}"
    for name, report in zip(names, reports, strict=True):
        errors, warnings, notes = (report.count(severity) for severity in reversed(Severity))
        yield f"{name:<{width}}  {len(report.evidence.cues):>6}  {errors:>6}  {warnings:>8}  {notes:>6}"


def render_json(reports: Sequence[Report], least: Severity) -> str:
    """Return an object that holds everything; times are seconds, measured times milliseconds."""
    files = [_file_object(report, least) for report in reports]
    document = {"generator": "qwen-subs", "version": __version__, "files": files}
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _file_object(report: Report, least: Severity) -> dict[str, Any]:
    item: dict[str, Any] = {
        "file": report.source,
        "preset": report.evidence.preset.name,
        "languages": sorted(set(report.evidence.languages)),
        "counts": {severity.label: report.count(severity) for severity in reversed(Severity)},
        "rules": {rule: len(issues) for rule, issues in report.by_rule.items()},
        "statistics": report.statistics,
        "issues": [_issue_object(issue) for issue in report.issues if issue.severity >= least],
    }
    if report.copy:
        item |= {"copy": report.copy, "mended": [_issue_object(issue) for issue in report.mended]}
    return item


def _issue_object(issue: Issue) -> dict[str, Any]:
    return {
        "rule": issue.rule,
        "severity": issue.severity.label,
        "cue": issue.cue,
        "start": issue.start_ms / 1000,
        "end": issue.end_ms / 1000,
        "measured": issue.measured,
        "limit": issue.limit,
        "unit": issue.unit,
        "message": issue.message,
    }


def render_csv(reports: Sequence[Report], least: Severity) -> str:
    """Return a row per issue, RFC 4180 with line feeds; times are seconds."""
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for report in reports:
        for issue in report.issues:
            if issue.severity >= least:
                item = _issue_object(issue) | {"file": report.copy or report.source}
                writer.writerow("" if item[column] is None else item[column] for column in _COLUMNS)
    return file.getvalue()


def _one_line(name: str) -> str:
    return name.replace("\n", "\\n")
