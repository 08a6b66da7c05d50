"""Build the synthetic outputs in fixtures/, or check that they are what this script builds.

usage: python tools/build_fixtures.py [--check]

Everything is made up by a seeded generator: nobody is in here. Bytes are the same on every machine, so containers are
written without compression. Dangerous bytes (bombs, pickles, encrypted archives) are made by the tests that need them.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import struct
import sys
import zipfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
SEED = 20260114
FIXTURES = ROOT / "fixtures"
REGIONS = ("North", "East", "South", "West", "Central")


@dataclass(frozen=True)
class Fixture:
    """One synthetic output, what is to become of it, and which check has to speak ("" for none)."""

    path: str
    outcome: str
    speaks: str
    about: str
    build: Callable[[random.Random], bytes]


def lines(rows: list[str]) -> bytes:
    """Lines of text as UTF-8."""
    return ("\n".join(rows) + "\n").encode()


def table_1(rng: random.Random) -> bytes:
    """Baseline characteristics of two arms, every group large."""
    n = (412, 405)
    rows = [f"Characteristic,Treatment (n={n[0]}),Control (n={n[1]})"]
    rows += ["Age in years mean (SD),58.3 (9.6),57.9 (9.8)"]
    female = [rng.randint(180, 220) for _ in n]
    rows += ["Female n (%)," + ",".join(f"{count} ({100 * count / total:.1f}%)" for count, total in zip(female, n, strict=True))]
    smoker = [rng.randint(60, 90) for _ in n]
    rows += ["Current smoker n (%)," + ",".join(f"{count} ({100 * count / total:.1f}%)" for count, total in zip(smoker, n, strict=True))]
    rows += ["Body mass index mean (SD),27.1 (4.2),27.4 (4.4)"]
    return lines(rows)


def table_1_small(rng: random.Random) -> bytes:
    """The same table with a group of four."""
    kept = table_1(rng).decode().splitlines()
    return lines([*kept, "Previous stroke n (%),4 (1.0%),31 (7.7%)"])


def crosstab(rng: random.Random) -> bytes:
    """Cases by region and year with margins; one cell is 3."""
    years = ("2021", "2022", "2023")
    counts = [[rng.randint(25, 160) for _ in years] for _ in REGIONS]
    counts[2][1] = 3
    rows = ["region," + ",".join(years) + ",Total"]
    rows += [f"{region},{','.join(map(str, row))},{sum(row)}" for region, row in zip(REGIONS, counts, strict=True)]
    sums = [sum(row[year] for row in counts) for year in range(len(years))]
    return lines([*rows, f"Total,{','.join(map(str, sums))},{sum(sums)}"])


def crosstab_large(rng: random.Random) -> bytes:
    """Cases by region and year, every cell large."""
    years = ("2021", "2022", "2023")
    counts = [[rng.randint(25, 160) for _ in years] for _ in REGIONS]
    rows = ["region," + ",".join(years)]
    return lines([*rows, *(f"{region},{','.join(map(str, row))}" for region, row in zip(REGIONS, counts, strict=True))])


def regression(rng: random.Random) -> bytes:
    """Coefficients of a logistic regression on 817 people."""
    rows = ["term,estimate,std_error,statistic,p_value,odds_ratio,conf_low,conf_high"]
    for term in ("(Intercept)", "age", "sex", "bmi", "smoking", "treatment"):
        estimate, error = rng.gauss(0, 0.5), rng.uniform(0.05, 0.3)
        low, high = estimate - 1.96 * error, estimate + 1.96 * error
        values = (estimate, error, estimate / error, rng.random(), 2.718281828**estimate, 2.718281828**low, 2.718281828**high)
        rows.append(f"{term}," + ",".join(f"{value:.4f}" for value in values))
    return lines(rows)


def people(rng: random.Random, count: int) -> list[tuple[str, ...]]:
    """One record a person, all made up."""
    return [
        (
            f"P{rng.randint(100000, 999999)}",
            f"{rng.randint(19, 88)}",
            rng.choice("MF"),
            rng.choice(REGIONS),
            f"{rng.gauss(27, 4):.1f}",
            f"{rng.gauss(132, 15):.0f}",
            f"20{rng.randint(19, 23)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02}",
        )
        for _ in range(count)
    ]


HEADER = ("participant_id", "age", "sex", "region", "bmi", "systolic", "admission_date")


def rows_of_people(rng: random.Random) -> bytes:
    """One record a person, with a header."""
    return lines([",".join(HEADER), *(",".join(row) for row in people(rng, 120))])


def workbook(rng: random.Random) -> bytes:
    """A summary that is seen, and a hidden sheet with the rows it was made from."""
    summary = [("region", "cases", "controls"), *((region, rng.randint(40, 90), rng.randint(90, 180)) for region in REGIONS)]
    return xlsx([("Summary", "", summary), ("Data", ' state="hidden"', [HEADER, *people(rng, 60)])])


def xlsx(sheets: list[tuple[str, str, list[tuple[object, ...]]]]) -> bytes:
    """The smallest workbook that holds these sheets."""
    kind = "http://schemas.openxmlformats.org"
    main, relations = f"{kind}/spreadsheetml/2006/main", f"{kind}/officeDocument/2006/relationships"
    head = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    numbers = range(1, len(sheets) + 1)
    parts = {
        "[Content_Types].xml": f'{head}<Types xmlns="{kind}/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
        "_rels/.rels": f'{head}<Relationships xmlns="{kind}/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{relations}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/_rels/workbook.xml.rels": f'{head}<Relationships xmlns="{kind}/package/2006/relationships">'
        + "".join(f'<Relationship Id="rId{n}" Type="{relations}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers)
        + "</Relationships>",
        "xl/workbook.xml": f'{head}<workbook xmlns="{main}" xmlns:r="{relations}"><sheets>'
        + "".join(f'<sheet name="{name}" sheetId="{n}"{state} r:id="rId{n}"/>' for n, (name, state, _) in zip(numbers, sheets, strict=True))
        + "</sheets></workbook>",
    }
    for n, (_, _, rows) in zip(numbers, sheets, strict=True):
        body = "".join(
            f'<row r="{at}">{"".join(cell(value, at, place) for place, value in enumerate(row))}</row>' for at, row in enumerate(rows, 1)
        )
        parts[f"xl/worksheets/sheet{n}.xml"] = f'{head}<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
    return zipped({name: text.encode() for name, text in parts.items()})


def cell(value: object, row: int, place: int) -> str:
    """One cell of a sheet."""
    address = f"{chr(ord('A') + place)}{row}"
    if isinstance(value, int):
        return f'<c r="{address}"><v>{value}</v></c>'
    return f'<c r="{address}" t="inlineStr"><is><t>{value}</t></is></c>'


def zipped(members: dict[str, bytes]) -> bytes:
    """An archive of stored members."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, (2026, 1, 14, 0, 0, 0)), data)
    return out.getvalue()


