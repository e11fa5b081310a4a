"""TTML to cues: media time in every notation of https://www.w3.org/TR/ttml2/, nested times added up."""

import re
from dataclasses import dataclass, field
from fractions import Fraction
from xml.etree import ElementTree
from xml.etree.ElementTree import Element

from qwen_subs.errors import InputError
from qwen_subs.transcript import Cue

# TTML 1 and 2; drafts had other dates in the address, as in 2006/10/ttaf1.
_ROOT = re.compile(r"\{http://www\.w3\.org/(?:ns/ttml|\d{4}/\d{2}/ttaf1)\}tt")
_PARAMETER = "{http://www.w3.org/ns/ttml#parameter}"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_CLOCK = re.compile(r"(\d{2,}):(\d{2}):(\d{2})(?:(\.\d+)|:(\d{2,})(?:\.\d+)?)?")
_OFFSET = re.compile(r"(\d+(?:\.\d+)?)(h|ms|m|s|f|t)")
_SECONDS = {"h": Fraction(3600), "m": Fraction(60), "s": Fraction(1), "ms": Fraction(1, 1000)}


def read_timed_text(text: str) -> tuple[Cue, ...]:
    """Return the timed paragraphs of a TTML document, sorted by start.

    Raises:
        InputError: If it is not TTML, or has times that are not media time or make no sense.
    """
    try:
        # Parsed as bytes, because a declaration of another encoding no longer holds for text.
        root = ElementTree.fromstring(re.sub(r"^\s*<\?xml[^>]*\?>", "", text).encode("utf-8"))
    except ElementTree.ParseError as error:
        raise InputError(f"not TTML: {error}") from error
    if not _ROOT.fullmatch(root.tag):
        raise InputError("not TTML: the root is not tt in TTML's namespace")
    if root.get(f"{_PARAMETER}timeBase", "media") != "media":
        raise InputError("the times are not media time", hint="convert it to timeBase media")
    body = next((child for child in root if _name(child) == "body"), None)
    reader = _Reader(_read_rate(root), _read_tick_rate(root))
    try:
        if body is not None:
            reader.visit(body, Fraction(0), None, root.get(_SPACE) == "preserve")
    except RecursionError as error:
        raise InputError("elements nested too deeply in TTML") from error
    except (ValueError, ZeroDivisionError) as error:
        raise InputError(f"a damaged time in TTML: {error}") from error
    return tuple(sorted(reader.cues, key=lambda cue: cue.start_ms))


@dataclass(slots=True)
class _Reader:
    """Collects the cues of one document; times are exact seconds until they become milliseconds."""

    frame_rate: Fraction
    tick_rate: Fraction
    cues: list[Cue] = field(default_factory=list)

    def visit(self, element: Element, begin: Fraction, end: Fraction | None, preserve: bool) -> None:
        """Collect the paragraphs of an element whose parent lasts from ``begin`` to ``end``."""
        if element.get("timeContainer", "par") != "par":
            raise InputError("elements in sequence are not supported", hint="convert it to timeContainer par")
        start, stop = self._find_times(element, begin, end)
        preserve = element.get(_SPACE, "preserve" if preserve else "default") == "preserve"
        if _name(element) != "p":
            for child in element:
                self.visit(child, start, stop, preserve)
            return
        timed = [span for span in element if _name(span) == "span" and {"begin", "end", "dur"} & span.attrib.keys()]
        if timed and element.get("begin") is None:
            # The rows of a paragraph may have times of their own: each is a cue.
            for span in timed:
                self._add(span, *self._find_times(span, start, stop), preserve)
        else:
            self._add(element, start, stop, preserve)

    def _add(self, element: Element, start: Fraction, stop: Fraction | None, preserve: bool) -> None:
        if stop is None:
            return  # shown for ever: a title or a placeholder, no cue
        rows = _read_text(element).split("\n")
        lines = tuple(row if preserve else re.sub("[ \t]+", " ", row).strip(" ") for row in rows)
        self.cues.append(Cue(_to_ms(start), _to_ms(stop), tuple(line for line in lines if line.strip())))

    def _find_times(self, element: Element, begin: Fraction, end: Fraction | None) -> tuple[Fraction, Fraction | None]:
        start = begin + self._read_time(element.get("begin", "0s"))
        stops = [begin + self._read_time(element.attrib["end"])] if element.get("end") is not None else []
        stops += [start + self._read_time(element.attrib["dur"])] if element.get("dur") is not None else []
        stops += [end] if end is not None else []
        return start, min(stops, default=None)

    def _read_time(self, text: str) -> Fraction:
        text = text.strip()
        if match := _CLOCK.fullmatch(text):
            hours, minutes, seconds = (int(match[index]) for index in (1, 2, 3))
            frames = Fraction(int(match[5] or 0)) / self.frame_rate
            return (hours * 60 + minutes) * 60 + seconds + Fraction(match[4] or 0) + frames
        if match := _OFFSET.fullmatch(text):
            count = Fraction(match[1])
            if match[2] in _SECONDS:
                return count * _SECONDS[match[2]]
            return count / (self.frame_rate if match[2] == "f" else self.tick_rate)
        raise ValueError(f"not a time: {text!r}")


def _read_text(element: Element) -> str:
    """Return the text with a line feed for every break, and spaces for those that only lay out the document."""
    text = (element.text or "").replace("\n", " ")
    for child in element:
        if _name(child) == "br":
            text += "\n"
        elif _name(child) == "span":
            text += _read_text(child)
        text += (child.tail or "").replace("\n", " ")
    return text


def _read_rate(root: Element) -> Fraction:
    multiplier = root.get(f"{_PARAMETER}frameRateMultiplier", "1 1").replace(":", " ").split()
    try:
        return Fraction(root.get(f"{_PARAMETER}frameRate", "30")) * Fraction(int(multiplier[0]), int(multiplier[1]))
    except (ValueError, IndexError, ZeroDivisionError) as error:
        raise InputError("a damaged frame rate in TTML") from error


def _read_tick_rate(root: Element) -> Fraction:
    try:
        return Fraction(root.get(f"{_PARAMETER}tickRate", "1"))
    except ValueError as error:
        raise InputError("a damaged tick rate in TTML") from error


def _name(element: Element) -> str:
    return element.tag.rpartition("}")[2]


def _to_ms(seconds: Fraction) -> int:
    return int(seconds * 1000 + Fraction(1, 2))
