"""Files that are encrypted: nothing to read, and said so."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.model.content import Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.source import Source


@reader("encrypted")
def encrypted(source: Source, _file_type: FileType, _reading: Reading) -> Iterator[Item]:
    """A gap for the whole file."""
    yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="the file is encrypted", size=source.size)
    yield Unread(part_id=source.part_id, why=UnreadReason.ENCRYPTED, detail="the file is encrypted")