def deflate_stored(data: bytes) -> bytes:
    """A deflate stream of stored blocks: no compressor, so the same bytes everywhere."""
    blocks = [data[at : at + 65535] for at in range(0, len(data), 65535)] or [b""]
    return b"".join(bytes([block is blocks[-1]]) + struct.pack("<HH", len(block), len(block) ^ 0xFFFF) + block for block in blocks)


def gzipped(data: bytes) -> bytes:
    """A gzip stream of stored blocks."""
    head = b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"
    return head + deflate_stored(data) + struct.pack("<II", zlib.crc32(data), len(data))


def notebook(rng: random.Random) -> bytes:
    """A notebook whose output still shows the first rows of the cohort."""
    shown = people(rng, 12)
    width = [max(len(HEADER[at]), *(len(row[at]) for row in shown)) for at in range(len(HEADER))]
    text = ["   " + "  ".join(name.rjust(w) for name, w in zip(HEADER, width, strict=True)) + "\n"]
    text += [f"{at:<3}" + "  ".join(value.rjust(w) for value, w in zip(row, width, strict=True)) + "\n" for at, row in enumerate(shown)]
    html = ['<table border="1" class="dataframe"><thead><tr><th></th>', *(f"<th>{name}</th>" for name in HEADER), "</tr></thead><tbody>"]
    for at, row in enumerate(shown):
        html += [f"<tr><th>{at}</th>", *(f"<td>{value}</td>" for value in row), "</tr>"]
    output = {"data": {"text/html": ["".join(html), "</tbody></table>"], "text/plain": text}, "execution_count": 1, "metadata": {}}
    cells = [
        {"cell_type": "markdown", "metadata": {}, "source": ["# Cohort\n", "A first look at the data."]},
        {
            "cell_type": "code",
            "execution_count": 1,
            "metadata": {},
            "source": ["import pandas as pd\n", "cohort = pd.read_csv('cohort.csv')\n", "cohort.head(12)"],
            "outputs": [{"output_type": "execute_result", **output}],
        },
    ]
    book = {"cells": cells, "metadata": {"language_info": {"name": "python"}}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(book, indent=1) + "\n").encode()


