"""Media file -> samples whose index is media time."""

import os
from collections.abc import Generator
from contextlib import closing

import numpy as np
from numpy.typing import NDArray

from qwen_subs.errors import InputError
from qwen_subs.media import ffmpeg
from qwen_subs.media.matroska import read_packets
from qwen_subs.media.probe import probe_container
from qwen_subs.media.resample import resample
from qwen_subs.media.sound_file import SoundFile, open_sound
from qwen_subs.media.source import Source, open_source
from qwen_subs.media.streams import choose_stream
from qwen_subs.media.timeline import Timeline
from qwen_subs.media.types import AudioStream, MediaInfo
from qwen_subs.progress import Reporter, Stage
from qwen_subs.waveform import SAMPLE_RATE, Waveform

_SILENT = Reporter()
_PROGRESS_MS = 500
# Lossy codecs overshoot full scale by up to about 2 dB on loud music; that is no news.
_USUAL_OVERSHOOT = 10 ** (2 / 20)
_SCAN_SAMPLES = 1 << 20
# A decoded length is worth a notice when it falls short of the container's by more than either of the first two;
# codecs pad by up to the last.
_MISSING_MS, _MISSING_SHARE, _CODEC_MARGIN_MS = 1_000, 0.01, 100


def load_waveform(
    media: str | os.PathLike[str], *, stream: str | None = None, reporter: Reporter = _SILENT
) -> Waveform:
    """Return one audio stream as the mean of its channels at 16 kHz, sample index / rate = media time.

    Silence stands where the audio starts late or has a gap. Samples that are no numbers become 0, samples beyond full
    scale bring the whole down to it, and a file that breaks off gives what it holds; these are said as notices.

    Args:
        media: A path to anything ffmpeg reads, or "-" for standard input.
        stream: Index among the audio streams, or a language code or name; None takes the default stream that is no
            commentary.
        reporter: Receives progress and notices.

    Raises:
        InputError: If the media is missing, unreadable, without audio, or without the stream asked for.
        MissingDependencyError: If ffmpeg is needed and not installed.
    """
    source = open_source(media)
    sound = open_sound(source)
    if sound is not None:
        with sound:
            chosen = choose_stream(sound.info, source, stream, reporter)
            samples = _collect(source, sound.info, chosen, sound, reporter)
    else:
        info = probe_container(source)
        chosen = choose_stream(info, source, stream, reporter)
        samples = _collect(source, info, chosen, None, reporter)
    return Waveform(samples)


def _collect(
    source: Source, info: MediaInfo, chosen: AudioStream, sound: SoundFile | None, reporter: Reporter
) -> NDArray[np.float32]:
    """Decode, report, and repair."""
    total_ms = info.duration_ms
    timeline = Timeline(None if total_ms is None else total_ms / 1000)
    complaints: list[str] = []
    steps = (
        _decode_with_ffmpeg(source, info, chosen, timeline, complaints)
        if sound is None
        else _decode_directly(sound, chosen, timeline)
    )
    reader = "ffmpeg" if sound is None else "libsndfile"
    reporter.detail(f"{source.label}: {info.format_name}, audio stream {chosen.describe()}, read by {reader}")
    reporter.start(Stage.DECODING, total_ms)
    try:
        reported_ms = 0
        with closing(steps):  # ends ffmpeg, however this is left
            for reached_ms in steps:
                if reached_ms - reported_ms >= _PROGRESS_MS:
                    reporter.advance(Stage.DECODING, reached_ms - reported_ms)
                    reported_ms = reached_ms
        reporter.advance(Stage.DECODING, timeline.duration_ms - reported_ms)
    finally:
        reporter.finish(Stage.DECODING)
    duration_ms = timeline.duration_ms
    samples = timeline.finish()
    if not len(samples):
        raise InputError(
            f"audio stream {chosen.index} holds no sound", path=source.name, hint="play it to see whether it is damaged"
        )
    complaints += _compare_length(info, chosen, duration_ms)
    if complaints:
        reporter.notice(f"{source.label}: {'; '.join(complaints)}")
    _repair(source.label, samples, sound.replaced if sound else 0, reporter)
    return samples


