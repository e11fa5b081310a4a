"""Where and when the words of a cue stand in it: what highlighting and karaoke are made of."""

from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from qwen_subs.formats.base import clean_line, cue_lines
from qwen_subs.transcript import Cue, TimeSpan


@dataclass(frozen=True, slots=True)
class Piece:
    """Characters that follow each other in a row.

    Attributes:
        text: Cleaned, not escaped.
        word: Index of their word in the cue, or None for what belongs to no word, such as spaces.
    """

    text: str
    word: int | None


def split_rows(cue: Cue) -> list[list[Piece]]:
    """Return the rows of a cue in pieces, which joined give ``cue_lines`` exactly.

    A word that is broken over two rows has a piece in both. Marks that no word has, such as the dashes of speakers,
    belong to none; and where the words do not account for every letter and digit, no piece belongs to a word.
    """
    rows = cue_lines(cue)
    places = [(number, column) for number, row in enumerate(rows) for column, c in enumerate(row) if not c.isspace()]
    shown = "".join(rows[number][column] for number, column in places)
    owners: dict[tuple[int, int], int] = {}
    position = 0
    for index, word in enumerate(cue.words):
        letters = "".join(clean_line(word.text).split())
        start = shown.find(letters, position)
        if start < 0 or _has_letters(shown[position:start]):
            owners.clear()
            break
        position = start + len(letters)
        owners |= dict.fromkeys(places[start:position], index)
    if _has_letters(shown[position:]):
        owners.clear()
    split = []
    for number, row in enumerate(rows):
        owned = [(owners.get((number, column)), character) for column, character in enumerate(row)]
        groups = groupby(owned, key=itemgetter(0))
        split.append([Piece("".join(character for _, character in group), word) for word, group in groups])
    return split


def clip_words(cue: Cue) -> list[TimeSpan]:
    """Return when each word is spoken, inside the cue, in order and without overlap; some may have no duration."""
    spans: list[TimeSpan] = []
    last_ms = cue.start_ms
    for word in cue.words:
        start_ms = min(max(word.start_ms, last_ms), cue.end_ms)
        last_ms = min(max(word.end_ms, start_ms), cue.end_ms)
        spans.append(TimeSpan(start_ms, last_ms))
    return spans


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))
