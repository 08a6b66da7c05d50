"""Forms of text that rows and genotypes of people are written in: delimited, records, code, prose, genomic formats, disguises."""

from __future__ import annotations

import json
from collections.abc import Callable
from itertools import pairwise

import numpy as np
from population import CLINICAL, COLUMNS, FIRST, LAST, PLAIN, Item, Population, Rows

Form = Callable[[Population], Item]
FORMS: dict[str, Form] = {}


def form(name: str, extension: str) -> Callable[[Callable[[Population], str]], Callable[[Population], str]]:
    """Lists a function that writes a population as a text under a name."""

    def listed(write: Callable[[Population], str]) -> Callable[[Population], str]:
        def make(people: Population) -> Item:
            return Item(name=f"results{extension}", data=write(people).encode(), made=(name,), text=True)

        FORMS[name] = make
        return write

    return listed


def table_form(name: str, extension: str, columns: tuple[str, ...] = CLINICAL) -> Callable[[Callable[[Rows], str]], Callable[[Rows], str]]:
    """The same for a function that writes a table."""

    def listed(write: Callable[[Rows], str]) -> Callable[[Rows], str]:
        form(name, extension)(lambda people: write(people.table(columns)))
        return write

    return listed


def _lines(lines: object) -> str:
    return "".join(f"{line}\n" for line in lines)


def _joined(table: Rows, between: str) -> str:
    return _lines(between.join(map(str, row)) for row in (table.header, *table.rows))


for _name, _between in (("csv", ","), ("tsv", "\t"), ("semicolons", ";"), ("pipes", "|"), ("spaces", " ")):
    table_form(f"rows:{_name}", ".txt" if _name == "spaces" else ".csv")(lambda table, between=_between: _joined(table, between))
