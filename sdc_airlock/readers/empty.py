"""Nothing but white space, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.identify import decode
from sdc_airlock.model.content import TextPart, TextRole
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.source import Source


@reader("empty")
def empty(source: Source, _: FileType, reading: Reading) -> Iterator[Item]:
    """An empty text; that there is nothing in it was read to its end.

    Raises:
        LimitReached: more white space than one text may hold.
    """
    data = source.read(reading.limits.text_bytes, "text_bytes")
    text = decode(data)[0]
    yield TextPart(part_id=source.part_id, text=text.strip(), role=TextRole.PROSE)
