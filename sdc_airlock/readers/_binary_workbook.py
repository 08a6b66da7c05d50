"""Binary workbooks: values by python-calamine, after a walk through the records that shows what it would pass over.

python-calamine lays every sheet out as a full rectangle and ends the process on a far cell, so the rectangle is measured first.
"""

from __future__ import annotations

import datetime as dt
import io
import struct
import zipfile
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, ReadError
from sdc_airlock.model.content import Grid, GridSource, Oddity, OddityKind, TextRole, Unread, UnreadReason
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._biff import Facts, Reach, xls_facts, xlsb_reach
from sdc_airlock.readers._cells import Cells, grids
from sdc_airlock.readers._compound import Compound, Stream
from sdc_airlock.readers._numbers import number_text
from sdc_airlock.readers._ooxml import common_part, first_root
from sdc_airlock.readers._package import Package, shown
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_KNOWN = frozenset({"Workbook", "\x01CompObj", "\x01Ole", "\x05SummaryInformation", "\x05DocumentSummaryInformation"})
_PICTURE_BYTES = 512
_PROPERTY_BYTES = 65_536
_KNOWN_BINARY = ("workbook.bin", "styles.bin", "sharedStrings.bin", "calcChain.bin")  # read by python-calamine, or without data


def read_xls(source: Source, reading: Reading) -> Iterator[Item]:
    """An Excel 97-2003 workbook."""
    data = source.read(reading.limits.member_bytes)
    compound = Compound(data)
    book = next((stream for stream in compound.streams if stream.path == ("Workbook",)), None) or next(
        (stream for stream in compound.streams if stream.path == ("Book",)), None
    )
    if any(stream.name in ("EncryptedPackage", "EncryptionInfo") for stream in compound.streams):
        raise Encrypted("the workbook is encrypted")
    if book is None:
        raise Malformed("the file has no workbook stream")
    facts = xls_facts(compound.read(book))
    reading.spend(expanded=book.size)
    yield from _xls_facts(source, facts, reading)
    for stream in compound.streams:
        if stream is not book:
            yield from _other_stream(source, compound, stream, reading)
    yield from _values(source, data, facts.sheets, reading)


def _xls_facts(source: Source, facts: Facts, reading: Reading) -> Iterator[Item]:
    place = source.part_id
    if text := "\n".join(facts.texts):
        yield from text_parts(f"{place}!comments", text, TextRole.COMMENT, reading=reading, depth=source.depth, hidden=True)
        yield Oddity(part_id=f"{place}!comments", kind=OddityKind.HIDDEN_TEXT, detail="comments or text boxes", size=len(text))
    for number, points in enumerate((points for points in facts.charts if points), start=1):
        rows = tuple((number_text(point),) for point in points)
        yield Grid(part_id=f"{place}!chart{number}", rows=rows, source=GridSource.RECORDS)
    if facts.external:
        yield Oddity(part_id=place, kind=OddityKind.EXTERNAL_REFERENCE, detail="links to other workbooks or programs", size=facts.external)
    if facts.external_cells:
        yield Unread(part_id=f"{place}!external", why=UnreadReason.UNSUPPORTED, detail="cells of other workbooks that are kept in this one")
    if facts.pictures > _PICTURE_BYTES:
        yield Unread(part_id=f"{place}!pictures", why=UnreadReason.UNSUPPORTED, detail="pictures in the workbook")


def _other_stream(source: Source, compound: Compound, stream: Stream, reading: Reading) -> Iterator[Item]:
    place = f"{source.part_id}!{shown('/'.join(stream.path))}"
    storage = stream.path[0]
    if storage.startswith("_VBA"):
        if stream.name in ("dir", "_VBA_PROJECT"):
            yield Oddity(part_id=source.part_id, kind=OddityKind.MACRO, detail="macro project", size=stream.size)
            yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="macro project is not read")
    elif stream.path[-1] in _KNOWN and len(stream.path) == 1:
        if text := property_text(compound.read(stream)):
            yield from text_parts(place, text, TextRole.METADATA, reading=reading, depth=source.depth, hidden=True)
        if stream.size > _PROPERTY_BYTES:
            yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="document properties are larger than properties are")
    elif storage == "_SX_DB_CUR":
        yield Oddity(part_id=place, kind=OddityKind.HIDDEN_CELLS, detail="records kept for a pivot table", size=stream.size)
        yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="records kept for a pivot table")
    else:
        if len(stream.path) > 1 or stream.name.startswith("\x01Ole10"):
            yield Oddity(part_id=place, kind=OddityKind.EMBEDDED_OBJECT, detail="embedded object", size=stream.size)
        yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="stream that is not read")


