"""What a media file holds, from ffprobe or, where it can tell, from libsndfile."""

import os
import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from qwen_subs.media import ffmpeg
from qwen_subs.media.sound_file import open_sound
from qwen_subs.media.source import PROBE_BYTES, STANDARD_INPUT, Source, open_source
from qwen_subs.media.types import AudioStream, MediaInfo

# A negative start of up to this is an encoder's delay, which decoders cut off (Opus: 6.5 ms, AAC: up to 48 ms).
_LONGEST_ENCODER_DELAY_MS = 100
_OTHER_SOUND = ("comment", "hearing_impaired", "visual_impaired", "clean_effects", "karaoke", "lyrics", "descriptions")
_OTHER_SOUND_TITLE = re.compile(r"\b(comment|descripti|audiodescri|kommentar|commento|comentario)", re.IGNORECASE)
_ENCRYPTED_ENTRY = re.compile(rb"stsd.{12}(?:enca|drms|aavd)", re.DOTALL)  # Common Encryption, FairPlay, Audible
_COUNTED_FROM_ZERO = ("mov", "matroska")  # formats whose length is the time of their end, whenever they start
_LONGEST_INDEX = 1 << 26  # bytes
_CLOSE_RATES = 2000  # rates that differ by one in so many are the same; 24 and 23.976 differ by one in 1001
_CLOCK = re.compile(r"(\d+):(\d+):(\d+(?:\.\d+)?)")


def probe_media(media: str | os.PathLike[str]) -> MediaInfo:
    """Return what the media says about itself.

    Args:
        media: A path, or "-" for standard input; what is read of a pipe to look at it is gone afterwards.

    Raises:
        InputError: If it cannot be read as media.
        MissingDependencyError: If ffprobe is needed and not installed.
    """
    source = open_source(media)
    sound = open_sound(source)
    if sound is not None:
        with sound:
            return sound.info
    return probe_container(source)


def probe_container(source: Source) -> MediaInfo:
    """Return what ffprobe says about an opened source; raises as ``probe_media`` does."""
    answer = ffmpeg.probe(source)
    container, streams = answer.get("format", {}), answer.get("streams", [])
    start_ms = _milliseconds(container.get("start_time")) or 0
    duration_ms = _milliseconds(container.get("duration"))
    # Of a longer pipe only the beginning was seen; fragments would be counted up to there.
    partly_seen = source.pipe is not None and len(source.head) >= PROBE_BYTES
    duration_estimated = partly_seen or any("Estimating duration" in remark for remark in answer["remarks"])
    if duration_ms is not None and container.get("format_name", "").startswith(_COUNTED_FROM_ZERO):
        duration_ms -= max(0, start_ms)
    if -_LONGEST_ENCODER_DELAY_MS < start_ms < 0:
        start_ms = 0
    sounds = [stream for stream in streams if stream.get("codec_type") == "audio"]
    pictures = [
        stream
        for stream in streams
        if stream.get("codec_type") == "video" and not stream.get("disposition", {}).get("attached_pic")
    ]
    encrypted = "mp4" in container.get("format_name", "") and _is_encrypted(source)
    return MediaInfo(
        path=STANDARD_INPUT if source.name == "standard input" else source.name,
        format_name=container.get("format_name", ""),
        start_ms=start_ms,
        duration_ms=duration_ms,
        duration_estimated=duration_estimated,
        fps=_frame_rate(pictures[0]) if pictures else None,
        variable_fps=bool(pictures) and _is_variable(pictures[0]),
        first_frame_ms=_first_frame(pictures[0], start_ms) if pictures else Fraction(0),
        audio_streams=tuple(
            _audio_stream(index, stream, encrypted, duration_estimated) for index, stream in enumerate(sounds)
        ),
        other_streams=tuple(stream.get("codec_type", "unknown") for stream in streams if stream not in sounds),
    )


