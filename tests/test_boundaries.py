"""Where a line or a cue may well end, and where not."""

import pytest

from qwen_subs.boundaries import Kind, rate_boundary


def kind(text: str, language: str = "en") -> Kind:
    """Of the place marked by a bar in a text; a space beside the bar means that one separates the words."""
    return rate(text, language)[0]


def bond(text: str, language: str = "en") -> float:
    return rate(text, language)[1]


def rate(text: str, language: str) -> tuple[Kind, float]:
    before, after = text.split("|")
    spaced = before.endswith(" ")
    divide = list if language in ("zh", "ja") else str.split
    boundary = rate_boundary(divide(before.strip()), divide(after.strip()), spaced, language, 0)  # type: ignore[operator]
    return boundary.kind, boundary.bond


@pytest.mark.parametrize(
    "text",
    [
        "He left. | Then",
        "He left! | Then",
        "“He left.” | Then",
        "(He left.) | Then",
        "Left… | Then",
        "Left. | “Then",
        "Is it I? | Yes",
    ],
)
def test_sentence_ends(text: str) -> None:
    assert kind(text) is Kind.SENTENCE


@pytest.mark.parametrize(
    "text", ["well, | then", "“well,” | then", "so: | then", "wait—|what", "well… | then", "stop! | he said"]
)
def test_clause_ends(text: str) -> None:
    assert kind(text) is Kind.CLAUSE


@pytest.mark.parametrize(
    "text", ["Mr. | Brown", "Dr. | No", "J. | Smith", "St. | Paul", "the | end", "don’t | go", "I'm | here"]
)
def test_what_belongs_together(text: str) -> None:
    assert kind(text) is Kind.PLAIN
    assert bond(text) == 1.0


def test_an_abbreviation_within_a_sentence_is_no_end() -> None:
    assert kind("9 a.m. | and") is Kind.PLAIN


def test_numbers_names_and_units() -> None:
    assert bond("25 | kilometres") > 0.5
    assert bond("Marie | Curie") > 0.5
    assert bond("page | 25") > 0
    assert bond("was | Marie") == 1.0
    assert bond("dem Haus | Garten", "de") == 0.0


def test_conjunctions_begin_lines_better_than_prepositions_and_those_better_than_other_words() -> None:
    assert bond("went | because") < bond("went | into") < bond("went | home") < bond("very | nice") < bond("the | home")
    assert bond("end | of") == 0.0


@pytest.mark.parametrize("text", ["他|）", "（|他", "好|。"])
def test_kinsoku(text: str) -> None:
    assert kind(text, "zh") is Kind.FORBIDDEN


def test_one_written_word_is_not_parted() -> None:
    assert kind("self|taught") is Kind.FORBIDDEN
    assert kind("self-|taught") is Kind.PLAIN
    assert kind("well | …and") is not Kind.FORBIDDEN


def test_chinese_words_of_several_characters_are_not_parted() -> None:
    assert bond("我们因|为没有", "zh") == 1.0
    assert bond("我们|因为没有", "zh") < bond("时间过|得快", "zh")
    assert bond("他走了|但是没有", "zh") < 0
    assert bond("山上|的人", "zh") == 1.0


def test_an_unknown_language_goes_by_marks_alone() -> None:
    assert kind("jó, | de", "hu") is Kind.CLAUSE
    assert bond("a | ház", "hu") == 0.0
