"""The second opinion: libmagic's media type, and whether it contradicts what the table here says."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.filetype import Family, FileType

_ASKED_BYTES = 4096
# libmagic's tests of text formats cost three quarters of its time and say nothing that is held against ours
_SKIP_TEXT_TESTS = 0x20000
_NO_OPINION = "application/octet-stream"


class _Magic(Protocol):
    def from_buffer(self, data: bytes) -> str: ...


@dataclass(frozen=True, slots=True)
class _Handle:
    magic: _Magic
    error: type[Exception]


@lru_cache(maxsize=1)
def _handle() -> _Handle | None:
    """One libmagic handle a process, or None where it cannot be loaded."""
    with suppress(ImportError, OSError):
        import pylibmagic  # noqa: F401 - its import makes libmagic findable
    try:
        import magic

        asked = magic.Magic(mime=True)
        magic.magic_setflags(asked.cookie, asked.flags | _SKIP_TEXT_TESTS)
        return _Handle(asked, magic.MagicException)
    except (ImportError, OSError, AttributeError, RuntimeError):
        return None


def loaded() -> bool:
    """True where libmagic can be asked."""
    return _handle() is not None


def media_type(head: bytes) -> str:
    """The media type libmagic gives the first bytes; "" where it cannot be asked, fails or has no opinion."""
    handle = _handle()
    if handle is None or not head:
        return ""
    try:
        opinion = handle.magic.from_buffer(head[:_ASKED_BYTES])
    except (handle.error, UnicodeDecodeError):
        return ""
    return "" if opinion == _NO_OPINION else opinion


_EXECUTABLES = frozenset({
    "application/x-executable", "application/x-dosexec", "application/x-mach-binary", "application/x-sharedlib", "application/x-pie-executable",
    "application/x-object", "application/vnd.microsoft.portable-executable", "application/x-elf", "application/x-msdownload", "application/x-java-applet",
})  # fmt: skip
_ARCHIVES = frozenset(
    {"application/x-7z-compressed", "application/x-rar", "application/x-tar", "application/gzip", "application/x-bzip2", "application/x-xz"}
)
_ZIPS = (
    "application/zip",
    "application/vnd.openxmlformats",
    "application/vnd.oasis.opendocument",
    "application/epub+zip",
    "application/java-archive",
)
# what libmagic knows well enough to be believed: prefix of a media type -> the families of ours that may carry it
_KNOWN: tuple[tuple[str, frozenset[Family]], ...] = (
    ("application/pdf", frozenset({Family.DOCUMENT})),
    ("application/x-sqlite3", frozenset({Family.DATABASE})),
    ("image/png", frozenset({Family.FIGURE})),
    ("image/jpeg", frozenset({Family.FIGURE})),
    ("image/gif", frozenset({Family.FIGURE})),
    ("image/tiff", frozenset({Family.FIGURE})),
    ("image/webp", frozenset({Family.FIGURE})),
)  # fmt: skip
_ZIP_FAMILIES = frozenset({Family.ARCHIVE, Family.SPREADSHEET, Family.DOCUMENT, Family.ARRAY, Family.MODEL, Family.NOTEBOOK})
_PACKED_FAMILIES = frozenset({Family.ARCHIVE, Family.COMPRESSED, Family.STATISTICAL, Family.GENOMIC, Family.MODEL, Family.FIGURE})


def disagreement(file_type: FileType) -> str:
    """What libmagic says against the type found, in words; "" where it says nothing against it.

    It misnames most genomic and statistical formats, so only what it knows well is held against the type.
    """
    opinion = file_type.second_opinion
    against = _contradicts(opinion, file_type)
    return f"read as {TYPES[file_type.label].words}, libmagic says {opinion}" if against else ""


def _contradicts(opinion: str, file_type: FileType) -> bool:
    family, textual = file_type.family, TYPES[file_type.label].text
    if opinion in _EXECUTABLES:
        return family is not Family.EXECUTABLE and textual
    if opinion.startswith(_ZIPS):
        return family not in _ZIP_FAMILIES
    if opinion in _ARCHIVES:
        return family not in _PACKED_FAMILIES
    for start, families in _KNOWN:
        if opinion.startswith(start):
            return family not in families
    return False
