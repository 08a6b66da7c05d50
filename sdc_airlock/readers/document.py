"""Written documents: Word, PowerPoint, OpenDocument, EPUB and rich text."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, reader
from sdc_airlock.readers._opendocument import read_opendocument
from sdc_airlock.readers._package import account, open_package
from sdc_airlock.readers._slides import read_slides
from sdc_airlock.readers._word import read_word
from sdc_airlock.source import Source


@reader("docx")
def word(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Text, tables, notes, comments and tracked changes of a Word document, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_word(package)


@reader("pptx")
def slides(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Slides, notes, tables and comments of a presentation, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_slides(package)


@reader("odt", "odp")
def opendocument(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """Text, tables, comments and tracked changes of an OpenDocument text or presentation, and all other parts of its package."""
    with open_package(source, reading) as package:
        yield from account(package)
        yield from read_opendocument(package, sheets=False)
