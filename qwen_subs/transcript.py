"""What the program produces: segments, words and cues in time, and the invariants that hold between them.

Times are integer milliseconds from the start of the media. The read-only properties in seconds are for people used to
Whisper, Praat and the OpenAI JSON.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Self

from qwen_subs.languages import display_width, join_texts


@dataclass(frozen=True, slots=True)
class TimeSpan:
    """A half-open stretch of time, ``0 <= start_ms <= end_ms``."""

    start_ms: int
    end_ms: int

    def __post_init__(self) -> None:
        if not 0 <= self.start_ms <= self.end_ms:
            raise ValueError(f"not a time span: {self.start_ms} ms to {self.end_ms} ms")

    @property
    def duration_ms(self) -> int:
        """Length in milliseconds."""
        return self.end_ms - self.start_ms

    @property
    def start(self) -> float:
        """Start in seconds."""
        return self.start_ms / 1000

    @property
    def end(self) -> float:
        """End in seconds."""
        return self.end_ms / 1000

    @property
    def duration(self) -> float:
        """Length in seconds."""
        return self.duration_ms / 1000

    def shift(self, ms: int) -> Self:
        """Return the same thing, moved by ``ms`` milliseconds."""
        return replace(self, start_ms=self.start_ms + ms, end_ms=self.end_ms + ms)

    def overlaps(self, other: "TimeSpan") -> bool:
        """Return whether the two spans share any time."""
        return self.start_ms < other.end_ms and other.start_ms < self.end_ms

    def gap_to(self, other: "TimeSpan") -> int:
        """Return the milliseconds from this end to the other's start; negative when they overlap."""
        return other.start_ms - self.end_ms


@dataclass(frozen=True, slots=True)
class Segment(TimeSpan):
    """What was recognized in, or given for, a stretch of speech.

    Attributes:
        text: The displayed text, white space normalised; empty when nobody speaks.
        language: ISO 639 code, or "" when nobody speaks.
        truncated: Whether the recognizer's answer had no end.
        flags: Machine-readable remarks, such as ``cut-in-speech`` or ``times-approximate``.
    """

    text: str = ""
    language: str = ""
    truncated: bool = False
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Word(TimeSpan):
    """A displayed, timed unit: a word with its marks attached, or one character in Chinese.

    Attributes:
        text: As displayed, marks attached, without surrounding spaces.
        space_after: Whether a space separates it from the next word; makes joining independent of the language.
        segment: Index of its segment in the transcript.
        confidence: 0 to 1, or None when the source gives none.
        speaker: Name or label, if known.
        repaired: Whether the time was not taken from the model as it stood.
    """

    text: str
    space_after: bool = True
    segment: int = 0
    confidence: float | None = None
    speaker: str | None = None
    repaired: bool = False


@dataclass(frozen=True, slots=True)
class Cue(TimeSpan):
    """One on-screen event.

    Attributes:
        lines: The rows, top to bottom.
        words: The words shown; empty if the cue was read from a subtitle file.
    """

    lines: tuple[str, ...]
    words: tuple[Word, ...] = ()

    @property
    def text(self) -> str:
        """The rows joined by line feeds."""
        return "\n".join(self.lines)

    @property
    def width(self) -> int:
        """Width of the widest row, in cells."""
        return max(map(display_width, self.lines), default=0)

    @property
    def cps(self) -> float:
        """Reading speed in characters per second, spaces and marks counted; infinite for a cue without duration."""
        characters = sum(map(len, self.lines))
        return characters / self.duration if self.duration_ms else float("inf")


@dataclass(frozen=True, slots=True)
class Provenance:
    """How a transcript was made.

    Attributes:
        version: Version of qwen-subs.
        models: Pairs of role and checkpoint, e.g. ``("recognizer", "Qwen/Qwen3-ASR-0.6B-hf")``.
        settings: Pairs of setting and value, only what shaped the result.
    """

    version: str = ""
    models: tuple[tuple[str, str], ...] = ()
    settings: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Transcript:
    """The three tiers of one media file; an SRT read back has only cues.

    Attributes:
        media: Name of the media file.
        duration_ms: Duration of the media.
        segments: Sorted by start.
        words: Sorted by start.
        cues: Sorted by start, never overlapping when this program made them.
        provenance: How it was made.
    """

    media: str = ""
    duration_ms: int = 0
    segments: tuple[Segment, ...] = ()
    words: tuple[Word, ...] = ()
    cues: tuple[Cue, ...] = ()
    provenance: Provenance = field(default_factory=Provenance)

    @property
    def language(self) -> str:
        """ISO 639 code of the language with the most text, or "" if there is none."""
        characters: dict[str, int] = {}
        for segment in self.segments:
            characters[segment.language] = characters.get(segment.language, 0) + len(segment.text)
        characters.pop("", None)
        return max(characters, key=characters.__getitem__, default="")

    @property
    def text(self) -> str:
        """The whole text: of the segments, else of the words, else of the cues."""
        if self.segments:
            return join_segments(self.segments)
        if self.words:
            return join_words(self.words)
        return "\n".join(cue.text for cue in self.cues)


def join_words(words: Iterable[Word]) -> str:
    """Return the displayed text of consecutive words."""
    return "".join(word.text + " " * word.space_after for word in words).strip()


def join_segments(segments: Sequence[Segment]) -> str:
    """Return the text of consecutive segments, each joined to the next as the next one's language does."""
    text = ""
    for segment in segments:
        text = join_texts((text, segment.text), segment.language)
    return text


def normalize_space(text: str) -> str:
    """Return the text with every run of white space as one space, none at the ends."""
    return re.sub(r"\s+", " ", text).strip()


def find_violations(transcript: Transcript) -> list[str]:
    """Return, as sentences, every invariant that the transcript breaks; empty for a sound one.

    Tiers are sorted by start, cues do not overlap, spans lie inside the media, the words of a segment give its text,
    and the words of the cues are exactly the words.
    """
    violations = []
    for name, tier in (("segments", transcript.segments), ("words", transcript.words), ("cues", transcript.cues)):
        starts = [span.start_ms for span in tier]
        if starts != sorted(starts):
            violations.append(f"{name} are not sorted by start")
        if any(span.end_ms > transcript.duration_ms for span in tier):
            violations.append(f"{name} run past the end of the media")
    if any(a.overlaps(b) for a, b in zip(transcript.cues, transcript.cues[1:], strict=False)):
        violations.append("cues overlap")
    if transcript.words:
        by_segment: dict[int, list[Word]] = {}
        for word in transcript.words:
            by_segment.setdefault(word.segment, []).append(word)
        for index, segment in enumerate(transcript.segments):
            if join_words(by_segment.get(index, ())) != normalize_space(segment.text):
                violations.append(f"the words of segment {index} do not give its text")
        cue_words = tuple(word for cue in transcript.cues for word in cue.words)
        if transcript.cues and cue_words != transcript.words:
            violations.append("the words of the cues are not the words")
    return violations
