"""Times are exact to the millisecond, in both directions."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.timecode import format_clock, parse_clock, seconds_to_ms


@pytest.mark.parametrize(
    ("ms", "text"),
    [(0, "00:00:00,000"), (999, "00:00:00,999"), (3_599_999, "00:59:59,999"), (360_000_001, "100:00:00,001")],
)
def test_format(ms: int, text: str) -> None:
    assert format_clock(ms, ",") == text


@given(st.integers(0, 10**9), st.sampled_from(",."))
def test_round_trip(ms: int, mark: str) -> None:
    assert parse_clock(format_clock(ms, mark)) == ms


def test_short_forms() -> None:
    assert parse_clock("01:02.5") == 62_500


@pytest.mark.parametrize("text", ["", "1", "aa:bb:cc,ddd", "00:00:00", "-00:00:01,000"])
def test_no_times(text: str) -> None:
    with pytest.raises(ValueError, match="not a time"):
        parse_clock(text)


@given(st.integers(0, 10**8))
def test_milliseconds_survive_seconds(ms: int) -> None:
    assert seconds_to_ms(ms / 1000) == ms
