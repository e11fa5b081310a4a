"""Rules about the text of cues: how much there is of it, and where it breaks."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from qwen_subs.boundaries import Kind, rate_boundary
from qwen_subs.languages import CLOSING_MARKS, OPENING_MARKS, display_width, is_unspaced
from qwen_subs.quality.evidence import Evidence
from qwen_subs.quality.markup import find_unbalanced_tags, split_unspaced
from qwen_subs.quality.report import Issue, Severity

_SHORTEST_BOND = 0.8  # of a boundary that must not be cut: an article and its noun, a number and its unit
_CONTEXT = 4  # words on each side of a line's end that may say something about it
_QUOTATION_MARKS = frozenset("“‘«‹»›”’")
_BRACKETS = {"(": ")", "[": "]", "（": "）", "［": "］", "【": "】", "「": "」", "『": "』"}
_BRACKET_REACH = 3  # cues that a bracket may span
_TOO_OFTEN = 3  # "No. No." is said in films
_DASHES = ("-", "–", "—", "‐", "−")


def check_empty(evidence: Evidence) -> Iterator[Issue]:
    """A cue shows nothing."""
    for index, lines in enumerate(evidence.lines):
        if not any(line.strip() for line in lines):
            yield _issue("empty", Severity.ERROR, evidence, index, "no text")


def check_line_count(evidence: Evidence) -> Iterator[Issue]:
    """A cue has too many rows."""
    for index, (lines, limits) in enumerate(zip(evidence.lines, evidence.limits, strict=True)):
        if len(lines) > limits.max_line_count:
            message = f"{len(lines)} lines > {limits.max_line_count}"
            yield _issue(
                "line-count", Severity.ERROR, evidence, index, message, len(lines), limits.max_line_count, "lines"
            )


def check_line_width(evidence: Evidence) -> Iterator[Issue]:
    """A row is too wide; the widest one of a cue is reported."""
    for index, (lines, limits) in enumerate(zip(evidence.lines, evidence.limits, strict=True)):
        width, number = max(((display_width(line), -k) for k, line in enumerate(lines, start=1)), default=(0, 0))
        if width > limits.max_line_width:
            message = f"line {-number} is {width} cells wide > {limits.max_line_width}"
            yield _issue("line-width", Severity.ERROR, evidence, index, message, width, limits.max_line_width, "cells")


def check_line_ends(evidence: Evidence) -> Iterator[Issue]:
    """A row ends within what grammar ties together: an article and its noun, a number and its unit."""
    for index, (lines, code) in enumerate(zip(evidence.lines, evidence.languages, strict=True)):
        for number, (upper, lower) in enumerate(pairwise(lines), start=1):
            if torn := _find_torn(upper, lower, code):
                message = f"line {number} ends on “{torn[0]}”, which belongs to “{torn[1]}”"
                yield _issue("line-end", Severity.WARNING, evidence, index, message)


def check_cue_ends(evidence: Evidence) -> Iterator[Issue]:
    """A cue ends within what grammar ties together, and the next one goes on at once."""
    for index, following in pairwise(evidence.in_time):
        gap_ms = evidence.cues[index].gap_to(evidence.cues[following])
        lines, next_lines = evidence.lines[index], evidence.lines[following]
        if not lines or not next_lines or gap_ms >= evidence.limits[index].max_gap_ms:
            continue
        if torn := _find_torn(lines[-1], next_lines[0], evidence.languages[index]):
            message = f"ends on “{torn[0]}”, which belongs to “{torn[1]}” of cue {following + 1}"
            yield _issue("cue-end", Severity.WARNING, evidence, index, message)


def check_line_marks(evidence: Evidence) -> Iterator[Issue]:
    """A row starts with a closing mark or ends with an opening one (kinsoku, JIS X 4051)."""
    for index, (lines, code) in enumerate(zip(evidence.lines, evidence.languages, strict=True)):
        unspaced = is_unspaced(code)
        for number, line in enumerate(lines, start=1):
            words = line.split()
            if not words:
                continue
            first, last = words[0], words[-1]
            # "…and" may begin a row, and „so“ end one: marks that touch a word are its own.
            alone = not any(map(str.isalnum, first))
            if number > 1 and first[0] in CLOSING_MARKS and (unspaced or alone) and not _is_aside(first):
                message = f"line {number} starts with the closing mark {first[0]}"
                yield _issue("line-mark", Severity.WARNING, evidence, index, message)
            touching = last[-1] in _QUOTATION_MARKS and len(last) > 1 and not unspaced
            if last[-1] in OPENING_MARKS and not touching:
                message = f"line {number} ends with the opening mark {last[-1]}"
                yield _issue("line-mark", Severity.WARNING, evidence, index, message)


def check_tags(evidence: Evidence) -> Iterator[Issue]:
    """A tag is not closed, or not opened."""
    for index, cue in enumerate(evidence.cues):
        if "<" in (text := cue.text):
            for tag in find_unbalanced_tags(text):
                state = "opened" if tag.startswith("</") else "closed"
                yield _issue("tags", Severity.WARNING, evidence, index, f"{tag} is never {state}")


def check_brackets(evidence: Evidence) -> Iterator[Issue]:
    """A bracket is not closed within three cues."""
    texts = ["".join(lines) for lines in evidence.lines]
    for index, text in enumerate(texts):
        for opening, closing in _BRACKETS.items():
            position = text.rfind(opening)
            if position >= 0 and closing not in text[position:]:
                following = texts[index + 1 : index + _BRACKET_REACH]
                if not any(closing in later.partition(opening)[0] for later in following):
                    yield _issue("brackets", Severity.WARNING, evidence, index, f"{opening} is never closed")


def check_spaces(evidence: Evidence) -> Iterator[Issue]:
    """Two spaces stand where one belongs."""
    for index, lines in enumerate(evidence.lines):
        for number, line in enumerate(lines, start=1):
            if "  " in line.strip():
                yield _issue("spaces", Severity.WARNING, evidence, index, f"line {number} holds two spaces in a row")


def check_repetition(evidence: Evidence) -> Iterator[Issue]:
    """Three or more cues in a row say the same: perhaps nobody says it."""
    texts = ["".join(evidence.lines[index]).casefold() for index in evidence.in_time]
    run = 1
    for place, (before, text) in enumerate(pairwise(texts), start=1):
        run = run + 1 if text == before and text.strip() else 1
        if run == _TOO_OFTEN:
            message = "the same text for the third time in a row"
            yield _issue("repetition", Severity.WARNING, evidence, evidence.in_time[place], message)


def _find_torn(before: str, after: str, code: str) -> tuple[str, str] | None:
    """Return the two words that the end of a row parts though they belong together; None if they may be parted."""
    spaced = not is_unspaced(code)
    left, right = _split(before, spaced)[-_CONTEXT:], _split(after, spaced)[:_CONTEXT]
    if not left or not right or right[0].startswith(_DASHES) or left[-1].endswith(_DASHES):
        return None
    boundary = rate_boundary(left, right, spaced, code, 0)
    torn = boundary.bond >= _SHORTEST_BOND or (boundary.kind is Kind.FORBIDDEN and left[-1][-1:].isalnum())
    # Marks at the ends of rows are a rule of their own.
    return (left[-1], right[0]) if torn and right[0][0].isalnum() else None


def _split(line: str, spaced: bool) -> Sequence[str]:
    return line.split() if spaced else split_unspaced(line)


def _is_aside(word: str) -> bool:
    """Return whether a row begins with dots that continue what was said before."""
    return word.startswith(("…", "..", "⋯"))


def _issue(
    rule: str,
    severity: Severity,
    evidence: Evidence,
    index: int,
    message: str,
    measured: float | None = None,
    limit: float | None = None,
    unit: str = "",
) -> Issue:
    cue = evidence.cues[index]
    return Issue(rule, severity, message, cue.start_ms, cue.end_ms, index + 1, measured, limit, unit)
