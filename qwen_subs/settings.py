"""Everything a run needs besides the media: one object from the command line to the stages."""

from dataclasses import dataclass
from fractions import Fraction

from qwen_subs.errors import UsageError
from qwen_subs.frames import parse_frame_rate
from qwen_subs.languages import find_language
from qwen_subs.presets import DEFAULT_PRESET, PRESETS, Preset

DEFAULT_ALIGNER_MODEL = "Qwen/Qwen3-ForcedAligner-0.6B-hf"
MIN_CHUNK_LIMIT_MS, MAX_CHUNK_LIMIT_MS = 5_000, 180_000


@dataclass(frozen=True, slots=True)
class Settings:
    """What shapes a run.

    Attributes:
        model: Hub id (``@revision`` allowed), short name (``0.6b``, ``1.7b``), local folder, or ``auto``.
        aligner_model: The same for the aligner; no short names.
        recognizer: Backend, a name in ``RECOGNIZERS``.
        aligner: Backend, a name in ``ALIGNERS``.
        device: ``auto``, ``cpu``, ``cuda``, ``cuda:N`` or ``mps``.
        dtype: ``auto``, ``float32``, ``bfloat16`` or ``float16``.
        offline: Never ask the network, only the local cache.
        batch_size: Chunks per model call; None leaves the choice to the device.
        language: ISO 639 code; None detects the language of every chunk.
        context: Free text about the media, given to the recognizer.
        hotwords: Names and terms, given to the recognizer.
        max_chunk_ms: Longest piece that is recognized in one go.
        audio_stream: Index among the audio streams, or a language; None picks the default one.
        preset: Reading limits of the cues.
        fps: Frames per second on which cues appear and disappear; text such as ``23.976`` becomes exact. ``auto`` takes
            those of the video, ``none`` leaves times between frames.
        shot_changes: Where pictures change, ms; ``auto`` looks for them if the preset moves cues to them, ``none`` does
            not.

    Raises:
        UsageError: For an unknown language, or a chunk length or frame rate out of range.
    """

    model: str = "auto"
    aligner_model: str = DEFAULT_ALIGNER_MODEL
    recognizer: str = "qwen3-asr"
    aligner: str = "qwen3-forced-aligner"
    device: str = "auto"
    dtype: str = "auto"
    offline: bool = False
    batch_size: int | None = None
    language: str | None = None
    context: str = ""
    hotwords: tuple[str, ...] = ()
    max_chunk_ms: int = 30_000
    audio_stream: str | None = None
    preset: Preset = PRESETS[DEFAULT_PRESET]
    fps: Fraction | str = "auto"
    shot_changes: tuple[int, ...] | str = "auto"

    def __post_init__(self) -> None:
        if self.language is not None:
            object.__setattr__(self, "language", find_language(self.language).code)
        if self.fps not in ("auto", "none"):
            object.__setattr__(self, "fps", parse_frame_rate(str(self.fps)))
        if isinstance(self.shot_changes, str) and self.shot_changes not in ("auto", "none"):
            raise UsageError(f"no shot changes: {self.shot_changes!r}", hint="give auto, none, or times in ms")
        if not MIN_CHUNK_LIMIT_MS <= self.max_chunk_ms <= MAX_CHUNK_LIMIT_MS:
            raise UsageError(
                f"a chunk of {self.max_chunk_ms / 1000:g} s is out of range",
                hint=f"choose {MIN_CHUNK_LIMIT_MS / 1000:g} to {MAX_CHUNK_LIMIT_MS / 1000:g} s",
            )
        if self.batch_size is not None and self.batch_size < 1:
            raise UsageError(f"a batch of {self.batch_size} chunks is impossible", hint="choose 1 or more")
