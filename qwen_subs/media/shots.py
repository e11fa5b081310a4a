"""Media file -> the moments at which a new shot begins.

Every frame is compared with the one before it, on pictures of a few thousand pixels. A cut is a difference that is
large and sudden, that concerns much of the picture, and after which the old picture does not come back: motion is large
but not sudden, fades are neither, and after a flash the picture comes back.
"""

import os
from collections import deque
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from qwen_subs.frames import FrameGrid
from qwen_subs.media import ffmpeg
from qwen_subs.media.matroska import read_packets
from qwen_subs.media.probe import probe_container
from qwen_subs.media.sound_file import open_sound
from qwen_subs.media.source import is_pipe, open_source
from qwen_subs.progress import Reporter, Stage

_SILENT = Reporter()
_PROGRESS_MS = 2_000
_WIDTH, _HEIGHT = 64, 36
_PIXELS = _WIDTH * _HEIGHT
# Sum of the mean differences of Y, U and V (0 to 255): less is noise, or something small that moves.
_LEAST_DIFFERENCE = 5.0
# A sudden difference is so many times that of the moving pictures around it. They are judged by the third largest, so
# that a few cuts among them count as little as the still frames between the drawings of an animation.
_SUDDENNESS = 2.2
_AROUND_S = 0.34
_RANK = 3
# Share of the pixels that change by more than this, over Y, U and V: titles and passers-by change fewer.
_CHANGE, _LEAST_SHARE = 12, 0.25
# Pictures alike but for their brightness are one shot, lit in another way.
_SAME_PICTURE = 0.92  # correlation
_FLAT = 4.0  # variance of a picture without a shape
_OTHER_COLOURS = 48  # mean change of U and V
# A flash, after which the picture is about what it was; and the shortest shot.
_FLASH_S = 0.25
_RETURN_SHARE = 0.5


@dataclass(slots=True)
class _Candidate:
    """A frame that differs much from the one before it."""

    index: int
    before: NDArray[np.int16]
    difference: float
    returns_at: int | None = None  # frame at which the picture before it is back


def find_shot_changes(media: str | os.PathLike[str], reporter: Reporter = _SILENT) -> tuple[int, ...]:
    """Return the times, in ms from the start of the media, of the first frames of new shots, sorted.

    The first shot of all is not listed. Fades and dissolves are no cuts: they have no first frame.

    Args:
        media: As for ``load_waveform``; sound alone gives none, nor does a pipe, which is read only once.
        reporter: Receives progress, and is told of damage.

    Raises:
        InputError: If it cannot be read as media.
        MissingDependencyError: If ffmpeg is needed and not installed.
    """
    if is_pipe(media):
        return ()
    source = open_source(media)
    sound = open_sound(source)
    if sound is not None:
        with sound:
            return ()
    info = probe_container(source)
    if info.fps is None:
        return ()
    detector = _Detector(info.fps)
    times: list[int] = []
    reporter.start(Stage.SHOTS, info.duration_ms)
    try:
        reported_ms = 0
        command = ffmpeg.build_watching(source, info.start_ms, _WIDTH, _HEIGHT)
        with ffmpeg.Decoding(source, command) as decoding:
            for time_ms, packet in read_packets(decoding.read_blocks()):
                times.append(time_ms - ffmpeg.PIPE_OFFSET_S * 1000)
                detector.add(np.frombuffer(packet, dtype=np.uint8))
                if times[-1] - reported_ms >= _PROGRESS_MS:
                    reporter.advance(Stage.SHOTS, times[-1] - reported_ms)
                    reported_ms = times[-1]
            decoding.finish()
        if decoding.failed:
            until = f" after {times[-1] / 1000:.1f} s" if times else ""
            reporter.notice(f"{source.label}: no shots were looked for{until} ({decoding.explain().message})")
    finally:
        reporter.finish(Stage.SHOTS)
    found = [times[index] for index in detector.find_cuts()]
    if not info.variable_fps:
        grid = FrameGrid(info.fps, info.first_frame_ms % (1000 / info.fps))
        found = [grid.to_ms(grid.nearest_frame(time_ms)) for time_ms in found]
    return tuple(time_ms for time_ms in found if time_ms > 0)