def _audio_stream(index: int, stream: Mapping[str, Any], encrypted: bool, duration_estimated: bool) -> AudioStream:
    tags = {name.lower(): str(value) for name, value in stream.get("tags", {}).items()}
    disposition = stream.get("disposition", {})
    language, title = tags.get("language", "").lower(), tags.get("title", "")
    codec = stream.get("codec_name", "")
    start_ms = _milliseconds(stream.get("start_time")) or 0
    duration_ms = None if duration_estimated else _milliseconds(stream.get("duration"))
    if duration_ms is None and (end_ms := _milliseconds(tags.get("duration"))) is not None:
        duration_ms = max(0, end_ms - max(0, start_ms))  # Matroska's tag is counted from time 0
    return AudioStream(
        index=index,
        codec="" if codec in ("unknown", "none") else codec,
        channels=int(stream.get("channels", 0)),
        sample_rate=int(stream.get("sample_rate", 0)),
        language="" if language == "und" else language,
        title=title,
        default=bool(disposition.get("default")),
        commentary=any(disposition.get(kind) for kind in _OTHER_SOUND) or bool(_OTHER_SOUND_TITLE.search(title)),
        encrypted=encrypted,
        start_ms=start_ms,
        duration_ms=duration_ms,
    )


def _is_encrypted(source: Source) -> bool:
    """Return whether the sound of an MP4 file is encrypted; ffprobe hides it and decoders would make noise of it.

    Looks for the sample entries of encrypted sound (ISO/IEC 23001-7) in the index, the box ``moov``.
    """
    if source.path is None:
        return bool(_ENCRYPTED_ENTRY.search(source.head))
    with source.path.open("rb") as file:
        while len(header := file.read(16)) == 16:
            size, kind = int.from_bytes(header[:4], "big"), header[4:8]
            length = 16 if size == 1 else 8
            size = int.from_bytes(header[8:], "big") if size == 1 else size
            if kind == b"moov":
                return bool(_ENCRYPTED_ENTRY.search(file.read(_LONGEST_INDEX)))
            if size < length:
                break
            file.seek(size - 16, os.SEEK_CUR)
    return False


def _milliseconds(text: str | None) -> int | None:
    """Return the milliseconds of seconds or of hours, minutes and seconds; None when it is neither."""
    if text is None:
        return None
    if clock := _CLOCK.fullmatch(text):
        hours, minutes, seconds = clock.groups()
        return round((int(hours) * 3600 + int(minutes) * 60 + float(seconds)) * 1000)
    try:
        return round(float(text) * 1000)
    except (ValueError, OverflowError):
        return None


def _frame_rate(stream: Mapping[str, Any]) -> Fraction | None:
    """Return the frames per second: the average, or the exact base rate where the two all but agree."""
    average, base = _rates(stream)
    if average and base and _all_but_agree(average, base):
        return base
    return average or base


def _is_variable(stream: Mapping[str, Any]) -> bool:
    """Return whether the average differs from the base rate, which counts fields in interlaced pictures."""
    average, base = _rates(stream)
    if average is None or base is None:
        return False
    return not any(_all_but_agree(average * fields, base) for fields in (1, 2))


def _rates(stream: Mapping[str, Any]) -> tuple[Fraction | None, Fraction | None]:
    return _fraction(stream.get("avg_frame_rate", "")), _fraction(stream.get("r_frame_rate", ""))


def _all_but_agree(average: Fraction, base: Fraction) -> bool:
    return abs(average - base) < average / _CLOSE_RATES


def _first_frame(stream: Mapping[str, Any], start_ms: int) -> Fraction:
    """Return the time of the first frame in milliseconds from the container's start, exactly."""
    start, tick = stream.get("start_pts"), _fraction(stream.get("time_base", ""))
    return Fraction(0) if start is None or tick is None else max(start * tick * 1000 - start_ms, Fraction(0))


def _fraction(text: str) -> Fraction | None:
    try:
        return Fraction(text) or None
    except (ValueError, ZeroDivisionError):
        return None
