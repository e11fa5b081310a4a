"""Stage 1 of 7: media file -> waveform whose sample index is media time."""

from qwen_subs.media.decode import load_waveform
from qwen_subs.media.probe import probe_media
from qwen_subs.media.types import AudioStream, MediaInfo

__all__ = ["AudioStream", "MediaInfo", "load_waveform", "probe_media"]
