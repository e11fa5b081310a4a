"""Classes of characters, and the splitting of text that is written without spaces."""

import re
import unicodedata
from importlib.util import find_spec

# Ideographs with their extensions and compatibility forms, the number zero and the iteration mark.
_IDEOGRAPHS = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002fa1f\U00030000-\U000323af"
# Hiragana with its combining voice marks, katakana without the middle dot, phonetic extensions, half-width katakana.
_KANA = "\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"
UNSPACED_RUN = re.compile(f"[{_IDEOGRAPHS}{_KANA}]+")

# Never the first of a mora: small vowels and glides, small tsu, the long vowel, voice marks, iteration marks.
_MORA_TAILS = frozenset("ぁぃぅぇぉっゃゅょゎゕゖァィゥェォッャュョヮヵヶーｧｨｩｪｫｬｭｮｯｰ\u3099\u309a゛゜ﾞﾟゝゞヽヾ々")


def is_spoken(character: str) -> bool:
    """Return whether the aligner hears this character: a letter or a number, as in the official text cleaning."""
    return unicodedata.category(character)[0] in "LN"


def is_transparent(character: str) -> bool:
    """Return whether the character neither sounds nor divides a word: a combining mark or a zero-width character."""
    category = unicodedata.category(character)
    return category[0] == "M" or category == "Cf"


def has_japanese_dictionary() -> bool:
    """Return whether nagisa (extra ``ja``) is installed."""
    return find_spec("nagisa") is not None


def split_unspaced(run: str, language: str) -> list[str]:
    """Split ideographs and kana: Japanese into dictionary words, or without nagisa moras; all others into characters.

    Args:
        run: Matched by ``UNSPACED_RUN``.
        language: ISO 639 code.
    """
    if language == "ja" and has_japanese_dictionary():
        import nagisa

        words: list[str] = nagisa.wakati(run)
        if "".join(words) == run:  # nagisa rewrites some characters; its words are then not those of this text
            return words
    pieces: list[str] = []
    for character in run:
        if pieces and character in _MORA_TAILS:
            pieces[-1] += character
        else:
            pieces.append(character)
    return pieces
