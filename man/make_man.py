"""Write the man pages from the command line itself: ``make man``.

qwen-subs.1 is the overview; every command has a page of its own. A test fails when a page is stale.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import typer

from qwen_subs import __version__
from qwen_subs.cli.app import app
from qwen_subs.errors import ExitCode

HERE = Path(__file__).parent
DATE = "2026-11-22"  # of the version that the pages describe

EXIT_MEANINGS = {
    ExitCode.OK: "Everything was done.",
    ExitCode.UNEXPECTED: "A bug; the traceback is shown.",
    ExitCode.USAGE: "Bad flag, unknown format, preset or language.",
    ExitCode.INPUT: "Media or text missing, unreadable, empty or without audio.",
    ExitCode.ENVIRONMENT: "ffmpeg or an optional package is missing.",
    ExitCode.MODEL: "A model did not load, or failed.",
    ExitCode.OUTPUT: "An output cannot be written, or exists already.",
    ExitCode.QUALITY: "The result was written but falls short of a limit that was set.",
    ExitCode.PARTIAL: "Several inputs, of which some failed.",
    ExitCode.INTERRUPTED: "Interrupted with Ctrl-C.",
}

EXAMPLES = {
    "qwen-subs": (
        ("Subtitles for a video, beside it", "qwen-subs subtitle film.mp4"),
        ("Every word of a script on its moment, for Praat", "qwen-subs align talk.wav talk.txt"),
        ("Text for a pipeline", "qwen-subs transcribe talk.wav | wc -w"),
    ),
    "qwen-subs-subtitle": (
        ("SRT and WebVTT for a folder of videos", "qwen-subs subtitle *.mp4 -f srt,vtt -o subtitles/"),
        ("The second audio stream, in French", "qwen-subs subtitle film.mkv --audio-stream 1 --language fr"),
        ("Other limits, without recognizing again", "qwen-subs subtitle film.json --max-line-width 37 -o film.srt"),
    ),
    "qwen-subs-align": (
        ("A TextGrid beside the recording", "qwen-subs align talk.wav talk.txt"),
        ("Subtitles with the script's own words", "qwen-subs align film.mp4 script.txt -o film.srt"),
    ),
    "qwen-subs-transcribe": (
        ("Text to standard output", "qwen-subs transcribe talk.wav"),
        ("From a pipe, as JSON", "ffmpeg -i talk.mkv -f wav - | qwen-subs transcribe - -f json"),
        ("Names that are hard to guess", "qwen-subs transcribe talk.wav --hotwords 'Kurosawa,Mifune'"),
    ),
    "qwen-subs-presets": (
        ("Every value of a preset and its source", "qwen-subs presets show netflix"),
        ("The limits for Japanese", "qwen-subs presets show netflix --language ja"),
        ("A house's own, as it is understood", "qwen-subs presets show house.toml"),
    ),
    "qwen-subs-check": (
        ("Every limit of a preset, in a terminal", "qwen-subs check film.srt --preset netflix"),
        ("A page to look at, with the sound of the film", "qwen-subs check film.srt --media film.mp4 -o report.html"),
        ("A corrected copy, film.fixed.srt", "qwen-subs check film.srt --fix"),
        ("In a pipeline: fail only on errors", "qwen-subs check *.srt --format json -o report.json || exit 1"),
    ),
    "qwen-subs-models": (("Before a trip", "qwen-subs models download 0.6b Qwen/Qwen3-ForcedAligner-0.6B-hf"),),
}


def escape(text: str) -> str:
    """Return text that roff shows as it is."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line.startswith((".", "'")) else line for line in text.splitlines())


def describe_option(parameter: Any) -> Iterator[str]:
    """Yield the lines of one flag."""
    names = ", ".join(f"\\fB{escape(name)}\\fR" for name in (*parameter.opts, *parameter.secondary_opts))
    value = "" if parameter.is_flag else f" \\fI{escape(parameter.metavar or parameter.type.name.upper())}\\fR"
    default = "" if parameter.default in (None, "", False) else f" [default: {parameter.default}]"
    yield ".TP"
    yield names + value
    yield escape((parameter.help or "") + default)


