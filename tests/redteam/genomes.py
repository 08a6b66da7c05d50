"""Genotypes and records of single genomes in layouts, formats, orders, lengths and marks that no list of genotype formats names."""

from __future__ import annotations

import io
import json
import random
import struct
import tarfile
import wave
import zipfile
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from itertools import permutations

import numpy as np
from carriers import code_cell, notebook, page
from documents import docx, pdf, pdf_lines
from figures import bars, chunk, svg
from population import Item, Population

GENOMES: dict[str, Callable[[Population], Item]] = {}


def genome(name: str, extension: str) -> Callable[[Callable[[Population], str | bytes]], Callable[[Population], str | bytes]]:
    """Lists a function that writes a file."""

    def listed(write: Callable[[Population], str | bytes]) -> Callable[[Population], str | bytes]:
        def make(people: Population) -> Item:
            data = write(people)
            return Item(name=f"output{extension}", data=data.encode() if isinstance(data, str) else data, made=(name,))

        GENOMES[name] = make
        return write

    return listed


def _lines(lines: Iterable[object]) -> str:
    return "".join(f"{line}\n" for line in lines)


def _table(header: Iterable[object], rows: Iterable[Iterable[object]], between: str = ",") -> str:
    return _lines(between.join(map(str, row)) for row in (header, *rows))


def _rows(people: Population) -> list[list[int]]:
    return people.counts.tolist()


def _chance(people: Population) -> random.Random:
    return random.Random(f"genomes {people.seed}")


def _letters(people: Population, person: int, place: int) -> str:
    _, _, _, first, second = people.sites[place]
    return "".join(sorted((first, second)[int(phase)] for phase in people.phases[:, person, place]))


# marks and the way that a page is set

