"""Stage 3 of 7: chunks -> segments."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from qwen_subs.errors import ModelError
from qwen_subs.languages import join_texts
from qwen_subs.progress import Reporter, Stage
from qwen_subs.recognition.base import OutOfMemoryError, Recognition, Recognizer
from qwen_subs.recognition.context import compose_context
from qwen_subs.recognition.repetition import ends_in_cycle
from qwen_subs.settings import Settings
from qwen_subs.timecode import format_clock
from qwen_subs.transcript import Segment
from qwen_subs.waveform import SAMPLE_RATE, Chunk, Waveform

MIN_PIECE_MS = 150
"""Shorter pieces hold no word, and models answer them with noise."""

CUT_IN_SPEECH, TRUNCATED, REPETITION = "cut-in-speech", "truncated", "repetition"

_SILENCE = 2.0**-15  # one step of 16-bit audio: below it there is nothing to hear
_MIN_HALF = 2 * SAMPLE_RATE  # a piece whose answer has no end is halved down to 2 s
_QUIET_WINDOW = SAMPLE_RATE // 50  # 20 ms


@dataclass(frozen=True, slots=True)
class _Piece:
    """A chunk on its way through the recognizer: whose it is, and its samples (a view)."""

    source: int
    chunk: Chunk
    samples: NDArray[np.float32]


def recognize_chunks(
    inputs: Sequence[tuple[Waveform, Sequence[Chunk]]],
    recognizer: Recognizer,
    settings: Settings,
    reporter: Reporter,
    names: Sequence[str] = (),
) -> list[tuple[Segment, ...]]:
    """Return the segments of every waveform, sorted by start: one for each chunk in which somebody speaks.

    Batches are made over the chunks of all waveforms, sorted by length. Nothing is lost silently: a chunk whose answer
    has no end is cut in two and recognized again; what is still without an end, and text that goes round in circles, is
    kept and flagged.

    Args:
        inputs: Every waveform with its chunks, sorted by start.
        recognizer: Loaded and ready.
        settings: Language, context, hotwords and batch size.
        reporter: Told the progress, and what is flagged.
        names: What the waveforms are called in notices; by default they are numbered.

    Raises:
        ModelError: If the device has no room for a single chunk.
    """
    pieces = [
        _Piece(source, chunk, waveform.cut(chunk))
        for source, (waveform, chunks) in enumerate(inputs)
        for chunk in chunks
    ]
    reporter.start(Stage.RECOGNITION, sum(piece.chunk.duration_ms for piece in pieces))
    try:
        audible = [piece for piece in pieces if piece.chunk.duration_ms >= MIN_PIECE_MS and _is_audible(piece.samples)]
        reporter.advance(
            Stage.RECOGNITION, sum(p.chunk.duration_ms for p in pieces) - sum(p.chunk.duration_ms for p in audible)
        )
        # The longest first: a device that is too small shows at once.
        order = sorted(range(len(audible)), key=lambda place: -len(audible[place].samples))
        run = _BatchRun(recognizer, settings, reporter)
        recognitions = dict(zip(order, run.recognize_pieces([audible[place] for place in order]), strict=True))
    finally:
        reporter.finish(Stage.RECOGNITION)
    segments: list[list[Segment]] = [[] for _ in inputs]
    for place, piece in enumerate(audible):
        name = names[piece.source] if names else f"input {piece.source + 1}"
        _tell(name, piece.chunk, recognitions[place], reporter)
        if recognitions[place].text:
            segments[piece.source].append(_make_segment(piece.chunk, recognitions[place]))
    return [tuple(found) for found in segments]


class _BatchRun:
    """One pass over many pieces; remembers how much the device bears at once."""

    def __init__(self, recognizer: Recognizer, settings: Settings, reporter: Reporter) -> None:
        self._recognizer = recognizer
        self._language = settings.language
        self._context = compose_context(settings)
        self._reporter = reporter
        self._batch_size = settings.batch_size or recognizer.batch_size
        self._room: int | None = None  # samples per batch, once the memory has been full

    def recognize_pieces(self, pieces: Sequence[_Piece]) -> Iterator[Recognition]:
        """Yield the recognition of every piece, in order; the longest come first."""
        done = 0
        while done < len(pieces):
            longest = len(pieces[done].samples)
            size = self._batch_size if self._room is None else min(self._batch_size, max(1, self._room // longest))
            batch = pieces[done : done + size]
            try:
                results = self._recognize([piece.samples for piece in batch])
            except OutOfMemoryError as error:
                if len(batch) == 1:
                    raise self._no_room() from error
                self._room = len(batch) // 2 * longest
                self._reporter.notice(
                    f"out of memory on {self._recognizer.device} with {len(batch)} chunks at once, "
                    f"going on with {len(batch) // 2}"
                )
                continue
            for piece, result in zip(batch, results, strict=True):
                yield self._recognize_halves(piece.samples) if _can_be_halved(piece.samples, result) else result
                self._reporter.advance(Stage.RECOGNITION, piece.chunk.duration_ms)
            done += len(batch)

    def _recognize(self, batch: Sequence[NDArray[np.float32]]) -> list[Recognition]:
        return self._recognizer.recognize(batch, language=self._language, context=self._context)

    def _recognize_halves(self, samples: NDArray[np.float32]) -> Recognition:
        """Return the recognition of a piece from its two halves, cut at the quietest point near the middle."""
        cut = find_quietest(samples)
        parts = []
        for half in filter(_is_audible, (samples[:cut], samples[cut:])):
            try:
                result = self._recognize([half])[0]
            except OutOfMemoryError as error:
                raise self._no_room() from error
            parts.append(self._recognize_halves(half) if _can_be_halved(half, result) else result)
        return _join(parts)

    def _no_room(self) -> ModelError:
        return ModelError(
            f"out of memory on {self._recognizer.device} for a single chunk",
            hint="use a shorter --max-chunk, a smaller --model, or --device cpu",
        )


def find_quietest(samples: NDArray[np.float32]) -> int:
    """Return the sample at the middle of the quietest 20 ms in the middle half of a piece.

    Args:
        samples: float32, shape ``(n_samples,)``; at least 80 ms.
    """
    start, end = len(samples) // 4, 3 * len(samples) // 4
    windows = (end - start) // _QUIET_WINDOW
    middle = samples[start : start + windows * _QUIET_WINDOW].reshape(windows, _QUIET_WINDOW)
    energy = np.einsum("ij,ij->i", middle, middle, dtype=np.float64)
    return start + int(energy.argmin()) * _QUIET_WINDOW + _QUIET_WINDOW // 2


def _is_audible(samples: NDArray[np.float32]) -> bool:
    return len(samples) > 0 and max(float(samples.max()), -float(samples.min())) >= _SILENCE


def _can_be_halved(samples: NDArray[np.float32], recognition: Recognition) -> bool:
    return recognition.truncated and len(samples) >= 2 * _MIN_HALF


def _join(parts: Sequence[Recognition]) -> Recognition:
    """Return the parts of one chunk as one; its language is that of most of the text."""
    text, characters = "", dict[str, int]()
    for part in parts:
        text = join_texts((text, part.text), part.language)
        characters[part.language] = characters.get(part.language, 0) + len(part.text)
    language = max(characters, key=characters.__getitem__, default="")
    flags = tuple(dict.fromkeys(flag for part in parts for flag in part.flags))
    return Recognition(text, language, any(part.truncated for part in parts), flags)


def _make_segment(chunk: Chunk, recognition: Recognition) -> Segment:
    flags = [CUT_IN_SPEECH] * chunk.cut_in_speech + list(recognition.flags) + [TRUNCATED] * recognition.truncated
    flags += [REPETITION] * ends_in_cycle(recognition.text)
    return Segment(
        chunk.start_ms, chunk.end_ms, recognition.text, recognition.language, recognition.truncated, tuple(flags)
    )


def _tell(name: str, chunk: Chunk, recognition: Recognition, reporter: Reporter) -> None:
    place = f"{name}: {format_clock(chunk.start_ms, '.')} to {format_clock(chunk.end_ms, '.')}"
    if recognition.truncated:
        reporter.notice(f"{place}: the answer had no end, words may be missing")
    if ends_in_cycle(recognition.text):
        reporter.notice(f"{place}: the text repeats itself, which may be an error of the model")
