"""Audio longer than the aligner's window: one window after the other, each with fewer words than it holds.

An aligner that gets more words than the audio holds piles them up; one that gets fewer finds them at the start of the
window and leaves the rest alone. So each window gets somewhat fewer words than the speaking rate promises, the sure
ones are kept up to a pause, and the next window begins there. Where nothing is sure, shorter windows are tried, then
later ones, for music and noise that nobody speaks over.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from qwen_subs.alignment.base import Aligner, AlignmentRequest, UnitTime
from qwen_subs.alignment.loudness import Loudness
from qwen_subs.alignment.repair import share_span, weigh_text
from qwen_subs.alignment.trust import ANCHOR, count_anchored, count_followed, count_leading, find_unsure_runs
from qwen_subs.transcript import TimeSpan
from qwen_subs.waveform import Waveform

_PARTS = (1.0, 0.6, 0.3)  # of the window, tried one after the other until the aligner follows the text
_FILL = 0.75  # of the letters that a window should hold are given to it
_MIN_FOLLOWED = 0.6  # of the units of a window: fewer, and a shorter window may do better
_MIN_UNITS = 8  # are given to any window: fewer do not tell one place from another
_MIN_LEADING = 2  # sure units at the very start of a window, where they are due, are believed without an anchor
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
        times: From the start of the waveform; without those so near to the end of the window that they may be cut off.
        is_complete: Whether this is the rest of the text in the rest of the audio.
    """

    start_ms: int
    times: tuple[UnitTime, ...]
    is_complete: bool


