"""The claim that a name makes, held against what the bytes are."""

from __future__ import annotations

import re

from sdc_airlock.identify.types import TEXT_EXTENSIONS, TYPES
from sdc_airlock.model.filetype import Family

_EXTENSION = re.compile(r"\.[A-Za-z0-9_-]{1,16}$")
# loose text: a checker who opens one of these under another's name sees what it is, and nothing is deceived
_LOOSE = frozenset({
    "text", "csv", "fixed_width", "log", "code", "markdown", "yaml", "toml", "ini", "json", "ndjson", "arff", "latex", "email", "html", "xml", "notebook",
    "hl7", "edi", "vcard", "icalendar", "gedcom", "movement",
    "bed_intervals", "gff", "phylip", "map", "dtc_raw",
})  # fmt: skip
# text that a browser runs or draws: not to hide under another name
_ACTIVE = frozenset({"html", "svg"})
# names of graphs in words as well as of templates
_TWO_MEANINGS = frozenset({".dot"})
_OFFICE = frozenset({"xlsx", "docx", "pptx", "xls", "doc", "ppt", "ods", "odt", "odp", "xlsb", "pdf"})


def claimed_extension(name: str) -> str:
    """The extension in a name, lower case with its dot; "" where there is none."""
    match = _EXTENSION.search(name)
    return match[0].lower() if match and match.start() > 0 else ""


def _named_by(extension: str) -> frozenset[str]:
    return _BY_EXTENSION.get(extension, frozenset())


_BY_EXTENSION: dict[str, frozenset[str]] = {}
for _label, _info in TYPES.items():
    for _name in _info.extensions:
        _BY_EXTENSION[_name] = _BY_EXTENSION.get(_name, frozenset()) | {_label}


def belied(label: str, extension: str) -> bool:
    """True where a name with this extension would deceive the person who checks the file.

    A name without an extension, or with one that no type is known by, claims nothing.
    """
    info = TYPES[label]
    claimed = _named_by(extension)
    if not extension or label == "empty" or extension in info.extensions:
        return False
    if label == "encrypted":
        return not claimed <= _OFFICE
    if extension in TEXT_EXTENSIONS or (extension in _TWO_MEANINGS and label in _LOOSE):
        return not info.text or (info.family is Family.GENOMIC and label not in _LOOSE)
    if label in _LOOSE and claimed and any(TYPES[other].text for other in claimed):
        return label in _ACTIVE and not claimed & {"html", "xml", "markdown", "svg", "code"}
    return bool(claimed)
