"""``qwen-subs align``: put every word of a script on its moment."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from qwen_subs.cli.console import ConsoleReporter
from qwen_subs.cli.options import (
    ConsoleOptions,
    CueOptions,
    ModelOptions,
    OutputOptions,
    SpeechOptions,
    make_settings_fields,
    read_text,
)
from qwen_subs.cli.writing import WritingOptions
from qwen_subs.errors import InputError


def align(
    media: Annotated[str, typer.Argument(metavar="MEDIA", help="Media file of any kind; - is standard input.")],
    script: Annotated[Path, typer.Argument(metavar="SCRIPT", help="Text file of what is spoken.")],
    *,
    output: OutputOptions,
    writing: WritingOptions,
    cues: CueOptions,
    speech: SpeechOptions,
    models: ModelOptions,
    console: ConsoleOptions,
) -> int:
    """Put every word of a script on its moment in the recording.

    audio.wav and script.txt become audio.TextGrid beside the recording. The script is taken as what is spoken, from
    beginning to end, and its text comes out unchanged; every line is a segment.
    """
    from qwen_subs.cli.outputs import plan_jobs
    from qwen_subs.cli.run import write_outcomes
    from qwen_subs.formats import Tier
    from qwen_subs.pipeline import Outcome, Pipeline
    from qwen_subs.settings import Settings

    settings = Settings(**make_settings_fields(models, speech, cues=cues))
    text = read_text(script)
    jobs = plan_jobs(
        [media], output, writing.make_write_options(), default_format="textgrid", to_stdout=False, tier=Tier.CUES
    )
    with ConsoleReporter(quiet=console.quiet, verbose=console.verbose) as reporter:
        if not jobs:
            return 0
        try:
            transcript = Pipeline(settings, reporter).align(media, text)
        except InputError as error:
            # The script is the file to name where the fact is about the text.
            raise error if error.path else InputError(error.message, path=script, hint=error.hint) from None
        if all(output_format.requires < Tier.CUES for _, output_format in jobs[0].targets):
            transcript = replace(transcript, cues=())  # nobody asked for subtitles
        return write_outcomes(jobs, [Outcome(media, transcript)], reporter)
