"""ffmpeg and ffprobe as processes: what they are told, what they answer, and their errors in one line.

Every name goes to them as an absolute ``file:`` path in an argument list; only local protocols and only formats that
hold their own data are let in, so that no media file can make them read another file or the network.
"""

import functools
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Iterator
from typing import IO, Any

import ffmpeg

from qwen_subs.errors import InputError, MissingDependencyError
from qwen_subs.media.source import Source, playlist_error
from qwen_subs.waveform import SAMPLE_RATE

# The pipe from ffmpeg carries time stamps that must not be negative; this is added to all of them.
PIPE_OFFSET_S = 1000
_PROTOCOLS = "file,pipe,crypto,data"
# Demuxers that read other files or the network, run scripts, or take text and pictures for media.
_PLAYLISTS = frozenset({"hls", "applehttp", "concat", "dash", "imf", "sdp", "rtsp", "rtp", "sap"})
_REFUSED = _PLAYLISTS | {"image2", "image2pipe", "avisynth", "vapoursynth", "lavfi", "tty", "ffmetadata"}
_BLOCK_BYTES = 1 << 18
_STDERR_LINES = 200
# ffmpeg's own limit for closing time stamps that run backwards (ts_discontinuity_detect in fftools).
_BACKWARD_S = 0.1
_MAX_CHANNELS = 64  # of ffmpeg's pan filter

_CONTEXT = re.compile(r"^(?:\[[^\]]* @ 0x[0-9a-f]+\] ?)+")
_DAMAGE = re.compile(r"error while decoding|error submitting|corrupt|invalid data found when processing", re.IGNORECASE)
_MP4_BOXES = frozenset({b"ftyp", b"mdat", b"moov", b"free", b"skip", b"wide", b"styp", b"moof", b"uuid", b"pnot"})


def find_program(name: str) -> str:
    """Return the path of ``ffmpeg`` or ``ffprobe``.

    Raises:
        MissingDependencyError: If it is not installed.
    """
    path = shutil.which(name)
    if path is None:
        installers = {"darwin": "brew install ffmpeg", "win32": "winget install ffmpeg"}
        command = installers.get(sys.platform, "sudo apt install ffmpeg")
        raise MissingDependencyError(f"{name} is not installed", hint=f"install it: {command}")
    return path


def probe(source: Source) -> dict[str, Any]:
    """Return ffprobe's answer (``format`` and ``streams``, as in its JSON) and its remarks under ``remarks``.

    Raises:
        InputError: If ffmpeg cannot read the source or must not.
        MissingDependencyError: If ffprobe is not installed.
    """
    command = [find_program("ffprobe"), "-hide_banner", "-v", "warning", "-show_format", "-show_streams", "-of", "json"]
    command += ["-protocol_whitelist", _PROTOCOLS, "-format_whitelist", _formats(), "-i", _address(source)]
    feed: dict[str, Any] = {"input": source.head} if source.pipe else {"stdin": subprocess.DEVNULL}
    result = subprocess.run(command, capture_output=True, check=False, **feed)
    remarks = result.stderr.decode(errors="replace").splitlines()
    if result.returncode != 0:
        raise _explain_refusal(source, remarks)
    answer: dict[str, Any] = json.loads(result.stdout.decode(errors="replace"))
    answer["remarks"] = remarks
    return answer


