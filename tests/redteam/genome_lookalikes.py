"""Honest outputs that use the layouts, formats, orders and marks in which genomes were hidden: none of them is about one person."""

from __future__ import annotations

import io
import json
import random
import tarfile
import zipfile
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
from carriers import PROSE, code_cell, notebook, page
from documents import docx, pdf, pdf_lines
from figures import svg
from lookalikes import GENES, GROUPS, REGIONS, honest

TRAITS = ("height", "bmi", "whr", "sbp", "dbp", "ldl", "hdl", "tg", "glucose", "hba1c", "crp", "egfr", "urate", "alt")
YEARS = range(2005, 2025)
NAMES: list[str] = []


def listed(name: str, file: str) -> Callable[[Callable[[random.Random], str | bytes]], Callable[[random.Random], str | bytes]]:
    """An honest file that is known to be one of these."""
    NAMES.append(name)
    return honest(name, file)


def _lines(lines: object) -> str:
    return "".join(f"{line}\n" for line in lines)


def _csv(rows: object, between: str = ",") -> str:
    return _lines(between.join(map(str, row)) for row in rows)


@listed("markdown: marks of a checklist", "checks.md")
def _(chance: random.Random) -> str:
    marks = ("✓", "✗", "-")
    rows = [f"| {region} | " + " | ".join(chance.choices(marks, (8, 1, 1), k=6)) + " |" for region in REGIONS]
    return "| site | ethics | contract | data | checks | report | paper |\n|---|---|---|---|---|---|---|\n" + _lines(rows)


@listed("csv: rates with lost noughts", "rates.csv")
def _(chance: random.Random) -> str:
    rows = [["region", *YEARS]] + [[region, *(round(chance.uniform(0.1, 0.4), 3) for _ in YEARS)] for region in REGIONS]
    return _csv(rows)


@listed("csv: rates with fixed decimals", "rates.csv")
def _(chance: random.Random) -> str:
    rows = [["region", *YEARS]] + [[region, *(f"{chance.uniform(0.1, 0.4):.3f}" for _ in YEARS)] for region in REGIONS]
    return _csv(rows)


@listed("csv: quotes where needed", "counts.csv")
def _(chance: random.Random) -> str:
    rows = [["region", *YEARS]]
    for region in (*REGIONS, "Wales", "Scotland", "Northern Ireland"):
        numbers = [chance.randint(600, 1900) for _ in YEARS]
        rows.append([f'"{region}"', *(f'"{number // 1000},{number % 1000:03d}"' if number >= 1000 else str(number) for number in numbers)])
    return _csv(rows)


@listed("csv: exponents where they are small", "p.csv")
def _(chance: random.Random) -> str:
    rows = [["gene", *(f"p_{trait}" for trait in TRAITS)]]
    rows += [[gene, *(f"{10 ** -chance.uniform(0.1, 9):.3g}" for _ in TRAITS)] for gene in GENES]
    return _csv(rows)


@listed("csv: aligned with blanks", "aligned.csv")
def _(chance: random.Random) -> str:
    rows = [["region", *(f"{year:>6}" for year in YEARS)]]
    rows += [[region, *(f"{chance.choice((99, 840, 12_400)) + chance.randint(1, 800):>6}" for _ in YEARS)] for region in REGIONS * 2]
    return _csv(rows)


@listed("csv: p values of genes and traits", "phewas.csv")
def _(chance: random.Random) -> str:
    rows = [["gene", *(f"p_{trait}_{arm}" for trait in TRAITS for arm in ("women", "men"))]]
    rows += [[gene, *(f"{chance.random():.4f}" for _ in range(2 * len(TRAITS)))] for gene in GENES]
    return _csv(rows)


@listed("latex: shaded counts", "heat.tex")
def _(chance: random.Random) -> str:
    rows = []
    for region in REGIONS:
        numbers = [chance.randint(200, 3000) for _ in YEARS]
        shades = ["red!40" if number > 2000 else "blue!40" if number < 1000 else "white" for number in numbers]
        cells = " & ".join(f"\\cellcolor{{{shade}}} {number}" for shade, number in zip(shades, numbers, strict=True))
        rows.append(f"{region} & {cells} \\\\")
    head = "Region & " + " & ".join(map(str, YEARS)) + " \\\\ \\hline\n"
    return f"\\begin{{table}}\n\\caption{{People by region}}\n\\begin{{tabular}}{{l{'r' * len(YEARS)}}}\n{head}{_lines(rows)}\\end{{tabular}}\n\\end{{table}}\n"


