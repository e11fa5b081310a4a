"""The Qwen3-ASR recognizer, through transformers' native classes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
import torch
from numpy.typing import NDArray
from transformers import GenerationConfig

from qwen_subs.checkpoints.devices import describe_dtype
from qwen_subs.checkpoints.layout import CheckpointKind
from qwen_subs.checkpoints.loading import LoadedCheckpoint, load_checkpoint
from qwen_subs.checkpoints.prompts import RecognitionPrompt
from qwen_subs.checkpoints.quiet import quiet_libraries
from qwen_subs.errors import ModelError
from qwen_subs.languages import find_language
from qwen_subs.progress import Reporter
from qwen_subs.recognition.answer import read_answer
from qwen_subs.recognition.base import OutOfMemoryError, Recognition, Recognizer
from qwen_subs.recognition.repetition import ends_in_cycle
from qwen_subs.settings import Settings
from qwen_subs.waveform import SAMPLE_RATE

# Tokens that an answer may take: the announcement of the language, and text at up to 10 tokens/s of audio. English and
# Chinese take about 4; fast speech in a script that the tokenizer splits into bytes can pass 10, hence the second try.
ANSWER_TOKENS = 16
TOKENS_PER_SECOND = 10
SECOND_TRY = 3

_CPU_BATCH = 8  # shares every read of the weights; more costs only memory
_GPU_BATCH, _SMALL_GPU_BATCH = 32, 8
_BYTES_FOR_GPU_BATCH = 12 * 2**30  # cache and convolutions of 32 pieces of 30 s, in 16 bit


@dataclass(frozen=True, slots=True)
class _Answer:
    """Generated token ids, up to the end token, and whether there was one."""

    ids: list[int]
    ended: bool


class Qwen3AsrRecognizer(Recognizer):
    """Recognizes 30 languages and tells which one it heard.

    Args:
        checkpoint: A loaded recognizer.
    """

    def __init__(self, checkpoint: LoadedCheckpoint) -> None:
        self.name = checkpoint.name
        self.device = str(checkpoint.device)
        self.dtype = describe_dtype(checkpoint.dtype)
        self.batch_size = _choose_batch_size(checkpoint.device)
        self._model = checkpoint.model
        self._tokenizer = checkpoint.tokenizer
        self._features = checkpoint.features
        self._torch_device = checkpoint.device
        config = checkpoint.model.config
        self._prompt = RecognitionPrompt(
            checkpoint.tokenizer, config.audio_token_id, config.text_config.vocab_size, checkpoint.path
        )
        self._control_ids = frozenset(checkpoint.tokenizer.added_tokens_decoder)
        # Values that a call leaves open come from here; a checkpoint's own file may ask for sampling or 512 tokens.
        self._model.generation_config = GenerationConfig()  # type: ignore[no-untyped-call]

    @classmethod
    def load(cls, settings: Settings, reporter: Reporter) -> Self:
        """Return the recognizer of ``settings.model``."""
        return cls(load_checkpoint(settings.model, CheckpointKind.RECOGNIZER, settings, reporter))

    def recognize(
        self, batch: Sequence[NDArray[np.float32]], *, language: str | None, context: str
    ) -> list[Recognition]:
        """Return what is said in each piece; an answer without an end is asked for again with three times the room."""
        budgets = [ANSWER_TOKENS + TOKENS_PER_SECOND * len(clip) // SAMPLE_RATE for clip in batch]
        results = self._recognize(batch, budgets, language, context)
        again = [
            row for row, result in enumerate(results) if result.truncated and not ends_in_cycle(result.text)
        ]  # more room would only give a cycle more turns
        if again:
            retried = self._recognize(
                [batch[row] for row in again], [SECOND_TRY * budgets[row] for row in again], language, context
            )
            for row, result in zip(again, retried, strict=True):
                results[row] = result
        return results

    def _recognize(
        self, batch: Sequence[NDArray[np.float32]], budgets: Sequence[int], language: str | None, context: str
    ) -> list[Recognition]:
        name = None if language is None else find_language(language).name
        try:
            with quiet_libraries(), torch.inference_mode():
                answers = self._generate(batch, budgets, name, context)
        except (RuntimeError, MemoryError) as error:
            if not _is_out_of_memory(error):
                fact = (str(error).strip() or type(error).__name__).splitlines()[0]
                raise ModelError(f"recognition failed on {self.device}: {fact}", path=self.name) from error
            if self._torch_device.type == "cuda":
                torch.cuda.empty_cache()
            raise OutOfMemoryError(str(error)) from error
        return [self._read(answer, language) for answer in answers]

    def _generate(
        self, batch: Sequence[NDArray[np.float32]], budgets: Sequence[int], language: str | None, context: str
    ) -> list[_Answer]:
        """Return greedy answers; each row is held to its own budget, whatever its neighbours may take."""
        audio = self._features.extract(batch)
        prompts = [self._prompt.build(count, context, language) for count in audio.token_counts]
        width = max(map(len, prompts))
        ids = torch.full((len(prompts), width), self._prompt.pad_id, dtype=torch.long)
        mask = torch.zeros_like(ids)
        for row, prompt in enumerate(prompts):  # padded on the left: all rows generate at the same place
            ids[row, width - len(prompt) :] = torch.tensor(prompt)
            mask[row, width - len(prompt) :] = 1
        generated: torch.Tensor = self._model.generate(
            input_ids=ids.to(self._torch_device),
            attention_mask=mask.to(self._torch_device),
            input_features=audio.mel.to(self._model.dtype),
            input_features_mask=audio.mask,
            do_sample=False,
            max_new_tokens=max(budgets),
            eos_token_id=list(self._prompt.end_ids),
            pad_token_id=self._prompt.pad_id,
        )
        rows: list[list[int]] = generated[:, width:].tolist()
        return [self._cut(row[:budget]) for row, budget in zip(rows, budgets, strict=True)]

    def _cut(self, ids: list[int]) -> _Answer:
        for place, token in enumerate(ids):
            if token in self._prompt.end_ids:
                return _Answer(ids[:place], True)
        return _Answer(ids, False)

    def _read(self, answer: _Answer, language: str | None) -> Recognition:
        prefix, text = None, answer.ids
        if self._prompt.answer_mark in answer.ids:
            place = answer.ids.index(self._prompt.answer_mark)
            prefix, text = self._decode(answer.ids[:place]), answer.ids[place + 1 :]
        return read_answer(prefix, self._decode(text), language, truncated=not answer.ended)

    def _decode(self, ids: Sequence[int]) -> str:
        kept = [token for token in ids if token not in self._control_ids]
        text: str = self._tokenizer.decode(kept, clean_up_tokenization_spaces=False)
        return text


def _choose_batch_size(device: torch.device) -> int:
    if device.type == "cpu":
        return _CPU_BATCH
    if device.type == "cuda" and torch.cuda.mem_get_info(device)[0] >= _BYTES_FOR_GPU_BATCH:
        return _GPU_BATCH
    return _SMALL_GPU_BATCH


def _is_out_of_memory(error: Exception) -> bool:
    """Tell a full memory from other failures; torch has a class for it on CUDA only."""
    return isinstance(error, torch.OutOfMemoryError | MemoryError) or any(
        sign in str(error).lower() for sign in ("out of memory", "can't allocate memory")
    )
