"""Settings as text beside a transcript: what shaped it, and what is needed to cut its cues again without the media."""

from collections.abc import Mapping
from dataclasses import asdict
from fractions import Fraction

from qwen_subs.frames import FrameGrid
from qwen_subs.presets import Preset
from qwen_subs.settings import Settings

_FPS, _FIRST_FRAME, _SHOTS = "fps", "first_frame_ms", "shot_changes_ms"


def record_speech(settings: Settings) -> dict[str, str]:
    """Return what shaped segments and words; models and device are recorded from what was loaded."""
    names = ("language", "context", "hotwords", "max_chunk_ms", "audio_stream")
    values = {name: getattr(settings, name) for name in names}
    values["hotwords"] = ", ".join(settings.hotwords)
    return {name: str(value) for name, value in values.items() if value not in (None, "")}


def record_cues(limits: Preset, grid: FrameGrid | None, shots: tuple[int, ...]) -> dict[str, str]:
    """Return what shaped cues: the limits in effect, the frames, and the shot changes; "" for what there is not."""
    if grid is not None:
        limits = limits.at_frame_rate(grid.fps)
    values = asdict(limits)
    del values["source"], values["rules"]
    values["preset"] = values.pop("name")
    values[_FPS] = "" if grid is None else grid.fps
    values[_FIRST_FRAME] = "" if grid is None or not grid.phase_ms else grid.phase_ms
    values[_SHOTS] = " ".join(map(str, shots))
    return {name: str(value) for name, value in sorted(values.items())}


def recall_grid(settings: Mapping[str, str]) -> FrameGrid | None:
    """Return the frames that `record_cues` noted; None if there are none, or they are no longer legible."""
    try:
        return FrameGrid(Fraction(settings[_FPS]), Fraction(settings.get(_FIRST_FRAME) or 0))
    except (KeyError, ValueError, ZeroDivisionError):
        return None


def recall_shots(settings: Mapping[str, str]) -> tuple[int, ...]:
    """Return the shot changes that `record_cues` noted."""
    times = settings.get(_SHOTS, "").split()
    return tuple(sorted(int(time_ms) for time_ms in times if time_ms.isdecimal()))
