"""TTML as streaming services take it: the text profile of IMSC 1.1, https://www.w3.org/TR/ttml-imsc1.1/."""

from xml.sax.saxutils import escape, quoteattr

from qwen_subs.formats.base import Format, Tier, clean_line, cue_lines, is_right_to_left
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.ttml_reader import read_timed_text
from qwen_subs.timecode import format_clock
from qwen_subs.transcript import Transcript

# One region inside the safe area, filled from the bottom. 42 characters of 80 % of a fifteenth of the height fit in it.
_HEAD = """\
<?xml version="1.0" encoding="UTF-8"?>
<tt xmlns="http://www.w3.org/ns/ttml" xmlns:ttm="http://www.w3.org/ns/ttml#metadata" \
xmlns:ttp="http://www.w3.org/ns/ttml#parameter" xmlns:tts="http://www.w3.org/ns/ttml#styling" \
ttp:contentProfiles="http://www.w3.org/ns/ttml/profile/imsc1.1/text" ttp:timeBase="media" xml:lang={language} \
xml:space="preserve">
  <head>{metadata}
    <styling>
      <style xml:id="default" tts:fontFamily="proportionalSansSerif" tts:fontSize="80%" tts:lineHeight="125%" \
tts:textAlign="center" tts:color="white" tts:textOutline="black 5%"/>
    </styling>
    <layout>
      <region xml:id="bottom" tts:origin="10% 10%" tts:extent="80% 80%" tts:displayAlign="after" \
tts:showBackground="whenActive"/>
    </layout>
  </head>
"""
_METADATA = "\n    <metadata>\n      <ttm:desc>Made by qwen-subs {version}</ttm:desc>\n    </metadata>"

# XML 1.0 has no way to write these two, and "]]>" must not stand in text (escape sees to that).
_NOT_IN_XML = dict.fromkeys((0xFFFE, 0xFFFF), "\ufffd")


class TimedText(Format):
    """Paragraphs with times to the millisecond in one region; also reads other TTML, such as EBU-TT-D and DFXP."""

    name = "ttml"
    extensions = (".ttml",)
    requires = Tier.CUES
    tier_read = Tier.CUES

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the document, one row per cue, sorted by start."""
        version = _escape(clean_line(transcript.provenance.version))
        metadata = _METADATA.format(version=version) if version else ""
        rows = []
        cues = sorted(transcript.cues, key=lambda cue: (cue.start_ms, cue.end_ms))
        for index, cue in enumerate(cues, start=1):
            direction = ' tts:direction="rtl"' if is_right_to_left(cue.text) else ""
            times = f'begin="{format_clock(cue.start_ms, ".")}" end="{format_clock(cue.end_ms, ".")}"'
            text = "<br/>".join(map(_escape, cue_lines(cue)))
            rows.append(f'      <p xml:id="cue{index}" {times}{direction}>{text}</p>\n')
        body = f'  <body style="default" region="bottom">\n    <div>\n{"".join(rows)}    </div>\n  </body>\n</tt>\n'
        return _HEAD.format(language=quoteattr(transcript.language), metadata=metadata) + body

    def read(self, text: str) -> Transcript:
        """Return the paragraphs as plain text, without styles and regions."""
        cues = read_timed_text(text)
        return Transcript(duration_ms=max((cue.end_ms for cue in cues), default=0), cues=cues)


def _escape(text: str) -> str:
    return escape(text.translate(_NOT_IN_XML))
