"""What is believed of an aligner's answer, and what is looked for again."""

from qwen_subs.alignment.base import UnitTime
from qwen_subs.alignment.trust import (
    count_anchored,
    count_followed,
    count_leading,
    find_unsure_runs,
    has_lost_text,
)


def answer(confidences: str, far: int = -1) -> list[UnitTime]:
    """Return units of 300 ms, one per digit (tenths of confidence); before number ``far`` there are ten seconds."""
    return [
        UnitTime(300 * i + 10_000 * (0 <= far <= i), 300 * i + 300 + 10_000 * (0 <= far <= i), int(digit) / 10, False)
        for i, digit in enumerate(confidences)
    ]


def test_a_text_is_followed_until_it_is_lost() -> None:
    assert count_followed(answer("99999999")) == 8
    assert count_followed(answer("99199999")) == 8
    assert count_followed(answer("999911111999")) == 4
    assert count_followed(answer("99991119")) == 8
    assert count_followed(answer("999911")) == 4
    assert count_followed(answer("111119999")) == 0
    assert count_followed([]) == 0


def test_a_few_units_far_behind_are_not_believed() -> None:
    assert count_followed(answer("9999999", far=5)) == 5
    assert count_followed(answer("999999999", far=5)) == 9


def test_units_that_are_sure_together_anchor_what_is_before_them() -> None:
    assert count_anchored(answer("1111199991")) == 9
    assert count_anchored(answer("1111199199")) == 10
    assert count_anchored(answer("1111199119")) == 0
    assert count_anchored(answer("9999", far=2)) == 0
    assert count_anchored(answer("119"), anchor=1) == 3


def test_what_is_not_sure_is_known() -> None:
    assert count_leading(answer("9919")) == 2
    assert find_unsure_runs(answer("1199911919")) == [(0, 1), (5, 6)]
    assert has_lost_text(answer("9911111"))
    assert not has_lost_text(answer("991111911"))