def sites(rng: random.Random, count: int) -> list[tuple[str, int, str, str, str]]:
    """Places of variants: chromosome, position, name, reference and other allele."""
    found, position = [], 100_000
    for number in range(count):
        position += rng.randint(200, 9_000)
        first, second = rng.sample("ACGT", 2)
        found.append((f"{1 + number * 3 // count}", position, f"rs{rng.randint(10**6, 10**8)}", first, second))
    return found


def summary_statistics(rng: random.Random) -> bytes:
    """Results of an association study, one row a variant."""
    rows = ["chromosome\tbase_pair_location\trsid\teffect_allele\tother_allele\tbeta\tstandard_error\teffect_allele_frequency\tp_value\tn"]
    for chromosome, position, name, first, second in sites(rng, 600):
        frequency = rng.uniform(0.05, 0.95)
        rows.append(
            f"{chromosome}\t{position}\t{name}\t{second}\t{first}\t{rng.gauss(0, 0.05):.5f}\t{rng.uniform(0.01, 0.03):.5f}"
            f"\t{frequency:.4f}\t{rng.random():.4g}\t{rng.randint(48_000, 50_000)}"
        )
    return gzipped(lines(rows))


VCF_HEAD = ("##fileformat=VCFv4.2", "##contig=<ID=1>", "##contig=<ID=2>", "##contig=<ID=3>")


def sites_only_vcf(rng: random.Random) -> bytes:
    """Variants and their frequencies, no samples."""
    rows = [*VCF_HEAD, '##INFO=<ID=AF,Number=A,Type=Float,Description="Allele frequency">', "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO"]
    rows += [f"{c}\t{p}\t{name}\t{ref}\t{alt}\t.\tPASS\tAF={rng.uniform(0.05, 0.95):.4f}" for c, p, name, ref, alt in sites(rng, 300)]
    return lines(rows)


def genotype(rng: random.Random, frequency: float) -> int:
    """How many of two alleles are the rarer one."""
    return (rng.random() < frequency) + (rng.random() < frequency)


def multi_sample_vcf(rng: random.Random) -> bytes:
    """Genotypes of 24 people."""
    names = [f"S{number:03}" for number in range(1, 25)]
    rows = [*VCF_HEAD, '##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">']
    rows += ["#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t" + "\t".join(names)]
    for c, p, name, ref, alt in sites(rng, 80):
        frequency = rng.uniform(0.05, 0.5)
        calls = "\t".join(("0/0", "0/1", "1/1")[genotype(rng, frequency)] for _ in names)
        rows.append(f"{c}\t{p}\t{name}\t{ref}\t{alt}\t.\tPASS\t.\tGT\t{calls}")
    return lines(rows)


def neutral_matrix(rng: random.Random) -> bytes:
    """Genotypes as 0, 1 and 2 under names that say nothing."""
    frequencies = [rng.uniform(0.1, 0.5) for _ in range(40)]
    rows = [",".join(f"V{number}" for number in range(1, len(frequencies) + 1))]
    return lines([*rows, *(",".join(str(genotype(rng, frequency)) for frequency in frequencies) for _ in range(150))])


