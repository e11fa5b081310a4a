"""Plain sound files, read by libsndfile without ffmpeg: the formats whose first sample is time 0 by definition."""

import os
import re
from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
import soundfile
from numpy.typing import NDArray

from qwen_subs.media.source import Source
from qwen_subs.media.types import AudioStream, MediaInfo

# WAV, its 64-bit forms, AIFF, AU, FLAC. Ogg and MP3 have delays and chains that only ffmpeg gets right.
_OPENINGS = re.compile(rb"(?:RIFF|RF64|BW64).{4}WAVE|riff\x2e\x91\xcf\x11|FORM.{4}AIF[FC]|\.snd|fLaC", re.DOTALL)
_DELAYED_CODECS = ("mpeg", "vorbis", "opus")
_BLOCK_SAMPLES = 1 << 18  # of all channels together
# libsndfile's remark on a file that holds less than its header says: "data : 320000 (should be 1234)".
_SHORT_DATA = re.compile(r"^\s*(?:data|SSND) : (\d+) \(should be (\d+)\)", re.MULTILINE)


class SoundFile:
    """An open sound file; a context manager.

    Attributes:
        info: What the file says about itself.
        replaced: How many samples were no numbers and became 0.
    """

    def __init__(self, source: Source, descriptor: int) -> None:
        # A number instead of a name: libsndfile would take the name's suffix for a format.
        self._file = file = soundfile.SoundFile(descriptor, closefd=False)
        self._descriptor = descriptor
        self.replaced = 0
        duration_ms = round(_claimed_frames(file) * 1000 / file.samplerate)
        stream = AudioStream(
            index=0,
            codec=str(file.subtype).lower(),
            channels=file.channels,
            sample_rate=file.samplerate,
            default=True,
            duration_ms=duration_ms,
        )
        self.info = MediaInfo(
            path=source.name, format_name=str(file.format).lower(), duration_ms=duration_ms, audio_streams=(stream,)
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()
        os.close(self._descriptor)

    def read_blocks(self) -> Iterator[NDArray[np.float32]]:
        """Yield the mean of the channels, float32, shape ``(n_samples,)``, at the file's rate.

        A file that breaks off gives what it holds.
        """
        frames = max(1, _BLOCK_SAMPLES // self._file.channels)
        shares = np.full(self._file.channels, 1 / self._file.channels, dtype=np.float32)
        while True:
            try:
                block = self._file.read(frames, dtype="float32", always_2d=True)
            except soundfile.LibsndfileError:
                return
            if len(block) == 0:
                return
            finite = np.isfinite(block)
            if not finite.all():
                self.replaced += int(block.size - np.count_nonzero(finite))
                block = np.where(finite, block, np.float32(0))
            yield block @ shares


def open_sound(source: Source) -> SoundFile | None:
    """Return the source as a sound file, or None when it is for ffmpeg to read."""
    if source.path is None or not _OPENINGS.match(source.head):
        return None
    descriptor = os.open(source.path, os.O_RDONLY)
    try:
        sound = SoundFile(source, descriptor)
    except soundfile.LibsndfileError:
        os.close(descriptor)
        return None
    if sound.info.audio_streams[0].codec.startswith(_DELAYED_CODECS):
        sound.close()
        return None
    return sound


def _claimed_frames(file: soundfile.SoundFile) -> int:
    """Return how many samples of each channel the header promises."""
    short = _SHORT_DATA.search(file.extra_info)
    if short is None or int(short[1]) >= 0xFFFFF000:  # a size that was never filled in claims nothing
        return int(file.frames)
    return max(int(file.frames), int(file.frames * int(short[1]) / max(1, int(short[2]))))
