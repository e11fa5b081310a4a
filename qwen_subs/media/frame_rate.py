"""The frames of a video, on which cues appear and disappear."""

import os

from qwen_subs.frames import MAX_FPS, FrameGrid
from qwen_subs.media.probe import probe_media
from qwen_subs.media.source import is_pipe
from qwen_subs.progress import Reporter

_SILENT = Reporter()
_LEAST_FPS = 10  # slides with sound have fewer: cues would wait for them


def find_frame_grid(media: str | os.PathLike[str], reporter: Reporter = _SILENT) -> FrameGrid | None:
    """Return when the frames begin, in media time; None without a video, or if there is no even grid of them.

    There is none with a variable frame rate, nor with slides.

    Args:
        media: As for ``load_waveform``; a pipe, which is read only once, gives None.
        reporter: Is told of a variable frame rate.

    Raises:
        InputError: If it cannot be read as media.
        MissingDependencyError: If ffprobe is needed and not installed.
    """
    if is_pipe(media):
        return None
    info = probe_media(media)
    if info.fps is None or not _LEAST_FPS <= info.fps <= MAX_FPS:
        return None
    if info.variable_fps:
        reporter.notice(f"{info.path}: its frame rate varies, so cues are not put on frames; --fps would")
        return None
    return FrameGrid(info.fps, info.first_frame_ms % (1000 / info.fps))
