"""Every displayed word gets a time, in order, inside its segment."""

from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.alignment.attach import attach_times, spread_words
from qwen_subs.alignment.base import UnitTime
from qwen_subs.alignment.partition import partition_text
from qwen_subs.transcript import TimeSpan, join_words, normalize_space


def test_a_word_spans_its_units_and_is_as_sure_as_the_least_sure() -> None:
    words = partition_text("either/or now", "en")
    times = [UnitTime(1000, 1200, 0.9, False), UnitTime(1250, 1400, 0.4, False), UnitTime(1500, 1700, 0.8, True)]
    either, now = attach_times(words, times, TimeSpan(1000, 2000), segment=3)
    assert (either.text, either.start_ms, either.end_ms, either.confidence) == ("either/or", 1000, 1400, 0.4)
    assert (either.repaired, now.repaired) == (False, True)
    assert either.segment == now.segment == 3
    assert either.space_after and not now.space_after


def test_marks_without_a_word_take_time_from_the_gap_after_them() -> None:
    words = partition_text("one ........................ two", "en")
    times = [UnitTime(0, 400, 0.9, False), UnitTime(1000, 1400, 0.9, False)]
    one, marks, two = attach_times(words, times, TimeSpan(0, 2000))
    assert (one.end_ms, two.start_ms) == (400, 1000)
    assert 400 <= marks.start_ms < marks.end_ms <= 1000
    assert marks.repaired and marks.confidence is None


def test_text_of_marks_alone_lies_inside_its_segment() -> None:
    (word,) = attach_times(partition_text("♪ …", "en"), (), TimeSpan(500, 900))
    assert word.text == "♪ …"
    assert 500 <= word.start_ms < word.end_ms <= 900


@given(
    st.lists(st.sampled_from(["a", "either/or", "♪" * 13, "–", "don't", "你好。"]), min_size=1, max_size=15),
    st.lists(st.integers(0, 3000), min_size=60, max_size=60),
    st.integers(0, 3000),
)
def test_words_are_sorted_inside_the_span_and_conserve_the_text(
    tokens: list[str], edges: list[int], length_ms: int
) -> None:
    text = " ".join(tokens)
    words = partition_text(text, "en")
    count = sum(len(word.units) for word in words)
    edges = sorted(min(edge, length_ms) for edge in edges)[: 2 * count]
    times = [UnitTime(100 + start, 100 + end, 0.5, False) for start, end in zip(edges[::2], edges[1::2], strict=True)]
    span = TimeSpan(100, 100 + length_ms)
    for timed in (attach_times(words, times, span), spread_words(words, span)):
        assert join_words(timed) == normalize_space(text)
        bounds = [bound for word in timed for bound in (word.start_ms, word.end_ms)]
        assert bounds == sorted(bounds)
        assert not bounds or (bounds[0] >= span.start_ms and bounds[-1] <= span.end_ms)


def test_spread_words_share_the_span_by_length() -> None:
    words = spread_words(partition_text("a elephant", "en"), TimeSpan(1000, 2000))
    assert (words[0].start_ms, words[0].end_ms, words[1].end_ms) == (1000, words[1].start_ms, 2000)
    assert words[1].duration_ms > 3 * words[0].duration_ms
    assert all(word.repaired and word.confidence is None for word in words)