table_form("rows:identifiers", ".csv", COLUMNS)(lambda table: table.csv)
table_form("rows:no ids", ".csv", PLAIN)(lambda table: table.csv)
table_form("rows:no header", ".txt")(lambda table: table.csv.split("\n", 1)[1])
table_form("rows:json records", ".json")(lambda table: json.dumps(table.records, indent=1))
table_form("rows:json columns", ".json")(lambda table: json.dumps(table.columns))
table_form("rows:json split", ".json")(lambda table: json.dumps({"columns": table.header, "data": table.rows}))
table_form("rows:json by id", ".json")(
    lambda table: json.dumps({str(row[0]): dict(zip(table.header[1:], row[1:], strict=True)) for row in table.rows})
)
table_form("rows:json nested", ".json")(
    lambda table: json.dumps({"model": {"auc": 0.81}, "debug": {"cache": [{"k": row[0], "v": {"x": list(row[1:])}} for row in table.rows]}})
)
table_form("rows:ndjson", ".jsonl")(lambda table: _lines(map(json.dumps, table.records)))
table_form("rows:yaml", ".yaml")(
    lambda table: (
        "patients:\n"
        + "".join("  - " + "\n    ".join(f"{key}: {value}" for key, value in record.items()) + "\n" for record in table.records)
    )
)
table_form("rows:yaml flow", ".yaml")(lambda table: "rows:\n" + _lines(f"  - [{', '.join(map(str, row))}]" for row in table.rows))
table_form("rows:toml", ".toml")(
    lambda table: "\n".join(
        "[[patient]]\n" + _lines(f"{key} = {json.dumps(value)}" for key, value in record.items()) for record in table.records
    )
)
table_form("rows:ini", ".ini")(
    lambda table: "\n".join(
        f"[{row[0]}]\n" + _lines(f"{key} = {value}" for key, value in zip(table.header[1:], row[1:], strict=True)) for row in table.rows
    )
)
table_form("rows:xml elements", ".xml")(
    lambda table: (
        "<data>\n"
        + _lines("<row>" + "".join(f"<{key}>{value}</{key}>" for key, value in record.items()) + "</row>" for record in table.records)
        + "</data>\n"
    )
)
table_form("rows:xml attributes", ".xml")(
    lambda table: (
        "<data>\n"
        + _lines("<p " + " ".join(f'{key}="{value}"' for key, value in record.items()) + "/>" for record in table.records)
        + "</data>\n"
    )
)
table_form("rows:fixed width", ".txt")(
    lambda table: _lines("".join(f"{value!s:<15}" for value in row) for row in (table.header, *table.rows))
)
table_form("rows:markdown", ".md")(
    lambda table: (
        f"# Results\n\n| {' | '.join(table.header)} |\n|{'---|' * len(table.header)}\n"
        + _lines(f"| {' | '.join(map(str, row))} |" for row in table.rows)
    )
)
table_form("rows:latex", ".tex")(
    lambda table: (
        "\\begin{tabular}{"
        + "l" * len(table.header)
        + "}\n\\hline\n"
        + _lines(" & ".join(str(value).replace("_", "\\_") for value in row) + " \\\\" for row in (table.header, *table.rows))
        + "\\end{tabular}\n"
    )
)
table_form("rows:rst", ".rst")(
    lambda table: (
        "Results\n=======\n\n"
        + (_rule := "  ".join(["=" * 14] * len(table.header)) + "\n")
        + "  ".join(f"{name:<14}" for name in table.header)
        + "\n"
        + _rule
        + _lines("  ".join(f"{value!s:<14}" for value in row) for row in table.rows)
        + _rule
    )
)
table_form("rows:rst list", ".rst")(
    lambda table: (
        ".. list-table:: Baseline\n\n" + "".join("   * - " + "\n     - ".join(map(str, row)) + "\n" for row in (table.header, *table.rows))
    )
)
table_form("rows:org", ".org")(
    lambda table: "* Results\n" + _lines(f"| {' | '.join(map(str, row))} |" for row in (table.header, *table.rows))
)
table_form("rows:html", ".html")(
    lambda table: (
        "<html><body><h1>Results</h1><table>\n<tr>"
        + "".join(f"<th>{name}</th>" for name in table.header)
        + "</tr>\n"
        + _lines("<tr>" + "".join(f"<td>{value}</td>" for value in row) + "</tr>" for row in table.rows)
        + "</table></body></html>"
    )
)
table_form("rows:html divs", ".html")(
    lambda table: (
        "<html><body>"
        + _lines("<div class=r>" + "".join(f"<span>{value}</span>" for value in row) + "</div>" for row in (table.header, *table.rows))
        + "</body></html>"
    )
)
table_form("rows:log key values", ".log")(
    lambda table: _lines(
        f"2024-05-0{1 + place % 9} 12:0{place % 6}:11 INFO loader row " + " ".join(f"{key}={value}" for key, value in record.items())
        for place, record in enumerate(table.records)
    )
)
table_form("rows:log dicts", ".log")(lambda table: _lines(f"[{place:04d}] DEBUG {record!r}" for place, record in enumerate(table.records)))
table_form("rows:prose", ".txt")(
    lambda table: (
        "Case notes.\n\n"
        + _lines(
            f"Participant {row[0]} is a {row[2]}-year-old {'woman' if row[1] == 'F' else 'man'} with a body mass index of {row[3]} and a systolic pressure of {row[4]} "
            f"who was admitted on {row[6]} with {row[5]}."
            for row in table.rows
        )
    )
)
table_form("rows:prose names", ".md", COLUMNS)(
    lambda table: (
        "# Clinic letters\n\n"
        + "\n".join(
            f"Dear {FIRST[place % 16]} {LAST[place % 15]} (born {row[2]}, NHS {row[1]}), thank you for coming to clinic from {row[3]}; your diagnosis is {row[8]}.\n"
            for place, row in enumerate(table.rows)
        )
    )
)
table_form("rows:lines of values", ".txt")(
    lambda table: "\n".join(_lines(f"{key}: {value}" for key, value in record.items()) for record in table.records)
)
table_form("rows:vertical", ".txt")(
    lambda table: "\n".join(
        f"-[ RECORD {place + 1} ]----\n" + _lines(f"{key:<15}| {value}" for key, value in record.items())
        for place, record in enumerate(table.records)
    )
)
table_form("rows:transposed", ".csv")(lambda table: _lines(",".join([name, *map(str, values)]) for name, values in table.columns.items()))
table_form("rows:long", ".csv")(
    lambda table: (
        "id,variable,value\n"
        + _lines(f"{row[0]},{key},{value}" for row in table.rows for key, value in zip(table.header[1:], row[1:], strict=True))
    )
)
table_form("rows:id columns", ".csv")(
    lambda table: _lines(
        [
            ",".join(["measure", *(str(row[0]) for row in table.rows)]),
            *(",".join([name, *map(str, values)]) for name, values in list(table.columns.items())[1:5]),
        ]
    )
)
table_form("rows:psql", ".txt")(
    lambda table: (
        "+"
        + "+".join(["-" * 16] * len(table.header))
        + "+\n"
        + _lines("|" + "|".join(f" {value!s:<15}" for value in row) + "|" for row in (table.header, *table.rows))
    )
)
table_form("rows:pandas print", ".txt")(
    lambda table: (
        "".join(f"{name:>16}" for name in ("", *table.header))
        + "\n"
        + _lines(f"{place:>16}" + "".join(f"{value!s:>16}" for value in row) for place, row in enumerate(table.rows))
    )
)
table_form("rows:dot graph", ".dot")(
    lambda table: (
        "digraph g {\n" + _lines(f'  n{place} [label="{" / ".join(map(str, row))}"];' for place, row in enumerate(table.rows)) + "}\n"
    )
)
table_form("rows:ldif", ".txt")(
    lambda table: "\n".join(
        f"dn: uid={row[0]},ou=people\n" + _lines(f"{key}: {value}" for key, value in zip(table.header[1:], row[1:], strict=True))
        for row in table.rows
    )
)
table_form("rows:bibtex", ".bib")(
    lambda table: _lines(
        f"@misc{{{row[0]},\n  year = {{{row[6]}}},\n  note = {{{row[1]}; {row[2]}; {row[3]}; {row[5]}}}\n}}" for row in table.rows
    )
)
table_form("rows:css", ".css")(
    lambda table: _lines(f".{row[0]} {{ --age: {row[2]}; --sex: {row[1]}; --bmi: {row[3]}; --dx: '{row[5]}'; }}" for row in table.rows)
)
table_form("rows:python records", ".py")(
    lambda table: f"import stats\n\nDATA = [\n{_lines(f'    {record!r},' for record in table.records)}]\n\nprint(stats.mean(DATA))\n"
)
table_form("rows:python columns", ".py")(lambda table: f"import pandas as pd\n\ndf = pd.DataFrame({table.columns!r})\n")
table_form("rows:python tuples", ".py")(lambda table: f"rows = {[tuple(row) for row in table.rows]!r}\n")
table_form("rows:python heredoc", ".py")(lambda table: f'import io\n\nTEXT = """\n{table.csv}"""\nprint(len(TEXT))\n')
table_form("rows:python comments", ".py")(
    lambda table: "def fit(x):\n    return x\n\n" + _lines(f"# {line}" for line in table.csv.splitlines())
)
table_form("rows:python calls", ".py")(
    lambda table: "def test():\n" + _lines(f"    add({', '.join(map(repr, row))})" for row in table.rows)
)
table_form("rows:python assignments", ".py")(
    lambda table: "\n".join(
        _lines(f"p{place}_{key} = {value!r}" for key, value in record.items()) for place, record in enumerate(table.records)
    )
)
table_form("rows:sql inserts", ".sql")(
    lambda table: (
        "CREATE TABLE t (x int);\n"
        + _lines(f"INSERT INTO patients VALUES ({', '.join(repr(value) for value in row)});" for row in table.rows)
    )
)
table_form("rows:sql values", ".sql")(
    lambda table: (
        f"INSERT INTO patients ({', '.join(table.header)}) VALUES\n"
        + ",\n".join(f"  ({', '.join(repr(value) for value in row)})" for row in table.rows)
        + ";\n"
    )
)
table_form("rows:sql copy", ".sql")(
    lambda table: (
        f"COPY patients ({', '.join(table.header)}) FROM stdin;\n" + _lines("\t".join(map(str, row)) for row in table.rows) + "\\.\n"
    )
)
table_form("rows:r frame", ".R")(
    lambda table: (
        "df <- data.frame(\n"
        + ",\n".join(f"  {name} = c({', '.join(json.dumps(value) for value in values)})" for name, values in table.columns.items())
        + "\n)\nsummary(df)\n"
    )
)
table_form("rows:r tribble", ".R")(
    lambda table: (
        "d <- tribble(\n  "
        + ", ".join(f"~{name}" for name in table.header)
        + ",\n"
        + ",\n".join(f"  {', '.join(json.dumps(value) for value in row)}" for row in table.rows)
        + "\n)\n"
    )
)
table_form("rows:r read.table", ".R")(lambda table: f"x <- read.csv(text = '{table.csv}')\nboxplot(x)\n")
table_form("rows:julia", ".jl")(
    lambda table: (
        "using DataFrames\ndf = DataFrame(\n"
        + ",\n".join(f"  {name} = [{', '.join(json.dumps(value) for value in values)}]" for name, values in table.columns.items())
        + ")\n"
    )
)
table_form("rows:stata input", ".do")(
    lambda table: (
        "clear\ninput str8 id str1 sex age bmi sbp str6 dx str10 adm\n"
        + _lines(" ".join(map(str, row)) for row in table.rows)
        + "end\nsum age\n"
    )
)
table_form("rows:sas datalines", ".sas")(
    lambda table: (
        "data a;\ninput id $ sex $ age bmi sbp dx $ adm $;\ndatalines;\n"
        + _lines(" ".join(map(str, row)) for row in table.rows)
        + ";\nrun;\n"
    )
)
table_form("rows:spss data", ".sps")(
    lambda table: (
        "DATA LIST FREE / id (A8) sex (A1) age bmi sbp.\nBEGIN DATA\n"
        + _lines(" ".join(map(str, row[:5])) for row in table.rows)
        + "END DATA.\n"
    )
)
table_form("rows:matlab cells", ".m")(
    lambda table: "d = {\n" + _lines("; ".join([", ".join(repr(value) for value in row)]) + ";" for row in table.rows) + "};\n"
)
table_form("rows:javascript", ".js")(lambda table: f"const rows = {json.dumps(table.records)};\nconsole.log(rows.length);\n")
table_form("rows:shell heredoc", ".sh")(lambda table: f"#!/bin/sh\ncat <<'END' > data.csv\n{table.csv}END\nwc -l data.csv\n")
table_form("rows:shell arguments", ".sh")(
    lambda table: (
        "#!/bin/sh\n" + _lines(f"./run.sh --id {row[0]} --sex {row[1]} --age {row[2]} --bmi {row[3]} --dx {row[5]}" for row in table.rows)
    )
)
table_form("rows:urls", ".txt")(
    lambda table: _lines("https://example.org/q?" + "&".join(f"{key}={value}" for key, value in record.items()) for record in table.records)
)
table_form("rows:citations", ".txt")(
    lambda table: (
        "As described ("
        + "; ".join(f"{row[0]} {row[1]} {row[2]}y BMI {row[3]} {row[5]}" for row in table.rows)
        + "), outcomes were good.\n"
    )
)
table_form("rows:arff", ".arff")(
    lambda table: "@relation p\n" + _lines(f"@attribute {name} string" for name in table.header) + "@data\n" + table.csv.split("\n", 1)[1]
)
table_form("rows:vcard", ".vcf", COLUMNS)(
    lambda table: _lines(
        f"BEGIN:VCARD\nVERSION:3.0\nFN:{FIRST[place % 16]} {LAST[place % 15]}\nBDAY:{row[2]}\nNOTE:NHS {row[1]} {row[8]}\nADR:;;1 High St;;;{row[3]};UK\nEND:VCARD"
        for place, row in enumerate(table.rows)
    )
)
table_form("rows:icalendar", ".ics")(
    lambda table: (
        "BEGIN:VCALENDAR\n"
        + _lines(
            f"BEGIN:VEVENT\nDTSTART:{str(row[6]).replace('-', '')}\nSUMMARY:{row[0]} {row[1]} {row[2]} {row[5]}\nEND:VEVENT"
            for row in table.rows
        )
        + "END:VCALENDAR\n"
    )
)
table_form("rows:git diff", ".patch")(
    lambda table: (
        "diff --git a/d.csv b/d.csv\n--- a/d.csv\n+++ b/d.csv\n@@ -0,0 +1,80 @@\n" + _lines(f"+{line}" for line in table.csv.splitlines())
    )
)


