"""HDF5 and what is built upon it: AnnData, Loom, PyTables, pandas, Keras, MATLAB 7.3, NetCDF-4. Nothing outside the file is followed."""

from __future__ import annotations

import math
from collections.abc import Iterator

from sdc_airlock.errors import Malformed
from sdc_airlock.model.content import GenomicPart, Oddity, OddityKind, Serialized
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._h5parts import PartMaker
from sdc_airlock.readers._h5store import DAMAGE, Entry, open_store, walk_store
from sdc_airlock.readers._members import metadata_bytes, settled, unaccounted
from sdc_airlock.source import Source

_SIGNATURE = b"\x89HDF\r\n\x1a\n"
_MATLAB = b"MATLAB 7.3 MAT-file"
_KERAS = ("model_config", "keras_version", "layer_names", "training_config")
_SLACK = 0.25
_SLACK_FLOOR = 65_536
_BYTES_OF_AN_OBJECT = 4_096


@reader("hdf5")
def hdf5(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """All groups, data sets and attributes, by hard links only."""
    source = settled(source, reading)
    try:
        yield from _items(source, reading)
    except DAMAGE as error:
        raise Malformed(f"HDF5: {type(error).__name__}") from None


def _items(source: Source, reading: Reading) -> Iterator[Item]:
    start, end = _extent(source)
    store = open_store(source, reading)
    root = walk_store(store, reading)
    matlab = source.head.startswith(_MATLAB)
    maker = PartMaker(source, reading, root, matlab=matlab)
    if start:
        yield from _before(source, start, reading, matlab=matlab)
    yield from _samples(source, root)
    yield from maker.items()
    if any(name in root.attributes for name in _KERAS) or "model_weights" in root.children:
        config = root.text("model_config")
        yield Serialized(part_id=source.part_id, format="keras", runs_code='"Lambda"' in config)
    size = source.size or 0
    if 0 < end < size:
        yield from unaccounted(source, end, size - end, OddityKind.TRAILING_DATA, "bytes after the end", reading)
    yield from _unused(source, root, min(end or size, size) - start)


def _samples(source: Source, root: Entry) -> Iterator[Item]:
    """AnnData and Loom are made of observations: cells, samples or people, one a row of a table of their own."""
    for label, table, index, of in (("anndata", "obs", "_index", "var"), ("loom", "col_attrs", "", "row_attrs")):
        rows, columns = root.children.get(table), root.children.get(of)
        if rows is None or columns is None:
            continue
        found = rows.children.get(rows.text(index)) if rows.group else rows
        sizes = [child.shape[0] for child in rows.children.values() if len(child.shape) == 1] if found is None else [*found.shape[:1]]
        if max(sizes, default=0):
            yield GenomicPart(
                part_id=source.part_id,
                format=label,
                samples=max(sizes),
                variants=None,
                individual=None,
                why=("the format keeps one record an observation: a cell, a sample or a person",),
            )


def _extent(source: Source) -> tuple[int, int]:
    """Where the file proper begins and ends, by its superblock; an end of 0 where it does not say."""
    head = source.head
    start = next((offset for offset in (0, 512, 1024, 2048, 4096, 8192, 16384, 32768) if head.startswith(_SIGNATURE, offset)), 0)
    if len(head) < start + 64:
        return start, 0
    version = head[start + 8]
    if version < 2:
        width, at = head[start + 13], start + 24 + 4 * version
    else:
        width, at = head[start + 9], start + 12
    base = int.from_bytes(head[at : at + width], "little")
    end = int.from_bytes(head[at + 2 * width : at + 3 * width], "little")
    return start, end if base in (0, start) and width in (4, 8) else 0


def _before(source: Source, start: int, reading: Reading, *, matlab: bool) -> Iterator[Item]:
    """A block for the user in front of the file; MATLAB writes a line of text there."""
    block = source.head[:start]
    if matlab:
        yield from metadata_bytes(f"{source.part_id}!header", block[:116].rstrip(b"\0 "))
        block = bytes(128) + block[128:]
    if block.strip(b"\0"):
        yield from unaccounted(source, 0, start, OddityKind.LEADING_DATA, "bytes before the first object", reading)


def _unused(source: Source, root: Entry, size: int) -> Iterator[Item]:
    """Bytes that belong to no object: what was deleted from an HDF5 file stays in it."""
    used = 0
    for entry in root.walk():
        used += _BYTES_OF_AN_OBJECT + sum(getattr(value, "nbytes", 0) or 256 for value in entry.attributes.values())
        if entry.group:
            continue
        try:
            used += int(entry.thing.id.get_storage_size())
            if entry.dtype.kind == "O":
                used += sum(len(value) + 32 if hasattr(value, "__len__") else 64 for value in entry.thing[()].reshape(-1))
            elif entry.thing.chunks:
                used += 64 * math.prod(-(-size // chunk) for size, chunk in zip(entry.shape, entry.thing.chunks, strict=True))
        except DAMAGE:
            continue
    if size - used > _SLACK_FLOOR + _SLACK * used:
        yield Oddity(part_id=source.part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="bytes that belong to no object", size=size - used)
