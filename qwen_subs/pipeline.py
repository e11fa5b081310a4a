"""The program: media -> waveform -> chunks -> segments -> words -> cues -> transcript."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

from qwen_subs import __version__
from qwen_subs.alignment import Aligner, align_script, align_segments, flag_approximate, load_aligner
from qwen_subs.chunking import plan_chunks
from qwen_subs.errors import InputError, UsageError
from qwen_subs.frames import FrameGrid
from qwen_subs.groups import Outcome, Source, run_in_groups
from qwen_subs.languages import LANGUAGES, find_language, guess_language
from qwen_subs.media import find_frame_grid, find_shot_changes, load_waveform
from qwen_subs.progress import Reporter, Stage
from qwen_subs.quality import find_missed_sounds, find_speech
from qwen_subs.recognition import Recognizer, load_recognizer, recognize_chunks
from qwen_subs.records import recall_grid, recall_shots, record_cues, record_speech
from qwen_subs.segmentation import segment_words
from qwen_subs.settings import Settings
from qwen_subs.timecode import format_clock
from qwen_subs.transcript import Provenance, Segment, Transcript, Word, normalize_space

Model = TypeVar("Model")


class Pipeline:
    """Owns the models, loaded once and when first needed, and runs the stages over any number of files."""

    def __init__(self, settings: Settings | None = None, reporter: Reporter | None = None) -> None:
        self.settings = settings or Settings()
        self.reporter = reporter or Reporter()

    @cached_property
    def recognizer(self) -> Recognizer:
        """The recognizer of the settings."""
        return self._show_loading(load_recognizer)

    @cached_property
    def aligner(self) -> Aligner:
        """The aligner of the settings."""
        return self._show_loading(load_aligner)

    def transcribe(self, media: str | Path) -> Transcript:
        """Return the segments of one media file; see `transcribe_many` for many."""
        return next(self.transcribe_many([media])).unwrap()

    def subtitle(self, media: str | Path) -> Transcript:
        """Return the segments, words and cues of one media file; see `subtitle_many` for many."""
        return next(self.subtitle_many([media])).unwrap()

    def transcribe_many(self, media: Iterable[str | Path]) -> Iterator[Outcome]:
        """Yield an outcome for every file, in order; one bad file never stops the others."""
        return run_in_groups(media, self._load, lambda: self.recognizer, self._transcribe_group)

    def subtitle_many(self, media: Iterable[str | Path]) -> Iterator[Outcome]:
        """Yield an outcome for every file, in order; one bad file never stops the others."""
        code = self.settings.language
        if code is not None and not find_language(code).aligned:
            self.reporter.notice(_cannot_align(code) + "; times will be approximate")
        return run_in_groups(media, self._load, lambda: (self.recognizer, self.aligner), self._subtitle_group)

    def align(self, media: str | Path, script: str) -> Transcript:
        """Return the script's words at their moments in the media, and the cues they make.

        Args:
            media: The recording.
            script: What is spoken in it, one segment per line; blank lines are skipped.

        Raises:
            InputError: If the script has no letter or digit.
            UsageError: If the language cannot be aligned.
        """
        lines = [normalize_space(line) for line in script.splitlines()]
        lines = [line for line in lines if line]
        if not any(character.isalnum() for line in lines for character in line):
            raise InputError("no words in the script", hint="give the text that is spoken in the recording")
        code = self.settings.language or guess_language(" ".join(lines))
        if not find_language(code).aligned:
            aligned = ", ".join(language.code for language in LANGUAGES if language.aligned)
            raise UsageError(_cannot_align(code), hint=f"languages that can be aligned: {aligned}")
        source = self._load(media)
        segments, words = align_script(source.waveform, lines, code, self.aligner, self.reporter)
        return self._add_cues(replace(self._transcript(source, segments), words=words), *self._watch(media))

    def recue(self, transcript: Transcript) -> Transcript:
        """Return the transcript with its words cut into cues again, by the preset of the settings; needs no model.

        Frames and shot changes are those that were recorded when cues were made from the media, unless the settings
        give others.
        """
        if transcript.text and not transcript.words:
            raise InputError("no word times to make cues from", path=transcript.media or None)
        recorded = dict(transcript.provenance.settings)
        grid, shots = self._choose_picture(lambda: recall_grid(recorded), lambda: recall_shots(recorded))
        return self._add_cues(transcript, grid, shots)

    def _watch(self, media: str | Path) -> tuple[FrameGrid | None, tuple[int, ...]]:
        """Return frames and shot changes of the media, as far as the settings ask for them."""
        return self._choose_picture(
            lambda: find_frame_grid(media, self.reporter),
            lambda: find_shot_changes(media, self.reporter) if self.settings.preset.shot_zone_ms else (),
        )

    def _choose_picture(
        self, find_grid: Callable[[], FrameGrid | None], find_shots: Callable[[], tuple[int, ...]]
    ) -> tuple[FrameGrid | None, tuple[int, ...]]:
        """Return frames and shot changes of the settings, or what is found where they say ``auto``."""
        fps, shots = self.settings.fps, self.settings.shot_changes
        grid = FrameGrid(fps) if isinstance(fps, Fraction) else find_grid() if fps == "auto" else None
        return grid, shots if isinstance(shots, tuple) else find_shots() if shots == "auto" else ()

    def _add_cues(self, transcript: Transcript, grid: FrameGrid | None, shots: tuple[int, ...]) -> Transcript:
        """Return the transcript with its words cut into cues, and a record of what shaped them."""
        preset = self.settings.preset
        cues = segment_words(
            transcript.words, transcript.segments, preset, transcript.duration_ms, grid=grid, shots=shots
        )
        recorded = dict(transcript.provenance.settings)
        recorded |= record_cues(preset.for_language(transcript.language), grid, shots)
        settings = tuple((name, value) for name, value in recorded.items() if value)
        provenance = replace(transcript.provenance, version=__version__, settings=settings)
        return replace(transcript, cues=cues, provenance=provenance)

    def _show_loading(self, load: Callable[[Settings, Reporter], Model]) -> Model:
        # Begun before the libraries of the models are imported, which takes seconds.
        self.reporter.start(Stage.LOADING)
        try:
            return load(self.settings, self.reporter)
        finally:
            self.reporter.finish(Stage.LOADING)

    def _load(self, media: str | Path) -> Source:
        waveform = load_waveform(media, stream=self.settings.audio_stream, reporter=self.reporter)
        return Source(str(media), waveform, plan_chunks(waveform, self.settings.max_chunk_ms))

    def _transcribe_group(self, group: Sequence[Source]) -> list[Transcript]:
        inputs = [(source.waveform, source.chunks) for source in group]
        names = [source.media for source in group]
        segments = recognize_chunks(inputs, self.recognizer, self.settings, self.reporter, names)
        for source, found in zip(group, segments, strict=True):
            if not found:
                self.reporter.notice(f"{source.media}: no speech found")
        return [self._transcript(source, found) for source, found in zip(group, segments, strict=True)]

    def _subtitle_group(self, group: Sequence[Source]) -> list[Transcript]:
        transcripts = self._transcribe_group(group)
        inputs = [(source.waveform, transcript.segments) for source, transcript in zip(group, transcripts, strict=True)]
        words = align_segments(inputs, self.aligner, self.settings, self.reporter)
        for source, found in zip(group, words, strict=True):
            self._tell_missed_sounds(source, found)
        aligned = [
            replace(self._transcript(source, flag_approximate(transcript.segments, found)), words=found)
            for source, transcript, found in zip(group, transcripts, words, strict=True)
        ]
        return [
            self._add_cues(transcript, *self._watch(source.media))
            for source, transcript in zip(group, aligned, strict=True)
        ]

    def _tell_missed_sounds(self, source: Source, words: Sequence[Word]) -> None:
        placed = [word for word in words if not word.repaired]
        missed = list(find_missed_sounds(find_speech(source.waveform), placed)) if placed else []
        if missed:
            seconds = sum(heard_ms for _, heard_ms in missed) / 1000
            start = format_clock(missed[0][0].start_ms, ".")
            self.reporter.notice(
                f"{source.media}: no words could be placed in {seconds:.0f} s of sound as loud as speech, "
                f"the first at {start}: music, noise, or speech that was missed"
            )

    def _transcript(self, source: Source, segments: tuple[Segment, ...]) -> Transcript:
        """Return a transcript of segments whose provenance names the models that are loaded."""
        models = {
            role: f"{vars(self)[role].name} ({vars(self)[role].device}, {vars(self)[role].dtype})"
            for role in ("recognizer", "aligner")
            if role in vars(self)
        }
        return Transcript(
            media=Path(source.media).name,
            duration_ms=source.waveform.duration_ms,
            segments=segments,
            provenance=Provenance(__version__, tuple(models.items()), tuple(record_speech(self.settings).items())),
        )


def _cannot_align(code: str) -> str:
    return f"{find_language(code).name} can be recognized but not aligned"


def transcribe(media: str | Path, **settings: Any) -> Transcript:
    """Return the segments of a media file. Keyword arguments are fields of `Settings`."""
    return Pipeline(Settings(**settings)).transcribe(media)


def align(media: str | Path, script: str, **settings: Any) -> Transcript:
    """Return the words of a script (its text) at their moments in a media file. Keyword arguments as in `Settings`."""
    return Pipeline(Settings(**settings)).align(media, script)


def subtitle(media: str | Path, **settings: Any) -> Transcript:
    """Return the segments, words and cues of a media file. Keyword arguments are fields of `Settings`."""
    return Pipeline(Settings(**settings)).subtitle(media)
