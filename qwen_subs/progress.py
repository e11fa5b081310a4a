"""How the stages tell a front end what happens, without printing."""

from enum import StrEnum


class Stage(StrEnum):
    """The stages that take long enough to be shown."""

    LOADING = "loading"
    DECODING = "decoding"
    SHOTS = "shots"
    RECOGNITION = "recognition"
    ALIGNMENT = "alignment"


class Reporter:
    """Receives progress and notices; this base class ignores them. A front end overrides what it shows."""

    def start(self, stage: Stage, total_ms: int | None = None) -> None:
        """A stage begins; ``total_ms`` is the audio it will go through, None when unknown."""

    def advance(self, stage: Stage, ms: int) -> None:
        """The stage went through ``ms`` more milliseconds of audio."""

    def finish(self, stage: Stage) -> None:
        """The stage is over."""

    def notice(self, message: str) -> None:
        """Something the user should know: one line, the file first."""

    def detail(self, message: str) -> None:
        """Something only a curious user wants to know: one line."""
