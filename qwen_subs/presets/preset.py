"""What a preset is: limits with their sources, exceptions by language, and lengths in frames."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from qwen_subs.frames import FrameGrid

NO_LIMIT = 1000  # cells or characters per second: more than any cue has
OWN_CHOICE = "no published value; the choice of this program"
_SHORTEST_LENGTHS = ("min_duration_ms", "min_gap_ms", "chain_gap_ms", "shot_zone_ms")


@dataclass(frozen=True, slots=True)
class Rules:
    """Values that one source gives.

    Attributes:
        source: Publisher, document and date; whether it was read or is quoted by others.
        values: Pairs of a field of `Preset` and its value.
        languages: ISO 639 codes for which they hold; empty for all.
    """

    source: str
    values: tuple[tuple[str, float], ...]
    languages: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preset:
    """The limits that cues must keep, and how they are timed.

    Attributes:
        name: As typed after ``--preset``.
        source: Where most values are from, in a few words.
        max_line_count: Rows of a cue.
        max_line_width: Cells of a row; a full-width character takes two.
        max_cps: Reading speed in characters per second.
        min_duration_ms: Shortest time on screen.
        max_duration_ms: Longest time on screen.
        min_gap_ms: Shortest time between two cues, and from the end of a cue to a shot change.
        min_gap_frames: The same in frames, instead of ``min_gap_ms`` where the frame rate is known; 0 if not given.
        chain_gap_ms: A shorter gap is closed to ``min_gap_ms``, so that nothing flickers; 0 leaves gaps as they are.
        max_gap_ms: A pause of this length always ends a cue.
        lead_out_ms: How long a cue may stay after its last word.
        shot_zone_ms: Times that are nearer than this to a shot change are moved to it or away from it; 0 never moves.
        max_late_ms: How much later than its first word a cue may appear so that it appears with a shot.
        break_at_sentences: Whether the end of a sentence always ends a cue.
        rules: The sources of the values, and the exceptions by language; later ones win.
    """

    name: str
    source: str
    max_line_count: int = 2
    max_line_width: int = 42
    max_cps: float = 17.0
    min_duration_ms: int = 833
    max_duration_ms: int = 7000
    min_gap_ms: int = 83
    min_gap_frames: int = 0
    chain_gap_ms: int = 500
    max_gap_ms: int = 1500
    lead_out_ms: int = 500
    shot_zone_ms: int = 0
    max_late_ms: int = 0
    break_at_sentences: bool = False
    rules: tuple[Rules, ...] = ()

    @classmethod
    def compose(cls, name: str, source: str, *rules: Rules) -> "Preset":
        """Return a preset with the values of these rules."""
        return cls(name, source, rules=rules)._apply(*(part for part in rules if not part.languages))

    def for_language(self, code: str) -> "Preset":
        """Return the limits that hold for one language, without exceptions."""
        own = tuple(replace(part, languages=()) for part in self.rules if not part.languages or code in part.languages)
        return replace(self, rules=own)._apply(*own)

    def at_frame_rate(self, fps: Fraction) -> "Preset":
        """Return the limits at a frame rate, still in milliseconds: shortest lengths become whole frames."""
        grid = FrameGrid(fps)

        def resolve(name: str, value: float) -> float:
            if name == "min_gap_ms" and self.min_gap_frames:
                return grid.to_ms(self.min_gap_frames)
            return grid.to_ms(grid.count_from(int(value))) if name in _SHORTEST_LENGTHS else value

        rules = tuple(
            replace(part, values=tuple((name, resolve(name, value)) for name, value in part.values))
            for part in self.rules
        )
        resolved = {name: resolve(name, getattr(self, name)) for name in _SHORTEST_LENGTHS}
        return replace(self, rules=rules)._apply(Rules("", tuple(resolved.items())))

    def override(self, values: Mapping[str, float], source: str = "given by the user") -> "Preset":
        """Return the preset with these values, for every language."""
        if "min_gap_ms" in values:
            values = {"min_gap_frames": 0, **values}
        kept = tuple(
            replace(part, values=tuple((name, value) for name, value in part.values if name not in values))
            for part in self.rules
        )
        given = Rules(source, tuple(values.items()))
        return replace(self, rules=(*kept, given))._apply(given)

    def source_of(self, name: str) -> str:
        """Return where the value of a field is from."""
        for part in reversed(self.rules):
            if not part.languages and name in dict(part.values):
                return part.source
        return OWN_CHOICE

    def find_contradiction(self) -> str | None:
        """Return in a few words which two values cannot both hold, or None."""
        if self.min_duration_ms > self.max_duration_ms:
            return f"shortest cue {self.min_duration_ms / 1000:g} s > longest {self.max_duration_ms / 1000:g} s"
        return None

    def _apply(self, *rules: Rules) -> "Preset":
        values = {name: value for part in rules for name, value in part.values}
        return replace(self, **values)  # type: ignore[arg-type]
