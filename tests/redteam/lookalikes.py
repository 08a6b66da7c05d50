"""Honest outputs of the same formats and channels: nothing in them is about one person, and all of them should leave."""

# ruff: noqa: PLW0108 - functions are listed above where they are defined

from __future__ import annotations

import io
import json
import math
import random
from collections.abc import Callable
from html import escape

import numpy as np
from carriers import PROSE, b64, code_cell, notebook, page
from containers import tarred, zipped
from documents import docx, ods_table, odt, odt_lines, pdf, pdf_lines, pptx, rtf, rtf_text, slide_lines
from population import Item

LOOKALIKES: dict[str, Callable[[random.Random], Item]] = {}

GENES = (
    "BRCA1",
    "BRCA2",
    "TP53",
    "APOE",
    "LDLR",
    "PCSK9",
    "CFTR",
    "HFE",
    "FTO",
    "TCF7L2",
    "MC4R",
    "SLC2A9",
    "ABCG2",
    "LPA",
    "IL6R",
    "HMGCR",
    "PTEN",
    "ATM",
    "CHEK2",
    "PALB2",
)
TERMS = ("(Intercept)", "age", "sexM", "bmi", "smokingever", "sbp", "ldl", "pc1", "pc2", "townsend")
GROUPS = ("18-29", "30-39", "40-49", "50-59", "60-69", "70-79", "80+")
REGIONS = ("North East", "North West", "Yorkshire", "East Midlands", "West Midlands", "East", "London", "South East", "South West")


def honest(name: str, file: str) -> Callable[[Callable[[random.Random], str | bytes]], Callable[[random.Random], str | bytes]]:
    """Lists a function that writes an honest file."""

    def listed(write: Callable[[random.Random], str | bytes]) -> Callable[[random.Random], str | bytes]:
        def make(chance: random.Random) -> Item:
            data = write(chance)
            return Item(name=file, data=data.encode() if isinstance(data, str) else data, made=(name,), text=isinstance(data, str))

        LOOKALIKES[name] = make
        return write

    return listed


def _lines(lines: object) -> str:
    return "".join(f"{line}\n" for line in lines)


# tables as rows of cells, written in many formats

Grid = list[list[object]]


def counts(chance: random.Random) -> Grid:
    """People by age group and sex, every cell well above ten, with totals that add up."""
    rows: Grid = [["age_group", "women", "men", "total"]]
    for group in GROUPS:
        women, men = chance.randint(120, 990), chance.randint(120, 990)
        rows.append([group, women, men, women + men])
    rows.append(["Total", *(sum(int(row[place]) for row in rows[1:]) for place in (1, 2, 3))])
    return rows


def table_one(chance: random.Random) -> Grid:
    """Baseline characteristics by arm."""
    rows: Grid = [["characteristic", "cases (n=4,210)", "controls (n=8,544)", "p"]]
    for name in ("Age, mean (SD)", "BMI, mean (SD)", "SBP, mean (SD)"):
        rows.append(
            [
                name,
                f"{chance.uniform(50, 60):.1f} ({chance.uniform(8, 12):.1f})",
                f"{chance.uniform(50, 60):.1f} ({chance.uniform(8, 12):.1f})",
                f"{chance.uniform(0.01, 0.9):.2f}",
            ]
        )
    for name in ("Women, n (%)", "Ever smoked, n (%)", "Diabetes, n (%)"):
        first, second = chance.randint(800, 2400), chance.randint(2000, 5000)
        rows.append(
            [name, f"{first} ({100 * first / 4210:.1f})", f"{second} ({100 * second / 8544:.1f})", f"{chance.uniform(0.01, 0.9):.2f}"]
        )
    return rows


def regression(chance: random.Random) -> Grid:
    """A table of coefficients."""
    rows: Grid = [["term", "estimate", "std_error", "statistic", "p_value"]]
    for term in TERMS:
        estimate, error = chance.gauss(0, 0.4), chance.uniform(0.01, 0.2)
        rows.append([term, f"{estimate:.4f}", f"{error:.4f}", f"{estimate / error:.3f}", f"{chance.random():.3g}"])
    return rows


def means(chance: random.Random) -> Grid:
    """Means by region with the number of people."""
    return [
        ["region", "n", "mean_bmi", "sd_bmi", "median_age"],
        *(
            [region, chance.randint(400, 9000), f"{chance.gauss(27, 0.5):.2f}", f"{chance.gauss(4.8, 0.2):.2f}", chance.randint(48, 59)]
            for region in REGIONS
        ),
    ]


def gwas(chance: random.Random, number: int = 120) -> Grid:
    """Summary statistics of an association study."""
    place, rows = 1_000_000, [["SNP", "CHR", "BP", "A1", "A2", "EAF", "N", "BETA", "SE", "P"]]
    for _ in range(number):
        place += chance.randint(500, 20_000)
        first, second = chance.sample("ACGT", 2)
        beta, error = chance.gauss(0, 0.05), chance.uniform(0.008, 0.02)
        rows.append(
            [
                f"rs{chance.randint(10_000, 99_999_999)}",
                1,
                place,
                first,
                second,
                f"{chance.uniform(0.02, 0.5):.4f}",
                341_204,
                f"{beta:.5f}",
                f"{error:.5f}",
                f"{chance.random():.4g}",
            ]
        )
    return rows


def weights(chance: random.Random) -> Grid:
    """Weights of a polygenic score."""
    place, rows = 700_000, [["rsID", "chr_name", "chr_position", "effect_allele", "other_allele", "effect_weight"]]
    for _ in range(90):
        place += chance.randint(800, 90_000)
        rows.append([f"rs{chance.randint(10_000, 99_999_999)}", 3, place, *chance.sample("ACGT", 2), f"{chance.gauss(0, 0.03):.6f}"])
    return rows


def enrichment(chance: random.Random) -> Grid:
    """Enriched pathways."""
    names = (
        "lipid transport",
        "immune response",
        "cell adhesion",
        "DNA repair",
        "insulin signalling",
        "apoptosis",
        "axon guidance",
        "glucose metabolism",
    )
    return [
        ["term", "description", "set_size", "fold_enrichment", "p_value", "fdr"],
        *(
            [
                f"GO:{chance.randint(1000, 99999):07d}",
                name,
                chance.randint(40, 900),
                f"{chance.uniform(1.1, 4):.2f}",
                f"{chance.uniform(1e-8, 1e-3):.2e}",
                f"{chance.uniform(1e-6, 0.04):.2e}",
            ]
            for name in names
        ),
    ]


def expression(chance: random.Random) -> Grid:
    """Differential expression."""
    return [
        ["gene", "baseMean", "log2FoldChange", "lfcSE", "pvalue", "padj"],
        *(
            [
                gene,
                f"{chance.uniform(80, 9000):.1f}",
                f"{chance.gauss(0, 1):.3f}",
                f"{chance.uniform(0.05, 0.3):.3f}",
                f"{chance.random():.3g}",
                f"{chance.random():.3g}",
            ]
            for gene in GENES
        ),
    ]


def survival(chance: random.Random) -> Grid:
    """Survival by month with many at risk."""
    rows: Grid = [["month", "n_risk", "n_event", "n_censor", "survival", "std_err"]]
    risk, alive = 9200, 1.0
    for month in range(0, 60, 3):
        events, censored = chance.randint(60, 140), chance.randint(100, 200)
        alive *= 1 - events / risk
        rows.append([month, risk, events, censored, f"{alive:.4f}", f"{0.001 + month / 9000:.4f}"])
        risk -= events + censored
    return rows


def series(chance: random.Random) -> Grid:
    """Admissions by month."""
    return [
        ["month", "admissions", "rate_per_100000"],
        *(
            [f"{year}-{month:02d}", number := chance.randint(900, 1800), f"{number / 55:.2f}"]
            for year in (2021, 2022, 2023)
            for month in range(1, 13)
        ),
    ]


