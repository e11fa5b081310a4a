import pytest
from transformers.models.qwen3_asr.processing_qwen3_asr import FORCED_ALIGNER_LANGUAGES, LANGUAGE_CODE_TO_NAME

from qwen_subs.errors import ExitCode, UsageError
from qwen_subs.languages import LANGUAGES, find_language, join_texts
from qwen_subs.settings import Settings


def test_the_languages_are_those_of_the_models_with_the_names_of_their_training():
    assert {language.code: language.name for language in LANGUAGES} == LANGUAGE_CODE_TO_NAME
    assert {language.name for language in LANGUAGES if language.aligned} == FORCED_ALIGNER_LANGUAGES
    assert (len(LANGUAGES), sum(language.aligned for language in LANGUAGES)) == (30, 11)


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.code)
def test_every_spelling_of_a_language_is_found(language):
    for spelling in (language.code, language.name, *language.aliases):
        for written in (spelling, spelling.upper(), spelling.title(), f" {spelling} ", spelling.replace("-", "_")):
            assert find_language(written) is language
        assert Settings(language=spelling).language == language.code


def test_no_spelling_means_two_languages():
    spellings = [
        spelling for language in LANGUAGES for spelling in (language.code, language.name.lower(), *language.aliases)
    ]
    assert len(spellings) == len(set(spellings))


@pytest.mark.parametrize(
    ("tag", "code"),
    [("en-US", "en"), ("pt_BR", "pt"), ("zh-Hant-TW", "zh"), ("zh-HK", "yue"), ("zh-CN", "zh"), ("fil-PH", "fil")],
)
def test_region_tags(tag, code):
    assert find_language(tag).code == code


@pytest.mark.parametrize("name", ["", "klingon", "xx", "english please", "-", "en;"])
def test_an_unknown_language(name):
    with pytest.raises(UsageError, match="unknown language") as caught:
        find_language(name)
    assert caught.value.exit_code == ExitCode.USAGE
    assert "en (English)" in (caught.value.hint or "")


def test_texts_are_joined_as_the_language_does():
    assert join_texts(("你好。", " 再见。"), "zh") == "你好。再见。"
    assert join_texts(("Hello. ", "", "Bye."), "en") == "Hello. Bye."
