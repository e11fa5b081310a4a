"""Which file every result goes to, decided and checked before any work starts."""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from qwen_subs.cli.options import OutputOptions
from qwen_subs.errors import OutputError, UsageError
from qwen_subs.formats import (
    FORMATS,
    Format,
    Tier,
    WriteOptions,
    find_format,
    get_format,
    iterate_formats,
    render,
    save_transcript,
)
from qwen_subs.transcript import Transcript

STDIN = STDOUT = "-"


@dataclass(frozen=True, slots=True)
class Job:
    """One input and the files its transcript becomes; a path of None is standard output."""

    media: str
    targets: tuple[tuple[Path | None, Format], ...]
    writing: WriteOptions

    def write(self, transcript: Transcript) -> None:
        """Write every target.

        Raises:
            OutputError: If one cannot be written.
        """
        for path, output_format in self.targets:
            if path is None:
                sys.stdout.write(render(transcript, output_format.name, self.writing))
                sys.stdout.flush()
            else:
                save_transcript(transcript, path, output_format.name, self.writing)

    def existing(self) -> list[Path]:
        """Return the targets that exist already."""
        return [path for path, _ in self.targets if path is not None and path.exists()]


def plan_jobs(
    media: Sequence[str],
    options: OutputOptions,
    writing: WriteOptions,
    *,
    default_format: str,
    to_stdout: bool,
    tier: Tier,
) -> list[Job]:
    """Return a job for every input that has something to do.

    Args:
        media: The inputs; ``-`` is standard input.
        options: The user's wishes.
        writing: The user's wishes for the writers.
        default_format: Format if none is named by ``-f`` or by the ending of ``-o``.
        to_stdout: Whether results go to standard output unless ``-o`` says otherwise.
        tier: What the command produces; ``all`` means all formats that need no more.

    Raises:
        UsageError: For unknown formats, formats the command cannot give, wishes that concern none of the formats, and
            outputs that collide.
        OutputError: If an output exists and neither ``--overwrite`` nor ``--skip-existing`` was given, or a folder
            cannot be written.
    """
    formats = _choose_formats(options, default_format, tier)
    _refuse_idle_wishes(writing, formats)
    if options.overwrite and options.skip_existing:
        raise UsageError("--overwrite and --skip-existing contradict each other", hint="give one of them")
    jobs = [_plan_job(name, options.output, formats, writing, to_stdout, several=len(media) > 1) for name in media]
    _refuse_collisions(jobs)
    if options.skip_existing:
        jobs = [job for job in jobs if len(job.existing()) < len(job.targets)]
    elif not options.overwrite:
        existing = [path for job in jobs for path in job.existing()]
        if existing:
            others = f" (and {len(existing) - 1} more)" if len(existing) > 1 else ""
            raise OutputError(
                f"exists already{others}", path=existing[0], hint="give --overwrite, --skip-existing or another -o"
            )
    _prepare_folders(jobs, make=_is_folder(options.output))
    return jobs


def _prepare_folders(jobs: Sequence[Job], *, make: bool) -> None:
    """Make sure that results can be written before hours are spent on them.

    Args:
        jobs: All of them.
        make: Whether a missing folder is made: one that the user named as a folder is.
    """
    for folder in {path.parent for job in jobs for path, _ in job.targets if path is not None}:
        try:
            if make:
                folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(f"cannot be made ({error.strerror})", path=folder, hint="give another -o") from error
        if not folder.is_dir():
            raise OutputError("no such folder", path=folder, hint="make it first, or give -o DIR/")
        if not os.access(folder, os.W_OK):
            raise OutputError("the folder is read-only", path=folder, hint="give another -o")


def _choose_formats(options: OutputOptions, default: str, tier: Tier) -> list[Format]:
    if options.output_format is None:
        named = find_format(options.output) if options.output and not _is_folder(options.output) else None
        chosen = [named or get_format(default)]
    elif options.output_format.strip().lower() == "all":
        chosen = [found for found in iterate_formats() if found.requires <= tier]
    else:
        names = [name.strip().lower() for name in options.output_format.split(",") if name.strip()]
        chosen = [get_format(name) for name in dict.fromkeys(names)]
    if not chosen:
        raise UsageError("no output format given", hint=f"known: {', '.join(FORMATS)}, all")
    for found in chosen:
        if found.requires > tier:
            raise UsageError(
                f"{found.name} needs {found.requires.name.lower()}, which this command does not make",
                hint="use qwen-subs subtitle",
            )
    return chosen


def _refuse_idle_wishes(writing: WriteOptions, formats: Sequence[Format]) -> None:
    for name in writing.special:
        if not any(name in chosen.honours for chosen in formats):
            known = ", ".join(known.name for known in iterate_formats() if name in known.honours)
            raise UsageError(
                f"--{name.replace('_', '-')} concerns none of the output formats", hint=f"it is for {known}"
            )


def _is_folder(output: str | None) -> bool:
    """An existing folder, a name that ends in a slash, or a name without an ending."""
    if output is None or output == STDOUT:
        return False
    return output.endswith(("/", "\\")) or Path(output).is_dir() or not Path(output).suffix


def _plan_job(
    media: str, output: str | None, formats: Sequence[Format], writing: WriteOptions, to_stdout: bool, several: bool
) -> Job:
    if output == STDOUT or (output is None and (to_stdout or media == STDIN)):
        if len(formats) > 1:
            raise UsageError(f"{len(formats)} formats cannot share standard output", hint="give -o DIR/ or one format")
        return Job(media, ((None, formats[0]),), writing)
    if output is not None and not _is_folder(output):
        if several or len(formats) > 1:
            what = "several inputs" if several else f"{len(formats)} formats"
            raise UsageError(f"one output file for {what}", path=output, hint="give a folder: -o DIR/")
        if find_format(output) is None:
            known = ", ".join(ending for found in iterate_formats() for ending in found.extensions)
            raise UsageError(
                f"unknown ending {Path(output).suffix!r}", path=output, hint=f"known: {known}; a folder ends with /"
            )
        return Job(media, ((Path(output), formats[0]),), writing)
    source = Path("stdin" if media == STDIN else media)
    folder = source.parent if output is None else Path(output)
    return Job(media, tuple((folder / (source.stem + found.extensions[0]), found) for found in formats), writing)


def _refuse_collisions(jobs: Sequence[Job]) -> None:
    owners: dict[Path, str] = {}
    inputs = {Path(job.media).absolute() for job in jobs if job.media != STDIN}
    for job in jobs:
        for path, _ in job.targets:
            if path is None:
                continue
            if path.absolute() in inputs:
                raise UsageError("output would replace an input", path=path, hint="give another -o")
            if path.absolute() in owners:
                raise UsageError(
                    f"output of both {owners[path.absolute()]} and {job.media}",
                    path=path,
                    hint="rename an input, or run them one by one with their own -o",
                )
            owners[path.absolute()] = job.media
