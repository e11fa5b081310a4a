"""A corrected copy says the same, at the same moments, and breaks less."""

from dataclasses import replace
from fractions import Fraction
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from qwen_subs.checking import mend
from qwen_subs.frames import FrameGrid
from qwen_subs.quality import Report, Severity, check_cues, gather_evidence
from qwen_subs.transcript import Cue, TimeSpan, Transcript, Word
from tests.quality.cue_files import NETFLIX, cue, report_on, texts


def mended(*cues: Cue, **known: Any) -> tuple[Cue, ...]:
    return mend(report_on(*cues, **known)).evidence.cues


def errors(report: Report) -> int:
    return report.count(Severity.ERROR)


def test_good_cues_stay_as_they_are() -> None:
    cues = (cue(1, 3, "The file is under the monitor."), cue(3.083, 6, "I don't like the clean", "costume."))
    report = mend(report_on(*cues))
    assert report.evidence.cues == cues
    assert report.mended == ()


def test_order() -> None:
    first, second = cue(1, 3, "First."), cue(5, 7, "Second.")
    report = mend(report_on(second, first))
    assert report.evidence.cues == (first, second)
    assert [(issue.rule, issue.cue) for issue in report.mended] == [("order", 2)]


def test_a_cue_makes_room_for_the_next_one() -> None:
    for end_s in (3.5, 3.02, 2.95):
        first, second = mended(cue(1, end_s, "First."), cue(3, 5, "Second."))
        assert (first.start_ms, first.end_ms, second.start_ms) == (1_000, 2_917, 3_000)


def test_an_overlap_that_would_leave_too_little_stays_and_is_told() -> None:
    report = mend(report_on(cue(1, 4, "First."), cue(1.5, 5, "Second.")))
    assert report.evidence.cues[0].end_ms == 4_000
    assert [issue.rule for issue in report.issues] == ["overlap"]


def test_words_are_not_cut_off() -> None:
    word = Word(1_000, 3_900, "First.")
    first = Cue(1_000, 4_000, ("First.",), (word,))
    assert mended(first, cue(3, 5, "Second."))[0].end_ms == 4_000
    assert mended(replace(first, words=(replace(word, end_ms=2_900),)), cue(3, 5, "Second."))[0].end_ms == 2_917


def test_gaps_that_flicker_are_closed() -> None:
    assert mended(cue(1, 2.7, "First."), cue(3, 5, "Second."))[0].end_ms == 2_917
    assert mended(cue(1, 2.4, "First."), cue(3, 5, "Second."))[0].end_ms == 2_400


def test_cues_grow_into_free_time() -> None:
    assert mended(cue(1, 1.2, "Short."))[0].end_ms == 1_833
    assert mended(cue(1, 2, "This text has thirty characters"))[0].end_ms == 2_550
    assert mended(cue(1, 2, "This text has thirty characters"), cue(2.4, 4, "Next."))[0].end_ms == 2_317
    assert mended(cue(1, 1.2, "Short."), duration_ms=1_500)[0].end_ms == 1_500


def test_cues_grow_by_whole_frames() -> None:
    (grown,) = mended(cue(1, 1.2, "This text has thirty characters"), grid=FrameGrid(Fraction(24_000, 1001)))
    grid = FrameGrid(Fraction(24_000, 1001))
    assert grid.to_ms(grid.frame_at(grown.end_ms)) == grown.end_ms >= 2_550


def test_the_longest_time_holds_on_frames_too() -> None:
    grid = FrameGrid(Fraction(25))
    text = ("x" * 40 + " ") * 4  # more than can be read in the longest time
    (grown,) = mended(cue(1.011, 5, text), grid=grid)
    assert (grown.end_ms, grown.end_ms % 40) == (8_000, 0)
    assert mended(cue(1.011, 12, "Two."), grid=grid, speech=[TimeSpan(1_000, 2_000)])[0].end_ms == 8_000


def test_a_long_cue_ends_early_only_if_nothing_is_said_any_more() -> None:
    long = cue(1, 12, "That was shot two.")
    assert mended(long)[0] == long
    assert mended(long, speech=[TimeSpan(1_000, 11_000)])[0] == long
    assert mended(long, speech=[TimeSpan(1_000, 5_000)])[0].end_ms == 8_000
    assert mended(replace(long, words=(Word(1_000, 5_000, "That"),)))[0].end_ms == 8_000


def test_what_is_after_the_media_is_not_moved() -> None:
    late = cue(20, 22, "Late.")
    assert mended(cue(8, 10.5, "Last."), late, duration_ms=10_000) == (cue(8, 10, "Last."), late)


def test_rows_are_broken_again() -> None:
    assert mended(cue(1, 6, "I don't like the clean costume, but our track is ready."))[0].lines == (
        "I don't like the clean costume,",
        "but our track is ready.",
    )
    assert mended(cue(1, 3, "The file is under the", "monitor."))[0].lines == ("The file is under the monitor.",)
    assert mended(cue(1, 6, "One", "two", "three"))[0].lines == ("One two three",)
    assert mended(cue(1, 6, "今天我们在北京大学学习中文，因为我们喜欢中国文化。"), language="zh")[0].lines == (
        "今天我们在北京大学学习中文，",
        "因为我们喜欢中国文化。",
    )


def test_rows_that_cannot_be_broken_better_stay() -> None:
    for lines in (
        ("x" * 50,),
        ("- I don't like the clean costume, and neither do you.", "- But our track is ready."),
        (" ".join(["word"] * 40),),
    ):
        assert mended(cue(1, 6, *lines))[0].lines == lines


def test_tags_stay_with_their_words() -> None:
    (fixed,) = mended(
        cue(1, 6, '<i>I don\'t like the <font color="red">clean costume</font>, but our track is ready.</i>')
    )
    assert fixed.lines == (
        '<i>I don\'t like the <font color="red">clean costume</font>,',
        "but our track is ready.</i>",
    )


def test_empty_cues_go() -> None:
    assert mended(cue(1, 3, "One."), cue(4, 5), cue(6, 8, "Two.")) == (cue(1, 3, "One."), cue(6, 8, "Two."))


WORDS = st.sampled_from(
    ["the", "of", "file", "50", "monitor,", "costume.", "-", "<i>we</i>", "…so", "（今天", "我们）"]
)
LINES = st.lists(st.lists(WORDS, min_size=1, max_size=9).map(" ".join), max_size=3)
CUES = st.lists(
    st.builds(lambda s, d, lines: Cue(s, s + d, tuple(lines)), st.integers(0, 20_000), st.integers(0, 9_000), LINES)
)


@settings(max_examples=80, deadline=None)
@given(
    CUES,
    st.sampled_from(["en", "zh"]),
    st.sampled_from([None, 15_000]),
    st.sampled_from([None, FrameGrid(Fraction(25))]),
)
def test_whatever_comes_the_text_and_the_in_times_stay(
    cues: list[Cue], language: str, duration_ms: int | None, grid: FrameGrid | None
) -> None:
    evidence = gather_evidence(
        Transcript(cues=tuple(cues)), NETFLIX, language=language, duration_ms=duration_ms, grid=grid
    )
    before = check_cues(evidence)
    after = mend(before)
    shown = sorted((found for found in cues if "".join(found.lines).split()), key=lambda found: found.start_ms)
    shown = [found for found in shown if found.text.replace("<i>", "").replace("</i>", "").strip()]
    assert texts(after.evidence.cues) == texts(shown)
    assert [found.start_ms for found in after.evidence.cues] == [found.start_ms for found in shown]
    assert errors(after) <= errors(before)
    again = mend(after)
    assert again.evidence.cues == after.evidence.cues
