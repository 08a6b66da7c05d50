"""Bytes that follow no known format: nothing is made of them, but whether they are states of people is looked at."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.recognise.states import LEAST_BYTES, MOST_BYTES, byte_table
from sdc_airlock.source import Source


@reader("unknown")
def unstructured(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A gap always, and a table of states where the bytes can be read as genotypes."""
    with source.opener() as stream:
        data = stream.read(MOST_BYTES)
    reading.spend()
    if len(data) >= LEAST_BYTES and (table := byte_table(f"{source.part_id}!bytes", data)) is not None:
        yield table
    yield Unread(part_id=source.part_id, why=UnreadReason.UNSUPPORTED, detail=f"no reader for {file_type.label}")