genome("punctuation in a markdown table", ".md")(
    lambda people: (
        "| | "
        + " | ".join(f"{place + 1}" for place in range(people.counts.shape[1]))
        + " |\n|---"
        + "|---" * people.counts.shape[1]
        + "|\n"
        + _lines(f"| {number + 1} | " + " | ".join("·:⁝"[value] for value in row) + " |" for number, row in enumerate(_rows(people)))
    )
)
genome("braille", ".txt")(lambda people: _lines("".join("⠁⠃⠇"[value] for value in row) for row in _rows(people)))
genome("dots and dashes", ".txt")(lambda people: _lines(" ".join((".", "-", "..")[value] for value in row) for row in _rows(people)))
genome("roman numerals", ".csv")(
    lambda people: _table(
        [f"m{place}" for place in range(people.counts.shape[1])], ([("I", "II", "III")[value] for value in row] for row in _rows(people))
    )
)
genome("case of a word", ".csv")(
    lambda people: _table(
        [f"q{place}" for place in range(people.counts.shape[1])], ([("yes", "Yes", "YES")[value] for value in row] for row in _rows(people))
    )
)
genome("spaces behind numbers", ".csv")(
    lambda people: _table(
        ["region", *(f"year_{1960 + place}" for place in range(people.counts.shape[1]))],
        (
            [f"area {number}", *(f"{_chance(people).randint(400, 900) + 7 * place}" + " " * value for place, value in enumerate(row))]
            for number, row in enumerate(_rows(people))
        ),
    )
)
genome("quotation marks around numbers", ".csv")(
    lambda people: _table(
        ["region", *(f"year_{1960 + place}" for place in range(people.counts.shape[1]))],
        (
            [
                f"area {number}",
                *(("{}", '"{}"', "'{}'")[value].format(400 + (number * 97 + place * 31) % 500) for place, value in enumerate(row)),
            ]
            for number, row in enumerate(_rows(people))
        ),
    )
)
genome("trailing noughts", ".csv")(
    lambda people: _table(
        ["region", *(f"rate_{1960 + place}" for place in range(people.counts.shape[1]))],
        (
            [f"area {number}", *(f"0.{1 + (number * 97 + place * 31) % 9}" + "0" * value for place, value in enumerate(row))]
            for number, row in enumerate(_rows(people))
        ),
    )
)
genome("ways to write a number", ".csv")(
    lambda people: _table(
        ["area", *(f"n_{1960 + place}" for place in range(people.counts.shape[1]))],
        (
            [
                f"area {number}",
                *(("{:d}", "{:.1f}", "{:e}")[value].format(400 + (number * 97 + place * 31) % 500) for place, value in enumerate(row)),
            ]
            for number, row in enumerate(_rows(people))
        ),
    )
)
genome("colours of latex cells", ".tex")(
    lambda people: (
        "\\documentclass{article}\\usepackage[table]{xcolor}\\begin{document}\n\\begin{tabular}{"
        + "c" * people.counts.shape[1]
        + "}\n"
        + _lines(
            " & ".join("\\cellcolor{" + ("white", "red!25", "red!75")[value] + "}" for value in row) + " \\\\" for row in _rows(people)
        )
        + "\\end{tabular}\n\\end{document}\n"
    )
)
genome("spans of html cells", ".html")(
    lambda people: page(
        "<table>"
        + "".join("<tr>" + "".join(f'<td colspan="{value + 1}">x</td>' for value in row) + "</tr>" for row in _rows(people))
        + "</table>"
    )
)
genome("classes of empty html cells", ".html")(
    lambda people: page(
        "<table>"
        + "".join("<tr>" + "".join(f'<td class="{"abc"[value]}"></td>' for value in row) + "</tr>" for row in _rows(people))
        + "</table>",
        "<style>.a{background:#fff}.b{background:#fa0}.c{background:#a00}</style>",
    )
)
genome("rules of a style sheet", ".css")(
    lambda people: _lines(
        f"tr:nth-child({number + 1}) td:nth-child({place + 1}) {{ opacity: {('0.2', '0.5', '0.9')[value]} }}"
        for number, row in enumerate(_rows(people)[:40])
        for place, value in enumerate(row)
    )
)
genome("steps of a path", ".svg")(
    lambda people: svg(
        "".join(
            f'<path fill="none" d="M40 {10 + 2 * number}' + "".join(f"h3v{value - 1}" for value in row) + '"/>'
            for number, row in enumerate(_rows(people))
        )
    )
)
genome("marks used again", ".svg")(
    lambda people: svg(
        '<defs><circle id="a" r="1"/><rect id="b" width="2" height="2"/><path id="c" d="M0 0L2 2"/></defs>'
        + "".join(
            f'<use href="#{"abc"[value]}" x="{40 + 3 * place}" y="{10 + 3 * number}"/>'
            for number, row in enumerate(_rows(people))
            for place, value in enumerate(row)
        )
    )
)
genome("shades of word cells", ".docx")(
    lambda people: docx(
        "<w:tbl>"
        + "".join(
            "<w:tr>"
            + "".join(
                f'<w:tc><w:tcPr><w:shd w:val="clear" w:fill="{("FFFFFF", "FFD966", "C00000")[value]}"/></w:tcPr><w:p/></w:tc>'
                for value in row
            )
            + "</w:tr>"
            for row in _rows(people)
        )
        + "</w:tbl>"
    )
)
genome("bold and slanted letters of word", ".docx")(
    lambda people: docx(
        "".join(
            "<w:p>"
            + "".join(
                f"<w:r><w:rPr>{('', '<w:b/>', '<w:i/>')[value]}</w:rPr><w:t>{'the results were similar in both arms and did not differ by centre'[place % 66]}</w:t></w:r>"
                for place, value in enumerate(row)
            )
            + "</w:p>"
            for row in _rows(people)
        )
    )
)


def _sheet(fill: Callable[[object, Population], None]) -> Callable[[Population], bytes]:
    def make(people: Population) -> bytes:
        from openpyxl import Workbook

        book = Workbook()
        fill(book.active, people)
        buffer = io.BytesIO()
        book.save(buffer)
        return buffer.getvalue()

    return make


def _each_cell(sheet: object, people: Population, dress: Callable[[object, int], None]) -> None:
    """Writes large counts of areas by year, and dresses each cell by a state."""
    sheet.append(["area", *range(1960, 1960 + people.counts.shape[1])])
    for number, row in enumerate(_rows(people)):
        sheet.append([f"area {number + 1}", *(400 + (number * 97 + place * 31) % 500 for place in range(len(row)))])
        for place, value in enumerate(row):
            dress(sheet.cell(number + 2, place + 2), value)