def correlation(chance: random.Random) -> Grid:
    """Correlations of traits."""
    names = ("bmi", "sbp", "dbp", "ldl", "hdl", "crp", "hba1c", "egfr")
    values = np.corrcoef(np.random.default_rng(chance.randint(0, 9999)).normal(size=(8, 400)) + 0.3)
    return [["trait", *names], *([name, *(f"{value:.3f}" for value in row)] for name, row in zip(names, values.tolist(), strict=True))]


def dictionary(chance: random.Random) -> Grid:
    """A dictionary of variables."""
    return [
        ["variable", "type", "unit", "description"],
        ["participant_id", "string", "", "pseudonymised key of the participant"],
        ["dob", "date", "", "date of birth, month and year only"],
        ["sex", "factor", "", "sex recorded at birth"],
        ["bmi", "numeric", "kg/m2", "body mass index at recruitment"],
        ["sbp", "integer", "mmHg", "systolic blood pressure, mean of two readings"],
        ["nhs_number", "string", "", "not available to researchers"],
        ["postcode", "string", "", "outward half only"],
    ]


def metrics(chance: random.Random) -> Grid:
    """How well models do."""
    return [
        ["model", "auc", "auc_low", "auc_high", "brier", "n_test"],
        *(
            [model, f"{chance.uniform(0.7, 0.8):.3f}", "0.690", "0.812", f"{chance.uniform(0.1, 0.2):.3f}", 12_400]
            for model in ("logistic", "lasso", "ridge", "forest", "boosting", "network")
        ),
    ]


def quality(chance: random.Random) -> Grid:
    """Counts of variants left after each step."""
    left, rows = 9_400_000, [["step", "variants_removed", "variants_left"]]
    for step in ("call rate < 0.98", "HWE p < 1e-6", "MAF < 0.01", "INFO < 0.8", "ambiguous"):
        removed = chance.randint(20_000, 400_000)
        left -= removed
        rows.append([step, removed, left])
    return rows


def primers(chance: random.Random) -> Grid:
    """Primers of a laboratory."""
    word = lambda: "".join(chance.choice("ACGT") for _ in range(20))  # noqa: E731
    return [
        ["primer", "sequence", "tm", "amplicon_bp"],
        *([f"{gene}_{end}", word(), f"{chance.uniform(57, 62):.1f}", chance.randint(90, 400)] for gene in GENES[:8] for end in "FR"),
    ]


def odds(chance: random.Random) -> Grid:
    """Odds ratios with intervals."""
    rows: Grid = [["exposure", "cases", "controls", "OR", "CI95", "p"]]
    for name in ("Smoking", "Alcohol", "Obesity", "Hypertension", "Diabetes"):
        ratio = chance.uniform(0.8, 2)
        rows.append(
            [
                name,
                chance.randint(300, 900),
                chance.randint(900, 3000),
                f"{ratio:.2f}",
                f"{ratio * 0.85:.2f}-{ratio * 1.18:.2f}",
                f"{chance.random():.3f}",
            ]
        )
    return rows


def lookup(chance: random.Random) -> Grid:
    """A list of codes."""
    return [
        ["code", "description", "chapter"],
        ["I10", "Essential hypertension", "IX"],
        ["E11.9", "Type 2 diabetes without complications", "IV"],
        ["J45.0", "Predominantly allergic asthma", "X"],
        ["C50.9", "Malignant neoplasm of breast", "II"],
        ["F32.1", "Moderate depressive episode", "V"],
        ["K21.9", "Reflux without oesophagitis", "XI"],
        ["N18.3", "Chronic kidney disease, stage 3", "XIV"],
    ]


GRIDS: dict[str, Callable[[random.Random], Grid]] = {
    "counts": counts,
    "table one": table_one,
    "regression": regression,
    "means": means,
    "gwas": gwas,
    "weights": weights,
    "enrichment": enrichment,
    "expression": expression,
    "survival": survival,
    "series": series,
    "correlation": correlation,
    "dictionary": dictionary,
    "metrics": metrics,
    "quality": quality,
    "primers": primers,
    "odds": odds,
    "lookup": lookup,
}


def as_csv(grid: Grid, between: str = ",") -> str:
    """Delimited text."""
    quoted = lambda cell: f'"{cell}"' if between in str(cell) else str(cell)  # noqa: E731
    return _lines(between.join(map(quoted, row)) for row in grid)


def as_markdown(grid: Grid) -> str:
    """A table in markdown."""
    return f"# Results\n\n{PROSE[0]}\n\n| {' | '.join(map(str, grid[0]))} |\n|{'---|' * len(grid[0])}\n" + _lines(
        f"| {' | '.join(map(str, row))} |" for row in grid[1:]
    )


def as_latex(grid: Grid) -> str:
    """A table in LaTeX."""
    clean = lambda cell: str(cell).replace("_", "\\_").replace("%", "\\%")  # noqa: E731
    return (
        "\\begin{table}\n\\caption{Results}\n\\begin{tabular}{"
        + "l" * len(grid[0])
        + "}\n\\hline\n"
        + _lines(" & ".join(map(clean, row)) + " \\\\" for row in grid)
        + "\\hline\n\\end{tabular}\n\\end{table}\n"
    )


def as_html(grid: Grid) -> str:
    """A table in a page."""
    return page(
        "<table>" + "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in grid) + "</table>"
    )


def as_json(grid: Grid) -> str:
    """Records."""
    return json.dumps([dict(zip(map(str, grid[0]), row, strict=True)) for row in grid[1:]], indent=1)


