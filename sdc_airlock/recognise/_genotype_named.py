"""Genotypes that are told by their own names: HLA types, profiles of repeats, haplogroups, variants with their zygosity, calls of one sample.

Tables of classes (an allele, a haplotype, a haplogroup a row, with counts or estimates beside it) hold the same names and are no people.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise._genotype_cells import Cells
from sdc_airlock.recognise._genotype_evidence import Evidence

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table

# layout, people, markers, log-odds, evidence, and the number of the line (from 1)
Said = tuple[str, int, int, float, str, int]
_LOCUS = r"(?:HLA[-_ ]?)?(A|B|C|E|F|G|DRA|DRB[1-9]|DQ[AB][12]|DP[AB][12]|MIC[AB])"
_HLA = re.compile(rf"{_LOCUS}\*\d{{2,3}}(?::\d{{2,3}}){{0,3}}[NLSCAQGP]?", re.IGNORECASE)
_HLA_BARE = re.compile(r"\*?\d{2,3}:\d{2,3}(?::\d{2,3}){0,2}[NLSCAQGP]?")
_HLA_HEADER = re.compile(rf"^{_LOCUS}[-_. *]?(?:allele)?[-_. ]?[12ab]?$", re.IGNORECASE)
_PARTED = re.compile(r"\s*[,;/+|~ ]\s*")
_REPEAT = re.compile(r"^(D(?:\d{1,2}|X|Y)S\d{2,5}|DYS\d{3}|vWA|FGA|TH01|TPOX|CSF1PO|SE33|Penta[ _-]?[DE]|Amel(?:ogenin)?|F13A1|FESFPS|LPL|GATA\w{2,6})(?:[-_. ]?(?:[12ab]|a(?:llele)?[-_ ]?[12]))?$", re.IGNORECASE)  # fmt: skip
_SIZE = re.compile(r"(?:[1-9]|[1-5]\d)(?:\.[123])?|[1-4]\d\d(?:\.\d+)?|OL|[XY]")
_SIZES = re.compile(r"(?:\d{1,3}(?:\.\d)?|[XY])\s*[,;/|-]\s*(?:\d{1,3}(?:\.\d)?|[XY])")
_REPEAT_IN_TEXT = re.compile(r"\b(D\d{1,2}S\d{2,5}|DYS\d{3}|vWA|FGA|TH01|TPOX|CSF1PO|SE33|Penta [DE])\b\W{1,4}(?:\d{1,2}(?:\.\d)?)\s?[,;/|-]\s?\d{1,2}(?:\.\d)?\b(?!\.?\d)", re.IGNORECASE)  # fmt: skip
HAPLOGROUP = re.compile(
    r"(?:[A-Z](?:\d{1,2}[a-z]?\d{0,2}[a-z']?\d{0,2}[a-z]?\d{0,2}[a-z]?\d{0,2}[a-z]?\d?|\d{0,2})[a-z]?[*@]?|HV\d{0,2}[a-z]?|[A-T]\d?[a-z]?-[A-Z]{1,3}\d{2,7})"
)
_HAPLOGROUP_HEADER = re.compile(
    r"haplo_?-?\s?gr|^(?:y|mt)[-_ ]?(?:dna|hg|haplo\w*|clade)$|^(?:y|mt)?_?hg$|paternal.?line|maternal.?line", re.IGNORECASE
)
HGVS = re.compile(
    r"\b[cgmn]\.[*-]?\d+(?:[_+*-]\d+)*(?:[+-]\d+)?(?:[ACGT]+>[ACGT]+|del(?:ins)?[ACGT]*|dup[ACGT]*|ins[ACGT]*|=)|\bp\.\(?[A-Z][a-z]{2}\d+(?:[A-Z][a-z]{2}|fs|\*|=|del|dup|Ter)"
)
ZYGOSITY = re.compile(
    r"het(?:erozyg\w*)?\.?|hom(?:ozyg\w*)?\.?(?:[-_ /]?(?:ref\w*|alt\w*|var\w*|maj\w*|min\w*|mut\w*|wt|wild[-_ ]?type|normal|rare|common))?|hemi(?:zyg\w*)?\.?"
    r"|comp(?:ound)?[-_ ]het\w*|(?:non[- ]?)?carrier|wt|wild[-_ ]?type|ref(?:erence)?|alt(?:ernat\w+)?|mut(?:ant)?|[01][/|][01]|1/2|absent|present|not detected",
    re.IGNORECASE,
)
ZYGOTIC = re.compile(
    r"\b(?:heterozyg\w+|homozyg\w+|hemizyg\w+|compound het\w*|de novo|(?:is|was|are|and|a) carriers?\b|carr(?:ies|ied|ying))|\b(?:het|hom)\b",
    re.IGNORECASE,
)
_PERSON = re.compile(
    r"\b(?:patients?|proband|participant|subject|index case|case \d|individual|volunteer|donor|child|baby|infant|boy|girl|man|woman|lady|gentleman|male|female|he|she|his|her"
    r"|mother|father|brother|sister|son|daughter|sibling|uncle|aunt|cousin|grand\w+|aged? \d|year[- ]old|sample \S*\d|[A-Z]{1,4}-?\d{2,})\b",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"\b(?:case|patient|subject|participant|proband|individual|donor|volunteer|sample|sibling|twin|child)s?\s+(?:no\.?\s?|#\s?)?(?:[A-Z]{1,3}-?)?\d+\b|\b(?:the|our) (?:proband|index case|index patient)\b",
    re.IGNORECASE,
)
_RS = re.compile(r"\brs\d{3,}\b")
_CALLED = re.compile(r"\b[ACGT]{2}\b|\b[ACGT][/|][ACGT]\b|\b[01][/|][01]\b")
PEOPLE_COUNTED = re.compile(r"\bn\s?=\s?\d|(?<![\w:*.])\d[\d,]*\s+(?:\w+\s){0,3}(?:carriers|patients|participants|women|men|people|individuals|cases|controls|families|samples|heterozygotes|homozygotes)\b|\d\s?%", re.IGNORECASE)  # fmt: skip
COUNTED = re.compile(
    r"^(?:n|nr|no|num|number|counts?|freq\w*|frequenc\w*|percent\w*|pct|%|prop\w*|share|carriers?|total|people|observed|expected|[ahg]f|n[_ .]\w+|\w+[_ .]n|cases|controls)$",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"^(?:or|odds.?ratio|hr|rr|beta|b|se|std.?err\w*|p|p.?val\w*|padj|fdr|q|z|t|stat\w*|estimate|ci\w*|lower|upper|chi\w*|effect)$",
    re.IGNORECASE,
)
_SAMPLE_MEASURE = re.compile(
    r"^(?:t_|tumou?r_|sample_)?(?:dp|depth|read_?depth|coverage|gq|genotype_?quality|vaf|alt_?(?:reads|depth|count)|ref_?(?:reads|depth|count)|ad|allelic_?depth|allele_?fraction|zygosity|zyg|genotype|gt|call)$",
    re.IGNORECASE,
)
# what is only ever measured in one sample, and what tells that several people are behind a row, whatever the catalogue says of its allele
_OWN_MEASURE = re.compile(
    r"^(?:t_|tumou?r_|sample_)?(?:gq|genotype_?quality|vaf|ad|allelic_?depth|allele_?fraction|zygosity|zyg|gt|(?:alt|ref)_?(?:reads|depth|count)"
    r"|baf|b[ _.]?allele[ _.]?freq(?:uency)?|lrr|log[ _.]?r[ _.]?ratio|gc[ _.]?score|gt[ _.]?score|[xy][ _.]?raw|theta)$",
    re.IGNORECASE,
)
_CHANGE_NAME = re.compile(r"(?:aa|amino_?acid|protein|cdna|c_?dna|nucleotide)[ _.]?change|hgvs\w*|p[ _.]?dot", re.IGNORECASE)
_COPIES = re.compile(r"(?:total_?|major_?|minor_?|t|a|b)?cn[abv]?(?:[_ .]?(?:state|value|total))?|copy[_ .]?(?:number|num|state)\w*|copies|seg(?:ment)?[_ .]?mean|log2(?:[_ .]?ratio)?|mean[_ .]?log2?[_ .]?r(?:atio)?", re.IGNORECASE)  # fmt: skip
_STRETCH = tuple(re.compile(rf"#?(?:{names})$", re.IGNORECASE) for names in (r"chr(?:om(?:osome)?)?|seqnames|contig", r"(?:\w+[_ .])?start(?:[_ .]?\w+)?|loc\.start", r"(?:\w+[_ .])?(?:end|stop)(?:[_ .]?\w+)?|loc\.end"))  # fmt: skip
_SEVERAL_MEASURED = re.compile(
    r"^(?:ac|an|n?hom(?:alt)?|n_?het|nhet|n|n_?(?:samples|carriers|cases|controls|missing)|call_?rate|hwe\w*|carriers|beta|or|se|p|p.?val\w*)$",
    re.IGNORECASE,
)
COHORT_MEASURE = re.compile(
    r"^(?:ac|an|n?hom(?:alt)?|n_?het|nhet|n_?(?:samples|carriers|cases|controls|missing)|call_?rate|hwe\w*|maf|eaf|a1freq|carriers|beta|or|se|p|p.?val\w*)$",
    re.IGNORECASE,
)
_PLACE_NAME = re.compile(
    r"^#?(?:chrom(?:osome)?|chr|pos(?:ition)?|start|bp|ref(?:erence)?(?:_?allele)?|alt(?:ernate)?(?:_?allele)?|hgvs\w*|variant\w*|rs_?id|gene(?:_?symbol|_?name)?|symbol|consequence|effect)$",
    re.IGNORECASE,
)
LEAST_ROWS, LEAST_LOCI = 4, 3
_MOSTLY, _SURE, _LIKELY = 0.8, 6.0, 3.5
_FEWEST_CALLS = 10
_NOTED = 200
_BEGINNINGS = frozenset({"het", "hom", "hem", "com"})
_TELLING_PLACES, _TELLING_MEASURES = 4, 2
_ONCE = 0.9


def _tokens(cells: Cells, index: int) -> list[str]:
    return [cells.tokens[code] for code in cells.distinct(index)]


def of_classes(cells: Cells, typed: Sequence[int]) -> bool:
    """True where rows are classes: each combination of the types stands once, with counts or estimates beside it."""
    others = [index for index in range(len(cells.names)) if index not in typed and numeric(cells, index)]
    names = [cells.names[index].strip() for index in others]
    if not any(_RESULT.fullmatch(name) or COUNTED.fullmatch(name) for name in names):
        return False
    texts = [index for index in range(len(cells.names)) if index in typed or not numeric(cells, index)]
    return bool(np.unique(cells.codes[texts], axis=1).shape[1] > 0.95 * cells.rows)


def numeric(cells: Cells, index: int) -> bool:
    """True where the first cells of a column are numbers or shares."""
    return all(re.fullmatch(r"[-+]?[\d.,]+(?:e[-+]?\d+)?%?", token, re.IGNORECASE) for token in _tokens(cells, index)[:50])


def _evidence(layout: str, people: int | None, markers: int, log_odds: float, why: str, columns: Sequence[int]) -> Evidence:
    rows_are = "calls" if layout == "records" else "people"
    return Evidence(layout=layout, people=people, markers=markers, log_odds=log_odds, why=(why,), columns=tuple(columns), rows_are=rows_are)


def hla(cells: Cells, table: Table) -> Evidence | None:
    """HLA types of people: two alleles of a locus on one row, or alleles of several loci without counts."""
    del table
    loci: dict[int, str] = {}
    double = False
    if not any("*" in token or ":" in token for token in cells.tokens):
        return None
    for index, name in enumerate(cells.names):
        header = _HLA_HEADER.match(name.strip())
        pieces = [[piece for piece in _PARTED.split(token) if piece] for token in _tokens(cells, index)[:60]]
        flat = [piece for cell in pieces for piece in cell]
        full = [match[1].upper() for piece in flat if (match := _HLA.fullmatch(piece))]
        if flat and len(full) >= _MOSTLY * len(flat):
            loci[index] = Counter(full).most_common(1)[0][0]
        elif flat and header and sum(bool(_HLA_BARE.fullmatch(piece)) for piece in flat) >= _MOSTLY * len(flat):
            loci[index] = header[1].upper()
        else:
            continue
        double = double or sum(len(cell) == 2 for cell in pieces) > 0.5 * len(pieces)
    if not loci or cells.rows < LEAST_ROWS or of_classes(cells, list(loci)):
        return None
    twice = double or max(Counter(loci.values()).values()) > 1
    if not twice and len(loci) < 2 and max(int(cells.states[index]) for index in loci) > 0.9 * cells.rows:
        return None  # a list of alleles
    why = f"{len(loci)} column(s) of HLA alleles, {'two of one locus on a row' if twice else 'a row a person or haplotype'}"
    return _evidence("types", cells.rows, len(set(loci.values())), _SURE if twice else _LIKELY, why, list(loci))


def repeats(cells: Cells, table: Table) -> Evidence | None:
    """Profiles of short tandem repeats: loci in columns with two sizes each, or loci in rows beside their sizes."""
    del table
    columns = [index for index, name in enumerate(cells.names) if _REPEAT.match(name.strip())]
    if len(columns) >= LEAST_LOCI:
        pairs = [index for index in columns if all_match(_SIZES, cells, index)]
        paired = Counter(match[1].lower() for index in columns if (match := _REPEAT.match(cells.names[index].strip())))
        halves = [index for index in columns if all_match(_SIZE, cells, index)] if max(paired.values()) == 2 else []
        found = pairs if len(pairs) >= LEAST_LOCI else halves
        if len(found) >= LEAST_LOCI and not of_classes(cells, found):
            markers = len(found) if found is pairs else len(found) // 2
            return _evidence("types", cells.rows, markers, _SURE, f"{markers} loci of repeats, two sizes each on a row", found)
    for index in range(min(len(cells.names), 4)):
        if not any(_REPEAT.match(token) for token in _tokens(cells, index)[:_NOTED]):
            continue
        loci = sum(bool(_REPEAT.match(token)) for token in cells.column(index))
        if loci >= LEAST_LOCI and loci >= _MOSTLY * cells.rows:
            others = [other for other in range(len(cells.names)) if other != index and cells.filled[other]]
            pairs = [other for other in others if all_match(_SIZES, cells, other)]
            sizes = pairs or [other for other in others if all_match(_SIZE, cells, other)]
            if pairs or len(sizes) == 2:  # two alleles
                return _evidence("types", max(len(pairs), 1), loci, _SURE, "loci of repeats in rows, two sizes each: a profile", sizes)
    return _note(cells)


def _note(cells: Cells) -> Evidence | None:
    """A profile in a note whose lines were taken for rows: the locus and its first size in one cell."""
    if not any(_REPEAT.match(token.partition(" ")[0]) for token in (*cells.names, *cells.tokens[:_NOTED])):
        return None
    rows = [cells.names, *zip(*(cells.column(index) for index in range(len(cells.names))), strict=True)]
    told = {match[1].lower() for row in rows[:_NOTED] for match in _REPEAT_IN_TEXT.finditer(",".join(row))}
    if len(told) < LEAST_LOCI:
        return None
    return _evidence("types", 1, len(told), _SURE, f"{len(told)} loci of repeats with two sizes each", range(len(cells.names)))


def all_match(pattern: re.Pattern[str], cells: Cells, index: int) -> bool:
    """True where most of the different cells of a column are of a form."""
    tokens = _tokens(cells, index)
    return bool(tokens) and sum(bool(pattern.fullmatch(token)) for token in tokens) >= _MOSTLY * len(tokens)


def haplogroups(cells: Cells, table: Table) -> Evidence | None:
    """Haplogroups of people: a column that its header calls so, whose cells come again, without counts."""
    del table
    columns = [
        index
        for index, name in enumerate(cells.names)
        if _HAPLOGROUP_HEADER.search(name.strip()) and cells.states[index] > 1 and all_match(HAPLOGROUP, cells, index)
    ]
    if not columns or cells.rows < LEAST_ROWS:
        return None
    # classes stand once each, whatever figures stand beside them; what numbers every row is an id
    keys = [
        index for index in range(len(cells.names)) if index in columns or (cells.states[index] < cells.rows and not numeric(cells, index))
    ]
    if np.unique(cells.codes[keys], axis=1).shape[1] > 0.9 * cells.rows and any(numeric(cells, index) for index in range(len(cells.names))):
        return None
    if of_classes(cells, columns):
        return None
    return _evidence(
        "types", cells.rows, len(columns), _SURE, f"{len(columns)} column(s) of haplogroups that come again, without counts", columns
    )


def zygosities(cells: Cells, table: Table) -> Evidence | None:
    """Variants of people: a column of variants in HGVS or by name, and one that says heterozygous or homozygous."""
    del table
    if not any(token[:3].lower() in _BEGINNINGS for token in cells.tokens):
        return None
    zygotic = [
        index for index in range(len(cells.names)) if cells.states[index] and all_match(ZYGOSITY, cells, index) and _said(cells, index)
    ]
    named = [
        index
        for index in range(len(cells.names))
        if index not in zygotic and (cells.marker_share(index) > 0.5 or _share(HGVS, cells, index) > 0.5)
    ]
    if not zygotic or not named or cells.rows < LEAST_ROWS or of_classes(cells, [*named[:1], *zygotic]):
        return None
    why = "rows name a variant and say whether it is heterozygous or homozygous"
    return _evidence("records", None, int(cells.states[named[0]]), _SURE, why, [named[0], *zygotic])


def _said(cells: Cells, index: int) -> bool:
    """True where a zygosity is said in letters (calls in digits are for others)."""
    return any(token[:1].isalpha() and token[:3].lower() in _BEGINNINGS for token in _tokens(cells, index))


def _share(pattern: re.Pattern[str], cells: Cells, index: int) -> float:
    tokens = _tokens(cells, index)[:100]
    return sum(bool(pattern.search(token)) for token in tokens) / len(tokens) if tokens else 0.0


def one_sample(cells: Cells, table: Table) -> Evidence | None:
    """Variants of one sample: their places, and what is measured of them in one sample (depth, quality, fraction), nothing of a cohort."""
    if not table.named or cells.rows < _FEWEST_CALLS:
        return None
    names = [name.strip() for name in cells.names]
    places = [index for index, name in enumerate(names) if _PLACE_NAME.match(name)]
    measures = [index for index, name in enumerate(names) if _SAMPLE_MEASURE.match(name)]
    own = _own_measures(cells, names)
    if not own and (len(places) < _TELLING_PLACES or len(measures) < _TELLING_MEASURES or any(map(COHORT_MEASURE.match, names))):
        return None
    measures = own or measures
    if not all(
        numeric(cells, index) or all_match(ZYGOSITY, cells, index) or "," in "".join(_tokens(cells, index)[:5]) for index in measures
    ):
        return None
    why = f"rows are variants with {len(measures)} columns of what is measured in one sample, and nothing of a cohort"
    return _evidence("records", 1, cells.rows, _SURE, why, measures)


def _own_measures(cells: Cells, names: Sequence[str]) -> list[int]:
    """Columns of what is measured in one sample, one or more of them of what is only measured there, beside a variant a row; nothing where several people are counted."""
    own = [index for index, name in enumerate(names) if _OWN_MEASURE.match(name)]
    measures = [index for index, name in enumerate(names) if index in own or _SAMPLE_MEASURE.match(name)]
    if not own or len(measures) < _TELLING_MEASURES or any(map(_SEVERAL_MEASURED.match, names)):
        return []
    keyed = any(cells.states[index] > _ONCE * cells.rows and cells.marker_share(index) > _MOSTLY for index in range(len(names)))
    places = {name.lower().lstrip("#")[:3] for name in names if _PLACE_NAME.match(name)}
    return measures if keyed or {"chr", "pos"} <= places or any(map(_CHANGE_NAME.match, names)) else []


def copies(cells: Cells, table: Table) -> Evidence | None:
    """Numbers of copies, or their logs, of stretches of one genome: chromosome, start, end, and nothing that counts people."""
    if not table.named or cells.rows < _FEWEST_CALLS:
        return None
    names = [name.strip() for name in cells.names]
    told = [index for index, name in enumerate(names) if _COPIES.match(name) and numeric(cells, index) and cells.states[index] > 1]
    if not told or any(COHORT_MEASURE.match(name) or COUNTED.match(name) for name in names):
        return None
    if not all(any(pattern.match(name) for name in names) for pattern in _STRETCH):
        return None
    why = "rows are stretches of a genome with the number of their copies, and nothing of a cohort"
    return _evidence("records", 1, cells.rows, _LIKELY, why, told)


def noted(cells: Cells, table: Table) -> Evidence | None:
    """Cells that name a change of DNA or protein and say whether it is heterozygous or homozygous."""
    del table
    if cells.rows < LEAST_ROWS:
        return None
    for index in range(len(cells.names)):
        tokens = [token for token in cells.column(index) if " " in token]
        if len(tokens) < max(LEAST_ROWS, 0.5 * cells.rows):
            continue
        told = [token for token in tokens[:_NOTED] if HGVS.search(token) and ZYGOTIC.search(token) and not PEOPLE_COUNTED.search(token)]
        if len(told) > 0.5 * len(tokens[:_NOTED]) and not of_classes(cells, [index]):
            why = f"{len(told)} cells name a variant and say whether it is heterozygous or homozygous"
            return _evidence("notes", None, len(told), _LIKELY, why, [index])
    return None


def named_in_text(text: str) -> Said | None:
    """Genotypes spelt out in a text.

    Returns:
        Layout, people, markers, log-odds, evidence, and the number of the line (from 1); None where there are none.
    """
    if "S" in text or "DYS" in text:
        profile = list(_REPEAT_IN_TEXT.finditer(text))
        if (loci := len({match[1].lower() for match in profile})) >= LEAST_LOCI:
            line = text.count("\n", 0, profile[0].start()) + 1
            return "types", max(1, len(profile) // loci), loci, _SURE, f"{loci} loci of repeats with two sizes each", line
    return _in_sentences(text) or _calls_in_sentences(text) or _types_in_sentences(text)


def _in_sentences(text: str) -> Said | None:
    found = []
    variants = set()
    for match in HGVS.finditer(text):
        start, end = sentence(text, match.start())
        near = text[start:end]
        if ZYGOTIC.search(near) and _PERSON.search(near) and not PEOPLE_COUNTED.search(near):
            found.append(match.start())
            variants.add(match[0])
    if not found:
        return None
    line = text.count("\n", 0, found[0]) + 1
    return "notes", 1, len(variants), _LIKELY, f"{len(found)} place(s) name a variant, a zygosity and a person", line


def _calls_in_sentences(text: str) -> Said | None:
    """Sentences that name one person by a number, a variant by its rs number, and a zygosity or a call."""
    if "rs" not in text:
        return None
    people, found, variants = set(), [], set()
    for match in _RS.finditer(text):
        start, end = sentence(text, match.start())
        near = text[start:end]
        person = _NUMBERED.search(near)
        if person and (ZYGOTIC.search(near) or _CALLED.search(near)) and not PEOPLE_COUNTED.search(near):
            found.append(match.start())
            people.add(person[0].lower())
            variants.add(match[0])
    if not found:
        return None
    line = text.count("\n", 0, found[0]) + 1
    why = f"{len(found)} place(s) name a person by number, a variant, and a zygosity or a call"
    return "notes", len(people), len(variants), _LIKELY, why, line


def _types_in_sentences(text: str) -> Said | None:
    """HLA types of a person: two alleles of several loci in one sentence."""
    if "*" not in text:
        return None
    for match in _HLA.finditer(text):
        start, end = sentence(text, match.start(), (". ", "\n"))
        loci = Counter(other[1].upper() for other in _HLA.finditer(text[start:end]))
        if sum(times == 2 for times in loci.values()) >= 2 and not PEOPLE_COUNTED.search(text[start:end]):  # two loci
            line = text.count("\n", 0, match.start()) + 1
            return "notes", 1, len(loci), _LIKELY, f"two alleles each of {len(loci)} HLA loci in one sentence", line
    return None


def sentence(text: str, place: int, marks: tuple[str, ...] = (". ", "\n", "; ")) -> tuple[int, int]:
    """The sentence, or line of a note, around a place; at most 300 characters either way."""
    before = max(text.rfind(mark, max(0, place - 300), place) for mark in marks)
    ends = [end for mark in marks if (end := text.find(mark, place, place + 300)) >= 0]
    return (before + 1 if before >= 0 else max(0, place - 300)), min(ends, default=place + 300)


DETECTORS = (hla, repeats, haplogroups, zygosities, noted, one_sample, copies)
