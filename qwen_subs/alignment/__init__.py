"""Stage 4 of 7: segments -> words."""

from qwen_subs.alignment.align import align_script, align_segments, flag_approximate
from qwen_subs.alignment.base import Aligner
from qwen_subs.progress import Reporter
from qwen_subs.registry import import_object, lookup
from qwen_subs.settings import Settings

__all__ = ["ALIGNERS", "Aligner", "align_script", "align_segments", "flag_approximate", "load_aligner"]

# Lazy import locations: the model files import torch.
ALIGNERS: dict[str, str] = {
    "qwen3-forced-aligner": "qwen_subs.alignment.qwen3_aligner:Qwen3Aligner",
}


def load_aligner(settings: Settings, reporter: Reporter) -> Aligner:
    """Return the aligner that the settings name, loaded.

    Raises:
        UsageError: If no backend has that name.
        ModelError: If its checkpoint cannot be loaded.
    """
    backend: type[Aligner] = import_object(lookup("aligner", settings.aligner, ALIGNERS))
    return backend.load(settings, reporter)
