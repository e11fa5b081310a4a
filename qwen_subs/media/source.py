"""The user's argument -> something that can be opened, with every simple mistake told apart."""

import os
import re
import stat
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from qwen_subs.errors import InputError

STANDARD_INPUT = "-"
PROBE_BYTES = 5_000_000  # ffmpeg's default -probesize; what is read of a pipe before its format is asked for
_BLOCK_BYTES = 1 << 16
_PLAYLIST_SUFFIXES = frozenset({".m3u", ".m3u8", ".pls", ".asx", ".xspf", ".ffconcat", ".mpd"})
_PLAYLIST_OPENINGS = re.compile(
    rb"(?:#EXTM3U|\[playlist\]|\[Reference\]|ffconcat version|<asx\b|<smil\b|(?:<\?xml[^>]*>\s*)?<(?:MPD|playlist)\b)",
    re.IGNORECASE,
)
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")


@dataclass(frozen=True, slots=True)
class Source:
    """An opened argument: a file that can be sought in, or a pipe that is read once.

    Attributes:
        name: As the user gave it; ``standard input`` for "-".
        path: Absolute path, or None for a pipe.
        head: The first bytes: 4 KiB of a file, up to ``PROBE_BYTES`` of a pipe.
        pipe: The rest of a pipe, behind ``head``; None for a file.
    """

    name: str
    path: Path | None
    head: bytes = field(repr=False)
    pipe: IO[bytes] | None = None

    @property
    def label(self) -> str:
        """The name in one line, for notices."""
        return self.name.replace("\n", "\\n").replace("\r", "\\r")

    def read_blocks(self) -> Iterator[bytes]:
        """Yield everything that a pipe holds, ``head`` first."""
        yield self.head
        while self.pipe and (block := _read_some(self.pipe)):
            yield block


def open_source(media: str | os.PathLike[str]) -> Source:
    """Return the file or pipe that the user means.

    Raises:
        InputError: If it is an address, a playlist, missing, a folder, empty, or not readable.
    """
    name = os.fspath(media)
    source = _open_standard_input() if name == STANDARD_INPUT else _open_path(name)
    if not source.head:
        raise InputError("the file is empty" if source.path else "no data arrived", path=source.name)
    suffix = Path(name).suffix.lower()
    if suffix in _PLAYLIST_SUFFIXES or _PLAYLIST_OPENINGS.match(source.head.lstrip(b"\xef\xbb\xbf \t\r\n")):
        raise playlist_error(source.name)
    return source


def is_pipe(media: str | os.PathLike[str]) -> bool:
    """Return whether the media can be read only once: standard input, or the name of a pipe."""
    return os.fspath(media) == STANDARD_INPUT or Path(media).is_fifo()


def playlist_error(name: str) -> InputError:
    """Return the refusal of a playlist; it would read other files, or the network."""
    return InputError("is a playlist, not media", path=name, hint="give the media files that it lists")


def _open_standard_input() -> Source:
    name = "standard input"
    stream = getattr(sys.stdin, "buffer", None)
    if stream is None or stream.closed:
        raise InputError("is closed", path=name, hint="pipe media into it, or give a file")
    if stream.isatty():
        raise InputError("is a terminal", path=name, hint="pipe media into it, or give a file")
    # A redirected file is opened by its own name: formats with their index at the end must be sought in.
    try:
        status = os.fstat(stream.fileno())
        at_start = stat.S_ISREG(status.st_mode) and stream.tell() == 0
    except OSError:  # io.UnsupportedOperation too: not a file of the system
        at_start = False
    if at_start:
        path = Path("/dev/stdin").resolve()
        if path.is_file() and os.path.samestat(path.stat(), status):
            return Source(name, path, _read_head(stream, 4096))
    return Source(name, None, _read_head(stream, PROBE_BYTES), stream)


def _open_path(name: str) -> Source:
    path = Path(name).absolute()
    try:
        status = path.stat()
        if stat.S_ISDIR(status.st_mode):
            raise InputError("is a folder", path=name, hint="give the media files in it")
        stream = path.open("rb")
    except FileNotFoundError as error:
        if _URL.match(name):
            raise InputError(
                "is an address, not a file", path=name, hint="download it first, for example with yt-dlp or curl"
            ) from error
        raise InputError("no such file", path=name, hint="check the spelling and the folder") from error
    except PermissionError as error:
        raise InputError("no permission to read it", path=name, hint="change its owner or mode") from error
    except (OSError, ValueError) as error:  # a name too long, a NUL in it, a loop of links, a socket
        reason = getattr(error, "strerror", None) or str(error)
        raise InputError(f"cannot be opened: {reason.lower()}", path=name) from error
    if stat.S_ISFIFO(status.st_mode):
        return Source(name, None, _read_head(stream, PROBE_BYTES), stream)
    with stream:
        if not stat.S_ISREG(status.st_mode):
            raise InputError("is a device, not a file", path=name)
        try:
            return Source(name, path, stream.read(4096))
        except OSError as error:
            raise InputError(f"cannot be read: {error.strerror or error}".lower(), path=name) from error


def _read_head(stream: IO[bytes], size: int) -> bytes:
    head = bytearray()
    while len(head) < size and (block := _read_some(stream)):
        head += block
    return bytes(head)


def _read_some(stream: IO[bytes]) -> bytes:
    read = getattr(stream, "read1", stream.read)
    return bytes(read(_BLOCK_BYTES))
