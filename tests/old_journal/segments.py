"""The files of a journal, read without the program."""

import struct
from collections import namedtuple

FIRST_RECORD = 1024
RECORD_HEADER = struct.Struct("<4sIQIHBBII")  # src/store/segment_format.h
RECORD_MAGIC = b"HJR1"

Record = namedtuple("Record", "offset size sequence kind version state")


def records_of(segment):
    """The records of a segment's file in their order, the journal's own marks among them."""
    data = segment.read_bytes()
    offset = FIRST_RECORD
    while data[offset:offset + len(RECORD_MAGIC)] == RECORD_MAGIC:
        _, _, sequence, length, kind, version, flags, _, _ = RECORD_HEADER.unpack_from(data, offset)
        size = RECORD_HEADER.size + (length + 7) // 8 * 8
        yield Record(offset, size, sequence, kind, version, bool(flags & 1))
        offset += size


def segments_of(data):
    """The journal's files of a data folder, oldest first."""
    return sorted((data / "journal").glob("*.seg"))
