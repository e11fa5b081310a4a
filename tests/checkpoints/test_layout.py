import json
from pathlib import Path

import pytest

from qwen_subs.checkpoints.layout import CheckpointKind, read_layout
from qwen_subs.errors import ExitCode, ModelError


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as caught:
        read_layout(folder)
    assert caught.value.exit_code == ExitCode.MODEL
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_both_kinds_and_both_layouts_are_told_apart(recognizer_folder, aligner_folder, make_original):
    for folder, kind in (
        (recognizer_folder, CheckpointKind.RECOGNIZER),
        (aligner_folder, CheckpointKind.ALIGNER),
    ):
        native, original = read_layout(folder), read_layout(make_original(folder))
        assert (native.kind, native.original) == (kind, False)
        assert (original.kind, original.original) == (kind, True)


def test_a_folder_that_is_not_there(tmp_path):
    assert refusal(tmp_path / "missing") == f"{tmp_path / 'missing'}: no such checkpoint folder"


def test_a_file_instead_of_a_folder(recognizer_folder):
    assert refusal(recognizer_folder / "model.safetensors").endswith("is a file, not a checkpoint folder")


def test_an_empty_folder(tmp_path):
    assert refusal(tmp_path).endswith("no checkpoint: config.json is missing")


def test_a_checkpoint_of_another_family(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    (folder / "config.json").write_text('{"model_type": "whisper"}')
    assert refusal(folder).endswith("a checkpoint of another family (whisper)")


@pytest.mark.parametrize("content", ["", "{", "[]", "\x00\x01"])
def test_a_damaged_config(recognizer_folder, copy_of, content):
    folder = copy_of(recognizer_folder)
    (folder / "config.json").write_text(content)
    assert "config.json: damaged" in refusal(folder)


def test_missing_weights_are_a_broken_download(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    (folder / "model.safetensors").unlink()
    assert refusal(folder).endswith("half-downloaded: model.safetensors is missing")


def test_pickled_weights_are_never_loaded(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    (folder / "model.safetensors").rename(folder / "pytorch_model.bin")
    assert "only pickled weights (pytorch_model.bin)" in refusal(folder)


@pytest.mark.parametrize("size", [0, 5, 1000, 1_000_000])
def test_a_cut_off_weight_file(recognizer_folder, copy_of, size):
    folder = copy_of(recognizer_folder)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights[:size])
    message = refusal(folder)
    assert "model.safetensors: " in message
    assert "damaged" in message


def test_something_else_named_safetensors(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    (folder / "model.safetensors").write_bytes(b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n")
    assert "damaged safetensors" in refusal(folder)


def test_an_index_cannot_point_outside_the_folder(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    (folder / "model.safetensors").unlink()
    index = {"weight_map": {"lm_head.weight": "../elsewhere.safetensors"}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    assert "not a shard of this folder" in refusal(folder)


def test_a_missing_tokenizer(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    (folder / "tokenizer.json").unlink()
    assert "no tokenizer" in refusal(folder)


@pytest.mark.parametrize("value", [0, 0.08, 80_000, "80"])
def test_an_impossible_length_of_a_time_class(aligner_folder, copy_of, value):
    folder = copy_of(aligner_folder)
    config = json.loads((folder / "processor_config.json").read_text())
    (folder / "processor_config.json").write_text(json.dumps({**config, "timestamp_segment_time": value}))
    assert "impossible length of a time class" in refusal(folder)
