"""Every rule finds what breaks it, says where and by how much, and is silent about what does not."""

from dataclasses import replace
from fractions import Fraction

import pytest

from qwen_subs.frames import FrameGrid
from qwen_subs.presets import PRESETS
from qwen_subs.quality import RULES, Severity, check_cues, gather_evidence
from qwen_subs.quality.frame_rate import guess_frame_grid
from qwen_subs.transcript import Cue, Segment, TimeSpan, Transcript, Word
from tests.quality.cue_files import NETFLIX, broken, cue, report_on, rules_of

GOOD = (
    cue(1, 3, "The file is under the monitor."),
    cue(3.083, 6, "I don't like the clean costume,", "but our track is ready."),
    cue(7, 9, "That was shot two."),
)


def test_good_cues_break_nothing() -> None:
    assert report_on(*GOOD, duration_ms=9_000).issues == ()


def test_every_rule_says_what_it_is_about() -> None:
    for name, rule in RULES.items():
        assert rule.__doc__ and rule.__doc__.partition("\n")[0].endswith("."), name


@pytest.mark.parametrize(
    ("bad", "rule", "measured", "limit", "unit"),
    [
        (cue(10, 13, "A line that is quite a lot wider than the limit"), "line-width", 47, 42, "cells"),
        (cue(10, 13, "One,", "two,", "three."), "line-count", 3, 2, "lines"),
        (cue(10, 11, "This text has thirty characters"), "reading-speed", 31.0, 20, "cps"),
        (cue(10, 10.5, "Short."), "min-duration", 500, 833, "ms"),
        (cue(9.5, 14.5, "That was shot two."), "max-duration", 5_000, 4_000, "ms"),
        (cue(9.04, 11, "Too soon."), "min-gap", 40, 83, "ms"),
        (cue(9.3, 11, "It flickers."), "flicker", 300, 500, "ms"),
        (cue(8.5, 11, "It overlaps."), "overlap", 500, 0, "ms"),
        (cue(14, 16, "After the end."), "media-end", 16_000, 15_000, "ms"),
    ],
)
def test_broken_limits_are_measured(bad: Cue, rule: str, measured: float, limit: float, unit: str) -> None:
    report = report_on(*GOOD, bad, duration_ms=15_000, preset=NETFLIX.override({"max_duration_ms": 4_000}))
    (issue,) = report.issues
    assert (issue.rule, issue.cue, issue.measured, issue.limit, issue.unit) == (rule, 4, measured, limit, unit)
    assert (issue.start_ms, issue.end_ms) == (bad.start_ms, bad.end_ms)


def test_order_is_that_of_the_file() -> None:
    report = report_on(cue(5, 7, "Second."), cue(1, 3, "First."))
    assert broken(report) == [("order", 2)]


def test_a_long_cue_is_remembered_behind_a_short_one() -> None:
    report = report_on(cue(0, 7, "Long."), cue(1, 2, "Short."), cue(4, 6, "Third."))
    assert [(issue.cue, issue.message) for issue in report.issues if issue.rule == "overlap"] == [
        (2, "overlaps cue 1 by 6 s"),
        (3, "overlaps cue 1 by 3 s"),
    ]


def test_a_gap_of_exactly_the_limit_is_none_too_small() -> None:
    assert rules_of(cue(1, 3, "One."), cue(3.083, 5, "Two.")) == set()


def test_gaps_are_judged_by_frames_where_the_rate_is_known() -> None:
    cues = (cue(1, 3, "One."), cue(3.08, 5, "Two."))  # two frames of 25 per second
    assert rules_of(*cues) == {"min-gap"}
    assert rules_of(*cues, grid=FrameGrid(Fraction(25))) == set()


def test_times_on_no_frame_are_one_note() -> None:
    (issue,) = report_on(cue(1, 3, "One."), cue(4.01, 6, "Two."), grid=FrameGrid(Fraction(25))).issues
    assert (issue.rule, issue.severity, issue.measured) == ("frames", Severity.NOTE, 1)


@pytest.mark.parametrize("rate", ["24000/1001", "24", "25", "30000/1001", "30", "50", "60"])
def test_the_frame_rate_is_told_from_the_times(rate: str) -> None:
    grid = FrameGrid(Fraction(rate))
    cues = [Cue(grid.to_ms(frame), grid.to_ms(frame + 37), ("One.",)) for frame in range(500, 40_000, 211)]
    assert guess_frame_grid(cues) == grid
    assert guess_frame_grid(cues[:5]) is None
    assert guess_frame_grid([Cue(17 * k * k, 17 * k * k + 1_003, ("One.",)) for k in range(40)]) is None


