"""Genotypes by shape, whatever the columns are called: calls, allele pairs, three states, dosages, strings, long records, carriers.

`genotype_shape` gives the best of several detectors. Each one states its evidence as log-odds (nats), from likelihoods of
`stats.genotype` where states are counted and from the grammar of the cells where alleles are written out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise import _genotype_alleles as alleles
from sdc_airlock.recognise import _genotype_headed as headed
from sdc_airlock.recognise import _genotype_listed as listed
from sdc_airlock.recognise import _genotype_named as named
from sdc_airlock.recognise import _genotype_numbers as numbers
from sdc_airlock.recognise import _genotype_person as person
from sdc_airlock.recognise import _genotype_prose as prose
from sdc_airlock.recognise import _genotype_records as records
from sdc_airlock.recognise._genotype_cells import FEW_STATES, Cells, encode
from sdc_airlock.recognise._genotype_coded import coded
from sdc_airlock.recognise._genotype_evidence import PRIOR, laid
from sdc_airlock.recognise._genotype_lines import in_lines, keyed_letters, members, packed_runs, spelt
from sdc_airlock.recognise._genotype_runs import column_runs, gapped, row_run
from sdc_airlock.recognise._genotype_slots import slotted
from sdc_airlock.recognise._genotype_states import symbol_matrices, table_of_codes
from sdc_airlock.recognise._genotype_text import matrices, strings_under_names

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table, TextPart
    from sdc_airlock.recognise._genotype_evidence import Evidence

# log-odds from which a shape is reported at all; 2.2 is a probability of 0.9
LEAST_LOG_ODDS = 2.2
LEAST_ROWS = 3
# probability from which states are called genotypes where nobody has called them anything: colours, lengths, marks of an alphabet
SURE = 0.99
# what it costs to have undone the writing of lines
SPELT = 2.0
# the layout says so, the states are too few to be counted
NAMED_STRINGS = 0.95

Detector = Callable[["Cells", "Table"], "Evidence | None"]
_DETECTORS: tuple[Detector, ...] = (
    alleles.calls,
    alleles.allele_columns,
    numbers.states,
    numbers.dosages,
    records.strings,
    records.long_states,
    records.paired_rows,
    records.carriers,
    records.carrier_lines,
    coded,
    in_lines,
    *named.DETECTORS,
    *listed.DETECTORS,
    *person.DETECTORS,
    *headed.DETECTORS,
    *prose.DETECTORS,
    column_runs,
    gapped,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class GenotypeShape:
    """Genotype-shaped content of a table.

    Attributes:
        layout: "wide" (people in rows), "transposed" (markers in rows), "long" (one call a row), "strings" (one string a
            person), "records" (one person's calls), "carriers" (people listed by variant), "lists" (variants listed by person),
            "windows" (counts of alleles over some markers), "types" (HLA types,
            repeats, haplogroups), "notes" (spelt out in a text).
        people, markers: How many are seen, None where the layout does not say; of the rows looked at where a table is streamed.
        score: Probability, 0 to 1, that these are genotypes of single people.
        why: Evidence in words, without values.
        columns: Places of the columns that hold them.
        ratio: Log-likelihood ratio (nats) of genotypes against the best other explanation of the states, None where the writing of the
            cells decided. The prior odds of a table to hold genotypes take 6 of it.
    """

    layout: str
    people: int | None
    markers: int | None
    score: float
    why: tuple[str, ...]
    columns: tuple[int, ...]
    ratio: float | None = None


def _plausible(cells: Cells) -> bool:
    """False for tables that cannot hold genotypes: no column of few states, no long strings, no fractions."""
    few = (cells.states <= FEW_STATES) & (cells.filled > 0)
    return bool(few.any()) or cells.rows >= LEAST_ROWS


# recognition and the check ask for the shape of the same table one after the other
_REMEMBERED = 300
_SMALL_TABLE = 5000
_remembered: dict[int, tuple[Table, GenotypeShape | None]] = {}


def genotype_shape(table: Table) -> GenotypeShape | None:
    """The genotype-shaped content of a table, or None.

    Args:
        table: Any table; a streamed one is judged on its sample.

    Returns:
        The likeliest shape, with a score of at least 0.9.
    """
    known = _remembered.get(id(table))
    if known is not None and known[0] is table:
        return known[1]
    shape = _shape(table)
    if len(_remembered) >= _REMEMBERED:
        _remembered.clear()
    if table.sample_rows <= _SMALL_TABLE:
        _remembered[id(table)] = (table, shape)
    return shape


def _shape(table: Table) -> GenotypeShape | None:
    cells = encode(table.columns)
    if table.sample_rows < LEAST_ROWS:
        return _told(row_run(table) or (None if cells is None else prose.told(cells, table)), 1.0)
    if cells is None or not _plausible(cells):
        return None
    best = _likeliest(cells, table)
    return _told(best, (table.n_rows / cells.rows) if table.n_rows and cells.rows else 1.0)


def _likeliest(cells: Cells, table: Table) -> Evidence | None:
    found = [evidence for detector in _DETECTORS if (evidence := detector(cells, table)) is not None]
    return max(found, key=lambda evidence: evidence.log_odds, default=None)


def log_odds(table: Table) -> float:
    """Log-odds (nats) of the likeliest genotype reading of a table, -infinity where there is none; for calibration."""
    cells = encode(table.columns)
    best = None if cells is None else _likeliest(cells, table)
    return -math.inf if best is None else best.log_odds


def _told(best: Evidence | None, scale: float) -> GenotypeShape | None:
    """What is said of the best evidence; `scale` is how many times more rows the table has than were looked at."""
    if best is None or best.log_odds < LEAST_LOG_ODDS:
        return None
    people, markers = best.people, best.markers
    if best.rows_are == "people" and people is not None:
        people = round(people * scale)
    if best.rows_are == "markers" and markers is not None:
        markers = round(markers * scale)
    return GenotypeShape(
        layout=best.layout,
        people=people,
        markers=markers,
        score=1 / (1 + math.exp(-min(best.log_odds, 30.0))),
        why=best.why,
        columns=tuple(int(column) for column in np.unique(np.array(best.columns, dtype=np.int64))),
        ratio=best.log_odds - PRIOR if best.counted else None,
    )


def genotypes_in_text(text: TextPart) -> tuple[GenotypeShape, int] | None:
    """Genotypes pasted into a text that is no table (code, a log, prose).

    Returns:
        The likeliest shape and the number of its first line, or None.
    """
    found = [
        (shape, table.first_row)
        for table in matrices(text.part_id, text.text, text.first_line)
        if (shape := genotype_shape(table)) is not None
    ]
    if found:
        return max(found, key=lambda one: one[0].score)
    for line, codes in symbol_matrices(text.text):
        shape = genotype_shape(table_of_codes(text.part_id, codes))
        if shape is not None and shape.score >= SURE:
            return shape, text.first_line + line - 1
    if strung := strings_under_names(text.text):
        why = (f"{strung[0]} names, each followed by a string of {strung[1]} states",)
        return GenotypeShape(
            layout="strings", people=strung[0], markers=strung[1], score=NAMED_STRINGS, why=why, columns=()
        ), text.first_line
    if shorter := _shorter(text):
        return shorter
    if said := prose.prose_in_text(text.text):
        layout, people, markers, odds, words, line = said
        score = 1 / (1 + math.exp(-odds))
        return GenotypeShape(
            layout=layout, people=people, markers=markers, score=score, why=(words,), columns=()
        ), text.first_line + line - 1
    return None


# log-odds of lists of numbered people: not counted, and told by their form alone
_LISTED = 2.7


def _shorter(text: TextPart) -> tuple[GenotypeShape, int] | None:
    """Genotypes that lines of a text spell shorter, and lists of carriers."""
    lines = text.text.split("\n")
    best: tuple[GenotypeShape, int] | None = None
    for table in slotted(text.part_id, lines, text.first_line):
        shape = genotype_shape(table)
        if shape is not None and shape.score >= SURE and (best is None or shape.score > best[0].score):
            best = replace(shape, columns=()), table.first_row
    for one in (*spelt(lines), *packed_runs(text.text), *keyed_letters(text.text)):
        evidence = laid(one.codes, known_order=one.known, columns=(), words=one.words, price=SPELT)
        shape = _told(evidence, 1.0)
        if shape is not None and shape.score >= SURE and (best is None or shape.score > best[0].score):
            best = replace(shape, columns=()), text.first_line + one.line - 1
    if best is None and (lists := members(lines)):
        people, markers, words, line = lists
        score = 1 / (1 + math.exp(-_LISTED))
        shape = GenotypeShape(layout="carriers", people=people, markers=markers, score=score, why=(words,), columns=())
        best = shape, text.first_line + line - 1
    return best
