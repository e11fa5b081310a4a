"""Named reading limits; every published value carries its source and date."""

from qwen_subs.presets.house_file import find_preset, load_preset
from qwen_subs.presets.preset import NO_LIMIT, Preset
from qwen_subs.presets.published import DEFAULT_PRESET, PRESETS

__all__ = ["DEFAULT_PRESET", "NO_LIMIT", "PRESETS", "Preset", "find_preset", "load_preset"]