def describe_parameters(command: Any) -> Iterator[str]:
    """Yield the arguments and, panel by panel, the flags of a command."""
    arguments = [parameter for parameter in command.params if parameter.param_type_name == "argument"]
    if arguments:
        yield ".SH ARGUMENTS"
        for argument in arguments:
            yield ".TP"
            yield f"\\fI{escape(argument.metavar or argument.name.upper())}\\fR"
            yield escape(argument.help or "")
    panels: dict[str, list[Any]] = {}
    for parameter in command.params:
        if parameter.param_type_name == "option" and not parameter.hidden:
            panels.setdefault(getattr(parameter, "rich_help_panel", None) or "Other", []).append(parameter)
    yield ".SH OPTIONS"
    for panel, options in panels.items():
        yield f".SS {panel}"
        for option in options:
            yield from describe_option(option)
    if "Other" not in panels:
        yield ".SS Other"
    yield from (".TP", "\\fB\\-h\\fR, \\fB\\-\\-help\\fR", "Show help and exit.")


def make_context(command: Any) -> Any:
    """Return a context in which a command can describe itself."""
    return typer.Context(command, info_name=command.name)


def synopsis(command: Any) -> str:
    """Return the arguments of a command as its usage line shows them."""
    context = make_context(command)
    pieces = (piece.replace("{", "").replace("}", "") for piece in command.collect_usage_pieces(context))
    return " ".join(f"\\fI{escape(piece)}\\fR" for piece in pieces)


def write_page(name: str, command: Any, pages: list[str]) -> str:
    """Return the roff source of one page."""
    summary, _, description = (command.help or "").strip().partition("\n")
    lines = [
        f'.TH {name.upper()} 1 "{DATE}" "qwen\\-subs {__version__}" "User Commands"',
        ".SH NAME",
        f"{escape(name)} \\- {escape(summary.rstrip('.'))}",
        ".SH SYNOPSIS",
        f".B {escape(call_of(name))}",
        synopsis(command),
        ".SH DESCRIPTION",
        escape(" ".join((description or summary).split())),
    ]
    commands: dict[str, Any] = getattr(command, "commands", {})
    if commands:
        lines.append(".SH COMMANDS")
        for child_name, child in commands.items():
            lines += [".TP", f"\\fB{escape(child_name)}\\fR {synopsis(child)}".rstrip()]
            lines.append(escape((child.help or "").strip().splitlines()[0]))
    lines += describe_parameters(command)
    lines.append(".SH EXIT STATUS")
    for code, meaning in EXIT_MEANINGS.items():
        lines += [".TP", f"\\fB{int(code)}\\fR", escape(meaning)]
    if name in EXAMPLES:
        lines.append(".SH EXAMPLES")
        for purpose, line in EXAMPLES[name]:
            lines += [".TP", escape(purpose), f"\\fB{escape(line)}\\fR"]
    others = [page for page in pages if page != name]
    lines.append(".SH SEE ALSO")
    lines += [f".BR {escape(page)} (1){',' if page != others[-1] else ''}" for page in others]
    return "\n".join(lines) + "\n"


def call_of(page: str) -> str:
    """Return how the command of a page is called: qwen-subs-align -> qwen-subs align."""
    return page.replace("qwen-subs-", "qwen-subs ")


def make_pages() -> dict[str, str]:
    """Return file names and contents of all pages."""
    root = typer.main.get_command(app)
    commands: dict[str, Any] = {"qwen-subs": root}
    commands |= {f"qwen-subs-{name}": command for name, command in root.commands.items()}  # type: ignore[attr-defined]
    names = list(commands)
    return {f"{name}.1": write_page(name, command, names) for name, command in commands.items()}


if __name__ == "__main__":
    for file_name, content in make_pages().items():
        (HERE / file_name).write_text(content, encoding="utf-8")
