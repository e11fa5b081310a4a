import pytest

from qwen_subs.recognition.repetition import ends_in_cycle


@pytest.mark.parametrize(
    "text",
    [
        "We went there. " + "And then we went. " * 5,
        "And then we went. " * 5 + "And then",
        "0" * 26,
        "好" * 30,
        "今天天气很好。" * 6,
        "start " + "la la la, " * 10,
    ],
)
def test_text_that_goes_round_in_circles(text):
    assert ends_in_cycle(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "No, no, no, no.",
        "ha ha ha ha ha",
        "Row, row, row your boat, gently down the stream.",
        "They check the lens. They check the lens. They check the lens.",
        "And then we went. " * 8 + "At last we were there.",
        "One, two, three, four, five, six, seven, eight, nine, ten, eleven, twelve.",
        "哈哈哈哈哈哈",
    ],
)
def test_what_people_say(text):
    assert not ends_in_cycle(text)