@listed("latex: bold where it is significant", "results.tex")
def _(chance: random.Random) -> str:
    rows = []
    for term in ("Age", "Women", "BMI", "Smoking", "LDL", "Townsend"):
        cells = [(chance.uniform(0.8, 2), chance.random()) for _ in range(3)]
        rows.append(
            f"{term} & "
            + " & ".join(f"\\textbf{{{odds:.2f}}} ({p:.3f})" if p < 0.4 else f"{odds:.2f} ({p:.3f})" for odds, p in cells)
            + " \\\\"
        )
    return (
        "\\begin{tabular}{lrrr}\nTerm & Model 1, OR (p) & Model 2, OR (p) & Model 3, OR (p) \\\\ \\hline\n"
        + _lines(rows)
        + "\\end{tabular}\n"
    )


@listed("page: cells over several columns", "table.html")
def _(chance: random.Random) -> str:
    head = "<tr><th rowspan=2>Group</th>" + "".join(f'<th colspan="2">{region}</th>' for region in REGIONS) + "</tr>"
    second = "<tr>" + "<th>n</th><th>%</th>" * len(REGIONS) + "</tr>"
    body = "".join(
        f"<tr><td>{group}</td>"
        + "".join(f"<td>{chance.randint(200, 900)}</td><td>{chance.uniform(5, 30):.1f}</td>" for _ in REGIONS)
        + "</tr>"
        for group in GROUPS
    )
    return page(f"<table>{head}{second}{body}</table>")


@listed("svg: steps of several survival curves", "km.svg")
def _(chance: random.Random) -> str:
    paths = []
    for number in range(8):
        height, steps = 20 + 2 * number, ["M40 20"]
        for _ in range(60):
            drop = chance.choice((0, 1, 2))
            height += drop
            steps.append(f"h5v{drop}")
        paths.append(f'<path fill="none" stroke="#{number}0{number}" d="{"".join(steps)}"/>')
    return svg("".join(paths))


@listed("word: table with shaded rows", "table.docx")
def _(chance: random.Random) -> bytes:
    rows = "".join(
        "<w:tr>"
        + "".join(
            f'<w:tc><w:tcPr><w:shd w:val="clear" w:fill="{("FFFFFF", "DDEBF7")[number % 2]}"/></w:tcPr><w:p><w:r><w:t>{cell}</w:t></w:r></w:p></w:tc>'
            for cell in cells
        )
        + "</w:tr>"
        for number, cells in enumerate(
            [("Age group", *REGIONS), *((group, *(chance.randint(120, 999) for _ in REGIONS)) for group in GROUPS)]
        )
    )
    return docx(f"<w:tbl>{rows}</w:tbl>")


@listed("word: prose in bold and italics", "paper.docx")
def _(chance: random.Random) -> bytes:
    words = " ".join(PROSE * 6).split()
    runs = "".join(
        f"<w:r><w:rPr>{chance.choices(('', '<w:b/>', '<w:i/>'), (12, 1, 1))[0]}</w:rPr><w:t xml:space='preserve'>{word} </w:t></w:r>"
        for word in words
    )
    return docx(f"<w:p>{runs}</w:p>")


@listed("workbook: formats by column", "formats.xlsx")
def _(chance: random.Random) -> bytes:
    from openpyxl import Workbook
    from openpyxl.styles import Font

    book = Workbook()
    sheet = book.active
    sheet.append(["region", *YEARS])
    for number, region in enumerate(REGIONS):
        sheet.append([region, *(chance.randint(300, 4000) for _ in YEARS)])
        for place in range(len(YEARS)):
            cell = sheet.cell(number + 2, place + 2)
            cell.number_format = "#,##0" if cell.value > 1000 else "0"
            cell.font = Font(bold=cell.value > 3000)
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


@listed("json: records of groups", "groups.json")
def _(chance: random.Random) -> str:
    return json.dumps([{"group": group, "region": region, "n": chance.randint(120, 900)} for group in GROUPS for region in REGIONS])


@listed("r: factor of classes", "model.R")
def _(chance: random.Random) -> str:
    return _lines(
        f"d${name} <- factor(d${name}, levels = c({', '.join(repr(level) for level in chance.sample(levels, len(levels)))}))"
        for name, levels in (("smoking", ("never", "former", "current")), ("sex", ("F", "M")), ("band", GROUPS), ("region", REGIONS))
    )


@listed("csv: dates of releases", "releases.csv")
def _(chance: random.Random) -> str:
    rows = [["release", "frozen", "published", "people"]]
    for number in range(30):
        day = date(2018, 1, 8) + timedelta(days=70 * number)
        rows.append([f"v{number}", day, day + timedelta(days=chance.randint(20, 30)), 10_000 + 850 * number])
    return _csv(rows)


