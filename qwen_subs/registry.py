"""Tables of named things: one lookup, lazy imports, one error that lists the known names."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, TypeVar

from qwen_subs.errors import UsageError

T = TypeVar("T")


def lookup(kind: str, name: str, table: Mapping[str, T]) -> T:
    """Return ``table[name]``.

    Raises:
        UsageError: If the name is unknown; the hint lists the known ones.
    """
    try:
        return table[name]
    except KeyError:
        raise UsageError(f"unknown {kind} {name!r}", hint=f"known: {', '.join(sorted(table))}") from None


def import_object(location: str) -> Any:
    """Return the object at ``package.module:name``, importing the module only now."""
    module, _, name = location.partition(":")
    return getattr(import_module(module), name)
