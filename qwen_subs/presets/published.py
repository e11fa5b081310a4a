"""The presets that come with the program, every value under its source.

"Read" means in a copy of the publisher's own page, "quoted" that others quote it; all collected in the month given,
because publishers edit these pages. Fields that no rule names are choices of this program: the defaults of `Preset`.
Widths are cells: 16 full-width characters are 32.
"""

from qwen_subs.presets.preset import NO_LIMIT, Preset, Rules

DEFAULT_PRESET = "netflix"
_FULL_WIDTH = ("zh", "yue", "ja", "ko")


def _rules(source: str, *languages: str, **values: float) -> Rules:
    return Rules(source, tuple(values.items()), languages)


_NETFLIX = (
    _rules(
        "Netflix Timed Text Style Guide: General Requirements (215758617), read 2026-11",
        max_line_count=2,
        min_duration_ms=833,  # 5/6 s: 20 frames at 24 per second
        max_duration_ms=7000,
    ),
    _rules(
        "Netflix Timed Text Style Guide: Subtitle Timing Guidelines (360051554394), read 2026-11",
        min_gap_ms=83,  # what the 2 frames last at 24 per second
        min_gap_frames=2,
        chain_gap_ms=500,  # "half a second": 12 frames at 24, 15 at 30
        lead_out_ms=500,
        max_late_ms=84,  # "within 1-2 frames", at 24
    ),
    _rules(
        "Netflix Timed Text Style Guide: Subtitle Timing Guidelines (360051554394), quoted 2026-11",
        shot_zone_ms=500,
    ),
    _rules("Netflix Timed Text Style Guides of the languages, quoted 2026-11", max_line_width=42),
    _rules("Netflix Chinese Timed Text Style Guides, quoted 2026-11", "zh", "yue", max_line_width=32),
    _rules(
        "Netflix Japanese Timed Text Style Guide, quoted 2026-11",
        "ja",
        max_line_width=26,
        min_duration_ms=500,
        chain_gap_ms=0,
    ),
    _rules("Netflix Korean Timed Text Style Guide, quoted 2026-11", "ko", max_line_width=32),
    _rules("Netflix Thai Timed Text Style Guide, quoted 2026-11", "th", max_line_width=35),
)
# Reading speeds: of English read in its own guide, of the others quoted.
_ENGLISH = "Netflix English Timed Text Style Guide (217350977), read 2026-11"
_OTHERS = "Netflix Timed Text Style Guides of the languages, quoted 2026-11"
_NETFLIX_SPEEDS = (
    _rules(_OTHERS, max_cps=17),
    _rules(_ENGLISH, "en", max_cps=20),
    _rules(_OTHERS, "ar", max_cps=20),
    _rules(_OTHERS, "hi", max_cps=22),
    _rules(_OTHERS, "zh", "yue", max_cps=9),
    _rules(_OTHERS, "ja", max_cps=4),
    _rules(_OTHERS, "ko", max_cps=12),
)
_NETFLIX_CHILDREN_SPEEDS = (
    _rules(_OTHERS, max_cps=13),
    _rules(_ENGLISH, "en", max_cps=17),
    _rules(_OTHERS, "ar", max_cps=17),
    _rules(_OTHERS, "hi", max_cps=18),
    _rules(_OTHERS, "zh", "yue", max_cps=7),
    _rules(_OTHERS, "ja", max_cps=4),
    _rules(_OTHERS, "ko", max_cps=9),
)

# Nobody else gives widths for scripts of full-width characters.
_NETFLIX_WIDTHS = _rules("as Netflix: no value of its own was found", *_FULL_WIDTH, max_line_width=32)

_WHISPER = "openai/whisper, whisper/utils.py, read 2026-11"
_WHISPER_LENGTHS = "openai/whisper, its window and the pause that divides its rows, quoted 2026-11"

PRESETS: dict[str, Preset] = {
    preset.name: preset
    for preset in (
        Preset.compose("netflix", "Netflix Timed Text Style Guides, 2026-11", *_NETFLIX, *_NETFLIX_SPEEDS),
        Preset.compose(
            "netflix-children",
            "Netflix Timed Text Style Guides, children's programmes, 2026-11",
            *_NETFLIX,
            *_NETFLIX_CHILDREN_SPEEDS,
        ),
        Preset.compose(
            "bbc",
            "BBC Subtitle Guidelines, 2026-11",
            _rules(
                "BBC Subtitle Guidelines, read 2026-11",
                max_line_count=2,
                max_line_width=37,
                max_cps=18,  # 180 words per minute, six characters a word with its space
                min_duration_ms=300,  # of a single word: 0.3 s per word
                min_gap_ms=0,
                chain_gap_ms=1000,  # "at least one second, preferably one and a half", or none
            ),
            # "Start on the first frame of the shot and end on the last frame", without a number.
            _rules("BBC Subtitle Guidelines, read 2026-11; how near is the choice of this program", shot_zone_ms=500),
            _NETFLIX_WIDTHS,
        ),
        Preset.compose(
            "ted",
            "TED translators' subtitling cheat sheet, 2026-11",
            _rules(
                "TED translators' subtitling cheat sheet, read 2026-11",
                max_line_count=2,
                max_line_width=42,
                max_cps=21,
                min_duration_ms=1000,
                max_duration_ms=7000,
            ),
            _NETFLIX_WIDTHS,
        ),
        Preset.compose(
            "amazon",
            "Amazon timed text requirements, quoted 2026-11",
            _rules(
                "Amazon timed text requirements, quoted 2026-11",
                max_line_count=2,
                max_line_width=42,
                max_cps=17,
                min_duration_ms=1000,
                min_gap_ms=83,
            ),
            _NETFLIX_WIDTHS,
        ),
        Preset.compose(
            "arte",
            "Arte subtitling requirements, quoted 2026-11",
            _rules(
                "Arte subtitling requirements, quoted 2026-11",
                max_line_count=2,
                max_line_width=40,
                max_cps=20,
                min_duration_ms=1000,
                max_duration_ms=10_000,
                min_gap_ms=200,
            ),
            _NETFLIX_WIDTHS,
        ),
        Preset.compose(
            "social",
            "practice of short vertical video (9:16), 2026-11",
            _rules(
                "practice of short vertical video (9:16), quoted 2026-11",
                max_line_count=2,
                max_line_width=24,
                max_cps=25,
                min_duration_ms=700,
                max_duration_ms=5000,
                min_gap_ms=0,
            ),
        ),
        Preset.compose(
            "whisper",
            "defaults of openai/whisper, 2026-11",
            # A cue is a segment, on one line, from its first word to its last.
            _rules(
                _WHISPER,
                max_line_count=1,
                max_line_width=NO_LIMIT,
                min_duration_ms=0,
                min_gap_ms=0,
                chain_gap_ms=0,
                lead_out_ms=0,
            ),
            _rules(_WHISPER_LENGTHS, max_duration_ms=30_000, max_gap_ms=3000),
            _rules("segments of openai/whisper mostly end with sentences", break_at_sentences=True),
            _rules("openai/whisper has no limit", max_cps=NO_LIMIT),
        ),
        Preset.compose(
            "none",
            "no limits: a cue is a sentence, while it is spoken",
            _rules(
                "no limit",
                max_line_width=NO_LIMIT,
                max_cps=NO_LIMIT,
                max_duration_ms=60_000,  # what is spoken longer without any mark is divided all the same
                min_duration_ms=0,
                min_gap_ms=0,
                chain_gap_ms=0,
                lead_out_ms=0,
                break_at_sentences=True,
            ),
        ),
    )
}
