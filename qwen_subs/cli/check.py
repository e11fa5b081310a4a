"""``qwen-subs check``: which limits subtitles break, and a corrected copy."""

import sys
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from qwen_subs.cli.console import ConsoleReporter, print_error
from qwen_subs.cli.cue_options import CueOptions, VideoOptions
from qwen_subs.cli.options import ConsoleOptions
from qwen_subs.errors import ExitCode, OutputError, QualityError, QwenSubsError, UsageError

if TYPE_CHECKING:
    from qwen_subs.quality import Report

_CHECK = "Check"
_STDOUT = "-"
_MENDED = ".fixed"  # film.srt -> film.fixed.srt


class FailOn(StrEnum):
    """What makes the command fail."""

    ERROR = "error"
    WARNING = "warning"
    NONE = "none"


class ReportFormat(StrEnum):
    """How the report is written."""

    TEXT = "text"
    JSON = "json"
    CSV = "csv"
    HTML = "html"


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Subtitles: ours or any other program's.")],
    *,
    media: Annotated[
        Path | None,
        typer.Option(
            metavar="MEDIA",
            help="The film: also look at frames, shot changes, speech without cues and the reverse.",
            rich_help_panel=_CHECK,
        ),
    ] = None,
    language: Annotated[
        str | None,
        typer.Option(metavar="LANG", help="Language of the text; found out by default.", rich_help_panel=_CHECK),
    ] = None,
    report_format: Annotated[
        ReportFormat | None,
        typer.Option(
            "--format",
            "-f",
            "--report-format",
            metavar="NAME",
            help="Of the report: text, json, csv or html; by default what the ending of -o says, or text.",
            rich_help_panel=_CHECK,
        ),
    ] = None,
    output: Annotated[
        str | None,
        typer.Option(
            "--output",
            "-o",
            metavar="FILE|DIR|-",
            help="The report; with --fix the corrected copy, or a folder of copies.",
            rich_help_panel=_CHECK,
        ),
    ] = None,
    fail_on: Annotated[
        FailOn,
        typer.Option(
            metavar="LEVEL", help="From what on the exit code is 7: error, warning or none.", rich_help_panel=_CHECK
        ),
    ] = FailOn.ERROR,
    fix: Annotated[
        bool,
        typer.Option(
            "--fix",
            help="Write a corrected copy, film.fixed.srt for film.srt, and report what it still breaks.",
            rich_help_panel=_CHECK,
        ),
    ] = False,
    overwrite: Annotated[
        bool, typer.Option("--overwrite", help="Replace existing outputs.", rich_help_panel=_CHECK)
    ] = False,
    cues: CueOptions,
    video: VideoOptions,
    console: ConsoleOptions,
) -> int:
    """Check subtitles against the limits of a preset.

    Reports every broken rule with its cue, time, measured value and limit: line width and count, reading speed,
    durations, gaps, overlaps, order, line breaks, marks and tags; with --media also frames, shot changes, the end of
    the film, sound as loud as speech without a cue, and cues without it; for our own JSON also doubtful words and
    flagged segments. --fix mends what can be mended without changing the text or taking a cue away from its speech.
    """
    from qwen_subs.checking import check as check_file
    from qwen_subs.checking import mend, save_copy
    from qwen_subs.formats.files import write_file
    from qwen_subs.formats.subtitle_files import keeps_look
    from qwen_subs.quality import Severity
    from qwen_subs.quality.renderers import render_reports, summarize

    if media is not None and len(files) > 1:
        raise UsageError(f"one --media for {len(files)} files", hint="check them one by one")
    target = None if fix or output is None or output == _STDOUT else Path(output)
    chosen = _choose_format(report_format, target)
    copies = _plan_copies(files, output, overwrite=overwrite) if fix else {}
    if target is not None:
        _refuse_existing(target, files, overwrite=overwrite)
    settings = {"preset": cues.make_preset(), "language": language, **video.make_fields()}
    reports: list[Report] = []
    failures: list[QwenSubsError] = []
    with ConsoleReporter(quiet=console.quiet, verbose=console.verbose) as reporter:
        for path in files:
            try:
                report = check_file(path, media, reporter, **settings)
                if fix:
                    report = save_copy(mend(report), copies[path])
                    reporter.notice(f"wrote {copies[path]}")
                    if not keeps_look(path):
                        reporter.notice(f"{path}: styles, positions, tags and notes are not in the copy")
                reports.append(report)
            except QwenSubsError as error:
                if len(files) == 1:
                    raise
                print_error(str(error), error.hint)
                failures.append(error)
        least = Severity.NOTE if console.verbose or chosen is not ReportFormat.TEXT else Severity.WARNING
        text = render_reports(reports, chosen.value, least)
        if target is None:
            sys.stdout.write(text)
        else:
            write_file(target, text.encode("utf-8"))
            reporter.notice(f"wrote {target}")
    if failures:
        codes = {error.exit_code for error in failures}
        return codes.pop() if not reports and len(codes) == 1 else ExitCode.PARTIAL
    limit = {FailOn.ERROR: Severity.ERROR, FailOn.WARNING: Severity.WARNING}.get(fail_on)
    failed = [r for r in reports if limit is not None and any(issue.severity >= limit for issue in r.issues)]
    if len(failed) == 1:
        raise QualityError(f"breaks limits: {summarize(failed[0])}", path=failed[0].copy or failed[0].source)
    if failed:
        raise QualityError(f"{len(failed)} of {len(files)} files break limits")
    return ExitCode.OK


