"""Names held against content, polyglots, and the second opinion."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from sdc_airlock.identify import disagreement
from sdc_airlock.model.filetype import FileType

VCF = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n"
CSV = "sex,cases\nF,120\nM,131\n"

HONEST = [
    (CSV, "a.csv"), (CSV, "a.txt"), (CSV, "a.tsv"), (CSV, "a"), (CSV, "a.foo"), (CSV, "a.log"), (CSV, "a.dat"), (CSV.replace(",", "\t"), "a.csv"),
    ("Some words.\n", "README.md"), ("Some words.\n", "notes.log"), ("<html></html>", "a.html"), (VCF, "a.vcf"), (VCF, "a.vcf40"), ("", "a.png"),
    ("import os\nimport sys\nprint(os, sys)\n", "a.txt"), ("Salted__" + "\x01" * 40, "a.enc"),
    ("#chrom\tstart\tend\tn\n1\t100\t900\t41\n1\t1900\t2500\t52\n2\t10\t950\t63\n", "regions.bed"),
    ("digraph { age -> sbp; sbp -> cvd; }\n", "graph.dot"),
]  # fmt: skip
BELIED = [
    (VCF, "a.csv"), (VCF, "a.txt"), (CSV, "a.xlsx"), (CSV, "a.png"), (b"\x7fELF\x02\x01\x01" + bytes(60), "a.csv"), (b"PK\x05\x06" + bytes(18), "a.png"),
    (b"%PDF-1.7\n%%EOF\n", "a.csv"), (b"\x6c\x1b\x01\xdc", "a.txt"), ("<html><script></script></html>", "a.csv"), (b"\x89PNG\r\n\x1a\n" + bytes(20), "a.jpg"),
    ("012012012\n120120120\n012210012\n", "a.csv"),
]  # fmt: skip


@pytest.mark.parametrize(("data", "name"), HONEST)
def test_honest_names(data: str, name: str, identified: Callable[..., FileType]) -> None:
    """A name that deceives nobody is no mismatch."""
    assert not identified(data, name).mismatch


@pytest.mark.parametrize(("data", "name"), BELIED)
def test_belied_names(data: str | bytes, name: str, identified: Callable[..., FileType]) -> None:
    """A name under which a checker would expect something else is a mismatch."""
    assert identified(data, name).mismatch


def test_every_sample_is_honest_under_its_own_extension(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """The extensions of the table of types are accepted."""
    from sdc_airlock.identify import TYPES

    for label, data in samples.values():
        assert not any(identified(data, f"a{extension}").mismatch for extension in TYPES[label].extensions)


@pytest.mark.parametrize(
    ("name", "claimed"),
    [("a.CSV", ".csv"), ("a.vcf.gz", ".gz"), ("a", ""), (".hidden", ""), ("a.", ""), ("a.b c", ""), ("a\\u202e.exe", ".exe")],
)
def test_claimed_extensions(name: str, claimed: str, identified: Callable[..., FileType]) -> None:
    """The claim is the last extension, lower case."""
    assert identified(CSV, name).claimed_extension == claimed


def test_a_pdf_with_a_zip_behind_it(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """Both formats of a polyglot are named."""
    found = identified(samples["pdf"][1] + samples["zip"][1])
    assert (found.label, found.also) == ("pdf", ("zip",))


def test_a_picture_with_a_zip_behind_it(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """An archive after the end of a picture is named."""
    assert identified(samples["png"][1] + samples["zip"][1]).also == ("zip",)


def test_a_picture_that_is_a_page(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """Script in a picture is named as the page that a browser would make of it."""
    assert identified(samples["gif"][1] + b"<script>1</script>").also == ("html",)


def test_a_table_with_a_zip_behind_it(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """Bytes in front of a zip do not hide it."""
    found = identified(CSV.encode() * 3000 + samples["zip"][1])
    assert (found.label, found.also) == ("csv", ("zip",))
    assert identified(b"\x01\x02\x03\x9d\xff\xfe" + samples["zip"][1]).label == "zip"


def test_a_book_and_document_in_one(identified: Callable[..., FileType]) -> None:
    """A zip with the parts of two Office formats names both."""
    import io
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name in ("[Content_Types].xml", "xl/workbook.xml", "word/document.xml"):
            archive.writestr(name, "<x/>")
    found = identified(out.getvalue())
    assert (found.label, found.also) == ("xlsx", ("docx",))


def test_an_archive_inside_a_tar_is_no_polyglot(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """A zip at the end of an archive is a member of it."""
    assert identified(samples["tar"][1] + samples["zip"][1]).also == ()


def test_libmagic_contradicts_text_that_it_takes_for_a_program(identified: Callable[..., FileType]) -> None:
    """A disagreement of families is put in words, without a value of the file."""
    found = replace(identified(CSV), second_opinion="application/x-dosexec")
    assert disagreement(found) == "read as delimited text, libmagic says application/x-dosexec"


@pytest.mark.parametrize("opinion", ["", "text/plain", "application/octet-stream", "application/x-made-up"])
def test_libmagic_is_not_held_against_what_it_does_not_know(opinion: str, identified: Callable[..., FileType]) -> None:
    """Opinions that say little contradict nothing."""
    assert not disagreement(replace(identified(VCF), second_opinion=opinion))


def test_samples_agree_with_libmagic(samples: dict[str, tuple[str, bytes]], identified: Callable[..., FileType]) -> None:
    """On ordinary files the two ways of telling the type do not disagree."""
    assert [name for name, (_, data) in samples.items() if disagreement(identified(data))] == []
