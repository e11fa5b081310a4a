"""What every format is: a name, its extensions, the tier it needs, a writer and, where times survive, a reader."""

import unicodedata
from abc import ABC, abstractmethod
from enum import IntEnum
from typing import ClassVar

from qwen_subs.errors import UsageError
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.transcript import Cue, Transcript


class Tier(IntEnum):
    """What a transcript holds, in the order in which the stages make it; each one comes with those before it."""

    TEXT = 0
    SEGMENTS = 1
    WORDS = 2
    CUES = 3


class Format(ABC):
    """A file format of transcripts.

    To add one, write a subclass without state in a file of its own and enter it in ``FORMATS``; the contract tests run
    over that table. ``write`` gets any transcript whose tier is there, possibly without a single cue, possibly with
    text full of markup, control characters and lone surrogates. It must give text that encodes as UTF-8 and that other
    readers of the format understand; ``clean_line`` and ``cue_lines`` do the common part.

    Attributes:
        name: As typed after ``--output-format``, lower case.
        extensions: With the dot; the first is the one that files get. Compared without regard to case.
        requires: The tier without which nothing can be written; ``TEXT`` for formats that take any.
        tier_read: The tier that ``read`` gives, or None for formats without times.
        honours: Names of the fields of ``WriteOptions`` that change what is written. ``bom`` and ``crlf`` are not the
            writers' business.
        tick_ms: What times are rounded down to.
        allows_bom: Whether a byte order mark may stand before the text.
    """

    name: ClassVar[str]
    extensions: ClassVar[tuple[str, ...]]
    requires: ClassVar[Tier]
    tier_read: ClassVar[Tier | None] = None
    honours: ClassVar[frozenset[str]] = frozenset()
    tick_ms: ClassVar[int] = 1
    allows_bom: ClassVar[bool] = True

    @abstractmethod
    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the whole file, lines ended by line feeds."""

    def read(self, text: str) -> Transcript:
        """Return what a file holds, tiers sorted by start.

        Args:
            text: The decoded file without byte order mark, lines ended by line feeds.

        Raises:
            InputError: If the text is not of this format; without the path, which the caller adds.
            UsageError: If the format has no times.
        """
        raise UsageError(f"{self.name} files cannot be read as a transcript", hint="they hold no times")


def has_tier(transcript: Transcript, tier: Tier) -> bool:
    """Return whether the tier is there. A transcript of silence has every tier, all of them empty."""
    tiers = {Tier.SEGMENTS: transcript.segments, Tier.WORDS: transcript.words, Tier.CUES: transcript.cues}
    return tier is Tier.TEXT or bool(tiers[tier]) or not transcript.text.strip()


# White space that is no plain space becomes one, other control characters have no visible form and go, and half of a
# surrogate pair, which UTF-8 cannot encode, becomes the replacement character.
_SPACES = "\t\n\v\f\r\x1c\x1d\x1e\x1f\x85\u2028\u2029"
_CLEANING: dict[int, str | None] = {
    **dict.fromkeys((*range(0x20), *range(0x7F, 0xA0))),
    **{ord(space): " " for space in _SPACES},
    **dict.fromkeys(range(0xD800, 0xE000), "\ufffd"),
}


def clean_line(text: str) -> str:
    """Return the text as one line that encodes as UTF-8: no control characters, every visible character kept."""
    return text.translate(_CLEANING)


def cue_lines(cue: Cue) -> list[str]:
    """Return the rows of a cue, cleaned. Blank ones are left out: in SRT and WebVTT they would end the cue."""
    rows = [clean_line(row) for line in cue.lines for row in line.splitlines()]
    return [row for row in rows if row.strip()]


def is_right_to_left(text: str) -> bool:
    """Return whether the first character that has a direction runs from right to left, as Unicode's bidi rules do."""
    directions = filter({"L", "R", "AL"}.__contains__, map(unicodedata.bidirectional, text))
    return next(directions, "L") != "L"
