"""PDF documents: text page by page, forms, notes, attachments, metadata, scripts, and bytes that belong to no object."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator
from contextlib import closing
from typing import Any

from sdc_airlock.errors import Encrypted, LimitReached, Malformed, ReadError
from sdc_airlock.model.content import Figure, Oddity, OddityKind, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading, gap, reader
from sdc_airlock.readers._package import shown
from sdc_airlock.readers._pdfparts import object_items
from sdc_airlock.readers._pdfpictures import page_pictures
from sdc_airlock.readers._pdfscan import Scan, scan_pdf
from sdc_airlock.readers._pdftext import page_marks, page_text
from sdc_airlock.readers.text import text_parts
from sdc_airlock.source import Source

_LABEL = 64  # characters of a picture's name that writers leave beside the page
_NAMELESS, _NAMELESS_SHARE = 50, 0.3
_DRAWN = 20  # paths that make a page a drawing rather than ruled text
_TAG = re.compile(r"<[^>]*>|<\?[^>]*\?>")
_VALUE = re.compile(r"[\s:]\w+\s*=\s*[\"']([^\"'<>]{4,})[\"']")
_ORDINARY_INFO = frozenset({"CreationDate", "ModDate", "Trapped"})
_WHITESPACE = b" \t\r\n\x00\x0c"


@reader("pdf")
def pdf(source: Source, _file_type: FileType, reading: Reading) -> Iterator[Item]:
    """One PDF."""
    import pypdfium2

    data = source.read(reading.limits.member_bytes)
    scan = scan_pdf(data)
    yield from _scanned(source, scan, reading)
    try:
        document = pypdfium2.PdfDocument(data[scan.start :] if scan.start else data)
    except pypdfium2.PdfiumError as error:
        yield from _refused(source, error)
        return
    with closing(document):
        words: list[str] = []
        try:
            for item in _document(source, document, scan, reading):
                if isinstance(item, TextPart) and "!page" in item.part_id:
                    words.append(item.text)
                yield item
        except pypdfium2.PdfiumError:
            yield gap(source.part_id, Malformed("the PDF breaks off"))
    yield from object_items(source, data, scan.start, reading, sealed=scan.encrypted, words="\n".join(words))
    if scan.end > 0 and (rest := data[scan.end :].strip(_WHITESPACE)):
        yield Oddity(part_id=source.part_id, kind=OddityKind.TRAILING_DATA, detail="bytes after the end of the PDF", size=len(rest))
        yield from reading.descend(Source.of_bytes(rest, part_id=f"{source.part_id}!trailing", name="trailing", depth=source.depth + 1))


def _refused(source: Source, error: Exception) -> Iterator[Item]:
    import pypdfium2.raw as pdfium

    if getattr(error, "err_code", None) in (pdfium.FPDF_ERR_PASSWORD, pdfium.FPDF_ERR_SECURITY):
        yield Oddity(part_id=source.part_id, kind=OddityKind.ENCRYPTED, detail="a password is needed")
        yield gap(source.part_id, Encrypted("a password is needed"))
    else:
        yield Oddity(part_id=source.part_id, kind=OddityKind.DAMAGED, detail="the PDF cannot be opened")
        yield gap(source.part_id, Malformed("the PDF cannot be opened"))


def _tag_values(tag: re.Match[str]) -> str:
    """Values of the attributes of a tag, in place of the tag."""
    return "\n".join(["", *(value for value in _VALUE.findall(tag.group()) if "://" not in value), ""])


def _scanned(source: Source, scan: Scan, reading: Reading) -> Iterator[Item]:
    place = source.part_id
    for kind, size, words in (
        (OddityKind.LEADING_DATA, scan.start, "bytes before the PDF begins"),
        (OddityKind.TRAILING_DATA, scan.loose, "bytes in the PDF that belong to no object"),
        (OddityKind.SCRIPT, scan.scripts, "JavaScript"),
        (OddityKind.AUTOMATIC_ACTION, scan.automatic, "actions that start, send or play something"),
        (OddityKind.EXTERNAL_REFERENCE, scan.outward, "references to other files"),
    ):
        if size:
            yield Oddity(part_id=place, kind=kind, detail=words, size=size)
    if scan.end < 0:
        yield Oddity(part_id=place, kind=OddityKind.DAMAGED, detail="the PDF has no end mark")
    if scan.forms:
        yield Unread(part_id=f"{place}!form", why=UnreadReason.UNSUPPORTED, detail="a form kept as XML inside the PDF")
    if scan.unread:
        why = UnreadReason.ENCRYPTED if scan.encrypted else UnreadReason.MALFORMED
        yield Unread(part_id=f"{place}!objects", why=why, detail=f"{scan.unread} streams of objects could not be opened")
    if scan.broken and not scan.encrypted:
        words = f"{scan.broken} compressed streams with an error in them; what follows it is lost"
        yield Unread(part_id=f"{place}!objects", why=UnreadReason.MALFORMED, detail=words)
    if text := "\n".join(line for item in scan.metadata for line in _TAG.sub(_tag_values, item).split("\n") if line.strip()):
        yield from text_parts(f"{place}!xmp", text, TextRole.METADATA, reading=reading, depth=source.depth, hidden=True)


def _document(source: Source, document: Any, scan: Scan, reading: Reading) -> Iterator[Item]:
    import pypdfium2

    info = [value.strip("\x00") for key, value in document.get_metadata_dict(skip_empty=True).items() if key not in _ORDINARY_INFO]
    if info:
        yield from text_parts(
            f"{source.part_id}!properties", "\n".join(info), TextRole.METADATA, reading=reading, depth=source.depth, hidden=True
        )
    found = 0
    for number in range(document.count_attachments()):
        found += 1
        try:
            attachment = document.get_attachment(number)
        except pypdfium2.PdfiumError:
            yield gap(f"{source.part_id}!attachment{found}", Malformed("the attachment cannot be found"))
            continue
        yield from _attachment(source, attachment, found, reading)
    document.init_forms()
    pages = len(document)
    for number in range(min(pages, reading.limits.pages)):
        part_id = f"{source.part_id}!page{number + 1}"
        try:
            with closing(document[number]) as page:
                for item in _page(source, page, part_id, document.formenv, reading):
                    found += (
                        isinstance(item, Oddity)
                        and item.kind is OddityKind.EMBEDDED_OBJECT
                        and item.part_id.startswith(f"{part_id}!attachment")
                    )
                    yield item
        except pypdfium2.PdfiumError:
            yield gap(part_id, Malformed("the page cannot be opened"))
    if pages > reading.limits.pages:
        yield gap(source.part_id, LimitReached("pages", reading.limits.pages, pages))
    if not pages:
        yield gap(source.part_id, Malformed("the PDF has no page"))
    if scan.embedded > found:
        yield Oddity(
            part_id=source.part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="embedded files that nothing names", size=scan.embedded - found
        )
        yield Unread(part_id=f"{source.part_id}!attachments", why=UnreadReason.HIDDEN, detail="embedded files that nothing names")


def _attachment(source: Source, attachment: Any, number: int, reading: Reading, *, where: str = "") -> Iterator[Item]:
    import pypdfium2

    part_id = f"{where or source.part_id}!attachment{number}"
    try:
        data = bytes(attachment.get_data())
        name = shown(attachment.get_name() or "")
    except pypdfium2.PdfiumError:
        yield Oddity(part_id=part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="attachment")
        yield gap(part_id, Malformed("the attachment cannot be taken out"))
        return
    yield Oddity(part_id=part_id, kind=OddityKind.EMBEDDED_OBJECT, detail="attachment", size=len(data))
    try:
        reading.spend(expanded=len(data), members=1)
    except ReadError as error:
        yield gap(part_id, error)
        return
    yield from reading.descend(Source.of_bytes(data, part_id=part_id, name=name.rpartition("/")[2], depth=source.depth + 1))


def _page(source: Source, page: Any, part_id: str, forms: Any, reading: Reading) -> Iterator[Item]:
    box = page.get_cropbox()
    laid_out = page_text(page, box)
    marks = page_marks(page)
    reading.spend(expanded=len(laid_out.text))
    if laid_out.text.strip():
        yield from text_parts(part_id, laid_out.text, TextRole.PROSE, reading=reading, depth=source.depth)
    if marks.pictures or marks.paths >= _DRAWN:
        width, height = (marks.width, marks.height) if marks.pictures else (round(abs(box[2] - box[0])), round(abs(box[3] - box[1])))
        yield Figure(part_id=part_id, format="pdf", width=width, height=height, marks=marks.paths or None)
    if laid_out.nameless > _NAMELESS and laid_out.nameless > _NAMELESS_SHARE * laid_out.letters:
        yield Oddity(part_id=part_id, kind=OddityKind.UNDECODABLE_TEXT, detail="letters without character codes", size=laid_out.nameless)
        yield Unread(part_id=part_id, why=UnreadReason.UNSUPPORTED, detail="letters of the page have no character codes")
    for size, words in (
        (laid_out.outside if laid_out.outside > _LABEL else 0, "text outside the page"),
        (laid_out.tiny, "text too small to be read"),
        (marks.unseen, "invisible text"),
    ):
        if size:
            yield Oddity(part_id=part_id, kind=OddityKind.HIDDEN_TEXT, detail=words, size=size)
    yield from page_pictures(page, part_id, reading, depth=source.depth, paths=marks.paths)
    yield from _annotations(source, page, part_id, forms, reading)


def _annotations(source: Source, page: Any, part_id: str, forms: Any, reading: Reading) -> Iterator[Item]:
    """Notes, values of form fields and attached files of a page."""
    import pypdfium2
    import pypdfium2.raw as pdfium

    notes: list[str] = []
    fields: list[str] = []
    attached = 0
    for number in range(pdfium.FPDFPage_GetAnnotCount(page.raw)):
        annotation = pdfium.FPDFPage_GetAnnot(page.raw, number)
        if not annotation:
            continue
        try:
            kind = pdfium.FPDFAnnot_GetSubtype(annotation)
            if kind == pdfium.FPDF_ANNOT_WIDGET:
                if forms is not None and (text := _wide(pdfium.FPDFAnnot_GetFormFieldValue, forms.raw, annotation)):
                    fields.append(text)
            else:
                notes += [
                    text for key in (b"Contents", b"RC", b"Subj") if (text := _wide(pdfium.FPDFAnnot_GetStringValue, annotation, key))
                ]
            if kind == pdfium.FPDF_ANNOT_FILEATTACHMENT:
                attached += 1
                raw = pdfium.FPDFAnnot_GetFileAttachment(annotation)
                if raw:
                    yield from _attachment(source, pypdfium2.PdfAttachment(raw, page.pdf), attached, reading, where=part_id)
        finally:
            pdfium.FPDFPage_CloseAnnot(annotation)
    if fields:
        yield from text_parts(f"{part_id}!form", "\n".join(fields), TextRole.PROSE, reading=reading, depth=source.depth)
    if notes:
        yield from text_parts(f"{part_id}!notes", "\n".join(notes), TextRole.COMMENT, reading=reading, depth=source.depth, hidden=True)


def _wide(function: Any, *arguments: Any) -> str:
    """A string that pdfium writes as UTF-16 into a buffer of the size it asks for."""
    import pypdfium2.raw as pdfium

    size = function(*arguments, None, 0)
    if size <= 2:
        return ""
    buffer = ctypes.create_string_buffer(size)
    function(*arguments, ctypes.cast(buffer, ctypes.POINTER(pdfium.FPDF_WCHAR)), size)
    return buffer.raw[: size - 2].decode("utf-16-le", "replace")