def _choose_format(given: ReportFormat | None, target: Path | None) -> ReportFormat:
    endings = {
        ".html": ReportFormat.HTML,
        ".htm": ReportFormat.HTML,
        ".json": ReportFormat.JSON,
        ".csv": ReportFormat.CSV,
    }
    suffix = "" if target is None else target.suffix.lower()
    return given or endings.get(suffix, ReportFormat.TEXT)


def _plan_copies(files: Sequence[Path], output: str | None, *, overwrite: bool) -> dict[Path, Path]:
    """Return where each corrected copy goes.

    Raises:
        UsageError: If copies collide, would replace an input, or have no writer.
        OutputError: If a copy exists, or a folder cannot be made.
    """
    from qwen_subs.formats import Tier, iterate_formats

    if output == _STDOUT:
        raise UsageError("a copy and the report cannot share standard output", hint="give -o FILE or -o DIR/")
    as_folder = output is not None and (output.endswith("/") or Path(output).is_dir() or not Path(output).suffix)
    if output is not None and not as_folder and len(files) > 1:
        raise UsageError("one output file for several inputs", path=output, hint="give a folder: -o DIR/")
    copies: dict[Path, Path] = {}
    for path in files:
        if output is None:
            copies[path] = path.with_name(f"{path.stem}{_MENDED}{path.suffix}")
        else:
            copies[path] = Path(output) / path.name if as_folder else Path(output)
    writers = (found for found in iterate_formats() if found.requires is Tier.CUES or found.name == "json")
    endings = {ending.lower() for found in writers for ending in found.extensions}
    inputs = {path.resolve() for path in files}
    for copy in copies.values():
        if copy.suffix.lower() not in endings:
            raise UsageError(
                f"cannot be written as {copy.suffix!r}",
                path=copy,
                hint=f"give -o with one of {', '.join(sorted(endings))}",
            )
        if copy.resolve() in inputs:
            raise UsageError("output would replace an input", path=copy, hint="give another -o")
    if len({copy.absolute() for copy in copies.values()}) < len(files):
        raise UsageError("two copies would have the same name", hint="fix them one by one with their own -o")
    if as_folder and output is not None:
        try:
            Path(output).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot be made ({error.strerror})", path=output, hint="give another -o") from error
    for copy in copies.values():
        if copy.exists() and not overwrite:
            raise OutputError("exists already", path=copy, hint="give --overwrite or another -o")
    return copies


def _refuse_existing(target: Path, files: Sequence[Path], *, overwrite: bool) -> None:
    """Raise if a report would replace an input, a folder, or a file without leave."""
    if target.resolve() in {path.resolve() for path in files}:
        raise UsageError("output would replace an input", path=target, hint="give another -o")
    if target.is_dir():
        raise OutputError("is a folder", path=target, hint="name a file")
    if target.is_file() and not overwrite:
        raise OutputError("exists already", path=target, hint="give --overwrite or another -o")