def script_with_data(rng: random.Random) -> bytes:
    """An analysis script that carries the records it analyses."""
    columns = list(zip(*people(rng, 40), strict=True))
    rows = ["library(dplyr)", "", "cohort <- data.frame("]
    for name, values in zip(HEADER, columns, strict=True):
        quoted = (value if value.replace(".", "").isdigit() else f'"{value}"' for value in values)
        rows.append(f"  {name} = c({', '.join(quoted)}){',' if name != HEADER[-1] else ''}")
    return lines([*rows, ")", "cohort |> group_by(region) |> summarise(mean_bmi = mean(bmi))"])


def plain_script(_: random.Random) -> bytes:
    """A script that names no person."""
    return lines(
        [
            "# Fit the model of the main analysis.",
            "library(broom)",
            "",
            "fit_model <- function(cohort) {",
            '  glm(outcome ~ treatment + age + sex, data = cohort, family = binomial("logit"))',
            "}",
            "",
            "tidy(fit_model(cohort), conf.int = TRUE, exponentiate = TRUE)",
        ]
    )


def prose(_: random.Random) -> bytes:
    """Results that tell of three people."""
    return lines(
        [
            "# Results",
            "",
            "Among 817 participants, mean follow-up was 4.2 years. The treatment lowered the risk of the outcome.",
            "",
            "In a secondary analysis three carriers of the rare variant had an event, all of them in one hospital.",
        ]
    )


def methods(_: random.Random) -> bytes:
    """Methods, no result."""
    return lines(
        [
            "# Methods",
            "",
            "We compared the two arms by logistic regression, adjusted for age and sex. Missing values were imputed five times.",
            "Analyses were made in Python; the scripts are part of this output.",
        ]
    )


def chart(rng: random.Random) -> bytes:
    """A bar chart of 320 by 200 pixels in four colours."""
    width, height = 320, 200
    pixels = [[0] * width for _ in range(height)]
    for bar in range(6):
        for row in range(height - 20 - rng.randint(40, 150), height - 20):
            pixels[row][30 + bar * 46 : 62 + bar * 46] = [1 + bar % 2] * 32
    pixels[height - 20] = [3] * width
    for row in pixels:
        row[20] = 3
    packed = b"".join(
        b"\0" + bytes(a << 6 | b << 4 | c << 2 | d for a, b, c, d in zip(row[::4], row[1::4], row[2::4], row[3::4], strict=True))
        for row in pixels
    )
    stream = b"\x78\x01" + deflate_stored(packed) + struct.pack(">I", zlib.adler32(packed))
    chunks = [
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 2, 3, 0, 0, 0)),
        (b"PLTE", bytes((255, 255, 255, 46, 110, 180, 200, 120, 40, 30, 30, 30))),
        (b"IDAT", stream),
        (b"IEND", b""),
    ]
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )


def pdf(texts: list[str]) -> bytes:
    """One page of text, laid out as simply as the format allows."""
    shown = "".join(f"({text}) Tj 0 -16 Td " for text in texts)
    stream = f"BT /F1 11 Tf 60 780 Td {shown}ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length " + str(len(stream)).encode() + b" >>\nstream\n" + stream + b"\nendstream",
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n".encode() + body + b"\nendobj\n"
    table = b"".join(f"{place:010} 00000 n \n".encode() for place in places)
    start = len(out)
    out += f"xref\n0 {len(objects) + 1}\n".encode() + b"0000000000 65535 f \n" + table
    return out + f"trailer << /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n".encode()


def report(_: random.Random) -> bytes:
    """A page of a report."""
    return pdf(
        [
            "Statistical report",
            "The primary outcome was analysed by intention to treat.",
            "The treatment lowered the risk of the outcome compared with usual care.",
            "Results were similar in all sensitivity analyses.",
        ]
    )


def nested_zip(rng: random.Random) -> bytes:
    """Records of people, two archives deep."""
    inner = zipped({"extract/cohort.csv": rows_of_people(rng)})
    return zipped({"README.txt": b"Figures of the second paper.\n", "supplement.zip": inner})


