"""Small pictures for the page of a report."""

from collections.abc import Sequence
from html import escape
from math import ceil

from qwen_subs.presets import NO_LIMIT

_BARS = 24
_WIDTH, _HEIGHT, _BASE = 240, 64, 50
_REACH = 1.5  # the axis goes on so far beyond the limit; what lies further out is in the last bar


def draw_histogram(values: Sequence[float], limit: float, title: str) -> str:
    """Return how values are distributed, those beyond the limit set off, as SVG."""
    limited = limit < NO_LIMIT
    step = (_REACH * limit if limited else max(values, default=1.0) * 1.01) / _BARS
    counts = [0] * _BARS
    for value in values:
        counts[min(int(value / step), _BARS - 1)] += 1
    tallest = max(counts) or 1
    bar = _WIDTH / _BARS
    edge = limit / step if limited else _BARS
    shapes = []
    for index, count in enumerate(counts):
        if count:
            height = max(ceil((_BASE - 4) * count / tallest), 2)
            kind = "over" if index >= edge - 1e-9 else "bar"
            shapes.append(
                f'<rect class="{kind}" x="{index * bar:.1f}" y="{_BASE - height}" width="{bar - 1:.1f}" '
                f'height="{height}"><title>{index * step:.1f} to {(index + 1) * step:.1f}: {count}</title></rect>'
            )
    x = edge * bar
    mark = (
        f'<path class="limit" d="M{x:.1f} 0V{_BASE}"/>'
        f'<text x="{x:.1f}" y="{_HEIGHT - 2}" class="middle">{limit:g}</text>'
        if limited
        else f'<text x="{_WIDTH}" y="{_HEIGHT - 2}" class="end">{_BARS * step:.3g}</text>'
    )
    return (
        f'<figure><svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(title)}">{"".join(shapes)}'
        f'<path class="axis" d="M0 {_BASE + 0.5}H{_WIDTH}"/><text x="0" y="{_HEIGHT - 2}">0</text>{mark}'
        f"</svg><figcaption>{escape(title)}</figcaption></figure>"
    )
