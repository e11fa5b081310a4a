import pytest

from qwen_subs.languages import LANGUAGES
from qwen_subs.recognition.answer import UNKNOWN_LANGUAGE, read_answer
from qwen_subs.recognition.base import Recognition


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_language_is_read_as_the_model_writes_it(language):
    result = read_answer(f"language {language.name}", " Text. ", None, False)
    assert result == Recognition("Text.", language.code)


@pytest.mark.parametrize(
    ("prefix", "text", "expected"),
    [
        ("language None", "", Recognition("", "")),
        ("language English", "", Recognition("", "")),
        ("language English\n", "a\n b  c", Recognition("a b c", "en")),
        # The library's parser deletes what stands before this word.
        ("language English", "My assistant\nsaid so.", Recognition("My assistant said so.", "en")),
        # Repetitions may be real.
        ("language English", "0" * 26, Recognition("0" * 26, "en")),
        ("language Klingon", "Qapla'", Recognition("Qapla'", "", flags=(UNKNOWN_LANGUAGE,))),
        ("language None", "still here", Recognition("still here", "", flags=(UNKNOWN_LANGUAGE,))),
        ("", "bare", Recognition("bare", "", flags=(UNKNOWN_LANGUAGE,))),
        (None, "bare", Recognition("bare", "", flags=(UNKNOWN_LANGUAGE,))),
        (None, "", Recognition("", "")),
    ],
)
def test_text_is_kept_whatever_the_announcement(prefix, text, expected):
    assert read_answer(prefix, text, None, False) == expected


def test_a_forced_language_is_the_language_of_the_text():
    assert read_answer(None, "Guten Tag.", "de", False) == Recognition("Guten Tag.", "de")
    assert read_answer(None, "", "de", False) == Recognition("", "")
    assert read_answer("language German", "Guten Tag.", "de", False) == Recognition("Guten Tag.", "de")
    assert read_answer("Guten", "Tag.", "de", False) == Recognition("Guten Tag.", "de")
    # Cut off in a text that happens to begin like an announcement.
    assert read_answer(None, "language is fun", "en", True) == Recognition("language is fun", "en", True)


def test_an_answer_that_was_cut_off_in_its_announcement_has_no_text():
    assert read_answer(None, "language Eng", None, True) == Recognition("", "", True)
    assert read_answer(None, "language", None, True) == Recognition("", "", True)
    assert read_answer(None, "languages are many", None, True).text == "languages are many"