class _Detector:
    """Finds cuts in a sequence of small pictures, of which it keeps only a few.

    Args:
        fps: Frames per second, to tell short from long.
    """

    def __init__(self, fps: Fraction) -> None:
        self._around = max(round(_AROUND_S * fps), 3)
        self._flash = max(round(_FLASH_S * fps), 2)
        self._differences: list[float] = []
        self._candidates: list[_Candidate] = []
        self._open: deque[_Candidate] = deque()
        self._last: NDArray[np.int16] | None = None

    def add(self, planes: NDArray[np.uint8]) -> None:
        """Take the next picture: Y, U and V one after the other, uint8, shape ``(n_pixels * 3 // 2,)``."""
        picture = planes.astype(np.int16)
        index = len(self._differences)
        while self._open and index > self._open[0].index + self._flash:
            self._open.popleft()
        for candidate in self._open:
            if candidate.returns_at is None and _differ(candidate.before, picture) < (
                _RETURN_SHARE * candidate.difference
            ):
                candidate.returns_at = index
        difference = 0.0
        if self._last is not None:
            difference = _differ(self._last, picture)
            if difference >= _LEAST_DIFFERENCE and _is_another(self._last, picture):
                self._candidates.append(_Candidate(index, self._last, difference))
                self._open.append(self._candidates[-1])
        self._differences.append(difference)
        self._last = picture

    def find_cuts(self) -> list[int]:
        """Return the numbers of the first frames of new shots."""
        cuts: list[int] = []
        blind_until = -1
        for candidate in self._candidates:
            if candidate.index <= blind_until or not self._is_sudden(candidate):
                continue
            if candidate.returns_at is not None:
                blind_until = candidate.returns_at
            else:
                blind_until = candidate.index + self._flash
                cuts.append(candidate.index)
        return cuts

    def _is_sudden(self, candidate: _Candidate) -> bool:
        before = self._differences[max(candidate.index - self._around, 0) : candidate.index]
        after = self._differences[candidate.index + 1 : candidate.index + 1 + self._around]
        others = sorted(before + after, reverse=True)
        rank = 1 + (_RANK - 1) * len(others) // (2 * self._around)  # less near the ends of the film
        usual = others[rank - 1] if len(others) >= rank else 0.0
        return candidate.difference >= _SUDDENNESS * usual + _LEAST_DIFFERENCE


def _differ(one: NDArray[np.int16], other: NDArray[np.int16]) -> float:
    """Return the mean differences of Y, U and V, added up."""
    difference = np.abs(one - other)
    chroma = difference[_PIXELS:].mean() * 2 if difference.size > _PIXELS else 0.0
    return float(difference[:_PIXELS].mean() + chroma)


def _is_another(one: NDArray[np.int16], other: NDArray[np.int16]) -> bool:
    """Return whether much of the picture changed, and more than its brightness."""
    difference = np.abs(one - other)
    half = (_HEIGHT // 2, _WIDTH // 2)
    chroma = difference[_PIXELS:].reshape(2, *half).sum(axis=0)
    change = difference[:_PIXELS].reshape(_HEIGHT, _WIDTH) + chroma.repeat(2, axis=0).repeat(2, axis=1)
    changed = change.ravel() > _CHANGE
    if np.count_nonzero(changed) < _LEAST_SHARE * _PIXELS:
        return False
    # Compared where they differ, as the bars around a film are the same in all its shots.
    luma = [picture[:_PIXELS][changed].astype(np.float32) for picture in (one, other)]
    shapes = [values - values.mean() for values in luma]
    power = float(np.sqrt((shapes[0] ** 2).mean() * (shapes[1] ** 2).mean()))
    if power < _FLAT:
        return True
    return float((shapes[0] * shapes[1]).mean()) / power < _SAME_PICTURE or float(chroma.mean()) > _OTHER_COLOURS