@genome("formats of numbers of a workbook", ".xlsx")
@_sheet
def _(sheet, people: Population) -> None:
    def dress(cell, value: int) -> None:
        cell.number_format = ("0", "#,##0", "0.0")[value]

    _each_cell(sheet, people, dress)


@genome("bold and slanted cells of a workbook", ".xlsx")
@_sheet
def _(sheet, people: Population) -> None:
    from openpyxl.styles import Font

    fonts = (Font(), Font(bold=True), Font(italic=True))

    def dress(cell, value: int) -> None:
        cell.font = fonts[value]

    _each_cell(sheet, people, dress)


@genome("edges of cells of a workbook", ".xlsx")
@_sheet
def _(sheet, people: Population) -> None:
    from openpyxl.styles import Border, Side

    edges = (Border(), Border(top=Side("thin")), Border(left=Side("thin")))

    def dress(cell, value: int) -> None:
        cell.border = edges[value]

    _each_cell(sheet, people, dress)


@genome("heights of rows of a workbook", ".xlsx")
@_sheet
def _(sheet, people: Population) -> None:
    for number, value in enumerate(people.counts.ravel().tolist()):
        sheet.cell(number + 1, 1, "x")
        sheet.row_dimensions[number + 1].height = (15, 16, 17)[value]


@genome("formulas of a workbook", ".xlsx")
@_sheet
def _(sheet, people: Population) -> None:
    for row in _rows(people):
        sheet.append([("=1-1", "=2-1", "=3-1")[value] for value in row])


# order, length and time

genome("order of json keys", ".json")(
    lambda people: json.dumps(
        [[{key: place for place, key in enumerate(list(permutations("abc"))[value])} for value in row] for row in _rows(people)]
    )
)
genome("order of variants on a line", ".txt")(
    lambda people: _lines(
        " ".join(people.sites[place][2] for place in sorted(range(len(row)), key=lambda place: (row[place], place)))
        for row in _rows(people)
    )
)
genome("order of levels", ".R")(
    lambda people: _lines(
        f"x{number} <- structure(c({', '.join(f'{value + 1}L' for value in row)}), levels = c('c', 'a', 'b'), class = 'factor')"
        for number, row in enumerate(_rows(people))
    )
)
genome("last digits of p values", ".csv")(
    lambda people: _table(
        ["snp", *(f"p_{number}" for number in range(len(people.ids)))],
        (
            [
                people.sites[place][2],
                *(f"0.{(number * 37 + place * 101) % 90 + 10}{3 * ((number + place) % 3) + value}" for number, value in enumerate(row)),
            ]
            for place, row in enumerate(people.counts.T.tolist())
        ),
    )
)
genome("days after a date", ".csv")(
    lambda people: _table(
        [f"visit_{place}" for place in range(people.counts.shape[1])],
        ([date(2019, 1, 1) + timedelta(days=30 * place + value) for place, value in enumerate(row)] for row in _rows(people)),
    )
)
genome("ages in months", ".csv")(
    lambda people: _table(
        ["child", *(f"age_m_{place}" for place in range(people.counts.shape[1]))],
        ([number, *(3 * place + value for place, value in enumerate(row))] for number, row in enumerate(_rows(people))),
    )
)
genome("times of a day", ".csv")(
    lambda people: _table(
        [f"t{place}" for place in range(people.counts.shape[1])],
        ([f"09:{place:02d}:0{value}" for place, value in enumerate(row)] for row in _rows(people)),
    )
)
genome("lengths of words", ".txt")(
    lambda people: _lines(
        " ".join(("of", "the", "with")[value] if place % 2 else ("in", "and", "from")[value] for place, value in enumerate(row))
        for row in _rows(people)
    )
)
genome("lengths of lines", ".txt")(lambda people: "".join("=" * (10 + value) + "\n" for row in _rows(people)[:40] for value in row))
genome("blank lines", ".txt")(lambda people: "".join("done\n" + "\n" * value for row in _rows(people)[:40] for value in row))
genome("ends of lines", ".txt")(
    lambda people: "".join("step done" + ("\n", "\r\n", "\r")[value] for row in _rows(people)[:40] for value in row)
)