def test_times_that_the_format_rounds_are_not_blamed() -> None:
    assert rules_of(cue(1, 3, "One."), cue(3.08, 5, "Two."), tick_ms=10) == set()


def test_limits_without_end_are_kept_by_everything() -> None:
    assert rules_of(cue(1, 1.001, "x" * 900, "y"), preset=PRESETS["none"]) <= {"reading-speed"}


@pytest.mark.parametrize("code", ["zh", "ja", "ko"])
def test_full_width_characters_count_two_cells_and_one_character(code: str) -> None:
    limits = NETFLIX.for_language(code)
    text = "字" * (limits.max_line_width // 2)
    fitting = Cue(0, round(1000 * len(text) / limits.max_cps), (text,))
    assert rules_of(fitting, language=code) == set()
    assert "line-width" in rules_of(replace(fitting, lines=(text + "字",)), language=code)
    half = replace(fitting, lines=(text[:-2] + "ABCD",))  # four half-width characters count two
    assert rules_of(half, language=code) == set()


def test_thai_marks_above_and_below_count_nothing() -> None:
    text = "ผู้ใหญ่" * 5  # 35 code points, 20 cells
    report = report_on(cue(1, 3, text), language="th")
    assert report.evidence.characters == (20,)
    assert report.issues == ()


def test_the_language_is_guessed_from_the_text() -> None:
    assert report_on(cue(1, 4, "你好，世界。"), language=None).evidence.languages == ("zh",)


class TestLineBreaks:
    def test_an_article_is_torn_from_its_noun(self) -> None:
        report = report_on(cue(1, 3, "We were under the", "monitor."))
        assert [issue.message for issue in report.issues] == ["line 1 ends on “the”, which belongs to “monitor.”"]
        assert report.issues[0].severity is Severity.WARNING

    def test_a_cue_ends_on_an_article(self) -> None:
        cues = (cue(1, 3, "We were under the"), cue(3.083, 5, "monitor."))
        assert broken(report_on(*cues)) == [("cue-end", 1)]
        assert rules_of(cues[0], cue(8, 9, "monitor.")) == set()  # after a long pause nothing goes on

    def test_numbers_and_units(self) -> None:
        assert rules_of(cue(1, 3, "It costs 50", "euros.")) == {"line-end"}

    def test_two_speakers_are_no_torn_sentence(self) -> None:
        assert rules_of(cue(1, 3, "- You were under the", "- No!")) == set()

    def test_inside_of_a_chinese_word(self) -> None:
        assert rules_of(cue(1, 4, "因为今天我", "们学习中文。"), language="zh") == {"line-end"}
        assert rules_of(cue(1, 4, "因为今天，", "我们学习中文。"), language="zh") == set()

    @pytest.mark.parametrize("lines", [("你好", "，世界"), ("他说「", "你好」")])
    def test_kinsoku(self, lines: tuple[str, str]) -> None:
        assert rules_of(cue(1, 4, *lines), language="zh") == {"line-mark"}

    @pytest.mark.parametrize(
        "lines", [("Wait", "…and see."), ("Er sagte: „So.“", "»Nein«, sagte sie."), ("’Cause", "so.")]
    )
    def test_marks_that_belong_to_their_word(self, lines: tuple[str, str]) -> None:
        assert rules_of(cue(1, 4, *lines), language="de") == set()


class TestText:
    def test_empty(self) -> None:
        assert rules_of(cue(1, 3, "<i></i>")) == {"empty"}
        assert rules_of(cue(1, 3)) == {"empty"}

    def test_tags_have_no_width(self) -> None:
        text = '{\\an8}<font color="#ffffff"><i>A line of text.</i></font>'
        assert rules_of(cue(1, 3, text), preset=NETFLIX.override({"max_line_width": 15})) == set()

    def test_tags_that_stay_open(self) -> None:
        report = report_on(cue(1, 3, "<i>One"), cue(4, 6, "two</b>"), cue(7, 9, "3 < 4 and a<b"))
        assert [issue.message for issue in report.issues] == ["<i> is never closed", "</b> is never opened"]

    def test_brackets_may_span_cues(self) -> None:
        first, second = cue(1, 3, "One (and"), cue(3.083, 5, "two).")
        assert "brackets" not in rules_of(first, second)
        assert "brackets" in rules_of(first)
        assert rules_of(cue(1, 3, "1) One :)")) == set()

    def test_two_spaces(self) -> None:
        assert rules_of(cue(1, 3, "One  two.")) == {"spaces"}

    def test_the_same_again_and_again(self) -> None:
        again = [cue(3 * k, 3 * k + 2, "Thanks for watching!") for k in range(5)]
        assert broken(report_on(*again)) == [("repetition", 3)]
        assert rules_of(*again[:2]) == set()

    def test_messages_hold_no_control_characters(self) -> None:
        report = report_on(cue(1, 3, "under the\x1b[31m", "moni\x07tor"))
        assert all(issue.message.isprintable() for issue in report.issues)
        assert report.issues


class TestMedia:
    def test_speech_without_a_cue(self) -> None:
        report = report_on(*GOOD, speech=[TimeSpan(1_000, 9_000), TimeSpan(20_000, 23_000)])
        (issue,) = report.issues
        assert (issue.rule, issue.cue, issue.start_ms, issue.end_ms) == ("missed-speech", None, 20_000, 23_000)

    def test_sentences_without_a_cue_are_one_problem(self) -> None:
        heard = [TimeSpan(20_000 + 3_000 * k, 22_000 + 3_000 * k) for k in range(5)]
        (issue,) = report_on(*GOOD, speech=[TimeSpan(1_000, 9_000), *heard, TimeSpan(60_000, 60_500)]).issues
        assert (issue.start_ms, issue.end_ms, issue.measured) == (20_000, 34_000, 10_000)

    def test_a_cue_without_speech(self) -> None:
        report = report_on(*GOOD, speech=[TimeSpan(1_000, 6_000)])
        assert broken(report) == [("silent-cue", 3)]

    def test_nothing_is_said_about_speech_when_nobody_listened(self) -> None:
        assert report_on(*GOOD).issues == ()

    @pytest.mark.parametrize(
        ("shot_ms", "rules"),
        [
            (7_000, set()),
            (6_800, {"shot-in"}),
            (7_300, {"shot-in"}),
            (9_083, set()),
            (9_300, {"shot-out"}),
            (8_800, {"shot-out"}),
            (8_000, {"shot-crossing"}),
            (20_000, set()),
        ],
    )
    def test_shot_changes(self, shot_ms: int, rules: set[str]) -> None:
        assert rules_of(GOOD[2], shots=[shot_ms]) == rules


class TestOwnTranscripts:
    def make(self, *words: Word, flags: tuple[str, ...] = (), text: str = "Hello there.") -> Transcript:
        shown = Cue(1_000, 3_000, ("Hello there.",), words)
        return Transcript("film.mp4", 9_000, (Segment(1_000, 3_000, text, "en", flags=flags),), words, (shown,))

    def check(self, transcript: Transcript) -> list[tuple[str, Severity, int | None]]:
        report = check_cues(gather_evidence(transcript, NETFLIX, duration_ms=transcript.duration_ms))
        return [(issue.rule, issue.severity, issue.cue) for issue in report.issues]

    def test_doubtful_and_repaired_words_are_notes(self) -> None:
        sure, doubtful = Word(1_000, 1_500, "Hello", confidence=0.9), Word(1_500, 2_000, "there.", confidence=0.1)
        assert self.check(self.make(sure, doubtful)) == [("confidence", Severity.NOTE, 1)]
        repaired = replace(doubtful, confidence=0.9, repaired=True)
        assert self.check(self.make(sure, repaired)) == [("repaired", Severity.NOTE, 1)]

    def test_flagged_segments(self) -> None:
        words = (Word(1_000, 1_500, "Hello"), Word(1_500, 2_000, "there."))
        assert self.check(self.make(*words, flags=("repetition",))) == [("flags", Severity.WARNING, 1)]

    def test_lost_words(self) -> None:
        found = self.check(self.make(Word(1_000, 1_500, "Hello")))
        assert found == [("lost-text", Severity.ERROR, None)]


def test_ten_thousand_cues_take_no_time() -> None:
    import time

    cues = [
        cue(3 * k, 3 * k + 2.5, "I don't like the clean costume,", "but our track is ready.") for k in range(10_000)
    ]
    started = time.monotonic()
    report = report_on(*cues, shots=range(0, 30_000_000, 4_000), speech=[TimeSpan(0, 30_000_000)])
    assert report.statistics["cues"] == 10_000
    assert time.monotonic() - started < 5