def _zip(members: dict[str, str], when: Callable[[int], tuple[int, ...]]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for number, (name, text) in enumerate(members.items()):
            archive.writestr(zipfile.ZipInfo(name, when(number)), text)
    return buffer.getvalue()


@listed("zip of many small tables", "tables.zip")
def _(chance: random.Random) -> bytes:
    members = {
        f"{place}_{year}.csv": _csv([["age_group", "n"], *([group, chance.randint(100, 999)] for group in GROUPS)])
        for place in range(15)
        for year in YEARS
    }
    return _zip(members, lambda number: (2024, 5, 1, 9, number // 30 % 60, 2 * (number % 3)))


@listed("tar of two owners", "results.tar")
def _(chance: random.Random) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for number in range(60):
            data = _csv([["age_group", "n"], *([group, chance.randint(100, 999)] for group in GROUPS)]).encode()
            about = tarfile.TarInfo(f"run_{number}.csv")
            about.size, about.uname, about.mtime = len(data), chance.choice(("analyst", "root")), 1_714_550_400 + 61 * number
            archive.addfile(about, io.BytesIO(data))
    return buffer.getvalue()


@listed("moving picture of bars", "bars.gif")
def _(chance: random.Random) -> bytes:
    from PIL import Image, ImageDraw

    heights, frames = [chance.randint(10, 80) for _ in range(12)], []
    for _ in range(40):
        heights = [min(90, max(5, height + chance.randint(-4, 4))) for height in heights]
        picture = Image.new("RGB", (160, 100), "white")
        for place, height in enumerate(heights):
            ImageDraw.Draw(picture).rectangle((10 + 12 * place, 100 - height, 18 + 12 * place, 100), fill="steelblue")
        frames.append(picture)
    buffer = io.BytesIO()
    frames[0].save(buffer, "GIF", save_all=True, append_images=frames[1:], duration=[200] * 39 + [2000])
    return buffer.getvalue()


@listed("notebook that was run again and again", "work.ipynb")
def _(chance: random.Random) -> str:
    cells = []
    for number in range(120):
        cell = code_cell({"output_type": "stream", "name": "stdout", "text": ["ok\n"]}, f"fit(model_{number % 7})")
        cells.append({**cell, "execution_count": chance.choice((None, number + 1, number + 2)), "id": f"{chance.getrandbits(32):08x}"})
    return notebook(*cells)


@listed("json: palettes of few levels", "palette.json")
def _(chance: random.Random) -> str:
    levels = ("33", "66", "99", "cc", "ff", "00")
    return json.dumps({"safe": [f"#{chance.choice(levels)}{chance.choice(levels)}{chance.choice(levels)}" for _ in range(216)]})


@listed("counts of diplotypes", "diplotypes.csv")
def _(chance: random.Random) -> str:
    rows = [["gene", "diplotype", "phenotype", "n", "percent"]]
    for gene, first in (("CYP2D6", 4), ("CYP2C19", 2), ("CYP2C9", 3), ("TPMT", 3)):
        for call, words in (
            (f"*1/*{first}", "Intermediate metabolizer"),
            ("*1/*1", "Normal metabolizer"),
            (f"*{first}/*{first}", "Poor metabolizer"),
        ):
            rows.append([gene, call, words, chance.randint(40, 4000), f"{chance.uniform(1, 60):.1f}"])
    return _csv(rows)


@listed("translation of diplotypes", "translation.csv")
def _(chance: random.Random) -> str:
    del chance
    pairs = [(first, second) for first in (1, 2, 3, 4, 17) for second in (1, 2, 3, 4, 17) if first <= second]
    words = ("Normal metabolizer", "Intermediate metabolizer")
    rows = [[gene, f"*{first}/*{second}", words[second > 1]] for gene in ("CYP2C19", "CYP2C9", "CYP2D6") for first, second in pairs]
    return _csv([["Gene", "Diplotype", "Phenotype"], *rows])


@listed("haplogroups and their motifs", "motifs.tsv")
def _(chance: random.Random) -> str:
    rows, motif = [["haplogroup", "motif", "n", "percent"]], ["263G", "750G"]
    for name in ("H1", "H2a", "H3", "H5", "U5a", "U5b", "K1a", "J1c", "T2b", "I2", "W1", "X2", "V7", "L3e", "L2a"):
        motif = [*motif[-4:], f"{chance.randint(100, 16_500)}{chance.choice('ACGT')}"]
        rows.append([name, " ".join(motif), count := chance.randint(15, 900), f"{count / 64:.1f}"])
    return _csv(rows, "\t")


@listed("clumps of variants", "clumps.clumped")
def _(chance: random.Random) -> str:
    return " CHR    F         SNP         BP        P    TOTAL   NSIG    S05    S01   S001  S0001    SP2\n" + _lines(
        f"  {place // 2 + 1:2}    1  rs{chance.randint(10_000, 9_999_999)}  {chance.randint(10**6, 10**8)}  {10 ** -chance.uniform(8, 30):.2e}  {5 + place % 4}  0  1  1  1  2  "
        + ",".join(f"rs{chance.randint(10_000, 9_999_999)}(1)" for _ in range(chance.randint(1, 9)))
        for place in range(40)
    )


@listed("variants by trait", "lead.csv")
def _(chance: random.Random) -> str:
    return "trait,variants\n" + _lines(
        f"trait {place}," + " ".join(f"rs{chance.randint(10_000, 9_999_999)}" for _ in range(chance.randint(3, 9))) for place in range(30)
    )


@listed("sentences about carriers of rs numbers", "discussion.md")
def _(chance: random.Random) -> str:
    return "# Discussion\n\n" + "\n\n".join(
        f"Heterozygous carriers of rs{chance.randint(10_000, 9_999_999)} (n = {chance.randint(120, 4000)}) had a higher risk than people homozygous for the common "
        f"allele (OR {chance.uniform(1, 2):.2f}). Women who are CT at rs{chance.randint(10_000, 9_999_999)} are carriers in {chance.uniform(5, 30):.1f} % of our samples."
        for _ in range(6)
    )


@listed("pdf: frequencies of tissue types", "hla.pdf")
def _(chance: random.Random) -> bytes:
    return pdf(
        pdf_lines(
            "Allele      Cases (n=2100)   Controls (n=4200)   OR\n"
            + _lines(
                f"DRB1*{place:02d}:01   {chance.randint(40, 600):<14}   {chance.randint(90, 1200):<17}   {chance.uniform(0.6, 2):.2f}"
                for place in range(1, 16)
            )
        )
    )


@listed("counts of carriers by receptor", "kir.csv")
def _(chance: random.Random) -> str:
    rows = [["receptor", "carriers", "n", "percent"]]
    for name in ("2DL1", "2DL2", "2DL3", "2DL5", "2DS1", "2DS2", "2DS3", "2DS4", "2DS5", "3DL1", "3DS1"):
        share = chance.uniform(0.2, 0.95)
        rows.append([name, round(1450 * share), 1450, f"{100 * share:.1f}"])
    return _csv(rows)


@listed("regions of copy number with their carriers", "cnv_regions.bed")
def _(chance: random.Random) -> str:
    return "#chrom\tstart\tend\ttype\tcarriers\tfrequency\n" + _lines(
        f"{place % 22 + 1}\t{(start := chance.randint(10**6, 10**8))}\t{start + chance.randint(20_000, 900_000)}\t{chance.choice(('DEL', 'DUP'))}\t{(n := chance.randint(15, 900))}\t{n / 40_000:.5f}"
        for place in range(60)
    )


@listed("genes by mutated tumours", "drivers.tsv")
def _(chance: random.Random) -> str:
    rows = [["Hugo_Symbol", "n_mutated", "n_samples", "frequency", "q"]]
    for gene in GENES:
        count = chance.randint(20, 300)
        rows.append([gene, count, 812, f"{count / 812:.4f}", f"{10 ** -chance.uniform(1, 12):.2e}"])
    return _csv(rows, "\t")


@listed("methylation by group", "dmp.csv")
def _(chance: random.Random) -> str:
    rows = [["cpg", "chr", "pos", "mean_cases", "mean_controls", "delta", "se", "p"]]
    for place in range(80):
        first, second = chance.uniform(0.1, 0.9), chance.uniform(-0.05, 0.05)
        rows.append(
            [
                f"cg{chance.randint(10**7, 10**8 - 1)}",
                place % 22 + 1,
                chance.randint(10**5, 10**8),
                f"{first:.4f}",
                f"{first - second:.4f}",
                f"{second:.4f}",
                f"{chance.uniform(0.002, 0.01):.4f}",
                f"{chance.random():.3e}",
            ]
        )
    return _csv(rows)


@listed("means of expression by cluster", "markers.csv")
def _(chance: random.Random) -> str:
    types = ("CD4 T", "CD8 T", "B", "NK", "Monocyte", "Dendritic", "Platelet", "Plasma")
    rows = [["gene", *types]] + [[gene, *(f"{chance.expovariate(0.7):.3f}" for _ in types)] for gene in GENES]
    return _csv(rows)


@listed("cut points of a score", "prs_percentiles.csv")
def _(chance: random.Random) -> str:
    rows = [["percentile", "n", "cases", "or", "lower", "upper"]]
    for place in range(0, 100, 5):
        ratio = np.exp((place - 50) / 60)
        rows.append([f"{place}-{place + 5}", 2400, chance.randint(60, 400), f"{ratio:.2f}", f"{ratio * 0.85:.2f}", f"{ratio * 1.18:.2f}"])
    return _csv(rows)


@listed("phenotypes and how often they come", "hpo.json")
def _(chance: random.Random) -> str:
    return json.dumps(
        [
            {"term": f"HP:{chance.randint(1, 9999):07d}", "n": (n := chance.randint(20, 400)), "percent": round(n / 5.12, 1)}
            for _ in range(30)
        ],
        indent=1,
    )
