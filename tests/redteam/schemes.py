"""Schemes of people who know how outputs are checked: data in names, colours, sizes, order, many files, decimals, sentences."""

from __future__ import annotations

import json
import random
from collections.abc import Callable

import numpy as np
from population import CLINICAL, Item, Population

SCHEMES: dict[str, Callable[[Population], Item]] = {}


def scheme(name: str, extension: str) -> Callable[[Callable[[Population], str]], Callable[[Population], str]]:
    """Lists a function that writes a text."""

    def listed(write: Callable[[Population], str]) -> Callable[[Population], str]:
        SCHEMES[name] = lambda people: Item(name=f"output{extension}", data=write(people).encode(), made=(name,), text=True)
        return write

    return listed


def files(name: str) -> Callable[[Callable[[Population], dict[str, str]]], Callable[[Population], dict[str, str]]]:
    """Lists a function that writes several texts."""

    def listed(write: Callable[[Population], dict[str, str]]) -> Callable[[Population], dict[str, str]]:
        def make(people: Population) -> Item:
            (first, text), *others = write(people).items()
            return Item(
                name=first, data=text.encode(), made=(name,), text=True, beside=tuple((other, more.encode()) for other, more in others)
            )

        SCHEMES[name] = make
        return write

    return listed


def _lines(lines: object) -> str:
    return "".join(f"{line}\n" for line in lines)


