"""The original layout of the checkpoints (``thinker.*``, as the official package stores them), converted in memory.

Most people have this one on disk. ``from_pretrained`` of transformers does not fail on it but builds a default model
with random weights; so the config is converted, the tensors renamed, and the loader accounts for every one of them.
"""

from collections.abc import Mapping
from typing import Any

from qwen_subs.checkpoints.layout import CheckpointKind, CheckpointLayout
from qwen_subs.errors import ModelError

# Without a default: a wrong guess at one of these would not always show in the shapes of the tensors.
_AUDIO_SHAPE = (
    "num_mel_bins", "encoder_layers", "encoder_attention_heads", "encoder_ffn_dim", "d_model", "n_window",
    "n_window_infer", "output_dim", "downsample_hidden_size",
)  # fmt: skip
_AUDIO_OPTIONS = ("activation_function", "scale_embedding", "initializer_range")
_TEXT_SHAPE = (
    "vocab_size", "hidden_size", "intermediate_size", "num_hidden_layers", "num_attention_heads", "num_key_value_heads",
    "head_dim", "rms_norm_eps",
)  # fmt: skip
_TEXT_OPTIONS = (
    "hidden_act", "max_position_embeddings", "attention_bias", "initializer_range", "bos_token_id", "eos_token_id",
    "pad_token_id",
)  # fmt: skip
# Positions of one second of audio after three convolutions of stride 2: 100 mel frames -> 13.
_ENCODER_POSITIONS = 13

_AUDIO_TOWER = {
    r"^thinker\.audio_tower\.proj1\.": "model.multi_modal_projector.linear_1.",
    r"^thinker\.audio_tower\.proj2\.": "model.multi_modal_projector.linear_2.",
    r"^thinker\.audio_tower\.": "model.audio_tower.",
    r"^thinker\.model\.": "model.language_model.",
}
KEY_MAPPINGS: dict[CheckpointKind, dict[str, str]] = {
    CheckpointKind.RECOGNIZER: {**_AUDIO_TOWER, r"^thinker\.lm_head\.": "lm_head."},
    CheckpointKind.ALIGNER: {**_AUDIO_TOWER, r"^thinker\.lm_head\.": "score."},
}


def convert_config(layout: CheckpointLayout) -> dict[str, Any]:
    """Return the config of an original checkpoint in the native form.

    Raises:
        ModelError: If a value is missing that the shapes of the tensors would not reveal, or the rotary positions are
            scaled in a way that the native classes do not have.
    """
    thinker: Mapping[str, Any] = layout.config["thinker_config"]
    audio, text = (_section(layout, thinker, name) for name in ("audio_config", "text_config"))
    audio_config = _pick(layout, "audio_config", audio, _AUDIO_SHAPE, _AUDIO_OPTIONS)
    text_config = _pick(layout, "text_config", text, _TEXT_SHAPE, _TEXT_OPTIONS)
    text_config["rope_parameters"] = _convert_rope(layout, text)
    # The official class leaves it out where it is false; a stored head is never overwritten then.
    text_config["tie_word_embeddings"] = bool(text.get("tie_word_embeddings", False))
    converted = {
        "model_type": "qwen3_asr",
        "audio_config": {
            **audio_config,
            "model_type": "qwen3_asr_encoder",
            "max_position_embeddings": _ENCODER_POSITIONS,
        },
        "text_config": {**text_config, "model_type": "qwen3"},
        "tie_word_embeddings": text_config["tie_word_embeddings"],
    }
    for name in ("audio_token_id", "timestamp_token_id", "initializer_range", "pad_token_id", "eos_token_id"):
        value = thinker.get(name, layout.config.get(name))
        if value is not None:
            converted[name] = value
    if layout.kind is CheckpointKind.ALIGNER:
        converted["num_labels"] = thinker["classify_num"]
    return converted


def _convert_rope(layout: CheckpointLayout, text: Mapping[str, Any]) -> dict[str, Any]:
    """Return plain rotary positions: audio and text share one counter, so the multimodal ones are the same."""
    scaling = text.get("rope_scaling") or text.get("rope_parameters") or {}
    kind = scaling.get("rope_type", scaling.get("type", "default"))
    if kind not in ("default", "mrope"):
        raise ModelError(f"rotary positions of an unknown kind: {kind!r}", path=layout.folder / "config.json")
    theta = text.get("rope_theta", scaling.get("rope_theta"))
    if theta is None:
        raise ModelError("thinker_config.text_config lacks rope_theta", path=layout.folder / "config.json")
    return {"rope_type": "default", "rope_theta": theta}


def _section(layout: CheckpointLayout, thinker: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = thinker.get(name)
    if not isinstance(section, dict):
        raise ModelError(f"thinker_config has no {name}", path=layout.folder / "config.json")
    return section


def _pick(
    layout: CheckpointLayout,
    name: str,
    section: Mapping[str, Any],
    required: tuple[str, ...],
    optional: tuple[str, ...],
) -> dict[str, Any]:
    missing = [key for key in required if key not in section]
    if missing:
        raise ModelError(f"thinker_config.{name} lacks {', '.join(missing)}", path=layout.folder / "config.json")
    return {key: section[key] for key in (*required, *optional) if section.get(key) is not None}