def as_xlsx(grid: Grid) -> bytes:
    """A workbook with properties, a note and a second sheet."""
    import openpyxl
    from openpyxl.comments import Comment

    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Results"
    for row in grid:
        sheet.append(row)
    sheet["A1"].comment = Comment("Counts are rounded to five.", "author")
    book.create_sheet("Notes").append([PROSE[1]])
    book.properties.title, book.properties.creator = "Results", "A Researcher"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def as_parquet(grid: Grid) -> bytes:
    """A parquet file."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    buffer = io.BytesIO()
    pq.write_table(
        pa.table(
            {
                str(name): [str(row[place]) if isinstance(grid[1][place], str) else row[place] for row in grid[1:]]
                for place, name in enumerate(grid[0])
            }
        ),
        buffer,
    )
    return buffer.getvalue()


def as_docx(grid: Grid) -> bytes:
    """A document of Word with a table."""
    cell = lambda value: f'<w:tc><w:p><w:r><w:t xml:space="preserve">{escape(str(value))}</w:t></w:r></w:p></w:tc>'  # noqa: E731
    return docx("<w:tbl>" + "".join("<w:tr>" + "".join(map(cell, row)) + "</w:tr>" for row in grid) + "</w:tbl>")


def as_pdf(grid: Grid) -> bytes:
    """A page of lines."""
    return pdf(pdf_lines(PROSE[0] + "\n\n" + _lines("  ".join(f"{str(cell)[:22]:<22}" for cell in row) for row in grid[:60]), size=6))


def as_notebook(grid: Grid) -> str:
    """A notebook that shows the table."""
    return notebook(
        code_cell(
            {
                "output_type": "execute_result",
                "execution_count": 2,
                "metadata": {},
                "data": {
                    "text/plain": _lines("  ".join(f"{cell!s:>16}" for cell in row) for row in grid[:30]),
                    "text/html": "<table>"
                    + "".join("<tr>" + "".join(f"<td>{escape(str(cell))}</td>" for cell in row) + "</tr>" for row in grid[:30])
                    + "</table>",
                },
            },
            "summary = df.groupby('group').agg(['count', 'mean'])\nsummary",
        )
    )


def as_stata(grid: Grid) -> bytes:
    """A data set of Stata."""
    import pandas as pd

    buffer = io.BytesIO()
    frame = pd.DataFrame(
        [list(map(str, row)) if any(isinstance(cell, str) for cell in row) else row for row in grid[1:]],
        columns=[str(name)[:30].replace(" ", "_").replace("(", "").replace(")", "").replace("=", "").replace(",", "") for name in grid[0]],
    )
    frame.astype(str).to_stata(buffer, write_index=False, version=118)
    return buffer.getvalue()


WRITERS: dict[str, tuple[str, Callable[[Grid], str | bytes]]] = {
    "csv": (".csv", as_csv),
    "tsv": (".tsv", lambda grid: as_csv(grid, "\t")),
    "markdown": (".md", as_markdown),
    "latex": (".tex", as_latex),
    "html": (".html", as_html),
    "json": (".json", as_json),
    "xlsx": (".xlsx", as_xlsx),
    "parquet": (".parquet", as_parquet),
    "docx": (".docx", as_docx),
    "pdf": (".pdf", as_pdf),
    "notebook": (".ipynb", as_notebook),
    "stata": (".dta", as_stata),
    "zip": (".zip", lambda grid: zipped({"README.md": b"# Results\n\nOne table.\n", "out/table.csv": as_csv(grid).encode()})),
    "tar.gz": (".tar.gz", lambda grid: __import__("gzip").compress(tarred({"out/table.csv": as_csv(grid).encode()}), mtime=0)),
    "ods": (".ods", lambda grid: odt(ods_table(as_csv(grid).replace('"', "")), kind="spreadsheet")),
    "rtf": (".rtf", lambda grid: rtf(rtf_text(as_csv(grid, "\t")))),
    "sqlite": (".db", lambda grid: _sqlite(grid)),
}


def _sqlite(grid: Grid) -> bytes:
    import sqlite3
    import tempfile
    from pathlib import Path

    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(path := Path(folder) / "t.db")
        names = ", ".join(f'"{name}"' for name in grid[0])
        connection.execute(f"CREATE TABLE results ({names})")
        connection.executemany(f"INSERT INTO results VALUES ({', '.join('?' * len(grid[0]))})", grid[1:])
        connection.commit()
        connection.close()
        return path.read_bytes()


_PAIRS = (
    ("counts", "csv tsv markdown latex html json xlsx parquet docx pdf notebook stata zip tar.gz ods rtf sqlite"),
    ("regression", "csv tsv latex html json xlsx docx notebook parquet zip markdown pdf"),
    ("table one", "csv latex html xlsx docx markdown"),
    ("means", "csv json xlsx parquet notebook stata markdown sqlite"),
    ("gwas", "csv tsv parquet zip json"),
    ("weights", "tsv csv"),
    ("enrichment", "csv tsv xlsx html"),
    ("expression", "csv xlsx notebook tsv"),
    ("survival", "csv xlsx json"),
    ("series", "csv html xlsx tsv"),
    ("correlation", "csv html xlsx"),
    ("dictionary", "csv markdown xlsx json"),
    ("metrics", "csv json latex notebook"),
    ("quality", "csv markdown"),
    ("primers", "csv tsv xlsx"),
    ("odds", "csv docx latex"),
    ("lookup", "csv json xlsx"),
)
for _grid, _writers in _PAIRS:
    for _writer in _writers.split():
        honest(f"{_grid} as {_writer}", "results" + WRITERS[_writer][0])(
            lambda chance, grid=_grid, writer=_writer: WRITERS[writer][1](GRIDS[grid](chance))
        )


# genomic sums

honest("sites of a vcf", "sites.vcf")(
    lambda chance: (
        '##fileformat=VCFv4.2\n##INFO=<ID=AF,Number=A,Type=Float,Description="Frequency">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
        + _lines(f"1\t{row[2]}\t{row[0]}\t{row[4]}\t{row[3]}\t.\tPASS\tAF={row[5]};AN=682408" for row in gwas(chance)[1:])
    )
)
honest("correlation of variants", "ld.csv")(
    lambda chance: as_csv(
        [
            ["", *(f"rs{1000 + place}" for place in range(12))],
            *([f"rs{1000 + place}", *(f"{0.93 ** abs(place - across):.4f}" for across in range(12))] for place in range(12)),
        ]
    )
)
honest("intervals", "peaks.bed")(
    lambda chance: _lines(
        f"chr{1 + place % 5}\t{10_000 + 5_000 * place}\t{10_400 + 5_000 * place}\tpeak{place}\t{chance.randint(100, 900)}"
        for place in range(60)
    )
)
honest("annotation", "genes.gff3")(
    lambda chance: (
        "##gff-version 3\n"
        + _lines(
            f"chr1\tx\tgene\t{10_000 * (place + 1)}\t{10_000 * (place + 1) + 3_000}\t.\t+\t.\tID=gene{place};Name={gene}"
            for place, gene in enumerate(GENES)
        )
    )
)
honest("list of genes", "genes.txt")(lambda chance: _lines(chance.sample(GENES, 15)))
honest("list of variants", "variants.txt")(lambda chance: _lines(f"rs{chance.randint(10_000, 99_999_999)}" for _ in range(60)))
honest("reference sequence", "reference.fa")(
    lambda chance: ">NM_000546.6 reference transcript\n" + _lines("".join(chance.choice("ACGT") for _ in range(70)) for _ in range(20))
)


# code and configuration

honest("python", "fit.py")(
    lambda chance: (
        '"""Fits the models of the paper."""\n\nimport pandas as pd\nimport statsmodels.formula.api as smf\n\nCOVARIATES = ["age", "sex", "bmi", "pc1", "pc2"]\nTHRESHOLD = 10\n\n\ndef fit(path: str):\n    data = pd.read_parquet(path)\n'
        '    data = data[data.age.between(40, 69)]\n    formula = "case ~ " + " + ".join(COVARIATES)\n    model = smf.logit(formula, data=data).fit(disp=0)\n    return model.params, model.bse\n\n\nif __name__ == "__main__":\n    print(fit("cohort.parquet"))\n'
    )
)
honest("r", "fit.R")(
    lambda chance: (
        'library(survival)\nlibrary(dplyr)\n\nd <- readRDS("cohort.rds") %>% filter(age >= 40, age < 70)\nbreaks <- c(40, 45, 50, 55, 60, 65, 70)\nd$group <- cut(d$age, breaks)\nfit <- coxph(Surv(time, event) ~ group + sex + bmi, data = d)\nsummary(fit)\nwrite.csv(coef(summary(fit)), "out/cox.csv")\n'
    )
)
honest("stata", "fit.do")(
    lambda chance: (
        "use cohort, clear\nkeep if inrange(age, 40, 69)\nrecode bmi (min/18.5=1) (18.5/25=2) (25/30=3) (30/max=4), gen(bmi4)\nlogit case i.bmi4 age i.sex, or\nesttab using table2.rtf, se replace\n"
    )
)
honest("sql", "cohort.sql")(
    lambda chance: (
        "-- builds the cohort\nCREATE TABLE cohort AS\nSELECT p.sex, p.age_group, COUNT(*) AS n\nFROM patients p JOIN admissions a ON a.id = p.id\nWHERE a.icd10 IN ('I10', 'I11', 'I12', 'E11.9')\n  AND a.admitted BETWEEN '2015-01-01' AND '2020-12-31'\nGROUP BY p.sex, p.age_group\nHAVING COUNT(*) >= 10;\n"
    )
)
honest("julia", "fit.jl")(
    lambda chance: (
        'using DataFrames, GLM\n\nfunction fit(path)\n    d = load(path)\n    m = lm(@formula(y ~ age + sex), d)\n    coeftable(m)\nend\n\nprintln(fit("d.arrow"))\n'
    )
)
honest("shell", "run.sh")(
    lambda chance: (
        "#!/bin/bash\nset -euo pipefail\nfor chr in $(seq 1 22); do\n  plink2 --pfile chr${chr} --glm hide-covar --covar covar.txt --maf 0.01 --hwe 1e-6 --out out/chr${chr}\ndone\n"
    )
)
honest("workflow", "main.nf")(
    lambda chance: (
        'nextflow.enable.dsl = 2\n\nprocess ASSOC {\n  cpus 4\n  input: tuple val(chr), path(bed)\n  output: path \'out.tsv\'\n  script:\n  """\n  regenie --step 2 --bed ${bed} --out out\n  """\n}\n\nworkflow {\n  ASSOC(Channel.of(1..22))\n}\n'
    )
)
honest("tests of code", "test_fit.py")(
    lambda chance: (
        'import pytest\nfrom fit import scale\n\n\n@pytest.mark.parametrize(("x", "expected"), [(0, 0.0), (1, 0.5), (2, 1.0), (4, 2.0)])\ndef test_scale(x, expected):\n    assert scale(x) == expected\n'
    )
)
honest("code with a table of codes", "codes.py")(
    lambda chance: (
        "CODES = {\n"
        + "".join(f"    {row[0]!r}: {row[1]!r},\n" for row in lookup(chance)[1:])
        + "}\nCOLOURS = ['#1f77b4', '#ff7f0e', '#2ca02c', '#d62728', '#9467bd']\n"
    )
)
honest("yaml settings", "config.yaml")(
    lambda chance: (
        "seed: 20240501\nmodel:\n  name: lightgbm\n  params:\n    learning_rate: 0.05\n    num_leaves: 31\n    max_depth: 6\n    lambda_l2: 1.5\ncovariates: [age, sex, bmi, pc1, pc2]\nthreshold: 10\n"
    )
)
honest("toml settings", "pyproject.toml")(
    lambda chance: (
        '[project]\nname = "cohort"\nversion = "1.2.0"\ndependencies = ["pandas>=2.2", "numpy>=1.26", "lifelines==0.28.0"]\n\n[tool.ruff]\nline-length = 100\n'
    )
)
honest("ini settings", "setup.cfg")(
    lambda chance: (
        "[metadata]\nname = cohort\nversion = 1.2.0\n\n[options]\npython_requires = >=3.10\ninstall_requires =\n    pandas\n    numpy\n"
    )
)
honest("json settings", "params.json")(
    lambda chance: json.dumps(
        {"learning_rate": 0.05, "max_depth": 6, "features": list(TERMS[1:]), "early_stopping": True, "folds": 5}, indent=2
    )
)
honest("requirements", "requirements.txt")(
    lambda chance: _lines(
        f"{name}=={chance.randint(0, 4)}.{chance.randint(0, 30)}.{chance.randint(0, 9)}"
        for name in ("numpy", "pandas", "scipy", "lifelines", "matplotlib", "seaborn", "scikit-learn", "statsmodels", "pyarrow", "requests")
    )
)
honest("licence", "LICENSE")(
    lambda chance: (
        'MIT License\n\nCopyright (c) 2024 The Authors\n\nPermission is hereby granted, free of charge, to any person obtaining a copy\nof this software and associated documentation files (the "Software"), to deal\nin the Software without restriction, including without limitation the rights\nto use, copy, modify, merge, publish, distribute, sublicense, and/or sell\ncopies of the Software, subject to the following conditions:\n\nThe above copyright notice shall be included in all copies.\n\nTHE SOFTWARE IS PROVIDED "AS IS", WITHOUT WARRANTY OF ANY KIND.\n'
    )
)
honest("readme with an author", "README.md")(
    lambda chance: (
        "# Code for the BMI paper\n\nRun `make all` inside the environment. The tables of the paper are written to `out/`.\n\n## Steps\n\n1. `clean.R` builds the cohort.\n2. `fit.R` fits the models.\n3. `plot.R` draws the figures.\n\nContact: Jane Researcher, jane.researcher@example.org\n"
    )
)
honest("changes", "CHANGELOG.md")(
    lambda chance: (
        "# Changes\n\n## 1.2.0 - 2024-03-01\n\n- Adjust for deprivation.\n- Round counts to five.\n\n## 1.1.0 - 2023-11-20\n\n- Use imputed covariates.\n"
    )
)
honest("bibliography", "refs.bib")(
    lambda chance: "".join(
        f"@article{{smith{year},\n  author = {{Smith, J. and Jones, K.}},\n  title = {{Body mass index and outcome {year}}},\n  journal = {{Int J Epidemiol}},\n  year = {{{year}}},\n  volume = {{{year - 1971}}},\n  pages = {{{chance.randint(100, 900)}--{chance.randint(901, 999)}}}\n}}\n\n"
        for year in range(2010, 2022)
    )
)
honest("protocol", "protocol.md")(
    lambda chance: (
        "# Protocol\n\n"
        + "\n\n".join(PROSE)
        + "\n\nParticipants were eligible if they were aged 40 to 69 at recruitment and had linked records. Date of birth was replaced by year of birth.\n"
    )
)
honest("rst", "index.rst")(lambda chance: "Results\n=======\n\n" + "\n\n".join(PROSE) + "\n\n.. code-block:: python\n\n    fit(data)\n")


# logs

honest("log of training", "train.log")(
    lambda chance: _lines(
        f"2024-05-01 10:{place // 60:02d}:{place % 60:02d} INFO epoch {place + 1}/40 train_loss={0.7 * 0.97**place:.4f} val_loss={0.72 * 0.975**place:.4f} val_auc={0.8 - 0.2 * 0.9**place:.4f}"
        for place in range(40)
    )
)
honest("log of a job", "slurm-1021.out")(
    lambda chance: (
        "Loading modules\nStarting step 1\n"
        + _lines(f"[{place:02d}:00] chromosome {place} done, {chance.randint(300_000, 900_000)} variants kept" for place in range(1, 23))
        + "All done\n"
    )
)
honest("log of plink", "assoc.log")(
    lambda chance: (
        "PLINK v2.00a5\nOptions in effect:\n  --glm\n  --maf 0.01\n  --out out/assoc\n\n341204 samples loaded.\n9211004 variants loaded.\n812231 variants removed due to MAF threshold.\n--glm linear regression on phenotype 'bmi': done.\n"
    )
)
honest("output of stata", "reg.log")(
    lambda chance: (
        ". regress bmi age\n\n      Source |       SS           df       MS      Number of obs   =    12,410\n-------------+----------------------------------   F(1, 12408)     =    210.55\n       Model |  4210.11         1   4210.11   Prob > F        =    0.0000\n"
        "    Residual |  248110.4    12,408  19.99600   R-squared       =    0.0167\n------------------------------------------------------------------------------\n         bmi | Coefficient  Std. err.      t    P>|t|     [95% conf. interval]\n-------------+----------------------------------------------------------------\n"
        "         age |   .0521034   .0035907    14.51   0.000     .0450651    .0591417\n       _cons |   24.10221   .2001014   120.45   0.000     23.70998    24.49444\n"
    )
)
honest("output of r", "lm.txt")(
    lambda chance: (
        "\nCall:\nlm(formula = bmi ~ age + sex, data = d)\n\nCoefficients:\n            Estimate Std. Error t value Pr(>|t|)    \n(Intercept) 24.10221    0.20010  120.45   <2e-16 ***\nage          0.05210    0.00359   14.51   <2e-16 ***\nsexM         0.41077    0.08210    5.00 5.7e-07 ***\n\nResidual standard error: 4.472 on 12407 degrees of freedom\nMultiple R-squared:  0.0187\n"
    )
)


# figures


def _png(draw: Callable[[object], None], size: tuple[int, int] = (480, 320), kind: str = "PNG", **options: object) -> bytes:
    """A picture drawn at twice its size and made smaller, so that edges are soft as those of plotting libraries."""
    from PIL import Image, ImageDraw

    picture = Image.new("RGB", (2 * size[0], 2 * size[1]), "white")
    pen = ImageDraw.Draw(picture)
    pen.line((80, 20, 80, 2 * size[1] - 60, 2 * size[0] - 20, 2 * size[1] - 60), fill="black", width=2)
    for place in range(6):
        pen.text((100 + 140 * place, 2 * size[1] - 50), str(20 * place), fill="black")
    draw(pen)
    buffer = io.BytesIO()
    picture.resize(size, Image.Resampling.LANCZOS).save(buffer, kind, **options)
    return buffer.getvalue()


def _bars(pen, chance: random.Random) -> None:
    for place in range(7):
        pen.rectangle((120 + 110 * place, 560 - chance.randint(100, 480), 190 + 110 * place, 579), fill=(31, 119, 180))


def _curve(pen, chance: random.Random) -> None:
    for colour, slope in (((31, 119, 180), 0.9), ((255, 127, 14), 1.4)):
        pen.line([(80 + place, 60 + 480 * (1 - np.exp(-slope * place / 700))) for place in range(0, 850, 10)], fill=colour, width=5)


def _boxes(pen, chance: random.Random) -> None:
    for place in range(5):
        low = chance.randint(300, 420)
        pen.rectangle((140 + 150 * place, low - 120, 220 + 150 * place, low), outline="black", fill=(174, 199, 232), width=3)
        pen.line((140 + 150 * place, low - 60, 220 + 150 * place, low - 60), fill="black", width=4)
        pen.line((180 + 150 * place, low, 180 + 150 * place, low + 80), fill="black", width=2)
        pen.line((180 + 150 * place, low - 200, 180 + 150 * place, low - 120), fill="black", width=2)


def _manhattan(pen, chance: random.Random) -> None:
    for chromosome in range(22):
        for _ in range(120):
            x, y = 84 + 38 * chromosome + chance.random() * 36, 575 - 60 * -np.log10(chance.random() + 1e-9)
            pen.ellipse((x - 3, y - 3, x + 3, y + 3), fill=((31, 119, 180), (120, 120, 120))[chromosome % 2])
    pen.line((80, 140, 940, 140), fill="red", width=2)


def _forest(pen, chance: random.Random) -> None:
    for place in range(9):
        middle, y = chance.randint(350, 650), 60 + 55 * place
        pen.line((middle - 90, y, middle + 90, y), fill="black", width=3)
        pen.rectangle((middle - 10, y - 10, middle + 10, y + 10), fill="black")
        pen.text((90, y - 8), REGIONS[place], fill="black")


def _heat(pen, chance: random.Random) -> None:
    for down in range(8):
        for across in range(8):
            value = int(255 * 0.7 ** abs(down - across))
            pen.rectangle((120 + 60 * across, 50 + 60 * down, 179 + 60 * across, 109 + 60 * down), fill=(255, 255 - value, 255 - value))


for _name, _draw in (
    ("bars", _bars),
    ("curves", _curve),
    ("boxes", _boxes),
    ("manhattan", _manhattan),
    ("forest", _forest),
    ("heat map of traits", _heat),
):
    honest(f"png: {_name}", f"{_name.split()[0]}.png")(lambda chance, draw=_draw: _png(lambda pen: draw(pen, chance)))
honest("png with its software", "bars.png")(lambda chance: _png(lambda pen: _bars(pen, chance), pnginfo=_software(), dpi=(100, 100)))
honest("jpeg: bars", "bars.jpg")(lambda chance: _png(lambda pen: _bars(pen, chance), kind="JPEG", quality=92))
honest("jpeg: curves with a comment", "curves.jpg")(
    lambda chance: _png(lambda pen: _curve(pen, chance), kind="JPEG", comment=b"Created with GIMP")
)
honest("tiff: boxes", "boxes.tif")(lambda chance: _png(lambda pen: _boxes(pen, chance), kind="TIFF", compression="tiff_lzw"))
honest("gif: bars", "bars.gif")(lambda chance: _png(lambda pen: _bars(pen, chance), kind="GIF"))
honest("webp: curves", "curves.webp")(lambda chance: _png(lambda pen: _curve(pen, chance), kind="WEBP"))


def _software():
    from PIL.PngImagePlugin import PngInfo

    about = PngInfo()
    about.add_text("Software", "Matplotlib version3.9.0, https://matplotlib.org/")
    return about


def _svg(body: str) -> str:
    ticks = "".join(f'<text x="{60 + 60 * place}" y="285" font-size="10">{20 * place}</text>' for place in range(6))
    return f'<?xml version="1.0" encoding="utf-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" width="420" height="300" viewBox="0 0 420 300"><path d="M40 10 V265 H410" fill="none" stroke="#000"/>{ticks}{body}</svg>\n'


honest("svg: bars", "bars.svg")(
    lambda chance: _svg(
        "".join(
            f'<rect x="{60 + 45 * place}" y="{265 - (height := chance.randint(40, 230))}" width="30" height="{height}" fill="#1f77b4"/><text x="{60 + 45 * place}" y="298">{group}</text>'
            for place, group in enumerate(GROUPS)
        )
    )
)
honest("svg: curve", "roc.svg")(
    lambda chance: _svg(
        '<path fill="none" stroke="#1f77b4" d="M40 265 '
        + " ".join(f"L{40 + 3.7 * place} {265 - 255 * (place / 100) ** 0.4:.2f}" for place in range(1, 101))
        + '"/><text x="200" y="150">AUC = 0.81</text>'
    )
)
honest("svg: steps", "km.svg")(
    lambda chance: _svg(
        '<path fill="none" stroke="#d62728" d="M40 20 '
        + " ".join(f"H{50 + 18 * place} V{20 + 9 * place}" for place in range(20))
        + '"/><text x="60" y="40">At risk 9200 8100 7040 6100</text>'
    )
)
honest("svg: forest", "forest.svg")(
    lambda chance: _svg(
        "".join(
            f'<text x="45" y="{30 + 25 * place}">{region}</text><line x1="{180 + chance.randint(0, 40)}" x2="{300 + chance.randint(0, 40)}" y1="{26 + 25 * place}" y2="{26 + 25 * place}" stroke="#000"/>'
            for place, region in enumerate(REGIONS)
        )
    )
)
honest("svg: metadata of its library", "line.svg")(
    lambda chance: _svg(
        '<metadata><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:date>2024-05-01T10:00:00</dc:date><dc:format>image/svg+xml</dc:format></rdf:RDF></metadata><path d="M50 200 L400 60" stroke="#000"/>'
    )
)
honest("pdf: curves", "curves.pdf")(
    lambda chance: pdf(
        pdf_lines("Survival by treatment")
        + "1 w 60 300 m "
        + " ".join(f"{60 + 4 * place} {300 + 3 * place * (1 - place / 220):.2f} l" for place in range(1, 100))
        + " S\n"
    )
)
honest("pdf: bars", "bars.pdf")(
    lambda chance: pdf(
        pdf_lines("Admissions by age")
        + "".join(f"0.12 0.47 0.71 rg {80 + 60 * place} 300 40 {chance.randint(60, 300)} re f\n" for place in range(7)),
        info="<< /Producer (cairo 1.16.0) /Title (Admissions) >>",
    )
)
honest("pdf: paper", "paper.pdf")(lambda chance: pdf(pdf_lines("\n".join(PROSE * 8))))
honest("eps: curve", "curve.eps")(
    lambda chance: (
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 300 200\n%%Title: curve\nnewpath 20 20 moveto\n"
        + _lines(f"{20 + 3 * place} {20 + 2 * place * (1 - place / 160):.2f} lineto" for place in range(1, 80))
        + "stroke\nshowpage\n%%EOF\n"
    )
)


honest("svg: heat map", "heat.svg")(
    lambda chance: _svg(
        "".join(
            f'<rect x="{50 + 12 * across}" y="{20 + 12 * down}" width="12" height="12" fill="{("#fee5d9", "#fcae91", "#fb6a4a", "#cb181d")[_surface(chance, across, down)]}"/>'
            for down in range(18)
            for across in range(24)
        )
    )
)
honest("svg: stacked bars", "stacked.svg")(
    lambda chance: _svg(
        "".join(
            f'<rect x="{50 + 9 * place}" y="{y}" width="8" height="{height}" fill="{fill}"/>'
            for place in range(38)
            for y, height, fill in _stack(chance.randint(40, 70), chance.randint(50, 90), chance.randint(20, 50))
        )
    )
)
honest("svg: bars of years", "years.svg")(
    lambda chance: _svg(
        "".join(
            f'<rect x="{50 + 9 * place}" y="{265 - height}" width="8" height="{height}" data-year="{1985 + place}" data-admissions="{height * 1000}"/>'
            for place, height in enumerate(round(90 + 2.5 * place + chance.gauss(0, 4)) for place in range(39))
        )
    )
)
honest("svg: line over years", "line.svg")(
    lambda chance: _svg(
        '<polyline fill="none" stroke="#000" points="'
        + " ".join(f"{50 + 9 * place},{200 - 2.1 * place + chance.gauss(0, 3):.1f}" for place in range(40))
        + '"/>'
    )
)
honest("svg: grid of one path", "grid.svg")(
    lambda chance: _svg(
        '<path stroke="#ddd" d="'
        + "".join(f"M{50 + 9 * place} 10V265" for place in range(40))
        + '"/><path d="M50 200 L400 60" stroke="#000"/>'
    )
)
honest("svg: choropleth", "regions.svg")(
    lambda chance: _svg(
        "".join(
            f'<path d="M{x} {y} l{chance.randint(6, 20)} {chance.randint(-4, 9)} l{chance.randint(-9, 4)} {chance.randint(6, 20)} l-{chance.randint(6, 14)} -3 z" fill="{chance.choice(("#eff3ff", "#bdd7e7", "#6baed6"))}"><title>{region} {number}</title></path>'
            for number, (x, y, region) in enumerate(
                (50 + 22 * (place % 15), 30 + 24 * (place // 15), REGIONS[place % 9]) for place in range(135)
            )
        )
    )
)
honest("eps: bars", "bars.eps")(
    lambda chance: (
        "%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 300 200\n%%Title: bars\n"
        + _lines(f"0.2 0.4 0.7 setrgbcolor {20 + 12 * place} 20 10 {60 + 3 * place + chance.randint(0, 9)} rectfill" for place in range(20))
        + "showpage\n%%EOF\n"
    )
)
honest("page: correlation heat map", "correlation.html")(lambda chance: page(_shaded(correlation(chance))))
honest("page: traffic lights", "progress.html")(
    lambda chance: page(
        "<table><tr><th>Practice group</th>"
        + "".join(f"<th>Month {place}</th>" for place in range(1, 13))
        + "</tr>"
        + "".join(
            f"<tr><td>Group {row}</td>"
            + "".join(f'<td class="{chance.choice(("green", "green", "amber", "red"))}"></td>' for _ in range(12))
            + "</tr>"
            for row in range(1, 31)
        )
        + "</table>"
    )
)
honest("xlsx: traffic lights", "rag.xlsx")(lambda chance: _lights(chance))
honest("xlsx: shaded counts", "shaded.xlsx")(lambda chance: _scaled(chance))
honest("sparklines", "spark.md")(
    lambda chance: (
        "# Trends\n\n"
        + _lines(
            f"- {region}: {''.join(chr(0x2581 + min(7, max(0, round(place / 5 + chance.gauss(0, 0.7))))) for place in range(36))}"
            for region in REGIONS
        )
    )
)
honest("density map of characters", "map.txt")(
    lambda chance: (
        "Admissions per square, low to high\n\n"
        + _lines("".join(" .:#"[_surface(chance, across, down)] for across in range(60)) for down in range(30))
    )
)


def _surface(chance: random.Random, across: int, down: int) -> int:
    """A smooth surface in four bands, with some noise."""
    return min(3, max(0, round(1.5 + np.sin(across / 6) + np.cos(down / 5) + chance.gauss(0, 0.15))))


def _stack(*heights: int) -> list[tuple[int, int, str]]:
    """Parts of one bar, from the axis up."""
    parts, base = [], 265
    for height, fill in zip(heights, ("#1b9e77", "#d95f02", "#7570b3"), strict=False):
        base -= height
        parts.append((base, height, fill))
    return parts


def _shaded(grid: Grid) -> str:
    """A table whose cells are shaded by what they hold."""
    body = "".join(
        f"<tr><th>{row[0]}</th>"
        + "".join(
            f'<td style="background:{("#f7f7f7", "#fddbc7", "#b2182b")[int(abs(float(cell)) * 2.9) % 3]}">{cell}</td>' for cell in row[1:]
        )
        + "</tr>"
        for row in grid[1:]
    )
    return f"<table><tr>{''.join(f'<th>{cell}</th>' for cell in grid[0])}</tr>{body}</table>"


def _lights(chance: random.Random) -> bytes:
    """A workbook of traffic lights by region and month, with the number behind each."""
    from openpyxl import Workbook
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet = book.active
    sheet.append(["Region", *(f"2023-{month:02d}" for month in range(1, 13))])
    for cell in sheet[1]:
        cell.font = Font(bold=True)
    for place, region in enumerate(REGIONS * 3, start=2):
        sheet.cell(place, 1, f"{region} {place}")
        level = chance.gauss(85, 6)
        for month in range(12):
            share = min(99.0, level + chance.gauss(0, 4))
            cell = sheet.cell(place, month + 2, round(share, 1))
            cell.fill = PatternFill("solid", fgColor="FF00B050" if share > 88 else "FFFFC000" if share > 80 else "FFFF0000")
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _scaled(chance: random.Random) -> bytes:
    """A workbook of counts with striped rows, bold totals and a scale of colours."""
    from openpyxl import Workbook
    from openpyxl.formatting.rule import ColorScaleRule
    from openpyxl.styles import Font, PatternFill

    book = Workbook()
    sheet = book.active
    for place, row in enumerate(counts(chance), start=1):
        sheet.append(row)
        for cell in sheet[place]:
            cell.font = Font(bold=place == 1)
            if place % 2:
                cell.fill = PatternFill("solid", fgColor="FFEEEEEE")
    sheet.conditional_formatting.add("B2:F40", ColorScaleRule(start_type="min", start_color="FFFFFF", end_type="max", end_color="FF0000"))
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


# reports and notebooks

honest("report with a figure", "report.html")(
    lambda chance: page(
        f'<img src="data:image/png;base64,{b64(_png(lambda pen: _bars(pen, chance)))}" alt="Admissions by age">'
        "<pre>" + escape(as_csv(counts(chance))) + "</pre>",
        "<style>body { font-family: sans-serif; max-width: 60em; }</style>",
    )
)
honest("report with code", "analysis.html")(
    lambda chance: page(
        '<pre class="r"><code>fit &lt;- glm(case ~ age + sex, family = binomial, data = d)\nsummary(fit)</code></pre><table><tr><td>age</td><td>0.052</td><td>0.004</td></tr><tr><td>sexM</td><td>0.411</td><td>0.082</td></tr></table>',
        "<script>document.querySelectorAll('pre').forEach(function (e) { e.tabIndex = 0; });</script>",
    )
)
honest("page: plotly bars", "bars.html")(
    lambda chance: page(
        '<div id="a"></div><script>Plotly.newPlot("a", '
        + json.dumps([{"type": "bar", "x": list(GROUPS), "y": [chance.randint(200, 900) for _ in GROUPS]}])
        + ', {"title": "Admissions"});</script>'
    )
)
honest("vega bars", "bars.vl.json")(
    lambda chance: json.dumps(
        {
            "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
            "mark": "bar",
            "data": {"values": [{"group": group, "n": chance.randint(200, 900)} for group in GROUPS]},
            "encoding": {"x": {"field": "group"}, "y": {"field": "n"}},
        }
    )
)
honest("notebook with a figure", "plot.ipynb")(
    lambda chance: notebook(
        code_cell(
            {
                "output_type": "display_data",
                "metadata": {},
                "data": {"image/png": b64(_png(lambda pen: _curve(pen, chance))), "text/plain": "<Figure size 640x480 with 1 Axes>"},
            },
            "plt.plot(x, y)\nplt.show()",
        )
    )
)
honest("notebook of text", "notes.ipynb")(
    lambda chance: notebook({"cell_type": "markdown", "metadata": {}, "source": ["## Method\n", *(f"{line}\n" for line in PROSE)]})
)
honest("notebook of training", "train.ipynb")(
    lambda chance: notebook(
        code_cell(
            {
                "output_type": "stream",
                "name": "stdout",
                "text": [f"epoch {place}: loss {0.7 * 0.95**place:.4f} auc {0.8 - 0.2 * 0.9**place:.3f}\n" for place in range(20)],
            },
            "train(model)",
        )
    )
)
honest("word: paper", "paper.docx")(
    lambda chance: docx("".join(f'<w:p><w:r><w:t xml:space="preserve">{line}</w:t></w:r></w:p>' for line in PROSE * 4))
)
honest("slides", "talk.pptx")(lambda chance: pptx(slide_lines("Body mass index and outcome\n" + "\n".join(PROSE))))
honest("opendocument: text", "paper.odt")(lambda chance: odt(odt_lines("\n".join(PROSE * 3))))
honest("rich text", "notes.rtf")(lambda chance: rtf(rtf_text("\n".join(PROSE))))
honest("message", "request.eml")(
    lambda chance: (
        f"From: a@example.org\nTo: b@example.org\nSubject: Tables for release\nDate: Wed, 01 May 2024 10:00:00 +0000\n\nDear all,\n\n{PROSE[0]}\n\nBest wishes,\nA\n"
    )
)
honest("zip of results", "results.zip")(
    lambda chance: zipped(
        {
            "README.md": b"# Results\n\nTables 1 and 2, figure 1.\n",
            "table1.csv": as_csv(table_one(chance)).encode(),
            "table2.csv": as_csv(regression(chance)).encode(),
            "fig1.png": _png(lambda pen: _bars(pen, chance)),
            "code/fit.py": b"import pandas as pd\n\nprint(pd.__version__)\n",
        }
    )
)
honest("zip of a zip", "all.zip")(lambda chance: zipped({"inner.zip": zipped({"counts.csv": as_csv(counts(chance)).encode()})}))


# models and arrays of sums

honest("coefficients in json", "model.json")(
    lambda chance: json.dumps(
        {
            "class": "LogisticRegression",
            "features": list(TERMS[1:]),
            "coef": [round(chance.gauss(0, 0.4), 5) for _ in TERMS[1:]],
            "intercept": -2.31,
            "n_train": 41_200,
            "auc": 0.79,
        },
        indent=1,
    )
)
honest("coefficients in npy", "coef.npy")(lambda chance: _npy(np.random.default_rng(chance.randint(0, 999)).normal(0, 0.3, 24)))
honest("correlations in npy", "ld.npy")(lambda chance: _npy(0.95 ** np.abs(np.subtract.outer(np.arange(40), np.arange(40)))))
honest("weights in safetensors", "weights.safetensors")(lambda chance: _safetensors(chance))
honest("hdf5: coefficients", "model.h5")(lambda chance: _h5(chance))


def _npy(array: np.ndarray) -> bytes:
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _safetensors(chance: random.Random) -> bytes:
    import struct

    values = np.random.default_rng(chance.randint(0, 999)).normal(0, 0.1, (16, 32)).astype("<f4")
    head = json.dumps({"fc.weight": {"dtype": "F32", "shape": [16, 32], "data_offsets": [0, values.nbytes]}}).encode()
    head += b" " * (-len(head) % 8)
    return struct.pack("<Q", len(head)) + head + values.tobytes()


def _h5(chance: random.Random) -> bytes:
    import tempfile
    from pathlib import Path

    import h5py

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "m.h5"
        with h5py.File(path, "w") as file:
            file.create_dataset("coef", data=np.random.default_rng(chance.randint(0, 999)).normal(0, 0.3, 24))
            file.create_dataset("intercept", data=[-2.3])
            file.attrs["n_train"] = 41_200
        return path.read_bytes()


# what records hide in, used as it is meant to be

AUTHORS = (
    "Smith",
    "Jones",
    "Patel",
    "Okafor",
    "Garcia",
    "Novak",
    "Tanaka",
    "Olsen",
    "Kowalski",
    "Rossi",
    "Dubois",
    "Meyer",
    "Silva",
    "Ivanov",
)
PACKAGES = (
    "numpy",
    "pandas",
    "scipy",
    "scikit-learn",
    "statsmodels",
    "matplotlib",
    "lifelines",
    "pyarrow",
    "h5py",
    "cyvcf2",
    "pysam",
    "seaborn",
    "tqdm",
    "joblib",
    "xgboost",
)

honest("text: citations in a sentence", "discussion.txt")(
    lambda chance: (
        "As described ("
        + "; ".join(f"{chance.choice(AUTHORS)} et al., {chance.randint(1990, 2024)}" for _ in range(24))
        + "), effects of this size are usual.\n"
    )
)
honest("text: estimates in a sentence", "results.txt")(
    lambda chance: (
        "Hazard ratios were "
        + "; ".join(
            f"{term} {(middle := chance.uniform(0.6, 1.9)):.2f} ({middle * 0.8:.2f} to {middle * 1.2:.2f}), p = {chance.random():.3f}"
            for term in TERMS[1:]
        )
        + ".\n"
    )
)
honest("text: estimates of genes in a sentence", "results.txt")(
    lambda chance: (
        "The strongest genes were "
        + "; ".join(
            f"{gene} (beta {chance.gauss(0, 0.2):.3f}, se {chance.uniform(0.01, 0.03):.3f}, p {chance.random() * 1e-8:.2e})"
            for gene in GENES
        )
        + ".\n"
    )
)
honest("bibliography", "refs.bib")(
    lambda chance: _lines(
        f"@article{{{author.lower()}{(year := chance.randint(1995, 2024))},\n  author = {{{author}, A. and Other, B.}},\n  title = {{Study {place} of outcomes}},\n"
        f"  journal = {{J Epidemiol}},\n  volume = {{{chance.randint(3, 60)}}},\n  pages = {{{(page := chance.randint(10, 900))}--{page + 9}}},\n  year = {{{year}}}\n}}"
        for place, author in enumerate(AUTHORS)
    )
)
honest("makefile", "Makefile")(
    lambda chance: (
        ".PHONY: all clean\nall: fit plots\n"
        + "".join(
            f"\nfit_{gene.lower()}: data/{gene}.csv\n\t@echo 'fitting {gene}'\n\tRscript fit.R --gene {gene} --seed {place}\n"
            for place, gene in enumerate(GENES)
        )
        + "\nclean:\n\trm -rf out\n"
    )
)
honest("shell: messages", "run.sh")(
    lambda chance: "#!/bin/sh\n" + _lines(f"echo 'step {place}: chromosome {place} of 22, chunk size 5000'" for place in range(1, 23))
)
honest("style sheet", "report.css")(
    lambda chance: (
        "/* palette of the report\n   base sizes in px, 12 columns */\n"
        + _lines(
            f".col-{place} {{ width: {100 * place / 12:.4f}%; padding: {place}px 8px; margin-left: {place * 2}px; }}"
            for place in range(1, 25)
        )
    )
)
honest("page: style sheet", "report.html")(
    lambda chance: page(
        "<p>Text.</p>",
        "<style>/* table of sizes */\n"
        + "".join(f".w{place} {{ width: {place * 4}px; height: {place * 3}px }}\n" for place in range(30))
        + "</style>",
    )
)
honest("page: columns of a heat map", "heatmap.html")(
    lambda chance: page(
        "".join(
            f'<div class="tile r{down} c{across}" style="left:{12 * across}px;top:{12 * down}px;width:12px;height:12px"></div>'
            for down in range(12)
            for across in range(12)
        )
    )
)
honest("page: styled table of counts", "styled.html")(
    lambda chance: page(
        "<table>"
        + "".join(
            "<tr>"
            + "".join(
                f'<{"td" if down else "th"} id="T_a1b2_row{down}_col{across}" class="data row{down} col{across}">{cell}</{"td" if down else "th"}>'
                for across, cell in enumerate(row)
            )
            + "</tr>"
            for down, row in enumerate(counts(chance))
        )
        + "</table>"
    )
)
honest("page: bars of progress", "bars.html")(
    lambda chance: page(
        "".join(
            f'<div class="bar b{place}" style="width:{chance.uniform(10, 95):.1f}%" aria-valuenow="{place}" data-label="{region}">{region}</div>'
            for place, region in enumerate((*REGIONS, *GROUPS))
        )
    )
)
honest("toml: versions", "pyproject.toml")(
    lambda chance: (
        "[dependencies]\n"
        + _lines(f'{name} = "{chance.randint(0, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 9)}"' for name in PACKAGES)
    )
)
honest("text: versions", "session.txt")(
    lambda chance: _lines(f"{name}=={chance.randint(0, 9)}.{chance.randint(0, 30)}.{chance.randint(0, 9)}" for name in PACKAGES)
)
honest("log: progress of training", "train.log")(
    lambda chance: (
        "".join(
            f"\r{place:3d}%|{'#' * (place // 10):10}| {place}/100 [00:{place % 60:02d}<00:{60 - place % 60:02d}, {chance.uniform(1, 3):.2f}it/s, loss={3 / (1 + place):.4f}]"
            for place in range(1, 100)
        )
        + "\n"
    )
)
honest("r: vectors of estimates", "console.txt")(
    lambda chance: "".join(
        f"> {name}\n"
        + _lines(
            f" [{place + 1}] " + " ".join(f"{value:9.5f}" for value in values[place : place + 8]) for place in range(0, len(values), 8)
        )
        for name, values in (
            ("coef(fit)", [chance.gauss(0, 0.4) for _ in range(30)]),
            ("se", [chance.uniform(0.01, 0.2) for _ in range(30)]),
            ("p.adjust(p)", [chance.random() for _ in range(30)]),
        )
    )
)
honest("text: curves", "roc.txt")(
    lambda chance: (
        "fpr: "
        + " ".join(f"{place / 50:.2f}" for place in range(51))
        + "\ntpr: "
        + " ".join(f"{(place / 50) ** 0.4:.4f}" for place in range(51))
        + "\n"
    )
)
honest("text: losses", "history.txt")(
    lambda chance: "".join(
        f"{name}: " + " ".join(f"{start / (1 + place) + chance.uniform(0, 0.01):.4f}" for place in range(60)) + "\n"
        for name, start in (("loss", 2.0), ("val_loss", 2.3), ("lr", 0.1))
    )
)
honest("json: a log in a string", "run.json")(
    lambda chance: json.dumps(
        {
            "auc": 0.81,
            "n_train": 41_200,
            "n_test": 9_800,
            "log": "".join(f"epoch {place}: loss {2 / (1 + place):.4f}, val_loss {2.3 / (1 + place):.4f}\n" for place in range(40)),
        }
    )
)
honest("csv: notes in cells", "models.csv")(
    lambda chance: (
        "model,auc,note\n"
        + _lines(
            f'm{place},0.{chance.randint(700, 899)},"fitted with seed {place}; adjusted for age, sex and 10 components; {chance.randint(2, 9)} folds"'
            for place in range(20)
        )
    )
)
honest("csv: labels of terms", "terms.csv")(
    lambda chance: (
        "term,estimate,se,p\n"
        + _lines(
            f"factor(age)[{low}-{low + 4}]:sex{sex}:area {area},{(beta := chance.gauss(0, 0.3)):.4f},{(error := chance.uniform(0.1, 0.3)):.4f},{math.erfc(abs(beta / error) / math.sqrt(2)):.3f}"
            for low in range(20, 80, 5)
            for sex in "FM"
            for area in range(1, 3)
        )
    )
)
honest("python: functions by number", "steps.py")(
    lambda chance: "\n".join(
        f"def test_case_{place}_of_{gene.lower()}():\n    assert fit({place}, 0.05) > 0\n" for place, gene in enumerate(GENES)
    )
)
honest("calendar of meetings", "meetings.ics")(
    lambda chance: (
        "BEGIN:VCALENDAR\n"
        + _lines(
            f"BEGIN:VEVENT\nDTSTART:2024{month:02d}0{chance.randint(1, 9)}T100000Z\nSUMMARY:Output review meeting {month}\nEND:VEVENT"
            for month in range(1, 13)
        )
        + "END:VCALENDAR\n"
    )
)
honest("svg: description of a figure", "figure.svg")(
    lambda chance: (
        '<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><title>Forest plot</title><desc>Estimates: '
        + "; ".join(f"{term} {chance.uniform(0.5, 1.8):.2f}" for term in TERMS)
        + '</desc><style>/* sizes: 12 10 8 */ .axis { font-size: 10px }</style><path d="M10 190H290M10 10V190" stroke="#000"/></svg>\n'
    )
)


def _metrics(chance: random.Random) -> Item:
    """A small file of metrics for each of many models."""
    files = [
        (
            f"metrics/model_{place}.json",
            json.dumps({"model": f"m{place}", "auc": round(chance.uniform(0.6, 0.9), 4), "folds": 5, "n_train": 41_200}).encode(),
        )
        for place in range(20)
    ]
    return Item(name=files[0][0], data=files[0][1], made=("metrics of many models",), text=True, beside=tuple(files[1:]))


def _chromosomes(chance: random.Random) -> Item:
    """A short log for each chromosome."""
    files = [
        (
            f"logs/chr{place}.log",
            f"chromosome: {place}\nvariants: {chance.randint(90_000, 900_000)}\nlambda: {chance.uniform(0.98, 1.04):.4f}\nseconds: {chance.randint(50, 400)}\n".encode(),
        )
        for place in range(1, 23)
    ]
    return Item(name=files[0][0], data=files[0][1], made=("logs of chromosomes",), text=True, beside=tuple(files[1:]))


LOOKALIKES["metrics of many models"] = _metrics
LOOKALIKES["logs of chromosomes"] = _chromosomes


def lookalikes(seed: int = 1) -> list[Item]:
    """All of them, as the seed makes them."""
    return [make(random.Random(f"{name} {seed}")) for name, make in LOOKALIKES.items()]
