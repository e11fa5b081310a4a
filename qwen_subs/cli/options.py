"""The flags, in groups that commands share, and what they become.

A group is a dataclass whose fields are flags; `with_options` lets a command take whole groups. Durations are seconds
on the command line and become milliseconds here, once.
"""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, get_type_hints

import typer

from qwen_subs.cli.cue_options import CueOptions, VideoOptions
from qwen_subs.errors import InputError
from qwen_subs.settings import DEFAULT_ALIGNER_MODEL
from qwen_subs.timecode import seconds_to_ms

_MODELS, _SPEECH, _OUTPUT = "Models", "Speech", "Output"


@dataclass(frozen=True)
class ModelOptions:
    """Where the models come from and what they run on."""

    model: Annotated[
        str,
        typer.Option(
            metavar="NAME",
            help="Recognizer: hub id (with @revision), local folder, 0.6b, 1.7b, or auto: the largest that fits.",
            rich_help_panel=_MODELS,
        ),
    ] = "auto"
    aligner_model: Annotated[
        str,
        typer.Option(metavar="NAME", help="Aligner: hub id (with @revision) or local folder.", rich_help_panel=_MODELS),
    ] = DEFAULT_ALIGNER_MODEL
    device: Annotated[
        str, typer.Option(metavar="NAME", help="auto, cpu, cuda, cuda:N or mps.", rich_help_panel=_MODELS)
    ] = "auto"
    dtype: Annotated[
        str, typer.Option(metavar="NAME", help="auto, float32, bfloat16 or float16.", rich_help_panel=_MODELS)
    ] = "auto"
    batch_size: Annotated[
        int | None,
        typer.Option(
            metavar="N", help="Chunks per model call; the device decides by default.", rich_help_panel=_MODELS
        ),
    ] = None
    offline: Annotated[
        bool, typer.Option("--offline", help="Use only what is on this machine.", rich_help_panel=_MODELS)
    ] = False


@dataclass(frozen=True)
class SpeechOptions:
    """What is known about the sound."""

    language: Annotated[
        str | None,
        typer.Option(
            metavar="LANG",
            help="ISO code or English name of the language; found out by default.",
            rich_help_panel=_SPEECH,
        ),
    ] = None
    audio_stream: Annotated[
        str | None,
        typer.Option(
            metavar="N|LANG",
            help="Audio stream by its number, from 0, or by its language.",
            rich_help_panel=_SPEECH,
        ),
    ] = None
    max_chunk: Annotated[
        float,
        typer.Option(metavar="SECONDS", help="Longest piece that a model gets at once.", rich_help_panel=_SPEECH),
    ] = 30.0


@dataclass(frozen=True)
class RecognitionOptions:
    """Help for the recognizer."""

    context: Annotated[
        str, typer.Option(metavar="TEXT", help="What the media is about, in free words.", rich_help_panel=_SPEECH)
    ] = ""
    hotwords: Annotated[
        str, typer.Option(metavar="A,B,C", help="Names and terms to expect.", rich_help_panel=_SPEECH)
    ] = ""
    hotwords_file: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="The same, one per line of a text file.", rich_help_panel=_SPEECH),
    ] = None


@dataclass(frozen=True)
class OutputOptions:
    """Where results go."""

    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR|-",
            help="File, folder, or - for standard output.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None
    output_format: Annotated[
        str | None,
        typer.Option(
            "--output-format",
            "-f",
            metavar="LIST",
            help="Formats, comma-separated, or all.",
            rich_help_panel=_OUTPUT,
        ),
    ] = None
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace existing outputs.", rich_help_panel=_OUTPUT)
    ] = False
    skip_existing: Annotated[
        bool, typer.Option("--skip-existing", help="Leave out inputs whose outputs exist.", rich_help_panel=_OUTPUT)
    ] = False


@dataclass(frozen=True)
class ConsoleOptions:
    """How much is said on stderr."""

    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say nothing but errors.")] = False
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="Say what happens.")] = False


def make_settings_fields(
    models: ModelOptions,
    speech: SpeechOptions,
    recognition: RecognitionOptions | None = None,
    cues: CueOptions | None = None,
    video: VideoOptions | None = None,
) -> dict[str, Any]:
    """Return the fields of `Settings` that the flags stand for.

    Raises:
        InputError: If the file of hotwords, of a preset or of shot changes cannot be read.
        UsageError: For an unknown or contradictory preset, or a frame rate that is none.
    """
    values: dict[str, Any] = {field.name: getattr(models, field.name) for field in fields(models)}
    values |= {
        "language": speech.language,
        "audio_stream": speech.audio_stream,
        "max_chunk_ms": seconds_to_ms(speech.max_chunk),
    }
    if recognition is not None:
        words = recognition.hotwords.split(",")
        if recognition.hotwords_file is not None:
            words += read_text(recognition.hotwords_file).splitlines()
        values["context"] = recognition.context
        values["hotwords"] = tuple(word.strip() for word in words if word.strip())
    if cues is not None:
        values["preset"] = cues.make_preset()
    if video is not None:
        values |= video.make_fields()
    return values


def read_text(path: Path) -> str:
    """Return the text of a file, decoded by its byte order mark or as UTF-8.

    Raises:
        InputError: If it is missing, a folder, unreadable, or not text in one of these encodings.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise InputError("no such file", path=path) from None
    except IsADirectoryError:
        raise InputError("is a folder", path=path, hint="give a text file") from None
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", path=path) from error
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"not {encoding.removesuffix('-sig').upper()} text (byte {error.start})",
            path=path,
            hint="save it as UTF-8, e.g. iconv -f CP1252 -t UTF-8",
        ) from error


def with_options(command: Callable[..., int]) -> Callable[..., int]:
    """Let a command's parameters that are groups appear as the flags of the group."""
    hints = get_type_hints(command, include_extras=True)
    groups: dict[str, Any] = {}
    positional: list[inspect.Parameter] = []
    flags: list[inspect.Parameter] = []
    for parameter in inspect.signature(command).parameters.values():
        kind = hints[parameter.name]
        if not is_dataclass(kind):
            target = flags if parameter.kind is inspect.Parameter.KEYWORD_ONLY else positional
            target.append(parameter.replace(annotation=kind))
            continue
        groups[parameter.name] = kind
        annotations = get_type_hints(kind, include_extras=True)
        flags += [
            inspect.Parameter(
                field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=annotations[field.name]
            )
            for field in fields(kind)
        ]

    @wraps(command)
    def flat(*args: Any, **values: Any) -> int:
        packed = {
            name: kind(**{field.name: values.pop(field.name) for field in fields(kind)})
            for name, kind in groups.items()
        }
        return command(*args, **values, **packed)

    flat.__signature__ = inspect.Signature([*positional, *flags])  # type: ignore[attr-defined]
    flat.__annotations__ = {parameter.name: parameter.annotation for parameter in [*positional, *flags]}
    return flat
