"""Audio longer than the aligner's window: one window after the other, each with fewer words than it holds.

An aligner that gets more words than the audio holds piles them up; one that gets fewer finds them at the start of the
window and leaves the rest alone. So each window gets somewhat fewer words than the speaking rate promises, the sure
ones are kept up to a pause, and the next window begins there. Where nothing is sure, fewer words and a later start are
tried, for music and noise that nobody speaks over.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qwen_subs.alignment.base import Aligner, AlignmentRequest, UnitTime
from qwen_subs.alignment.loudness import Loudness
from qwen_subs.alignment.repair import share_span, weigh_text
from qwen_subs.transcript import TimeSpan
from qwen_subs.waveform import Waveform

SURE = 0.3  # least confidence of a unit that is believed whatever its neighbours are
PLATEAU = 5  # that many units in a row are piled up or unsure: the aligner has lost the text
_FILL = 0.75  # of the letters that a window should hold are given to it
_MARGIN_MS = 1_000  # at the end of a window, where words may be cut off or pile up
_LEAD_IN_MS = 300  # of silence kept before sound
_SEARCH_MS = 300_000  # how far the text is looked for when it does not go on where it should
_MIN_MS_PER_LETTER = 30  # half of the ordinary
_RATE_AFTER_MS = 5_000  # of sound heard, the speaker's own rate is known


@dataclass(frozen=True, slots=True)
class StretchTimes:
    """The times of the units of a long waveform.

    Attributes:
        times: One per unit, in ms from the start of the waveform, sorted and not overlapping.
        unheard: How many units at the end found no audio; their times are shares of what was left.
    """

    times: tuple[UnitTime, ...]
    unheard: int


def has_plateau(times: Sequence[UnitTime]) -> bool:
    """Return whether the aligner piled up units on one time somewhere."""
    return _find_run([time.repaired for time in times]) is not None


def align_stretch(
    waveform: Waveform, units: Sequence[str], language: str, aligner: Aligner, advance: Callable[[int], None]
) -> StretchTimes:
    """Time units that are spoken in this order somewhere in a waveform of any length.

    Args:
        waveform: Where they are spoken.
        units: What is spoken.
        language: ISO 639 code.
        aligner: Loaded.
        advance: Told the milliseconds of audio that are done, in steps.
    """
    stretch = _Stretch(waveform, units, language, aligner)
    done_ms = 0
    while stretch.step():
        advance(stretch.position_ms - done_ms)
        done_ms = stretch.position_ms
    advance(waveform.duration_ms - done_ms)
    return stretch.finish()


@dataclass(frozen=True, slots=True)
class _Attempt:
    """What the aligner says of one window.

    Attributes:
        start_ms: Of the window.
        times: From the start of the waveform.
        kept: How many of the times are believed.
    """

    start_ms: int
    times: tuple[UnitTime, ...]
    kept: int


class _Stretch:
    """The units that have a time so far, and where the next ones are looked for."""

    def __init__(self, waveform: Waveform, units: Sequence[str], language: str, aligner: Aligner) -> None:
        self._waveform, self._language, self._aligner = waveform, language, aligner
        self._end_ms = waveform.duration_ms
        self._units = tuple(units)
        self._weights = [weigh_text(unit) for unit in units]
        self._loudness = Loudness(waveform)
        self._times: list[UnitTime] = []
        self._heard_letters = self._heard_ms = 0
        self.position_ms = 0

    def step(self) -> bool:
        """Place the units of one window; return whether there was anything to do."""
        sound_ms = self._loudness.find_sound(TimeSpan(self.position_ms, self._end_ms))
        if len(self._times) == len(self._units) or sound_ms == self._end_ms:
            return False
        start_ms = max(self.position_ms, sound_ms - _LEAD_IN_MS)
        attempt = self._try(start_ms, 1.0)
        if not attempt.kept:
            attempt = self._search(attempt)
        if not attempt.kept:
            return False
        kept = attempt.times[: attempt.kept]
        end_ms = kept[-1].end_ms
        self._heard_letters += sum(self._weights[len(self._times) : len(self._times) + len(kept)])
        self._heard_ms += self._loudness.measure_sound(TimeSpan(attempt.start_ms, end_ms))
        self._times += kept
        self.position_ms = end_ms
        return True

    def _search(self, failed: _Attempt) -> _Attempt:
        """Return a better attempt than one of which nothing can be believed: fewer units, or a later start.

        When nothing better is found, half of the failed one is taken, with its low confidence, as long as the audio
        has room for the rest of the text.
        """
        start_ms = failed.start_ms
        attempt = self._try(start_ms, 0.5)
        step_ms = self._aligner.window_ms // 2
        while not attempt.kept and start_ms + step_ms < min(self._end_ms, failed.start_ms + _SEARCH_MS):
            start_ms = self._cut(start_ms, step_ms)
            attempt = self._try(start_ms, 0.5)
        if attempt.kept:
            return attempt
        letters = sum(self._weights[len(self._times) :])
        if letters * _MIN_MS_PER_LETTER > self._end_ms - failed.start_ms:
            return failed
        return replace(failed, kept=max(len(failed.times) // 2, 1))

    def finish(self) -> StretchTimes:
        """Return the times of all units; those that found no audio share what is left."""
        unheard = len(self._units) - len(self._times)
        if unheard:
            shares = share_span(self.position_ms, self._end_ms, self._weights[-unheard:])
            self._times += [UnitTime(start, end, 0.0, True) for start, end in shares]
        return StretchTimes(tuple(self._times), unheard)

    def _try(self, start_ms: int, share: float) -> _Attempt:
        """Align what should be spoken from ``start_ms``, or a share of it, and judge the result."""
        end_ms = self._cut(start_ms, self._aligner.window_ms)
        is_last = end_ms == self._end_ms
        done = len(self._times)
        count = self._count_units(TimeSpan(start_ms, end_ms), share, is_last)
        units = self._units[done : done + count]
        request = AlignmentRequest(self._waveform.cut(TimeSpan(start_ms, end_ms)), units, self._language)
        times = tuple(time.shift(start_ms) for time in self._aligner.align([request])[0])
        unsure = [time.repaired or time.confidence < SURE for time in times]
        lost = _find_run(unsure)
        kept = len(times) if lost is None else lost
        if is_last and kept == len(self._units) - done:
            return _Attempt(start_ms, times, kept)
        while kept and (unsure[kept - 1] or times[kept - 1].end_ms > end_ms - _MARGIN_MS):
            kept -= 1
        return _Attempt(start_ms, times, _find_pause(times, kept))

    def _cut(self, start_ms: int, length_ms: int) -> int:
        """Return a quiet point at most ``length_ms`` after the start, or the end of the audio."""
        if self._end_ms - start_ms <= length_ms:
            return self._end_ms
        return self._loudness.find_quiet(TimeSpan(start_ms + length_ms * 2 // 3, start_ms + length_ms))

    def _count_units(self, window: TimeSpan, share: float, is_last: bool) -> int:
        """Return how many of the next units to look for in a window; at least 1."""
        letters = window.duration_ms / _MIN_MS_PER_LETTER
        if not is_last or share < 1:
            letters = min(letters, self._loudness.measure_sound(window) * self._estimate_rate() * _FILL * share)
        count = 0
        for weight in self._weights[len(self._times) :]:
            letters -= weight
            if letters < 0:
                break
            count += 1
        return max(count, 1)

    def _estimate_rate(self) -> float:
        """Return the letters per millisecond of sound: as heard so far, else as if the text filled the audio."""
        rest = TimeSpan(self.position_ms, self._end_ms)
        left_ms = max(self._loudness.measure_sound(rest), 1)
        promised = sum(self._weights[len(self._times) :]) / left_ms
        if self._heard_ms < _RATE_AFTER_MS:
            return promised
        return min(self._heard_letters / self._heard_ms, 2 * promised)


def _find_pause(times: Sequence[UnitTime], kept: int) -> int:
    """Return how many units to keep so that the last one is followed by a long pause, at least half of them."""
    candidates = range(kept // 2, min(kept, len(times) - 1))
    pauses = [(times[index + 1].start_ms - times[index].end_ms, index) for index in candidates]
    return max(pauses)[1] + 1 if pauses else kept


def _find_run(marks: Sequence[bool]) -> int | None:
    """Return where the first ``PLATEAU`` marks in a row begin."""
    run = 0
    for index, mark in enumerate(marks):
        run = run + 1 if mark else 0
        if run == PLATEAU:
            return index + 1 - PLATEAU
    return None
