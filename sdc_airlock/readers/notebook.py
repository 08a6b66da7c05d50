"""Jupyter notebooks: every cell, every representation of every output, attachments, widgets and metadata."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import Malformed
from sdc_airlock.identify.types import TYPES
from sdc_airlock.model.content import Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._build import scalar_text, text_of
from sdc_airlock.readers._jsontext import parse
from sdc_airlock.readers._looks import Looks
from sdc_airlock.readers._values import ValueReader, leaves
from sdc_airlock.readers.html import page_items
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_ANSI = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
_WORD = re.compile(r"[\w.+-]+")
_CELL_KEYS = frozenset(
    "cell_type source input outputs attachments metadata execution_count prompt_number id level language collapsed".split()
)
_OUTPUT_KEYS = frozenset("output_type name stream text data metadata execution_count prompt_number ename evalue traceback".split())
_OLD_NAMES = {
    "text": "text/plain",
    "html": "text/html",
    "svg": "image/svg+xml",
    "png": "image/png",
    "jpeg": "image/jpeg",
    "latex": "text/latex",
    "json": "application/json",
    "javascript": "application/javascript",
    "pdf": "application/pdf",
}
_RICHEST_FIRST = ("text/html", "text/markdown", "text/latex")
_LABELS = {
    "text/markdown": "markdown",
    "text/latex": "latex",
    "image/svg+xml": "svg",
    "text/csv": "csv",
    "application/xml": "xml",
    "text/xml": "xml",
}
_WIDGETS = "application/vnd.jupyter.widget-state+json"
_LONG_METADATA = 4_000
# one word or number, or a time
_SETTING = re.compile(r"[\w./+-]{1,64}|\d{4}-\d\d-\d\d[T ][\d:.,+Z -]{5,40}")
_LONG_NAME = 120
_TEXTS = ("text/", "application/x-latex")


@reader("notebook")
def notebook(source: Source, file_type: FileType, reading: Reading) -> Iterator[Item]:
    """A notebook of format 3 or 4."""
    del file_type
    text, odd = text_of(source, reading)
    yield from odd
    try:
        found = parse(text)
    except Malformed as error:
        yield TextPart(part_id=source.part_id, text=text, role=TextRole.CONFIG, language="json")
        yield gap(source.part_id, error)
        return
    cells = _cells(found)
    if cells is None:
        yield from ValueReader(source.part_id, reading, depth=source.depth).read(found)
        return
    yield from _Notebook(source, reading, found).items(cells)


def _cells(found: Any) -> list[dict[str, Any]] | None:
    """All cells, of all worksheets in format 3; None where this is no notebook."""
    if not isinstance(found, dict):
        return None
    sheets = found.get("worksheets")
    lists = [found.get("cells")] + ([sheet.get("cells") for sheet in sheets if isinstance(sheet, dict)] if isinstance(sheets, list) else [])
    cells = [cell for each in lists if isinstance(each, list) for cell in each]
    return cells if any(isinstance(each, list) for each in lists) and all(isinstance(cell, dict) for cell in cells) else None


class _Notebook:
    """Walks one notebook and gathers its metadata on the way."""

    def __init__(self, source: Source, reading: Reading, found: dict[str, Any]) -> None:
        self.source = source
        self.reading = reading
        self.found = found
        metadata = found.get("metadata")
        self.metadata: dict[str, Any] = dict(metadata) if isinstance(metadata, dict) else {"metadata": metadata}
        self.aside: dict[str, Any] = {
            name: value for name, value in found.items() if name not in ("cells", "worksheets", "metadata", "nbformat", "nbformat_minor")
        }
        self.language = _language(self.metadata)
        self.looks = Looks()

    def items(self, cells: list[dict[str, Any]]) -> Iterator[Item]:
        """Everything, in the order of the cells."""
        for number, cell in enumerate(cells, 1):
            self.reading.spend(members=1)
            yield from self._cell(f"{self.source.part_id}!cell{number}", number, cell)
            self._look(number, cell)
        yield from self.looks.items(self.source.part_id)
        widgets = self.metadata.pop("widgets", None)
        if widgets:
            yield from ValueReader(f"{self.source.part_id}!widgets", self.reading, depth=self.source.depth).read(widgets)
        yield from self._aside()

    def _cell(self, part_id: str, number: int, cell: dict[str, Any]) -> Iterator[Item]:
        kind = cell.get("cell_type")
        source = _joined(cell.get("source", cell.get("input", "")))
        if source.strip():
            if kind == "code":
                yield from self._text(part_id, source, TextRole.CODE, self.language)
            elif kind in ("markdown", "heading"):
                yield from self._open(part_id, source, "markdown")
            else:
                yield from self._text(part_id, source, TextRole.PROSE)
        for place, bundle in enumerate(_dicts(cell.get("attachments")), 1):
            yield from self._bundle(f"{part_id}.attachment{place}", bundle)
        outputs = cell.get("outputs")
        for place, output in enumerate(outputs if isinstance(outputs, list) else [], 1):
            yield from self._output(f"{part_id}.output{place}", f"cell{number}.output{place}", output)
        self._set_aside(f"cell{number}", cell, _CELL_KEYS)

    def _look(self, number: int, cell: dict[str, Any]) -> None:
        """What programs note with every cell: its kind and the number of its run, and the letters of its name."""
        count = scalar_text(cell.get("execution_count"))
        self.looks.add("cell", None, {"kind": scalar_text(cell.get("cell_type")), "count": count, "keys": " ".join(cell)})
        for letter in scalar_text(cell.get("id", ""))[:_LONG_NAME]:
            self.looks.add("name", number, {"letter": letter})

    def _output(self, part_id: str, name: str, output: Any) -> Iterator[Item]:
        if not isinstance(output, dict):
            self.aside[name] = output
            return
        kind = output.get("output_type")
        if kind in ("error", "pyerr"):
            trace = [_joined(output.get(key, ""), "\n" if key == "traceback" else "") for key in ("ename", "evalue", "traceback")]
            yield from self._text(part_id, "\n".join(trace), TextRole.LOG)
        elif kind == "stream":
            yield from self._text(part_id, _joined(output.get("text", "")), TextRole.LOG)
        else:
            bundle = output.get("data")
            bundle = dict(bundle) if isinstance(bundle, dict) else {}
            bundle.update({_OLD_NAMES[key]: output[key] for key in _OLD_NAMES if key in output and _OLD_NAMES[key] not in bundle})
            yield from self._bundle(part_id, bundle)
        self._set_aside(name, output, _OUTPUT_KEYS | (frozenset() if kind == "stream" else frozenset(_OLD_NAMES)))

    def _set_aside(self, name: str, owner: dict[str, Any], known: frozenset[str]) -> None:
        extra = {key: value for key, value in owner.items() if key not in known}
        metadata = owner.get("metadata")
        if metadata:
            extra["metadata"] = metadata
        if extra:
            self.aside[name] = extra

    def _bundle(self, part_id: str, bundle: dict[str, Any]) -> Iterator[Item]:
        """All representations of one output; a plainer one is left out where it says no word that a richer one does not."""
        said: set[str] = set()
        order = sorted(bundle, key=lambda media: (_RICHEST_FIRST.index(media) if media in _RICHEST_FIRST else len(_RICHEST_FIRST), media))
        for place, media in enumerate(order, 1):
            value = bundle[media]
            plain = _joined(value) if isinstance(value, str | list) else ""
            words = set(_WORD.findall(plain)) if media.startswith("text/") else set()
            if words and words <= said:
                continue
            said |= words
            yield from self._representation(
                part_id if place == 1 else f"{part_id}.form{place}", media.partition(";")[0].strip().lower(), value, plain
            )

    def _representation(self, part_id: str, media: str, value: Any, plain: str) -> Iterator[Item]:
        if not isinstance(value, str | list) or media.endswith("json"):
            yield from self._values(part_id, value)
        elif media == "text/html":
            yield from page_items(plain, self._member(part_id, plain.encode("utf-8", "replace")), self.reading)
        elif media in _LABELS:
            yield from self._open(part_id, plain, _LABELS[media])
        elif "javascript" in media:
            yield from self._text(part_id, plain, TextRole.CODE, "javascript")
            yield Oddity(part_id=part_id, kind=OddityKind.PAGE_SCRIPT, detail="a script among the outputs")
        elif media.startswith(_TEXTS):
            yield from self._text(part_id, plain, TextRole.LOG)
        else:
            yield from self._packed(part_id, media, plain)

    def _values(self, part_id: str, value: Any) -> Iterator[Item]:
        if isinstance(value, str):
            try:
                value = parse(value)
            except Malformed:
                yield from self._text(part_id, value, TextRole.LOG)
                return
        yield from ValueReader(part_id, self.reading, depth=self.source.depth).read(value)

    def _packed(self, part_id: str, media: str, plain: str) -> Iterator[Item]:
        """Base64 of a picture or another file."""
        try:
            raw = base64.b64decode("".join(plain.split()), validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if raw:
            self.reading.spend(expanded=len(raw))
            yield from self.reading.descend(self._member(part_id, raw))
        elif plain.strip():
            yield from self._text(part_id, plain, TextRole.LOG)
            if not media.startswith("application/vnd."):
                yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="an output of a media type that is not known")

    def _member(self, part_id: str, raw: bytes) -> Source:
        return Source.of_bytes(raw, part_id=part_id, name="", depth=self.source.depth + 1)

    def _open(self, part_id: str, text: str, label: str) -> Iterator[Item]:
        file_type = FileType(label=label, family=TYPES[label].family, evidence=("the notebook says so",))
        yield from self.reading.open(self._member(part_id, text.encode("utf-8", "replace")), file_type)

    def _text(self, part_id: str, text: str, role: TextRole, language: str = "") -> Iterator[Item]:
        clean = scalar_text(_ANSI.sub("", text))
        if clean.strip():
            yield from text_parts(part_id, clean, role, reading=self.reading, depth=self.source.depth, language=language)

    def _aside(self) -> Iterator[Item]:
        """Metadata of the notebook, its cells and outputs, and whatever a notebook should not hold."""
        aside = {**self.metadata, **self.aside}
        settings: list[str] = []
        unusual: list[str] = []
        for path, value in leaves(aside, ""):
            if value not in (None, "") or len(path) > _LONG_NAME:
                said = scalar_text(value)
                # tools keep times, switches and numbers with every cell; lists and sentences are something else
                (settings if not path.endswith("]") and _SETTING.fullmatch(said) else unusual).append(f"{scalar_text(path)}: {said}")
        part_id = f"{self.source.part_id}!metadata"
        if sum(map(len, unusual)) + sum(map(len, settings)) > _LONG_METADATA:
            size = sum(map(len, {line.partition(": ")[2] for line in unusual}))  # what stands with every cell counts once
            yield from ValueReader(part_id, self.reading, depth=self.source.depth, hidden=True).read(aside)
            yield Oddity(part_id=part_id, kind=OddityKind.METADATA, detail="much metadata", size=size)
            return
        for place, lines, role in ((part_id, unusual, TextRole.METADATA), (f"{part_id}.settings", settings, TextRole.CONFIG)):
            if lines:
                yield TextPart(part_id=place, text="\n".join(lines), role=role, hidden=True)


def _dicts(value: Any) -> list[dict[str, Any]]:
    return [child for child in value.values() if isinstance(child, dict)] if isinstance(value, dict) else []


def _joined(value: Any, between: str = "") -> str:
    """Text that the format may cut into a list of lines."""
    if isinstance(value, list):
        return between.join(scalar_text(piece) for piece in value if not isinstance(piece, dict | list))
    return value if isinstance(value, str) else ""


def _language(metadata: dict[str, Any]) -> str:
    for key, inner in (("kernelspec", "language"), ("language_info", "name")):
        owner = metadata.get(key)
        if isinstance(owner, dict) and isinstance(owner.get(inner), str):
            return str(owner[inner])[:20].lower()
    return ""
