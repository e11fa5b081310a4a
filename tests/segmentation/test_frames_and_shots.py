"""When cues appear and disappear where there is a video: on its frames, and with its shots."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.frames import FrameGrid
from qwen_subs.presets import PRESETS, Preset
from qwen_subs.segmentation import segment_words
from qwen_subs.segmentation.timing import Speech, time_cues
from qwen_subs.transcript import Segment, Word

NETFLIX = PRESETS["netflix"]
FPS_24 = FrameGrid(Fraction(24))
NTSC = FrameGrid(Fraction(30000, 1001))
GRIDS = [FrameGrid(Fraction(24000, 1001)), FPS_24, FrameGrid(Fraction(25)), NTSC, FrameGrid(Fraction(50))]
GRIDS += [FrameGrid(Fraction(25), Fraction(21)), FrameGrid(Fraction(60000, 1001), Fraction(64, 9))]


def in_frames(
    *spoken: tuple[int, int],
    cuts: tuple[int, ...] = (),
    grid: FrameGrid = FPS_24,
    preset: Preset = NETFLIX,
    characters: int = 10,
    duration: int = 2000,
) -> list[tuple[int, int]]:
    """Times of cues in frames, for speech in frames."""
    limits = preset.for_language("en").at_frame_rate(grid.fps)
    speeches = [Speech(grid.to_ms(start) + 3, grid.to_ms(end) - 3, characters, limits) for start, end in spoken]
    spans = time_cues(speeches, grid.to_ms(duration), grid, [grid.to_ms(cut) for cut in cuts])
    frames = [(grid.frame_at(span.start_ms), grid.frame_at(span.end_ms)) for span in spans]
    assert [(grid.to_ms(start), grid.to_ms(end)) for start, end in frames] == [
        (span.start_ms, span.end_ms) for span in spans
    ]
    return frames


def test_a_cue_appears_on_the_frame_of_its_first_word() -> None:
    assert in_frames((100, 150)) == [(100, 162)]


def test_the_gap_is_two_frames_at_every_rate() -> None:
    for grid in GRIDS:
        (_, end), (start, _) = in_frames((100, 180), (181, 260), grid=grid)
        assert start - end == 2


def test_a_gap_is_two_frames_or_half_a_second() -> None:
    for grid, half_a_second in ((FPS_24, 12), (FrameGrid(Fraction(25)), 13), (NTSC, 15)):
        for pause in range(1, 60):
            (_, end), (start, _) = in_frames((100, 200), (200 + pause, 300), grid=grid)
            assert start - end == 2 or start - end >= half_a_second


def test_the_shortest_cue_has_twenty_frames_at_24() -> None:
    (start, end), *_ = in_frames((100, 101), characters=1)
    assert end - start == 20


def test_the_longest_cue_has_no_frame_too_many() -> None:
    (start, end), *_ = in_frames((100, 400), grid=NTSC)
    assert end - start == 209  # 209.79 frames are 7 s


# Where the speech starts, cuts -> where the cue appears. A zone is 12 frames at 24.
@pytest.mark.parametrize(
    ("start", "cuts", "appears"),
    [
        (105, (100,), 100),  # just after a cut: with it
        (111, (100,), 100),
        (112, (100,), 112),  # not near it
        (100, (100,), 100),
        (98, (100,), 100),  # hardly before a cut: with it, two frames late
        (97, (100,), 88),  # more: half a second before it
        (89, (100,), 88),
        (88, (100,), 88),
        (97, (80, 100), 97),  # no room between the zones of two cuts
        (97, (90, 100), 90),
    ],
)
def test_in_times_and_cuts(start: int, cuts: tuple[int, ...], appears: int) -> None:
    assert in_frames((start, 200), cuts=cuts)[0][0] == appears


@pytest.mark.parametrize(
    ("end", "cuts", "disappears"),
    [
        (150, (), 162),
        (150, (170,), 168),  # would disappear just before a cut: two frames before it
        (150, (155,), 153),  # the speech is over before the cut
        (152, (152,), 150),
        (152, (150,), 148),  # a sound that runs over by two frames
        (153, (150,), 165),  # the speech crosses: far enough from the cut already
        (156, (160,), 158),
        (170, (175, 190), 173),
    ],
)
def test_out_times_and_cuts(end: int, cuts: tuple[int, ...], disappears: int) -> None:
    assert in_frames((100, end), cuts=cuts)[0][1] == disappears


def test_speech_that_crosses_a_cut_stays_half_a_second_after_it() -> None:
    short_hang = NETFLIX.override({"lead_out_ms": 100})
    assert in_frames((100, 153), cuts=(150,), preset=short_hang) == [(100, 162)]


def test_a_cut_takes_no_time_from_the_cue_before() -> None:
    # The first cue is spoken until frame 101; the second one cannot appear with the cut at 100.
    assert [start for start, _ in in_frames((50, 102), (105, 200), cuts=(100,))] == [50, 105]
    assert in_frames((50, 95), (105, 200), cuts=(100,)) == [(50, 98), (100, 212)]
    # Its text needs 40 frames to be read: until frame 90, not 88.
    slow = in_frames((50, 70), (97, 200), cuts=(100,), characters=33)
    assert slow == [(50, 95), (97, 212)]


def test_presets_without_shots_do_not_move() -> None:
    assert in_frames((105, 150), cuts=(100, 170), preset=PRESETS["ted"])[0][0] == 105
    off = NETFLIX.override({"shot_zone_ms": 0})
    assert in_frames((105, 150), cuts=(100, 170), preset=off) == in_frames((105, 150), preset=off)


def test_the_bbc_ends_a_cue_with_the_last_frame_of_a_shot() -> None:
    assert in_frames((105, 160), cuts=(100, 170), preset=PRESETS["bbc"]) == [(100, 170)]


def test_cuts_without_a_video_are_milliseconds() -> None:
    limits = NETFLIX.for_language("en")
    (span,) = time_cues([Speech(10_200, 12_000, 10, limits)], 60_000, shots=[10_000, 12_600])
    assert (span.start_ms, span.end_ms) == (10_000, 12_517)


def test_hours_of_29_97_stay_on_the_grid() -> None:
    limits = NETFLIX.for_language("en").at_frame_rate(NTSC.fps)
    speeches = [Speech(start, start + 2500, 30, limits) for start in range(0, 4 * 3_600_000, 3333)]
    spans = time_cues(speeches, 4 * 3_600_000, NTSC)
    for speech, span in zip(speeches, spans, strict=True):
        for ms in (span.start_ms, span.end_ms):
            exact = NTSC.nearest_frame(ms) * Fraction(1001, 30)
            assert 0 <= exact - ms < 1
        assert 0 <= speech.start_ms - span.start_ms < 34


@st.composite
def videos(draw: st.DrawFn) -> tuple[list[Word], int, FrameGrid, list[int], Preset]:
    words: list[Word] = []
    clock = draw(st.integers(0, 2000))
    for _ in range(draw(st.integers(1, 40))):
        lasts = draw(st.sampled_from([0, 60, 200, 350, 700, 3000]))
        text = draw(st.sampled_from(["the", "house", "ends.", "Why?", "and", "extraordinarily,"]))
        words.append(Word(clock, clock + lasts, text))
        clock += max(lasts, draw(st.sampled_from([60, 200, 350]))) + draw(st.sampled_from([0, 0, 0, 250, 800, 3000]))
    duration_ms = max(word.end_ms for word in words) + draw(st.integers(50, 3000))
    shots = draw(st.lists(st.integers(0, duration_ms), max_size=12))
    return (
        words,
        duration_ms,
        draw(st.sampled_from(GRIDS)),
        sorted(shots),
        draw(st.sampled_from(list(PRESETS.values()))),
    )


@given(videos())
def test_whatever_is_filmed_the_limits_hold(video: tuple[list[Word], int, FrameGrid, list[int], Preset]) -> None:
    words, duration_ms, grid, shots, preset = video
    segments = [Segment(0, duration_ms, "", "en")]
    limits = preset.for_language("en").at_frame_rate(grid.fps)
    cues = segment_words(words, segments, preset, duration_ms, grid=grid, shots=shots)
    unmoved = segment_words(words, segments, preset, duration_ms, grid=grid)
    assert [word for cue in cues for word in cue.words] == words
    assert [cue.lines for cue in cues] == [cue.lines for cue in unmoved]
    for cue in cues:
        assert 0 <= cue.start_ms <= cue.end_ms <= duration_ms
        assert cue.duration_ms <= limits.max_duration_ms
        for ms in (cue.start_ms, cue.end_ms):
            assert ms in (grid.to_ms(grid.frame_at(ms)), duration_ms)
    for before, after in pairwise(cues):
        assert before.end_ms <= after.start_ms
        frames = grid.frame_at(after.start_ms) - grid.frame_at(before.end_ms)
        if after.words[0].start_ms - before.words[0].start_ms >= limits.min_gap_ms + 200:
            assert frames >= grid.count_from(limits.min_gap_ms)
    zone_ms = limits.shot_zone_ms + 1000 / grid.fps
    for cue, plain in zip(cues, unmoved, strict=True):
        late_ms = max(plain.start_ms - cue.words[0].start_ms, limits.max_late_ms)
        assert -zone_ms < cue.start_ms - plain.start_ms <= limits.max_late_ms + 1
        assert cue.start_ms - cue.words[0].start_ms <= late_ms
        spoken_until = min(max(word.end_ms for word in cue.words), plain.end_ms)
        assert cue.end_ms >= spoken_until - limits.max_late_ms - limits.min_gap_ms - 1000 / grid.fps


def test_without_the_rule_shots_change_nothing() -> None:
    words = [Word(1000 + 400 * k, 1300 + 400 * k, "word.") for k in range(50)]
    segments = [Segment(0, 30_000, "", "en")]
    off = replace(NETFLIX, shot_zone_ms=0, rules=())
    plain = segment_words(words, segments, off, 30_000, grid=FPS_24)
    assert segment_words(words, segments, off, 30_000, grid=FPS_24, shots=range(0, 30_000, 700)) == plain
