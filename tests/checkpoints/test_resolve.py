import shutil
import socket
import time
from pathlib import Path

import pytest

from qwen_subs.checkpoints.catalog import PUBLISHED, download_model, list_models
from qwen_subs.checkpoints.devices import choose_device
from qwen_subs.checkpoints.hub import HubId, parse_hub_id
from qwen_subs.checkpoints.layout import CheckpointKind
from qwen_subs.checkpoints.loading import choose_recognizer
from qwen_subs.checkpoints.resolve import resolve_checkpoint
from qwen_subs.errors import ExitCode, ModelError, UsageError
from qwen_subs.progress import Reporter

SMALL, LARGE, ALIGNER = (published.hub_id for published in PUBLISHED)


@pytest.fixture
def cache(tmp_path, monkeypatch) -> Path:
    """An empty cache of the hub, and a hub that nothing answers for."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", "http://127.0.0.1:9")
    return tmp_path


def put_into(cache: Path, hub_id: str, checkpoint: Path, revision: str = "main") -> Path:
    """Store a checkpoint as huggingface_hub does."""
    repository = cache / f"models--{hub_id.replace('/', '--')}"
    folder = repository / "snapshots" / ("0" * 40)
    shutil.copytree(checkpoint, folder)
    (repository / "refs").mkdir()
    (repository / "refs" / revision).write_text("0" * 40)
    return folder


def find(name: str, offline: bool = True, kind: CheckpointKind = CheckpointKind.RECOGNIZER):
    return resolve_checkpoint(name, kind, offline=offline, reporter=Reporter())


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Qwen/Qwen3-ASR-0.6B-hf", HubId("Qwen/Qwen3-ASR-0.6B-hf")),
        ("a/b@refs/pr/1", HubId("a/b", "refs/pr/1")),
        ("a/b@", None),
        ("a", None),
        ("a/b/c", None),
        ("../b", None),
        ("-a/b", None),
    ],
)
def test_hub_ids(name, expected):
    assert parse_hub_id(name) == expected


def test_a_local_folder_keeps_the_name_it_was_given(recognizer_folder, monkeypatch):
    assert find(str(recognizer_folder)).name == str(recognizer_folder)
    monkeypatch.chdir(recognizer_folder.parent)
    assert find("recognizer").name == "recognizer"
    assert find("./recognizer").layout.folder == Path("recognizer")


@pytest.mark.parametrize("offline", [True, False])
def test_what_is_cached_needs_no_network(cache, recognizer_folder, offline):
    folder = put_into(cache, SMALL, recognizer_folder)
    for name in (SMALL, "0.6b", "0.6B"):
        found = find(name, offline)
        assert (found.name, found.layout.folder) == (SMALL, folder)


def test_a_pinned_revision(cache, recognizer_folder):
    put_into(cache, SMALL, recognizer_folder, "v2")
    assert find(f"{SMALL}@v2").name == f"{SMALL}@v2"
    with pytest.raises(ModelError, match=f"model {SMALL} is not in the local cache"):
        find(SMALL)


def test_a_short_name_takes_the_original_layout_that_most_people_have(cache, recognizer_folder, make_original):
    put_into(cache, "Qwen/Qwen3-ASR-0.6B", make_original(recognizer_folder))
    found = find("0.6b")
    assert found.name == "Qwen/Qwen3-ASR-0.6B"
    assert found.layout.original


def test_offline_and_not_cached_is_one_error_that_tells_the_way(cache):
    with pytest.raises(ModelError) as caught:
        find("1.7b")
    assert caught.value.exit_code == ExitCode.MODEL
    assert str(caught.value) == f"model {LARGE} is not in the local cache and --offline was given"
    assert f"qwen-subs models download {LARGE}" in (caught.value.hint or "")
    assert "--model PATH" in (caught.value.hint or "")


def test_without_network_the_error_comes_at_once(cache):
    start = time.monotonic()
    with pytest.raises(ModelError, match=r"is not in the local cache and the hub cannot be reached"):
        find(SMALL, offline=False)
    assert time.monotonic() - start < 5


@pytest.mark.slow
def test_a_network_that_swallows_everything_is_given_up_within_seconds(cache, monkeypatch):
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen()
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{listener.getsockname()[1]}")
        start = time.monotonic()
        with pytest.raises(ModelError, match="the hub cannot be reached"):
            find(SMALL, offline=False)
        assert time.monotonic() - start < 15


def test_a_broken_download_is_said_when_it_cannot_be_mended(cache, recognizer_folder):
    folder = put_into(cache, SMALL, recognizer_folder)
    (folder / "model.safetensors").unlink()
    with pytest.raises(ModelError, match=r"half-downloaded: model\.safetensors is missing"):
        find(SMALL)
    with pytest.raises(ModelError, match="the hub cannot be reached"):
        find(SMALL, offline=False)


@pytest.mark.parametrize("name", ["large", "whisper-1", "0.7b", ""])
def test_a_name_that_means_nothing(cache, name):
    with pytest.raises((UsageError, ModelError)) as caught:
        find(name)
    if name:
        assert caught.value.exit_code == ExitCode.USAGE
        assert "0.6b" in (caught.value.hint or "")


@pytest.mark.parametrize("name", ["/nowhere/model", "./model", "~/no-such-model", "models/qwen/recognizer"])
def test_a_path_that_is_not_there(cache, name):
    with pytest.raises(ModelError, match="no such checkpoint folder"):
        find(name)


def test_the_wrong_kind_is_refused_before_anything_is_fetched(cache):
    with pytest.raises(ModelError, match="made to be an aligner, not a recognizer") as caught:
        find(ALIGNER, offline=False)
    assert caught.value.hint == "use it with --aligner-model"
    with pytest.raises(ModelError, match="made to be a recognizer, not an aligner"):
        find("Qwen/Qwen3-ASR-1.7B@main", offline=False, kind=CheckpointKind.ALIGNER)
    for name in ("0.6b", "auto"):
        with pytest.raises(UsageError, match=f"unknown aligner model '{name}'"):
            find(name, kind=CheckpointKind.ALIGNER)


def test_auto_is_the_small_model_on_a_cpu_and_what_is_cached_when_offline(cache, recognizer_folder):
    cpu = choose_device("cpu")
    assert choose_recognizer(cpu, offline=False) == "0.6b"
    assert choose_recognizer(cpu, offline=True) == "0.6b"
    put_into(cache, LARGE, recognizer_folder)
    assert choose_recognizer(cpu, offline=True) == "1.7b"
    assert choose_recognizer(cpu, offline=False) == "0.6b"


def test_the_list_tells_what_is_cached_and_whether_it_is_whole(cache, recognizer_folder, aligner_folder):
    assert [(model.name, model.folder) for model in list_models()] == [(SMALL, None), (LARGE, None), (ALIGNER, None)]
    small, aligner = put_into(cache, SMALL, recognizer_folder), put_into(cache, ALIGNER, aligner_folder)
    (aligner / "model.safetensors").unlink()
    found = {model.name: model for model in list_models()}
    assert found[SMALL].folder == small
    assert found[SMALL].size_bytes == sum(file.stat().st_size for file in recognizer_folder.iterdir())
    assert found[SMALL].problem == ""
    assert "half-downloaded" in found[ALIGNER].problem


def test_only_checkpoints_on_the_hub_can_be_downloaded(cache):
    for name in ("large", "/some/folder", "auto"):
        with pytest.raises(UsageError, match="unknown model"):
            download_model(name, Reporter())
