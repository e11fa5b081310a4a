"""Change of the sample rate for audio that is read without ffmpeg."""

from collections.abc import Iterable, Iterator

import numpy as np
from numpy.typing import NDArray

_BLOCK_S = 8  # whole seconds: then every rate gives whole samples on both sides
_MARGIN_S = 1  # on each side; the filter's response has long died away there
_PASSBAND = 0.94  # of the lower Nyquist frequency; the response falls to 0 from here to 1, as a raised cosine


def resample(blocks: Iterable[NDArray[np.float32]], source: int, target: int) -> Iterator[NDArray[np.float32]]:
    """Yield the same sound at another rate, aligned at the first sample, in ``ceil(n * target / source)`` samples.

    A zero-phase band limit in the frequency domain, block by block with overlapping margins (overlap-save).

    Args:
        blocks: float32, shape ``(n_samples,)``, of any lengths.
        source: Their rate in Hz.
        target: The wanted rate in Hz.
    """
    if source == target:
        yield from blocks
        return
    response = _response(source, target)
    window, step = (_BLOCK_S + 2 * _MARGIN_S) * source, _BLOCK_S * source
    waiting = [np.zeros(_MARGIN_S * source, dtype=np.float32)]  # silence before the start
    length = len(waiting[0])
    taken = given = 0
    for block in blocks:
        taken += len(block)
        waiting.append(block)
        length += len(block)
        while length >= window:
            pending = np.concatenate(waiting)
            yield _filter(pending[:window], response, source, target)
            given += _BLOCK_S * target
            waiting, length = [pending[step:]], length - step
    total = -(-taken * target // source)
    pending = np.concatenate(waiting)
    while given < total:
        last = _filter(np.pad(pending[:window], (0, max(0, window - len(pending)))), response, source, target)
        yield last[: total - given]
        given += len(last)
        pending = pending[step:]


def _response(source: int, target: int) -> NDArray[np.float32]:
    """Return the gain of every frequency of a window that both rates can hold, shape ``(n_frequencies,)``."""
    seconds = _BLOCK_S + 2 * _MARGIN_S
    nyquist = min(source, target) / 2
    frequencies = np.arange(int(nyquist * seconds) + 1) / seconds
    fall = np.clip((frequencies / nyquist - _PASSBAND) / (1 - _PASSBAND), 0, 1)
    return (0.5 + 0.5 * np.cos(np.pi * fall)).astype(np.float32) * np.float32(target / source)


def _filter(
    window: NDArray[np.float32], response: NDArray[np.float32], source: int, target: int
) -> NDArray[np.float32]:
    """Return the middle of a window of samples at the target rate, without the margins."""
    spectrum = np.fft.rfft(window)[: len(response)] * response
    length = (_BLOCK_S + 2 * _MARGIN_S) * target
    result = np.fft.irfft(spectrum, length)
    return result[_MARGIN_S * target : (_MARGIN_S + _BLOCK_S) * target].astype(np.float32)
