"""Tags in the text of cues: what is not seen on the screen."""

import re
from collections.abc import Iterator

# The tags of SubRip and WebVTT, and the override blocks of SubStation Alpha that players also read in SubRip.
_TAG = re.compile(r"<(/?)(b|i|u|s|c|v|lang|ruby|rt|font)(?=[\s.>])[^<>]*>|\{\\[^{}]*\}", re.IGNORECASE)
# A character with the marks that follow it; words of the Latin alphabet and numbers stay whole.
_UNIT = re.compile(r"[A-Za-z0-9]+[^\w\s]*|\w[^\w\s]*|[^\w\s]+")
_TIME_TAG = re.compile(r"<\d+:[\d:.]+>")
_CONTROLS = dict.fromkeys((*range(0x20), 0x7F, *range(0x80, 0xA0)))


def strip_tags(line: str) -> str:
    """Return a line as it is seen: without tags and control characters."""
    if "<" in line or "{" in line:
        line = _TIME_TAG.sub("", _TAG.sub("", line))
    return line if line.isprintable() else line.translate(_CONTROLS)


def find_unbalanced_tags(text: str) -> Iterator[str]:
    """Yield the tags of a cue that are opened and not closed, or closed and not opened."""
    opened: list[str] = []
    for match in _TAG.finditer(text):
        name = (match[2] or "").lower()
        if not name:
            continue
        if not match[1]:
            opened.append(name)
        elif name in opened:
            opened.reverse()
            opened.remove(name)
            opened.reverse()
        else:
            yield f"</{name}>"
    # WebVTT lets a voice run to the end of the cue.
    yield from (f"<{name}>" for name in opened if name != "v")


def split_unspaced(text: str) -> list[str]:
    """Return the units between which a text without spaces between words may break."""
    return _UNIT.findall(text)
