"""Subtitles and word-level alignment from any media file, with Qwen3-ASR and Qwen3-ForcedAligner.

The public names are imported when they are first used, so that ``import qwen_subs`` costs nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qwen_subs.checking import check
    from qwen_subs.errors import ExitCode, QwenSubsError
    from qwen_subs.formats.files import load_transcript as load
    from qwen_subs.formats.files import save_transcript as save
    from qwen_subs.formats.options import WriteOptions
    from qwen_subs.groups import Outcome
    from qwen_subs.pipeline import Pipeline, align, subtitle, transcribe
    from qwen_subs.presets import PRESETS, Preset
    from qwen_subs.progress import Reporter, Stage
    from qwen_subs.quality.report import Issue, Report, Severity
    from qwen_subs.settings import Settings
    from qwen_subs.transcript import Cue, Segment, TimeSpan, Transcript, Word

__version__ = "0.1.0"

_LOCATIONS = {
    "transcribe": "pipeline:transcribe",
    "align": "pipeline:align",
    "subtitle": "pipeline:subtitle",
    "check": "checking:check",
    "Pipeline": "pipeline:Pipeline",
    "Outcome": "groups:Outcome",
    "load": "formats.files:load_transcript",
    "save": "formats.files:save_transcript",
    "WriteOptions": "formats.options:WriteOptions",
    "Settings": "settings:Settings",
    "Preset": "presets:Preset",
    "PRESETS": "presets:PRESETS",
    "Transcript": "transcript:Transcript",
    "TimeSpan": "transcript:TimeSpan",
    "Segment": "transcript:Segment",
    "Word": "transcript:Word",
    "Cue": "transcript:Cue",
    "Report": "quality.report:Report",
    "Issue": "quality.report:Issue",
    "Severity": "quality.report:Severity",
    "Reporter": "progress:Reporter",
    "Stage": "progress:Stage",
    "QwenSubsError": "errors:QwenSubsError",
    "ExitCode": "errors:ExitCode",
}
__all__ = [  # noqa: RUF022 - in the order in which a reader needs them
    "transcribe",
    "align",
    "subtitle",
    "check",
    "Pipeline",
    "Outcome",
    "load",
    "save",
    "WriteOptions",
    "Settings",
    "Preset",
    "PRESETS",
    "Transcript",
    "TimeSpan",
    "Segment",
    "Word",
    "Cue",
    "Report",
    "Issue",
    "Severity",
    "Reporter",
    "Stage",
    "QwenSubsError",
    "ExitCode",
]


def __getattr__(name: str) -> Any:
    try:
        module, _, attribute = _LOCATIONS[name].partition(":")
    except KeyError:
        raise AttributeError(f"module 'qwen_subs' has no attribute {name!r}") from None
    return getattr(import_module(f"qwen_subs.{module}"), attribute)


def __dir__() -> list[str]:
    return sorted([*globals(), *_LOCATIONS])
