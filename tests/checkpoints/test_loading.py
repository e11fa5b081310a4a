import json
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from qwen_subs.checkpoints.layout import CheckpointKind
from qwen_subs.checkpoints.loading import LoadedCheckpoint, load_checkpoint
from qwen_subs.checkpoints.prompts import AlignmentPrompt, RecognitionPrompt
from qwen_subs.errors import ModelError
from qwen_subs.progress import Reporter
from qwen_subs.recognition.qwen3_asr import Qwen3AsrRecognizer
from qwen_subs.settings import Settings

RECOGNIZER, ALIGNER = CheckpointKind.RECOGNIZER, CheckpointKind.ALIGNER
CPU = Settings(device="cpu", offline=True)


class Listener(Reporter):
    def __init__(self) -> None:
        self.notices: list[str] = []

    def notice(self, message: str) -> None:
        self.notices.append(message)


def load(folder: Path, kind: CheckpointKind, settings: Settings = CPU) -> LoadedCheckpoint:
    return load_checkpoint(str(folder), kind, settings, Reporter())


def run(checkpoint: LoadedCheckpoint, samples, prompt: list[int]) -> torch.Tensor:
    audio = checkpoint.features.extract([samples])
    ids = torch.tensor([prompt])
    with torch.inference_mode():
        return checkpoint.model(
            input_ids=ids,
            attention_mask=torch.ones_like(ids),
            input_features=audio.mel,
            input_features_mask=audio.mask,
        ).logits


def recognition_prompt(checkpoint: LoadedCheckpoint) -> RecognitionPrompt:
    config = checkpoint.model.config
    return RecognitionPrompt(
        checkpoint.tokenizer, config.audio_token_id, config.text_config.vocab_size, checkpoint.path
    )


def alignment_prompt(checkpoint: LoadedCheckpoint) -> AlignmentPrompt:
    config = checkpoint.model.config
    return AlignmentPrompt(
        checkpoint.tokenizer,
        config.audio_token_id,
        config.timestamp_token_id,
        config.text_config.vocab_size,
        checkpoint.path,
    )


def test_the_original_recognizer_gives_the_native_logits(recognizer_folder, make_original, phrases):
    native = load(recognizer_folder, RECOGNIZER)
    original = load(make_original(recognizer_folder), RECOGNIZER)
    for phrase in phrases[0], phrases[-1]:
        samples = phrase.waveform.samples
        count = native.features.extract([samples]).token_counts[0]
        prompts = [recognition_prompt(checkpoint).build(count, "Anna", "Chinese") for checkpoint in (native, original)]
        assert prompts[0] == prompts[1]
        assert torch.equal(run(native, samples, prompts[0]), run(original, samples, prompts[1]))


def test_the_original_recognizer_gives_the_native_text(recognizer_folder, make_original, phrases):
    batch = [phrase.waveform.samples for phrase in phrases]
    native, original = (
        Qwen3AsrRecognizer(load(folder, RECOGNIZER)).recognize(batch, language=None, context="")
        for folder in (recognizer_folder, make_original(recognizer_folder))
    )
    assert native == original
    assert all(result.text for result in native)


def test_the_original_aligner_gives_the_native_logits(aligner_folder, make_original, phrases):
    native, original = load(aligner_folder, ALIGNER), load(make_original(aligner_folder), ALIGNER)
    for phrase in phrases[0], phrases[-1]:
        samples = phrase.waveform.samples
        count = native.features.extract([samples]).token_counts[0]
        units = [text for text, _, _ in phrase.words]
        prompts = [alignment_prompt(checkpoint).build(count, units) for checkpoint in (native, original)]
        assert prompts[0] == prompts[1]
        assert torch.equal(run(native, samples, prompts[0]), run(original, samples, prompts[1]))
    assert native.bin_ms == original.bin_ms == 80


@pytest.mark.parametrize("layout", ["native", "original"])
def test_weights_in_several_files(recognizer_folder, copy_of, make_original, phrases, layout):
    folder = copy_of(recognizer_folder) if layout == "native" else make_original(recognizer_folder)
    tensors = load_file(folder / "model.safetensors")
    whole = load(folder, RECOGNIZER)
    (folder / "model.safetensors").unlink()
    shard(tensors, folder)
    sharded = load(folder, RECOGNIZER)
    samples = phrases[0].waveform.samples
    prompt = recognition_prompt(whole).build(whole.features.extract([samples]).token_counts[0], "", None)
    assert torch.equal(run(whole, samples, prompt), run(sharded, samples, prompt))
    (folder / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ModelError, match=r"half-downloaded: model-00002-of-00002\.safetensors is missing"):
        load(folder, RECOGNIZER)


def shard(tensors: dict[str, torch.Tensor], folder: Path) -> None:
    weight_map = {}
    for number in (1, 2):
        part = {name: tensors[name] for name in sorted(tensors)[number - 1 :: 2]}
        file = f"model-0000{number}-of-00002.safetensors"
        save_file(part, folder / file, {"format": "pt"})
        weight_map |= dict.fromkeys(part, file)
    (folder / "model.safetensors.index.json").write_text(json.dumps({"metadata": {}, "weight_map": weight_map}))


