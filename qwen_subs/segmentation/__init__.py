"""Stage 5 of 7: words to cues."""

from qwen_subs.segmentation.segment import segment_words

__all__ = ["segment_words"]
