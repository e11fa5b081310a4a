"""Spaces and marks between words that come from files which do not say them."""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace

from qwen_subs.languages import OPENING_MARKS
from qwen_subs.transcript import Segment, Word, join_words, normalize_space

# Scripts that write words without spaces, apart from the full-width ones.
_UNSPACED_NAMES = ("THAI ", "LAO ", "KHMER ", "MYANMAR ")


def needs_space(left: str, right: str) -> bool:
    """Return whether a space belongs between two pieces of text, judged by the characters that would meet."""
    return not (left and right and _is_unspaced(left[-1]) and _is_unspaced(right[0]))


def join_lines(lines: Iterable[str]) -> str:
    """Return the rows of a cue as one line."""
    joined = ""
    for line in filter(None, (line.strip() for line in lines)):
        joined += " " * (bool(joined) and needs_space(joined, line)) + line
    return joined


def split_words(text: str) -> list[str]:
    """Return the words of a text: by white space, and character by character in scripts that write no spaces."""
    words: list[str] = []
    for token in text.split():
        start = 0
        for index in range(1, len(token)):
            left, right = token[index - 1], token[index]
            begins = right.isalnum() or right in OPENING_MARKS
            if begins and left not in OPENING_MARKS and (_is_unspaced(left) or _is_unspaced(right)):
                words.append(token[start:index])
                start = index
        words.append(token[start:])
    return words


def place_in_text(tokens: Sequence[str], text: str) -> list[tuple[str, bool]] | None:
    """Find words in the running text that they come from, and give them the marks and spaces that it has.

    Args:
        tokens: Words in order, with or without their marks.
        text: The text, white space normalised.

    Returns:
        For every word its displayed text and whether a space follows; or None if the words do not account for every
        letter and digit of the text.
    """
    starts, position = [], 0
    for token in tokens:
        start = text.find(token, position)
        if start < 0 or _has_letters(text[position:start]):
            return None
        starts.append(start)
        position = start + len(token)
    if not tokens or _has_letters(text[position:]):
        return None
    ends = [start + len(token) for start, token in zip(starts, tokens, strict=True)]
    # Where each word's display begins and ends: the marks between two words go to the one they touch.
    first, last = [0], []
    for end, start in zip(ends, starts[1:], strict=False):
        between = text[end:start]
        head, space, tail = between.rpartition(" ")
        if space:
            last.append(end + len(head.rstrip()))
            first.append(start - len(tail))
        else:
            opening = len(between) - len(between.rstrip("".join(OPENING_MARKS)))
            last.append(start - opening)
            first.append(start - opening)
    last.append(len(text))
    displayed = [text[start:end] for start, end in zip(first, last, strict=True)]
    spaces = [end < start for end, start in zip(last, first[1:], strict=False)]
    return list(zip(displayed, [*spaces, needs_space(text, text)], strict=True))


def fit_words(segments: Sequence[Segment], words: Sequence[Word]) -> tuple[tuple[Segment, ...], tuple[Word, ...]]:
    """Put timed words into the segments that they lie in, with the marks and spaces of the segments' texts.

    Where the words do not account for a text, they win: the segment takes its text from them.

    Args:
        segments: Sorted by start; without any, one that holds all words is made.
        words: Sorted by start; their ``segment`` and ``space_after`` are not looked at.
    """
    if words and not segments:
        segments = [Segment(words[0].start_ms, max(word.end_ms for word in words))]
    starts = [segment.start_ms for segment in segments]
    members: list[list[Word]] = [[] for _ in segments]
    for word in words:
        middle_ms = (word.start_ms + word.end_ms) // 2
        members[max(bisect_right(starts, middle_ms) - 1, 0)].append(word)
    fitted_segments, fitted_words = [], []
    for index, (segment, inside) in enumerate(zip(segments, members, strict=True)):
        spaced = space_words(inside, segment.text)
        fitted_words += [replace(word, segment=index) for word in spaced]
        fitted_segments.append(replace(segment, text=join_words(spaced)) if spaced else segment)
    return tuple(fitted_segments), tuple(sorted(fitted_words, key=lambda word: word.start_ms))


def space_words(words: Sequence[Word], text: str) -> list[Word]:
    """Return the words with the marks and spaces that the text has, or with likely spaces if they do not fit it."""
    placed = place_in_text([word.text for word in words], normalize_space(text))
    if placed is not None:
        return [
            replace(word, text=display, space_after=space) for word, (display, space) in zip(words, placed, strict=True)
        ]
    following = [word.text for word in (*words[1:], *words[-1:])]
    return [
        replace(word, space_after=needs_space(word.text, after)) for word, after in zip(words, following, strict=True)
    ]


def _is_unspaced(character: str) -> bool:
    name = unicodedata.name(character, "")
    wide = unicodedata.east_asian_width(character) in "WF" and not name.startswith("HANGUL")
    return wide or name.startswith(_UNSPACED_NAMES)


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))
