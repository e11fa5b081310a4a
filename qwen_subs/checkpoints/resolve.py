"""From what the user calls a model to a folder with a whole checkpoint: local folders, the cache, then the hub."""

import os
from pathlib import Path
from typing import NamedTuple

from qwen_subs.checkpoints.catalog import PUBLISHED
from qwen_subs.checkpoints.hub import HubId, download, find_cached, not_available, parse_hub_id
from qwen_subs.checkpoints.layout import CheckpointKind, CheckpointLayout, read_layout
from qwen_subs.errors import ModelError, UsageError
from qwen_subs.progress import Reporter


class ResolvedCheckpoint(NamedTuple):
    """A checkpoint that was found.

    Attributes:
        name: For provenance: hub id with its revision, or the folder as the user gave it.
        layout: What the folder holds.
    """

    name: str
    layout: CheckpointLayout


def resolve_checkpoint(name: str, kind: CheckpointKind, *, offline: bool, reporter: Reporter) -> ResolvedCheckpoint:
    """Return the checkpoint that a name means, fetched from the hub if it is not on this machine.

    Args:
        name: Local folder, hub id (``@revision`` allowed), or a short name, for which either cached layout will do.
        kind: What is needed.
        offline: Never ask the network.
        reporter: Told when something is fetched.

    Raises:
        UsageError: If the name can mean nothing.
        ModelError: If it is not there, not whole, or of another kind.
    """
    folder = Path(name).expanduser()
    if folder.exists() or _looks_like_a_path(name):
        layout = read_layout(folder)
        _check_kind(name, layout.kind, kind)
        return ResolvedCheckpoint(name, layout)
    candidates = _list_candidates(name, kind)
    for candidate in candidates:
        cached = find_cached(candidate)
        if cached is None:
            continue
        try:
            layout = read_layout(cached)
        except ModelError:
            if offline:
                raise
            continue
        _check_kind(str(candidate), layout.kind, kind)
        return ResolvedCheckpoint(str(candidate), layout)
    chosen = candidates[0]
    if offline:
        raise not_available(chosen, "--offline was given")
    reporter.notice(f"model {chosen}: not in the local cache, fetching from the Hugging Face hub")
    layout = read_layout(download(chosen))
    _check_kind(str(chosen), layout.kind, kind)
    return ResolvedCheckpoint(str(chosen), layout)


def is_cached(name: str) -> bool:
    """Return whether a recognizer of this short name is whole in the local cache, in either layout."""
    try:
        resolve_checkpoint(name, CheckpointKind.RECOGNIZER, offline=True, reporter=Reporter())
    except ModelError:
        return False
    return True


def _list_candidates(name: str, kind: CheckpointKind) -> list[HubId]:
    """Return the ids that will do, the one to fetch first."""
    hub_id = parse_hub_id(name)
    for published in PUBLISHED:
        if published.kind is kind and published.short_name and published.short_name == name.lower():
            return [HubId(published.hub_id), HubId(published.original_id)]
        if hub_id is not None and hub_id.repository in (published.hub_id, published.original_id):
            _check_kind(name, published.kind, kind)  # before gigabytes are fetched for nothing
    if hub_id is not None:
        return [hub_id]
    short_names = [published.short_name for published in PUBLISHED if published.kind is kind and published.short_name]
    known = ["auto", *short_names] if kind is CheckpointKind.RECOGNIZER else short_names
    raise UsageError(
        f"unknown {kind} model {name!r}", hint=f"known: {', '.join([*known, 'OWNER/NAME[@REVISION], a local folder'])}"
    )


def _check_kind(name: str, found: CheckpointKind, needed: CheckpointKind) -> None:
    if found is not needed:
        option = "--aligner-model" if found is CheckpointKind.ALIGNER else "--model"
        raise ModelError(f"made to be {_a(found)}, not {_a(needed)}", path=name, hint=f"use it with {option}")


def _a(kind: CheckpointKind) -> str:
    return f"an {kind}" if kind is CheckpointKind.ALIGNER else f"a {kind}"


def _looks_like_a_path(name: str) -> bool:
    separators = name.count("/") + name.count(os.sep) * (os.sep != "/")
    return name.startswith(("/", "./", "../", "~", ".\\", "..\\")) or (separators > 1 and "@" not in name)
