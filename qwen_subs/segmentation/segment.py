"""Stage 5 of 7: words -> cues."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from qwen_subs.frames import FrameGrid
from qwen_subs.languages import is_unspaced
from qwen_subs.presets import Preset
from qwen_subs.segmentation.grouping import group_words
from qwen_subs.segmentation.passage import Passage
from qwen_subs.segmentation.timing import MILLISECONDS, Speech, time_cues
from qwen_subs.transcript import Cue, Segment, Word


def segment_words(
    words: Sequence[Word],
    segments: Sequence[Segment],
    preset: Preset,
    duration_ms: int,
    *,
    grid: FrameGrid | None = None,
    shots: Sequence[int] = (),
) -> tuple[Cue, ...]:
    """Return the cues that show the words.

    Every word is in exactly one cue, in order. The lines of a cue give the text of its words: a line break stands for
    the space between two words, or for nothing where none is written. Cues are sorted, do not overlap and lie inside
    the media. Width, lines and the longest duration of the preset hold without exception, but one: a word that is wider
    than a line takes a line of its own, uncut. A speaker change, a language change and a pause of ``max_gap_ms`` always
    end a cue; so does the end of a sentence with ``break_at_sentences``.

    With a video, cues appear and disappear on its frames, lengths in frames are exact, and times that are near a shot
    change are moved to it by the rules of the preset.

    Args:
        words: Sorted by start; overlaps are tolerated.
        segments: What the words' ``segment`` refers to; gives their languages.
        preset: Reading limits; those of each language hold for its words.
        duration_ms: Of the media.
        grid: The frames of the video; None without one.
        shots: Where pictures change, ms.
    """
    if grid is not None:
        preset = preset.at_frame_rate(grid.fps)
    passages = list(_divide(words, segments, preset, duration_ms))
    groups = [(passage, group) for passage in passages for group in group_words(passage)]
    texts = []
    speeches = []
    for passage, group in groups:
        edges = (group.first, *group.breaks, group.end)
        lines = tuple(passage.text(first, end) for first, end in pairwise(edges))
        shown = passage.words[group.first : group.end]
        end_ms = max(word.end_ms for word in shown)
        texts.append((lines, shown))
        characters = sum(passage.length(first, end) for first, end in pairwise(edges))
        speeches.append(Speech(shown[0].start_ms, end_ms, characters, passage.limits))
    spans = time_cues(speeches, duration_ms, grid or MILLISECONDS, shots)
    return tuple(
        Cue(span.start_ms, span.end_ms, lines, shown) for span, (lines, shown) in zip(spans, texts, strict=True)
    )


def _divide(words: Sequence[Word], segments: Sequence[Segment], preset: Preset, duration_ms: int) -> Iterator[Passage]:
    """Yield the runs of words between which a cue always ends."""
    languages = _find_languages(words, segments)
    limits = {language: preset.for_language(language) for language in set(languages)}
    first, end_ms = 0, 0
    for index, word in enumerate(words):
        end_ms = max(end_ms, word.end_ms)
        following = words[index + 1] if index + 1 < len(words) else None
        if following is None or (
            following.start_ms - end_ms >= limits[languages[index]].max_gap_ms
            or languages[index + 1] != languages[index]
            or (following.speaker != word.speaker and None not in (following.speaker, word.speaker))
        ):
            run = words[first : index + 1]
            spaces = [_is_spaced(left, right, languages[index]) for left, right in pairwise(run)]
            yield Passage.measure(
                run,
                [*spaces, False],
                languages[index],
                limits[languages[index]],
                duration_ms if following is None else following.start_ms - limits[languages[index]].min_gap_ms,
            )
            first, end_ms = index + 1, 0


def _find_languages(words: Sequence[Word], segments: Sequence[Segment]) -> list[str]:
    """Return the language of every word; where it is not known, that of the word before."""
    languages: list[str] = []
    for word in words:
        known = segments[word.segment].language if word.segment < len(segments) else ""
        languages.append(known or (languages[-1] if languages else ""))
    return languages


def _is_spaced(left: Word, right: Word, language: str) -> bool:
    """Return whether a space separates two words; between two segments, where no text says it, the language tells."""
    crosses = left.segment != right.segment and bool(language) and not is_unspaced(language)
    return left.space_after or crosses
