"""When cues appear and disappear."""

from dataclasses import replace
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.presets import Preset
from qwen_subs.segmentation.timing import Speech, time_cues

LIMITS = Preset(
    name="test",
    source="",
    max_cps=20,
    min_duration_ms=800,
    max_duration_ms=7000,
    min_gap_ms=80,
    chain_gap_ms=500,
    lead_out_ms=400,
)


def on_screen(
    *spoken: tuple[int, int, int], duration_ms: int = 60_000, limits: Preset = LIMITS
) -> list[tuple[int, int]]:
    """Times of cues for speech given as start, end and characters."""
    spans = time_cues([Speech(start, end, characters, limits) for start, end, characters in spoken], duration_ms)
    return [(span.start_ms, span.end_ms) for span in spans]


def test_a_cue_appears_with_its_first_word_and_stays_a_little_after_its_last() -> None:
    assert on_screen((1000, 3000, 20)) == [(1000, 3400)]


def test_short_speech_stays_for_the_minimum_duration() -> None:
    assert on_screen((1000, 1100, 3)) == [(1000, 1800)]


def test_fast_speech_stays_until_it_can_be_read() -> None:
    assert on_screen((1000, 2000, 50)) == [(1000, 3500)]


def test_nothing_stays_longer_than_the_maximum() -> None:
    assert on_screen((1000, 7900, 20)) == [(1000, 8000)]
    assert on_screen((1000, 12_000, 20)) == [(1000, 8000)]


def test_nothing_runs_past_the_end_of_the_media() -> None:
    assert on_screen((1000, 1100, 50), duration_ms=1300) == [(1000, 1300)]


def test_the_gap_is_kept_when_speech_goes_on() -> None:
    assert on_screen((1000, 3000, 20), (3000, 5000, 20)) == [(1000, 2920), (3000, 5400)]


def test_a_small_gap_is_closed() -> None:
    assert on_screen((1000, 3000, 20), (3450, 5000, 20))[0] == (1000, 3370)


def test_a_gap_that_cannot_be_closed_is_wide_enough_not_to_flicker() -> None:
    # Closing it would leave the text up 720 ms after the speech; with the whole lead-out the gap would be 400 ms.
    assert on_screen((1000, 3000, 20), (3800, 5000, 20))[0] == (1000, 3300)


def test_a_wide_gap_is_left_alone() -> None:
    assert on_screen((1000, 3000, 20), (3900, 5000, 20))[0] == (1000, 3400)


def test_reading_time_goes_before_an_open_gap() -> None:
    assert on_screen((1000, 2000, 50), (3800, 5000, 20))[0] == (1000, 3720)


def test_cues_whose_words_share_a_start_queue() -> None:
    times = on_screen((1000, 1000, 20), (1000, 1000, 20), (1000, 2000, 20))
    assert [start for start, _ in times] == [1000, 1120, 1240]
    assert all(end - start == 40 for start, end in times[:-1])


def test_words_piled_up_at_the_end_get_inside() -> None:
    assert on_screen((1000, 1000, 20), (1000, 1000, 20), duration_ms=1000) == [(840, 880), (960, 1000)]


spoken = st.lists(st.tuples(st.integers(0, 9000), st.integers(0, 3000), st.integers(1, 90)), max_size=12)


@given(spoken, st.integers(0, 3000))
def test_order_and_media_hold_for_any_speech(parts: list[tuple[int, int, int]], rest_ms: int) -> None:
    parts.sort()
    duration_ms = max((start + lasts for start, lasts, _ in parts), default=0) + rest_ms
    times = on_screen(*((start, start + lasts, chars) for start, lasts, chars in parts), duration_ms=duration_ms)
    for (_, end), (start, _) in pairwise(times):
        assert end <= start
    assert all(0 <= start <= end <= duration_ms for start, end in times)
    apart = all(b[0] - a[0] >= 120 for a, b in pairwise(parts))
    if apart and (not parts or duration_ms - parts[-1][0] >= 40):
        assert [start for start, _ in times] == [start for start, _, _ in parts]


def test_no_minimum_and_no_gap_are_possible() -> None:
    bare = replace(LIMITS, min_duration_ms=0, min_gap_ms=0, chain_gap_ms=0, lead_out_ms=0)
    assert on_screen((0, 1000, 1), (1000, 1500, 1), limits=bare) == [(0, 1000), (1000, 1500)]
