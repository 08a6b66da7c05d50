"""Documents that would expand by their own definitions, or ask for files and addresses."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from sdc_airlock.model.decision import Outcome

SECRET = "the-words-of-a-file-on-this-machine"
OFFICE = "urn:oasis:names:tc:opendocument:xmlns:office:1.0"
OPEN_XML = "http://schemas.openxmlformats.org/"


def laughs() -> str:
    """A document type whose last entity stands for ten billion words."""
    entities = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 11))
    return f'<!DOCTYPE any [<!ENTITY l0 "lol">{entities}]>'


def blown_up() -> str:
    """One long entity, called many times."""
    return f'<!DOCTYPE any [<!ENTITY l10 "{"x" * 100_000}">]>'


def fetching(address: str) -> str:
    return f'<!DOCTYPE any [<!ENTITY l10 SYSTEM "{address}">]>'


def parameter(address: str) -> str:
    """A parameter entity, which is expanded while the type is read."""
    return f'<!DOCTYPE any [<!ENTITY % p SYSTEM "{address}"> %p; <!ENTITY l10 "x">]>'


def package(media: str, **members: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        if media:
            archive.writestr("mimetype", media)
        for name, text in members.items():
            archive.writestr(name, text)
    return out.getvalue()


def office(kind: str, place: str, body: str) -> bytes:
    types = f'<Types xmlns="{OPEN_XML}package/2006/content-types"><Override PartName="/{place}" ContentType="{kind}"/></Types>'
    relation = f"{OPEN_XML}officeDocument/2006/relationships/officeDocument"
    links = f'<Relationships xmlns="{OPEN_XML}package/2006/relationships"><Relationship Id="r1" Type="{relation}" Target="{place}"/></Relationships>'
    return package("", **{"[Content_Types].xml": types, "_rels/.rels": links, place: body})


def xml(kind: str) -> bytes:
    return f"<?xml version='1.0'?>{kind}<any><row>&l10;</row><row>&l10;</row></any>".encode()


def svg(kind: str) -> bytes:
    return f"<?xml version='1.0'?>{kind}<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><text>&l10;</text></svg>".encode()


def plist(kind: str) -> bytes:
    return f"<?xml version='1.0'?>{kind}<plist version='1.0'><dict><key>a</key><string>&l10;</string></dict></plist>".encode()


def xhtml(kind: str) -> bytes:
    return f"<?xml version='1.0'?>{kind}<html xmlns='http://www.w3.org/1999/xhtml'><body><p>&l10;</p></body></html>".encode()


def pmml(kind: str) -> bytes:
    return f"<?xml version='1.0'?>{kind}<PMML xmlns='http://www.dmg.org/PMML-4_4' version='4.4'><Header copyright='&l10;'/></PMML>".encode()


def docx(kind: str) -> bytes:
    body = f'{kind}<w:document xmlns:w="{OPEN_XML}wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&l10;</w:t></w:r></w:p></w:body></w:document>'
    return office("application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml", "word/document.xml", body)


def xlsx(kind: str) -> bytes:
    body = f'{kind}<workbook xmlns="{OPEN_XML}spreadsheetml/2006/main"><sheets><sheet name="&l10;" sheetId="1"/></sheets></workbook>'
    return office("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml", "xl/workbook.xml", body)


def odt(kind: str) -> bytes:
    body = f'{kind}<office:document-content xmlns:office="{OFFICE}"><office:body><office:text>&l10;</office:text></office:body></office:document-content>'
    return package("application/vnd.oasis.opendocument.text", **{"content.xml": body})


FORMATS = {"a.xml": xml, "a.svg": svg, "a.plist": plist, "a.xhtml": xhtml, "a.pmml": pmml, "a.docx": docx, "a.xlsx": xlsx, "a.odt": odt}


@pytest.mark.parametrize("kind", [laughs, blown_up])
@pytest.mark.parametrize("name", FORMATS)
def test_entities_are_not_expanded(verdict, name: str, kind) -> None:
    """A document that defines entities is held, at once."""
    found = verdict(FORMATS[name](kind()), name)
    assert found.outcome >= Outcome.REVIEW
    assert "file_seconds" not in found.gaps
    assert not found.assessment.failure


@pytest.mark.parametrize("kind", [fetching, parameter])
@pytest.mark.parametrize("name", FORMATS)
def test_nothing_is_fetched(verdict, tmp_path: Path, name: str, kind) -> None:
    """An entity that names a file of this machine brings none of its words into the report."""
    place = tmp_path / "secret.txt"
    place.write_text(SECRET)
    found = verdict(FORMATS[name](kind(place.as_uri())), name)
    assert found.outcome >= Outcome.REVIEW
    assert SECRET not in found.report
    assert not found.assessment.failure


def test_included_files_are_not_fetched(verdict, tmp_path: Path) -> None:
    """An inclusion, a style sheet and a schema that name a file of this machine bring none of its words into the report."""
    place = tmp_path / "secret.txt"
    place.write_text(SECRET)
    text = (
        f"<?xml version='1.0'?><?xml-stylesheet type='text/xsl' href='{place.as_uri()}'?>"
        f"<any xmlns:xi='http://www.w3.org/2001/XInclude' xmlns:xsi='http://www.w3.org/2001/XMLSchema-instance' "
        f"xsi:schemaLocation='a {place.as_uri()}'><xi:include href='{place.as_uri()}' parse='text'/></any>"
    )
    found = verdict(text.encode(), "a.xml")
    assert SECRET not in found.report
    assert not found.assessment.failure
