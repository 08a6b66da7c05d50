"""The claim that a name makes, held against what the bytes are."""

from __future__ import annotations

import re

from sdc_airlock.identify.types import TEXT_EXTENSIONS, TYPES
from sdc_airlock.model.filetype import Family

_EXTENSION = re.compile(r"\.[A-Za-z0-9_-]{1,16}$")
# loose text: a checker who opens one of these under another's name sees what it is, and nothing is deceived
_LOOSE = frozenset({
    "text", "csv", "fixed_width", "log", "code", "markdown", "yaml", "toml", "ini", "json", "ndjson", "arff", "latex", "email", "bed_intervals", "gff", "html", "xml",
})  # fmt: skip
_LOOSE_FAMILIES = {
    "csv": frozenset({"csv", "fixed_width", "text", "bed_intervals", "gff", "map", "phylip", "arff"}),
    "table": frozenset({"csv", "fixed_width", "text", "log", "code"}),
}
_CALL_ANYTHING = frozenset({"empty"})
_COMPRESSED_TEXT = {".svgz": frozenset({"gzip"})}


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
    if not extension or label in _CALL_ANYTHING:
        return False
    info = TYPES[label]
    claimed = _named_by(extension)
    if extension in info.extensions or extension in _COMPRESSED_TEXT and label in _COMPRESSED_TEXT[extension]:
        return False
    if extension in TEXT_EXTENSIONS:
        return not info.text or info.family is Family.GENOMIC and label not in _HARMLESS_GENOMIC
    if not claimed:
        return False
    if label in _LOOSE | _HARMLESS_GENOMIC and all(TYPES[other].text for other in claimed):
        return bool(label in {"html"} and not claimed & {"html", "xml", "markdown", "svg"})
    return True


_HARMLESS_GENOMIC = frozenset({"bed_intervals", "gff", "phylip", "map", "dtc_raw"})