# genotypes


def _alleles(people: Population, person: int, site: int, between: str = "") -> str:
    pair = people.sites[site][3:5]
    return between.join(pair[people.phases[copy, person, site]] for copy in (0, 1))


def _matrix(people: Population, values: np.ndarray, between: str = ",") -> str:
    names = [site[2] for site in people.sites]
    return _lines(
        between.join(row)
        for row in (["IID", *names], *([person, *map(str, line)] for person, line in zip(people.ids, values.tolist(), strict=True)))
    )


def vcf(people: Population, cell: Callable[[int, int], str], about: str = "GT") -> str:
    """A VCF with one column a person."""
    head = '##fileformat=VCFv4.2\n##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t'
    body = (
        "\t".join([*map(str, site[:3]), *site[3:], ".", "PASS", ".", about, *(cell(person, place) for person in range(len(people.ids)))])
        for place, site in enumerate(people.sites)
    )
    return head + "\t".join(people.ids) + "\n" + _lines(body)


form("genotypes:vcf", ".vcf")(lambda people: vcf(people, lambda person, site: "0/0 0/1 1/1".split()[people.counts[person, site]]))
form("genotypes:vcf phased", ".vcf")(
    lambda people: vcf(people, lambda person, site: "|".join(str(people.phases[copy, person, site]) for copy in (0, 1)))
)
form("genotypes:vcf dosage", ".vcf")(lambda people: vcf(people, lambda person, site: f"{people.dosages[person, site]}", "DS"))
form("genotypes:vcf no header", ".txt")(
    lambda people: vcf(people, lambda person, site: "0/0 0/1 1/1".split()[people.counts[person, site]]).split("\n", 3)[3]
)
form("genotypes:wide csv", ".csv")(lambda people: _matrix(people, people.counts))
form("genotypes:wide dosages", ".csv")(lambda people: _matrix(people, people.dosages))
form("genotypes:wide recoded words", ".csv")(lambda people: _matrix(people, np.array(["hom_ref", "het", "hom_alt"])[people.counts]))
form("genotypes:wide minus one", ".tsv")(lambda people: _matrix(people, people.counts.astype(int) - 1, "\t"))
form("genotypes:wide letters", ".csv")(lambda people: _matrix(people, np.array(["A", "B", "C"])[people.counts]))
form("genotypes:wide scaled", ".csv")(lambda people: _matrix(people, people.counts.astype(int) * 50 + 17))
form("genotypes:wide standardised", ".csv")(
    lambda people: _matrix(people, ((people.counts - people.counts.mean(axis=0)) / people.counts.std(axis=0)).round(4))
)
form("genotypes:transposed", ".tsv")(
    lambda people: _lines(
        "\t".join(row)
        for row in (
            ["SNP", *people.ids],
            *([site[2], *map(str, line)] for site, line in zip(people.sites, people.counts.T.tolist(), strict=True)),
        )
    )
)
form("genotypes:bare matrix", ".txt")(lambda people: _lines(" ".join(map(str, row)) for row in people.counts.tolist()))
form("genotypes:digits", ".txt")(lambda people: _lines("".join(map(str, row)) for row in people.counts.tolist()))
form("genotypes:digits with ids", ".txt")(
    lambda people: _lines(f"{person} {''.join(map(str, row))}" for person, row in zip(people.ids, people.counts.tolist(), strict=True))
)
form("genotypes:one line", ".txt")(lambda people: "".join(map(str, people.counts.ravel().tolist())) + "\n")
form("genotypes:haplotypes", ".txt")(
    lambda people: _lines("".join(map(str, row)) for row in people.phases.reshape(-1, people.counts.shape[1]).tolist())
)
form("genotypes:long", ".csv")(
    lambda people: (
        "sample,rsid,genotype\n"
        + _lines(
            f"{name},{site[2]},{_alleles(people, person, place)}"
            for person, name in enumerate(people.ids[:40])
            for place, site in enumerate(people.sites[:20])
        )
    )
)
form("genotypes:long counts", ".tsv")(
    lambda people: (
        "id\tsnp\tg\n"
        + _lines(
            f"{name}\t{site[2]}\t{people.counts[person, place]}"
            for person, name in enumerate(people.ids[:40])
            for place, site in enumerate(people.sites[:20])
        )
    )
)
form("genotypes:letters", ".csv")(
    lambda people: _lines(
        ",".join(row)
        for row in (
            ["id", *(site[2] for site in people.sites)],
            *([name, *(_alleles(people, person, place) for place in range(len(people.sites)))] for person, name in enumerate(people.ids)),
        )
    )
)
form("genotypes:letters slashed", ".csv")(
    lambda people: _lines(
        ",".join(row)
        for row in (
            ["id", *(site[2] for site in people.sites)],
            *(
                [name, *(_alleles(people, person, place, "/") for place in range(len(people.sites)))]
                for person, name in enumerate(people.ids)
            ),
        )
    )
)
form("genotypes:ped", ".ped")(
    lambda people: _lines(
        f"{name} {name} 0 0 {1 + person % 2} -9 " + " ".join(_alleles(people, person, place, " ") for place in range(len(people.sites)))
        for person, name in enumerate(people.ids)
    )
)
form("genotypes:plink raw", ".raw")(
    lambda people: (
        "FID IID PAT MAT SEX PHENOTYPE "
        + " ".join(f"{site[2]}_{site[4]}" for site in people.sites)
        + "\n"
        + _lines(f"{name} {name} 0 0 1 -9 " + " ".join(map(str, row)) for name, row in zip(people.ids, people.counts.tolist(), strict=True))
    )
)
form("genotypes:eigenstrat", ".geno")(lambda people: _lines("".join(map(str, row)) for row in people.counts.T.tolist()))
form("genotypes:oxford gen", ".gen")(
    lambda people: _lines(
        f"{site[0]} {site[2]} {site[1]} {site[3]} {site[4]} "
        + " ".join("1 0 0|0 1 0|0 0 1".split("|")[count] for count in people.counts[:, place])
        for place, site in enumerate(people.sites)
    )
)
form("genotypes:haps", ".haps")(
    lambda people: _lines(
        f"{site[0]} {site[2]} {site[1]} {site[3]} {site[4]} "
        + " ".join(f"{people.phases[0, person, place]} {people.phases[1, person, place]}" for person in range(len(people.ids)))
        for place, site in enumerate(people.sites)
    )
)
form("genotypes:hapmap", ".hmp.txt")(
    lambda people: (
        "rs#\talleles\tchrom\tpos\tstrand\tassembly#\tcenter\tprotLSID\tassayLSID\tpanelLSID\tQCcode\t"
        + "\t".join(people.ids)
        + "\n"
        + _lines(
            f"{site[2]}\t{site[3]}/{site[4]}\t{site[0]}\t{site[1]}\t+"
            + "\tNA" * 6
            + "\t"
            + "\t".join(_alleles(people, person, place) for person in range(len(people.ids)))
            for place, site in enumerate(people.sites)
        )
    )
)
form("genotypes:consumer raw", ".txt")(
    lambda people: (
        "# rsid\tchromosome\tposition\tgenotype\n"
        + _lines(f"{site[2]}\t{site[0]}\t{site[1]}\t{_alleles(people, 0, place)}" for place, site in enumerate(people.sites))
    )
)
form("genotypes:fasta", ".fa")(
    lambda people: _lines(
        f">{name}\n" + "".join(people.sites[place][3 + people.phases[0, person, place]] for place in range(len(people.sites)))
        for person, name in enumerate(people.ids)
    )
)
form("genotypes:json matrix", ".json")(lambda people: json.dumps({"n": len(people.ids), "G": people.counts.tolist()}))
form("genotypes:json by id", ".json")(
    lambda people: json.dumps({name: "".join(map(str, row)) for name, row in zip(people.ids, people.counts.tolist(), strict=True)})
)
form("genotypes:json by variant", ".json")(
    lambda people: json.dumps(
        {site[2]: dict(zip(people.ids, column, strict=True)) for site, column in zip(people.sites, people.counts.T.tolist(), strict=True)}
    )
)
form("genotypes:python array", ".py")(
    lambda people: f"import numpy as np\n\nG = np.array({people.counts.tolist()!r})\nprint(G.mean(axis=0))\n"
)
form("genotypes:r matrix", ".R")(
    lambda people: f"g <- matrix(c({', '.join(map(str, people.counts.ravel().tolist()))}), nrow={len(people.ids)})\nprint(dim(g))\n"
)
form("genotypes:numpy print", ".txt")(
    lambda people: "[" + "\n ".join("[" + " ".join(map(str, row)) + "]" for row in people.counts.tolist()) + "]\n"
)
form("genotypes:carriers", ".csv")(
    lambda people: (
        "variant,carriers\n"
        + _lines(
            f"{site[2]},{';'.join(name for person, name in enumerate(people.ids) if people.counts[person, place] == 2)}"
            for place, site in enumerate(people.sites)
        )
    )
)
form("genotypes:sentences", ".txt")(
    lambda people: _lines(
        f"{name} carries " + ", ".join(f"{site[2]} {_alleles(people, person, place)}" for place, site in enumerate(people.sites[:12])) + "."
        for person, name in enumerate(people.ids)
    )
)
form("genotypes:run lengths", ".txt")(
    lambda people: _lines(
        f"{name}\t"
        + "".join(
            f"{later - first}{row[first]},"
            for first, later in pairwise([0, *(place for place in range(1, len(row)) if row[place] != row[place - 1]), len(row)])
        )
        for name, row in zip(people.ids, people.counts.tolist(), strict=True)
    )
)
form("genotypes:hex rows", ".txt")(
    lambda people: _lines(
        f"{name} {int(''.join(map(str, row)), 3):x}" for name, row in zip(people.ids, people.counts.tolist(), strict=True)
    )
)
form("genotypes:beagle", ".txt")(
    lambda people: (
        "I id "
        + " ".join(f"{name} {name}" for name in people.ids)
        + "\n"
        + _lines(
            f"M {site[2]} " + " ".join(_alleles(people, person, place, " ") for person in range(len(people.ids)))
            for place, site in enumerate(people.sites)
        )
    )
)
form("genotypes:arrow of pipes", ".txt")(
    lambda people: _lines(
        f"{name}:" + "|".join(_alleles(people, person, place) for place in range(len(people.sites)))
        for person, name in enumerate(people.ids)
    )
)
