"""Genotypes as records: one string of states a person, one call a row, two rows a person, carriers by variant."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise._genotype_alleles import allele_cells, row_labels
from sdc_airlock.recognise._genotype_cells import FEW_STATES, Cells, encode, marker_share
from sdc_airlock.recognise._genotype_evidence import Evidence, three_states, unordered_states
from sdc_airlock.recognise._genotype_named import HGVS
from sdc_airlock.recognise._genotype_states import usable
from sdc_airlock.recognise.lexicon import values
from sdc_airlock.stats.genotype import neighbour_correlation

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Table

    Ints = npt.NDArray[np.int64]

LONG_ROWS = 6000
IUPAC = frozenset("ACGTRYSWKMBDHVN-?.")
STRING_LENGTH = 20
LEAST_STRINGS, LEAST_HAPLOTYPE = 10, 50
LEAST_STATES, LEAST_REPEATS = 2, 3
NO_GAPS = 0.99


def _exploded(values: list[str]) -> Ints:
    """Strings of 0, 1, 2 (and a missing code) as a matrix (people, markers)."""
    length = len(values[0])
    letters = np.array([list(value[:1500]) for value in values])
    codes = np.full((len(values), min(length, 1500)), -1, dtype=np.int64)
    for state in range(3):
        codes[letters == str(state)] = state
    return codes


def strings(cells: Cells, table: Table) -> Evidence | None:
    """One string of digits or bases a row, all of one length."""
    del table
    for index, states in enumerate(cells.states):
        first = [cells.tokens[code] for code in cells.codes[index][:5] if code >= 0]
        if states < 3 or not first or min(map(len, first)) < STRING_LENGTH:  # a string a person is seldom that of another
            continue
        values = [re.sub(r"[\s,;|]", "", value) for value in cells.column(index) if value]
        if len(values) < 3:  # some people
            continue
        length = max({len(value) for value in values}, key=[len(value) for value in values].count)
        alike = [value for value in values if len(value) == length]
        if len(alike) < 0.9 * len(values) or length < STRING_LENGTH:
            continue
        if evidence := _string_evidence(alike, length, index):
            return evidence
    return None


def _string_evidence(values: list[str], length: int, index: int) -> Evidence | None:
    letters = set().union(*map(set, values[:200]))
    log_odds = None
    if letters <= set("0123459-.?N") and letters & set("012") and len(letters - set("012")) <= 1:
        codes = _exploded(values)
        log_odds = max(3.0, three_states(codes, known_order=True).log_odds) if "2" in letters else 3.0
        why = f"strings of the same {length} digits in each row, at most four different: one state a marker"
    elif letters <= {letter.lower() for letter in IUPAC} | IUPAC or letters <= set("ABHU-?."):
        share = _majority([value.upper() for value in values[:200]], length)
        if share > 0.5:  # unrelated bases agree in a quarter of places
            log_odds, why = 5.0, f"aligned strings of {length} letters, alike in {share:.0%} of places"
    if log_odds is None and (own := _own_letters(values)) is not None:
        log_odds, why = own
    if log_odds is None:
        return None
    return Evidence(layout="strings", people=len(values), markers=length, log_odds=log_odds, why=(why,), columns=(index,))


def _own_letters(values: list[str]) -> tuple[float, str] | None:
    """Log-odds and evidence of strings in two or three symbols of their own (and a rare one for what is missing)."""
    letters = np.array([list(value[:1500]) for value in values])
    symbols, times = np.unique(letters, return_counts=True)
    common = [str(symbol) for symbol in symbols[times > 0.03 * letters.size]]
    if len(values) < LEAST_STRINGS or len(common) not in (2, 3) or int(times[np.isin(symbols, common)].sum()) < 0.9 * letters.size:
        return None
    codes: Ints = np.full(letters.shape, -1, dtype=np.int64)
    for state, symbol in enumerate(common):
        codes[letters == symbol] = state
    if _drawn(codes):
        return None
    if len(common) == 3:
        together = three_states(codes, known_order=False) if usable(codes) is not None else unordered_states(codes)
        return max(
            together.log_odds, unordered_states(codes).log_odds
        ), f"strings of the same {len(values[0])} symbols, three different: one state a marker"
    near, far, _ = neighbour_correlation(codes)
    long = codes.shape[1] >= LEAST_HAPLOTYPE and all(map(str.isalnum, common))
    if long and near > 0.25 and near > 4 * far:  # as in matrices of two states
        return 3.0, f"strings of two letters, neighbours correlated as on haplotypes (r squared {near:.2f}, far apart {far:.2f})"
    return None


def _drawn(codes: Ints) -> bool:
    """True where a row is like the one above it: lines of a picture or ruler, not of people."""
    half = len(codes) // 2
    above = float((codes[1:] == codes[:-1]).mean())
    apart = float((codes[half:] == codes[: len(codes) - half]).mean())
    return above > apart + 0.1 or len(np.unique(codes, axis=0)) < 0.5 * len(codes)  # clearly alike


def _majority(values: list[str], length: int) -> float:
    """Mean share of the commonest letter over the places of equal strings."""
    letters = np.array([list(value[:2000]) for value in values])
    best = np.zeros(min(length, 2000))
    for letter in np.unique(letters):
        best = np.maximum(best, (letters == letter).mean(axis=0))
    return float(best.mean()) if len(values) > 3 else float(best.mean()) - 0.3  # few agree by chance


def _possible_keys(cells: Cells, table: Table) -> list[int]:
    """Columns that name a sample or a marker on every row, each name on several rows."""
    import pyarrow.compute as pc

    found: list[tuple[int, int]] = []
    for index, column in enumerate(table.columns):
        if cells.filled[index] < 0.99 or cells.states[index] < 2 or _decimal(cells, index):  # keys have no gaps
            continue
        different = pc.count_distinct(column.values).as_py()
        if different <= len(column.values) / 2:
            found.append((index, different))
    rows = len(table.columns[0].values)
    # two keys name each row once only if there are as many pairs as rows, and cross only if there are not many more
    useful = {place for one in found for two in found if one != two and rows <= one[1] * two[1] <= 3 * rows for place in (one[0], two[0])}
    return sorted(useful)[:6]


def _decimal(cells: Cells, index: int) -> bool:
    """True where the first cell is a decimal fraction."""
    first = cells.tokens[cells.codes[index][0]] if cells.codes[index][0] >= 0 else ""
    return "." in first and first.replace(".", "", 1).lstrip("-").isdigit()


def _keys(cells: Cells, value: int) -> tuple[int, int] | None:
    """Two columns that together name each row once, as samples and markers do; crossed, not nested."""
    candidates = [
        i for i in range(len(cells.names)) if i != value and LEAST_STATES <= cells.states[i] <= cells.rows / 2 and cells.filled[i] > NO_GAPS
    ][:6]
    for place, first in enumerate(candidates):
        for second in candidates[place + 1 :]:
            joint = cells.codes[first] * (len(cells.tokens) + 1) + cells.codes[second]
            cross = int(cells.states[first]) * int(cells.states[second])
            if len(np.unique(joint)) == cells.rows and cells.rows >= 0.4 * cross:
                return first, second
    return None


def long_states(cells: Cells, table: Table) -> Evidence | None:
    """One row a sample and marker: two keys that cross, and a column of three states."""
    few = [int(i) for i in np.flatnonzero((cells.states >= 2) & (cells.states <= 4) & (cells.filled > 0.5))]  # three states, one missing
    if not few or len(cells.names) > 30 or cells.rows < 30:  # long records have few columns and many rows
        return None
    keyed = _possible_keys(cells, table)
    if len(keyed) < 2:  # a sample and a marker
        return None
    columns = sorted({*keyed, *few[:6]})
    longer = encode([table.columns[index] for index in columns], LONG_ROWS)
    if longer is None:
        return None
    best: Evidence | None = None
    for value in range(len(columns)):
        if columns[value] not in few[:6]:
            continue
        keys = _keys(longer, value)
        if keys is None or longer.states[value] > 4:  # as above
            continue
        evidence = _pivoted(longer, keys, value)
        if evidence is not None and (best is None or evidence.log_odds > best.log_odds):
            best = replace(evidence, columns=tuple(columns[place] for place in evidence.columns))
    return best


def _pivoted(cells: Cells, keys: tuple[int, int], value: int) -> Evidence | None:
    """Evidence of the matrix that long records spell out."""
    alphabet = sorted(cells.distinct(value), key=lambda code: -int((cells.codes[value] == code).sum()))[:3]
    alphabet = sorted(alphabet, key=lambda code: cells.tokens[code])
    turned = np.full(len(cells.tokens) + 1, -1, dtype=np.int64)
    turned[alphabet] = range(len(alphabet))
    places = [np.unique(cells.codes[key], return_inverse=True)[1] for key in keys]
    matrix = np.full((places[0].max() + 1, places[1].max() + 1), -1, dtype=np.int64)
    matrix[places[0], places[1]] = turned[cells.codes[value]]
    known = [cells.tokens[code] for code in alphabet] in (["0", "1", "2"], ["1", "2", "3"], ["AA", "AB", "BB"])
    best: Evidence | None = None
    for people, markers in ((0, 1), (1, 0)):
        codes = matrix if people == 0 else matrix.T
        named = marker_share([cells.tokens[code] for code in cells.distinct(keys[markers])[:200]])
        found = three_states(codes, known_order=known, named=named)
        if best is None or found.log_odds > best.log_odds:
            best = Evidence(
                layout="long",
                people=codes.shape[0],
                markers=codes.shape[1],
                log_odds=found.log_odds,
                why=("two columns that name a sample and a marker on each row, and a state", *found.why),
                columns=(keys[people], keys[markers], value),
                rows_are="calls",
                counted=True,
            )
    return best


def paired_rows(cells: Cells, table: Table) -> Evidence | None:
    """Two rows a person, one allele each, as STRUCTURE has them: a name that comes twice in turn, and columns of allele sizes."""
    del table
    if cells.rows < 10 or len(cells.names) < 5:  # some people, some markers
        return None
    for name in range(min(3, len(cells.names))):
        codes = cells.codes[name]
        even = codes[: len(codes) // 2 * 2].reshape(-1, 2)
        twice = float((even[:, 0] == even[:, 1]).mean())
        if twice < 0.95 or abs(int(cells.states[name]) - len(even)) > 0.05 * len(even) + 1:  # names that come just twice
            continue
        markers = [
            i
            for i in range(name + 1, len(cells.names))
            if LEAST_REPEATS <= cells.states[i] <= FEW_STATES and allele_cells(cells, i) and _within(cells, i)
        ]
        if len(markers) >= 4:  # some markers
            why = (f"each name comes on two rows in turn, with {len(markers)} columns of allele sizes",)
            return Evidence(layout="wide", people=len(even), markers=len(markers), log_odds=4.0, why=why, columns=tuple(markers))
    return None


def _within(cells: Cells, index: int) -> bool:
    """True where the two rows of a person agree sometimes, and differ sometimes."""
    even = cells.codes[index][: cells.rows // 2 * 2].reshape(-1, 2)
    both = (even >= 0).all(axis=1)
    alike = float((even[both, 0] == even[both, 1]).mean()) if both.any() else 0.0
    return 0.02 < alike < 0.98  # neither never nor always


LISTED = re.compile(r"\d[,;| ]++\S*\d")
ITEM = re.compile(r"^([A-Za-z_\-]{0,12})(\d{2,})$")
# accession numbers of genes, transcripts, proteins, terms and variants
ACCESSION = re.compile(
    r"^(?:ENS|rs|NM_|NP_|NR_|XM_|XP_|XR_|GO|HP|uc|CCDS|OMIM|PMID|COSM|COSV|HGNC|MIR|LOC|LINC|ORPHA|MONDO|R-HSA|hsa|chr)", re.IGNORECASE
)


def _changes(cells: Cells, but: int) -> bool:
    """True where another column names changes of DNA or protein."""
    for index in range(len(cells.names)):
        tokens = [cells.tokens[code] for code in cells.distinct(index)[:100]]
        if index != but and tokens and sum(bool(HGVS.search(token)) for token in tokens) > 0.5 * len(tokens):
            return True
    return False


def carriers(cells: Cells, table: Table) -> Evidence | None:
    """Variants in rows, and a cell that lists the people who carry each."""
    del table
    lists = np.array([bool(LISTED.search(token)) for token in cells.tokens] + [False]) if any(map(LISTED.search, cells.tokens)) else None
    if lists is None:
        return None
    listed = [i for i in range(len(cells.names)) if cells.states[i] > 1 and lists[cells.codes[i]].sum() >= 2]  # some lists
    for index in listed:
        if row_labels(cells, [index])[0] < 0.5 and not _changes(cells, index):  # rows that are variants
            continue
        items = [item for cell in cells.column(index) for item in re.split(r"[,;|\s]+", cell) if item]
        matched = [match for item in items if (match := ITEM.match(item)) and not ACCESSION.match(item)]
        prefixes = [match[1] for match in matched]
        if len(matched) < 0.9 * len(items) or not prefixes:
            continue
        common = max(set(prefixes), key=prefixes.count)
        if prefixes.count(common) > 0.9 * len(prefixes) and (common or len({len(match[2]) for match in matched}) <= 2):  # names of one make
            why = (f"rows are variants, and a column lists {len(set(items))} different names of one make: the people who carry them",)
            return Evidence(
                layout="carriers", people=len(set(items)), markers=cells.rows, log_odds=4.0, why=why, columns=(index,), rows_are="calls"
            )
    return None


_NAMED_FIRST = re.compile(
    rf"[\"'(]?(rs\d{{3,}}|(?:chr)?(?:\d{{1,2}}|[XY])[:_-]\d{{4,9}}(?:[:_-][ACGT]{{1,20}}){{0,2}}|(?:[A-Z][A-Z0-9-]{{1,9}}[ :]\s?)?{HGVS.pattern})[\"')]?[\s:;,=|>-]+(?=\S)"
)
_MOST_LINES, _LEAST_LINES, _WIDEST = 400, 5, 60
_MOSTLY = 0.8


def carrier_lines(cells: Cells, table: Table) -> Evidence | None:
    """Lines that begin with a variant and go on with names of one make, whatever stands between them: the people who carry it."""
    del table
    first = [f"{cell} ." for cell in (*cells.names[:1], *cells.column(0)[:_LEAST_LINES])]
    if cells.rows < _LEAST_LINES or len(cells.names) > _WIDEST or not any(map(_NAMED_FIRST.match, first)):
        return None
    columns = [cells.column(index)[:_MOST_LINES] for index in range(len(cells.names))]
    lines = [" ".join(cell for cell in row if cell) for row in (cells.names, *zip(*columns, strict=True))]
    begun = [(line, match) for line in lines if (match := _NAMED_FIRST.match(line))]
    if len(begun) < _MOSTLY * len(lines) or len({match[1] for _, match in begun}) < _MOSTLY * len(begun):
        return None
    items = [item for line, match in begun for item in re.split(r"[,;|\s]+", line[match.end() :]) if item]
    made = [match for item in items if (match := ITEM.match(item)) and not ACCESSION.match(item)]
    prefixes = [match[1].strip("-_").lower() for match in made]
    common = max(set(prefixes), key=prefixes.count, default="")
    if not common or len(items) < len(begun) or prefixes.count(common) < 0.9 * len(items) or common in values("code_prefixes"):
        return None
    why = (
        f"{len(begun)} lines begin with a variant and go on with {len(set(items))} different names of one make: the people who carry it",
    )
    return Evidence(
        layout="carriers",
        people=len(set(items)),
        markers=len(begun),
        log_odds=4.0,
        why=why,
        columns=tuple(range(len(cells.names))),
        rows_are="calls",
    )
