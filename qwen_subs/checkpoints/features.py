"""Log-mel features of clips, computed clip by clip, so that no clip's features depend on the batch it is in.

The feature extractor of transformers pads the samples of a batch to one length first, which changes the last frames of
every shorter clip; here each clip is analysed on its own and the features are padded with zeros, as those of a single
clip are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from transformers.audio_utils import mel_filter_bank

from qwen_subs.waveform import SAMPLE_RATE

HOP = 160  # samples; 10 ms
WINDOW = 400  # samples; 25 ms
MIN_SAMPLES = 8000
"""Shorter clips are padded to 0.5 s with silence that counts as audio, as in the training of the models."""

_TOKENS_PER_FULL_CHUNK = 13


@dataclass(frozen=True, slots=True)
class AudioFeatures:
    """Features of a batch of clips, ready for the audio encoder.

    Attributes:
        mel: float32, shape ``(n_clips, n_mel_bins, n_mel_frames)``, zero after the end of a clip; ``n_mel_frames`` is a
            multiple of the encoder's chunk.
        mask: int64, shape ``(n_clips, n_mel_frames)``, 1 inside the clip.
        token_counts: Audio tokens of every clip.
    """

    mel: torch.Tensor
    mask: torch.Tensor
    token_counts: tuple[int, ...]


class FeatureExtractor:
    """Computes the features that the audio encoder of one checkpoint was trained on.

    Args:
        mel_bins: Number of mel bins.
        chunk_frames: Mel frames of one encoder chunk.
        device: Where to compute; results stay there.
    """

    def __init__(self, mel_bins: int, chunk_frames: int, device: torch.device) -> None:
        self.mel_bins = mel_bins
        self.chunk_frames = chunk_frames
        self.device = device
        filters = mel_filter_bank(
            num_frequency_bins=1 + WINDOW // 2,
            num_mel_filters=mel_bins,
            min_frequency=0.0,
            max_frequency=8000.0,
            sampling_rate=SAMPLE_RATE,
            norm="slaney",
            mel_scale="slaney",
        )
        self._filters = torch.from_numpy(filters.T.copy()).to(device, torch.float32)
        self._window = torch.hann_window(WINDOW, device=device)

    def extract(self, clips: Sequence[NDArray[np.float32]]) -> AudioFeatures:
        """Return the features of clips; each clip's do not depend on the others.

        Args:
            clips: float32, shape ``(n_samples,)``, range [-1, 1], mono, 16 kHz; at least one.
        """
        mels = [self._log_mel(clip) for clip in clips]
        lengths = [mel.shape[1] for mel in mels]
        frames = -(-max(lengths) // self.chunk_frames) * self.chunk_frames
        padded = torch.zeros(len(mels), self.mel_bins, frames, device=self.device)
        mask = torch.zeros(len(mels), frames, dtype=torch.long, device=self.device)
        for row, (mel, length) in enumerate(zip(mels, lengths, strict=True)):
            padded[row, :, :length] = mel
            mask[row, :length] = 1
        return AudioFeatures(padded, mask, tuple(map(self.count_tokens, lengths)))

    def count_tokens(self, frames: int) -> int:
        """Return the number of audio tokens that the encoder makes of a clip of this many mel frames."""
        full, rest = divmod(frames, self.chunk_frames)
        for _ in range(3):  # convolutions of stride 2
            rest = (rest + 1) // 2
        return full * _TOKENS_PER_FULL_CHUNK + rest

    def _log_mel(self, clip: NDArray[np.float32]) -> torch.Tensor:
        """Return float32, shape ``(n_mel_bins, n_samples // 160)``; the formula is that of the Whisper features."""
        samples = torch.from_numpy(np.ascontiguousarray(clip, dtype=np.float32)).to(self.device)
        if len(samples) < MIN_SAMPLES:
            samples = torch.nn.functional.pad(samples, (0, MIN_SAMPLES - len(samples)))
        spectrum = torch.stft(samples, WINDOW, HOP, window=self._window, return_complex=True)
        power = spectrum[:, :-1].abs() ** 2
        decibels = (self._filters @ power).clamp(min=1e-10).log10()
        decibels = torch.maximum(decibels, decibels.max() - 8.0)
        return (decibels + 4.0) / 4.0
