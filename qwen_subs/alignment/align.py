"""Stage 4 of 7: segments -> words; and a script -> segments and words."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from qwen_subs.alignment.attach import attach_times, spread_words
from qwen_subs.alignment.base import Aligner, AlignmentRequest, UnitTime
from qwen_subs.alignment.partition import DisplayWord, partition_text
from qwen_subs.alignment.scripts import has_japanese_dictionary
from qwen_subs.alignment.trust import has_lost_text
from qwen_subs.alignment.windows import align_stretch
from qwen_subs.errors import InputError, UsageError
from qwen_subs.languages import LANGUAGES, find_language
from qwen_subs.progress import Reporter, Stage
from qwen_subs.settings import Settings
from qwen_subs.transcript import Segment, TimeSpan, Word, normalize_space
from qwen_subs.waveform import Waveform

TIMES_APPROXIMATE = "times-approximate"


def align_segments(
    inputs: Sequence[tuple[Waveform, Sequence[Segment]]],
    aligner: Aligner,
    settings: Settings,
    reporter: Reporter,
) -> list[tuple[Word, ...]]:
    """Return the words of every input's segments, with their times.

    The segments of all inputs are aligned in common batches of similar length; the result does not depend on that.
    Segments that are longer than the aligner's window are aligned piece by piece. In a language that the aligner does
    not know, words share the time of their segment by length, are marked ``repaired``, and the user is told.

    Args:
        inputs: Waveforms with what is said in them; segments sorted by start, not overlapping.
        aligner: Loaded.
        settings: The batch size.
        reporter: Told the progress, in ms of segments.

    Returns:
        For each input its words, sorted by start; joined per segment they give the segment's text.
    """
    jobs = [
        _Job.plan(waveform, segment, number, index)
        for number, (waveform, segments) in enumerate(inputs)
        for index, segment in enumerate(segments)
    ]
    _report_languages((job.segment.language for job in jobs if job.words), aligner, reporter)
    reporter.start(Stage.ALIGNMENT, sum(job.segment.duration_ms for job in jobs))
    try:
        results = _align_jobs(jobs, aligner, settings.batch_size or aligner.batch_size, reporter)
    finally:
        reporter.finish(Stage.ALIGNMENT)
    by_input: list[list[Word]] = [[] for _ in inputs]
    for job, words in zip(jobs, results, strict=True):
        by_input[job.number] += words
    return [tuple(words) for words in by_input]


def align_script(
    waveform: Waveform,
    lines: Sequence[str],
    language: str,
    aligner: Aligner,
    reporter: Reporter,
) -> tuple[tuple[Segment, ...], tuple[Word, ...]]:
    """Return a segment per line of a script, and the words on the script's own text; the media may have any length.

    The script is taken to be what is spoken, in this order. Words for which the audio is over share what is left of
    it, are marked ``repaired`` with confidence 0, and the user is told; a line of which no word has a time of its own
    is flagged ``times-approximate``.

    Args:
        waveform: The media.
        lines: The script; lines without text are left out.
        language: ISO 639 code.
        aligner: Loaded.
        reporter: Told the progress.

    Raises:
        UsageError: If the aligner does not know the language.
        InputError: If no line has a letter or a number.
    """
    if language not in aligner.languages:
        known = ", ".join(sorted(aligner.languages))
        raise UsageError(f"{find_language(language).name} cannot be aligned", hint=f"known to the aligner: {known}")
    texts = [text for line in lines if (text := normalize_space(line))]
    parts = [partition_text(text, language) for text in texts]
    words = [word for part in parts for word in part]
    units = _collect_units(words)
    if not units:
        raise InputError("the script has no words", hint="give the text that is spoken in the media")
    _report_languages((language,), aligner, reporter)
    span = TimeSpan(0, waveform.duration_ms)
    reporter.start(Stage.ALIGNMENT, span.duration_ms)
    try:
        stretch = align_stretch(waveform, units, language, aligner, partial(reporter.advance, Stage.ALIGNMENT))
    finally:
        reporter.finish(Stage.ALIGNMENT)
    if stretch.unheard:
        unheard = _count_last_words(words, stretch.unheard)
        reporter.notice(f"the audio ends before the script: no speech for the last {unheard} of {len(words)} words")
    timed = iter(attach_times(words, stretch.times, span))
    segments: list[Segment] = []
    placed: list[Word] = []
    for index, (text, part) in enumerate(zip(texts, parts, strict=True)):
        own = [replace(next(timed), segment=index) for _ in part]
        placed += own
        segments.append(Segment(own[0].start_ms, own[-1].end_ms, text, language))
    return flag_approximate(segments, placed), tuple(placed)


def flag_approximate(segments: Sequence[Segment], words: Iterable[Word]) -> tuple[Segment, ...]:
    """Return the segments, those flagged ``times-approximate`` of which no word has a time of its own."""
    heard = {word.segment for word in words if not word.repaired}
    return tuple(
        segment if index in heard else replace(segment, flags=(*segment.flags, TIMES_APPROXIMATE))
        for index, segment in enumerate(segments)
    )


@dataclass(frozen=True, slots=True, eq=False)
class _Job:
    """One segment to align.

    Attributes:
        waveform: Of its input.
        segment: What is said, and where.
        number: Of its input.
        index: Of the segment in its input.
        words: Its text, partitioned.
        units: Of all its words.
    """

    waveform: Waveform
    segment: Segment
    number: int
    index: int
    words: tuple[DisplayWord, ...]
    units: tuple[str, ...]

    @classmethod
    def plan(cls, waveform: Waveform, segment: Segment, number: int, index: int) -> "_Job":
        words = partition_text(segment.text, segment.language)
        return cls(waveform, segment, number, index, words, _collect_units(words))

    def cut(self) -> Waveform:
        return Waveform(self.waveform.cut(self.segment), self.waveform.sample_rate)

    def attach(self, times: Iterable[UnitTime]) -> tuple[Word, ...]:
        """Return the words with times that count from the start of the segment."""
        shifted = [time.shift(self.segment.start_ms) for time in times]
        return attach_times(self.words, shifted, self.segment, self.index)


def _collect_units(words: Iterable[DisplayWord]) -> tuple[str, ...]:
    return tuple(unit for word in words for unit in word.units)


def _count_last_words(words: Sequence[DisplayWord], units: int) -> int:
    """Return how many words at the end the last units belong to."""
    count = 0
    while units > 0:
        count += 1
        units -= len(words[-count].units)
    return count


def _align_jobs(jobs: Sequence[_Job], aligner: Aligner, batch_size: int, reporter: Reporter) -> list[tuple[Word, ...]]:
    """Return the words of every job, in the order of the jobs."""
    results: list[tuple[Word, ...]] = [()] * len(jobs)
    short: list[int] = []
    for place, job in enumerate(jobs):
        if job.segment.language not in aligner.languages or not job.units:
            results[place] = spread_words(job.words, job.segment, job.index)
            reporter.advance(Stage.ALIGNMENT, job.segment.duration_ms)
        elif job.segment.duration_ms > aligner.window_ms:
            results[place] = _align_in_windows(job, aligner, reporter)
            reporter.advance(Stage.ALIGNMENT, job.segment.duration_ms)
        else:
            short.append(place)
    # The longest first: if memory does not suffice, that shows at once.
    short.sort(key=lambda place: -jobs[place].segment.duration_ms)
    for first in range(0, len(short), batch_size):
        places = short[first : first + batch_size]
        batch = [jobs[place] for place in places]
        answers = aligner.align([AlignmentRequest(job.cut().samples, job.units, job.segment.language) for job in batch])
        for place, job, times in zip(places, batch, answers, strict=True):
            results[place] = _align_in_windows(job, aligner, reporter) if has_lost_text(times) else job.attach(times)
            reporter.advance(Stage.ALIGNMENT, job.segment.duration_ms)
    return results


def _align_in_windows(job: _Job, aligner: Aligner, reporter: Reporter) -> tuple[Word, ...]:
    """Return the words of a segment that is too long for one pass, or in which one pass lost the text."""
    segment = job.segment
    stretch = align_stretch(job.cut(), job.units, segment.language, aligner, lambda ms: None)
    unplaced = sum(time.repaired for time in stretch.times)
    where = f"{segment.start:.3f} to {segment.end:.3f} s"
    reporter.detail(f"{where}: aligned in windows, {unplaced} of {len(job.units)} units without a time of their own")
    return job.attach(stretch.times)


def _report_languages(codes: Iterable[str], aligner: Aligner, reporter: Reporter) -> None:
    """Tell the user which languages get approximate times."""
    names = {language.code: language.name for language in LANGUAGES}
    for code in sorted(set(codes)):
        if code not in aligner.languages:
            name = names.get(code) or "text without a language"
            reporter.notice(f"{name} cannot be aligned: its words share the time of their segment by length")
        elif code == "ja" and not has_japanese_dictionary():
            reporter.notice("nagisa is not installed: Japanese is timed by syllables (pip install 'qwen-subs[ja]')")
