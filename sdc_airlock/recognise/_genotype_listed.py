"""Genotypes as lists and reports of a person: differences from a reference, variants that a person carries, diplotypes of one person."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING

from sdc_airlock.recognise._genotype_cells import Cells, marker_share
from sdc_airlock.recognise._genotype_evidence import Evidence
from sdc_airlock.recognise._genotype_named import HAPLOGROUP, all_match, of_classes

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table

# 73G, 315.1C, 523-524d, A73G, del249
_DIFFERENCE = re.compile(r"[ACGT]?\d{1,5}(?:\.\d+)?(?:[ACGTRYKMSW]|d|del|ins[ACGT]*)|\d{1,5}-\d{1,5}d(?:el)?|del\d{1,5}")
_LIST = re.compile(r"\S+(?:[,;\s]+\S+){2,}")
_PARTS = re.compile(r"[,;\s]+")
_DIPLOTYPE = re.compile(
    r"\*\d{1,3}[A-Z]{0,2}(?:x\d|x?N)?\s?/\s?\*\d{1,3}[A-Z]{0,2}(?:x\d|x?N)?|-?\d{3,5}[ACGT](?:>[ACGT])?/[ACGT]|rs\d+ ?[ACGT]/[ACGT]"
)
_PHARMACOGENE = re.compile(
    r"(?:CYP\d[A-Z]\d{1,2}|SLCO1B1|TPMT|NUDT15|DPYD|UGT1A\d+|UGT2B\d+|VKORC1|IFNL[34]|G6PD|NAT[12]|ABCG2|ABCB1|RYR1|CACNA1S|MT-RNR1|COMT|OPRM1|GST[MTP]1|MTHFR|F2|F5|CFTR|HLA-[A-Z]\w*)"
)
# haplogroups alternate digits and letters, people are numbered
_NUMBERED = re.compile(r"\d{3}")
LEAST_ROWS, LEAST_LISTED, LEAST_GENES = 8, 3, 3
# how often a difference or a variant comes in lists of people, at least, in the middle
_RECURS = 3
_MOSTLY, _SURE, _LIKELY = 0.8, 6.0, 3.5
_PROBE = 6


def _rows(cells: Cells) -> list[list[str]]:
    """Cells of each row without empty ones; a header that is one more row of the same kind counts."""
    columns = [cells.column(index) for index in range(len(cells.names))]
    return [[cell for cell in row if cell] for row in (cells.names, *zip(*columns, strict=True))]


def lists(cells: Cells, table: Table) -> Evidence | None:
    """A row a person that lists differences from a reference sequence, or variants, of which most come in several rows."""
    # lists that were taken out of the cells of another table are judged there, with what stands beside them
    if cells.rows < LEAST_ROWS - 1 or "!told" in table.part_id:
        return None
    rows = _rows(cells)
    middle = len(rows) // 2
    if not any(_listed(row) for row in rows[middle : middle + _PROBE]):
        return None
    found = [listed for row in rows if (listed := _listed(row))]
    if len(found) < max(LEAST_ROWS, _MOSTLY * (len(rows) - 1)):
        return None
    times = Counter(one for listed in found for one in set(listed))
    lengths = [len(listed) for listed in found]
    if sorted(times.values())[len(times) // 2] < _RECURS or _classes(cells):
        return None
    alike = len({tuple(sorted(listed)) for listed in found}) == 1
    why = (
        f"{len(found)} rows list {min(lengths)} to {max(lengths)} of {len(times)} differences or variants, most of which come again in other rows",
    )
    columns = tuple(range(len(cells.names)))
    log_odds = _LIKELY if alike or len(found) < 2 * LEAST_ROWS else _SURE
    return Evidence(layout="lists", people=len(found), markers=len(times), log_odds=log_odds, why=why, columns=columns)


def _listed(row: list[str]) -> list[str]:
    """Variants that a row lists, in one cell or in many; none where they are not most of it."""
    longest = max(row, key=len, default="")
    pieces = [piece for piece in _PARTS.split(longest) if piece] if _LIST.fullmatch(longest) else row
    named = [piece for piece in pieces if _DIFFERENCE.fullmatch(piece)]
    if len(named) < LEAST_LISTED:
        named = [piece for piece in pieces if marker_share([piece])]
    return named if len(named) >= LEAST_LISTED and len(named) >= _MOSTLY * (len(pieces) - 1) else []


def _classes(cells: Cells) -> bool:
    """True where rows are classes: haplogroups that stand once each, or anything with counts or estimates beside it."""
    if of_classes(cells, []):
        return True
    return any(
        cells.states[index] > 0.95 * cells.rows
        and all_match(HAPLOGROUP, cells, index)
        and not any(map(_NUMBERED.search, cells.column(index)))
        for index in range(min(len(cells.names), _PROBE))
    )


def diplotypes(cells: Cells, table: Table) -> Evidence | None:
    """A report of one person: genes of drug response in rows, each once, and a diplotype beside each."""
    del table
    for index in range(min(len(cells.names), _PROBE)):
        genes = [gene for gene in cells.column(index) if _PHARMACOGENE.match(gene)]
        if len(genes) < LEAST_GENES or len(set(genes)) < len(genes) or len(genes) < _MOSTLY * cells.rows:
            continue
        for other in range(len(cells.names)):
            told = [token for token in cells.column(other) if _DIPLOTYPE.search(token.replace("\\", ""))]
            if other != index and len(told) >= max(LEAST_GENES, 0.6 * cells.rows) and not of_classes(cells, [index, other]):
                why = (f"{len(genes)} genes of drug response, each once, with one diplotype beside each",)
                return Evidence(
                    layout="types", people=1, markers=len(genes), log_odds=_SURE, why=why, columns=(index, other), rows_are="markers"
                )
    return None


DETECTORS = (lists, diplotypes)
