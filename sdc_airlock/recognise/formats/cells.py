"""What the cells of a column of a standard format can be, type by type."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

import numpy as np
import numpy.typing as npt

from sdc_airlock.recognise.cells import NUMERIC_KINDS, CellKind, Cells
from sdc_airlock.recognise.labels import read_as_ids

Mask = npt.NDArray[np.bool_]

_FEW_WORDS = 40
_LONGEST_WORD = 40
_LONGEST_POSITION = 3e8
_LONGEST_LOG = 1e5
_BEST_QUALITY = 5.0
_MOST_STEPS = 1000
_LOOKED_AT = 2000
_MANY_NAMES = 60
_LONG_NUMBER, _FEWEST_NUMBERS = 5, 20
# most genes have small numbers in the catalogue of Entrez, people of a cohort have numbers of one length
_USUAL_GENE = 100_000

_CHROMOSOME = re.compile(r"(?:chr)?(?:0?[1-9]|1\d|2[0-6]|X|Y|XY|M|MT|X_?PAR[12]?|PAR[12]?)(?:_[\w.]+)?|N[CTW]_\d+\.\d+", re.IGNORECASE)
_ALLELE = re.compile(r"[ACGTN]{1,2000}|[DIR0]|-|\*|\.|<[\w:.*-]{1,40}>", re.IGNORECASE)
_ALTERNATIVES = re.compile(
    r"(?:[ACGTN]{1,2000}|-|\*|\.|<[\w:.*-]{1,40}>)(?:[,/](?:[ACGTN]{1,2000}|-|\*|\.|<[\w:.*-]{1,40}>)){0,20}", re.IGNORECASE
)
_CODED = re.compile(r"[\w.<>:*/,\[\]-]{1,60}")
_VARIANT = re.compile(
    r"(?:rs|ss|esv|nsv|essv|kgp|vg|newrs)\d+\S{0,60}|(?:exm|AX-|Affx-|GSA-|JHU_|ilmnseq|seq-|psy_|imm_|BICF|SNP_A-|cnvi|esv|chip|var_)\S{1,60}"
    r"|(?:chr)?(?:\d{1,2}|X|Y|XY|MT?)[:_.\-]\d{1,9}(?:[:_./\-]\S{0,200})?|(?:HLA|AA|SNPS?|INS)_\S{1,60}|(?:DEL|DUP|INV|CNV|BND|INS)_\S{1,80}"
    r"|(?:snp|var|variant|marker|m|v|locus|test)[_.\-]?\d+|[A-Za-z][\w-]{0,20}(?:\([\w.]+\))?\.[\w]{1,20}\.[\w.]{1,20}|\.|NC_\d+\.\d+:g\.\S{1,100}",
    re.IGNORECASE,
)
_GENE = re.compile(r"[A-Za-z][\w.@/|;:(),\-]{0,60}|ENS[A-Z]*[GTP]\d{6,}(?:\.\d+)?|\d{1,9}")
_SYMBOL = re.compile(r"ENS[A-Z]*[GTP]\d{6,}(?:\.\d+)?|(?![A-Z]*\d{4})[A-Z][A-Z0-9-]{1,12}(?:orf\d+)?|gene[_-]?\d+", re.ASCII)
_DIRECTION = re.compile(r"[+\-?0]{1,80}")
_COUNTS = re.compile(r"\d+(?:/\d+){1,2}")
_CALL = re.compile(r"[0-9.][/|][0-9.](?::|$)|(?:.*;)?(?:IND|ZYG)=")
_TRUTH = re.compile(r"true|false", re.IGNORECASE)
_LONG_DIGITS = re.compile(r"\d{5,}")


def fitting(kind: str, cells: Cells) -> float:
    """Share of the filled cells of a column that can be of a type; 0 where none is filled.

    Args:
        kind: A type of the table of formats.
        cells: The column.
    """
    filled = cells.kinds != CellKind.MISSING
    if not filled.any():
        return 0.0
    good = _TYPES[kind](cells)
    return float((good & filled).sum() / filled.sum())


def _matching(pattern: re.Pattern[str]) -> Callable[[Cells], Mask]:
    def test(cells: Cells) -> Mask:
        good: Mask = np.fromiter((pattern.fullmatch(word) is not None for word in cells.text), np.bool_, len(cells.text))
        return good[cells.codes] if len(good) else np.zeros(len(cells.codes), np.bool_)

    return test


def _between(low: float, high: float, *, whole: bool = False) -> Callable[[Cells], Mask]:
    def test(cells: Cells) -> Mask:
        numbers = cells.first
        good: Mask = np.isin(cells.kinds, list(map(int, NUMERIC_KINDS))) & (numbers >= low) & (numbers <= high)
        return good & (numbers == np.floor(numbers)) if whole else good

    return test


def _all_or_none(cells: Cells, *, good: bool) -> Mask:
    return np.full(len(cells.codes), good, np.bool_)


def _variant(cells: Cells) -> Mask:
    """Names of variants, and no ids of people."""
    strange = of_people(cells) or numbers_of_one_length(cells.text[:_LOOKED_AT])
    return _all_or_none(cells, good=False) if strange else _matching(_VARIANT)(cells)


def of_people(cells: Cells) -> bool:
    """True for names that read as ids of people: letters and a long number, or numbers alone, that never come twice."""
    words = cells.text[:_LOOKED_AT]
    digits = [word for word in words if len(word) >= _LONG_NUMBER and word.isascii() and word.isdigit()]
    numbered = len(digits) >= _FEWEST_NUMBERS and len(digits) > 0.9 * len(words) and len({len(word) for word in digits}) == 1
    return read_as_ids(words) or numbered


def named_genes(cells: Cells) -> bool:
    """True where nearly all names are those of genes: of Ensembl, or symbols in capitals without long numbers."""
    words = [word for word in cells.text[:_LOOKED_AT] if word]
    return not of_people(cells) and sum(bool(_SYMBOL.fullmatch(word)) for word in words) > 0.9 * len(words) > 0


def holds_calls(cells: Cells) -> bool:
    """True where most cells begin with a genotype call as in a VCF (`0/1:12,14`), or name a person and a zygosity (`IND=...;ZYG=HET`)."""
    words = [word for word in cells.text[:_LOOKED_AT] if word]
    return bool(words) and 2 * sum(bool(_CALL.match(word)) for word in words) > len(words)


def numbers_of_one_length(words: Sequence[str]) -> bool:
    """True for many names of variants in no order whose numbers have all as many digits: those of the catalogue have any, those of a cohort one."""
    numbers = [word[2:] for word in words if word[:2].lower() == "rs" and word[2:].isdigit()]
    return len(numbers) >= _MANY_NAMES and len({len(number) for number in numbers}) == 1 and numbers != sorted(numbers)


def _gene(cells: Cells) -> Mask:
    """Names or numbers of genes, and no ids of people."""
    words = cells.text[:_LOOKED_AT]
    numbers = [int(word) for word in words if word.isascii() and word.isdigit()]
    large = sum(number >= _USUAL_GENE for number in numbers)
    if read_as_ids(words) or large * 2 > len(words) > 0:
        return _all_or_none(cells, good=False)
    return _matching(_GENE)(cells)


def _coded(cells: Cells) -> Mask:
    """Alleles, or the names of a few masks and codes."""
    alleles = _matching(_ALLELE)(cells)
    return alleles if alleles.mean() > 0.5 or cells.distinct > _FEW_WORDS else _matching(_CODED)(cells)


def _word(cells: Cells) -> Mask:
    """A few words that come again, none of them a long number."""
    few = cells.distinct <= _FEW_WORDS
    good: Mask = np.fromiter(
        (few and len(word) <= _LONGEST_WORD and not _LONG_DIGITS.search(word) for word in cells.text), np.bool_, len(cells.text)
    )
    return good[cells.codes]


def _text(cells: Cells) -> Mask:
    return _all_or_none(cells, good=not read_as_ids(cells.text[:_LOOKED_AT]))


_number = _between(-np.inf, np.inf)
_TYPES: dict[str, Callable[[Cells], Mask]] = {
    "chromosome": _matching(_CHROMOSOME),
    "position": _between(0, _LONGEST_POSITION, whole=True),
    "allele": _matching(_ALLELE),
    "alternatives": _matching(_ALTERNATIVES),
    "coded_allele": _coded,
    "variant": _variant,
    "gene": _gene,
    "p": _between(0, 1),
    "log_p": _between(0, _LONGEST_LOG),
    "frequency": _between(0, 1),
    "share": _between(-1e-6, 1.000001),
    "correlation": _between(-1.000001, 1.000001),
    "quality": _between(-1, _BEST_QUALITY),
    "odds": _between(0, np.inf),
    "error": _between(0, np.inf),
    "chi": _between(-1e-6, np.inf),
    "level": _between(0, np.inf),
    "number": _number,
    "people": _between(0, np.inf),
    "alleles": _between(0, np.inf),
    "calls": _between(0, np.inf, whole=True),
    "things": _between(0, np.inf, whole=True),
    "steps": _between(0, _MOST_STEPS, whole=True),
    "truth": _matching(_TRUTH),
    "genotype_counts": _matching(_COUNTS),
    "direction": _matching(_DIRECTION),
    "word": _word,
    "text": _text,
    "sample": lambda cells: _all_or_none(cells, good=True),
}
TYPES = frozenset(_TYPES)

__all__ = ["TYPES", "fitting", "holds_calls", "named_genes", "numbers_of_one_length", "of_people"]
