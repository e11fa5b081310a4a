"""What is known about a media file before it is decoded."""

from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class AudioStream:
    """One audio stream of a media file.

    Attributes:
        index: Place among the audio streams, from 0, as in ffmpeg's ``0:a:N``.
        codec: ffmpeg's or libsndfile's name of it; "" when unknown to them.
        channels: Number of channels.
        sample_rate: Hz.
        language: As tagged in the file, lower case; "" when untagged or undetermined.
        title: As tagged in the file, or "".
        default: Whether the file marks it as the one to play.
        commentary: Whether it is something else than the programme's own sound, such as a commentary or a description.
        encrypted: Whether its packets are encrypted.
        start_ms: Time stamp of its first sample, on the container's clock.
        duration_ms: Length that the file claims for this stream, or None.
    """

    index: int
    codec: str
    channels: int
    sample_rate: int
    language: str = ""
    title: str = ""
    default: bool = False
    commentary: bool = False
    encrypted: bool = False
    start_ms: int = 0
    duration_ms: int | None = None

    def describe(self) -> str:
        """Return index and marks in a few words, e.g. ``0 (eng, aac, 2 channels, "Main", default)``."""
        facts = [
            self.language,
            self.codec or "unknown codec",
            f"{self.channels} channel{'s' * (self.channels != 1)}",
            f'"{self.title}"' if self.title else "",
            "default" if self.default else "",
            "commentary" if self.commentary and "comment" not in self.title.lower() else "",
        ]
        return f"{self.index} ({', '.join(fact for fact in facts if fact)})"


@dataclass(frozen=True, slots=True)
class MediaInfo:
    """What the container says about itself.

    Attributes:
        path: As the user gave it; "-" for standard input.
        format_name: ffmpeg's or libsndfile's name of the container.
        start_ms: The container's time stamp that players show as 0.
        duration_ms: Length that the container claims, from ``start_ms``; None when it claims none.
        duration_estimated: Whether that length was only guessed, from the bit rate or the beginning of a pipe.
        fps: Video frames per second; None without moving pictures.
        variable_fps: Whether frames are shown for different lengths; ``fps`` is their mean then.
        first_frame_ms: When the first frame is shown, from ``start_ms``.
        audio_streams: In file order.
        other_streams: Kinds of the remaining streams, in file order, e.g. ``("video", "subtitle")``.
    """

    path: str
    format_name: str
    start_ms: int = 0
    duration_ms: int | None = None
    duration_estimated: bool = False
    fps: Fraction | None = None
    variable_fps: bool = False
    first_frame_ms: Fraction = Fraction(0)
    audio_streams: tuple[AudioStream, ...] = ()
    other_streams: tuple[str, ...] = ()
