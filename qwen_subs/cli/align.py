"""``qwen-subs align``: put every word of a script on its moment."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from qwen_subs.cli.console import ConsoleReporter
from qwen_subs.cli.cue_options import CueOptions, VideoOptions
from qwen_subs.cli.options import (
    ConsoleOptions,
    ModelOptions,
    OutputOptions,
    SpeechOptions,
    make_settings_fields,
    read_text,
)
from qwen_subs.cli.writing import WritingOptions
from qwen_subs.errors import InputError

_TAG = re.compile(r"</?[a-zA-Z][^<>]*>")  # italics and the like, which nobody speaks


def align(
    media: Annotated[str, typer.Argument(metavar="MEDIA", help="Media file of any kind; - is standard input.")],
    script: Annotated[Path, typer.Argument(metavar="SCRIPT", help="Text file of what is spoken.")],
    *,
    output: OutputOptions,
    writing: WritingOptions,
    cues: CueOptions,
    video: VideoOptions,
    speech: SpeechOptions,
    models: ModelOptions,
    console: ConsoleOptions,
) -> int:
    """Put every word of a script on its moment in the recording.

    audio.wav and script.txt become audio.TextGrid beside the recording. The script is taken as what is spoken, from
    beginning to end, and its text comes out unchanged; every line is a segment. Of a subtitle file, a TextGrid or a
    JSON of ours, the text is taken and the times are not.
    """
    from qwen_subs.cli.outputs import plan_jobs
    from qwen_subs.cli.run import write_outcomes
    from qwen_subs.formats import Tier
    from qwen_subs.groups import Outcome
    from qwen_subs.pipeline import Pipeline
    from qwen_subs.settings import Settings

    settings = Settings(**make_settings_fields(models, speech, cues=cues, video=video))
    text = _read_script(script)
    jobs = plan_jobs(
        [media], output, writing.make_write_options(), default_format="textgrid", to_stdout=False, tier=Tier.CUES
    )
    with ConsoleReporter(quiet=console.quiet, verbose=console.verbose) as reporter:
        if not jobs:
            return 0
        formats = [output_format for _, output_format in jobs[0].targets]
        cued = any(found.requires >= Tier.CUES for found in formats)
        if not cued and all(found.name != "json" for found in formats):  # nothing there would tell of shots
            settings = replace(settings, shot_changes="none")
        try:
            transcript = Pipeline(settings, reporter).align(media, text)
        except InputError as error:
            # The script is the file to name where the fact is about the text.
            raise error if error.path else InputError(error.message, path=script, hint=error.hint) from None
        if not cued:
            transcript = replace(transcript, cues=())  # nobody asked for subtitles
        return write_outcomes(jobs, [Outcome(media, transcript)], reporter)


def _read_script(path: Path) -> str:
    """Return what is spoken, one segment per line: a text file as it is, of other files the text of their tiers."""
    from qwen_subs.formats import find_format, load_transcript

    found = find_format(path)
    if found is None or found.tier_read is None:
        return read_text(path)
    transcript = load_transcript(path)
    texts = [segment.text for segment in transcript.segments] or [" ".join(cue.lines) for cue in transcript.cues]
    return "\n".join(_TAG.sub("", text) for text in texts)
