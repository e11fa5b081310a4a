"""What an ASS file holds besides its cues: script info, styles and attached fonts; ours, or those of a template."""

import re
from dataclasses import dataclass

from qwen_subs.errors import InputError

_HEADING = re.compile(r"\[([^\]]*[a-z][^\]]*)\]")  # a lower-case letter: attached fonts are encoded without any
_STYLE = re.compile(r"Style:\s*([^,]+?)\s*,")
_STYLES = "v4+ styles"
# Sections of a template that speak of its own cues or of another video.
_LEFT_OUT = ("events", "aegisub project garbage", "aegisub extradata")


@dataclass(frozen=True, slots=True)
class AssStyle:
    """The look of an ASS file.

    Attributes:
        sections: Everything before ``[Events]``, ended by one line feed.
        name: The style that the cues take.
    """

    sections: str
    name: str


# Broadcast subtitles: white with a black outline, at the bottom in the middle, inside the safe area; 42 characters take
# two thirds of the width. The secondary colour is that of karaoke words that are not spoken yet.
DEFAULT_ASS_STYLE = AssStyle(
    """\
[Script Info]
ScriptType: v4.00+
PlayResX: 1920
PlayResY: 1080
WrapStyle: 0
ScaledBorderAndShadow: yes

[V4+ Styles]
Format: Name, Fontname, Fontsize, PrimaryColour, SecondaryColour, OutlineColour, BackColour, Bold, Italic, Underline, \
StrikeOut, ScaleX, ScaleY, Spacing, Angle, BorderStyle, Outline, Shadow, Alignment, MarginL, MarginR, MarginV, Encoding
Style: Default,Arial,64,&H00FFFFFF,&H00909090,&H00000000,&H80000000,0,0,0,0,100,100,0,0,1,3,1,2,96,96,60,1
""",
    "Default",
)


def read_ass_style(text: str) -> AssStyle:
    """Return the look of an ASS file, whatever cues it has: its style ``Default``, or else its first one.

    Args:
        text: The decoded file.

    Raises:
        InputError: If it has no script info or no style; without the path, which the caller adds.
    """
    sections: dict[str, list[str]] = {}
    current: list[str] = []  # what stands before the first heading is left out
    for line in text.removeprefix("\ufeff").splitlines():
        row = line.strip()
        if heading := _HEADING.fullmatch(row):
            current = sections.setdefault(heading[1].lower(), [row])
        else:
            current.append(row)
    kept = {name: rows for name, rows in sections.items() if name not in _LEFT_OUT}
    names = [match[1] for row in kept.get(_STYLES, ()) if (match := _STYLE.match(row))]
    if "script info" not in kept or not names:
        raise InputError(
            "not an ASS template: no [Script Info] or no style in [V4+ Styles]", hint="save one from Aegisub"
        )
    body = "\n\n".join("\n".join(rows).strip() for rows in kept.values())
    return AssStyle(body + "\n", "Default" if "Default" in names else names[0])