def build_decoding(source: Source, stream: int, start_ms: int, end_ms: int | None) -> list[str]:
    """Return the command that decodes one audio stream to mono at ``SAMPLE_RATE`` with time stamps.

    Time stamps stay as they are in the file (``-copyts``): ffmpeg's own correction of the start differs between
    versions and depends on which streams are used. They leave through Matroska, because a bare stream of samples cannot
    say where a gap was, and because filters that fill gaps (``aresample=async``) start over, first gap included,
    whenever channels or rate change in mid-stream.

    Args:
        source: The media.
        stream: Index among the audio streams.
        start_ms: Time stamp that becomes ``PIPE_OFFSET_S``.
        end_ms: Time stamp of the container's end; jumps behind it are closed. None when unknown.
    """
    media = ffmpeg.input("", threads=1, protocol_whitelist=_PROTOCOLS, format_whitelist=_formats(), copyts=None)
    mean = "+".join(f"c{channel}" for channel in range(_MAX_CHANNELS))  # those that a stream lacks count as absent
    audio = (
        media[f"a:{stream}"]
        .filter("asetpts", _continuous_pts(end_ms))
        .filter("pan", f"mono|c0<{mean}")
        .filter("aresample", SAMPLE_RATE)
    )
    options: dict[str, Any] = {"c:a": "pcm_f32le", "vn": None, "sn": None, "dn": None}
    options |= {"output_ts_offset": f"{PIPE_OFFSET_S - start_ms / 1000:.3f}", "avoid_negative_ts": "disabled"}
    options |= {"map_metadata": -1, "map_chapters": -1}
    output = ffmpeg.output(audio, "pipe:1", format="matroska", **options)
    command: list[str] = output.compile(cmd=[find_program("ffmpeg"), "-nostdin", "-hide_banner", "-v", "error"])
    # Filled in here, because the builder fails on names that are not valid UTF-8.
    command[command.index("-i") + 1] = _address(source)
    return command


def build_watching(source: Source, start_ms: int, width: int, height: int) -> list[str]:
    """Return the command that decodes the pictures to planes of Y, U and V (4:2:0) with time stamps, at least cost.

    Every frame keeps its own time stamp, as the samples of ``build_decoding`` do. Nothing is skipped: without the loop
    filter, which would save a tenth of the time, pictures drift from those of the encoder until a key frame looks like
    a cut.

    Args:
        source: The media.
        start_ms: Time stamp that becomes ``PIPE_OFFSET_S``.
        width: Of the small pictures.
        height: Of the small pictures.
    """
    command = [find_program("ffmpeg"), "-nostdin", "-hide_banner", "-v", "error"]
    command += ["-protocol_whitelist", _PROTOCOLS, "-format_whitelist", _formats(), "-copyts"]
    command += ["-i", _address(source), "-map", "0:V:0"]
    command += ["-vf", f"scale={width}:{height}:flags=fast_bilinear,format=yuv420p", "-c:v", "rawvideo"]
    command += ["-enc_time_base", "1/1000", "-output_ts_offset", f"{PIPE_OFFSET_S - start_ms / 1000:.3f}"]
    command += ["-avoid_negative_ts", "disabled", "-map_metadata", "-1", "-map_chapters", "-1"]
    return [*command, "-f", "matroska", "pipe:1"]


def _continuous_pts(end_ms: int | None) -> str:
    """Return an ``asetpts`` expression that closes jumps which are no gaps.

    Time stamps that start again (joined transport streams) or leave the container's time (damage) would otherwise cover
    or displace what follows. Registers: 0 correction, 1 expected time stamp, 2 whether there is one, 3 corrected time
    stamp.
    """
    jumps = f"lt(ld(3),ld(1)-{_BACKWARD_S}/TB)"
    if end_ms is not None:
        jumps = f"gt({jumps}+gt(ld(3),ld(1)+{_BACKWARD_S}/TB)*gt(PTS*TB,{end_ms / 1000:.3f}),0)"
    return (
        "st(3,if(isnan(PTS),ld(1),PTS+ld(0)));"
        f"if(ld(2)*{jumps},st(0,ld(0)+ld(1)-ld(3));st(3,ld(1)));"
        "st(2,1);st(1,ld(3)+NB_SAMPLES/SR/TB);ld(3)"
    )


