"""Mend cues: what can be put right without changing text or taking a cue away from its speech."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from math import ceil

from qwen_subs.languages import count_characters, display_width, is_unspaced
from qwen_subs.presets import Preset
from qwen_subs.quality.evidence import Evidence
from qwen_subs.quality.markup import split_unspaced, strip_tags
from qwen_subs.quality.report import Report
from qwen_subs.segmentation.lines import LineBreaker
from qwen_subs.segmentation.passage import Passage
from qwen_subs.transcript import Cue, TimeSpan, Word

# A word with the tags that touch it, spaces within tags included.
_TOKEN = re.compile(r"(?:<[^<>]*>|\{\\[^{}]*\}|\S)+")
_LINE_RULES = frozenset(("line-width", "line-count", "line-end", "line-mark"))
_DIALOGUE = re.compile(r"\s*[-–—‐−]\s*\w")


@dataclass(frozen=True, slots=True)
class Mending:
    """Corrected cues.

    Attributes:
        cues: In order of time; cues without text are left out.
        origins: For every cue its position in the original.
    """

    cues: tuple[Cue, ...]
    origins: tuple[int, ...]


def mend_cues(report: Report) -> Mending:
    """Return the cues in order, without overlaps, with gaps, durations and line breaks by the limits where that can be.

    A cue never appears earlier or later than it did. It disappears earlier only to make room for the next one, or where
    it is known that nothing is said any more; and later only in free time. What cannot be mended so stays as it is.
    Texts are the same but for white space.
    """
    evidence = report.evidence
    badly_broken = {issue.cue - 1 for issue in report.issues if issue.cue and issue.rule in _LINE_RULES}
    origins = tuple(index for index in evidence.in_time if any(line.strip() for line in evidence.lines[index]))
    limits = [evidence.limits[index] for index in origins]
    cues = [_single_spaces(evidence.cues[index]) for index in origins]
    for place, index in enumerate(origins):
        if index in badly_broken:
            cues[place] = _break_again(cues[place], limits[place], evidence.languages[index])
    ends = [_shorten(cue, limit, evidence) for cue, limit in zip(cues, limits, strict=True)]
    starts = [cue.start_ms for cue in cues]
    for index, cue in enumerate(cues):
        language = evidence.languages[origins[index]]
        characters = sum(count_characters(strip_tags(line), language) for line in cue.lines)
        needed_ms = ceil(1000 * characters / limits[index].max_cps)
        next_ms = starts[index + 1] if index + 1 < len(cues) else None
        wanted_ms = _find_end(cue, needed_ms, limits[index], evidence)
        ends[index] = _mend_end(cue, ends[index], wanted_ms, next_ms, limits[index])
    spans = zip(cues, ends, strict=True)
    return Mending(tuple(replace(cue, end_ms=end_ms) for cue, end_ms in spans), origins)


def _shorten(cue: Cue, limits: Preset, evidence: Evidence) -> int:
    """Return the end of a cue, earlier if it is shown for too long and nothing is said at its end any more."""
    end_ms = _clip(cue, cue.end_ms, evidence.duration_ms)
    latest_ms = _find_latest_end(cue, limits, evidence)
    if end_ms <= cue.start_ms + limits.max_duration_ms:
        return end_ms
    if cue.words:
        silent = max(word.end_ms for word in cue.words) <= latest_ms
    else:
        rest = TimeSpan(latest_ms, end_ms)
        silent = evidence.speech is not None and not any(map(rest.overlaps, evidence.speech))
    return latest_ms if silent else end_ms


def _find_end(cue: Cue, needed_ms: int, limits: Preset, evidence: Evidence) -> int:
    """Return the end that a cue needs to be read; on a frame and within the media, where these are known."""
    end_ms = cue.start_ms + max(limits.min_duration_ms, needed_ms)
    if evidence.grid is not None:
        end_ms = evidence.grid.to_ms(evidence.grid.frame_from(end_ms))
    return _clip(cue, min(end_ms, _find_latest_end(cue, limits, evidence)), evidence.duration_ms)


def _find_latest_end(cue: Cue, limits: Preset, evidence: Evidence) -> int:
    """Return the end of a cue that is shown for as long as allowed, on a frame where these are known."""
    end_ms = cue.start_ms + limits.max_duration_ms
    return end_ms if evidence.grid is None else evidence.grid.to_ms(evidence.grid.frame_at(end_ms))


def _clip(cue: Cue, end_ms: int, duration_ms: int | None) -> int:
    """Return an end within the media, if the cue begins there."""
    return end_ms if duration_ms is None or cue.start_ms >= duration_ms else min(end_ms, duration_ms)


def _mend_end(cue: Cue, end_ms: int, wanted_ms: int, next_ms: int | None, limits: Preset) -> int:
    """Return a better end of a cue, or the one that it has.

    Args:
        cue: The cue.
        end_ms: Its end so far.
        wanted_ms: Where it should end at the earliest.
        next_ms: When the next cue appears; None after the last one.
        limits: Of its language.
    """
    longer_ms = max(end_ms, wanted_ms)
    if next_ms is None:
        return longer_ms
    closed_ms = next_ms - limits.min_gap_ms
    if longer_ms > closed_ms:
        # Make room for the next cue, unless too little would be left or it would go before its own words do.
        spoken_ms = max((word.end_ms for word in cue.words), default=cue.start_ms)
        least_ms = max(cue.start_ms + limits.min_duration_ms, spoken_ms - limits.min_gap_ms)
        if closed_ms >= min(least_ms, end_ms):
            return closed_ms
        return next_ms if cue.start_ms < next_ms < end_ms <= next_ms + limits.min_gap_ms else end_ms
    if next_ms - longer_ms < limits.chain_gap_ms and closed_ms - cue.start_ms <= limits.max_duration_ms:
        return closed_ms
    return longer_ms


def _single_spaces(cue: Cue) -> Cue:
    return replace(cue, lines=tuple(filter(None, (re.sub(" {2,}", " ", line).strip() for line in cue.lines))))


def _break_again(cue: Cue, limits: Preset, language: str) -> Cue:
    """Return the cue with the same text on other rows, or as it is if it does not fit into the limits."""
    lines = cue.lines
    if sum(bool(_DIALOGUE.match(strip_tags(line))) for line in lines) > 1:
        return cue  # rows of two speakers
    tokens = _split(lines, unspaced=is_unspaced(language))
    shown = [strip_tags(text) for text, _ in tokens]
    if not all(shown):
        return cue  # a tag that stands alone would have to choose a word to go with
    words = [Word(0, 0, text) for text in shown]
    passage = Passage.measure(words, [space for _, space in tokens], language, limits, 0)
    layout = LineBreaker(passage).break_lines(0, len(words))
    if layout is None:
        return cue
    edges = pairwise((0, *layout[1], len(tokens)))
    rows = tuple("".join(text + " " * space for text, space in tokens[start:end]).strip() for start, end in edges)
    fits = all(display_width(strip_tags(row)) <= limits.max_line_width for row in rows)
    return replace(cue, lines=rows) if fits else cue


def _split(lines: Sequence[str], *, unspaced: bool) -> list[tuple[str, bool]]:
    """Return the words of a text, each with whether a space follows; single characters in scripts without spaces."""
    tokens: list[tuple[str, bool]] = []
    for line in lines:
        if tokens and unspaced:
            # Rows of these scripts are joined without a space, but for words of others.
            edges = strip_tags(tokens[-1][0])[-1:] + strip_tags(line).lstrip()[:1]
            tokens[-1] = (tokens[-1][0], edges.isascii() and edges.isalnum())
        for token in _TOKEN.findall(line):
            pieces = split_unspaced(token) if unspaced and "<" not in token and "{" not in token else [token]
            tokens += [(piece, False) for piece in pieces[:-1]] + [(pieces[-1], True)]
    return [*tokens[:-1], (tokens[-1][0], False)] if tokens else []