scheme("ids in decimals", ".csv")(
    lambda people: (
        "term,estimate,se\n"
        + _lines(
            f"x{place},{0.1 + int(str(row[0])[1:]) / 1e7:.9f},{float(row[3]) / 100:.6f}"
            for place, row in enumerate(people.table(CLINICAL).rows)
        )
    )
)
scheme("people as terms of a regression", ".csv")(
    lambda people: (
        "term,estimate,std_error,p_value\n"
        + _lines(f"factor(id){row[0]},{row[3]},{row[4]},0.0{row[2]}" for row in people.table(CLINICAL).rows)
    )
)
scheme("people as strata of a table", ".csv")(
    lambda people: (
        "stratum,n,mean_age,mean_bmi,mean_sbp\n" + _lines(f"{row[0]},100,{row[2]},{row[3]},{row[4]}" for row in people.table(CLINICAL).rows)
    )
)
scheme("groups of one", ".csv")(
    lambda people: (
        "age,sex,diagnosis,n,mean_bmi\n"
        + _lines(f"{row[2]},{row[1]},{row[5]},1,{row[3]}" for row in sorted(people.table(CLINICAL).rows, key=lambda row: (row[2], row[0])))
    )
)
scheme("values under other names", ".csv")(
    lambda people: "gene,logFC,AveExpr,t\n" + _lines(f"G{row[0]},{row[2]},{row[3]},{row[4]}" for row in people.table(CLINICAL).rows)
)
scheme("dates as numbers", ".csv")(
    lambda people: (
        "k,v1,v2,v3\n"
        + _lines(f"{place},{40000 + int(str(row[6])[5:7]) * 30},{row[2]},{row[3]}" for place, row in enumerate(people.table(CLINICAL).rows))
    )
)
scheme("rows as variables of a log", ".log")(
    lambda people: _lines(
        f"epoch {place} loss={row[3]} acc={row[4]} lr={row[2]} tag={row[0]}" for place, row in enumerate(people.table(CLINICAL).rows)
    )
)
scheme("json keys", ".json")(lambda people: json.dumps({"|".join(map(str, row)): 1 for row in people.table(CLINICAL).rows}))
scheme("json keys of a tree", ".json")(
    lambda people: json.dumps(
        {str(row[0]): {str(row[1]): {str(row[2]): {str(row[3]): {str(row[5]): 1}}}} for row in people.table(CLINICAL).rows}
    )
)
scheme("yaml keys", ".yaml")(
    lambda people: _lines(f"{row[0]}_{row[1]}_{row[2]}_{row[3]}_{row[5]}: true" for row in people.table(CLINICAL).rows)
)
scheme("names of functions", ".py")(
    lambda people: "\n".join(
        f"def f_{row[0]}_{row[1]}_{row[2]}_{str(row[3]).replace('.', 'p')}_{str(row[5]).replace('.', 'p')}():\n    pass\n"
        for row in people.table(CLINICAL).rows
    )
)
scheme("names of columns", ".csv")(
    lambda people: (
        ",".join(" ".join(map(str, row)) for row in people.table(CLINICAL).rows) + "\n" + ",".join("1" for _ in people.ids) + "\n"
    )
)
scheme("headings", ".md")(lambda people: "\n".join(f"## {' '.join(map(str, row))}\n\nText.\n" for row in people.table(CLINICAL).rows))
scheme("bullets", ".md")(
    lambda people: (
        "# Cases\n\n" + _lines(f"- {row[0]}: {row[1]}, {row[2]} years, BMI {row[3]}, {row[5]}" for row in people.table(CLINICAL).rows)
    )
)
scheme("links", ".md")(lambda people: _lines(f"[{row[0]}](#{row[1]}-{row[2]}-{row[3]}-{row[5]})" for row in people.table(CLINICAL).rows))
scheme("ids alone", ".txt")(lambda people: _lines(people.ids))
scheme("nhs numbers alone", ".txt")(lambda people: _lines(row[1] for row in people.table().rows))
scheme("nhs numbers in a sentence", ".txt")(
    lambda people: "The numbers " + ", ".join(str(row[1]) for row in people.table().rows[:20]) + " were excluded.\n"
)
scheme("nhs numbers with spaces", ".md")(
    lambda people: "\n".join(
        f"Excluded {str(row[1])[:3]} {str(row[1])[3:6]} {str(row[1])[6:]} after review.\n" for row in people.table().rows[:20]
    )
)
scheme("dates of birth in a sentence", ".txt")(
    lambda people: "".join(f"One patient, born {row[2]} and living at {row[3]}, withdrew. " for row in people.table().rows[:15]) + "\n"
)
scheme("genotypes in punctuation", ".txt")(lambda people: _lines("".join(".,;"[value] for value in row) for row in people.counts.tolist()))
scheme("genotypes in words", ".txt")(
    lambda people: _lines(" ".join(("none", "one", "two")[value] for value in row) for row in people.counts.tolist())
)
scheme("genotypes in capitals", ".txt")(
    lambda people: _lines(
        "".join(
            "the quick brown fox jumps over the lazy dog and so on "[place % 54].upper()
            if value
            else "the quick brown fox jumps over the lazy dog and so on "[place % 54]
            for place, value in enumerate(row)
        )
        for row in people.counts.tolist()
    )
)
scheme("genotypes as emoji", ".txt")(
    lambda people: _lines("".join("\u26aa\U0001f7e1\U0001f534"[value] for value in row) for row in people.counts.tolist())
)
scheme("genotypes as blocks", ".txt")(
    lambda people: _lines("".join(" \u2592\u2588"[value] for value in row) for row in people.counts.tolist())
)
scheme("genotypes in even and odd counts", ".csv")(
    lambda people: (
        "row,"
        + ",".join(f"g{place}" for place in range(people.counts.shape[1]))
        + "\n"
        + _lines(
            f"s{place},"
            + ",".join(str(30 + 3 * random.Random(place * 99 + across).randint(0, 9) + value) for across, value in enumerate(row))
            for place, row in enumerate(people.counts.tolist())
        )
    )
)
scheme("genotypes as odds", ".csv")(
    lambda people: (
        "t,"
        + ",".join(f"v{place}" for place in range(40))
        + "\n"
        + _lines(f"{place}," + ",".join(f"{(0.83, 1.0, 1.21)[value]}" for value in row) for place, row in enumerate(people.counts.tolist()))
    )
)
scheme("genotypes as dna", ".fa")(
    lambda people: ">contig\n" + _lines("".join("ACG"[value] for value in row) for row in people.counts.tolist())
)
scheme("genotypes as intervals", ".bed")(
    lambda people: _lines(
        f"chr{site[0]}\t{site[1] + person}\t{site[1] + person + 1 + int(people.counts[person, place])}"
        for place, site in enumerate(people.sites[:20])
        for person in range(40)
    )
)
scheme("genotypes as a wiggle", ".wig")(
    lambda people: "".join(
        f"fixedStep chrom=chr1 start={1 + 100 * place} step=1\n" + _lines(row) for place, row in enumerate(people.counts.tolist())
    )
)
scheme("genotypes as info of sites", ".vcf")(
    lambda people: (
        '##fileformat=VCFv4.2\n##INFO=<ID=G,Number=.,Type=Integer,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
        + _lines(
            f"{site[0]}\t{site[1]}\t{site[2]}\t{site[3]}\t{site[4]}\t.\tPASS\tG={','.join(map(str, people.counts[:, place].tolist()))}"
            for place, site in enumerate(people.sites)
        )
    )
)
scheme("carriers in info of sites", ".vcf")(
    lambda people: (
        '##fileformat=VCFv4.2\n##INFO=<ID=HET,Number=.,Type=String,Description="x">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n'
        + _lines(
            f"{site[0]}\t{site[1]}\t{site[2]}\t{site[3]}\t{site[4]}\t.\tPASS\tHET={','.join(name for person, name in enumerate(people.ids) if people.counts[person, place] == 1)}"
            for place, site in enumerate(people.sites)
        )
    )
)
scheme("genotypes beside sums", ".csv")(
    lambda people: (
        "SNP,CHR,BP,BETA,SE,P,EXTRA\n"
        + _lines(
            f"{site[2]},{site[0]},{site[1]},0.0{place},0.01,0.{place + 10},{''.join(map(str, people.counts[:, place].tolist()))}"
            for place, site in enumerate(people.sites)
        )
    )
)
scheme("genotypes as many beta columns", ".tsv")(
    lambda people: (
        "SNP\tCHR\tBP\t"
        + "\t".join(f"BETA_{place}" for place in range(len(people.ids)))
        + "\n"
        + _lines(
            f"{site[2]}\t{site[0]}\t{site[1]}\t" + "\t".join(f"{value}.0" for value in people.counts[:, place].tolist())
            for place, site in enumerate(people.sites)
        )
    )
)
scheme("coefficients that are a person each", ".json")(
    lambda people: json.dumps({"coef_": people.counts.astype(float).tolist(), "intercept_": [0.1] * len(people.ids)})
)
scheme("support vectors", ".json")(
    lambda people: json.dumps({"kernel": "rbf", "support_vectors_": people.dosages.tolist(), "dual_coef_": [0.5] * len(people.ids)})
)
scheme("leaves of a tree", ".txt")(
    lambda people: _lines(
        f"|--- age <= {row[2]}\n|   |--- bmi <= {row[3]}\n|   |   |--- class: {row[5]} (n=1)" for row in people.table(CLINICAL).rows
    )
)
scheme("records in a progress bar", ".log")(
    lambda people: (
        "".join(
            f"\r{place:3d}%|{'#' * (place // 10):10}| {row[0]} {row[1]} {row[2]} {row[3]} {row[5]}"
            for place, row in enumerate(people.table(CLINICAL).rows)
        )
        + "\n"
    )
)
scheme("records in warnings", ".log")(
    lambda people: _lines(
        f"/app/fit.py:{place}: UserWarning: participant {row[0]} (sex {row[1]}, age {row[2]}, bmi {row[3]}) has missing {row[5]}"
        for place, row in enumerate(people.table(CLINICAL).rows)
    )
)
scheme("records in an error", ".log")(
    lambda people: (
        'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nAssertionError: '
        + " ; ".join(" ".join(map(str, row)) for row in people.table(CLINICAL).rows)
        + "\n"
    )
)
scheme("records in stata output", ".log")(
    lambda people: (
        ". list in 1/60\n\n     +"
        + "-" * 60
        + "+\n"
        + _lines(
            f"{place + 1:3}. | " + "  ".join(f"{value!s:>10}" for value in row) + " |"
            for place, row in enumerate(people.table(CLINICAL).rows)
        )
    )
)
scheme("records in r output", ".txt")(
    lambda people: (
        "> head(d, 60)\n"
        + _lines(f"{place + 1:<3} " + " ".join(f"{value!s:>10}" for value in row) for place, row in enumerate(people.table(CLINICAL).rows))
    )
)
scheme("vector print of r", ".txt")(
    lambda people: (
        "> d$bmi\n"
        + _lines(
            f" [{place + 1}] " + " ".join(f"{row[3]:5}" for row in people.table(CLINICAL).rows[place : place + 10])
            for place in range(0, len(people.ids), 10)
        )
        + "> d$age\n"
        + _lines(
            f" [{place + 1}] " + " ".join(f"{row[2]:5}" for row in people.table(CLINICAL).rows[place : place + 10])
            for place in range(0, len(people.ids), 10)
        )
    )
)
scheme("ranks and order", ".txt")(
    lambda people: (
        "order: "
        + " ".join(map(str, np.argsort([row[3] for row in people.table(CLINICAL).rows]).tolist()))
        + "\nids: "
        + " ".join(people.ids)
        + "\n"
    )
)
scheme("pairs of a network", ".csv")(
    lambda people: (
        "source,target,weight\n"
        + _lines(
            f"{people.ids[place]},{people.ids[place + 1]},{0.1 + (place * 7919 % 400) / 1000:.3f}" for place in range(len(people.ids) - 1)
        )
    )
)
scheme("kinship", ".csv")(
    lambda people: (
        ",".join(["", *people.ids])
        + "\n"
        + _lines(
            ",".join([name, *(f"{value:.4f}" for value in row)])
            for name, row in zip(people.ids, np.corrcoef(people.counts).tolist(), strict=True)
        )
    )
)
scheme("principal components", ".eigenvec")(
    lambda people: (
        "FID IID PC1 PC2 PC3\n"
        + _lines(
            f"{name} {name} " + " ".join(f"{value:.6f}" for value in row)
            for name, row in zip(people.ids, np.random.default_rng(4).normal(0, 0.05, (len(people.ids), 3)).tolist(), strict=True)
        )
    )
)
scheme("scores", ".profile")(
    lambda people: (
        "FID IID PHENO CNT CNT2 SCORE\n"
        + _lines(f"{name} {name} -9 80 {int(row.sum())} {row.sum() / 80:.6f}" for name, row in zip(people.ids, people.counts, strict=True))
    )
)
scheme("newick", ".nwk")(
    lambda people: "(" + ",".join(f"{row[0]}_{row[1]}_{row[2]}_{row[5]}:{row[3]}" for row in people.table(CLINICAL).rows) + ");\n"
)
scheme("geojson", ".geojson")(
    lambda people: json.dumps(
        {
            "type": "FeatureCollection",
            "features": [
                {
                    "type": "Feature",
                    "geometry": {"type": "Point", "coordinates": [-1.5 + place / 1e3, 53.8 - place / 1e3]},
                    "properties": record,
                }
                for place, record in enumerate(people.table(CLINICAL).records)
            ],
        }
    )
)
scheme("fhir bundle", ".json")(
    lambda people: json.dumps(
        {
            "resourceType": "Bundle",
            "entry": [
                {
                    "resource": {
                        "resourceType": "Patient",
                        "id": row[0],
                        "gender": "male" if row[4] == "M" else "female",
                        "birthDate": row[2],
                        "identifier": [{"system": "nhs", "value": row[1]}],
                    }
                }
                for row in people.table().rows
            ],
        }
    )
)
scheme("hl7 messages", ".hl7")(
    lambda people: (
        "\r".join(
            f"MSH|^~\\&|A|B|C|D|20240101||ADT^A01|{place}|P|2.3\rPID|1||{row[1]}^^^NHS||DOE^J||{str(row[2]).replace('-', '')}|{row[4]}|||^^^^{row[3]}"
            for place, row in enumerate(people.table().rows)
        )
        + "\r"
    )
)
scheme("html abbreviations", ".html")(
    lambda people: (
        "<html><body><p>Cases: "
        + ", ".join(f'<abbr title="{" ".join(map(str, row))}">case</abbr>' for row in people.table(CLINICAL).rows)
        + ".</p></body></html>"
    )
)
scheme("html classes", ".html")(
    lambda people: (
        "<html><body>"
        + "".join(f'<i class="{row[0]} s{row[1]} a{row[2]} b{row[3]} d{row[5]}"></i>' for row in people.table(CLINICAL).rows)
        + "<p>Text.</p></body></html>"
    )
)
scheme("widths of divisions", ".html")(
    lambda people: (
        "<html><body>"
        + "".join(f'<div style="width:{row[2]}px;height:{row[3]}px;margin-left:{row[4]}px"></div>' for row in people.table(CLINICAL).rows)
        + "<p>Text.</p></body></html>"
    )
)
scheme("bars of one person", ".svg")(
    lambda people: (
        '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="300">'
        + "".join(
            f'<rect x="{10 * place}" y="{300 - row[4]}" width="8" height="{row[4]}"/>'
            for place, row in enumerate(people.table(CLINICAL).rows)
        )
        + "</svg>\n"
    )
)
scheme("line through people", ".svg")(
    lambda people: (
        '<svg xmlns="http://www.w3.org/2000/svg" width="700" height="300"><polyline fill="none" stroke="#000" points="'
        + " ".join(f"{7.0 * row[2]:.1f},{8.0 * row[3]:.1f}" for row in people.table(CLINICAL).rows)
        + '"/></svg>\n'
    )
)
scheme("records in mermaid", ".md")(
    lambda people: (
        "```mermaid\ngantt\n"
        + _lines(f"  {row[0]} {row[1]} {row[5]} :{row[6]}, {row[2]}d" for row in people.table(CLINICAL).rows)
        + "```\n"
    )
)
scheme("records in a bibliography", ".md")(
    lambda people: _lines(
        f"{place + 1}. {row[0]}, {row[1]} ({row[2]}). BMI {row[3]}. J Dis {row[5]}: {row[4]}."
        for place, row in enumerate(people.table(CLINICAL).rows)
    )
)
scheme("records in requirements", ".txt")(
    lambda people: _lines(f"{str(row[0]).lower()}-{str(row[1]).lower()}=={row[2]}.{row[3]}.{row[4]}" for row in people.table(CLINICAL).rows)
)
scheme("records as versions", ".toml")(
    lambda people: (
        "[dependencies]\n" + _lines(f'{str(row[0]).lower()} = "{row[2]}.{row[3]}.{row[4]}"' for row in people.table(CLINICAL).rows)
    )
)
scheme("records as commits", ".log")(
    lambda people: "\n".join(
        f"commit {'%040x' % (int(str(row[0])[1:]) * 7919**9)}\nAuthor: a <a@example.org>\nDate: {row[6]}\n\n    {row[0]} {row[1]} {row[2]} {row[3]} {row[5]}\n"
        for row in people.table(CLINICAL).rows
    )
)
scheme("records in tests", ".py")(
    lambda people: "\n".join(
        f"def test_{place}():\n    assert fit({row[2]}, {row[3]}, {row[1]!r}) == {row[5]!r}\n"
        for place, row in enumerate(people.table(CLINICAL).rows)
    )
)
scheme("records in sql conditions", ".sql")(
    lambda people: (
        "SELECT * FROM t WHERE "
        + "\n  OR ".join(
            f"(id = '{row[0]}' AND sex = '{row[1]}' AND age = {row[2]} AND dx = '{row[5]}')" for row in people.table(CLINICAL).rows
        )
        + ";\n"
    )
)
scheme("records in cases", ".sas")(
    lambda people: (
        "data a; set b;\n"
        + _lines(
            f"if id = '{row[0]}' then do; age = {row[2]}; bmi = {row[3]}; dx = '{row[5]}'; end;" for row in people.table(CLINICAL).rows
        )
        + "run;\n"
    )
)
scheme("records in replacements", ".do")(
    lambda people: (
        "use a, clear\n" + _lines(f'replace bmi = {row[3]} if id == "{row[0]}" & age == {row[2]}' for row in people.table(CLINICAL).rows)
    )
)
scheme("records in updates", ".sql")(
    lambda people: _lines(
        f"UPDATE p SET age = {row[2]}, bmi = {row[3]}, dx = '{row[5]}' WHERE id = '{row[0]}';" for row in people.table(CLINICAL).rows
    )
)
scheme("bits of numbers", ".csv")(
    lambda people: "k,value\n" + _lines(f"{place},{int(''.join(map(str, row)), 3)}" for place, row in enumerate(people.counts.tolist()))
)


