"""``python -m qwen_subs`` is ``qwen-subs``."""

from qwen_subs.cli import entry_point

if __name__ == "__main__":
    entry_point()
