"""Plain text."""

from qwen_subs.formats.base import Format, Tier, clean_line, cue_lines
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.formats.spacing import join_lines
from qwen_subs.transcript import Transcript, join_words


class PlainText(Format):
    """One line per segment; of a transcript without segments, one line per cue."""

    name = "txt"
    extensions = (".txt",)
    requires = Tier.TEXT

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the text, blank lines left out."""
        if transcript.segments:
            lines = [clean_line(segment.text) for segment in transcript.segments]
        elif transcript.cues:
            lines = [join_lines(cue_lines(cue)) for cue in transcript.cues]
        else:
            lines = [clean_line(join_words(transcript.words))]
        return "".join(f"{line.strip()}\n" for line in lines if line.strip())
