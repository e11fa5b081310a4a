"""Words of one cue -> lines: the least costly places for the line breaks."""

from qwen_subs.boundaries import Boundary, Kind
from qwen_subs.segmentation.passage import Passage

# Costs of a line break. The scale: an unmarked break costs 4, the most lopsided pair of lines 7; a clause mark
# outweighs a moderate lopsidedness, and an article at the end of a line is worse than one more cue.
_BREAK_COSTS = {Kind.SENTENCE: 0.0, Kind.CLAUSE: 1.0, Kind.PLAIN: 4.0, Kind.FORBIDDEN: 1000.0}
_BOND_COST = 36.0
_NEAR_MARK_COST = 2.5
_LOOSE_COST = 12.0  # where the second word may well begin a line
_BALANCE_COST = 14.0
_UPPER_LINE_WEIGHT = 1.1  # of two equal ways the one with the shorter line on top

_Layout = tuple[float, tuple[int, ...]]


class LineBreaker:
    """Breaks any stretch of one passage into lines.

    Lines are compared by the squares of their widths, so that even ones are best, and by what stands at their ends.
    """

    def __init__(self, passage: Passage) -> None:
        self._passage = passage
        self._limit = passage.limits.max_line_width
        # In units of squared cells, so that the inner loop only adds.
        self._scale = self._limit * self._limit / _BALANCE_COST
        self._break_costs = [self._scale * rate_line_break(boundary) for boundary in passage.boundaries]

    def break_lines(self, first: int, end: int) -> _Layout | None:
        """Return the cost of the best line breaks for the words ``first`` to ``end - 1``, and where later lines begin.

        As few lines as possible. A word that is wider than a line takes a line of its own, uncut.

        Returns:
            None if the words do not fit into the limits.
        """
        total = self._passage.width(first, end)
        if total <= self._limit or end == first + 1:
            return 0.0, ()
        known: dict[tuple[int, int], _Layout | None] = {}
        for count in range(2, self._passage.limits.max_line_count + 1):
            layout = self._divide(first, end, count, 1.0, known)
            if layout is not None:
                # What perfectly even lines would cost is taken off.
                return (layout[0] - total * total / count) / self._scale, layout[1]
        return None

    def _divide(
        self, first: int, stop: int, count: int, weight: float, known: dict[tuple[int, int], _Layout | None]
    ) -> _Layout | None:
        """Return cost and breaks of the words ``first`` to ``stop - 1`` on ``count`` lines, the last one weighted."""
        passage, limit = self._passage, self._limit
        best: _Layout | None = None
        for start in range(stop - 1, first + count - 2, -1):
            width = passage.width(start, stop)
            if width > limit and start < stop - 1:
                break
            if count == 2:
                top = passage.width(first, start)
                if top > limit and start > first + 1:
                    continue
                upper: _Layout | None = (_UPPER_LINE_WEIGHT * top * top, ())
            else:
                if (start, count) not in known:
                    known[start, count] = self._divide(first, start, count - 1, _UPPER_LINE_WEIGHT, known)
                upper = known[start, count]
            if upper is None:
                continue
            cost = upper[0] + weight * width * width + self._break_costs[start]
            if best is None or cost < best[0]:
                best = cost, (*upper[1], start)
        return best


def rate_line_break(boundary: Boundary) -> float:
    """Return the cost of ending a line here."""
    bond_cost = (_BOND_COST if boundary.bond > 0 else _LOOSE_COST) * boundary.bond
    return _BREAK_COSTS[boundary.kind] + bond_cost + _NEAR_MARK_COST * boundary.near_mark
