"""What the recognizer is told about the media before it listens."""

from qwen_subs.settings import Settings
from qwen_subs.transcript import normalize_space


def compose_context(settings: Settings) -> str:
    """Return the context and the hotwords as one text, "" if there are none; hotwords keep their order, once each."""
    hotwords = dict.fromkeys(filter(None, map(normalize_space, settings.hotwords)))
    return "\n".join(filter(None, (settings.context.strip(), ", ".join(hotwords))))
