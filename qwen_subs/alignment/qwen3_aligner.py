"""Qwen3-ForcedAligner: the time of every unit from one pass over audio and text."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from numpy.typing import NDArray

from qwen_subs.alignment.base import Aligner, AlignmentRequest, UnitTime
from qwen_subs.alignment.decode import decode_times
from qwen_subs.checkpoints.layout import CheckpointKind
from qwen_subs.checkpoints.loading import LoadedCheckpoint, load_checkpoint
from qwen_subs.checkpoints.prompts import AlignmentPrompt
from qwen_subs.errors import ModelError
from qwen_subs.languages import LANGUAGES
from qwen_subs.progress import Reporter
from qwen_subs.settings import Settings
from qwen_subs.waveform import SAMPLES_PER_MS

# The latest time that a head can name is that of its last class, but not all classes of the published one are trained:
# 3,750 of 5,000 (300 s), of which the official wrapper uses 180 s.
MAX_WINDOW_MS = 180_000
_BATCH_SIZES = {"cpu": 4, "mps": 8, "cuda": 32}


class Qwen3Aligner(Aligner):
    """A Qwen3-ForcedAligner checkpoint.

    Args:
        checkpoint: Of the kind aligner.
    """

    def __init__(self, checkpoint: LoadedCheckpoint) -> None:
        config = checkpoint.model.config
        self._model: Any = checkpoint.model
        self._features = checkpoint.features
        self._bin_ms = checkpoint.bin_ms
        self._prompt = AlignmentPrompt(
            checkpoint.tokenizer,
            config.audio_token_id,
            config.timestamp_token_id,
            config.text_config.vocab_size,
            checkpoint.path,
        )
        self.name = checkpoint.name
        self.device = str(checkpoint.device)
        self.dtype = str(checkpoint.dtype).removeprefix("torch.")
        self.batch_size = _BATCH_SIZES[checkpoint.device.type]
        self.window_ms = min(int((config.num_labels - 1) * self._bin_ms), MAX_WINDOW_MS)
        self.languages = frozenset(language.code for language in LANGUAGES if language.aligned)

    @classmethod
    def load(cls, settings: Settings, reporter: Reporter) -> Self:
        """Return the aligner of ``settings.aligner_model`` on ``settings.device``.

        Raises:
            ModelError: If the checkpoint is missing, damaged, of another kind, or its prompt is not the trained one.
        """
        return cls(load_checkpoint(settings.aligner_model, CheckpointKind.ALIGNER, settings, reporter))

    def align(self, batch: Sequence[AlignmentRequest]) -> list[tuple[UnitTime, ...]]:
        """Return the times of every request's units; without memory for the whole batch, half of it at a time.

        Raises:
            ModelError: If memory does not suffice for one request, or the model gives no numbers.
        """
        spoken = [request for request in batch if request.units]
        times = iter(self._align_spoken(spoken))
        return [next(times) if request.units else () for request in batch]

    def _align_spoken(self, batch: Sequence[AlignmentRequest]) -> list[tuple[UnitTime, ...]]:
        if not batch:
            return []
        try:
            logits = self._compute_logits(batch)
        except torch.OutOfMemoryError as error:
            if len(batch) == 1:
                seconds = len(batch[0].samples) / SAMPLES_PER_MS / 1000
                raise ModelError(
                    f"not enough memory on {self.device} to align {seconds:.0f} s of audio",
                    path=self.name,
                    hint="use --device cpu, or smaller chunks (--max-chunk)",
                ) from error
            half = len(batch) // 2
            return self._align_spoken(batch[:half]) + self._align_spoken(batch[half:])
        return [
            decode_times(slots, request.units, self._bin_ms, len(request.samples) // SAMPLES_PER_MS)
            for slots, request in zip(logits, batch, strict=True)
        ]

    @torch.inference_mode()
    def _compute_logits(self, batch: Sequence[AlignmentRequest]) -> list[NDArray[np.float32]]:
        """Return for every request float32, shape ``(2 * n_units, num_labels)``.

        Prompts are padded on the right and the model is causal, so nothing of a request depends on the padding.
        """
        features = self._features.extract([request.samples for request in batch])
        prompts = [
            self._prompt.build(count, request.units)
            for count, request in zip(features.token_counts, batch, strict=True)
        ]
        longest = max(map(len, prompts))
        ids = torch.tensor([prompt + [self._prompt.pad_id] * (longest - len(prompt)) for prompt in prompts])
        ids = ids.to(self._model.device)
        hidden = self._model.model(
            input_ids=ids,
            input_features=features.mel.to(self._model.dtype),
            input_features_mask=features.mask,
            use_cache=False,
        ).last_hidden_state
        head = self._model.score
        logits: list[NDArray[np.float32]] = []
        for row, states in zip(ids, hidden, strict=True):
            # In float32: neighbouring classes of the head differ by less than half precision resolves.
            slots = torch.nn.functional.linear(
                states[row == self._prompt.timestamp_id].float(),
                head.weight.float(),
                None if head.bias is None else head.bias.float(),
            )
            if not torch.isfinite(slots).all():
                fact = f"no finite numbers in {self.dtype} on {self.device}"
                raise ModelError(fact, path=self.name, hint="use --dtype float32")
            logits.append(slots.cpu().numpy())
        return logits
