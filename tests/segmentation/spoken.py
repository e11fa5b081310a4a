"""Words with plausible times, made from prose."""

import random
from collections.abc import Sequence
from itertools import groupby, pairwise

from qwen_subs.languages import CLAUSE_MARKS, OPENING_MARKS, SENTENCE_MARKS, display_width, is_unspaced, join_texts
from qwen_subs.presets import Preset
from qwen_subs.transcript import Cue, Segment, Word, join_words


def speak(
    paragraphs: Sequence[str], language: str, characters_per_s: float, seed: int = 0
) -> tuple[list[Word], list[Segment], int]:
    """Return words, one segment per paragraph, and the duration: pauses at marks, some hesitation, a gap in between."""
    chance = random.Random(seed)
    words: list[Word] = []
    segments: list[Segment] = []
    clock = 500
    for index, paragraph in enumerate(paragraphs):
        start = clock
        for text, spaced in _divide(paragraph, language):
            lasts = round(len(text) / characters_per_s * 1000 * chance.uniform(0.75, 1.25))
            words.append(Word(clock, clock + lasts, text, spaced, index))
            clock += lasts
            mark = text.rstrip('"”')[-1:]
            if mark in SENTENCE_MARKS and text not in ("Dr.", "a.m."):
                clock += chance.randint(200, 700)
            elif mark in CLAUSE_MARKS:
                clock += chance.randint(80, 300)
            elif chance.random() < 0.03:
                clock += chance.randint(100, 500)
        segments.append(Segment(start, clock, paragraph, language))
        clock += chance.randint(200, 2500)
    return words, segments, clock


def _divide(paragraph: str, language: str) -> list[tuple[str, bool]]:
    """Return the words and whether a space follows; in unspaced scripts single characters with their marks."""
    if not is_unspaced(language):
        pieces = paragraph.split()
        return [(piece, i < len(pieces) - 1) for i, piece in enumerate(pieces)]
    pieces = []
    for character in paragraph:
        latin = character.isascii() and character.isalnum()
        if pieces and (
            character == " "
            or (latin and pieces[-1][-1].isascii() and pieces[-1][-1].isalnum())
            or (not character.isalnum() and character not in OPENING_MARKS)
            or pieces[-1][-1] in OPENING_MARKS
        ):
            pieces[-1] += character
        else:
            pieces.append(character)
    return [(piece.strip(), piece.endswith(" ")) for piece in pieces]


def assert_sound(
    cues: Sequence[Cue], words: Sequence[Word], limits: Preset, duration_ms: int, language: str = "en"
) -> None:
    """Check what must hold for any cues of any words, all in one language."""
    assert [word for cue in cues for word in cue.words] == list(words)
    for cue in cues:
        assert cue.words
        assert 1 <= len(cue.lines) <= limits.max_line_count
        for line in cue.lines:
            alone = any(word.text == line for word in cue.words)
            assert display_width(line) <= limits.max_line_width or alone
        assert cue.duration_ms <= limits.max_duration_ms
        assert cue.end_ms <= duration_ms
        bare = "".join("".join(cue.lines).split())
        assert bare == "".join("".join(word.text for word in cue.words).split())
        parts = [join_words(group) for _, group in groupby(cue.words, key=lambda word: word.segment)]
        text = join_texts(parts, language)
        position = 0
        for line in cue.lines:  # a line is a piece of the text, untouched; only a space may lie between two
            assert text[position:].removeprefix(" ").startswith(line)
            position = text.index(line, position) + len(line)
        assert position == len(text)
    for before, after in pairwise(cues):
        assert before.end_ms <= after.start_ms
        if after.start_ms - before.start_ms >= limits.min_gap_ms + 40:  # else their words share a start
            assert after.start_ms - before.end_ms >= limits.min_gap_ms