def _decode_directly(sound: SoundFile, chosen: AudioStream, timeline: Timeline) -> Generator[int, None, None]:
    """Fill the timeline from a sound file; yield the milliseconds reached."""
    for block in resample(sound.read_blocks(), chosen.sample_rate, SAMPLE_RATE):
        timeline.append(block)
        yield timeline.duration_ms


def _decode_with_ffmpeg(
    source: Source, info: MediaInfo, chosen: AudioStream, timeline: Timeline, complaints: list[str]
) -> Generator[int, None, None]:
    """Fill the timeline from ffmpeg, and the complaints; yield the milliseconds reached."""
    end_ms = None if info.duration_ms is None or info.duration_estimated else info.start_ms + info.duration_ms
    command = ffmpeg.build_decoding(source, chosen.index, info.start_ms, end_ms)
    with ffmpeg.Decoding(source, command) as decoding:
        for time_ms, packet in read_packets(decoding.read_blocks()):
            samples = np.frombuffer(packet, dtype="<f4")  # as ``build_decoding`` asks for
            timeline.place(time_ms / 1000 - ffmpeg.PIPE_OFFSET_S, samples)
            yield timeline.duration_ms
        decoding.finish()
    if not timeline.duration_ms:
        if source.pipe and "mp4" in info.format_name:
            raise ffmpeg.index_error(source)
        if decoding.failed or decoding.damages:
            raise decoding.explain()
    elif decoding.failed:
        complaints.append(f"decoding stopped after {_clock(timeline.duration_ms)} ({decoding.explain().message})")
    elif decoding.damages:
        complaints.append(f"the audio is damaged (ffmpeg complained {decoding.damages} times)")


def _compare_length(info: MediaInfo, chosen: AudioStream, duration_ms: int) -> list[str]:
    """Return a complaint when much less, or much more, was decoded than the container promised."""
    if chosen.duration_ms is not None:
        claimed_ms = chosen.duration_ms + max(0, chosen.start_ms - info.start_ms)
    elif info.duration_ms is not None and not info.duration_estimated:
        claimed_ms = info.duration_ms
    else:
        return []
    fact = f"decoded {_clock(duration_ms)} of audio, but the file claims {_clock(claimed_ms)}"
    if claimed_ms - duration_ms > min(_MISSING_MS, max(_MISSING_SHARE * claimed_ms, _CODEC_MARGIN_MS)):
        return [f"{fact}: it may be cut off or damaged"]
    if duration_ms - claimed_ms > max(_MISSING_MS, _MISSING_SHARE * claimed_ms):
        return [f"{fact}: its clock starts again, or its header is wrong"]
    return []


def _repair(name: str, samples: NDArray[np.float32], replaced: int, reporter: Reporter) -> None:
    """Make every sample a number within [-1, 1], in place."""
    peak = 0.0
    for start in range(0, len(samples), _SCAN_SAMPLES):
        block = samples[start : start + _SCAN_SAMPLES]
        finite = np.isfinite(block)
        if not finite.all():
            replaced += int(block.size - np.count_nonzero(finite))
            block[~finite] = 0
        peak = max(peak, float(block.max()), -float(block.min()))
    if replaced:
        reporter.notice(f"{name}: {replaced} samples were no numbers and became silence")
    if peak > 1:
        samples /= np.float32(peak)
        say = reporter.notice if peak > _USUAL_OVERSHOOT else reporter.detail
        say(f"{name}: the loudest sample was {peak:.3g} times full scale; everything was divided by that")


def _clock(milliseconds: int) -> str:
    """Return a length for people, e.g. ``4.2 s`` or ``1:02:03``."""
    if milliseconds < 60_000:
        return f"{milliseconds / 1000:.1f} s"
    hours, seconds = divmod(round(milliseconds / 1000), 3600)
    minutes, seconds = divmod(seconds, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02} min"
