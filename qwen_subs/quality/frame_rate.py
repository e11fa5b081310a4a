"""The frame rate that subtitles were made for, told from their times alone."""

from collections.abc import Sequence
from fractions import Fraction

from qwen_subs.frames import FrameGrid
from qwen_subs.transcript import Cue

_RATES = tuple(
    Fraction(rate) for rate in ("24000/1001", "24", "25", "30000/1001", "30", "48", "50", "60000/1001", "60")
)
_FEWEST_TIMES = 12  # by chance, a time is on a frame of 24 per second once in 14 times, of 60 once in 6
_MOST_TIMES = 500  # so many tell as much as all
_MOST_OFF = 0.02  # what was moved by hand afterwards
_ROUNDING_MS = 1  # some programs round down, others to the nearest millisecond


def guess_frame_grid(cues: Sequence[Cue]) -> FrameGrid | None:
    """Return the frames on which almost all times of the cues are, the lowest such rate; None if there are none."""
    known = sorted({time_ms for cue in cues for time_ms in (cue.start_ms, cue.end_ms)})
    if len(known) < _FEWEST_TIMES:
        return None
    times = known[:: -(-len(known) // _MOST_TIMES)]
    grids = [FrameGrid(rate) for rate in _RATES]
    off = [sum(abs(grid.to_ms(grid.nearest_frame(ms)) - ms) > _ROUNDING_MS for ms in times) for grid in grids]
    fewest = min(off)
    return grids[off.index(fewest)] if fewest <= _MOST_OFF * len(times) else None
