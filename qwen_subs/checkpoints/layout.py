"""What a checkpoint folder is, told from its files alone: its kind, its layout, and whether it is whole."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from qwen_subs.errors import ModelError

WEIGHTS = "model.safetensors"
WEIGHTS_INDEX = "model.safetensors.index.json"
PICKLED = (".bin", ".pt", ".pth", ".ckpt", ".pkl")
# What is fetched from the hub: everything that is read here, never pickled weights or code.
FILE_PATTERNS = ("*.json", "*.txt", "*.jinja", "*.safetensors")

_DOWNLOAD_HINT = "fetch it again: qwen-subs models download"
_MAX_HEADER = 100_000_000  # bytes; the limit of the safetensors format


class CheckpointKind(StrEnum):
    """What a checkpoint was trained for."""

    RECOGNIZER = "recognizer"
    ALIGNER = "aligner"


@dataclass(frozen=True, slots=True)
class CheckpointLayout:
    """A folder that holds a whole Qwen3-ASR family checkpoint.

    Attributes:
        folder: Where it lies.
        kind: What it was trained for.
        original: Whether it has the layout of the official package (``thinker.*``) instead of transformers' own.
        config: ``config.json`` as it stands.
        preprocessor: Settings of the feature extractor, empty where the folder has none.
        bin_ms: Milliseconds per time class of an aligner.
    """

    folder: Path
    kind: CheckpointKind
    original: bool
    config: Mapping[str, Any]
    preprocessor: Mapping[str, Any]
    bin_ms: float


def read_layout(folder: Path) -> CheckpointLayout:
    """Return what a folder holds, after checking that it is whole; no tensor is read.

    Raises:
        ModelError: If it is no checkpoint of the family, incomplete, damaged, or has only pickled weights.
    """
    if not folder.is_dir():
        fact = "is a file, not a checkpoint folder" if folder.exists() else "no such checkpoint folder"
        raise ModelError(fact, path=folder, hint="give the folder that holds config.json and model.safetensors")
    if not (folder / "config.json").is_file():
        raise ModelError("no checkpoint: config.json is missing", path=folder, hint=_DOWNLOAD_HINT)
    config = _read_json(folder / "config.json")
    original = isinstance(config.get("thinker_config"), dict)
    kind = _find_kind(config, folder)
    _check_weights(folder)
    if not (folder / "tokenizer.json").is_file() and not all(
        (folder / name).is_file() for name in ("vocab.json", "merges.txt")
    ):
        raise ModelError("no tokenizer: tokenizer.json, or vocab.json and merges.txt, is missing", path=folder)
    preprocessor, bin_ms = _read_preprocessor(folder, config)
    return CheckpointLayout(folder, kind, original, config, preprocessor, bin_ms)


def _find_kind(config: Mapping[str, Any], folder: Path) -> CheckpointKind:
    if config.get("model_type") not in ("qwen3_asr", "qwen3_forced_aligner"):
        family = config.get("model_type") or "without a model_type"
        raise ModelError(
            f"a checkpoint of another family ({family})", path=folder, hint="Qwen3-ASR and its aligner are supported"
        )
    thinker = config.get("thinker_config")
    architectures = " ".join(map(str, config.get("architectures") or ()))
    if isinstance(thinker, dict):
        return CheckpointKind.ALIGNER if "classify_num" in thinker else CheckpointKind.RECOGNIZER
    return CheckpointKind.ALIGNER if "TokenClassification" in architectures else CheckpointKind.RECOGNIZER


def _check_weights(folder: Path) -> None:
    if (folder / WEIGHTS).exists():
        _check_safetensors(folder / WEIGHTS)
        return
    if (folder / WEIGHTS_INDEX).exists():
        weight_map = _read_json(folder / WEIGHTS_INDEX).get("weight_map")
        if not isinstance(weight_map, dict):
            raise ModelError("damaged: no weight_map", path=folder / WEIGHTS_INDEX, hint=_DOWNLOAD_HINT)
        for name in sorted(set(map(str, weight_map.values()))):
            if Path(name).name != name or not name.endswith(".safetensors"):
                raise ModelError(f"not a shard of this folder: {name!r}", path=folder / WEIGHTS_INDEX)
            if not (folder / name).is_file():
                raise ModelError(f"half-downloaded: {name} is missing", path=folder, hint=_DOWNLOAD_HINT)
            _check_safetensors(folder / name)
        return
    pickled = sorted(file.name for file in folder.iterdir() if file.suffix in PICKLED)
    if pickled:
        raise ModelError(
            f"only pickled weights ({pickled[0]}), which can run code and are never loaded",
            path=folder,
            hint="use a checkpoint with safetensors",
        )
    raise ModelError(f"half-downloaded: {WEIGHTS} is missing", path=folder, hint=_DOWNLOAD_HINT)


def _check_safetensors(file: Path) -> None:
    """Compare the size of a file with what its header promises.

    The format: 8 bytes of header length (little endian), the header as JSON, the data; `data_offsets` count from the
    start of the data (github.com/huggingface/safetensors, "Format").
    """
    try:
        size = file.stat().st_size
        with file.open("rb") as stream:
            length = int.from_bytes(stream.read(8), "little")
            if length > min(_MAX_HEADER, size):
                raise ModelError("damaged safetensors: impossible header", path=file, hint=_DOWNLOAD_HINT)
            header = json.loads(stream.read(length))
        ends = [entry["data_offsets"][1] for name, entry in header.items() if name != "__metadata__"]
        expected = 8 + length + max(ends)
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", path=file) from error
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise ModelError("damaged safetensors: unreadable header", path=file, hint=_DOWNLOAD_HINT) from error
    if size != expected:
        raise ModelError(f"half-downloaded or damaged: {size:,} of {expected:,} bytes", path=file, hint=_DOWNLOAD_HINT)


def _read_preprocessor(folder: Path, config: Mapping[str, Any]) -> tuple[Mapping[str, Any], float]:
    """Return the feature extractor's settings and the length of a time class.

    The native layout keeps both in ``processor_config.json``; the original has a Whisper-style
    ``preprocessor_config.json`` and the time class in ``config.json``.
    """
    processor: Mapping[str, Any] = {}
    if (folder / "processor_config.json").is_file():
        processor = _read_json(folder / "processor_config.json")
    preprocessor = processor.get("feature_extractor") or {}
    if not preprocessor and (folder / "preprocessor_config.json").is_file():
        preprocessor = _read_json(folder / "preprocessor_config.json")
    # 80 ms is the published grid; it is also the length of an encoder token, so nothing else was ever trained.
    bin_ms = processor.get("timestamp_segment_time", config.get("timestamp_segment_time", 80))
    if not isinstance(bin_ms, int | float) or not 1 <= bin_ms <= 1000:
        raise ModelError(f"impossible length of a time class: {bin_ms!r} (milliseconds expected)", path=folder)
    return preprocessor, float(bin_ms)


def _read_json(file: Path) -> Mapping[str, Any]:
    try:
        content = json.loads(file.read_text("utf-8"))
    except OSError as error:
        raise ModelError(f"cannot be read: {error.strerror}", path=file) from error
    except ValueError as error:
        raise ModelError("damaged: no valid JSON", path=file, hint=_DOWNLOAD_HINT) from error
    if not isinstance(content, dict):
        raise ModelError("damaged: not a JSON object", path=file, hint=_DOWNLOAD_HINT)
    return content
