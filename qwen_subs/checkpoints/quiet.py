"""Silence of the libraries below: their warnings and progress bars are not for our users."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from huggingface_hub.utils.tqdm import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars
from transformers.utils import logging

transformers_logging: Any = logging  # partly untyped


@contextmanager
def quiet_libraries() -> Iterator[None]:
    """Keep transformers and huggingface_hub silent inside the block; their settings are restored after it."""
    level = transformers_logging.get_verbosity()
    transformers_bars = transformers_logging.is_progress_bar_enabled()
    hub_bars = not are_progress_bars_disabled()
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    disable_progress_bars()
    try:
        yield
    finally:
        transformers_logging.set_verbosity(level)
        if transformers_bars:
            transformers_logging.enable_progress_bar()
        if hub_bars:
            enable_progress_bars()
