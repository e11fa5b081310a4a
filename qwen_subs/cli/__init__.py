"""The command line: `main` is the only place where errors become messages and exit codes."""

import os
import sys
from collections.abc import Sequence
from typing import NoReturn

from qwen_subs.errors import ExitCode, QwenSubsError


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code; see the table in the README.

    Args:
        argv: Arguments without the program's name; those of the process by default.
    """
    from typer import TyperException

    from qwen_subs.cli.app import app
    from qwen_subs.cli.console import print_error
    from qwen_subs.cli.foreign_flags import explain_flag

    try:
        result = app(args=argv, prog_name="qwen-subs", standalone_mode=False)
        sys.stdout.flush()
        return int(result or ExitCode.OK)
    except QwenSubsError as error:
        print_error(str(error), error.hint)
        return error.exit_code
    except TyperException as error:
        flag = getattr(error, "option_name", "")
        message = error.format_message().rstrip(".")
        print_error(message[:1].lower() + message[1:], explain_flag(flag) or _usage_hint(error))
        return error.exit_code
    except KeyboardInterrupt:
        print_error("interrupted", None)
        return ExitCode.INTERRUPTED
    except BrokenPipeError:
        # The reader has seen enough (`| head -1`). Python flushes stdout once more on its way out: into nothing.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return ExitCode.OK


def _usage_hint(error: Exception) -> str | None:
    context = getattr(error, "ctx", None)
    return None if context is None else f"see {context.command_path} --help"


def entry_point() -> NoReturn:
    """Run the command of this process and exit."""
    sys.exit(main())
