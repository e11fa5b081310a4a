"""Subtitles and word-level alignment from any media file, with Qwen3-ASR and Qwen3-ForcedAligner."""

__version__ = "0.1.0"
