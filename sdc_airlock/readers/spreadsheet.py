"""Workbooks: xlsx and ods by walkers of our own, which see what is hidden; the binary ones by python-calamine, guarded."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.errors import Encrypted
from sdc_airlock.model.content import Oddity, OddityKind
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._binary_workbook import read_xls, read_xlsb
from sdc_airlock.readers._opendocument import read_opendocument
from sdc_airlock.readers._package import account, open_package
from sdc_airlock.readers._workbook import read_workbook
from sdc_airlock.source import Source


@reader("xlsx")
def workbook(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Sheets, hidden ones too, and all other parts of an OOXML workbook."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_workbook(package)


@reader("ods")
def opendocument_workbook(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Sheets, hidden ones too, and all other parts of an OpenDocument spreadsheet."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_opendocument(package, sheets=True)


@reader("xls")
def binary_workbook(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Sheets of an Excel 97-2003 workbook, and a gap for every stream of it that is not read."""
    try:
        yield from read_xls(source, reading)
    except Encrypted as error:
        yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="the workbook is encrypted", size=source.size)
        yield gap(source.part_id, error)


@reader("xlsb")
def binary_package(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Sheets of an Excel binary workbook, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_xlsb(package)
