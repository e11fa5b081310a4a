"""Downloads through the real client, from a hub on this machine."""

import hashlib
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from qwen_subs.checkpoints.catalog import download_model, list_models
from qwen_subs.checkpoints.layout import CheckpointKind
from qwen_subs.checkpoints.resolve import resolve_checkpoint
from qwen_subs.errors import ModelError
from qwen_subs.progress import Reporter

RECOGNIZER = CheckpointKind.RECOGNIZER
COMMIT = "1" * 40
REPOSITORY = "Qwen/Qwen3-ASR-0.6B-hf"


class Hub(ThreadingHTTPServer):
    """Serves one folder as a repository, by the part of the hub's protocol that a download needs."""

    daemon_threads = True

    def __init__(self, folder: Path) -> None:
        super().__init__(("127.0.0.1", 0), HubRequest)
        self.folder = folder
        self.fetched: list[str] = []


class HubRequest(BaseHTTPRequestHandler):
    server: Hub
    protocol_version = "HTTP/1.1"

    def do_HEAD(self) -> None:
        self.answer()

    def do_GET(self) -> None:
        self.answer()

    def answer(self) -> None:
        path = self.path.partition("?")[0]
        files = {file.name: file.read_bytes() for file in self.server.folder.iterdir()}
        if path.startswith(f"/api/models/{REPOSITORY}/tree/"):
            self.send(json.dumps([self.entry(name, content) for name, content in files.items()]).encode())
        elif path.startswith(f"/api/models/{REPOSITORY}"):
            siblings = [{"rfilename": name} for name in files]
            self.send(json.dumps({"id": REPOSITORY, "sha": COMMIT, "siblings": siblings, "tags": []}).encode())
        elif path.startswith(f"/{REPOSITORY}/resolve/{COMMIT}/"):
            name = path.rpartition("/")[2]
            if self.command == "GET":
                self.server.fetched.append(name)
            self.send(files[name], {"ETag": f'"{digest(files[name])}"', "X-Repo-Commit": COMMIT})
        else:
            self.send(b"{}", {"X-Error-Code": "RepoNotFound"}, status=404)

    def entry(self, name: str, content: bytes) -> dict:
        return {"type": "file", "path": name, "size": len(content), "oid": digest(content)}

    def send(self, content: bytes, headers: dict[str, str] | None = None, status: int = 200) -> None:
        self.send_response(status)
        for name, value in {"Content-Length": str(len(content)), **(headers or {})}.items():
            self.send_header(name, value)
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(content)

    def log_message(self, *arguments: object) -> None:
        pass


def digest(content: bytes) -> str:
    return hashlib.sha1(content, usedforsecurity=False).hexdigest()


@pytest.fixture
def hub(recognizer_folder, copy_of, tmp_path, monkeypatch) -> Iterator[Hub]:
    folder = copy_of(recognizer_folder)
    (folder / "pytorch_model.bin").write_bytes(b"code")
    (folder / "modeling_custom.py").write_text("raise SystemExit")
    with Hub(folder) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        monkeypatch.setattr("huggingface_hub.constants.ENDPOINT", f"http://127.0.0.1:{server.server_port}")
        monkeypatch.setattr(
            "huggingface_hub.constants.HUGGINGFACE_CO_URL_TEMPLATE",
            f"http://127.0.0.1:{server.server_port}/{{repo_id}}/resolve/{{revision}}/{{filename}}",
        )
        monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path / "cache"))
        yield server
        server.shutdown()
        thread.join()


def test_what_is_downloaded_is_listed_and_then_used_without_network(hub, recognizer_folder):
    folder = download_model("0.6b", Reporter())
    needed = {file.name for file in recognizer_folder.iterdir()} - {"README.md"}
    assert {file.name for file in folder.iterdir()} == needed
    assert "pytorch_model.bin" not in hub.fetched
    assert "modeling_custom.py" not in hub.fetched
    assert list_models()[0].folder == folder
    hub.shutdown()
    assert resolve_checkpoint("0.6b", RECOGNIZER, offline=True, reporter=Reporter()).layout.folder == folder


def test_a_broken_download_is_completed(hub):
    folder = download_model(REPOSITORY, Reporter())
    (folder / "model.safetensors").unlink()
    hub.fetched.clear()
    found = resolve_checkpoint(REPOSITORY, RECOGNIZER, offline=False, reporter=Reporter())
    assert (found.layout.folder / "model.safetensors").is_file()
    assert set(hub.fetched) <= {"model.safetensors"}


def test_what_the_hub_does_not_have(hub):
    with pytest.raises(ModelError, match="model some/other: the hub has no such checkpoint"):
        download_model("some/other", Reporter())
