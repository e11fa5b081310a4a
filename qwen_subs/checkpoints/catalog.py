"""The published checkpoints, and which of them are in the local cache; without torch, so that listing is quick."""

from dataclasses import dataclass
from pathlib import Path

from qwen_subs.checkpoints.hub import HubId, download, find_cached, parse_hub_id
from qwen_subs.checkpoints.layout import CheckpointKind, read_layout
from qwen_subs.errors import ModelError, UsageError
from qwen_subs.progress import Reporter


@dataclass(frozen=True, slots=True)
class PublishedCheckpoint:
    """Weights that Qwen publishes, in two layouts.

    Attributes:
        hub_id: Native layout; the one that is fetched.
        original_id: The same weights in the layout of the official package.
        kind: What it was trained for.
        short_name: What a user may type instead of the id; empty for none.
    """

    hub_id: str
    original_id: str
    kind: CheckpointKind
    short_name: str = ""


PUBLISHED: tuple[PublishedCheckpoint, ...] = (
    PublishedCheckpoint("Qwen/Qwen3-ASR-0.6B-hf", "Qwen/Qwen3-ASR-0.6B", CheckpointKind.RECOGNIZER, "0.6b"),
    PublishedCheckpoint("Qwen/Qwen3-ASR-1.7B-hf", "Qwen/Qwen3-ASR-1.7B", CheckpointKind.RECOGNIZER, "1.7b"),
    PublishedCheckpoint("Qwen/Qwen3-ForcedAligner-0.6B-hf", "Qwen/Qwen3-ForcedAligner-0.6B", CheckpointKind.ALIGNER),
)


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """One line of ``qwen-subs models list``.

    Attributes:
        name: Hub id.
        kind: What it was trained for.
        short_name: What a user may type instead of the id; empty for none.
        folder: Where it lies in the local cache; None if it is not there.
        size_bytes: Size of its files there.
        problem: What is wrong with it there, "" if it can be used.
    """

    name: str
    kind: CheckpointKind
    short_name: str
    folder: Path | None = None
    size_bytes: int = 0
    problem: str = ""


def list_models() -> tuple[ModelStatus, ...]:
    """Return the published checkpoints, each with its place in the local cache; the network is not asked.

    A checkpoint that is cached in the original layout only is listed under that id.
    """
    return tuple(map(_find_status, PUBLISHED))


def download_model(name: str, reporter: Reporter) -> Path:
    """Fetch a checkpoint into the local cache and return its folder; what is already there is not fetched again.

    Args:
        name: Hub id, ``@revision`` allowed, or a short name.
        reporter: Told what is fetched.

    Raises:
        UsageError: If the name means no checkpoint on the hub.
        ModelError: If it cannot be fetched or is not of the family.
    """
    by_short_name = {published.short_name: HubId(published.hub_id) for published in PUBLISHED if published.short_name}
    hub_id = by_short_name.get(name.lower()) or parse_hub_id(name)
    if hub_id is None:
        known = ", ".join(published.short_name or published.hub_id for published in PUBLISHED)
        raise UsageError(f"unknown model {name!r}", hint=f"known: {known}, or a hub id: OWNER/NAME[@REVISION]")
    cached = find_cached(hub_id)
    if cached is not None and not _find_problem(cached):
        reporter.notice(f"model {hub_id}: is in the local cache")
        return cached
    reporter.notice(f"model {hub_id}: fetching from the Hugging Face hub")
    folder = download(hub_id)
    read_layout(folder)
    return folder


def _find_status(published: PublishedCheckpoint) -> ModelStatus:
    for name in (published.hub_id, published.original_id):
        folder = find_cached(HubId(name))
        if folder is not None:
            size = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
            return ModelStatus(name, published.kind, published.short_name, folder, size, _find_problem(folder))
    return ModelStatus(published.hub_id, published.kind, published.short_name)


def _find_problem(folder: Path) -> str:
    """Return what is wrong with a checkpoint, "" if it is whole."""
    try:
        read_layout(folder)
    except ModelError as error:
        return error.message
    return ""