@genome("times of members", ".zip")
def _(people: Population) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, row in enumerate(_rows(people)):
            for place, value in enumerate(row[:30]):
                about = zipfile.ZipInfo(f"{number}/{place}.txt", (2024, 5, 1, 9, 0, 2 * value))
                archive.writestr(about, "done\n")
    return buffer.getvalue()


@genome("sizes of members", ".zip")
def _(people: Population) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, row in enumerate(_rows(people)[:40]):
            for place, value in enumerate(row[:30]):
                archive.writestr(zipfile.ZipInfo(f"{number}/{place}.txt"), "ok" + "k" * value + "\n")
    return buffer.getvalue()


@genome("names of owners", ".tar")
def _(people: Population) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number, row in enumerate(_rows(people)):
            about = tarfile.TarInfo(f"plot_{number}.csv")
            data = b"age_group,n\n18-39,412\n40-64,633\n65+,298\n"
            about.size, about.uname = len(data), "".join("abc"[value] for value in row[:30])
            archive.addfile(about, io.BytesIO(data))
    return buffer.getvalue()


# sound, colour and frames


@genome("samples of a sound", ".wav")
def _(people: Population) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes((people.counts.astype("<i2") * 1000).tobytes())
    return buffer.getvalue()


genome("a histogram chunk", ".png")(
    lambda people: (
        bars()[:33] + chunk(b"sPLT", b"genes\0\x08" + b"".join(struct.pack(">4BH", *row[:4], 1) for row in _rows(people))) + bars()[33:]
    )
)


@genome("lengths of frames", ".gif")
def _(people: Population) -> bytes:
    from PIL import Image

    frames = [Image.new("RGB", (4, 4), (place % 251, place % 7 * 30, 0)) for place in range(900)]
    buffer = io.BytesIO()
    frames[0].save(
        buffer,
        "GIF",
        save_all=True,
        append_images=frames[1:],
        duration=[(40, 50, 60)[value] for value in people.counts[:30, :30].ravel().tolist()],
    )
    return buffer.getvalue()


genome("numbers of runs of a notebook", ".ipynb")(
    lambda people: notebook(
        *(
            {**code_cell({"output_type": "stream", "name": "stdout", "text": ["ok\n"]}, "fit()"), "execution_count": value + 1}
            for row in _rows(people)[:40]
            for value in row[:30]
        )
    )
)
genome("ids of cells of a notebook", ".ipynb")(
    lambda people: notebook(
        *(
            {
                **code_cell({"output_type": "stream", "name": "stdout", "text": ["ok\n"]}, "fit()"),
                "id": "".join("abc"[value] for value in row),
            }
            for row in _rows(people)
        )
    )
)


def _key(row: list[int]) -> str:
    """A key of sixty-four states, two bits each."""
    digits = f"{int(''.join(f'{value:02b}' for value in (row * 2)[:64]), 2):032x}"
    return "-".join(digits[start:end] for start, end in ((0, 8), (8, 12), (12, 16), (16, 20), (20, 32)))


genome("identifiers of groups", ".csv")(
    lambda people: _table(
        ["cell_id", "age_group", "n"], ([_key(row), 18 + number, 400 + 7 * number % 91] for number, row in enumerate(_rows(people)))
    )
)
genome("colour codes", ".json")(
    lambda people: json.dumps(
        {"palette": [f"#{int(''.join(map(str, row[start : start + 12])), 4):06x}" for row in _rows(people) for start in (0, 12, 24)]}
    )
)

# files of programs and services

genome("ped with commas", ".ped")(
    lambda people: _lines(
        ",".join(
            [
                f"F{number}",
                name,
                "0",
                "0",
                "1",
                "-9",
                *(allele for place in range(people.counts.shape[1]) for allele in _letters(people, number, place)),
            ]
        )
        for number, name in enumerate(people.ids)
    )
)
genome("eigenstrat text", ".geno")(lambda people: _lines("".join(map(str, row)) for row in (2 - people.counts.T).tolist()))


