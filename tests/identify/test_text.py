"""Text told by its shape over many lines."""

from __future__ import annotations

import random
from collections.abc import Callable

import pytest

from sdc_airlock.identify import identify
from sdc_airlock.model.filetype import FileType
from sdc_airlock.source import Source

chance = random.Random(11)
GENOTYPES = ["AA", "AG", "GG"]


def _lines(make: Callable[[int], str], count: int = 30, header: str = "") -> str:
    return header + "".join(make(number) + "\n" for number in range(count))


def _pick(choices: str | list[str]) -> str:
    return chance.choice(choices)


GENOMIC = {
    "vcf with header": ("vcf", "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\n1\t5\t.\tA\tG\t.\tPASS\tAC=1\n"),
    "vcf with column line only": ("vcf", "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\n"),
    "vcf body": ("vcf", _lines(lambda n: f"1\t{n + 5}\trs{n}\tA\tG,T\t.\tPASS\tAC=1;DB\tGT:DP\t0/1:9\t./.:0")),
    "pvar": ("pvar", "#CHROM\tPOS\tID\tREF\tALT\n1\t5\trs1\tA\tG\n"),
    "pvar with declarations": ("pvar", "##contig=<ID=chr1,length=248956422>\n#CHROM\tPOS\tID\tREF\tALT\nchr1\t5\trs1\tA\tG\n"),
    "psam": ("psam", "#FID\tIID\tSEX\nA\tB\t1\n"),
    "fam": ("fam", _lines(lambda n: f"F{n} I{n} 0 0 {_pick('12')} {_pick(['1', '2', '-9'])}")),
    "fam with children": ("fam", "f a 0 0 1 1\nf b 0 0 2 1\nf c a b 1 2\n"),
    "bim": ("bim", _lines(lambda n: f"1\trs{n}\t0\t{n + 1000}\tA\tG")),
    "bim of numbers": ("bim", _lines(lambda n: f"0\tSNP_{n}\t0\t{n + 1000}\t1\t3")),
    "map": ("map", _lines(lambda n: f"1\trs{n}\t0.1\t{n + 1000}")),
    "ped": ("ped", _lines(lambda n: f"F{n} I{n} 0 0 1 2 " + " ".join(_pick(["A A", "A G", "0 0"]) for _ in range(9)))),
    "ped of tabs and blanks": ("ped", _lines(lambda n: f"F{n}\tI{n}\t0\t0\t1\t2\t" + "\t".join(_pick(["A  A", "A  G"]) for _ in range(9)))),
    "ped of numbers": ("ped", _lines(lambda n: f"F{n} I{n} 0 0 1 2 " + " ".join(_pick(["1 1", "1 2", "0 0"]) for _ in range(9)))),
    "ped of pairs": ("ped", _lines(lambda n: f"F{n} I{n} 0 0 1 2 " + " ".join(_pick(GENOTYPES) for _ in range(9)))),
    "transposed ped": ("ped", _lines(lambda n: f"1 rs{n} 0 {n + 1000} " + " ".join(_pick(["A A", "A G", "G G"]) for _ in range(9)))),
    "raw": ("plink_raw", "FID IID PAT MAT SEX PHENOTYPE rs1_A\nF I 0 0 1 2 0\n"),
    "traw": ("plink_raw", "CHR\tSNP\t(C)M\tPOS\tCOUNTED\tALT\tF_I\n1\trs1\t0\t5\tA\tG\t2\n"),
    "gen": ("gen", _lines(lambda n: f"1 rs{n} {n + 1000} A G " + " ".join(_pick(["1 0 0", "0 0.9 0.1"]) for _ in range(5)))),
    "gen of six columns": (
        "gen",
        _lines(lambda n: f"1 s{n} rs{n} {n + 1000} A G " + " ".join(_pick(["1 0 0", "0 1 0"]) for _ in range(5))),
    ),
    "haps": ("haps", _lines(lambda n: f"1 rs{n} {n + 1000} A G " + " ".join(_pick("01") for _ in range(8)))),
    "oxford sample": ("oxford_sample", "ID_1 ID_2 missing sex\n0 0 0 D\na a 0 1\n"),
    "fasta": ("fasta", ">one\nACGTACGT\nACG\n>two\nACGN\n"),
    "protein fasta": ("fasta", ">one\nMKVLAAGIVGLLLAQ*\n"),
    "fastq": ("fastq", "@r1\nACGT\n+\nIIII\n@r2\nACGA\n+\nIII#\n"),
    "sam": ("sam", "@HD\tVN:1.6\n@SQ\tSN:1\tLN:100\nr1\t0\t1\t5\t60\t4M\t*\t0\t0\tACGT\tIIII\n"),
    "sam body": ("sam", _lines(lambda n: f"r{n}\t0\t1\t{n + 5}\t60\t4M\t*\t0\t0\tACGT\tIIII")),
    "interval list": ("bed_intervals", "@HD\tVN:1.6\n@SQ\tSN:1\tLN:100\n1\t5\t9\t+\tgene\n"),
    "23andMe": (
        "dtc_raw",
        _lines(lambda n: f"rs{n}\t1\t{n + 1000}\t{_pick([*GENOTYPES, '--'])}", header="# rsid\tchromosome\tposition\tgenotype\n"),
    ),
    "23andMe without header": ("dtc_raw", _lines(lambda n: f"rs{n}\t1\t{n + 1000}\t{_pick(GENOTYPES)}")),
    "MyHeritage": (
        "dtc_raw",
        _lines(lambda n: f'"rs{n}","1","{n + 1000}","{_pick(GENOTYPES)}"', header="RSID,CHROMOSOME,POSITION,RESULT\n"),
    ),
    "Ancestry": (
        "dtc_raw",
        _lines(lambda n: f"rs{n}\t1\t{n + 1000}\t{_pick('AG')}\tA", header="rsid\tchromosome\tposition\tallele1\tallele2\n"),
    ),
    "hapmap": ("hapmap", "rs#\talleles\tchrom\tpos\tstrand\tassembly#\tNA1\nrs1\tA/G\t1\t5\t+\tb36\tAA\n"),
    "eigenstrat": ("eigenstrat_geno", _lines(lambda n: "".join(_pick("0129") for _ in range(20)))),
    "genepop": ("genepop", "title\nlocus1\nlocus2\nPop\na1 ,  0101 0202\na2 ,  0102 0000\nPOP\nb1 ,  0101 0202\n"),
    "phylip": ("phylip", " 3 8\none       ACGTACGT\ntwo       ACGTACGA\nthree     ACGTACGG\n"),
    "bed intervals": ("bed_intervals", _lines(lambda n: f"chr1\t{n * 10}\t{n * 10 + 5}\tgene{n}")),
    "track": ("bed_intervals", "track type=bedGraph\nchr1\t0\t5\t0.5\n"),
    "gff": ("gff", "##gff-version 3\n1\thavana\tgene\t5\t90\t.\t+\t.\tID=g1\n"),
    "gtf body": ("gff", _lines(lambda n: f'1\thavana\texon\t{n + 5}\t{n + 9}\t.\t+\t.\tgene_id "g{n}";')),
}
TABLES = {
    "survival curve whose header begins like an opcode": "time,survival\n0.4,0.98305\n0.7,0.94915\n1.1,0.91525\n",
    "shares whose header begins like the name of a class": "cum_population,cum_income\n0.0,0.000\n0.1,0.010\n0.2,0.040\n0.3,0.090\n",
    "people": _lines(lambda n: f"{n},{_pick('FM')},{chance.randint(20, 90)},2020-01-{n % 28 + 1:02d}"),
    "people by tabs": _lines(lambda n: f"P{n}\t{_pick('FM')}\t{chance.random():.3f}"),
    "people by white space": _lines(lambda n: f"F{n} I{n} {chance.random():.3f}", header="FID IID PHENO\n"),
    "semicolons and decimal commas": "group;mean;sd\na;1,5;0,2\nb;2,5;0,1\n",
    "bars": "a|b|c\n1|2|3\n4|5|6\n",
    "time stamps": _lines(lambda n: f"2020-01-01 10:{n:02d}:00,{1000 + n},admitted", header="time,person,event\n"),
    "sentences in cells": _lines(lambda n: f"{n},patient was seen by the nurse and then sent home,2020", header="id,note,when\n"),
    "quoted sentences": 'id,note\n1,"Seen, and discharged. Fine."\n2,"Died in 2019, in hospital."\n3,"Ok."\n',
    "several tables and notes": "Table 1: cases\nSource: study\n\nRegion,Cases\nNorth,12\nSouth,3\n\nNote: below 5 suppressed.\n\nAge;Mean;SD\n20;1,5;0,3\n30;2,5;0,4\n",
    "comments": "# exported\n# today\na,b,c\n1,2,3\n4,5,6\n",
    "front matter": "---\nname: data\nfields:\n  - name: a\n---\na,b,c\n1,2,3\n2,3,4\n",
    "ragged": 'column_a,column_b,column_c\n1,27,,"too long"\n,"too short"\n0,mixed types,17\n',
    "a header alone": "id,sex,age,diagnosis\n",
    "a row alone": "1.2,3.4,5.6,7.8\n",
    "a list of genes": "BRCA1\nTP53\nAPOE\nMTHFR\n",
    "a list of numbers": _lines(lambda n: str(chance.random())),
    "names and towns": "Name,Town\nAnn,Leeds\nBob,York\nCy,Hull\n",
    "genotypes without positions": _lines(lambda n: f"P{n} " + " ".join(_pick(GENOTYPES) for _ in range(9))),
    "summary statistics": _lines(lambda n: f"rs{n} 1 {n + 1000} A G 0.1 0.02 0.5", header="SNP CHR BP A1 A2 BETA SE P\n"),
    "variants and alleles": _lines(lambda n: f"rs{n}\t1\t{n + 1000}\tA\tG", header="rsid\tchr\tpos\ta1\ta2\n"),
    "a score": _lines(lambda n: f"rs{n}\t1\tA\t0.1", header="###PGS\n#id=1\nrsID\tchr_name\teffect_allele\teffect_weight\n"),
    "three columns of numbers": _lines(lambda n: f"1\t{n * 10}\t{n * 10 + 5}"),
    "identifiers of ten digits": _lines(lambda n: str(chance.randint(10**9, 10**10 - 1))),
    "headers in Latin-1": "région;effectif;taux\nîle;12;3\nnord;15;4\n",
}
OTHERS = {
    "prose": (
        "text",
        "In this study we examined smoking.\nResults were adjusted for age, sex and deprivation.\n\nThree carriers were seen.\n",
    ),
    "prose with commas": (
        "text",
        "We looked, in 2019, at three sites, and found little.\nHowever, the effect, if any, was small.\nWe thank Ann, Bob, and Cy.\n",
    ),
    "a letter": ("text", "Dear Ann,\n\nPlease find attached the results, as agreed.\nBest wishes,\nBob\n"),
    "console output of R": ("text", "[1] 0.5 0.3\n[1] 2\n"),
    "aligned table": (
        "fixed_width",
        "Group            N     Mean age\nAll controls     120       34.5\nCases            45        56.1\nTotal people     165       41.0\n",
    ),
    "json": ("json", '{"a": [1, 2, 3]}'),
    "damaged json": ("json", '{"a": [1, 2, 3'),
    "ndjson": ("ndjson", '{"a": 1}\n{"a": 2}\n'),
    "notebook": ("notebook", '{"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'),
    "yaml": ("yaml", "name: x\nitems:\n  - a\n  - b\n"),
    "toml": ("toml", '[a]\nx = 1\ny = "two"\n'),
    "ini": ("ini", "[a]\nx = 1\ny = two words\n"),
    "settings": ("ini", "A=1\nB_C=two\nD=3\n"),
    "xml": ("xml", '<?xml version="1.0"?>\n<a><b/></a>'),
    "html": ("html", "<!DOCTYPE html>\n<html><body></body></html>"),
    "html fragment": ("html", "<table><tr><td>1</td></tr></table>"),
    "svg": ("svg", '<?xml version="1.0"?>\n<!-- made here -->\n<svg xmlns="http://www.w3.org/2000/svg"></svg>'),
    "markdown": ("markdown", "# Results\n\nWe found **12** things.\n\n- a\n- b\n"),
    "pipe table": ("markdown", "| sex | n |\n|-----|---|\n| M | 12 |\n| F | 3 |\n"),
    "latex": ("latex", "\\begin{tabular}{lr}\nSex & n \\\\\nM & 12 \\\\\n\\end{tabular}\n"),
    "e-mail": ("email", "From: a@b.example\nTo: d@e.example\nSubject: results\nDate: Mon, 1 Jan 2024 10:00:00 +0000\n\nHello\n"),
    "HL7": ("hl7", "MSH|^~\\&|LAB|A|EHR|B|20210301||ORU^R01|1|P|2.5\rPID|1||12||||1954|F\rOBX|1|NM|SBP||141|mmHg\r"),
    "HL7 in its frame": (
        "hl7",
        "\x0bMSH|^~\\&|LAB|A|EHR|B|20210301||ADT^A01|1|P|2.5\r"
        + _lines(lambda n: f"OBX|{n}|NM|SBP||1{n:02d}|mmHg|90-140||||F|||20210301\r")
        + "\x1c\r",
    ),
    "X12": ("edi", "ISA*00*          *00*          *ZZ*A              *ZZ*B              *210301*1200*^*00501*1*0*P*:~GS*HC*A*B~"),
    "EDIFACT": ("edi", "UNA:+.? 'UNB+UNOA:2+A+B+210301:1200+1'UNH+1+MEDRPT'PDI+1'"),
    "cards": ("vcard", "BEGIN:VCARD\r\nVERSION:3.0\r\nFN:A B\r\nEND:VCARD\r\n"),
    "appointments": ("icalendar", "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nSUMMARY:Review\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"),
    "family tree": ("gedcom", "0 HEAD\n1 SOUR X\n0 @I1@ INDI\n1 SEX F\n0 TRLR\n"),
    "track": ("movement", '<?xml version="1.0"?>\n<gpx version="1.1"><trk><trkseg></trkseg></trk></gpx>'),
    "notes on messages": (
        "text",
        "The header segment MSH tells the separators | ^ ~ of a message.\nBegin with it; ISA and UNB are of other standards.\n",
    ),
    "arff": ("arff", "@relation x\n@attribute a numeric\n@data\n1\n"),
    "python": (
        "code",
        "# Copyright someone\n# Licensed somehow\n\nimport pandas as pd\n\ndf = pd.read_csv('x.csv')\nfor g, d in df.groupby('sex'):\n    print(g, len(d))\n",
    ),
    "R": ("code", "library(dplyr)\nx <- read.csv('a.csv')\nx %>% group_by(sex) %>% summarise(n = n())\n"),
    "Stata": ("code", "use data.dta, clear\ntabulate sex\nregress bmi age sex\n"),
    "SAS": ("code", "proc freq data=x;\n tables sex*age;\nrun;\n"),
    "SQL": ("code", "SELECT a, b, COUNT(*)\nFROM t\nWHERE a > 3\nGROUP BY a, b;\n"),
    "shell": ("code", "#!/bin/bash\nset -e\nplink2 --bfile x \\\n  --freq\n"),
    "indented C": ("code", "#include <a.h>\nint main(void) {\n\tint a = 1;\n\treturn a;\n}\n"),
    "log": ("log", _lines(lambda n: f"2024-01-01 10:00:{n:02d},123 INFO module - step {n} done")),
    "traceback": ("log", 'Traceback (most recent call last):\n  File "x.py", line 3, in <module>\n    main()\nKeyError: 1\n'),
    "white space": ("empty", " \n\t\n\n"),
    "nothing": ("empty", ""),
}


