"""Files and records pasted into a text, a page or a comment; each was released once."""

from __future__ import annotations

import base64
import json
import zipfile
from html import escape
from io import BytesIO

import pytest

from sdc_airlock.model.decision import Outcome


def _prose(people) -> str:
    """Records in the manner of a list of references."""
    return "".join(
        f"{place}. {pid}, {sex} ({age}). BMI {bmi}. J Dis {code}: {place + 90}.\n"
        for place, (pid, age, sex, bmi, code, _) in enumerate(people, 1)
    )


def _page(people) -> str:
    body = escape("<pre>" + json.dumps([list(person) for person in people], indent=1) + "</pre>", quote=True)
    return f'<!doctype html><p>Models were fitted in each stratum.</p><iframe srcdoc="{body}"></iframe>'


def _notebook(people) -> str:
    marks = "".join(
        f'<circle cx="{4 * age}" cy="{5 * bmi}" r="2"/><text x="{4 * age}" y="{5 * bmi}">{pid}</text>' for pid, age, _, bmi, *_ in people
    )
    drawing = f'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="300"><text x="200" y="290">age</text>{marks}</svg>'
    return json.dumps(
        {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "markdown", "metadata": {}, "source": [drawing]}]}
    )


def _armour(people) -> str:
    rows = "".join(f'<p id="{pid}" sex="{sex}" age="{age}" bmi="{bmi}" dx="{code}"/>\n' for pid, age, sex, bmi, code, _ in people)
    lines = base64.encodebytes(f"<data>\n{rows}</data>".encode()).decode().split("\n")
    return "fit <- lm(y ~ x)\n" + "".join(
        f"#' {line}\n" for line in ("-----BEGIN CERTIFICATE-----", *lines[:-1], "-----END CERTIFICATE-----")
    )


PASTED = {"references.md": _prose, "frame.html": _page, "drawing.ipynb": _notebook, "armour.R": _armour}


@pytest.mark.parametrize("name", PASTED)
def test_people_in_another_file(staged, judge, people, name: str) -> None:
    """References, frames of a page, drawings in a cell and armour in comments are read as what they are."""
    outcome, spoke = judge(staged(PASTED[name](people).encode(), name))
    assert outcome is not Outcome.RELEASE
    assert spoke & {"individual_rows", "sample_identifiers", "anomalous_format"}


def test_few_letters_of_base85(staged, judge, states) -> None:
    """A matrix of few signs encodes to few letters, and is encoded all the same."""
    rows = "\n".join(",".join(map(str, row)) for row in states)
    names = ",".join(f"rs{1000 + 37 * place}" for place in range(len(states[0])))
    outcome, spoke = judge(staged(base64.b85encode(f"{names}\n{rows}\n".encode()) + b"\n", "summary.txt"))
    assert outcome is not Outcome.RELEASE
    assert "genotypes" in spoke


def test_a_notebook_in_a_document(staged, judge, states) -> None:
    """The lines of a notebook with genotypes in an error, as paragraphs of a document."""
    head = "\t".join(
        ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *(f"P{place}" for place in range(len(states))))
    )
    calls = [
        "\t".join(
            (
                "1",
                str(1000 + 90 * place),
                f"rs{place}",
                "A",
                "G",
                ".",
                "PASS",
                ".",
                "GT",
                *(("0/0", "0/1", "1/1")[row[place]] for row in states),
            )
        )
        for place in range(len(states[0]))
    ]
    error = {"output_type": "error", "ename": "KeyError", "evalue": "x", "traceback": ["##fileformat=VCFv4.2", head, *calls]}
    cell = {"cell_type": "code", "metadata": {}, "execution_count": 2, "source": ["df"], "outputs": [error]}
    lines = json.dumps({"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [cell]}, indent=1).split("\n")
    body = "".join(f'<w:p><w:r><w:t xml:space="preserve">{escape(line)}</w:t></w:r></w:p>' for line in lines)
    space = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
    kept = BytesIO()
    with zipfile.ZipFile(kept, "w") as parts:
        parts.writestr(
            "[Content_Types].xml",
            '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Override PartName="/word/document.xml"'
            ' ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>',
        )
        parts.writestr(
            "_rels/.rels",
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1"'
            ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/></Relationships>',
        )
        parts.writestr("word/document.xml", f'<w:document xmlns:w="{space}"><w:body>{body}</w:body></w:document>')
    outcome, spoke = judge(staged(kept.getvalue(), "report.docx"))
    assert outcome is not Outcome.RELEASE
    assert "genotypes" in spoke
