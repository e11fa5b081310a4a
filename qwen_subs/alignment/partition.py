"""Display text -> words as displayed, each with the units that the aligner times.

The displayed text is conserved exactly: joining the words gives the text with its white space normalised, whatever
characters it holds. Units follow the official text cleaning (letters, numbers and inner apostrophes survive), except
that dashes, slashes and other marks divide a word into several units instead of gluing its parts together.
"""

import re
import unicodedata
from dataclasses import dataclass, replace
from itertools import pairwise

from qwen_subs.alignment.scripts import UNSPACED_RUN, is_spoken, is_transparent, split_unspaced
from qwen_subs.languages import OPENING_MARKS, SENTENCE_MARKS
from qwen_subs.transcript import normalize_space

_CONTROL_TOKEN = re.compile(r"<\|[A-Za-z0-9_]+\|>|<timestamp>|<asr_text>")
# Between two words without spaces a line may break here, so each side is a word of its own: “Wait—what”.
_WORD_DASH = re.compile("[—―]+|--+")
_DASHES = frozenset("-‐‑–—―")
_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼʻ＇", "'"))
_DIGIT_MARK = re.compile(r"(?<=\d)[.,](?=\d)")  # 3.50 and 1,000 are one unit each
_ABBREVIATION = re.compile(r"\b[^\W\d_](?:\.[^\W\d_])+\b")  # U.S.A. and e.g. are one unit each
_MAX_LOOSE_MARKS = 12  # characters; more of them stay a word of their own, which a line break can set apart


@dataclass(frozen=True, slots=True)
class DisplayWord:
    """A word as displayed and what the aligner hears of it.

    Attributes:
        text: With its marks attached; marks that stood alone are attached with their space.
        space_after: Whether a space separates it from the next word.
        units: What is timed, in order; empty for marks that found no word to be attached to.
    """

    text: str
    space_after: bool
    units: tuple[str, ...]


def partition_text(text: str, language: str) -> tuple[DisplayWord, ...]:
    """Return the words of a text: by white space and dashes, character by character in Chinese.

    Args:
        text: Any text; white space is normalised.
        language: ISO 639 code; decides how kana and ideographs are split.
    """
    text = normalize_space(text)
    words: list[DisplayWord] = []
    open_quote = False
    for token in text.split(" ") if text else ():
        pieces = _split_token(token, language, open_quote)
        open_quote ^= token.count('"') % 2 == 1
        words += (DisplayWord(piece, False, split_units(piece)) for piece in pieces)
        words[-1] = replace(words[-1], space_after=True)
    if words:
        words[-1] = replace(words[-1], space_after=False)
    return tuple(_attach_loose_marks(words))


def split_units(text: str) -> tuple[str, ...]:
    """Return the units of a displayed word: composed characters, straight apostrophes, no marks, no control tokens."""
    text = unicodedata.normalize("NFC", _CONTROL_TOKEN.sub(" ", text)).translate(_APOSTROPHES)
    text = "".join(character for character in text if not is_transparent(character))
    text = _ABBREVIATION.sub(lambda match: match[0].replace(".", ""), _DIGIT_MARK.sub("", text))
    spoken = "".join(character if is_spoken(character) or character == "'" else " " for character in text)
    return tuple(unit for part in spoken.split() if (unit := part.strip("'")))


def _split_token(token: str, language: str, open_quote: bool) -> list[str]:
    """Split text without white space into words; every mark goes to the word before it, opening ones to the next."""
    # Control tokens are displayed like marks.
    cores = _find_cores(_CONTROL_TOKEN.sub(lambda match: "|" * len(match[0]), token), language)
    if not cores:
        return [token]
    cuts = [0]
    for (_, end), (start, _) in pairwise(cores):
        cuts.append(end + _find_opening(token, end, start, open_quote))
    cuts.append(len(token))
    return [token[start:end] for start, end in pairwise(cuts)]


def _find_cores(token: str, language: str) -> list[tuple[int, int]]:
    """Return start and end of what is spoken: pieces of unspaced runs, and all else from letter to letter."""
    cores: list[tuple[int, int]] = []
    position = 0
    for run in (*UNSPACED_RUN.finditer(token), None):
        stop = run.start() if run else len(token)
        for dash in (*_WORD_DASH.finditer(token, position, stop), None):
            end = dash.start() if dash else stop
            spoken = [index for index in range(position, end) if is_spoken(token[index])]
            if spoken:
                cores.append((spoken[0], spoken[-1] + 1))
            position = dash.end() if dash else stop
        if run:
            for piece in split_unspaced(run[0], language):
                cores.append((position, position + len(piece)))
                position += len(piece)
    return cores


def _find_opening(token: str, start: int, end: int, open_quote: bool) -> int:
    """Return how many of the marks ``token[start:end]`` belong to the word before them."""
    for position in range(start, end):
        character = token[position]
        if character == '"':
            if not open_quote ^ (token.count('"', 0, position) % 2 == 1):
                return position - start
        elif character in OPENING_MARKS or unicodedata.category(character) in {"Ps", "Pi", "Sc"}:
            return position - start
    return end - start


def _attach_loose_marks(words: list[DisplayWord]) -> list[DisplayWord]:
    """Attach words without units to the word before them, opening ones to the next, as far as they are short."""
    attached: list[DisplayWord] = []
    opening: DisplayWord | None = None
    room = _MAX_LOOSE_MARKS
    for word in words:
        if word.units:
            attached.append(_merge(opening, word))
            opening, room = None, _MAX_LOOSE_MARKS
            continue
        room -= len(word.text)
        previous = attached[-1] if attached and attached[-1].units and opening is None else None
        if room < 0:
            attached.append(_merge(opening, word))
            opening = None
        elif previous is None or _opens(word.text, previous.text):
            opening = _merge(opening, word)
        else:
            attached[-1] = _merge(previous, word)
    if opening is not None:
        previous = attached.pop() if attached and attached[-1].units else None
        attached.append(_merge(previous, opening))
    return attached


def _merge(first: DisplayWord | None, second: DisplayWord) -> DisplayWord:
    if first is None:
        return second
    text = first.text + " " * first.space_after + second.text
    return DisplayWord(text, second.space_after, first.units + second.units)


def _opens(marks: str, before: str) -> bool:
    """Return whether marks that stand alone belong to what follows: brackets, and the dash of a new speaker."""
    ends_sentence = any(mark in SENTENCE_MARKS for mark in before[-2:])
    return marks[0] in OPENING_MARKS or (marks[0] in _DASHES and ends_sentence)