@genome("packed eigenstrat", ".geno")
def _(people: Population) -> bytes:
    n, m = people.counts.shape
    length = max(48, -(-n // 4))
    head = f"GENO {n:7d} {m:7d} 1a2b3c4d 5e6f7a8b".encode().ljust(length, b"\0")
    padded = np.zeros((m, 4 * length), dtype=np.uint8)
    padded[:, :n] = people.counts.T
    quads = padded.reshape(m, length, 4)
    return head + (quads[..., 0] << 6 | quads[..., 1] << 4 | quads[..., 2] << 2 | quads[..., 3]).astype(np.uint8).tobytes()


@genome("gds", ".gds")
def _(people: Population) -> bytes:
    n, m = people.counts.shape
    padded = np.zeros(-(-n * m // 4) * 4, dtype=np.uint8)
    padded[: n * m] = people.counts.ravel()
    quads = padded.reshape(-1, 4)
    packed = (quads[:, 0] | quads[:, 1] << 2 | quads[:, 2] << 4 | quads[:, 3] << 6).astype(np.uint8).tobytes()
    return b"COREARRAYx0A\x00\x01\x00\x00\x00\x00" + b"\x08genotype\x04Bit2" + struct.pack("<QQ", n, m) + packed


def _raw_calls(people: Population, person: int) -> list[tuple[str, str, int, str]]:
    return [(site[2], site[0], site[1], _letters(people, person, place)) for place, site in enumerate(people.sites)]


genome("raw data of a testing company", ".txt")(
    lambda people: (
        "# This data file generated by 23andMe at: Mon Jan 01 2024\n# rsid\tchromosome\tposition\tgenotype\n"
        + _lines("\t".join(map(str, call)) for call in _raw_calls(people, 3))
    )
)
genome("quoted raw data of a testing company", ".csv")(
    lambda people: (
        "##format=MHv1.0\n##chip=GSA\nRSID,CHROMOSOME,POSITION,RESULT\n"
        + _lines(",".join(f'"{value}"' for value in call) for call in _raw_calls(people, 3))
    )
)
genome("raw data with two alleles", ".txt")(
    lambda people: (
        "#AncestryDNA raw data download\nrsid\tchromosome\tposition\tallele1\tallele2\n"
        + _lines(f"{name}\t{where}\t{place}\t{call[0]}\t{call[1]}" for name, where, place, call in _raw_calls(people, 5))
    )
)
genome("variants with calls", ".json")(
    lambda people: json.dumps(
        {
            "variants": [
                {
                    "referenceName": site[0],
                    "start": site[1],
                    "referenceBases": site[3],
                    "alternateBases": [site[4]],
                    "calls": [
                        {"callSetId": str(number), "genotype": people.phases[:, number, place].tolist()}
                        for number in range(len(people.ids))
                    ],
                }
                for place, site in enumerate(people.sites)
            ]
        }
    )
)
genome("observations of a record system", ".json")(
    lambda people: json.dumps(
        {
            "resourceType": "Bundle",
            "type": "collection",
            "entry": [
                {
                    "resource": {
                        "resourceType": "Observation",
                        "status": "final",
                        "code": {"coding": [{"system": "http://loinc.org", "code": "69548-6"}]},
                        "subject": {"reference": f"Patient/{name}"},
                        "component": [
                            {"code": {"text": "dbSNP ID"}, "valueCodeableConcept": {"text": people.sites[place][2]}},
                            {
                                "code": {"text": "Allelic state"},
                                "valueCodeableConcept": {"coding": [{"code": ("LA6703-8", "LA6706-1", "LA6705-3")[value]}]},
                            },
                        ],
                    }
                }
                for name, row in zip(people.ids[:20], _rows(people), strict=False)
                for place, value in enumerate(row[:10])
            ],
        }
    )
)
genome("packets of phenotypes", ".json")(
    lambda people: json.dumps(
        [
            {
                "id": f"case.{number}",
                "subject": {
                    "id": f"proband {number}",
                    "sex": "FEMALE",
                    "timeAtLastEncounter": {"age": {"iso8601duration": f"P{20 + number}Y3M"}},
                },
                "phenotypicFeatures": [
                    {"type": {"id": "HP:0001250", "label": "Seizure"}},
                    {"type": {"id": "HP:0001263", "label": "Global developmental delay"}},
                ],
                "interpretations": [
                    {
                        "diagnosis": {
                            "genomicInterpretations": [
                                {
                                    "variantInterpretation": {
                                        "variationDescriptor": {
                                            "expressions": [{"syntax": "hgvs.c", "value": f"NM_000059.3:c.{100 + number}G>A"}],
                                            "allelicState": {"id": "GENO:0000135", "label": "heterozygous"},
                                        }
                                    }
                                }
                            ]
                        }
                    }
                ],
            }
            for number in range(12)
        ]
    )
)
genome("variants of patients in sentences", ".txt")(
    lambda people: _lines(
        f"Patient {number + 1} carried c.{100 + 3 * number}{a}>{b} (p.Arg{40 + number}Gln) in BRCA2, heterozygous, and was {30 + number} years old at diagnosis."
        for number, (_, _, _, a, b) in enumerate(people.sites[:15])
    )
)
genome("report of drug response", ".md")(
    lambda people: (
        "# Pharmacogenomic report\n\n| Gene | Diplotype | Phenotype |\n|---|---|---|\n| CYP2D6 | \\*1/\\*4 | Intermediate metabolizer |\n| CYP2C19 | \\*2/\\*17 | Intermediate metabolizer |\n"
        "| CYP2C9 | \\*1/\\*3 | Intermediate metabolizer |\n| TPMT | \\*1/\\*1 | Normal metabolizer |\n| SLCO1B1 | \\*1/\\*5 | Decreased function |\n| VKORC1 | -1639G/A | Increased sensitivity |\n"
    )
)
genome("tissue types in a pdf", ".pdf")(
    lambda people: pdf(
        pdf_lines(
            "Donor   A       A       B       B       DRB1     DRB1\n"
            + _lines(
                f"{number + 1:<5}   {a:02d}:01   {b:02d}:01   {c:02d}:02   {d:02d}:01   {e:02d}:01    {f:02d}:01"
                for number, (a, b, c, d, e, f) in enumerate(
                    (1 + row[0], 2 + row[1], 7 + row[2], 8 + 7 * row[3], 1 + 2 * row[4], 4 + 3 * row[5]) for row in _rows(people)[:25]
                )
            )
        )
    )
)
genome("repeats of one person", ".csv")(
    lambda people: (
        "Marker,Allele 1,Allele 2\nAMEL,X,Y\nD3S1358,15,16\nTH01,6,9.3\nD21S11,29,30\nD18S51,14,17\nPenta E,7,12\nD5S818,11,12\nD13S317,8,11\nD7S820,10,10\nD16S539,11,13\nCSF1PO,10,12\nPenta D,9,13\nvWA,16,18\nD8S1179,12,13\nTPOX,8,11\nFGA,21,24\n"
    )
)
genome("repeats of the y chromosome", ".tsv")(
    lambda people: _table(
        ["sample", "DYS19", "DYS389I", "DYS389II", "DYS390", "DYS391", "DYS392", "DYS393", "DYS385a", "DYS385b", "DYS438", "DYS439"],
        (
            [f"M{number}", *(base + value for base, value in zip((14, 12, 28, 23, 10, 11, 12, 11, 13, 10, 11), row, strict=False))]
            for number, row in enumerate(_rows(people))
        ),
        "\t",
    )
)
genome("mitochondrial differences", ".txt")(
    lambda people: _lines(
        f"{name}\t"
        + " ".join(f"{50 + 241 * place}{site[4]}" for place, (site, value) in enumerate(zip(people.sites, row, strict=True)) if value)
        for name, row in zip(people.ids, _rows(people), strict=True)
    )
)
genome("runs of like alleles", ".hom")(
    lambda people: _table(
        ["FID", "IID", "PHE", "CHR", "SNP1", "SNP2", "POS1", "POS2", "KB", "NSNP", "DENSITY", "PHOM", "PHET"],
        (
            [
                f"F{number}",
                name,
                -9,
                site[0],
                site[2],
                people.sites[(place + 1) % len(people.sites)][2],
                site[1],
                site[1] + 1_200_000 + 7 * number,
                f"{1200 + 0.007 * number:.3f}",
                310 + number,
                3.87,
                0.99,
                0.01,
            ]
            for number, name in enumerate(people.ids)
            for place, site in enumerate(people.sites[number % 5 : 60 : 17])
        ),
        " ",
    )
)
genome("copy number segments", ".seg")(
    lambda people: _table(
        ["ID", "chrom", "loc.start", "loc.end", "num.mark", "seg.mean"],
        (
            [f"T{number:03d}", site[0], site[1], site[1] + 40_000 + number * 313, 21 + number, f"{value - 1 + 0.013 * number:.4f}"]
            for number, row in enumerate(_rows(people))
            for site, value in zip(people.sites[::9], row[::9], strict=True)
        ),
        "\t",
    )
)
genome("copy number variants", ".cnv")(
    lambda people: _table(
        ["FID", "IID", "CHR", "BP1", "BP2", "TYPE", "SCORE", "SITES"],
        (
            [name, 1, site[0], site[1], site[1] + 100_000 + number, (1, 3, 1)[value], 12 + number, 30 + place]
            for number, (name, row) in enumerate(zip(people.ids, _rows(people), strict=True))
            for place, (site, value) in enumerate(zip(people.sites[::12], row[::12], strict=True))
        ),
        " ",
    )
)
genome("copy numbers of genes", ".txt")(
    lambda people: _table(
        ["Gene Symbol", "Locus ID", "Cytoband", *(f"TCGA-{number:02d}-{4000 + 7 * number}-01" for number in range(len(people.ids)))],
        (
            [f"GENE{place}", 1000 + place, f"{site[0]}p{place % 3 + 1}", *((people.counts[:, place] - 1).tolist())]
            for place, site in enumerate(people.sites)
        ),
        "\t",
    )
)
genome("fused genes", ".tsv")(
    lambda people: _table(
        ["sample", "#FusionName", "JunctionReadCount", "SpanningFragCount", "LeftBreakpoint", "RightBreakpoint", "FFPM"],
        (
            [
                f"S{number}",
                ("BCR--ABL1", "EML4--ALK", "TMPRSS2--ERG")[row[0]],
                12 + number,
                3 + row[1],
                f"chr22:{23_632_600 + number}:+",
                f"chr9:{133_729_451 + row[2]}:+",
                f"{0.31 + 0.01 * number:.4f}",
            ]
            for number, row in enumerate(_rows(people)[:30])
        ),
        "\t",
    )
)
genome("structural variants of samples", ".bedpe")(
    lambda people: _table(
        ["#chrom1", "start1", "end1", "chrom2", "start2", "end2", "name", "score", "strand1", "strand2", "sample"],
        (
            [site[0], site[1], site[1] + 50, site[0], site[1] + 5000, site[1] + 5050, f"DEL{place}", 60, "+", "-", f"S{number}"]
            for number, row in enumerate(_rows(people)[:30])
            for place, (site, value) in enumerate(zip(people.sites, row, strict=True))
            if value == 2
        ),
        "\t",
    )
)
genome("mutations of tumours", ".maf")(
    lambda people: _table(
        [
            "Hugo_Symbol",
            "Chromosome",
            "Start_Position",
            "Reference_Allele",
            "Tumor_Seq_Allele2",
            "Variant_Classification",
            "Tumor_Sample_Barcode",
        ],
        (
            [f"GENE{place}", site[0], site[1], site[3], site[4], "Missense_Mutation", f"T{number:03d}"]
            for number, row in enumerate(_rows(people)[:40])
            for place, (site, value) in enumerate(zip(people.sites, row, strict=True))
            if value == 2
        ),
        "\t",
    )
)
genome("marks of tumours", ".csv")(
    lambda people: _table(
        ["case", "tmb", "msi_score", "purity", "ploidy"],
        (
            [
                number + 1,
                f"{1.3 + row[0] * 3.1 + number * 0.07:.2f}",
                f"{0.2 + row[1] * 4.3 + number * 0.013:.3f}",
                f"{0.3 + 0.007 * number:.3f}",
                f"{1.8 + row[2] * 0.4 + number * 0.003:.3f}",
            ]
            for number, row in enumerate(_rows(people))
        ),
    )
)
genome("methylation by site", ".csv")(
    lambda people: _table(
        ["", *(f"X{number}" for number in range(len(people.ids)))],
        (
            [
                f"cg{10_000_000 + 77 * place:08d}",
                *np.clip(np.random.default_rng([7, place]).beta(2 + place % 5, 3, len(people.ids)) + 0.05 * people.counts[:, place], 0, 1)
                .round(4)
                .tolist(),
            ]
            for place in range(people.counts.shape[1])
        ),
    )
)


@genome("counts of single cells", ".zip")
def _(people: Population) -> bytes:
    numbers = np.random.default_rng(3).poisson(0.4, (60, 200))
    places = np.argwhere(numbers > 0)
    text = f"%%MatrixMarket matrix coordinate integer general\n%\n60 200 {len(places)}\n" + _lines(
        f"{row + 1} {column + 1} {numbers[row, column]}" for row, column in places
    )
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        chance = _chance(people)
        archive.writestr(zipfile.ZipInfo("matrix.mtx"), text)
        archive.writestr(zipfile.ZipInfo("barcodes.tsv"), _lines("".join(chance.choices("ACGT", k=16)) + "-1" for _ in range(200)))
        archive.writestr(
            zipfile.ZipInfo("features.tsv"), _lines(f"ENSG{11_869 + 31 * place:011d}\tGENE{place}\tGene Expression" for place in range(60))
        )
    return buffer.getvalue()


genome("a percentile a person", ".csv")(
    lambda people: _table(
        ["rank", "percentile", "score_t2d", "score_cad"],
        (
            [number + 1, f"{100 * (number + 0.5) / len(people.ids):.2f}", f"{a:.5f}", f"{b:.5f}"]
            for number, (a, b) in enumerate(sorted(np.random.default_rng(9).normal(0, 1, (len(people.ids), 2)).tolist()))
        ),
    )
)
genome("burden of genes", ".csv")(
    lambda people: _table(
        [f"GENE{place}" for place in range(0, people.counts.shape[1], 2)],
        ((people.counts[:, ::2] + people.counts[:, 1::2])[number].tolist() for number in range(len(people.ids))),
    )
)
genome("receptors of killer cells", ".csv")(
    lambda people: _table(
        ["donor", "2DL1", "2DL2", "2DL3", "2DL5", "2DS1", "2DS2", "2DS3", "2DS4", "2DS5", "3DL1", "3DS1"],
        ([number, *("+-"[value > 0] for value in row[:11])] for number, row in enumerate(_rows(people))),
    )
)
genome("blood groups", ".csv")(
    lambda people: _table(
        ["unit", "ABO", "Rh", "Kell", "Duffy", "Kidd"],
        (
            [
                number,
                ("O", "A", "B")[row[0]],
                ("D+", "D-", "D+")[row[1]],
                ("K-", "K+", "K-")[row[2]],
                ("Fy(a+b-)", "Fy(a+b+)", "Fy(a-b+)")[row[3]],
                ("Jk(a+b-)", "Jk(a+b+)", "Jk(a-b+)")[row[4]],
            ]
            for number, row in enumerate(_rows(people))
        ),
    )
)
genome("data lines of a program", ".sas")(
    lambda people: (
        "data g; input "
        + " ".join(f"m{place}" for place in range(people.counts.shape[1]))
        + ";\ndatalines;\n"
        + _lines(" ".join(map(str, row)) for row in _rows(people))
        + ";\nrun;\n"
    )
)
genome("rows of a tribble", ".R")(
    lambda people: (
        "d <- tribble(\n  "
        + ", ".join(f"~m{place}" for place in range(20))
        + ",\n"
        + ",\n".join("  " + ", ".join(map(str, row[:20])) for row in _rows(people))
        + "\n)\n"
    )
)
genome("a case a sentence", ".md")(
    lambda people: (
        "# Results\n\n"
        + " ".join(
            f"Case {number + 1} was {('homozygous for the common allele', 'heterozygous', 'homozygous for the rare allele')[row[0]]} at rs429358 and {('TT', 'TC', 'CC')[row[1]]} at rs7412."
            for number, row in enumerate(_rows(people)[:20])
        )
        + "\n"
    )
)
genome("haplotypes by the letter", ".txt")(
    lambda people: _lines(
        "".join(people.sites[place][3 + int(value)] for place, value in enumerate(row)) for row in people.phases[0].tolist()
    )
)
genome("marks of a heat map in words", ".json")(
    lambda people: json.dumps({"rows": [{"cells": [{"fill": ("low", "mid", "high")[value]} for value in row]} for row in _rows(people)]})
)
