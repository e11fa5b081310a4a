"""A file of shot changes -> their times."""

import json
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from qwen_subs.errors import InputError, UsageError
from qwen_subs.frames import FrameGrid, parse_frame_code, parse_frame_rate
from qwen_subs.timecode import parse_clock, seconds_to_ms

_FORMS = "one time per line: seconds, 00:00:04.720, or 00:00:04:18 with --fps"


def read_shot_changes(path: Path, fps: Fraction | None = None) -> tuple[int, ...]:
    """Return the shot changes that a file lists, in ms, sorted.

    Args:
        path: Text of one time per line (seconds, a clock time, or an SMPTE time code), where ``#`` begins a comment; or
            JSON with ``times_ms``, or with ``frames`` and ``fps``.
        fps: Frames per second, for time codes.

    Raises:
        InputError: If the file cannot be read, or a line is no time.
        UsageError: If a time code needs a frame rate and there is none.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise InputError("no such file", path=path, hint="--shot-changes takes auto, none or a file") from None
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "not UTF-8 text"
        raise InputError(f"cannot be read ({reason})", path=path) from error
    if text.lstrip().startswith("{"):
        return _read_json(path, text)
    times = []
    for number, line in enumerate(text.splitlines(), start=1):
        entry = line.partition("#")[0].strip()
        if entry:
            times.append(_read_time(path, number, entry, fps))
    return tuple(sorted(set(times)))


def _read_time(path: Path, number: int, entry: str, fps: Fraction | None) -> int:
    try:
        if ";" in entry or entry.count(":") == 3:
            if fps is None:
                raise UsageError(f"line {number}: {entry} counts frames", path=path, hint="give their rate with --fps")
            return parse_frame_code(entry, fps)
        time_ms = parse_clock(entry) if ":" in entry else seconds_to_ms(float(entry))
    except (ValueError, OverflowError):
        raise InputError(f"line {number}: {entry!r} is no time", path=path, hint=_FORMS) from None
    if time_ms < 0:
        raise InputError(f"line {number}: {entry!r} is no time", path=path, hint=_FORMS)
    return time_ms


def _read_json(path: Path, text: str) -> tuple[int, ...]:
    try:
        document: Mapping[str, Any] = json.loads(text)
        if "times_ms" in document:
            times = [int(time_ms) for time_ms in document["times_ms"]]
        else:
            grid = FrameGrid(parse_frame_rate(str(document["fps"])))
            times = [grid.to_ms(int(frame)) for frame in document["frames"]]
    except (ValueError, KeyError, TypeError, OverflowError, RecursionError) as error:
        hint = 'JSON has "times_ms", or "frames" and "fps"'
        raise InputError("no list of shot changes", path=path, hint=hint) from error
    if any(time_ms < 0 for time_ms in times):
        raise InputError("no list of shot changes: a time is negative", path=path)
    return tuple(sorted(set(times)))
