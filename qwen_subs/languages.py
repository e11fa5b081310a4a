"""The languages of the models: names, codes, scripts, display width and the marks that end sentences and clauses."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from qwen_subs.errors import UsageError


@dataclass(frozen=True, slots=True)
class Language:
    """A language that Qwen3-ASR recognizes.

    Attributes:
        code: ISO 639 code, two letters where one exists.
        name: English name, exactly as the models were trained with it.
        aliases: Further spellings that users type, lower case.
        aligned: Whether Qwen3-ForcedAligner was trained on it.
        spaced: Whether its words are separated by spaces.
    """

    code: str
    name: str
    aliases: tuple[str, ...]
    aligned: bool = False
    spaced: bool = True


# 30 recognition languages and 11 alignment languages: Qwen3-ASR technical report, arXiv 2601.21337.
LANGUAGES: tuple[Language, ...] = (
    Language("ar", "Arabic", ("ara",)),
    Language("yue", "Cantonese", ("zh-hk", "zh-yue"), aligned=True, spaced=False),
    Language("zh", "Chinese", ("zho", "chi", "cmn", "mandarin", "zh-cn", "zh-tw"), aligned=True, spaced=False),
    Language("cs", "Czech", ("ces", "cze")),
    Language("da", "Danish", ("dan",)),
    Language("nl", "Dutch", ("nld", "dut", "flemish")),
    Language("en", "English", ("eng",), aligned=True),
    Language("fil", "Filipino", ("tl", "tgl", "tagalog")),
    Language("fi", "Finnish", ("fin",)),
    Language("fr", "French", ("fra", "fre"), aligned=True),
    Language("de", "German", ("deu", "ger"), aligned=True),
    Language("el", "Greek", ("ell", "gre")),
    Language("hi", "Hindi", ("hin",)),
    Language("hu", "Hungarian", ("hun",)),
    Language("id", "Indonesian", ("ind",)),
    Language("it", "Italian", ("ita",), aligned=True),
    Language("ja", "Japanese", ("jpn",), aligned=True, spaced=False),
    Language("ko", "Korean", ("kor",), aligned=True),
    Language("mk", "Macedonian", ("mkd", "mac")),
    Language("ms", "Malay", ("msa", "may")),
    Language("fa", "Persian", ("fas", "per", "farsi")),
    Language("pl", "Polish", ("pol",)),
    Language("pt", "Portuguese", ("por",), aligned=True),
    Language("ro", "Romanian", ("ron", "rum")),
    Language("ru", "Russian", ("rus",), aligned=True),
    Language("es", "Spanish", ("spa", "castilian"), aligned=True),
    Language("sv", "Swedish", ("swe",)),
    Language("th", "Thai", ("tha",), spaced=False),
    Language("tr", "Turkish", ("tur",)),
    Language("vi", "Vietnamese", ("vie",)),
)

_BY_SPELLING = {
    spelling: language
    for language in LANGUAGES
    for spelling in (language.code, language.name.lower(), *language.aliases)
}

SENTENCE_MARKS = frozenset(".!?…。！？｡؟।")
CLAUSE_MARKS = frozenset(",;:，、；：،؛–—")
# Kinsoku, after JIS X 4051: marks that never start a line, and marks that never end one.
CLOSING_MARKS = frozenset("、。，．：；？！）］｝」』】〉》〕”’…‥ー々.,:;?!)]}»›%％")
OPENING_MARKS = frozenset("（［｛「『【〈《〔“‘([{«‹¿¡")


def find_language(name: str) -> Language:
    """Return the language of an ISO 639 code, an English name or a region tag such as ``en-US``, in any case.

    Raises:
        UsageError: If the models do not know the language.
    """
    spelling = name.strip().lower().replace("_", "-")
    language = _BY_SPELLING.get(spelling) or _BY_SPELLING.get(spelling.partition("-")[0])
    if language is None:
        known = ", ".join(f"{language.code} ({language.name})" for language in LANGUAGES)
        raise UsageError(f"unknown language {name!r}", hint=f"known: {known}")
    return language


def is_unspaced(code: str) -> bool:
    """Return whether text of this language is written without spaces between words; unknown codes are spaced."""
    language = _BY_SPELLING.get(code.lower())
    return language is not None and not language.spaced


# The commonest words of the Latin-script alignment languages; a few lines of text hold several.
_COMMON_WORDS = {
    "en": "the of and to is in that it you for on with this we are was not have be at",
    "fr": "le la les de des et un une est que qui dans pour pas je vous nous il elle sur",
    "de": "der die das und ist nicht ich du wir sie ein eine zu den mit auf für von im es",
    "it": "il la di che e un una è non per sono lo gli si con del della mi ti più",
    "pt": "o a os as de que e um uma é não para com do da em eu você no na",
    "es": "el la los las de que y un una es no en por para con del lo se me está",
}


def guess_language(text: str) -> str:
    """Return the ISO 639 code of the alignment language that a text is most likely written in.

    The script decides for Japanese (kana), Korean, Chinese and Russian; common words decide among the others, English
    if none is found. The aligner's answer does not depend on which Latin-script language is chosen.
    """
    scripts: dict[str, int] = {}
    for character in text:
        if character.isalpha():
            script = unicodedata.name(character, "").partition(" ")[0]
            scripts[script] = scripts.get(script, 0) + 1
    letters = sum(scripts.values())
    if scripts.get("HIRAGANA", 0) + scripts.get("KATAKANA", 0) > 0.1 * letters:
        return "ja"
    # A Chinese character or a Hangul syllable says as much as two or three letters.
    weights = {"HANGUL": ("ko", 3), "CJK": ("zh", 3), "CYRILLIC": ("ru", 1), "LATIN": ("", 1)}
    script = max(weights, key=lambda name: scripts.get(name, 0) * weights[name][1])
    if scripts.get(script) and script != "LATIN":
        return weights[script][0]
    words = re.findall(r"\w+", text.lower())
    common = {code: frozenset(known.split()) for code, known in _COMMON_WORDS.items()}
    return max(common, key=lambda code: sum(word in common[code] for word in words))


def join_texts(texts: Iterable[str], code: str) -> str:
    """Join pieces of text as the language does: with one space, or with none in unspaced scripts."""
    separator = "" if is_unspaced(code) else " "
    return separator.join(text for text in (text.strip() for text in texts) if text)


def display_width(text: str) -> int:
    """Return the width in cells: 2 for East Asian wide and full-width characters, 0 for combining marks, else 1."""
    width = 0
    for character in text:
        if unicodedata.combining(character) or unicodedata.category(character) in {"Mn", "Me", "Cf"}:
            continue
        width += 2 if unicodedata.east_asian_width(character) in "WF" else 1
    return width


_FULL_WIDTH = frozenset(("zh", "yue", "ja", "ko"))


def count_characters(text: str, code: str) -> float:
    """Return how many characters a reader of this language reads: spaces and marks count, combining marks do not.

    In Chinese, Japanese and Korean a full-width character counts 1 and any other one half, as in the Netflix Timed Text
    Style Guides of these languages (2026-11); elsewhere every character counts 1.
    """
    if code in _FULL_WIDTH:
        return display_width(text) / 2
    if text.isascii():
        return len(text)
    return sum(unicodedata.category(character) not in {"Mn", "Me", "Cf"} for character in text)
