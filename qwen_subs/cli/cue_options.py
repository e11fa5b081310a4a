"""The flags about cues: their limits, and the video that they are put on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from qwen_subs.errors import UsageError
from qwen_subs.frames import parse_frame_rate
from qwen_subs.presets import DEFAULT_PRESET, PRESETS, Preset, find_preset
from qwen_subs.timecode import seconds_to_ms

_CUES = "Cues"


@dataclass(frozen=True)
class CueOptions:
    """The reading limits of cues; what is not given comes from the preset."""

    preset: Annotated[
        str,
        typer.Option(
            metavar="NAME|FILE.toml",
            help=f"Reading limits: {', '.join(PRESETS)}, or a house's own; see qwen-subs presets.",
            rich_help_panel=_CUES,
        ),
    ] = DEFAULT_PRESET
    max_line_width: Annotated[
        int | None, typer.Option(min=1, metavar="CELLS", help="Widest row; CJK counts two.", rich_help_panel=_CUES)
    ] = None
    max_line_count: Annotated[
        int | None, typer.Option(min=1, metavar="N", help="Rows of a cue.", rich_help_panel=_CUES)
    ] = None
    max_cps: Annotated[
        float | None,
        typer.Option(min=1, metavar="N", help="Reading speed, characters per second.", rich_help_panel=_CUES),
    ] = None
    min_duration: Annotated[
        float | None, typer.Option(min=0, metavar="SECONDS", help="Shortest cue.", rich_help_panel=_CUES)
    ] = None
    max_duration: Annotated[
        float | None, typer.Option(min=0.1, metavar="SECONDS", help="Longest cue.", rich_help_panel=_CUES)
    ] = None
    min_gap: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="Shortest time between cues.", rich_help_panel=_CUES),
    ] = None
    max_gap: Annotated[
        float | None,
        typer.Option(min=0, metavar="SECONDS", help="A pause that always ends a cue.", rich_help_panel=_CUES),
    ] = None

    def make_preset(self) -> Preset:
        """Return the named preset with the given limits in place of its own.

        Raises:
            InputError: If the file of a preset cannot be read.
            UsageError: For an unknown preset, a wrong file, and limits that contradict each other.
        """
        durations = ("min_duration", "max_duration", "min_gap", "max_gap")
        values: dict[str, Any] = {
            name: getattr(self, name) for name in ("max_line_width", "max_line_count", "max_cps")
        } | {
            f"{name}_ms": None if getattr(self, name) is None else seconds_to_ms(getattr(self, name))
            for name in durations
        }
        preset = find_preset(self.preset)
        preset = preset.override({name: value for name, value in values.items() if value is not None})
        if contradiction := preset.find_contradiction():
            raise UsageError(contradiction, hint="give --min-duration or --max-duration too")
        return preset


@dataclass(frozen=True)
class VideoOptions:
    """The frames and shots that cues are put on."""

    fps: Annotated[
        str,
        typer.Option(
            metavar="RATE",
            help="Frames on which cues begin and end: 23.976, 25, 29.97, N/D; auto: the video's; none.",
            rich_help_panel=_CUES,
        ),
    ] = "auto"
    shot_changes: Annotated[
        str,
        typer.Option(
            metavar="auto|none|FILE",
            help="Where pictures change: found by decoding the video if the preset heeds it; or one time per line.",
            rich_help_panel=_CUES,
        ),
    ] = "auto"

    def make_fields(self) -> dict[str, Any]:
        """Return the fields of `Settings` that the flags stand for.

        Raises:
            InputError: If the file of shot changes cannot be read.
            UsageError: For a rate that is none.
        """
        fps = self.fps if self.fps in ("auto", "none") else parse_frame_rate(self.fps)
        if self.shot_changes in ("auto", "none"):
            return {"fps": fps, "shot_changes": self.shot_changes}
        from qwen_subs.media import read_shot_changes

        shots = read_shot_changes(Path(self.shot_changes), None if isinstance(fps, str) else fps)
        return {"fps": fps, "shot_changes": shots}
