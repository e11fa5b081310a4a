"""The flags that say how results are written, and the options of writers that they become."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qwen_subs.cli.options import read_text
from qwen_subs.errors import InputError

if TYPE_CHECKING:
    from qwen_subs.formats import WriteOptions

_PANEL = "Writing"


@dataclass(frozen=True)
class WritingOptions:
    """What some formats, or some programs that read them, want."""

    highlight_words: Annotated[
        bool,
        typer.Option(
            "--highlight-words",
            help="Show which word is spoken: underlined in SRT, time stamps in WebVTT.",
            rich_help_panel=_PANEL,
        ),
    ] = False
    karaoke: Annotated[
        bool,
        typer.Option("--karaoke", help="Fill words with colour as they are spoken, in ASS.", rich_help_panel=_PANEL),
    ] = False
    ass_style: Annotated[
        Path | None,
        typer.Option(
            "--ass-style",
            metavar="FILE",
            help="ASS file whose script info, styles and fonts are taken.",
            rich_help_panel=_PANEL,
        ),
    ] = None
    bom: Annotated[
        bool, typer.Option("--bom", help="Put a byte order mark first, for old editors.", rich_help_panel=_PANEL)
    ] = False
    crlf: Annotated[bool, typer.Option("--crlf", help="End lines as Windows does.", rich_help_panel=_PANEL)] = False

    def make_write_options(self) -> "WriteOptions":
        """Return the options of the writers.

        Raises:
            InputError: If the ASS file cannot be read or has no style.
        """
        from qwen_subs.formats import WriteOptions, read_ass_style

        options = WriteOptions(self.highlight_words, self.karaoke, bom=self.bom, crlf=self.crlf)
        if self.ass_style is None:
            return options
        try:
            return replace(options, ass_style=read_ass_style(read_text(self.ass_style)))
        except InputError as error:
            error.path = error.path or str(self.ass_style)
            raise
