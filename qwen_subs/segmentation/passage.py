"""A run of words that no speaker change, long pause or language change divides, measured once."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from qwen_subs.boundaries import Boundary, rate_boundary
from qwen_subs.languages import count_characters, display_width
from qwen_subs.presets import Preset
from qwen_subs.transcript import Word

_CONTEXT = 4  # words on each side of a boundary that may say something about it


@dataclass(frozen=True, slots=True)
class Passage:
    """Words and what grouping and line breaking ask about them. Positions count words from the passage's first.

    Attributes:
        words: At least one.
        spaces: For every word 1 if a space follows it in the running text, else 0.
        boundaries: ``boundaries[k]`` is the place before word ``k``; the one before the first word is not used.
        limits: Reading limits of the passage's language, without exceptions.
        free_until_ms: Where the next passage starts speaking, or the media ends.
    """

    words: tuple[Word, ...]
    spaces: tuple[int, ...]
    boundaries: tuple[Boundary, ...]
    limits: Preset
    free_until_ms: int
    _cells_before: tuple[int, ...]
    _characters_before: tuple[float, ...]
    _space: float

    @classmethod
    def measure(
        cls, words: Sequence[Word], spaces: Sequence[bool], language: str, limits: Preset, free_until_ms: int
    ) -> "Passage":
        """Return a passage of these words."""
        ends = accumulate((word.end_ms for word in words), max)
        texts = [word.text for word in words]
        boundaries = [
            rate_boundary(
                texts[max(k - _CONTEXT, 0) : k],
                texts[k : k + _CONTEXT],
                spaces[k - 1],
                language,
                max(words[k].start_ms - end_ms, 0),
            )
            for k, end_ms in zip(range(1, len(words)), ends, strict=False)
        ]
        gaps = [int(space) for space in spaces]
        cells = (display_width(word.text) + gap for word, gap in zip(words, gaps, strict=True))
        space = count_characters(" ", language)
        characters = (count_characters(text, language) + space * gap for text, gap in zip(texts, gaps, strict=True))
        return cls(
            tuple(words),
            tuple(gaps),
            (*boundaries[:1], *boundaries),
            limits,
            free_until_ms,
            tuple(accumulate(cells, initial=0)),
            tuple(accumulate(characters, initial=0.0)),
            space,
        )

    def width(self, first: int, end: int) -> int:
        """Return the cells of the words ``first`` to ``end - 1`` on one line."""
        return self._cells_before[end] - self._cells_before[first] - self.spaces[end - 1]

    def length(self, first: int, end: int) -> float:
        """Return the characters to read of the words ``first`` to ``end - 1`` on one line, as the language counts."""
        spaces = self._space * self.spaces[end - 1]
        return self._characters_before[end] - self._characters_before[first] - spaces

    def text(self, first: int, end: int) -> str:
        """Return the words ``first`` to ``end - 1`` as one line."""
        pieces = (self.words[k].text + " " * self.spaces[k] for k in range(first, end - 1))
        return "".join(pieces) + self.words[end - 1].text