@pytest.mark.parametrize("name", GENOMIC)
def test_genomic_text(name: str, label_of: Callable[[bytes], str]) -> None:
    """Genomic formats are told by their headers or by the shape of every column."""
    label, text = GENOMIC[name]
    assert label_of(text.encode()) == label


@pytest.mark.parametrize("name", TABLES)
def test_tables(name: str, label_of: Callable[[bytes], str]) -> None:
    """Text that holds a table goes to the reader that sees tables."""
    assert label_of(TABLES[name].encode("latin-1")) == "csv"


@pytest.mark.parametrize("name", OTHERS)
def test_other_text(name: str, label_of: Callable[[bytes], str]) -> None:
    """Records, markup, code, logs and prose are told apart."""
    label, text = OTHERS[name]
    assert label_of(text.encode()) == label


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le"])
def test_the_encoding_does_not_change_the_label(encoding: str, label_of: Callable[[bytes], str]) -> None:
    """A table in another encoding, with or without its mark, is the same table."""
    assert label_of(TABLES["people"].encode(encoding)) == "csv"
    assert label_of(GENOMIC["23andMe"][1].encode(encoding)) == "dtc_raw"


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_do_not_change_the_label(ending: str, label_of: Callable[[bytes], str]) -> None:
    """Windows and old Macintosh line ends are line ends."""
    for name in ("people", "ragged", "several tables and notes"):
        assert label_of(TABLES[name].replace("\n", ending).encode()) == "csv"


