"""How good a place between two words is for the end of a line or of a cue."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from qwen_subs.grammar import GRAMMARS, Grammar
from qwen_subs.languages import CLAUSE_MARKS, CLOSING_MARKS, OPENING_MARKS, SENTENCE_MARKS

# Marks that may follow the mark that ends a sentence or a clause: “Stop!” (He did.)
_TRAILING = "".join(CLOSING_MARKS - SENTENCE_MARKS - CLAUSE_MARKS | set("\"'"))
_LEADING = "".join(OPENING_MARKS | set("\"'-–—"))
_MARKS = "".join(SENTENCE_MARKS | CLAUSE_MARKS | CLOSING_MARKS | OPENING_MARKS | set("\"'"))
_SENTENCE_ENDS, _CLAUSE_ENDS = tuple(SENTENCE_MARKS), tuple(CLAUSE_MARKS)
_NO_GRAMMAR = Grammar(clinging=frozenset())

# Strength of a bond between two words, in the unit of ``Boundary.bond``.
_CLINGING, _NUMBER, _NAME, _LEANING, _INTRODUCING, _OPENING = 1.0, 0.8, 0.6, 0.25, -0.1, -0.2
# In scripts without spaces: perhaps the inside of a word, in Japanese probably or almost surely.
_UNKNOWN, _WITHIN_KANA, _WITHIN_WORD = 0.15, 0.3, 0.6
_REACH = range(1, 4)  # characters on each side of a place that may be part of a word across or beside it


class Kind(Enum):
    """What stands at the end of a word."""

    SENTENCE = auto()
    CLAUSE = auto()
    PLAIN = auto()
    FORBIDDEN = auto()


@dataclass(frozen=True, slots=True)
class Boundary:
    """The place between two words.

    Attributes:
        kind: By the marks.
        bond: How much grammar ties the words together: 1 as an article to its noun, 0 if it says nothing, below 0 if
            the second word may well begin a line. Always 0 after a mark.
        pause_ms: Silence between them.
        near_mark: Whether the end of a clause is so near that one or two words would be torn from theirs.
    """

    kind: Kind
    bond: float
    pause_ms: int
    near_mark: bool = False


def rate_boundary(before: Sequence[str], after: Sequence[str], spaced: bool, language: str, pause_ms: int) -> Boundary:
    """Return what is known about the place between two words.

    Args:
        before: Displayed texts of the word before it and a few earlier ones.
        after: Displayed texts of the word after it and a few later ones.
        spaced: Whether a space separates the two words.
        language: ISO 639 code.
        pause_ms: Silence between them.
    """
    grammar = GRAMMARS.get(language, _NO_GRAMMAR)
    left, right = before[-1], after[0]
    if _is_forbidden(left, right, spaced):
        return Boundary(Kind.FORBIDDEN, 0.0, pause_ms)
    bare = left.rstrip(_TRAILING)
    if bare.endswith(_CLAUSE_ENDS):
        if bare[-2:-1].isdigit() and right[:1].isdigit():  # July 4, 2023
            return Boundary(Kind.PLAIN, _NUMBER, pause_ms)
        return Boundary(Kind.CLAUSE, 0.0, pause_ms)
    if bare.endswith(_SENTENCE_ENDS):
        if bare.endswith(".") and _is_abbreviation(left, right, grammar):
            return Boundary(Kind.PLAIN, _CLINGING, pause_ms)
        if _starts_lower(right):  # "9 a.m. and" runs on; "Well… maybe" and "Stop! he said" part two clauses
            return Boundary(Kind.PLAIN if _ends_with_point(bare) else Kind.CLAUSE, 0.0, pause_ms)
        return Boundary(Kind.SENTENCE, 0.0, pause_ms)
    bond = _find_bond(left, right, grammar)
    if grammar.compounds and not spaced:
        bond = max(bond, _find_compound_bond("".join(before), "".join(after), grammar))
    if grammar.mixed_kana and not spaced:
        bond = max(bond, _find_kana_bond(left[-1], right[0]))
    near_mark = any(map(_has_mark, (*before[-3:-1], *after[:2])))
    return Boundary(Kind.PLAIN, bond, pause_ms, near_mark)


def _is_forbidden(left: str, right: str, spaced: bool) -> bool:
    """Return whether no line may end here: kinsoku (JIS X 4051), and parts of one written word."""
    if left[-1:] in OPENING_MARKS:
        return True
    if right[:1] in CLOSING_MARKS and not (spaced and any(map(str.isalnum, right))):  # "…and" may begin a line
        return True
    parts_of_one_word = left[-1:].isalnum() and right[:1].isalnum() and left[-1:].isascii() and right[:1].isascii()
    return not spaced and (parts_of_one_word or (_is_cased(left[-1:]) and _is_cased(right[:1])))


def _is_abbreviation(left: str, right: str, grammar: Grammar) -> bool:
    """Return whether the point after a word belongs to it, as in titles and initials."""
    word = left.strip(_LEADING).lower()
    if word in grammar.clinging:
        return True
    initial = len(word) == 2 and word[0].isalpha() and word != "i." and left.strip(_LEADING)[0].isupper()
    return initial and right[:1].isupper()


def _find_bond(left: str, right: str, grammar: Grammar) -> float:
    first, second = _normalize(left), _normalize(right)
    if first in grammar.clinging or first.endswith(grammar.clinging_endings) or second in grammar.trailing:
        return _CLINGING
    if first[-1:].isdigit() and second and second not in grammar.clinging:
        return _NUMBER
    if second[:1].isdigit() and not first[-1:].isdigit() and second.isdigit():
        return _LEANING
    if not grammar.capitalized_nouns and _is_capitalized(left) and _is_capitalized(right):
        return _NAME
    if first in grammar.leaning:
        return _LEANING
    if second in grammar.opening:
        return _OPENING
    return _INTRODUCING if second in grammar.introducing else 0.0


def _find_compound_bond(before: str, after: str, grammar: Grammar) -> float:
    """Return the bond that words of several characters make, in a script without spaces."""
    if any(before[-size:] + after[:rest] in grammar.compounds for size in _REACH for rest in _REACH):
        return _CLINGING
    endings = {before[-size:] for size in _REACH if size > 1} & grammar.compounds
    if endings & grammar.clinging:
        return _CLINGING
    if endings & grammar.leaning:
        return _LEANING
    if any(after[:size] in grammar.opening for size in _REACH):
        return _OPENING
    return 0.0 if before[-1] in grammar.trailing else _UNKNOWN


def _find_kana_bond(last: str, first: str) -> float:
    """Return the bond between two characters of Japanese: a phrase ends in hiragana, and the next begins otherwise."""
    if not _is_hiragana(last):
        return _WITHIN_WORD
    return _WITHIN_KANA if _is_hiragana(first) else 0.0


def _is_hiragana(character: str) -> bool:
    return "\u3041" <= character <= "\u309f"


def _has_mark(word: str) -> bool:
    return word.rstrip(_TRAILING).endswith(_SENTENCE_ENDS + _CLAUSE_ENDS)


def _normalize(word: str) -> str:
    return word.replace("’", "'").strip(_MARKS).lower()


def _is_cased(character: str) -> bool:
    return character.lower() != character.upper()


def _is_capitalized(word: str) -> bool:
    bare = word.strip(_LEADING)
    return len(bare) > 1 and bare[0].isupper()


def _ends_with_point(word: str) -> bool:
    return word.endswith(".") and not word.endswith("..")


def _starts_lower(word: str) -> bool:
    return word.lstrip(_LEADING)[:1].islower()