def genes(rng: random.Random) -> bytes:
    """Names of genes, with the list each is on."""
    names = ("BRCA1", "BRCA2", "TP53", "PTEN", "MLH1", "MSH2", "PALB2", "CHEK2", "ATM", "APC", "LDLR", "PCSK9", "APOB", "MYH7", "TTN")
    return lines(["gene,set", *(f"{name},{rng.choice(('panel', 'candidate'))}" for name in names)])


FIXTURES_MADE = (
    Fixture("ready/table_1.csv", "release", "", "baseline characteristics, every group large", table_1),
    Fixture("ready/cases_by_year.csv", "release", "", "cases by region and year, every cell large", crosstab_large),
    Fixture("ready/regression.csv", "release", "", "coefficients of a model", regression),
    Fixture("ready/gwas_summary_statistics.tsv.gz", "release", "", "one row a variant, none a person", summary_statistics),
    Fixture("ready/sites.vcf", "release", "", "variants without samples", sites_only_vcf),
    Fixture("ready/genes.csv", "release", "", "a list of genes", genes),
    Fixture("ready/chart.png", "release", "", "a bar chart", chart),
    Fixture("ready/report.pdf", "release", "", "a page of text", report),
    Fixture("ready/methods.md", "release", "", "prose about methods", methods),
    Fixture("ready/model.R", "release", "", "a script without data", plain_script),
    Fixture("small_numbers/table_1.csv", "review", "small_counts", "a group of four in a Table 1", table_1_small),
    Fixture("small_numbers/crosstab.csv", "review", "small_counts", "one small cell in a table with margins", crosstab),
    Fixture("small_numbers/results.md", "review", "small_counts", "three carriers, in prose", prose),
    Fixture("people/cohort.csv", "reject", "individual_rows", "one record a person", rows_of_people),
    Fixture("people/tables.xlsx", "reject", "individual_rows", "one record a person on a hidden sheet", workbook),
    Fixture("people/exploration.ipynb", "reject", "individual_rows", "a data frame of people in an output", notebook),
    Fixture("people/analysis.R", "reject", "individual_rows", "records in the source of a script", script_with_data),
    Fixture("people/figures.zip", "reject", "individual_rows", "records in an archive in an archive", nested_zip),
    Fixture("genotypes/notes.txt", "reject", "genotypes", "a VCF of many samples that calls itself text", multi_sample_vcf),
    Fixture("genotypes/scores.csv", "reject", "genotypes", "genotypes as 0, 1 and 2 under neutral names", neutral_matrix),
)


def built() -> dict[Path, bytes]:
    """All fixtures and their manifest, by path under fixtures/."""
    files, entries = {}, []
    for fixture in FIXTURES_MADE:
        data = fixture.build(random.Random(f"{SEED} {fixture.path}"))
        files[Path("requests", fixture.path)] = data
        entries.append(
            "[[output]]\n"
            f'path = "requests/{fixture.path}"\nsha256 = "{hashlib.sha256(data).hexdigest()}"\n'
            f'outcome = "{fixture.outcome}"\nspeaks = "{fixture.speaks}"\nabout = "{fixture.about}"\n'
        )
    head = f"# Written by tools/build_fixtures.py. Synthetic throughout: nobody is in here.\nseed = {SEED}\n\n"
    files[Path("MANIFEST.toml")] = (head + "\n".join(entries)).encode()
    return files


def main() -> int:
    """Write the fixtures, or say which differ."""
    files = built()
    if "--check" in sys.argv[1:]:
        there = {path.relative_to(FIXTURES) for path in FIXTURES.rglob("*") if path.is_file() and path.name != "README.md"}
        wrong = sorted(str(path) for path in there ^ files.keys())
        wrong += sorted(str(path) for path in there & files.keys() if (FIXTURES / path).read_bytes() != files[path])
        for path in wrong:
            print(f"fixtures/{path} is not what the builder makes; run make fixtures")
        return 1 if wrong else 0
    for path, data in files.items():
        (FIXTURES / path).parent.mkdir(parents=True, exist_ok=True)
        (FIXTURES / path).write_bytes(data)
    print(f"{len(files)} files in fixtures/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
