"""Stage 1 of 7: media file -> waveform whose sample index is media time; frames and shots of its video."""

from qwen_subs.media.decode import load_waveform
from qwen_subs.media.frame_rate import find_frame_grid
from qwen_subs.media.probe import probe_media
from qwen_subs.media.shot_list import read_shot_changes
from qwen_subs.media.shots import find_shot_changes
from qwen_subs.media.types import AudioStream, MediaInfo

__all__ = [
    "AudioStream",
    "MediaInfo",
    "find_frame_grid",
    "find_shot_changes",
    "load_waveform",
    "probe_media",
    "read_shot_changes",
]
