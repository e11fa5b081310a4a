"""The Hugging Face hub and its local cache, behind errors of ours."""

import re
from pathlib import Path
from typing import NamedTuple

from qwen_subs.checkpoints.layout import FILE_PATTERNS
from qwen_subs.errors import ModelError

TIMEOUT_S = 4.0
"""Seconds until the hub counts as out of reach."""

_HUB_ID = re.compile(r"[A-Za-z0-9][\w.-]*/[A-Za-z0-9][\w.-]*")


class HubId(NamedTuple):
    """A checkpoint on the hub.

    Attributes:
        repository: ``owner/name``.
        revision: Branch, tag or commit; None for the main branch.
    """

    repository: str
    revision: str | None = None

    def __str__(self) -> str:
        return self.repository if self.revision is None else f"{self.repository}@{self.revision}"


def parse_hub_id(name: str) -> HubId | None:
    """Return the hub id that ``owner/name`` or ``owner/name@revision`` means, None if it is nothing of the kind."""
    repository, at, revision = name.partition("@")
    if not _HUB_ID.fullmatch(repository) or (at and not revision):
        return None
    return HubId(repository, revision or None)


def find_cached(hub_id: HubId) -> Path | None:
    """Return the folder of a checkpoint in the local cache, None if it is not there; never asks the network.

    The folder may be incomplete after a broken download.
    """
    from huggingface_hub import try_to_load_from_cache

    config = try_to_load_from_cache(hub_id.repository, "config.json", revision=hub_id.revision)
    return Path(config).parent if isinstance(config, str) else None


def download(hub_id: HubId) -> Path:
    """Fetch a checkpoint into the local cache, or what is missing of it there, and return its folder.

    Raises:
        ModelError: If the hub is out of reach or does not have it, or the disk is full.
    """
    from huggingface_hub import HfApi, snapshot_download
    from huggingface_hub.errors import (  # type: ignore[attr-defined]
        GatedRepoError,
        HTTPError,  # of its HTTP client, whichever that is
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
        RevisionNotFoundError,
    )

    name = str(hub_id)
    try:
        # Asked first because it alone keeps to a timeout: the download itself tries for minutes where nothing answers.
        HfApi().model_info(hub_id.repository, revision=hub_id.revision, timeout=TIMEOUT_S)
        return Path(
            snapshot_download(
                hub_id.repository,
                revision=hub_id.revision,
                allow_patterns=list(FILE_PATTERNS),
                etag_timeout=TIMEOUT_S,
            )
        )
    except GatedRepoError as error:
        raise ModelError(f"model {name}: the hub asks for a login", hint="hf auth login") from error
    except RepositoryNotFoundError as error:
        raise ModelError(f"model {name}: the hub has no such checkpoint", hint="qwen-subs models list") from error
    except RevisionNotFoundError as error:
        raise ModelError(f"model {name}: the checkpoint has no such revision") from error
    except OfflineModeIsEnabled as error:
        raise not_available(hub_id, "HF_HUB_OFFLINE is set") from error
    except (LocalEntryNotFoundError, HTTPError) as error:
        raise not_available(hub_id, "the hub cannot be reached") from error
    except OSError as error:
        raise ModelError(f"model {name}: cannot be stored: {error.strerror or error}", path=error.filename) from error


def not_available(hub_id: HubId, reason: str) -> ModelError:
    """Return the one error for weights that are not in the cache and cannot be fetched."""
    return ModelError(
        f"model {hub_id} is not in the local cache and {reason}",
        hint=f"with network: qwen-subs models download {hub_id}; "
        "or give a folder that holds the weights: --model PATH, --aligner-model PATH",
    )
