"""What a file is, told from its bytes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Groups of formats that are opened in the same way."""

    TEXT = "text"
    DELIMITED = "delimited"
    SPREADSHEET = "spreadsheet"
    DOCUMENT = "document"
    RECORDS = "records"
    MARKUP = "markup"
    CODE = "code"
    NOTEBOOK = "notebook"
    FIGURE = "figure"
    ARCHIVE = "archive"
    COMPRESSED = "compressed"
    COLUMNAR = "columnar"
    ARRAY = "array"
    STATISTICAL = "statistical"
    DATABASE = "database"
    MODEL = "model"
    GENOMIC = "genomic"
    EXECUTABLE = "executable"
    ENCRYPTED = "encrypted"
    EMPTY = "empty"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileType:
    """The type of some bytes and the evidence for it.

    Attributes:
        label: Short name of the type ("csv", "vcf", "xlsx"); the names stand in `identify.types`.
        family: How it is opened.
        evidence: What in the bytes said so, in words, never with a value of the file.
        claimed_extension: The extension in the name, lower case with its dot; "" where there is none.
        mismatch: True where the content belies that claim.
        also: Other types that the same bytes are too (polyglots).
        second_opinion: Media type by libmagic, "" where it was not asked.
    """

    label: str
    family: Family
    evidence: tuple[str, ...] = ()
    claimed_extension: str = ""
    mismatch: bool = False
    also: tuple[str, ...] = ()
    second_opinion: str = ""
