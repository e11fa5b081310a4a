"""The time-stamped packets in the Matroska stream that our ffmpeg writes.

Only what its muxer produces is understood: one track, times in milliseconds, no lacing.
Element numbers: RFC 9559, section 27.
"""

from collections.abc import Iterable, Iterator

_ENTERED = frozenset({0x18538067, 0x1F43B675, 0xA0})  # Segment, Cluster, BlockGroup
_TIMESTAMP = 0xE7
_BLOCKS = frozenset({0xA3, 0xA1})  # SimpleBlock, Block
_BLOCK_HEADER = 4  # bytes: track number, 16-bit time, flags


def read_packets(blocks: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Yield every packet as its time in milliseconds and its content.

    Args:
        blocks: The stream, cut anywhere. A last packet that is not complete is left out.
    """
    data = bytearray()
    cluster_ms = 0
    for block in blocks:
        data += block
        position = 0
        while header := _read_header(data, position):
            number, size, body = header
            if number in _ENTERED:
                position = body
                continue
            end = body + size
            if end > len(data):
                break
            if number == _TIMESTAMP:
                cluster_ms = int.from_bytes(data[body:end], "big")
            elif number in _BLOCKS:
                relative_ms = int.from_bytes(data[body + 1 : body + 3], "big", signed=True)
                yield cluster_ms + relative_ms, bytes(data[body + _BLOCK_HEADER : end])
            position = end
        del data[:position]


def _read_header(data: bytearray, position: int) -> tuple[int, int, int] | None:
    """Return an element's number, its size, and where its body starts; None when that has not arrived."""
    ends = [position]
    for _ in range(2):
        if ends[-1] >= len(data):
            return None
        # The leading zeros of the first byte tell the length of a variable-size integer.
        ends.append(ends[-1] + 9 - data[ends[-1]].bit_length())
    start, number_end, size_end = ends
    if size_end > len(data):
        return None
    marker = 1 << 7 * (size_end - number_end)
    size = int.from_bytes(data[number_end:size_end], "big") - marker
    return int.from_bytes(data[start:number_end], "big"), size, size_end
