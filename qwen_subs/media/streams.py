"""Which audio stream is meant."""

from qwen_subs.errors import InputError, UsageError
from qwen_subs.languages import find_language
from qwen_subs.media.source import Source
from qwen_subs.media.types import AudioStream, MediaInfo
from qwen_subs.progress import Reporter


def choose_stream(info: MediaInfo, source: Source, choice: str | None, reporter: Reporter) -> AudioStream:
    """Return the audio stream to decode.

    Args:
        info: The media.
        source: Where it came from, for messages.
        choice: An index among the audio streams, a language code or name, or None: the default stream that is no
            commentary, said as a notice when there are others.
        reporter: Receives the notice.

    Raises:
        InputError: If there is no such stream, or it can never be decoded.
    """
    streams = info.audio_streams
    if not streams:
        found = ", ".join(dict.fromkeys(info.other_streams))
        raise InputError(
            f"no audio stream (found: {found or 'nothing'})", path=source.name, hint="give media with sound"
        )
    listing = ", ".join(stream.describe() for stream in streams)
    if choice is None:
        stream = _prefer(streams)
        if len(streams) > 1:
            reporter.notice(
                f"{source.label}: took audio stream {stream.index} of {len(streams)}: {listing}"
                "; --audio-stream chooses another"
            )
    else:
        matching = _matching(streams, choice.strip())
        if not matching:
            raise InputError(f"no audio stream {choice!r}", path=source.name, hint=f"there are: {listing}")
        stream = _prefer(matching)
        if len(matching) > 1:
            reporter.notice(f"{source.label}: {len(matching)} audio streams match {choice!r}, took {stream.describe()}")
    if stream.encrypted:
        raise InputError("the audio is encrypted (DRM)", path=source.name, hint="give a copy without copy protection")
    if not stream.codec:
        raise InputError(
            f"audio stream {stream.index} is in a codec that ffmpeg does not know",
            path=source.name,
            hint="install a newer or fuller ffmpeg, or convert the audio",
        )
    return stream


def _prefer(streams: tuple[AudioStream, ...]) -> AudioStream:
    return min(streams, key=lambda stream: (stream.commentary, not stream.default, stream.index))


def _matching(streams: tuple[AudioStream, ...], choice: str) -> tuple[AudioStream, ...]:
    if choice.isdecimal():
        return tuple(stream for stream in streams if stream.index == int(choice))
    wanted = _language_key(choice)
    return tuple(stream for stream in streams if stream.language and _language_key(stream.language) == wanted)


def _language_key(name: str) -> str:
    """Return the same string for all spellings of a language that we know, else the spelling itself."""
    try:
        return find_language(name).code
    except UsageError:
        return name.casefold()
