"""Reports as one page without scripts that needs nothing else: no network, no fonts, no images."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from html import escape
from importlib.resources import files

from qwen_subs import __version__
from qwen_subs.languages import display_width
from qwen_subs.quality.charts import draw_histogram
from qwen_subs.quality.report import Issue, Report, Severity, count_issues
from qwen_subs.quality.timeline import Timeline
from qwen_subs.timecode import format_clock

_FEW_CUES = 150  # up to so many the clean ones are shown as well at first
_FEW_ISSUES = 40  # up to so many the list of a rule is open at first
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_MARKS = {Severity.ERROR: "✕", Severity.WARNING: "!", Severity.NOTE: "i"}


def render_html(reports: Sequence[Report], least: Severity) -> str:
    """Return the page: for every file a summary, its problems, a picture of its time, and its cues."""
    style = files("qwen_subs.quality").joinpath("report.css").read_text(encoding="utf-8")
    names = ", ".join(report.copy or report.source for report in reports)
    parts = [
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">',
        f"<title>Check of {escape(names)}</title>\n<style>\n{style}</style>\n</head>\n<body>",
        *(part for number, report in enumerate(reports, start=1) for part in _Section(f"f{number}", report, least)),
        f"<footer>Checked by qwen-subs {__version__}</footer>\n</body>\n</html>\n",
    ]
    return "\n".join(parts)


class _Section:
    """The part of the page about one file; the identifiers of its elements begin with ``prefix``."""

    def __init__(self, prefix: str, report: Report, least: Severity) -> None:
        self._prefix, self._report = prefix, report
        self._issues = [issue for issue in report.issues if issue.severity >= least]
        self._timeline = Timeline(prefix, report.evidence, self._issues)
        self._by_cue: dict[int, list[Issue]] = {}
        for issue in self._issues:
            if issue.cue is not None:
                self._by_cue.setdefault(issue.cue, []).append(issue)

    def __iter__(self) -> Iterator[str]:
        yield f'<section class="file" id="{self._prefix}">'
        yield from self._write_head()
        yield '<div class="columns">\n<nav class="problems">'
        yield from self._write_problems()
        yield "</nav>\n<main>"
        yield from self._timeline.draw()
        yield from self._write_cues()
        yield "</main>\n</div>\n</section>"

    def _write_head(self) -> Iterator[str]:
        report, evidence = self._report, self._report.evidence
        yield f"<header>\n<h1>{escape(report.copy or report.source)}</h1>\n<p class='verdict'>"
        for severity in reversed(Severity):
            count = report.count(severity)
            state = severity.label if count else "none"
            mark = _MARKS[severity] if count else "✓"
            yield f'<span class="badge {state}">{mark} {count_issues(count, severity.label)}</span>'
        if report.mended:
            yield f'<span class="badge mended">✓ {len(report.mended)} mended</span>'
        languages = escape(", ".join(sorted(set(evidence.languages))) or "none")
        yield f"</p>\n<p class='facts'>preset <b>{escape(evidence.preset.name)}</b> · language <b>{languages}</b>"
        if evidence.transcript.media:
            yield f" · media <b>{escape(evidence.transcript.media)}</b>"
        if evidence.grid is not None:
            yield f" · <b>{float(evidence.grid.fps):.5g}</b> frames/s"
        yield "</p>\n</header>\n<div class='figures'>"
        figures = report.statistics
        yield _tile(f"{figures['cues']:g}", "cues")
        yield _tile(f"{100 * figures['share_without_error']:.4g} %", "of them without an error")
        yield _tile(format_clock(int(figures["shown_ms"]), ".").partition(".")[0], "on screen")
        if evidence.cues:
            limits = evidence.limits[0]
            speeds = [speed for speed in evidence.speeds if speed != float("inf")]
            yield draw_histogram(speeds, limits.max_cps, "reading speed, characters/s")
            durations = [cue.duration for cue in evidence.cues]
            yield draw_histogram(durations, limits.max_duration_ms / 1000, "time on screen, s")
        yield "</div>"
        yield self._timeline.draw_overview()

    def _write_problems(self) -> Iterator[str]:
        if self._report.mended:
            yield f"<details class='mended'><summary><b>{len(self._report.mended)}</b> mended</summary><ol>"
            yield from (f"<li>{self._describe(issue)}</li>" for issue in self._report.mended)
            yield "</ol></details>"
        groups: dict[str, list[Issue]] = {rule: [] for rule in self._report.by_rule}
        for issue in self._issues:
            groups[issue.rule].append(issue)
        if not any(groups.values()):
            yield "<p class='clean'>Nothing to complain about.</p>"
        for rule, issues in groups.items():
            if not issues:
                continue
            worst = max(issue.severity for issue in issues)
            opened = " open" * (len(issues) <= _FEW_ISSUES and worst > Severity.NOTE)
            yield f"<details{opened} class='{worst.label}'><summary><b>{len(issues)}</b> {escape(rule)}"
            yield f"<small>{escape(_explain_rules()[rule])}</small></summary><ol>"
            for issue in issues:
                place = f"c{issue.cue}" if issue.cue is not None else self._timeline.row_of(issue.start_ms)
                yield f'<li><a href="#{self._prefix}{place}">{self._describe(issue)}</a></li>'
            yield "</ol></details>"

    def _describe(self, issue: Issue) -> str:
        number = "" if issue.cue is None else f"<b>{issue.cue}</b> "
        return f"{number}<time>{format_clock(issue.start_ms, '.')}</time> {escape(issue.message)}"

    def _write_cues(self) -> Iterator[str]:
        evidence = self._report.evidence
        checked = " checked" * (len(evidence.cues) > _FEW_CUES)
        yield f"<h2>Cues</h2>\n<input type='checkbox' id='{self._prefix}only' class='only'{checked}>"
        yield f"<label for='{self._prefix}only'>only those with problems</label>\n<div class='cues'>"
        for index, (cue, lines) in enumerate(zip(evidence.cues, evidence.lines, strict=True)):
            issues = self._by_cue.get(index + 1, [])
            worst = max((issue.severity for issue in issues), default=None)
            state = "clean" if worst is None else worst.label
            limits, language = evidence.limits[index], evidence.languages[index]
            yield f'<article class="{state}" id="{self._prefix}c{index + 1}"><b>{index + 1}</b>'
            yield f"<p class='time'>{format_clock(cue.start_ms, '.')}<br>{format_clock(cue.end_ms, '.')}</p>"
            yield f"<p class='text' lang='{escape(language)}' dir='auto'>{'<br>'.join(map(escape, lines))}</p>"
            width = max(map(display_width, lines), default=0)
            yield "<div class='meters'>"
            yield _meter(evidence.speeds[index], limits.max_cps, "cps")
            yield _meter(width, limits.max_line_width, "cells")
            yield _meter(cue.duration, limits.max_duration_ms / 1000, "s") + "</div>"
            if issues:
                yield "<ul>" + "".join(
                    f"<li class='{issue.severity.label}'>{_MARKS[issue.severity]} {escape(issue.message)}</li>"
                    for issue in issues
                )
                yield "</ul>"
            yield "</article>"
        yield "</div>"


def _tile(value: str, label: str) -> str:
    return f"<div class='tile'><b>{escape(value)}</b><span>{escape(label)}</span></div>"


def _meter(value: float, limit: float, unit: str) -> str:
    """Return a bar that is full at the limit."""
    share = min(value / limit, 1.0) if limit else 1.0
    over = " class='over'" * (value > limit)
    shown = "∞" if value == float("inf") else f"{value:.3g}"
    return f"<span{over} style='--share:{100 * share:.0f}%'>{shown} {unit}</span>"


@cache
def _explain_rules() -> Mapping[str, str]:
    from qwen_subs.quality.rules import RULES

    return {name: (rule.__doc__ or "").partition("\n")[0] for name, rule in RULES.items()}
