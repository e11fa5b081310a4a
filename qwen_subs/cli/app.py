"""The Typer application: the commands and what they share."""

from typing import Annotated

import typer

from qwen_subs import __version__
from qwen_subs.cli.align import align
from qwen_subs.cli.check import check
from qwen_subs.cli.doctor import doctor
from qwen_subs.cli.models import models_app
from qwen_subs.cli.options import with_options
from qwen_subs.cli.presets import presets_app
from qwen_subs.cli.subtitle import subtitle
from qwen_subs.cli.transcribe import transcribe


def _spell_with_dashes(token: str) -> str:
    """Accept Whisper's spelling of flags: ``--max_line_width`` is ``--max-line-width``."""
    return token.replace("_", "-")


app = typer.Typer(
    name="qwen-subs",
    no_args_is_help=True,
    rich_markup_mode="markdown",  # paragraphs of docstrings are filled
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "token_normalize_func": _spell_with_dashes},
)


def _print_version(value: bool) -> None:
    if value:
        print(f"qwen-subs {__version__}")
        raise typer.Exit()


@app.callback()
def qwen_subs(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """Subtitles, word-level alignment and transcripts from any media file, with Qwen3-ASR."""


for command in (subtitle, align, transcribe, check):
    app.command()(with_options(command))
app.command()(doctor)
app.add_typer(models_app, name="models")
app.add_typer(presets_app, name="presets")
