import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file, save_file

# As the official package names them; the opposite direction of the table in the loader.
TO_ORIGINAL = {
    "model.multi_modal_projector.linear_1.": "thinker.audio_tower.proj1.",
    "model.multi_modal_projector.linear_2.": "thinker.audio_tower.proj2.",
    "model.audio_tower.": "thinker.audio_tower.",
    "model.language_model.": "thinker.model.",
    "score.": "thinker.lm_head.",
}


@pytest.fixture
def copy_of(tmp_path: Path) -> Callable[[Path], Path]:
    """Copy a checkpoint, so that a test may spoil it."""

    def copy(source: Path) -> Path:
        return Path(shutil.copytree(source, tmp_path / source.name))

    return copy


@pytest.fixture
def make_original(tmp_path: Path) -> Callable[[Path], Path]:
    """Write a native checkpoint in the layout of the official package, all its habits included."""

    def make(native: Path) -> Path:
        target = tmp_path / f"original-{native.name}"
        target.mkdir()
        tensors = {}
        for name, tensor in load_file(native / "model.safetensors").items():
            prefix = next(prefix for prefix in TO_ORIGINAL if name.startswith(prefix))
            tensors[TO_ORIGINAL[prefix] + name.removeprefix(prefix)] = tensor
        if "thinker.lm_head.weight" not in tensors:
            tensors["thinker.lm_head.weight"] = tensors["thinker.model.embed_tokens.weight"].clone()
        save_file(tensors, target / "model.safetensors", {"format": "pt"})
        native_config = json.loads((native / "config.json").read_text("utf-8"))
        write_json(target / "config.json", original_config(native_config))
        tokenizer = json.loads((native / "tokenizer.json").read_text("utf-8"))
        write_tokenizer(target, tokenizer)
        write_json(
            target / "preprocessor_config.json",
            {
                "chunk_length": 30, "dither": 0.0, "feature_extractor_type": "WhisperFeatureExtractor",
                "feature_size": 128, "hop_length": 160, "n_fft": 400, "n_samples": 480000, "nb_max_frames": 3000,
                "padding_side": "right", "padding_value": 0.0, "processor_class": "Qwen3ASRProcessor",
                "return_attention_mask": True,
            },
        )  # fmt: skip
        write_json(target / "generation_config.json", {"do_sample": True, "temperature": 0.9, "max_new_tokens": 20})
        write_json(target / "chat_template.json", {"chat_template": "{{ 'not this one' }}"})
        return target

    return make


def original_config(native: dict) -> dict:
    audio, text = dict(native["audio_config"]), dict(native["text_config"])
    rope_theta = text.pop("rope_parameters")["rope_theta"]
    audio.pop("max_position_embeddings")
    thinker = {
        "architectures": ["Qwen3ASRForConditionalGeneration"],
        "audio_config": {
            **audio, "_name_or_path": "", "conv_chunksize": 500, "dtype": None, "id2label": {"0": "LABEL_0"},
            "max_source_positions": 1500, "model_type": "qwen3_asr_audio_encoder", "pruned_heads": {},
            "torchscript": False,
        },
        "audio_token_id": native["audio_token_id"],
        "audio_start_token_id": native["audio_token_id"] + 1,
        "audio_end_token_id": native["audio_token_id"] + 2,
        "dtype": "bfloat16",
        "initializer_range": 0.02,
        "model_type": "qwen3_asr",
        "text_config": {
            **text, "_name_or_path": "", "decoder_sparse_step": 1, "mlp_only_layers": [], "model_type": "qwen3",
            "num_experts": 128, "rope_scaling": {
                "interleaved": True, "mrope_interleaved": True, "mrope_section": [24, 20, 20], "rope_type": "default",
                "type": "default",
            },
            "rope_theta": rope_theta, "torchscript": False,
        },
    }  # fmt: skip
    config = {
        "architectures": ["Qwen3ASRForConditionalGeneration"],
        "model_type": "qwen3_asr",
        "support_languages": ["Chinese", "English"],
        "thinker_config": thinker,
        "transformers_version": "4.57.6",
    }
    if "num_labels" in native or "id2label" in native:
        thinker["model_type"] = "qwen3_forced_aligner"
        thinker["classify_num"] = native.get("num_labels") or len(native["id2label"])
        config |= {"timestamp_segment_time": 80, "timestamp_token_id": native["timestamp_token_id"]}
    return config


def write_tokenizer(folder: Path, tokenizer: dict) -> None:
    write_json(folder / "vocab.json", tokenizer["model"]["vocab"])
    merges = [merge if isinstance(merge, str) else " ".join(merge) for merge in tokenizer["model"]["merges"]]
    (folder / "merges.txt").write_text("#version: 0.2\n" + "\n".join(merges) + "\n", "utf-8")
    added = {
        str(token["id"]): {key: value for key, value in token.items() if key != "id"}
        for token in tokenizer["added_tokens"]
    }
    write_json(
        folder / "tokenizer_config.json",
        {
            "add_prefix_space": False, "added_tokens_decoder": added, "audio_bos_token": "<|audio_start|>",
            "audio_eos_token": "<|audio_end|>", "audio_token": "<|audio_pad|>", "bos_token": None,
            "clean_up_tokenization_spaces": False, "eos_token": "<|im_end|>", "errors": "replace",
            "model_max_length": 131072, "pad_token": "<|endoftext|>", "split_special_tokens": False,
            "tokenizer_class": "Qwen2Tokenizer", "unk_token": None,
        },
    )  # fmt: skip


def write_json(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), "utf-8")
