"""Exit codes and the error tree; every class owns the exit code that the command line returns for it."""

from enum import IntEnum
from os import PathLike, fspath
from typing import ClassVar


class ExitCode(IntEnum):
    """Process exit codes, the same for every command."""

    OK = 0
    UNEXPECTED = 1
    USAGE = 2
    INPUT = 3
    ENVIRONMENT = 4
    MODEL = 5
    OUTPUT = 6
    QUALITY = 7
    PARTIAL = 8
    INTERRUPTED = 130


class QwenSubsError(Exception):
    """Base of all errors that this library raises on purpose.

    Args:
        message: One lower-case line that states the fact.
        path: The file that the fact is about; ``str(error)`` starts with it.
        hint: The remedy, in one line.
    """

    exit_code: ClassVar[ExitCode] = ExitCode.UNEXPECTED

    def __init__(self, message: str, *, path: str | PathLike[str] | None = None, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.path = None if path is None else fspath(path)
        self.hint = hint

    def __str__(self) -> str:
        # A name may hold a newline; an error stays one line.
        text = self.message if self.path is None else f"{self.path}: {self.message}"
        return text.replace("\n", "\\n").replace("\r", "\\r")


class UsageError(QwenSubsError):
    """A flag, format, language, preset or combination that does not exist or make sense."""

    exit_code = ExitCode.USAGE


class InputError(QwenSubsError):
    """Media or text that is missing, unreadable, empty or without audio."""

    exit_code = ExitCode.INPUT


class MissingDependencyError(QwenSubsError):
    """A program or an optional package that is needed and not installed."""

    exit_code = ExitCode.ENVIRONMENT


class ModelError(QwenSubsError):
    """Loading a checkpoint, running out of memory, or a model answer that cannot be used."""

    exit_code = ExitCode.MODEL


class OutputError(QwenSubsError):
    """A file that cannot be written."""

    exit_code = ExitCode.OUTPUT


class QualityError(QwenSubsError):
    """The result was written but falls short of a limit that the user set."""

    exit_code = ExitCode.QUALITY
