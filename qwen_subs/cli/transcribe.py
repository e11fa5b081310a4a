"""``qwen-subs transcribe``: speech to text."""

from typing import Annotated

import typer

from qwen_subs.cli.console import ConsoleReporter
from qwen_subs.cli.options import (
    ConsoleOptions,
    ModelOptions,
    OutputOptions,
    RecognitionOptions,
    SpeechOptions,
    make_settings_fields,
)
from qwen_subs.cli.writing import WritingOptions

Inputs = Annotated[list[str], typer.Argument(metavar="INPUT", help="Media files of any kind; - is standard input.")]


def transcribe(
    inputs: Inputs,
    *,
    output: OutputOptions,
    writing: WritingOptions,
    speech: SpeechOptions,
    recognition: RecognitionOptions,
    models: ModelOptions,
    console: ConsoleOptions,
) -> int:
    """Turn speech into text.

    The text goes to standard output, one line per stretch of speech; with -o or several formats, to files.
    """
    from qwen_subs.cli.outputs import plan_jobs
    from qwen_subs.cli.run import write_outcomes
    from qwen_subs.formats import Tier
    from qwen_subs.pipeline import Pipeline
    from qwen_subs.settings import Settings

    settings = Settings(**make_settings_fields(models, speech, recognition))
    jobs = plan_jobs(
        inputs, output, writing.make_write_options(), default_format="txt", to_stdout=True, tier=Tier.SEGMENTS
    )
    with ConsoleReporter(quiet=console.quiet, verbose=console.verbose) as reporter:
        outcomes = Pipeline(settings, reporter).transcribe_many([job.media for job in jobs])
        return write_outcomes(jobs, outcomes, reporter)
