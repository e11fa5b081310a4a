"""The token sequences that the models were trained on, built by ourselves and checked when a checkpoint is loaded.

Early published templates put the forced language elsewhere, and a chat turn before the aligner's audio shifts its
times, so a checkpoint's own template is never used. The sequences are those of the official package:

* recognizer: a system turn with the context, a user turn with the audio, and the assistant's turn, prefilled with
  ``language NAME<asr_text>`` when the language is given;
* aligner: the audio and then every unit followed by two ``<timestamp>``, its start and its end; no turns.
"""

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from qwen_subs.errors import ModelError

ANSWER_MARK = "<asr_text>"
_AUDIO_TOKENS = ("<|audio_start|>", "<|audio_pad|>", "<|audio_end|>")
_CONTROL = r"<\|[^<>|]*\|>|<asr_text>|<timestamp>"


class RecognitionPrompt:
    """Builds the recognizer's input.

    Args:
        tokenizer: The checkpoint's.
        audio_token_id: Token that the model replaces by audio, after its config.
        vocab_size: Rows of the model's embedding.
        path: The checkpoint, for errors.

    Raises:
        ModelError: If the tokenizer does not know a control token, or does not give back the prompt that it is given.
    """

    def __init__(self, tokenizer: Any, audio_token_id: int, vocab_size: int, path: Path) -> None:
        self._tokenizer = tokenizer
        self._control = control_tokens(tokenizer)
        ids = _find_ids(
            tokenizer, ("<|im_start|>", "<|im_end|>", "<|endoftext|>", *_AUDIO_TOKENS, ANSWER_MARK), vocab_size, path
        )
        _check_id("audio", ids["<|audio_pad|>"], audio_token_id, path)
        self._audio = audio_token_id
        self.answer_mark = ids[ANSWER_MARK]
        self.end_ids = (ids["<|im_end|>"], ids["<|endoftext|>"])
        self.pad_id = ids["<|endoftext|>"]
        context, audio_tokens = "Names: Anna, 李", 3
        rendered = tokenizer.decode(self.build(audio_tokens, context, "English"), skip_special_tokens=False)
        expected = (
            f"<|im_start|>system\n{context}<|im_end|>\n<|im_start|>user\n<|audio_start|>"
            f"{'<|audio_pad|>' * audio_tokens}<|audio_end|><|im_end|>\n"
            "<|im_start|>assistant\nlanguage English<asr_text>"
        )
        _check_rendering(rendered, expected, path)

    def build(self, audio_tokens: int, context: str, language: str | None) -> list[int]:
        """Return token ids.

        Args:
            audio_tokens: Length of the audio.
            context: Free text; control tokens in it are dropped.
            language: English name as in training, or None to let the model tell it.
        """
        context = strip_control_tokens(context, self._control)
        before = f"<|im_start|>system\n{context}<|im_end|>\n<|im_start|>user\n<|audio_start|>"
        after = "<|audio_end|><|im_end|>\n<|im_start|>assistant\n"
        if language is not None:
            after += f"language {language}{ANSWER_MARK}"
        return [*_encode(self._tokenizer, before), *[self._audio] * audio_tokens, *_encode(self._tokenizer, after)]


class AlignmentPrompt:
    """Builds the aligner's input.

    Args:
        tokenizer: The checkpoint's.
        audio_token_id: Token that the model replaces by audio, after its config.
        timestamp_token_id: Token at which the model gives a time, after its config.
        vocab_size: Rows of the model's embedding.
        path: The checkpoint, for errors.

    Raises:
        ModelError: If the tokenizer does not know a control token, or does not give back the prompt that it is given.
    """

    def __init__(
        self, tokenizer: Any, audio_token_id: int, timestamp_token_id: int, vocab_size: int, path: Path
    ) -> None:
        self._tokenizer = tokenizer
        self._control = control_tokens(tokenizer)
        ids = _find_ids(tokenizer, (*_AUDIO_TOKENS, "<timestamp>", "<|endoftext|>"), vocab_size, path)
        _check_id("audio", ids["<|audio_pad|>"], audio_token_id, path)
        _check_id("time", ids["<timestamp>"], timestamp_token_id, path)
        self._ids = ids
        self.timestamp_id = timestamp_token_id
        self.pad_id = ids["<|endoftext|>"]
        rendered = tokenizer.decode(self.build(3, ("Hello", "世")), skip_special_tokens=False)
        slots = "<timestamp>" * 2
        expected = f"<|audio_start|>{'<|audio_pad|>' * 3}<|audio_end|>Hello{slots}世{slots}"
        _check_rendering(rendered, expected, path)

    def build(self, audio_tokens: int, units: Iterable[str]) -> list[int]:
        """Return token ids; the ``<timestamp>`` of unit ``i`` are number ``2 * i`` (start) and ``2 * i + 1`` (end).

        Args:
            audio_tokens: Length of the audio.
            units: What is to be timed, without marks; control tokens in them are dropped.
        """
        ids = [self._ids["<|audio_start|>"], *[self._ids["<|audio_pad|>"]] * audio_tokens, self._ids["<|audio_end|>"]]
        for unit in units:
            ids += [
                *_encode(self._tokenizer, strip_control_tokens(unit, self._control)),
                self.timestamp_id,
                self.timestamp_id,
            ]
        return ids


def strip_control_tokens(text: str, control: re.Pattern[str]) -> str:
    """Return text without control tokens, nor anything that became one by the removal."""
    while (stripped := control.sub("", text)) != text:
        text = stripped
    return text


def control_tokens(tokenizer: Any) -> re.Pattern[str]:
    """Match every token that was added to the tokenizer's text vocabulary, and what looks like one."""
    added = sorted(map(str, tokenizer.added_tokens_decoder.values()), key=len, reverse=True)
    return re.compile("|".join([*map(re.escape, added), _CONTROL]))


def _encode(tokenizer: Any, text: str) -> list[int]:
    return list(tokenizer.encode(text, add_special_tokens=False))


def _find_ids(tokenizer: Any, tokens: Iterable[str], vocab_size: int, path: Path) -> dict[str, int]:
    found = {}
    for token in tokens:
        ids = _encode(tokenizer, token)
        if len(ids) != 1 or ids[0] >= vocab_size:
            raise ModelError(f"the tokenizer does not know {token} as one token of the model", path=path)
        found[token] = ids[0]
    return found


def _check_id(what: str, of_tokenizer: int, of_config: int, path: Path) -> None:
    if of_tokenizer != of_config:
        raise ModelError(
            f"tokenizer and config.json disagree on the {what} token ({of_tokenizer} and {of_config})", path=path
        )


def _check_rendering(rendered: str, expected: str, path: Path) -> None:
    if rendered != expected:
        raise ModelError(f"the tokenizer turns the prompt {expected!r} into {rendered!r}", path=path)
