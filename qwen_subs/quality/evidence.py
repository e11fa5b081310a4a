"""What a check looks at: cues in the order of their file, the limits of their languages, and what the media says."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

from qwen_subs.frames import FrameGrid
from qwen_subs.languages import count_characters, guess_language
from qwen_subs.presets import Preset
from qwen_subs.quality.markup import strip_tags
from qwen_subs.transcript import Cue, TimeSpan, Transcript

ENVELOPE_STEP_MS = 100


@dataclass(frozen=True)
class Evidence:
    """The cues, measured once for all rules.

    Attributes:
        transcript: With the cues in the order of the file.
        preset: The limits, with their exceptions by language.
        languages: ISO 639 code for every cue.
        duration_ms: Of the media; None if it is not known.
        speech: Where something sounds as loud as speech; None if the media was not listened to.
        shots: Where pictures change, ms.
        envelope: Level of the media in steps of ``ENVELOPE_STEP_MS``, 0 to 1; empty if it was not listened to.
        tick_ms: What the file rounds its times to; a limit that is missed by no more is kept.
        grid: When the frames of the media begin; None if that is not known.
    """

    transcript: Transcript
    preset: Preset
    languages: tuple[str, ...]
    duration_ms: int | None = None
    speech: tuple[TimeSpan, ...] | None = None
    shots: tuple[int, ...] = ()
    envelope: tuple[float, ...] = ()
    tick_ms: int = 1
    grid: FrameGrid | None = None

    @property
    def cues(self) -> tuple[Cue, ...]:
        """The cues in the order of the file."""
        return self.transcript.cues

    @cached_property
    def limits(self) -> tuple[Preset, ...]:
        """For every cue the limits of its language."""
        known = {code: self.preset.for_language(code) for code in set(self.languages)}
        return tuple(known[code] for code in self.languages)

    @cached_property
    def lines(self) -> tuple[tuple[str, ...], ...]:
        """For every cue its rows as they are seen, without tags."""
        return tuple(tuple(map(strip_tags, cue.lines)) for cue in self.cues)

    @cached_property
    def characters(self) -> tuple[float, ...]:
        """For every cue the characters to read, counted as its language does."""
        return tuple(
            sum(count_characters(line, code) for line in lines)
            for lines, code in zip(self.lines, self.languages, strict=True)
        )

    @cached_property
    def speeds(self) -> tuple[float, ...]:
        """For every cue its reading speed in characters per second; infinite for a cue without duration."""
        return tuple(
            1000 * characters / cue.duration_ms if cue.duration_ms else float("inf")
            for cue, characters in zip(self.cues, self.characters, strict=True)
        )

    @cached_property
    def in_time(self) -> tuple[int, ...]:
        """The positions of the cues sorted by start."""
        return tuple(sorted(range(len(self.cues)), key=lambda index: self.cues[index].start_ms))

    @property
    def end_ms(self) -> int:
        """The end of the media, or of the last cue if that is not known or later."""
        return max(chain((self.duration_ms or 0,), (cue.end_ms for cue in self.cues)), default=0)


def gather_evidence(
    transcript: Transcript,
    preset: Preset,
    *,
    language: str | None = None,
    duration_ms: int | None = None,
    speech: Sequence[TimeSpan] | None = None,
    shots: Sequence[int] = (),
    envelope: Sequence[float] = (),
    tick_ms: int = 1,
    grid: FrameGrid | None = None,
) -> Evidence:
    """Return what the rules look at.

    Args:
        transcript: Its cues may be in any order.
        preset: Reading limits.
        language: ISO 639 code of all cues; None takes that of each cue's segment, or else guesses it from the text.
        duration_ms: Of the media, if known.
        speech: Where something sounds as loud as speech, sorted; None if the media was not listened to.
        shots: Where pictures change, ms, sorted.
        envelope: Level of the media in steps of ``ENVELOPE_STEP_MS``, 0 to 1, for the picture.
        tick_ms: What the file rounds its times to.
        grid: When the frames of the media begin, if known: the shortest lengths are then whole frames.
    """
    return Evidence(
        transcript,
        preset if grid is None else preset.at_frame_rate(grid.fps),
        _find_languages(transcript, language),
        duration_ms,
        None if speech is None else tuple(speech),
        tuple(shots),
        tuple(envelope),
        tick_ms,
        grid,
    )


def _find_languages(transcript: Transcript, language: str | None) -> tuple[str, ...]:
    if language is not None:
        return (language,) * len(transcript.cues)
    common = transcript.language or guess_language("\n".join(cue.text for cue in transcript.cues))
    segments = transcript.segments
    codes = (
        segments[cue.words[0].segment].language if cue.words and cue.words[0].segment < len(segments) else ""
        for cue in transcript.cues
    )
    return tuple(code or common for code in codes)
