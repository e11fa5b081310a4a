"""Transcripts to files and back: which format, which encoding, and never half a file."""

import codecs
import errno
import os
import secrets
from contextlib import suppress
from os import PathLike
from pathlib import Path

from qwen_subs.errors import InputError, OutputError, UsageError
from qwen_subs.formats.base import Format, Tier, has_tier
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.table import FORMATS, find_format, get_format, iterate_formats
from qwen_subs.transcript import Transcript

_TIER_HINTS = {
    Tier.SEGMENTS: "it was read from a file that has cues only",
    Tier.WORDS: "`qwen-subs align` and `qwen-subs subtitle` make words",
    Tier.CUES: "`qwen-subs subtitle` makes cues, from media or from JSON with words",
}
_WRITE_HINTS = {
    errno.ENOENT: "make the folder first",
    errno.ENOTDIR: "make the folder first",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
    errno.ENOSPC: "free some space or choose another folder",
    errno.EDQUOT: "free some space or choose another folder",
    errno.EFBIG: "raise the limit on file sizes (ulimit -f) or choose another folder",
    errno.EISDIR: "name a file",
    errno.ENAMETOOLONG: "choose a shorter name",
}


def render(transcript: Transcript, format_name: str, options: WriteOptions = DEFAULT_OPTIONS) -> str:
    """Return a transcript as text in one of the formats.

    Raises:
        UsageError: If the format is unknown, or it or one of the options needs a tier that the transcript lacks.
    """
    chosen = get_format(format_name)
    if not has_tier(transcript, chosen.requires):
        tier = chosen.requires
        raise UsageError(
            f"{chosen.name} needs {tier.name.lower()}, and this transcript has none", hint=_TIER_HINTS.get(tier)
        )
    timed = [name for name in ("highlight_words", "karaoke") if name in options.special and name in chosen.honours]
    if timed and transcript.text.strip() and not any(cue.words for cue in transcript.cues):
        raise UsageError(
            f"--{timed[0].replace('_', '-')} needs words in the cues, and this transcript has none",
            hint=_TIER_HINTS[Tier.WORDS],
        )
    text = chosen.write(transcript, options)
    if options.crlf:
        text = text.replace("\n", "\r\n")
    return "\ufeff" * (options.bom and chosen.allows_bom) + text


def save_transcript(
    transcript: Transcript,
    path: str | PathLike[str],
    format_name: str | None = None,
    options: WriteOptions = DEFAULT_OPTIONS,
) -> None:
    """Write a transcript to a file: UTF-8, line feeds, no byte order mark, unless the options say otherwise.

    A regular file appears whole or not at all: it is written beside its final place, then renamed. What stood there
    before is replaced; through a symbolic link, where it points.

    Args:
        transcript: What to write.
        path: The file. Its folder must be there.
        format_name: A name in ``FORMATS``; None takes the format from the extension.
        options: Choices of the format's writer.

    Raises:
        UsageError: If the format is unknown, cannot be told from the extension, or needs a tier that is not there.
        OutputError: If the file cannot be written.
    """
    if format_name is None:
        chosen = find_format(path)
        if chosen is None:
            raise UsageError(
                f"no format has the extension {Path(path).suffix!r}",
                path=path,
                hint=f"name one of {', '.join(FORMATS)}",
            )
        format_name = chosen.name
    write_file(path, render(transcript, format_name, options).encode("utf-8"))


def write_file(path: str | PathLike[str], data: bytes) -> None:
    """Write a file whole or not at all; see `save_transcript`.

    Raises:
        OutputError: If it cannot be written.
    """
    target = Path(path)
    try:
        if target.exists() and not target.is_file() and not target.is_dir():
            target.write_bytes(data)  # a pipe or a device: nothing to rename over it
        else:
            _replace_file(Path(os.path.realpath(target)), data)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = _WRITE_HINTS.get(error.errno or 0)
        raise OutputError(f"cannot be written: {reason}", path=path, hint=hint) from error


def load_transcript(path: str | PathLike[str], format_name: str | None = None) -> Transcript:
    """Read a transcript from a file in UTF-8, or in UTF-16 with a byte order mark.

    Args:
        path: The file.
        format_name: A name in ``FORMATS``; None tells the format from the extension, or else from the content.

    Raises:
        InputError: If the file cannot be read, is in another encoding, or is not of its format.
        UsageError: If the format is unknown or holds no times.
    """
    text = read_text(Path(path))
    try:
        named = find_format(path) if format_name is None else get_format(format_name)
        return (named or _find_by_content(text)).read(text)
    except (InputError, UsageError) as error:
        error.path = error.path or os.fspath(path)
        raise


def _find_by_content(text: str) -> Format:
    """Return the format that recognizes the text: each reader refuses what is not its own."""
    for candidate in iterate_formats():
        if candidate.tier_read is not None and text.strip():
            with suppress(InputError):
                candidate.read(text)
                return candidate
    known = ", ".join(name for name in FORMATS if get_format(name).tier_read is not None)
    raise InputError("not a transcript in any known format", hint=f"known: {known}")


def _replace_file(target: Path, data: bytes) -> None:
    if target.is_dir():
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
    temporary = target.with_name(f".{secrets.token_hex(8)}.qwen-subs.tmp")
    try:
        # Exclusive, and with the permissions that the user's umask gives to new files.
        with temporary.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(target)
    except BaseException:  # Ctrl-C too must leave nothing behind
        temporary.unlink(missing_ok=True)
        raise


def read_text(path: Path) -> str:
    """Return the text of a file in UTF-8, or in UTF-16 with a byte order mark, lines ended by line feeds.

    Raises:
        InputError: If it cannot be read, or is in another encoding.
    """
    try:
        data = path.read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise InputError(f"cannot be read: {reason}", path=path) from error
    encoding = "utf-16" if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) else "utf-8-sig"
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        raise InputError(
            f"not UTF-8 text (byte {data[error.start]:#04x} at {error.start})",
            path=path,
            hint="convert it, for instance with: iconv -f WINDOWS-1252 -t UTF-8",
        ) from error
    return text.replace("\r\n", "\n").replace("\r", "\n")
