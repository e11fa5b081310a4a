"""From what the user calls a model to a folder with a whole checkpoint: local folders, the cache, then the hub."""

import os
from pathlib import Path
from typing import NamedTuple

from qwen_subs.checkpoints.catalog import PUBLISHED, find_published
from qwen_subs.checkpoints.hub import HubId, download, find_cached, not_available, parse_hub_id
from qwen_subs.checkpoints.layout import CheckpointLayout, read_layout
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


def resolve_checkpoint(name: str, *, offline: bool, reporter: Reporter) -> ResolvedCheckpoint:
    """Return the checkpoint that a name means, fetched from the hub if it is not on this machine.

    Args:
        name: Local folder, hub id (``@revision`` allowed), or a short name, for which either cached layout will do.
        offline: Never ask the network.
        reporter: Told when something is fetched.

    Raises:
        UsageError: If the name can mean nothing.
        ModelError: If it is not there, or not whole.
    """
    folder = Path(name).expanduser()
    if folder.exists() or _looks_like_a_path(name):
        return ResolvedCheckpoint(name, read_layout(folder))
    published = find_published(name)
    if published is not None:
        candidates = [HubId(published.hub_id), HubId(published.original_id)]
    else:
        hub_id = parse_hub_id(name)
        if hub_id is None:
            short_names = ", ".join(published.short_name for published in PUBLISHED if published.short_name)
            raise UsageError(
                f"unknown model {name!r}", hint=f"known: auto, {short_names}, OWNER/NAME[@REVISION], or a local folder"
            )
        candidates = [hub_id]
    for candidate in candidates:
        cached = find_cached(candidate)
        if cached is not None:
            try:
                return ResolvedCheckpoint(str(candidate), read_layout(cached))
            except ModelError:
                if offline:
                    raise
    if offline:
        raise not_available(candidates[0], "--offline was given")
    reporter.notice(f"model {candidates[0]}: not in the local cache, fetching from the Hugging Face hub")
    return ResolvedCheckpoint(str(candidates[0]), read_layout(download(candidates[0])))


def is_cached(name: str) -> bool:
    """Return whether a short name's checkpoint is whole in the local cache, in either layout."""
    try:
        resolve_checkpoint(name, offline=True, reporter=Reporter())
    except ModelError:
        return False
    return True


def _looks_like_a_path(name: str) -> bool:
    separators = name.count("/") + name.count(os.sep) * (os.sep != "/")
    return name.startswith(("/", "./", "../", "~", ".\\", "..\\")) or (separators > 1 and "@" not in name)
