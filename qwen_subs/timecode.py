"""Milliseconds to and from the time notations of subtitle files."""

import re
from math import floor

_CLOCK = re.compile(r"(?:(?P<h>\d+):)?(?P<m>\d{1,2}):(?P<s>\d{1,2})[.,](?P<ms>\d{1,3})")


def format_clock(ms: int, decimal_mark: str) -> str:
    """Return ``HH:MM:SS`` + mark + milliseconds: ``,`` for SRT, ``.`` for WebVTT; hours grow past 99."""
    seconds, milliseconds = divmod(ms, 1000)
    minutes, seconds = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}{decimal_mark}{milliseconds:03d}"


def parse_clock(text: str) -> int:
    """Return the milliseconds of ``[HH:]MM:SS(,|.)mmm``.

    Raises:
        ValueError: If the text is not such a time.
    """
    match = _CLOCK.fullmatch(text.strip())
    if match is None:
        raise ValueError(f"not a time: {text!r}")
    minutes = int(match["h"] or 0) * 60 + int(match["m"])
    return (minutes * 60 + int(match["s"])) * 1000 + int(match["ms"].ljust(3, "0"))


def seconds_to_ms(seconds: float) -> int:
    """Return the nearest whole millisecond; halves round up, so that equal steps stay equal."""
    return floor(seconds * 1000 + 0.5)
