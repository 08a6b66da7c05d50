"""Workbooks: xlsx by a walker of our own, which sees what is hidden."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
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
