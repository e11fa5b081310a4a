"""Run jobs one after another: write what succeeds, report what fails, and give the exit code of the whole."""

import sys
from collections.abc import Iterable, Sequence

from qwen_subs.cli.console import print_error
from qwen_subs.cli.outputs import Job
from qwen_subs.errors import ExitCode, QwenSubsError
from qwen_subs.groups import Outcome
from qwen_subs.progress import Reporter


def write_outcomes(jobs: Sequence[Job], outcomes: Iterable[Outcome], reporter: Reporter) -> int:
    """Write every outcome as soon as it is there, and return the exit code.

    Raises:
        QwenSubsError: The error of the only job.
    """
    failures: dict[str, QwenSubsError] = {}
    for job, outcome in zip(jobs, outcomes, strict=True):
        try:
            job.write(outcome.unwrap())
        except QwenSubsError as error:
            if len(jobs) == 1:
                raise
            print_error(str(error), error.hint)
            failures[job.media] = error
        else:
            for path, _ in job.targets:
                if path is not None:
                    reporter.notice(f"wrote {path}")
    if len(jobs) > 1 and failures:
        _print_table(jobs, failures)
    if not failures:
        return ExitCode.OK
    codes = {error.exit_code for error in failures.values()}
    return codes.pop() if len(failures) == len(jobs) and len(codes) == 1 else ExitCode.PARTIAL


def _print_table(jobs: Sequence[Job], failures: dict[str, QwenSubsError]) -> None:
    """Say at the end, where it is not overlooked, which inputs failed and why."""
    width = min(60, max(len(job.media) for job in jobs))
    print(f"\n{len(jobs) - len(failures)} of {len(jobs)} inputs done, {len(failures)} failed:", file=sys.stderr)
    for job in jobs:
        error = failures.get(job.media)
        name = job.media.replace("\n", "\\n")
        print(f"  {name:<{width}}  {'ok' if error is None else f'failed: {error.message}'}", file=sys.stderr)
