"""Loads a checkpoint of either layout into transformers' native classes, every tensor accounted for."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from transformers import (
    Qwen2Tokenizer,
    Qwen3ASRConfig,
    Qwen3ASRForConditionalGeneration,
    Qwen3ASRForTokenClassification,
)

from qwen_subs.checkpoints.devices import choose_device, choose_dtype, describe_dtype, holds_large_model
from qwen_subs.checkpoints.features import HOP, WINDOW, FeatureExtractor
from qwen_subs.checkpoints.layout import CheckpointKind, CheckpointLayout
from qwen_subs.checkpoints.original import KEY_MAPPINGS, convert_config
from qwen_subs.checkpoints.quiet import quiet_libraries
from qwen_subs.checkpoints.resolve import is_cached, resolve_checkpoint
from qwen_subs.errors import ModelError
from qwen_subs.progress import Reporter
from qwen_subs.settings import Settings
from qwen_subs.waveform import SAMPLE_RATE

_MODEL_CLASSES = {
    CheckpointKind.RECOGNIZER: Qwen3ASRForConditionalGeneration,
    CheckpointKind.ALIGNER: Qwen3ASRForTokenClassification,
}
# Half a chunk of the audio encoder, in mel frames; the token counts of all published code are made for 50.
_HALF_CHUNK = 50


@dataclass(frozen=True, slots=True, eq=False)
class LoadedCheckpoint:
    """A model on its device, ready for inference, with what its inputs are made by.

    Attributes:
        model: In evaluation mode.
        tokenizer: The checkpoint's.
        features: Computes the audio features, on the model's device.
        name: For provenance: hub id with its revision, or the folder as the user gave it.
        path: The folder.
        device: Where the model is.
        dtype: Number type of its weights.
        bin_ms: Milliseconds per time class of an aligner.
    """

    model: Any
    tokenizer: Any
    features: FeatureExtractor
    name: str
    path: Path
    device: torch.device
    dtype: torch.dtype
    bin_ms: float


def load_checkpoint(name: str, kind: CheckpointKind, settings: Settings, reporter: Reporter) -> LoadedCheckpoint:
    """Find a checkpoint and load it; says what was chosen.

    Args:
        name: ``auto`` (recognizer only), local folder, hub id (``@revision`` allowed) or short name.
        kind: What is needed.
        settings: Device, number type, and whether the network may be asked.
        reporter: Told the choice.

    Raises:
        UsageError: If a name means nothing.
        MissingDependencyError: If the device was asked for and is not there.
        ModelError: If the checkpoint is not there, not whole, of the wrong kind, or does not fit into memory.
    """
    device = choose_device(settings.device)
    dtype = choose_dtype(settings.dtype, device)
    if name == "auto" and kind is CheckpointKind.RECOGNIZER:
        name = choose_recognizer(device, settings.offline)
    with quiet_libraries():
        found = resolve_checkpoint(name, kind, offline=settings.offline, reporter=reporter)
        checkpoint = _load(found.name, found.layout, device, dtype)
    reporter.notice(f"{kind}: {found.name} on {device}, {describe_dtype(dtype)}")
    return checkpoint


def choose_recognizer(device: torch.device, offline: bool) -> str:
    """Return the short name that ``auto`` stands for: the large model on a GPU that holds it, else the small one.

    Offline, a model that is in the cache wins over one that is not.
    """
    names = ["1.7b", "0.6b"] if holds_large_model(device) else ["0.6b", "1.7b"]
    if offline:
        return next(filter(is_cached, names), names[0])
    return names[0]


def _load(name: str, layout: CheckpointLayout, device: torch.device, dtype: torch.dtype) -> LoadedCheckpoint:
    try:
        config: Any = Qwen3ASRConfig.from_dict(convert_config(layout) if layout.original else dict(layout.config))
        tokenizer = Qwen2Tokenizer.from_pretrained(layout.folder, local_files_only=True)
    except ModelError:
        raise
    # Libraries raise whatever they like on a malformed configuration or tokenizer; all of it means the same here.
    except Exception as error:
        raise ModelError(f"malformed configuration or tokenizer: {_first_line(error)}", path=name) from error
    _check_audio(layout, config, name)
    model = _load_model(layout, config, dtype, name)
    try:
        model = model.to(device)
    except RuntimeError as error:  # on CUDA torch.OutOfMemoryError, elsewhere without a class of its own
        if "out of memory" not in str(error).lower():
            raise ModelError(f"cannot be moved to {device}: {_first_line(error)}", path=name) from error
        raise ModelError(
            f"does not fit into the memory of {device}", path=name, hint="use --model 0.6b, or --device cpu"
        ) from error
    features = FeatureExtractor(config.audio_config.num_mel_bins, 2 * _HALF_CHUNK, device)
    return LoadedCheckpoint(model, tokenizer, features, name, layout.folder, device, dtype, layout.bin_ms)


def _load_model(layout: CheckpointLayout, config: Any, dtype: torch.dtype, name: str) -> Any:
    try:
        loaded: Any = _MODEL_CLASSES[layout.kind].from_pretrained(
            layout.folder,
            config=config,
            key_mapping=KEY_MAPPINGS[layout.kind] if layout.original else None,
            dtype=dtype,
            use_safetensors=True,
            local_files_only=True,
            ignore_mismatched_sizes=True,  # they are reported, and refused below with their names
            output_loading_info=True,
        )
    except (OSError, RuntimeError, MemoryError, ValueError, KeyError, SafetensorError) as error:
        raise ModelError(f"cannot be loaded: {_first_line(error)}", path=name) from error
    model, report = loaded
    facts = [
        f"{fact} {_enumerate(report[key])}"
        for fact, key in (
            ("missing", "missing_keys"),
            ("unexpected", "unexpected_keys"),
            ("of another shape", "mismatched_keys"),
        )
        if report[key]
    ]
    if facts:
        raise ModelError(f"tensors do not fit the model: {'; '.join(facts)}", path=name)
    return model.eval()


def _check_audio(layout: CheckpointLayout, config: Any, name: str) -> None:
    """Refuse a checkpoint that was trained on other audio features than the ones computed here."""
    if config.audio_config.n_window != _HALF_CHUNK:
        raise ModelError(f"audio chunks of {2 * config.audio_config.n_window} mel frames are not supported", path=name)
    expected = {
        "sampling_rate": SAMPLE_RATE,
        "hop_length": HOP,
        "n_fft": WINDOW,
        "feature_size": config.audio_config.num_mel_bins,
        "dither": 0.0,
    }
    for key, value in expected.items():
        found = layout.preprocessor.get(key, value)
        if found != value:
            raise ModelError(f"audio features with {key} = {found!r} are not supported ({value!r} expected)", path=name)


def _enumerate(keys: Any, limit: int = 3) -> str:
    """Return the names of tensors, the first few spelled out; entries of the report are names or tuples led by one."""
    names = sorted(key if isinstance(key, str) else str(key[0]) for key in keys)
    more = f" and {len(names) - limit} more" if len(names) > limit else ""
    return ", ".join(names[:limit]) + more


def _first_line(error: Exception) -> str:
    return (str(error).strip() or type(error).__name__).splitlines()[0]
