"""``qwen-subs subtitle``: speech to subtitles."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from qwen_subs.cli.console import ConsoleReporter
from qwen_subs.cli.cue_options import CueOptions, VideoOptions
from qwen_subs.cli.options import (
    ConsoleOptions,
    ModelOptions,
    OutputOptions,
    RecognitionOptions,
    SpeechOptions,
    make_settings_fields,
)
from qwen_subs.cli.transcribe import Inputs
from qwen_subs.cli.writing import WritingOptions
from qwen_subs.errors import QwenSubsError

if TYPE_CHECKING:
    from qwen_subs.groups import Outcome
    from qwen_subs.pipeline import Pipeline


def subtitle(
    inputs: Inputs,
    *,
    output: OutputOptions,
    writing: WritingOptions,
    cues: CueOptions,
    video: VideoOptions,
    speech: SpeechOptions,
    recognition: RecognitionOptions,
    models: ModelOptions,
    console: ConsoleOptions,
) -> int:
    """Turn speech into subtitles.

    video.mp4 becomes video.srt beside it. A .json input (ours, or one with word times from Whisper, faster-whisper,
    WhisperX or stable-ts) is cut into cues and written again without any model.
    """
    from qwen_subs.cli.outputs import plan_jobs
    from qwen_subs.cli.run import write_outcomes
    from qwen_subs.formats import Tier
    from qwen_subs.pipeline import Pipeline
    from qwen_subs.settings import Settings

    settings = Settings(**make_settings_fields(models, speech, recognition, cues, video))
    jobs = plan_jobs(
        inputs, output, writing.make_write_options(), default_format="srt", to_stdout=False, tier=Tier.CUES
    )
    with ConsoleReporter(quiet=console.quiet, verbose=console.verbose) as reporter:
        outcomes = _subtitle_all([job.media for job in jobs], Pipeline(settings, reporter))
        return write_outcomes(jobs, outcomes, reporter)


def _subtitle_all(inputs: Sequence[str], pipeline: "Pipeline") -> "Iterator[Outcome]":
    """Yield an outcome for every input, in order: JSON is cued again, everything else is media."""
    from qwen_subs.formats import load_transcript
    from qwen_subs.groups import Outcome

    media = pipeline.subtitle_many([name for name in inputs if not _is_transcript(name)])
    for name in inputs:
        if not _is_transcript(name):
            yield next(media)
            continue
        try:
            yield Outcome(name, transcript=pipeline.recue(load_transcript(Path(name))))
        except QwenSubsError as error:
            yield Outcome(name, error=error)


def _is_transcript(name: str) -> bool:
    return Path(name).suffix.lower() == ".json"
