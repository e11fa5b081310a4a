"""What a user may choose about how a transcript is written."""

from dataclasses import dataclass, fields

from qwen_subs.formats.ass_style import DEFAULT_ASS_STYLE, AssStyle


@dataclass(frozen=True, slots=True)
class WriteOptions:
    """Choices of writers; a format leaves alone what is not in its ``honours``.

    Attributes:
        highlight_words: Show which word is spoken: underlined in SRT, as time stamps in WebVTT.
        karaoke: Fill the words with colour as they are spoken (ASS).
        ass_style: Script info and styles of ASS.
        bom: Put a byte order mark first, for old editors; JSON never gets one.
        crlf: End lines as Windows does.
    """

    highlight_words: bool = False
    karaoke: bool = False
    ass_style: AssStyle = DEFAULT_ASS_STYLE
    bom: bool = False
    crlf: bool = False

    @property
    def special(self) -> tuple[str, ...]:
        """Names of the options that were chosen and concern only some formats."""
        chosen = (field.name for field in fields(self) if getattr(self, field.name) != field.default)
        return tuple(name for name in chosen if name not in ("bom", "crlf"))


DEFAULT_OPTIONS = WriteOptions()