def test_blank_space_does_not_hide_what_follows(label_of: Callable[[bytes], str]) -> None:
    """A file that begins with more white space than is sampled is not called empty."""
    assert label_of(b"\n" * 100_000 + TABLES["people"].encode()) == "text"


def test_a_long_header_of_declarations_is_read_to_its_column_line(label_of: Callable[[bytes], str]) -> None:
    """The column line after more declarations than the sample holds tells variants from genotypes."""
    declarations = "".join(f"##contig=<ID=c{number},length=1000>\n" for number in range(4000))
    columns = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS1\n1\t5\t.\tA\tG\t.\t.\t.\tGT\t0/1\n"
    assert label_of((declarations + columns).encode()) == "vcf"
    assert label_of((declarations + "#CHROM\tPOS\tID\tREF\tALT\n").encode()) == "pvar"


def test_large_json_and_notebooks_are_told_from_their_beginning(label_of: Callable[[bytes], str]) -> None:
    """What does not fit the sample is told by how it begins."""
    cell = '{"cell_type": "code", "source": ["x"], "outputs": [], "metadata": {}, "execution_count": null}'
    notebook = '{"cells": [' + ",".join([cell] * 2000) + '], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}'
    assert label_of(notebook.encode()) == "notebook"
    assert label_of(("[" + ",".join(str(number) for number in range(40_000)) + "]").encode()) == "json"


def test_nested_brackets_do_not_break_identification(identified: Callable[..., FileType]) -> None:
    """Brackets nested too deeply to parse are still JSON, and held by its reader."""
    assert identified("[" * 50_000 + "]" * 10_000).label == "json"


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize("line", ["\n", " \n", "\t", " ", "\r"])
def test_empty_lines_are_passed_over_at_once(line: str) -> None:
    """Tens of thousands of lines without words cost no more than any others."""
    text = "2024-01-01 00:00:00 INFO started\n" + line * 60_000 + "x\n"
    assert identify(Source.of_bytes(text.encode(), part_id="a.log", name="a.log")).label


def test_a_printed_code_book_is_no_yaml(identified: Callable[..., FileType]) -> None:
    """Lines of names and values with more names and values below them are text; keys below keys are YAML."""
    book = "".join(f"Variable: v{at}\n  Label: Question {at}\n  Codes: 1 Yes\n         2 No\n\n" for at in range(12))
    assert identified(book).label == "text"
    assert identified("study:\n  title: Asthma\n  people: 4000\nfiles:\n  - a.csv\n  - b.csv\n").label == "yaml"
    assert identified("title: A long title\n  that goes on\npeople: 4000\nfiles:\n  - a.csv\n").label == "yaml"
