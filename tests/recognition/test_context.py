from qwen_subs.recognition.context import compose_context
from qwen_subs.settings import Settings


def test_context_and_hotwords_become_one_text():
    assert compose_context(Settings()) == ""
    assert compose_context(Settings(context=" A film. ")) == "A film."
    assert compose_context(Settings(hotwords=("Anna", " ", "Ben", "Anna"))) == "Anna, Ben"
    assert compose_context(Settings(context="A film.", hotwords=("Anna",))) == "A film.\nAnna"
