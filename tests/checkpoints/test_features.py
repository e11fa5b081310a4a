import numpy as np
import pytest
import torch
from transformers import Qwen3ASRFeatureExtractor

from qwen_subs.checkpoints.features import MIN_SAMPLES, FeatureExtractor
from qwen_subs.checkpoints.layout import CheckpointKind
from qwen_subs.checkpoints.loading import load_checkpoint
from qwen_subs.progress import Reporter
from qwen_subs.settings import Settings

# 0.1 s, the padding limit, one more, no multiple of a mel frame, whole seconds, more than one attention window
LENGTHS = (1600, 7999, 8000, 8001, 16000, 16077, 47_999, 160_001)


@pytest.fixture(scope="module")
def extractor() -> FeatureExtractor:
    return FeatureExtractor(128, 100, torch.device("cpu"))


def noise(length: int) -> np.ndarray:
    return (np.random.default_rng(length).standard_normal(length) * 0.1).astype(np.float32)


@pytest.mark.parametrize("length", LENGTHS)
def test_a_single_clip_has_the_features_of_the_library(extractor, length):
    ours = extractor.extract([noise(length)])
    theirs = Qwen3ASRFeatureExtractor()(noise(length), sampling_rate=16000, padding=True, return_attention_mask=True)
    torch.testing.assert_close(ours.mel, theirs["input_features"], rtol=0, atol=1e-6)
    assert torch.equal(ours.mask, theirs["attention_mask"].long())


def test_features_do_not_depend_on_the_batch(extractor):
    batch = extractor.extract([noise(length) for length in LENGTHS])
    for row, length in enumerate(LENGTHS):
        alone = extractor.extract([noise(length)])
        frames = max(length, MIN_SAMPLES) // 160
        assert torch.equal(batch.mel[row, :, :frames], alone.mel[0, :, :frames])
        assert not batch.mel[row, :, frames:].any()
        assert batch.mask[row].sum() == alone.mask.sum() == frames
        assert batch.token_counts[row] == alone.token_counts[0]


def test_the_encoder_gives_as_many_tokens_as_were_counted(recognizer_folder):
    settings = Settings(device="cpu", offline=True)
    checkpoint = load_checkpoint(str(recognizer_folder), CheckpointKind.RECOGNIZER, settings, Reporter())
    audio = checkpoint.features.extract([noise(length) for length in LENGTHS])
    with torch.inference_mode():
        encoded = checkpoint.model.get_audio_features(audio.mel, audio.mask).pooler_output
    assert len(encoded) == sum(audio.token_counts)


def test_digital_silence_has_finite_features(extractor):
    assert torch.isfinite(extractor.extract([np.zeros(16000, np.float32)]).mel).all()
