"""A picture of time for the page of a report: sound, cues, shot changes and problems, row by row, as SVG."""

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import TypeVar

from qwen_subs.quality.evidence import ENVELOPE_STEP_MS, Evidence
from qwen_subs.quality.report import Issue, Severity
from qwen_subs.timecode import format_clock
from qwen_subs.transcript import TimeSpan

T = TypeVar("T")

_WIDTH = 1200
_ROWS_MS = {20_000: 4_000, 30_000: 5_000, 60_000: 10_000, 120_000: 20_000}  # how long a row is, and between its ticks
_MANY_ROWS = 60  # with more, rows hold more time
_MOST_ROWS = 1_000  # one stray cue at 99 hours must not make a page that no browser shows
_AXIS, _WAVE, _LANE = 20, 44, 38  # heights
_LANES = 3
_BINS = 300  # of the overview
_OVERVIEW = 40
_TEXT_WIDTH = 40  # a cue narrower than this shows only its number


class Timeline:
    """The picture of one file; identifiers and links begin with ``prefix``."""

    def __init__(self, prefix: str, evidence: Evidence, issues: Sequence[Issue]) -> None:
        self._prefix, self._evidence, self._issues = prefix, evidence, issues
        self._end_ms = max(evidence.end_ms, 1)
        self._row_ms = next((ms for ms in _ROWS_MS if self._end_ms <= ms * _MANY_ROWS), max(_ROWS_MS))
        self._row_ms *= -(-self._end_ms // (self._row_ms * _MOST_ROWS))
        self._tick_ms = _ROWS_MS.get(self._row_ms, self._row_ms // 6)
        self._wave = _WAVE if evidence.envelope else 0
        self._worst: dict[int, Severity] = {}
        for issue in issues:
            if issue.cue is not None:
                self._worst[issue.cue] = max(issue.severity, self._worst.get(issue.cue, Severity.NOTE))
        self._titles: dict[int, list[str]] = {}
        for issue in issues:
            if issue.cue is not None:
                self._titles.setdefault(issue.cue, []).append(issue.message)

    def row_of(self, time_ms: int) -> str:
        """Return what follows the prefix in the identifier of the row that shows a time."""
        return f"r{time_ms // self._row_ms}"

    def draw_overview(self) -> str:
        """Return the whole file in one strip: how much is shown when, and where the problems are."""
        bin_ms = self._end_ms / _BINS
        shown, worst, rows = [0.0] * _BINS, [-1] * _BINS, [""] * _BINS
        for cue in self._evidence.cues:
            for index in range(int(cue.start_ms / bin_ms), min(int(cue.end_ms / bin_ms) + 1, _BINS)):
                overlap_ms = min(cue.end_ms, (index + 1) * bin_ms) - max(cue.start_ms, index * bin_ms)
                shown[index] += max(overlap_ms, 0) / bin_ms
        for issue in self._issues:
            index = min(int(issue.start_ms / bin_ms), _BINS - 1)
            if issue.severity > worst[index]:
                worst[index], rows[index] = issue.severity, self.row_of(issue.start_ms)
        step = _WIDTH / _BINS
        shapes = []
        for index, (share, severity) in enumerate(zip(shown, worst, strict=True)):
            x, height = index * step, min(share, 1.0) * (_OVERVIEW - 12)
            if height >= 0.5:
                shapes.append(
                    f'<rect class="shown" x="{x:.1f}" y="{_OVERVIEW - height:.1f}" width="{step:.1f}" '
                    f'height="{height:.1f}"/>'
                )
            if severity >= 0:
                label = Severity(severity).label
                link = f"#{self._prefix}{rows[index]}"
                shapes.append(
                    f'<a href="{link}"><rect class="{label}" x="{x:.1f}" y="0" width="{step - 0.6:.1f}" height="9"/>'
                    f'<rect class="hit" x="{x:.1f}" y="0" width="{step:.1f}" height="{_OVERVIEW}"/></a>'
                )
        return (
            f'<svg class="overview" viewBox="0 0 {_WIDTH} {_OVERVIEW}" preserveAspectRatio="none" role="img" '
            f'aria-label="problems over time">{"".join(shapes)}</svg>'
        )

    def draw(self) -> Iterator[str]:
        """Yield the heading, the key and the rows."""
        yield '<h2>Timeline</h2>\n<p class="key">'
        if self._evidence.envelope:
            yield "<span class='sound'>as loud as speech</span><span class='missed'>speech without a cue?</span>"
        yield "<span class='cue'>cue</span><span class='error'>error</span><span class='warning'>warning</span>"
        yield "<span class='note'>note</span>" + "<span class='shot'>shot change</span>" * bool(self._evidence.shots)
        if self._evidence.duration_ms is not None:
            yield "<span class='beyond'>after the media</span>"
        yield "</p>\n<div class='timeline'>"
        cues = self._sort_into_rows((i, c.start_ms, c.end_ms) for i, c in enumerate(self._evidence.cues))
        sounds = self._sort_into_rows((s, s.start_ms, s.end_ms) for s in self._evidence.speech or ())
        missed = self._sort_into_rows(
            (TimeSpan(i.start_ms, i.end_ms), i.start_ms, i.end_ms) for i in self._issues if i.rule == "missed-speech"
        )
        heard = range(-(-len(self._evidence.envelope) * ENVELOPE_STEP_MS // self._row_ms))
        named = (issue.start_ms // self._row_ms for issue in self._issues if issue.cue is None)
        last = -1
        for row in sorted({0, *cues, *heard, *named}):
            if row > last + 1:
                yield f"<p class='gap'>nothing until {_clock(row * self._row_ms)}</p>"
            shown = sorted(cues.get(row, ()), key=lambda index: self._evidence.cues[index].start_ms)
            yield self._draw_row(row, shown, sounds.get(row, ()), missed.get(row, ()))
            last = row
        yield "</div>"

    def _sort_into_rows(self, things: Iterable[tuple[T, int, int]]) -> dict[int, list[T]]:
        """Return by row the things that lie there; each comes with its start and end, ms."""
        rows: dict[int, list[T]] = {}
        for thing, start_ms, end_ms in things:
            for row in range(start_ms // self._row_ms, max(end_ms - 1, start_ms) // self._row_ms + 1):
                rows.setdefault(row, []).append(thing)
        return rows

    def _draw_row(self, row: int, cues: Sequence[int], sounds: Sequence[TimeSpan], missed: Sequence[TimeSpan]) -> str:
        first_ms = row * self._row_ms
        placed = self._place_lanes(cues)
        top = _AXIS + self._wave
        lanes = 1 + max(placed.values(), default=0)
        height = top + _LANE * lanes + 4
        shapes = [self._draw_axis(first_ms, height)]
        duration_ms = self._evidence.duration_ms
        if duration_ms is not None and duration_ms < first_ms + self._row_ms:
            x = self._x(duration_ms, first_ms)
            shapes.append(f'<rect class="beyond" x="{x:.1f}" y="0" width="{_WIDTH - x:.1f}" height="{height}"/>')
        if self._wave:
            shapes += [self._draw_span("sound", span, first_ms, _AXIS, _WAVE) for span in sounds]
            shapes += [self._draw_span("missed", span, first_ms, _AXIS, _WAVE) for span in missed]
            shapes.append(self._draw_wave(first_ms))
        shapes += [self._draw_cue(index, first_ms, top + _LANE * placed[index]) for index in cues]
        shapes += [
            f'<path class="shot" d="M{self._x(shot, first_ms):.1f} {_AXIS}V{height}"/>'
            for shot in self._evidence.shots
            if first_ms <= shot < first_ms + self._row_ms
        ]
        return (
            f'<svg id="{self._prefix}r{row}" viewBox="0 0 {_WIDTH} {height}" role="img" '
            f'aria-label="from {format_clock(first_ms, ".")}">{"".join(shapes)}</svg>'
        )

    def _place_lanes(self, cues: Sequence[int]) -> dict[int, int]:
        """Return the lane of every cue: the first one that is free, so that overlapping cues stand below each other."""
        free_ms = [0] * _LANES
        placed = {}
        for index in cues:
            cue = self._evidence.cues[index]
            lane = next((k for k, free in enumerate(free_ms) if free <= cue.start_ms), _LANES - 1)
            placed[index], free_ms[lane] = lane, cue.end_ms
        return placed

    def _x(self, time_ms: int, first_ms: int) -> float:
        return min(max((time_ms - first_ms) * _WIDTH / self._row_ms, 0.0), float(_WIDTH))

    def _draw_axis(self, first_ms: int, height: int) -> str:
        marks = []
        for time_ms in range(first_ms, first_ms + self._row_ms, self._tick_ms):
            x = self._x(time_ms, first_ms)
            marks.append(
                f'<path class="tick" d="M{x:.0f} 0V{height}"/><text x="{x + 4:.0f}" y="14">{_clock(time_ms)}</text>'
            )
        return "".join(marks)

    def _draw_span(self, kind: str, span: TimeSpan, first_ms: int, y: int, height: int) -> str:
        x, end = self._x(span.start_ms, first_ms), self._x(span.end_ms, first_ms)
        return f'<rect class="{kind}" x="{x:.1f}" y="{y}" width="{max(end - x, 0.5):.1f}" height="{height}"/>'

    def _draw_wave(self, first_ms: int) -> str:
        """Return the level of the sound, mirrored, as one shape."""
        envelope = self._evidence.envelope
        levels = envelope[first_ms // ENVELOPE_STEP_MS : (first_ms + self._row_ms) // ENVELOPE_STEP_MS + 1]
        if not levels:
            return ""
        middle, half = _AXIS + _WAVE / 2, _WAVE / 2 - 2
        step = _WIDTH * ENVELOPE_STEP_MS / self._row_ms
        upper = [f"{(k + 0.5) * step:.1f} {middle - max(level * half, 0.4):.1f}" for k, level in enumerate(levels)]
        lower = [f"{(k + 0.5) * step:.1f} {middle + max(level * half, 0.4):.1f}" for k, level in enumerate(levels)]
        return f'<path class="wave" d="M{"L".join(upper)}L{"L".join(reversed(lower))}Z"/>'

    def _draw_cue(self, index: int, first_ms: int, y: int) -> str:
        cue = self._evidence.cues[index]
        x, end = self._x(cue.start_ms, first_ms), self._x(cue.end_ms, first_ms)
        width, height = max(end - x, 2.0), _LANE - 4
        state = self._worst[index + 1].label if index + 1 in self._worst else "cue"
        lines = [*self._evidence.lines[index][:2]] if width >= _TEXT_WIDTH else []
        rows = "".join(
            f'<text x="6" y="{14 + 14 * k if len(lines) > 1 else 22}">{escape(line)}</text>'
            for k, line in enumerate(lines)
        )
        title = "\n".join((f"{index + 1}", *self._evidence.lines[index], *self._titles.get(index + 1, ())))
        return (
            f'<a href="#{self._prefix}c{index + 1}"><svg class="{state}" x="{x:.1f}" y="{y}" width="{width:.1f}" '
            f'height="{height}"><title>{escape(title)}</title><rect class="box" width="100%" height="100%" rx="3"/>'
            f'<rect class="edge" width="3" height="100%"/>{rows}</svg></a>'
        )


def _clock(time_ms: int) -> str:
    return format_clock(time_ms, ".").partition(".")[0]
