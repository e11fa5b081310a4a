"""What a person sees on stderr: errors, notices and progress; stdout belongs to the data."""

import sys
import time
from typing import TYPE_CHECKING, Self

from qwen_subs.progress import Reporter, Stage

if TYPE_CHECKING:
    from rich.progress import Progress, Task, TaskID
    from rich.text import Text


def print_error(message: str, hint: str | None) -> None:
    """Print one line for the fact and, if there is one, one for the remedy."""
    print(f"error: {message}", file=sys.stderr)
    if hint:
        print(f"hint: {hint}", file=sys.stderr)


class ConsoleReporter(Reporter):
    """Notices as lines, stages as bars while stderr is a terminal."""

    def __init__(self, *, quiet: bool = False, verbose: bool = False) -> None:
        self.quiet = quiet
        self.verbose = verbose and not quiet
        self._started: dict[Stage, float] = {}
        self._seen_ms: dict[Stage, int] = {}
        self._tasks: dict[Stage, TaskID] = {}
        self._progress: Progress | None = None
        if not quiet and sys.stderr.isatty():
            self._progress = _make_progress()

    def start(self, stage: Stage, total_ms: int | None = None) -> None:
        """Show a bar, a moving one if the total is unknown."""
        self._started[stage], self._seen_ms[stage] = time.monotonic(), 0
        if self._progress is not None:
            self._progress.start()
            self._tasks[stage] = self._progress.add_task(stage.value, total=total_ms)

    def advance(self, stage: Stage, ms: int) -> None:
        """Move the bar."""
        self._seen_ms[stage] = self._seen_ms.get(stage, 0) + ms
        if self._progress is not None and stage in self._tasks:
            self._progress.advance(self._tasks[stage], ms)

    def finish(self, stage: Stage) -> None:
        """Take the bar away, and tell a curious user how fast it was."""
        if self._progress is not None and stage in self._tasks:
            self._progress.remove_task(self._tasks.pop(stage))
            if not self._tasks:
                self._progress.stop()
        if stage in self._started:
            seconds = time.monotonic() - self._started.pop(stage)
            audio = self._seen_ms[stage] / 1000
            speed = f", {audio:.1f} s of audio, {audio / seconds:.1f} x real time" if audio and seconds else ""
            self.detail(f"{stage.value}: {seconds:.2f} s{speed}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        """Leave a clean terminal behind, also after an error."""
        if self._progress is not None:
            self._progress.stop()
            self._tasks.clear()

    def notice(self, message: str) -> None:
        """Print a line, unless the user asked for quiet."""
        if not self.quiet:
            self._print(f"note: {message}")

    def detail(self, message: str) -> None:
        """Print a line for ``-v``."""
        if self.verbose:
            self._print(message)

    def _print(self, line: str) -> None:
        line = line.replace("\n", "\\n")
        if self._progress is not None:
            self._progress.console.print(line, markup=False, highlight=False, soft_wrap=True)
        else:
            print(line, file=sys.stderr)


def _make_progress() -> "Progress":
    from rich.console import Console
    from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn
    from rich.text import Text

    class AudioSpeed(ProgressColumn):
        """Seconds of audio done, of how many, and per second."""

        def render(self, task: "Task") -> "Text":
            total = "" if task.total is None else f" / {task.total / 1000:.0f}"
            speed = f"  {task.speed / 1000:.1f} x real time" if task.speed else ""
            return Text(f"{task.completed / 1000:.0f}{total} s{speed}" if task.completed else "")

    return Progress(
        TextColumn("{task.description:>12}"),
        BarColumn(),
        AudioSpeed(),
        TimeRemainingColumn(compact=True),
        console=Console(stderr=True),
        transient=True,
    )
