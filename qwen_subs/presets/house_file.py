"""A house's own preset, from a TOML file.

Its keys are the flags of cues with underscores, and some more; lengths are in seconds:

    name = "house"                  # the name of the file if not given
    source = "our style guide 4.2"  # the name of the file if not given
    base = "netflix"                # a preset whose values hold where this file says nothing
    max_line_width = 37
    min_gap_frames = 2
    [language.ja]                   # exceptions, by ISO 639 code or English name
    max_line_width = 26
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from qwen_subs.errors import InputError, UsageError
from qwen_subs.languages import find_language
from qwen_subs.presets.preset import NO_LIMIT, OWN_CHOICE, Preset, Rules
from qwen_subs.presets.published import PRESETS
from qwen_subs.registry import lookup
from qwen_subs.timecode import seconds_to_ms

# Lowest and highest value of every key: whole numbers, numbers, and seconds, which become a field in milliseconds.
_COUNTS = {
    "max_line_count": (1, 10),
    "max_line_width": (1, NO_LIMIT),
    "min_gap_frames": (0, 100),
}
_NUMBERS = {"max_cps": (1, NO_LIMIT)}
_SECONDS = {
    "min_duration": (0, 60),
    "max_duration": (0.1, 60),
    "min_gap": (0, 60),
    "chain_gap": (0, 60),
    "max_gap": (0, 60),
    "lead_out": (0, 60),
    "shot_zone": (0, 5),
    "max_late": (0, 5),
}
_SWITCHES = ("break_at_sentences",)
_TEXTS = ("name", "source", "base")


def find_preset(name: str) -> Preset:
    """Return the preset of this name, or the one that a file describes: a name that ends in ``.toml`` or has a folder.

    Raises:
        InputError: If the file cannot be read.
        UsageError: If there is no such preset, or the file is wrong.
    """
    if name.lower().endswith(".toml") or Path(name).name != name:
        return load_preset(Path(name))
    return lookup("preset", name, PRESETS)


def load_preset(path: Path) -> Preset:
    """Return the preset that a TOML file describes.

    Raises:
        InputError: If the file cannot be read.
        UsageError: If it is no TOML, or has an unknown key or a value out of range.
    """
    try:
        with path.open("rb") as file:
            table = tomllib.load(file)
    except FileNotFoundError:
        raise InputError("no such file", path=path, hint=f"or name a preset: {', '.join(PRESETS)}") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageError(f"not TOML: {str(error).partition(chr(10))[0]}", path=path) from error
    texts = {key: _read_text(path, key, table.pop(key)) for key in _TEXTS if key in table}
    languages = table.pop("language", {})
    if not isinstance(languages, Mapping) or not all(isinstance(part, Mapping) for part in languages.values()):
        raise UsageError("language is no table", path=path, hint="write [language.ja] and the values below it")
    base = _find_base(path, texts.get("base"))
    source = texts.get("source", path.name)
    values = _read_values(path, table, "")
    preset = base.override(values, source) if values else base
    exceptions = tuple(
        Rules(source, tuple(_read_values(path, part, f"language.{name}.").items()), (_find_code(path, name),))
        for name, part in languages.items()
    )
    preset = Preset.compose(texts.get("name", path.stem), source, *preset.rules, *exceptions)
    for code in ("", *(part.languages[0] for part in exceptions)):
        contradiction = preset.for_language(code).find_contradiction()
        if contradiction:
            raise UsageError(contradiction, path=path)
    return preset


def _find_base(path: Path, name: str | None) -> Preset:
    if name is None:
        return Preset("", OWN_CHOICE)
    if name not in PRESETS:
        raise UsageError(f"base: unknown preset {name!r}", path=path, hint=f"known: {', '.join(PRESETS)}")
    return PRESETS[name]


def _find_code(path: Path, name: str) -> str:
    try:
        return find_language(name).code
    except UsageError as error:
        raise UsageError(f"language.{name}: {error.message}", path=path, hint=error.hint) from None


def _read_text(path: Path, key: str, value: Any) -> str:
    if not isinstance(value, str) or not value.strip():
        raise UsageError(f"{key}: {value!r} is no text", path=path)
    return value.strip()


def _read_values(path: Path, table: Mapping[str, Any], place: str) -> dict[str, float]:
    """Return the fields of a preset that a table gives."""
    values: dict[str, float] = {}
    ranges = _COUNTS | _NUMBERS | _SECONDS
    for key, value in table.items():
        if key in _SWITCHES:
            if not isinstance(value, bool):
                raise UsageError(f"{place}{key}: {value!r} is neither true nor false", path=path)
        elif key not in ranges:
            known = ", ".join((*_TEXTS, *ranges, *_SWITCHES))
            raise UsageError(f"unknown key {place + key!r}", path=path, hint=f"known: {known}")
        else:
            low, high = ranges[key]
            number = isinstance(value, int if key in _COUNTS else int | float) and not isinstance(value, bool)
            if not number or not low <= value <= high:
                kind = "a whole number" if key in _COUNTS else "seconds" if key in _SECONDS else "a number"
                hint = f"{kind}, {low:g} to {high:g}"
                raise UsageError(f"{place}{key}: {value!r} is out of range", path=path, hint=hint)
        values |= {f"{key}_ms": seconds_to_ms(value)} if key in _SECONDS else {key: value}
    if "min_gap_frames" in values and "min_gap_ms" not in values:
        values = {"min_gap_ms": round(values["min_gap_frames"] * 1000 / 24), **values}
    return values
