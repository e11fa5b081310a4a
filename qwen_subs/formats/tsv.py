"""Tab-separated segments, in Whisper's layout: ``start``, ``end`` in milliseconds, ``text``."""

from qwen_subs.errors import InputError
from qwen_subs.formats.base import Format, Tier, clean_line
from qwen_subs.formats.options import DEFAULT_OPTIONS, WriteOptions
from qwen_subs.transcript import Segment, Transcript

_HEADER = "start\tend\ttext"


class TabSeparated(Format):
    """One row per segment, without quoting: tabs and line breaks in the text become spaces."""

    name = "tsv"
    extensions = (".tsv",)
    requires = Tier.SEGMENTS
    tier_read = Tier.SEGMENTS

    def write(self, transcript: Transcript, options: WriteOptions = DEFAULT_OPTIONS) -> str:
        """Return the header and the segments that have text."""
        rows = [
            f"{segment.start_ms}\t{segment.end_ms}\t{clean_line(segment.text).strip()}"
            for segment in transcript.segments
            if segment.text.strip()
        ]
        return "".join(f"{row}\n" for row in (_HEADER, *rows))

    def read(self, text: str) -> Transcript:
        """Return the segments."""
        header, *rows = text.split("\n")
        if header.strip() != _HEADER:
            raise InputError("not a table of segments: the first line is not start, end, text, parted by tabs")
        segments = []
        for number, row in enumerate(rows, start=2):
            if not row.strip():
                continue
            try:
                start, end, content = row.split("\t", 2)
                segments.append(Segment(int(start), int(end), content.strip()))
            except ValueError as error:
                raise InputError(f"line {number}: not a start, an end and a text", hint="times are in ms") from error
        segments.sort(key=lambda segment: segment.start_ms)
        duration_ms = max((segment.end_ms for segment in segments), default=0)
        return Transcript(duration_ms=duration_ms, segments=tuple(segments))