def property_text(data: bytes) -> str:
    """Strings of a property set (title, author, comments)."""
    found: list[str] = []
    try:
        for section in range(min(struct.unpack_from("<I", data, 24)[0], 4)):
            start = struct.unpack_from("<I", data, 28 + 20 * section + 16)[0]
            count = struct.unpack_from("<I", data, start + 4)[0]
            for number in range(min(count, 1000)):
                offset = start + struct.unpack_from("<I", data, start + 8 + 8 * number + 4)[0]
                kind, length = struct.unpack_from("<II", data, offset)
                if kind == 0x1E:
                    found.append(data[offset + 8 : offset + 8 + length].decode("latin-1"))
                elif kind == 0x1F:
                    found.append(data[offset + 8 : offset + 8 + 2 * length].decode("utf-16-le", "replace"))
    except struct.error:
        return "\n".join(found)
    return "\n".join(text for item in found if (text := item.strip("\x00 ")))


def read_xlsb(package: Package) -> Iterator[Item]:
    """An Excel binary workbook."""
    reaches: list[Reach] = []
    for info, root in first_root(package):
        name = info.filename
        if isinstance(root, ReadError):
            yield gap(package.address(shown(name)), root)
        elif name.endswith(".bin") and "/worksheets/" in name and "binaryIndex" not in name:
            try:
                reaches.append(xlsb_reach(package.read(info)))
            except ReadError as error:
                yield gap(package.address(shown(name)), error)
                return
        elif not (name.endswith(_KNOWN_BINARY) or "binaryIndex" in name):
            yield from _xlsb_part(package, info, root)
    data = package.source.read(package.reading.limits.member_bytes)
    yield from _values(package.source, data, reaches, package.reading)


def _xlsb_part(package: Package, info: zipfile.ZipInfo, root: str) -> Iterator[Item]:
    if info.filename.endswith(".bin") and not root and "printerSettings" not in info.filename and "vbaProject" not in info.filename:
        place = package.address(shown(info.filename))
        if "embeddings" in info.filename:
            yield Oddity(part_id=place, kind=OddityKind.EMBEDDED_OBJECT, detail="embedded object", size=info.file_size)
        yield Unread(part_id=place, why=UnreadReason.UNSUPPORTED, detail="binary part that is not read")
    else:
        yield from common_part(package, info, root)


def _values(source: Source, data: bytes, reaches: list[Reach], reading: Reading) -> Iterator[Item]:
    """All cells, by python-calamine."""
    import python_calamine

    limits = reading.limits
    if (widest := max((reach.area for reach in reaches), default=0)) > limits.cells:
        yield gap(source.part_id, LimitReached("cells", limits.cells, widest))
        return
    try:
        workbook = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = [(number, meta.name, meta.visible) for number, meta in enumerate(workbook.sheets_metadata)]
    except python_calamine.PasswordError:
        raise Encrypted("the workbook is encrypted") from None
    except python_calamine.CalamineError as error:
        raise Malformed(f"the workbook cannot be opened ({type(error).__name__})") from None
    if len(sheets) > limits.sheets:
        yield gap(source.part_id, LimitReached("sheets", limits.sheets, len(sheets)))
    for number, name, visible in sheets[: limits.sheets]:
        place = f"{source.part_id}!{shown(name)}"
        hidden = visible != python_calamine.SheetVisibleEnum.Visible
        if hidden:
            yield Oddity(part_id=place, kind=OddityKind.HIDDEN_SHEET, detail="hidden sheet")
        reach = reaches[number] if number < len(reaches) and len(reaches) == len(sheets) else Reach()
        try:
            yield from _sheet(workbook.get_sheet_by_index(number), place, reach, hidden=hidden, limit=limits.cells)
        except python_calamine.CalamineError as error:
            yield gap(place, Malformed(f"the sheet cannot be read ({type(error).__name__})"))


def _sheet(sheet: Any, place: str, reach: Reach, *, hidden: bool, limit: int) -> Iterator[Item]:
    cells = Cells(limit=limit)
    top, left = sheet.start or (0, 0)
    concealed = 0
    try:
        for row, values in enumerate(sheet.to_python(skip_empty_area=True), start=top + 1):
            for column, value in enumerate(values, start=left + 1):
                if value != "":
                    cells.put(row, column, cell_text(value))
                    concealed += row - 1 in reach.hidden_rows or any(low <= column - 1 <= high for low, high in reach.hidden_columns)
    except ReadError as error:
        yield gap(place, error)
    yield from grids(cells, place, hidden=hidden)
    if concealed:
        yield Oddity(part_id=place, kind=OddityKind.HIDDEN_CELLS, detail="cells in hidden rows or columns", size=concealed)


def cell_text(value: object) -> str:
    """A typed cell as text: plain decimals, ISO dates."""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int | float):
        return number_text(repr(value))
    if isinstance(value, dt.datetime):
        return value.strftime("%Y-%m-%d" if value.time() == dt.time() else "%Y-%m-%d %H:%M:%S")
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    return str(value)
