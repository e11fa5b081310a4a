"""The frame grid of a video: frame numbers <-> milliseconds, with exact rates.

A frame begins at ``phase + number / fps``, which is rarely a whole millisecond. Its time here is that moment rounded
down: a player shows a cue on every frame from its in-time up to its out-time, so it then appears with exactly that
frame and is gone with exactly that of its out-time. Rounded up, or to the nearest, it would miss its first frame, or
stay for one more. Rounding every frame on its own keeps hours free of drift.
"""

import re
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from qwen_subs.errors import UsageError

MAX_FPS = 300
_NTSC_RATES = tuple(Fraction(rate * 1000, 1001) for rate in (24, 30, 48, 60, 120))
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9}|/[1-9]\d{0,8})?")
_FRAME_CODE = re.compile(r"(\d+):([0-5]\d):([0-5]\d)([:;])(\d{2,3})")


def parse_frame_rate(text: str) -> Fraction:
    """Return frames per second exactly: ``25``, ``24000/1001``, or ``23.976``, ``29.97`` … which mean N × 1000/1001.

    Raises:
        UsageError: If it is no rate, or not within 1 to ``MAX_FPS``.
    """
    if _NUMBER.fullmatch(text.strip()):
        fps = Fraction(text.strip())
        decimals = len(text.strip().partition(".")[2])
        if decimals >= 2:  # 23.98, 23.976, 23.976024
            fps = next((rate for rate in _NTSC_RATES if round(rate, decimals) == fps), fps)
        if 1 <= fps <= MAX_FPS:
            return fps
    raise UsageError(f"no frame rate: {text!r}", hint="give one such as 23.976, 25, 29.97 or 30000/1001")


@dataclass(frozen=True, slots=True)
class FrameGrid:
    """When the frames of a video begin.

    Attributes:
        fps: Frames per second.
        phase_ms: When frame 0 begins; 0 for most files, else less than one frame.
    """

    fps: Fraction
    phase_ms: Fraction = Fraction(0)

    def to_ms(self, frame: int) -> int:
        """Return the beginning of a frame, rounded down; never negative."""
        return max(floor(self.phase_ms + frame * 1000 / self.fps), 0)

    def frame_at(self, ms: int) -> int:
        """Return the last frame that begins at this time or before it; undoes `to_ms`."""
        return ceil((ms + 1 - self.phase_ms) * self.fps / 1000) - 1

    def frame_from(self, ms: int) -> int:
        """Return the first frame that begins at this time or after it; undoes `to_ms`."""
        return ceil((ms - self.phase_ms) * self.fps / 1000)

    def nearest_frame(self, ms: int) -> int:
        """Return the frame that begins nearest to this time."""
        return round((ms - self.phase_ms) * self.fps / 1000)

    def count_from(self, ms: int) -> int:
        """Return the fewest frames that last at least so long."""
        return ceil(ms * self.fps / 1000)

    def count_within(self, ms: int) -> int:
        """Return the most frames that last at most so long."""
        return floor(ms * self.fps / 1000)


def parse_frame_code(text: str, fps: Fraction) -> int:
    """Return the milliseconds of an SMPTE time code, ``HH:MM:SS:FF``, or ``HH:MM:SS;FF`` with dropped numbers.

    Drop-frame codes (SMPTE ST 12-1) skip the first two numbers (four at 60) of every minute but each tenth, so that the
    code keeps up with the clock at 29.97.

    Raises:
        ValueError: If it is no such code at this rate.
    """
    match = _FRAME_CODE.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a time code: {text!r}")
    hours, minutes, seconds, frame = (int(match[group]) for group in (1, 2, 3, 5))
    numbers_per_s = ceil(fps)
    if frame >= numbers_per_s:
        raise ValueError(f"no frame {frame} at {numbers_per_s} per second")
    minutes += 60 * hours
    number = (minutes * 60 + seconds) * numbers_per_s + frame
    if match[4] == ";":
        dropped = numbers_per_s // 15
        if fps.denominator != 1001 or numbers_per_s % 30:
            raise ValueError("codes with ; are for 29.97 and 59.94 frames per second")
        number -= dropped * (minutes - minutes // 10)
    return FrameGrid(fps).to_ms(number)
