"""Checkpoints of the Qwen3-ASR family, for recognizer and aligner: which exist, where they lie, and loading them.

Nothing here is imported at start-up; ``catalog``, ``resolve`` and ``layout`` work without torch.
"""