class _Stretch:
    """The units that have a time so far, and where the next ones are looked for."""

    def __init__(self, waveform: Waveform, units: Sequence[str], language: str, aligner: Aligner) -> None:
        self._waveform, self._language, self._aligner = waveform, language, aligner
        self._end_ms = waveform.duration_ms
        self._lengths_ms = [int(aligner.window_ms * part) for part in _PARTS]
        self._units = tuple(units)
        self._weights = [weigh_text(unit) for unit in units]
        self._loudness = Loudness(waveform)
        self._times: list[UnitTime] = []
        self._heard_letters = self._heard_ms = 0
        self.position_ms = 0

    def step(self) -> bool:
        """Place the units of one window; return whether there was anything to do."""
        start_ms = self._skip_silence(self.position_ms)
        if len(self._times) == len(self._units) or start_ms == self._end_ms:
            return False
        attempt, kept = self._choose(start_ms)
        if kept:
            self._keep(attempt, kept)
            return True
        return self._pass_over(start_ms)

    def _choose(self, start_ms: int) -> tuple[_Attempt, int]:
        """Return an attempt at the next units and how many of its times to believe; 0 if they are nowhere found."""
        anchor = min(ANCHOR, len(self._units) - len(self._times))
        attempts = []
        for end_ms in dict.fromkeys(self._cut(start_ms, length_ms) for length_ms in self._lengths_ms):
            attempt = self._try(start_ms, end_ms)
            followed = count_followed(attempt.times)
            if attempt.is_complete and followed == len(attempt.times):
                return attempt, followed
            if followed >= anchor and followed >= _MIN_FOLLOWED * len(attempt.times):
                return attempt, self._find_pause(attempt.times, followed)
            attempts.append(attempt)
        attempt = max(attempts, key=lambda attempt: count_followed(attempt.times))
        if (followed := count_followed(attempt.times)) >= anchor:
            return attempt, self._find_pause(attempt.times, followed)
        for attempt in attempts:
            if anchored := count_anchored(attempt.times, anchor):
                return attempt, self._find_pause(attempt.times, anchored)
        attempt = max(attempts, key=lambda attempt: count_leading(attempt.times))
        if (leading := count_leading(attempt.times)) >= _MIN_LEADING:
            return attempt, leading
        for attempt in self._search(start_ms):
            if anchored := count_anchored(attempt.times, anchor):
                return attempt, self._find_pause(attempt.times, anchored)
        return attempts[0], 0

    def _keep(self, attempt: _Attempt, kept: int) -> None:
        """Believe the first times of an attempt; those that are not sure are looked for again between the sure ones."""
        done, times = len(self._times), list(attempt.times[:kept])
        for first, last in find_unsure_runs(times):
            start_ms = times[first - 1].end_ms if first else attempt.start_ms
            end_ms = times[last + 1].start_ms if last + 1 < kept else times[last].end_ms
            units = self._units[done + first : done + last + 1]
            again = self._align(TimeSpan(start_ms, end_ms), units)
            if sum(time.confidence for time in again) > sum(time.confidence for time in times[first : last + 1]):
                times[first : last + 1] = again
        self._heard_letters += sum(self._weights[done : done + kept])
        self._heard_ms += self._loudness.measure_sound(TimeSpan(attempt.start_ms, times[-1].end_ms))
        self._times += times
        self.position_ms = times[-1].end_ms

    def _search(self, start_ms: int) -> Iterator[_Attempt]:
        """Look for the next units in later and later windows, the shortest ones, which overlap."""
        limit_ms = min(self._end_ms, start_ms + _SEARCH_MS)
        length_ms = self._lengths_ms[-1]
        while start_ms + length_ms // 2 < limit_ms:
            start_ms = self._skip_silence(self._cut(start_ms, length_ms // 2))
            if start_ms < self._end_ms:
                yield self._try(start_ms, self._cut(start_ms, length_ms))

    def _pass_over(self, start_ms: int) -> bool:
        """Give up on the next units: they get time at the rate heard so far, as long as the audio has room for all."""
        rest = self._weights[len(self._times) :]
        if sum(rest) * _MIN_MS_PER_LETTER > self._end_ms - start_ms:
            return False
        end_ms = self._cut(start_ms, self._aligner.window_ms // 2)
        count = self._count_units(TimeSpan(start_ms, end_ms))
        shares = share_span(start_ms, end_ms, rest[:count])
        self._times += [UnitTime(start, end, 0.0, True) for start, end in shares]
        self.position_ms = end_ms
        return True

    def finish(self) -> StretchTimes:
        """Return the times of all units; those that found no audio share what is left."""
        unheard = len(self._units) - len(self._times)
        if unheard:
            shares = share_span(self.position_ms, self._end_ms, self._weights[-unheard:])
            self._times += [UnitTime(start, end, 0.0, True) for start, end in shares]
        return StretchTimes(tuple(self._times), unheard)

    def _try(self, start_ms: int, end_ms: int) -> _Attempt:
        """Align what should be spoken in a window."""
        done = len(self._times)
        is_last = end_ms == self._end_ms
        count = self._count_units(TimeSpan(start_ms, end_ms), is_last)
        units = self._units[done : done + count]
        times = self._align(TimeSpan(start_ms, end_ms), units)
        is_complete = is_last and done + len(units) == len(self._units)
        while times and not is_complete and times[-1].end_ms > end_ms - _MARGIN_MS:
            times.pop()
        return _Attempt(start_ms, tuple(times), is_complete)

    def _align(self, window: TimeSpan, units: tuple[str, ...]) -> list[UnitTime]:
        """Ask the aligner; times count from the start of the waveform."""
        request = AlignmentRequest(self._waveform.cut(window), units, self._language)
        return [time.shift(window.start_ms) for time in self._aligner.align([request])[0]]

    def _skip_silence(self, start_ms: int) -> int:
        """Return when to begin a window: shortly before the next sound; the end of the audio if there is none."""
        sound_ms = self._loudness.find_sound(TimeSpan(start_ms, self._end_ms))
        return sound_ms if sound_ms == self._end_ms else max(start_ms, sound_ms - _LEAD_IN_MS)

    def _cut(self, start_ms: int, length_ms: int) -> int:
        """Return a quiet point at most ``length_ms`` after the start, or the end of the audio."""
        if self._end_ms - start_ms <= length_ms:
            return self._end_ms
        return self._loudness.find_quiet(TimeSpan(start_ms + length_ms * 2 // 3, start_ms + length_ms))

    def _count_units(self, window: TimeSpan, is_last: bool = False) -> int:
        """Return how many of the next units to look for in a window; in the last one all that it can possibly hold."""
        letters = window.duration_ms / _MIN_MS_PER_LETTER
        if not is_last:
            letters = min(letters, self._loudness.measure_sound(window) * self._estimate_rate() * _FILL)
        count = 0
        for weight in self._weights[len(self._times) :]:
            letters -= weight
            if letters < 0:
                break
            count += 1
        return max(count, _MIN_UNITS)

    def _estimate_rate(self) -> float:
        """Return the letters per millisecond of sound: as heard so far, else as if the text filled the audio."""
        rest = TimeSpan(self.position_ms, self._end_ms)
        left_ms = max(self._loudness.measure_sound(rest), 1)
        promised = sum(self._weights[len(self._times) :]) / left_ms
        if self._heard_ms < _RATE_AFTER_MS:
            return promised
        return min(self._heard_letters / self._heard_ms, 2 * promised)

    def _find_pause(self, times: Sequence[UnitTime], kept: int) -> int:
        """Return how many units to keep so that the last one is followed by a long pause, at least half of them."""

        def measure_pause(index: int) -> int:
            if index + 1 < kept:
                return times[index + 1].start_ms - times[index].end_ms
            return self._loudness.measure_quiet(times[index].end_ms)

        return max(range(kept // 2, kept), key=lambda index: (measure_pause(index), index)) + 1