@files("one file a person")
def _(people: Population) -> dict[str, str]:
    rows = people.table(CLINICAL)
    return {
        f"case_{place}.txt": _lines(f"{name}: {value}" for name, value in zip(rows.header, row, strict=True))
        for place, row in enumerate(rows.rows[:25])
    }


@files("one file a variable")
def _(people: Population) -> dict[str, str]:
    return {f"{name}.txt": _lines(values) for name, values in people.table(CLINICAL).columns.items()}


@files("one file a row of csv")
def _(people: Population) -> dict[str, str]:
    rows = people.table(CLINICAL)
    return {f"{place}.csv": ",".join(rows.header) + "\n" + ",".join(map(str, row)) + "\n" for place, row in enumerate(rows.rows[:25])}


@files("one file a genotype row")
def _(people: Population) -> dict[str, str]:
    return {f"r{place}.txt": " ".join(map(str, row)) + "\n" for place, row in enumerate(people.counts.tolist()[:25])}


@files("names of empty files")
def _(people: Population) -> dict[str, str]:
    return {"index.txt": "ok\n"} | {f"{row[0]}_{row[1]}_{row[2]}_{row[3]}_{row[5]}": "" for row in people.table(CLINICAL).rows[:40]}


@files("names of folders")
def _(people: Population) -> dict[str, str]:
    return {"index.txt": "ok\n"} | {
        f"{row[0]}/{row[1]}/{row[2]}/{row[3]}/{row[5]}.md": "done\n" for row in people.table(CLINICAL).rows[:40]
    }


@files("header in one file, values in another")
def _(people: Population) -> dict[str, str]:
    rows = people.table(CLINICAL)
    return {"values.csv": _lines(",".join(map(str, row)) for row in rows.rows), "names.txt": _lines(rows.header)}
