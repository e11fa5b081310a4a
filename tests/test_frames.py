"""Frames and milliseconds: exact rates, the right frame in every player, no drift."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.errors import UsageError
from qwen_subs.frames import FrameGrid, parse_frame_code, parse_frame_rate

NTSC = Fraction(30000, 1001)
RATES = [Fraction(24000, 1001), *map(Fraction, (24, 25, 30, 50, 60)), NTSC, Fraction(60000, 1001), Fraction(25, 2)]
grids = st.builds(
    FrameGrid, st.sampled_from(RATES), st.fractions(0, 16, max_denominator=90).map(lambda ms: ms % Fraction(1000, 60))
)


@pytest.mark.parametrize(
    ("text", "fps"),
    [
        ("25", Fraction(25)),
        ("25.000", Fraction(25)),
        ("23.976", Fraction(24000, 1001)),
        ("23.98", Fraction(24000, 1001)),
        ("23.976024", Fraction(24000, 1001)),
        ("29.97", NTSC),
        ("59.94", Fraction(60000, 1001)),
        ("30000/1001", NTSC),
        ("12.5", Fraction(25, 2)),
    ],
)
def test_rates_are_exact(text: str, fps: Fraction) -> None:
    assert parse_frame_rate(text) == fps


@pytest.mark.parametrize("text", ["", "0", "fast", "-25", "25/0", "1e3", "nan", "1000", "25 fps", "24000/1001/2"])
def test_what_is_no_rate(text: str) -> None:
    with pytest.raises(UsageError, match="no frame rate"):
        parse_frame_rate(text)


@given(grids, st.integers(0, 5_000_000))
def test_a_player_shows_the_right_frame(grid: FrameGrid, frame: int) -> None:
    shown_at = grid.phase_ms + frame * 1000 / grid.fps
    before = grid.phase_ms + (frame - 1) * 1000 / grid.fps
    assert before < grid.to_ms(frame) <= shown_at


@given(grids, st.integers(1, 5_000_000))
def test_milliseconds_name_their_frame(grid: FrameGrid, frame: int) -> None:
    ms = grid.to_ms(frame)
    assert grid.frame_at(ms) == grid.frame_from(ms) == grid.nearest_frame(ms) == frame
    assert grid.frame_at(ms - 1) == frame - 1


@given(grids, st.integers(0, 100_000))
def test_lengths_are_rounded_to_the_safe_side(grid: FrameGrid, ms: int) -> None:
    most, fewest = grid.count_within(ms), grid.count_from(ms)
    assert most * 1000 / grid.fps <= ms <= fewest * 1000 / grid.fps
    assert fewest - most <= 1


def test_four_hours_of_29_97_do_not_drift() -> None:
    frame = parse_frame_rate("29.97") * 14_400
    assert FrameGrid(NTSC).to_ms(int(frame)) == pytest.approx(14_400_000, abs=34)
    assert FrameGrid(NTSC).to_ms(431_568) == 14_399_985  # 431568 × 1001 / 30 ms, rounded down


@pytest.mark.parametrize(
    ("code", "fps", "ms"),
    [
        ("00:00:04:18", Fraction(25), 4720),
        ("01:00:00:00", Fraction(25), 3_600_000),
        ("00:00:01:00", NTSC, 1001),
        ("00:01:00;02", NTSC, 60_060),  # the first number of minute 1: frame 1800
        ("01:00:00;00", NTSC, 3_599_996),  # frame 107892
        ("00:10:00;00", NTSC, 599_999),
    ],
)
def test_time_codes(code: str, fps: Fraction, ms: int) -> None:
    assert parse_frame_code(code, fps) == ms


@pytest.mark.parametrize(
    ("code", "fps"), [("00:00:01:25", 25), ("00:61:00:00", 25), ("00:00:01;00", 25), ("1.5", 25), ("", 25)]
)
def test_what_is_no_time_code(code: str, fps: int) -> None:
    with pytest.raises(ValueError):
        parse_frame_code(code, Fraction(fps))
