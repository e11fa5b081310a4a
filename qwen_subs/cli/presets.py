"""``qwen-subs presets``: the named reading limits, every value with its source."""

from dataclasses import fields
from typing import Annotated

import typer

from qwen_subs.languages import find_language
from qwen_subs.presets import NO_LIMIT, PRESETS, Preset, find_preset

presets_app = typer.Typer(no_args_is_help=True, help="Show the named reading limits and where their values are from.")

_UNITS = {"max_line_width": "cells", "max_cps": "characters/s", "min_gap_frames": "frames"}
_FIELDS = [field.name for field in fields(Preset) if field.name not in ("name", "source", "rules")]


@presets_app.command("list")
def list_command() -> None:
    """List the presets and where they are from."""
    width = max(map(len, PRESETS))
    for name, preset in PRESETS.items():
        print(f"{name:<{width}}  {preset.source}")


@presets_app.command("show")
def show_command(
    name: Annotated[str, typer.Argument(metavar="NAME|FILE.toml", help="A preset, or the file of a house's own.")],
    language: Annotated[
        str | None,
        typer.Option(metavar="LANG", help="The limits for this language only: ISO code or English name."),
    ] = None,
) -> None:
    """Print every value of a preset with its source, and the exceptions by language."""
    preset = find_preset(name)
    code = "" if language is None else find_language(language).code
    limits = preset.for_language(code)
    print(f"{preset.name}{f', {code}' if code else ''}: {preset.source}")
    for field in _FIELDS:
        _print_value(field, getattr(limits, field), limits.source_of(field))
    if code:
        return
    exceptions: dict[tuple[str, ...], list[tuple[str, float, str]]] = {}
    for part in preset.rules:
        if part.languages:
            exceptions.setdefault(part.languages, []).extend((*value, part.source) for value in part.values)
    for codes, values in exceptions.items():
        if values:
            print(f"{', '.join(codes)}:")
        for value in values:
            _print_value(*value)


def _print_value(field: str, value: float, source: str) -> None:
    """Print a row that names the value as it is written in a house's own file, lengths in seconds."""
    unlimited = value >= NO_LIMIT and field in ("max_line_width", "max_cps")
    if isinstance(value, bool):
        shown = "true" if value else "false"
    elif field.endswith("_ms"):
        shown = f"{value / 1000:g} s"
    else:
        shown = "no limit" if unlimited else f"{value:g} {_UNITS.get(field, '')}"
    print(f"  {field.removesuffix('_ms'):<20}{shown:<18}{source}")