def spoil(folder: Path, change: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors", {"format": "pt"})


@pytest.mark.parametrize("layout", ["native", "original"])
def test_a_missing_tensor_is_named(recognizer_folder, copy_of, make_original, layout):
    folder = copy_of(recognizer_folder) if layout == "native" else make_original(recognizer_folder)
    spoil(folder, lambda tensors: tensors.pop(next(name for name in tensors if name.endswith("conv_out.weight"))))
    with pytest.raises(ModelError, match=r"do not fit the model: missing model\.audio_tower\.conv_out\.weight"):
        load(folder, RECOGNIZER)


def test_an_extra_tensor_is_named(recognizer_folder, make_original):
    folder = make_original(recognizer_folder)
    spoil(folder, lambda tensors: tensors.update({"thinker.visual.weight": torch.zeros(2, 2)}))
    with pytest.raises(ModelError, match=r"unexpected thinker\.visual\.weight"):
        load(folder, RECOGNIZER)


def test_a_tensor_of_another_shape_is_named(aligner_folder, copy_of):
    folder = copy_of(aligner_folder)
    spoil(folder, lambda tensors: tensors.update({"score.weight": torch.zeros(7, 7)}))
    with pytest.raises(ModelError, match=r"of another shape score\.weight"):
        load(folder, ALIGNER)


def test_an_original_config_that_leaves_a_shape_open_is_refused(recognizer_folder, make_original):
    folder = make_original(recognizer_folder)
    config = json.loads((folder / "config.json").read_text())
    del config["thinker_config"]["text_config"]["rope_theta"]
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="text_config lacks rope_theta"):
        load(folder, RECOGNIZER)


def test_a_checkpoint_of_the_other_kind_is_refused(recognizer_folder, aligner_folder, make_original):
    with pytest.raises(ModelError, match="made to be an aligner, not a recognizer"):
        load(aligner_folder, RECOGNIZER)
    with pytest.raises(ModelError, match="made to be a recognizer, not an aligner"):
        load(make_original(recognizer_folder), ALIGNER)


def test_other_audio_features_are_refused(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    config = json.loads((folder / "processor_config.json").read_text())
    config["feature_extractor"]["hop_length"] = 128
    (folder / "processor_config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="hop_length = 128 are not supported"):
        load(folder, RECOGNIZER)


def test_a_checkpoints_own_template_and_generation_settings_are_ignored(recognizer_folder, copy_of, phrases):
    folder = copy_of(recognizer_folder)
    (folder / "chat_template.jinja").write_text("{{ 'language Chinese' }}")
    (folder / "generation_config.json").write_text('{"do_sample": true, "temperature": 5.0, "max_new_tokens": 3}')
    recognizer = Qwen3AsrRecognizer(load(folder, RECOGNIZER))
    results = recognizer.recognize([phrases[0].waveform.samples] * 2, language=None, context="")
    assert [result.text for result in results] == [phrases[0].text] * 2


def test_the_choice_is_said_and_the_libraries_are_silent(recognizer_folder, capfd):
    listener = Listener()
    load_checkpoint(str(recognizer_folder), RECOGNIZER, CPU, listener)
    assert listener.notices == [f"recognizer: {recognizer_folder} on cpu, float32"]
    assert capfd.readouterr() == ("", "")


def test_the_number_type_is_taken_as_asked(aligner_folder):
    checkpoint = load(aligner_folder, ALIGNER, Settings(device="cpu", dtype="bfloat16", offline=True))
    assert {parameter.dtype for parameter in checkpoint.model.parameters()} == {torch.bfloat16}


def test_an_original_head_of_its_own_is_kept(recognizer_folder, make_original, phrases):
    """Where the config does not say that the head is tied, the stored one counts."""
    folder = make_original(recognizer_folder)
    config = json.loads((folder / "config.json").read_text())
    del config["thinker_config"]["text_config"]["tie_word_embeddings"]
    (folder / "config.json").write_text(json.dumps(config))
    samples = phrases[0].waveform.samples
    tied = load(recognizer_folder, RECOGNIZER)
    prompt = recognition_prompt(tied).build(tied.features.extract([samples]).token_counts[0], "", None)
    expected = run(tied, samples, prompt)
    assert torch.equal(run(load(folder, RECOGNIZER), samples, prompt), expected)
    spoil(folder, lambda tensors: tensors["thinker.lm_head.weight"].neg_())
    assert torch.equal(run(load(folder, RECOGNIZER), samples, prompt), -expected)


def test_rotary_positions_that_the_native_classes_lack_are_refused(recognizer_folder, make_original):
    folder = make_original(recognizer_folder)
    config = json.loads((folder / "config.json").read_text())
    config["thinker_config"]["text_config"]["rope_scaling"] = {"rope_type": "yarn", "factor": 4.0}
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="rotary positions of an unknown kind: 'yarn'"):
        load(folder, RECOGNIZER)


@pytest.mark.parametrize("content", ["{}", "not json", '{"model": {"type": "BPE"}}'])
def test_a_damaged_tokenizer_is_one_line(recognizer_folder, copy_of, content):
    folder = copy_of(recognizer_folder)
    (folder / "tokenizer.json").write_text(content)
    with pytest.raises(ModelError) as caught:
        Qwen3AsrRecognizer(load(folder, RECOGNIZER))
    assert "tokenizer" in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_malformed_config_is_one_line(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    config = json.loads((folder / "config.json").read_text())
    config["text_config"]["hidden_size"] = "wide"
    (folder / "config.json").write_text(json.dumps(config))
    with pytest.raises(ModelError, match="malformed configuration"):
        load(folder, RECOGNIZER)


def test_weights_whose_header_is_whole_but_whose_data_do_not_fit_are_refused(recognizer_folder, copy_of):
    folder = copy_of(recognizer_folder)
    weights = (folder / "model.safetensors").read_bytes()
    (folder / "model.safetensors").write_bytes(weights.replace(b'"F16"', b'"F99"', 1))
    with pytest.raises(ModelError, match="cannot be loaded"):
        load(folder, RECOGNIZER)