class Decoding:
    """A running ffmpeg; a context manager that ends it, however it is left.

    Attributes:
        command: What runs.
    """

    def __init__(self, source: Source, command: list[str]) -> None:
        self.command = command
        self._source = source
        self._remarks: deque[str] = deque(maxlen=_STDERR_LINES)
        self._damages = 0

    def __enter__(self) -> "Decoding":
        stdin = subprocess.PIPE if self._source.pipe else subprocess.DEVNULL
        self._process = subprocess.Popen(self.command, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        assert self._process.stdout is not None and self._process.stderr is not None
        self._output = self._process.stdout
        # Nothing waits for the feeder: it may hang in a read of the user's pipe.
        self._drainer = threading.Thread(target=self._drain, args=(self._process.stderr,), daemon=True)
        self._drainer.start()
        if self._process.stdin is not None:
            threading.Thread(target=self._feed, args=(self._process.stdin,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._process.kill()
        self._output.close()
        self._drainer.join()
        self._process.wait()

    def read_blocks(self) -> Iterator[bytes]:
        """Yield what ffmpeg writes, until it ends."""
        while block := os.read(self._output.fileno(), _BLOCK_BYTES):
            yield block

    def finish(self) -> None:
        """Wait for the end, after everything was read."""
        self._process.wait()
        self._drainer.join()

    @property
    def failed(self) -> bool:
        """Whether ffmpeg gave up."""
        return self._process.returncode != 0

    @property
    def damages(self) -> int:
        """How many pieces could not be decoded."""
        return self._damages

    def explain(self) -> InputError:
        """Return ffmpeg's last complaint as one line."""
        return InputError(f"ffmpeg: {_last_fact(self._source, list(self._remarks))}", path=self._source.name)

    def _drain(self, stream: IO[bytes]) -> None:
        with stream:
            for line in stream:
                text = line.decode(errors="replace").rstrip()
                self._damages += bool(_DAMAGE.search(text))
                self._remarks.append(text)

    def _feed(self, stream: IO[bytes]) -> None:
        try:
            with stream:
                for block in self._source.read_blocks():
                    stream.write(block)
        except (OSError, ValueError):
            pass  # ffmpeg has ended, or the user's pipe has


def _address(source: Source) -> str:
    return f"file:{source.path}" if source.path else "pipe:0"


@functools.cache
def _formats() -> str:
    """Return ffmpeg's demuxers that may be used, as a list with commas."""
    command = [find_program("ffmpeg"), "-hide_banner", "-v", "error", "-demuxers"]
    result = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, check=False)
    lines = result.stdout.decode(errors="replace").splitlines()
    names = [name for line in lines if line[:4].strip() == "D" for name in line.split()[1].split(",")]
    return ",".join(name for name in names if name not in _REFUSED)


def _explain_refusal(source: Source, remarks: list[str]) -> InputError:
    """Return why ffprobe did not open the source."""
    for remark in remarks:
        if "Format not on whitelist" in remark:
            format_name = remark.lstrip("[").partition(" ")[0]
            if _PLAYLISTS & set(format_name.split(",")):
                return playlist_error(source.name)
            kind = {"image2": "a picture", "tty": "text"}.get(format_name, format_name)
            return InputError(f"is {kind}, not media", path=source.name, hint="give media with sound")
    said = "\n".join(remarks)
    if "moov atom not found" in said and source.head[4:8] in _MP4_BOXES:
        if source.pipe:
            return index_error(source)
        return InputError(
            "its index is missing (moov atom not found)", path=source.name, hint="copy it again; it is not complete"
        )
    if "Invalid data found" in said or "Unknown format" in said:
        return InputError(
            "is not media that ffmpeg can read", path=source.name, hint="play it to see whether it is damaged"
        )
    fact = _last_fact(source, remarks)
    if fact == "End of file":
        return InputError("breaks off before any sound", path=source.name, hint="copy it again; it is not complete")
    return InputError(f"ffmpeg: {fact}", path=source.name)


def index_error(source: Source) -> InputError:
    """Return the error for a pipe of a format that has to be sought in."""
    return InputError(
        "its index is at the end, which a pipe cannot seek to", path=source.name, hint="give the file instead of a pipe"
    )


def _last_fact(source: Source, remarks: list[str]) -> str:
    """Return the last remark without what only ffmpeg's developers need."""
    facts = [_CONTEXT.sub("", remark).replace(f"{_address(source)}: ", "") for remark in remarks if remark.strip()]
    return facts[-1] if facts else "stopped without a reason"
