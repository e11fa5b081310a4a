"""How far the times of an aligner can be believed, from their confidence and from words piled up."""

from collections.abc import Sequence
from itertools import groupby

from qwen_subs.alignment.base import UnitTime

SURE = 0.5  # least confidence of a unit that is believed: its time is more probably there than elsewhere
PLATEAU = 5  # that many units in a row are piled up or unsure: the aligner has lost the text
MIN_UNSURE = 2  # that many unsure units in a row are worth another look
ANCHOR = 4  # that many sure units in a row are no coincidence

FAR_MS = 1_500  # longer pauses may be a wrong turn: the unit behind it is one of the same sound


def is_sure(time: UnitTime) -> bool:
    """Return whether a time can be believed on its own."""
    return not time.repaired and time.confidence >= SURE


def has_lost_text(times: Sequence[UnitTime]) -> bool:
    """Return whether the aligner lost the text somewhere: units piled up, or in a place it is not sure of."""
    return _find_run([not is_sure(time) for time in times], PLATEAU) is not None


def count_followed(times: Sequence[UnitTime]) -> int:
    """Return how many units the aligner followed from the start without losing the text.

    Most of them are sure, the last one too, and a few far behind the others do not count.
    """
    sure = [is_sure(time) for time in times]
    lost = _find_run([not one for one in sure], PLATEAU)
    count = len(sure) if lost is None else lost
    while count:
        far = next((i for i in range(count - 1, 0, -1) if _is_far(times, i) and sum(sure[i:count]) < ANCHOR), None)
        if far is not None:
            count = far
        elif sure[count - 1] and 2 * sum(sure[:count]) >= count:
            break
        else:
            count -= 1
    return count


def count_leading(times: Sequence[UnitTime]) -> int:
    """Return how many units at the start are sure, one and all."""
    return next((index for index, time in enumerate(times) if not is_sure(time)), len(times))


def count_anchored(times: Sequence[UnitTime], anchor: int = ANCHOR) -> int:
    """Return how many units there are up to the end of the last anchor, whatever lies before it; 0 without one.

    Args:
        times: Of units in a row.
        anchor: That many sure units, with at most one unsure between them, are one.
    """
    sure = [is_sure(time) for time in times]
    for count in range(len(sure), anchor - 1, -1):
        first = max(count - anchor - 1, 0)
        together = not any(_is_far(times, index) for index in range(first + 1, count))
        if together and sure[count - 1] and sum(sure[first:count]) >= anchor:
            return count
    return 0


def find_unsure_runs(times: Sequence[UnitTime]) -> list[tuple[int, int]]:
    """Return the first and the last of every ``MIN_UNSURE`` or more units in a row that are not sure."""
    runs: list[tuple[int, int]] = []
    for unsure, group in groupby(enumerate(times), key=lambda item: not is_sure(item[1])):
        indices = [index for index, _ in group]
        if unsure and len(indices) >= MIN_UNSURE:
            runs.append((indices[0], indices[-1]))
    return runs


def _is_far(times: Sequence[UnitTime], index: int) -> bool:
    """Return whether a unit comes long after the one before it."""
    return times[index].start_ms - times[index - 1].end_ms > FAR_MS


def _find_run(marks: Sequence[bool], length: int) -> int | None:
    """Return where the first marks of that number in a row begin."""
    run = 0
    for index, mark in enumerate(marks):
        run = run + 1 if mark else 0
        if run == length:
            return index + 1 - length
    return None
