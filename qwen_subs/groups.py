"""Many files through the stages in groups, so that short ones share model batches and a bad one stops no other."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from qwen_subs.errors import QwenSubsError
from qwen_subs.transcript import Transcript
from qwen_subs.waveform import Chunk, Waveform

# Files are decoded ahead until this much audio is at hand (one hour of samples is 230 MB).
GROUP_MS = 30 * 60 * 1000


@dataclass(frozen=True, slots=True)
class Source:
    """One decoded media file on its way through the stages."""

    media: str
    waveform: Waveform
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one media file among many: a transcript or the error that stopped it."""

    media: str
    transcript: Transcript | None = None
    error: QwenSubsError | None = None

    def unwrap(self) -> Transcript:
        """Return the transcript, or raise the error."""
        if self.transcript is None:
            assert self.error is not None
            raise self.error
        return self.transcript


Stages = Callable[[Sequence[Source]], list[Transcript]]


def run_in_groups(
    media: Iterable[str | Path],
    load_source: Callable[[str | Path], Source],
    load_models: Callable[[], object],
    stages: Stages,
) -> Iterator[Outcome]:
    """Yield an outcome for every file, in the order of the files.

    Args:
        media: The files.
        load_source: Decodes one of them; its error concerns that file alone.
        load_models: Called before every group; its error ends the run, as it would fail every file.
        stages: Turn a group into its transcripts.
    """
    group: list[Source] = []
    held: list[Outcome | None] = []  # None: the place of the next source of the group

    def release() -> Iterator[Outcome]:
        if group:
            load_models()
        done = iter(_run_group(group, stages))
        yield from (next(done) if outcome is None else outcome for outcome in held)
        group.clear()
        held.clear()

    for path in media:
        try:
            group.append(load_source(path))
            held.append(None)
        except QwenSubsError as error:
            held.append(Outcome(str(path), error=error))
        if not group or sum(source.waveform.duration_ms for source in group) >= GROUP_MS:
            yield from release()
    yield from release()


def _run_group(group: Sequence[Source], stages: Stages) -> list[Outcome]:
    if not group:
        return []
    try:
        transcripts = stages(group)
    except QwenSubsError as error:
        if len(group) == 1:
            return [Outcome(group[0].media, error=error)]
        # One file of the group is to blame: find it, and let the others through.
        return [outcome for source in group for outcome in _run_group([source], stages)]
    return [Outcome(source.media, transcript) for source, transcript in zip(group, transcripts, strict=True)]
