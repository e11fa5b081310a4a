"""Display text is conserved to the character, and the units are what the aligner hears."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qwen_subs.alignment.partition import DisplayWord, partition_text
from qwen_subs.languages import LANGUAGES
from qwen_subs.transcript import normalize_space

CODES = [language.code for language in LANGUAGES]
AWKWARD = st.lists(
    st.sampled_from(
        [
            " ", "\n", "\u3000", "a", "Wait", "don’t", "either/or", "—", "--", "–", "-", "...", "…", "$3.50", "1,000",
            "@", '"', "'", "“", "”", "(", ")", "（", "）", "「", "」", "，", "。", "你", "好", "々", "〇",
            "コンピュータ", "が", "ー", "っ", "안녕", "مرحبا", "שלום", "ไทย", "e\u0301", "\u200b", "\u200d", "\ufe0f",
            "\u00ad", "\x00", "👍🏽", "♪", "½", "\U00020000", "<|im_end|>", "<timestamp>", "<asr_text>", "<|", "|>",
        ]
    ),
    max_size=30,
).map("".join)  # fmt: skip


def join(words: tuple[DisplayWord, ...]) -> str:
    return "".join(word.text + " " * word.space_after for word in words)


def show(text: str, language: str = "en") -> list[tuple[str, str]]:
    """Return each displayed word with its units, separated by spaces."""
    return [(word.text, " ".join(word.units)) for word in partition_text(text, language)]


@given(text=st.one_of(st.text(), AWKWARD), language=st.sampled_from([*CODES, "", "xx"]))
def test_any_text_is_conserved(text: str, language: str) -> None:
    words = partition_text(text, language)
    assert join(words) == normalize_space(text)
    assert all(word.text and not word.text[0].isspace() and not word.text[-1].isspace() for word in words)


@given(text=st.one_of(st.text(), AWKWARD), language=st.sampled_from(CODES))
def test_units_are_composed_letters_and_numbers(text: str, language: str) -> None:
    for word in partition_text(text, language):
        for unit in word.units:
            assert unit == unicodedata.normalize("NFC", unit)
            assert all(unicodedata.category(character)[0] in "LN" or character == "'" for character in unit)
            assert not unit.startswith("'") and not unit.endswith("'")


@given(text=AWKWARD, language=st.sampled_from(CODES))
def test_every_letter_is_heard_but_for_control_tokens(text: str, language: str) -> None:
    heard = "".join(unit for word in partition_text(text, language) for unit in word.units)
    letters = re.sub(r"<\|[A-Za-z0-9_]+\|>|<timestamp>|<asr_text>", "", text)
    for character in "你好안が":
        assert heard.count(unicodedata.normalize("NFC", character)) == letters.count(character)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, world!", [("Hello,", "Hello"), ("world!", "world")]),
        ("I don’t", [("I", "I"), ("don’t", "don't")]),
        ("‘quoted’ dogs’", [("‘quoted’", "quoted"), ("dogs’", "dogs")]),
        ("either/or well-known", [("either/or", "either or"), ("well-known", "well known")]),
        ("Wait—what", [("Wait—", "Wait"), ("what", "what")]),
        ("Wait--what", [("Wait--", "Wait"), ("what", "what")]),
        ("1990–1995", [("1990–1995", "1990 1995")]),
        ("$3.50 or 1,000.", [("$3.50", "350"), ("or", "or"), ("1,000.", "1000")]),
        ("U.S.A. e.g. St. Ives", [("U.S.A.", "USA"), ("e.g.", "eg"), ("St.", "St"), ("Ives", "Ives")]),
        ("j.doe@example.com", [("j.doe@example.com", "j doe example com")]),
        ("cafe\u0301", [("cafe\u0301", "café")]),
        ("so\u00adft zero\u200bwidth", [("so\u00adft", "soft"), ("zero\u200bwidth", "zerowidth")]),
        ("👍🏽 good 👍🏽", [("👍🏽 good 👍🏽", "good")]),
        ("", []),
        (" \n ", []),
    ],
)
def test_words_and_units(text: str, expected: list[tuple[str, str]]) -> None:
    assert show(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("– Hello there", ["– Hello", "there"]),
        ("yes – but", ["yes –", "but"]),
        ("Yes. – No.", ["Yes.", "– No."]),
        ("... and", ["... and"]),
        ("♪ la la ♪", ["♪ la", "la ♪"]),
        ("Ça va ?", ["Ça", "va ?"]),
        ("he ( she ) they", ["he", "( she )", "they"]),
        ("... !", ["... !"]),
        ("a ........................ b", ["a", "........................", "b"]),
    ],
)
def test_marks_that_stand_alone_stay_with_a_word(text: str, expected: list[str]) -> None:
    assert [word.text for word in partition_text(text, "en")] == expected


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("我们用Final Cut剪辑。", "zh", "我|们|用|Final |Cut|剪|辑。"),
        ("他说：“你好（世界）”，好！", "zh", "他|说：|“你|好|（世|界）”，|好！"),
        ('他说"你好"，然后"再见"。', "zh", '他|说|"你|好"，|然|后|"再|见"。'),
        ("花了$50买3个", "zh", "花|了|$50|买|3|个"),
        ("二〇二四年", "yue", "二|〇|二|四|年"),
        ("안녕하세요, 세계!", "ko", "안녕하세요, |세계!"),
        ("مرحبا، عالم", "ar", "مرحبا، |عالم"),
    ],
)
def test_scripts(text: str, language: str, expected: str) -> None:
    words = partition_text(text, language)
    assert "|".join(word.text + " " * word.space_after for word in words) == expected
    assert all(len(word.units) == 1 for word in words)


def test_kana_is_never_one_long_unit() -> None:
    words = partition_text("きょうはコンピューターがうごきません。", "ja")
    assert join(words) == "きょうはコンピューターがうごきません。"
    assert max(len(word.units[0]) for word in words) <= len("コンピューター")
    assert len(words) > 5
    assert words[-1].text.endswith("。")


def test_control_tokens_are_shown_and_not_heard() -> None:
    text = "<|im_start|>Hi <timestamp> you<asr_text> <|audio_pad|>"
    assert join(partition_text(text, "en")) == text
    assert [unit for word in partition_text(text, "en") for unit in word.units] == ["Hi", "you"]
    assert show("你<|im_end|>好<timestamp>。", "zh") == [("你<|im_end|>", "你"), ("好<timestamp>。", "好")]
