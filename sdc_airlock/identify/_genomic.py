"""Genomic text formats, told by their headers or by what every sampled line holds in every column."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from sdc_airlock.identify._genomic_headers import by_header, long_header
from sdc_airlock.identify._sample import Sample
from sdc_airlock.identify._sequences import sequences
from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_CHROMOSOME = re.compile(r"(?:chr)?(?:[0-9]{1,2}|X|Y|XY|M|MT|Z|W|Un|[0-9XYM]{1,2}_\w+|GL\d+\.\d|KI\d+\.\d|N[CTW]_\d+\.\d+)", re.IGNORECASE)
_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][-+]?\d+)?")
_ALLELE = re.compile(r"[ACGTN]+|[0-4DIRB.*\-]|<[\w:.*-]+>", re.IGNORECASE)
_BASES = re.compile(r"[ACGTNRYSWKMBDHV]+", re.IGNORECASE)
_ALTERNATE = re.compile(
    r"(?>(?:[ACGTN]+|[.*]|<[\w:.*-]+>|[\w\[\]:.<>]+)(?![^,]))(?:,(?>(?:[ACGTN]+|\*|<[\w:.*-]+>|[\w\[\]:.<>]+)(?![^,])))*", re.IGNORECASE
)
_CIGAR = re.compile(r"\*|(?:\d+[MIDNSHP=X])+")
_MARKER = re.compile(r"(?:rs|i|VG|kgp|exm|GSA-|JHU_|SNP|AX-|ss|psy_|var)[\w.:-]*\d[\w.:-]*", re.IGNORECASE)
_CODED = frozenset("01234")
_CONSUMER_SPLIT = re.compile(r"[\t,] *| +")
_SEX = frozenset("012") | {"-9", "NA"}
_FEW_LINES = 8
_HALF = 40
_CALLS = frozenset({"0", "1", "2", "9", "-1"})
_VARIANT = re.compile(r"(?:rs|kgp|i)\d{2}\S*|rs\d\S*|(?:exm|AX-|GSA-|JHU_)\S*\d|(?:chr)?[0-9XYMT]{1,2}[:_]\d\S*", re.IGNORECASE)
_SEX_LETTERS = frozenset("MFU")
_FEWEST_CALLS = 8
_PLINK_ALLELES = frozenset("ACGTNDIacgtn01234-.*")

Test = Callable[[str], object]


def _all(rows: Sequence[Sequence[str]], *tests: Test | None) -> bool:
    """True where every row passes the test of each of its first columns."""
    return all(len(row) >= len(tests) and all(test is None or test(cell) for test, cell in zip(tests, row, strict=False)) for row in rows)


def _is(pattern: re.Pattern[str]) -> Test:
    return pattern.fullmatch


_chromosome, _integer, _number, _allele, _bases = (_is(pattern) for pattern in (_CHROMOSOME, _INTEGER, _NUMBER, _ALLELE, _BASES))


def genomic_kind(sample: Sample, source: Source) -> Guess | None:
    """The type of a genomic text, or None where its columns do not all have the shape of one.

    Args:
        sample: The beginning of the text.
        source: All of it, for a header that is longer than the sample.
    """
    if guess := long_header(sample, source):
        return guess
    for rule in (by_header, sequences, _headerless_vcf, _alignments, _digits, _half):
        if guess := rule(sample):
            return guess
    if not sample.body or len(sample.body[0]) > 1 << 20:
        return None
    for rule in _COLUMN_RULES:
        if guess := rule(sample):
            return guess
    return None


def _headerless_vcf(sample: Sample) -> Guess | None:
    rows = sample.rows
    if not rows or len(rows[0]) < 8:
        return None
    quality = re.compile(r"\.|-?\d+\.?\d*(?:[eE][-+]?\d+)?")
    info = re.compile(r"\.|[A-Za-z_][\w.]*(?:=\S*)?(?:;.*)?")
    tests = (
        re.compile(r"[\w.|*-]+").fullmatch,
        re.compile(r"\d+").fullmatch,
        None,
        _bases,
        _is(_ALTERNATE),
        quality.fullmatch,
        None,
        info.fullmatch,
    )
    if not _all(rows, *tests):
        return None
    told = sum("=" in row[7] or row[6] in {"PASS", "."} for row in rows)
    if told == len(rows):
        return Guess("vcf", "columns of a VCF without its header")
    return None


def _alignments(sample: Sample) -> Guess | None:
    rows = sample.rows
    if not rows or min(len(row) for row in rows) < 11:
        return None
    flag = re.compile(r"\d{1,4}").fullmatch
    tests = (None, flag, None, flag_or_place, flag, _is(_CIGAR), None, flag_or_place, _integer, re.compile(r"[A-Za-z=.*]+").fullmatch)
    return Guess("sam", "columns of SAM records without a header") if _all(rows, *tests) else None


def flag_or_place(cell: str) -> bool:
    """True for a position in a sequence."""
    return cell.isdigit()


def _digits(sample: Sample) -> Guess | None:
    lines = [line.strip() for line in sample.lines]
    if len(lines) >= 3 and len(lines[0]) >= 6 and len({len(line) for line in lines}) == 1 and not set("".join(lines)) - set("0129"):
        return Guess("eigenstrat_geno", "lines of one digit a sample")
    return None


def _half(sample: Sample) -> Guess | None:
    """Half of a matrix: nothing but numbers, one more in each line than in the line before."""
    rows = [line.split() for line in sample.lines[:_HALF]]
    if len(rows) < _FEW_LINES or len(rows[0]) > 2 or any(len(row) != len(rows[0]) + place for place, row in enumerate(rows)):
        return None
    return (
        Guess("csv", "one more number in each line than in the line before") if all(_number(cell) for row in rows for cell in row) else None
    )


def _interval_rows(sample: Sample) -> Guess | None:
    rows = sample.rows
    if not rows or min(len(row) for row in rows) < 3:
        return None
    if not _all(rows, _chromosome, str.isdigit, str.isdigit) or any(int(row[2]) < int(row[1]) for row in rows):
        return None
    named = all(row[0][:3].lower() == "chr" for row in rows)
    if named and (len(rows[0]) < 4 or not _all([row[3:5] for row in rows], _allele, _allele)):
        return Guess("bed_intervals", "chromosome, start and end in every line")
    tabbed = all("\t" in line for line in sample.body)
    strand = any(all(len(row) > place and row[place] in {"+", "-", "."} for row in rows) for place in (3, 5))
    if tabbed and strand:
        return Guess("bed_intervals", "chromosome, start, end and strand in every line")
    if tabbed and len(rows[0]) == 4 and any(not _NUMBER.fullmatch(row[3]) for row in rows) and _varied(rows, 1, 2):
        return Guess("bed_intervals", "chromosome, start, end and name in every line")
    return None


def _varied(rows: list[list[str]], *columns: int) -> bool:
    """True where the positions are large enough to be places on a chromosome."""
    return all(max(int(row[column]) for row in rows) >= 10_000 for column in columns)


def _features(sample: Sample) -> Guess | None:
    rows = sample.rows
    strand = re.compile(r"[-+.?]").fullmatch
    phase = re.compile(r"[.012]").fullmatch
    score = re.compile(r"\.|" + _NUMBER.pattern).fullmatch
    if rows and all(len(row) in (8, 9) for row in rows) and _all(rows, None, None, None, str.isdigit, str.isdigit, score, strand, phase):
        return Guess("gff", "nine feature columns in every line")
    return None


def _consumer(sample: Sample) -> Guess | None:
    """Raw data of a consumer genotyping service: marker, chromosome, position, genotype or two alleles."""
    if not sample.body or len(cells := _CONSUMER_SPLIT.split(sample.body[-1].strip())) not in (4, 5, 6):
        return None
    if not any(cell.strip('"').isdigit() for cell in cells[2:4]):
        return None
    rows = [[cell.strip('"') for cell in _CONSUMER_SPLIT.split(line.strip())] for line in sample.body]
    if rows and re.fullmatch(r"rsid|snp|marker|snpid|name|id", rows[0][0], re.IGNORECASE):
        rows = rows[1:]
    if not rows or len({len(row) for row in rows}) != 1:
        return None
    if len(rows[0]) == 6 and _all(rows, None, re.compile(r"[ACGT]/[ACGT]").fullmatch, _chromosome, str.isdigit, strand_mark):
        return Guess("dtc_raw", "marker, variation, chromosome, position, strand and genotype in every line")
    marked = sum(bool(_MARKER.fullmatch(row[0])) for row in rows) >= 0.8 * len(rows)
    if not marked or len(rows[0]) not in (4, 5) or not _all(rows, None, _chromosome, str.isdigit):
        return None
    call = re.compile(r"[ACGTDI0N\-]{1,2}|[ACGTDI0N\-]/[ACGTDI0N\-]|\?\?", re.IGNORECASE).fullmatch
    if not all(call(cell) for row in rows for cell in row[3:]):
        return None
    if len(rows[0]) == 4:
        pairs = [row[3] for row in rows if len(row[3]) > 1]
        told = len(pairs) * 3 >= len(rows)
    else:
        told = sum(row[3] == row[4] for row in rows) * 20 >= len(rows)
    return Guess("dtc_raw", "marker, chromosome, position and genotype in every line") if told else None


def strand_mark(cell: str) -> bool:
    """True for the mark of a strand."""
    return cell in {"+", "-"}


def _bim(sample: Sample) -> Guess | None:
    rows = sample.rows
    if sample.width == 6 and _all(rows, _chromosome, None, _number, _integer, _allele, _allele):
        named = sum(not _NUMBER.fullmatch(row[1]) for row in rows)
        lettered = sum(row[4].isalpha() or row[5].isalpha() for row in rows)
        coded = all(row[4] != row[5] and row[4] in _CODED and row[5] in _CODED for row in rows)
        if named * 2 >= len(rows) and (lettered * 2 >= len(rows) or (coded and named == len(rows))):
            return Guess("bim", "chromosome, variant, centimorgan, position and two alleles in every line")
    return None


def _founders(rows: list[list[str]]) -> bool:
    """True where the third and fourth column hold no parent, or one that is a person of the list."""
    people = {row[1] for row in rows}
    unknown = sum(row[2] == "0" or row[2] in people for row in rows) + sum(row[3] == "0" or row[3] in people for row in rows)
    return unknown >= 1.6 * len(rows) and any(row[2] == "0" for row in rows)


def _fam(sample: Sample) -> Guess | None:
    rows = sample.rows
    if sample.width != 6 or not all(row[4] in _SEX for row in rows) or not _founders(rows):
        return None
    phenotype = re.compile(_NUMBER.pattern + r"|NA|NaN|nan")
    if all(phenotype.fullmatch(row[5]) for row in rows) and len({row[1] for row in rows}) > 0.9 * len(rows):
        return Guess("fam", "family, person, parents, sex and phenotype in every line")
    return None


def _ped(sample: Sample) -> Guess | None:
    # pairs are often parted by blanks in a file of tabs
    rows = [line.split() for line in sample.body] if sample.width else []
    width = len(rows[0]) if rows else 0
    if width < 7 or any(len(row) != width for row in rows):
        return None
    if _all(rows, _chromosome, None, _number, _integer) and width % 2 == 0 and _alleles(rows, 4, _PLINK_ALLELES):
        named = sum(not _NUMBER.fullmatch(row[1]) for row in rows)
        if named * 2 >= len(rows):
            return Guess("ped", "variant columns and an allele pair a person in every line")
    if not all(row[4] in _SEX for row in rows) or not _founders(rows):
        return None
    if width % 2 == 0 and _alleles(rows, 6, _PLINK_ALLELES):
        return Guess("ped", "pedigree columns and allele pairs in every line")
    pair = re.compile(r"[ACGT0NDI\-]{2}|[ACGT0-4NDI]/[ACGT0-4NDI]|NN|--").fullmatch
    if all(pair(cell) for row in rows for cell in row[6:]):
        return Guess("ped", "pedigree columns and genotypes in every line")
    return None


def _alleles(rows: list[list[str]], first: int, alphabet: frozenset[str]) -> bool:
    """True where the cells from `first` on are one-letter alleles, save a few longer ones of bases."""
    cells = [cell for row in rows for cell in row[first:]]
    odd = {cell for cell in set(cells) if cell not in alphabet}
    return all(_bases(cell) for cell in odd) and sum(cell in odd for cell in cells) * 4 <= len(cells)


def _triplets(sample: Sample) -> Guess | None:
    """One call a line: variant, sample and number of alleles, in either order."""
    rows = sample.rows
    if sample.width != 3 or len(rows) < _FEWEST_CALLS:
        return None
    calls = {row[2] for row in rows}
    if not calls <= _CALLS or len(calls) < 2:
        return None
    for variant, person in ((0, 1), (1, 0)):
        names, people = [row[variant] for row in rows], {row[person] for row in rows}
        marked = sum(bool(_VARIANT.fullmatch(name)) for name in names) >= 0.8 * len(rows)
        again = len(people) < len(rows) or len(set(names)) < len(rows)
        if marked and again and len({(row[0], row[1]) for row in rows}) == len(rows) and not any(map(_number, people)):
            return Guess("ancestrymap_geno", "variant, sample and number of alleles in every line")
    return None


def _individuals(sample: Sample) -> Guess | None:
    """People of an EIGENSTRAT set: a name of their own, sex, and a word for their population."""
    rows = sample.rows
    if sample.width != 3 or len(rows) < _FEWEST_CALLS or not all(row[1] in _SEX_LETTERS for row in rows):
        return None
    if len({row[0] for row in rows}) == len(rows) and not any(_number(row[2]) for row in rows):
        return Guess("eigenstrat_ind", "sample, sex and population in every line")
    return None


def _map(sample: Sample) -> Guess | None:
    rows = sample.rows
    if sample.width not in (3, 4) or len(rows) < 2:
        return None
    tests = (_chromosome, None, _number, _integer) if sample.width == 4 else (_chromosome, None, _integer)
    if not _all(rows, *tests):
        return None
    named = sum(bool(_MARKER.fullmatch(row[1])) or ":" in row[1] for row in rows)
    if named * 5 >= len(rows) * 4 and len({row[1] for row in rows}) == len(rows):
        return Guess("map", "chromosome, variant and position in every line")
    return None


def _triples(rows: list[list[str]], first: int) -> bool:
    """True where the cells from `first` on are probabilities of three genotypes a person."""
    for row in rows:
        try:
            cells = [float(cell) for cell in row[first:]]
        except ValueError:
            return False
        if len(cells) % 3 or not cells or min(cells) < 0 or max(cells) > 1:
            return False
        if any(sum(cells[place : place + 3]) > 1.02 for place in range(0, len(cells), 3)):
            return False
    return True


def _gen(sample: Sample) -> Guess | None:
    rows = sample.rows
    if not sample.width or sample.width < 8:
        return None
    for first, tests in ((5, (None, None, str.isdigit, _allele, _allele)), (6, (None, None, None, str.isdigit, _allele, _allele))):
        if (
            (sample.width - first) % 3 == 0
            and _all(rows, *tests)
            and all(row[first - 1].isalpha() for row in rows)
            and _triples(rows, first)
        ):
            return Guess("gen", "variant columns and three probabilities a person in every line")
    return None


def _haps(sample: Sample) -> Guess | None:
    rows = sample.rows
    if sample.width < 7 or sample.width % 2 == 0 or not _all(rows, None, None, str.isdigit, _allele, _allele):
        return None
    if all(row[3].isalpha() for row in rows) and not {cell.rstrip("*") for row in rows for cell in row[5:]} - {"0", "1", "?", "-"}:
        return Guess("haps", "variant columns and two haplotypes a person in every line")
    return None


def _oxford_sample(sample: Sample) -> Guess | None:
    rows = sample.rows
    if len(rows) < 2 or not sample.width:
        return None
    header, codes = [cell.lower() for cell in rows[0]], rows[1]
    if not set(codes) <= {"0", "D", "C", "P", "B"} or codes[0] != "0" or header[0] not in {"id_1", "id1", "id"}:
        return None
    return Guess("oxford_sample", "second line of column type codes")


def _genepop(sample: Sample) -> Guess | None:
    lines = [line.strip() for line in sample.raw_lines]
    places = [place for place, line in enumerate(lines) if line.lower() == "pop"]
    if not places or not 1 < places[0] <= 10_000:
        return None
    people = [line for line in lines[places[0] + 1 :] if line and line.lower() != "pop"][:200]
    person = re.compile(r"[^,]*,\s*(?:\d{2,6}\s*)+")
    return Guess("genepop", "Pop lines and coded genotypes") if people and all(person.fullmatch(line) for line in people) else None


def _phylip(sample: Sample) -> Guess | None:
    lines = sample.lines
    counts = re.fullmatch(r"\s*(\d{1,7})\s+(\d{1,9})\s*(?:[IS]\s*)?", lines[0]) if lines else None
    if not counts or len(lines) < 2:
        return None
    residues = re.compile(r"\S+[ \t]+[A-Za-z?*\-. ]+|.{10}[A-Za-z?*\-. ]+")
    rows = lines[1 : 1 + min(int(counts[1]), len(lines) - 1)]
    sequence = all(residues.fullmatch(line) and len(re.findall(r"[ACGTUNacgtun?\-]", line)) > len(line) / 3 for line in rows)
    return Guess("phylip", "line of counts and named sequences") if sequence else None


_COLUMN_RULES = (
    _features, _consumer, _gen, _haps, _ped, _fam, _bim, _oxford_sample, _genepop, _phylip, _interval_rows, _map, _triplets, _individuals,
)  # fmt: skip
