"""Calls of one person, or of two or three, a variant a row: 0, 1, 2, dosages or probabilities of the genotypes beside the names or places of variants, and nothing that counts people."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise._genotype_cells import Cells, marker_share
from sdc_airlock.recognise._genotype_evidence import Evidence
from sdc_airlock.recognise._genotype_named import COHORT_MEASURE, COUNTED, HGVS

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Table

    Floats = npt.NDArray[np.float64]

LEAST_ROWS = 20
MOST_COLUMNS, MOST_BESIDE = 3, 12
_NAMED, _ONCE = 0.8, 0.9
# shares of the states nought and one, and of two, that a person's have at least
_COMMON, _RARE, _FEWEST = 0.05, 0.01, 2
# dosages: how far from a state, how far beyond the last one, and the share that lies so near
_NEAR, _BEYOND, _CROWDED = 0.2, 0.3, 0.9
# changes from row to row, as a share of those of a column in any order: numbers of blocks and clusters hardly change
_CHANGES = 0.3
_SURE, _LIKELY = 6.0, 3.5
_STATES = 3
# sums of printed chances, from where one of them settles it, and the share of variants where one does
_ROUNDED, _SETTLED, _MOSTLY_SETTLED = 0.011, 0.9, 0.6
# three chances that sum to one are those of other things, too
_CLASSES = re.compile(
    r"benign|pathogen|neutral|delet|damag|toler|lof|class|tissue|pop|hypothes|h\d|state|cell|type|eur|afr|eas|amr|sas", re.IGNORECASE
)
_DOSE = re.compile(
    r"dos(?:e|es|age)s?|ds|gt|geno(?:type)?s?|calls?|copies|(?:n_?)?(?:alt|minor|risk|effect)_?(?:alleles?|copies|count|dos\w*)|allele_?(?:count|dos\w*|copies)|state|zyg(?:osity)?",
    re.IGNORECASE,
)
# what else is numbered from nought to two, a variant a row
_OTHER = re.compile(
    r"cluster|tier|rank|group|set|(?:^|_)cs(?:_|$)|class|categor|block|locus|loci|signal|stud(?:y|ies)|tissue|tool|evidence|level|flag|phase|score|build|strand|ploid|hits|gene|paper|pmid|credible|index|order|"
    r"priorit|confid|quality|star|bin$|fold|batch|chip|array|panel|version|missing|replicat|direction|sign|module|component|region",
    re.IGNORECASE,
)
_CHROMOSOME = re.compile(r"(?:chr(?:om(?:osome)?)?_?)?(?:\d{1,2}|X|Y|XY|MT?)", re.IGNORECASE)
_ALLELE = re.compile(r"[ACGTNID*.-]{1,60}|<[A-Z:]+>", re.IGNORECASE)
_MOST_CHROMOSOMES, _LEAST_PLACE = 26, 1000


def one_person(cells: Cells, table: Table) -> Evidence | None:
    """Variants in rows, each once, and beside them only states or dosages in one to three columns."""
    del table
    width = len(cells.names)
    if cells.rows < LEAST_ROWS or not 2 <= width <= MOST_BESIDE:
        return None
    keys = _keys(cells)
    if not keys:
        return None
    states, other = [], []
    for index in range(width):
        if index in keys or cells.states[index] <= 1:
            continue
        kind = _kind(cells, index)
        if kind == "state":
            states.append(index)
        elif kind == "number":
            other.append(index)
    names = [cells.names[index].strip() for index in range(width)]
    counted = any(COHORT_MEASURE.fullmatch(names[index]) or COUNTED.fullmatch(names[index]) for index in other)
    called = [index for index in states if _DOSE.fullmatch(names[index])]
    if counted or not 1 <= len(states) <= MOST_COLUMNS:
        return None
    if not called and (other or any(_OTHER.search(names[index]) for index in states)):
        return None
    kept = called or states
    why = f"{cells.rows} variants, each once, and {len(kept)} column(s) of 0, 1 and 2 beside them: states of one person each, as nothing says that people are counted"
    return Evidence(
        layout="records",
        people=len(kept),
        markers=cells.rows,
        log_odds=_SURE if called else _LIKELY,
        why=(why,),
        columns=tuple(kept),
        rows_are="markers",
    )


def _keys(cells: Cells) -> list[int]:
    """Columns that name the variant of a row, or its chromosome and place; none where rows are no variants or come again."""
    for index in range(len(cells.names)):
        if cells.states[index] < _ONCE * cells.rows:
            continue
        tokens = [cells.tokens[code] for code in cells.distinct(index)[:100]]
        if marker_share(tokens) > _NAMED or sum(bool(HGVS.search(token)) for token in tokens) > _NAMED * len(tokens):
            return [index]
    for index in range(len(cells.names) - 1):
        if _chromosome(cells, index) and (place := _numbers(cells, index + 1)) is not None and float(np.median(place)) >= _LEAST_PLACE:
            pairs = np.unique(cells.codes[[index, index + 1]], axis=1).shape[1]
            if pairs >= _ONCE * cells.rows and (place == np.round(place)).all():
                return [index, index + 1]
    return []


def _chromosome(cells: Cells, index: int) -> bool:
    tokens = [cells.tokens[code] for code in cells.distinct(index)[: _MOST_CHROMOSOMES + 1]]
    return 1 <= len(tokens) <= _MOST_CHROMOSOMES and all(_CHROMOSOME.fullmatch(token) for token in tokens)


def _numbers(cells: Cells, index: int) -> Floats | None:
    """Numbers of the filled cells of a column; None where some cell is none, and where nothing is filled."""
    try:
        found = np.array([float(cells.tokens[code]) for code in cells.codes[index] if code >= 0])
    except ValueError:
        return None
    return found if len(found) else None


def _kind(cells: Cells, index: int) -> str:
    """What a column beside variants is: "state", "number", or "word" (alleles, genes, classes)."""
    values = _numbers(cells, index)
    if values is None:
        return "word"
    if _states(cells, index, values):
        return "state"
    tokens = [cells.tokens[code] for code in cells.distinct(index)[:50]]
    if _chromosome(cells, index) and cells.states[index] > _STATES:
        return "word"
    placed = (values == np.round(values)).all() and float(np.median(values)) >= _LEAST_PLACE and cells.states[index] >= _ONCE * cells.rows
    return "word" if placed or all(_ALLELE.fullmatch(token) for token in tokens) else "number"


def _states(cells: Cells, index: int, values: Floats) -> bool:
    """True for 0, 1 and 2 in the shares that a person has them, or numbers that crowd about these."""
    near = np.round(values)
    if values.min() < -_BEYOND or values.max() > 2 + _BEYOND or set(np.unique(near).tolist()) != {0.0, 1.0, 2.0}:
        return False
    if (np.abs(values - near) <= _NEAR).mean() < _CROWDED:
        return False
    shares = np.array([(near == state).mean() for state in range(_STATES)])
    if shares[:2].min() < _COMMON or shares[2] < _RARE or (near == 2).sum() < _FEWEST:
        return False
    changes = float((np.diff(near) != 0).mean())
    return changes >= _CHANGES * float(1 - (shares**2).sum())


def posteriors(cells: Cells, table: Table) -> Evidence | None:
    """Variants in rows, each once, and beside them three columns that sum to one, in most rows all of it in one of them: how sure each genotype is.

    Shares of genotypes among many people sum to one as well, and hardly anywhere are all of them heterozygous.
    """
    del table
    width = len(cells.names)
    if cells.rows < LEAST_ROWS or not _STATES < width <= MOST_BESIDE or not (keys := _keys(cells)):
        return None
    numbers = {index: found for index in range(width) if index not in keys and (found := _chances(cells, index)) is not None}
    for index in numbers:
        three = [index, index + 1, index + 2]
        if not all(place in numbers for place in three) or any(_CLASSES.search(cells.names[place]) for place in three):
            continue
        chances = np.stack([numbers[place] for place in three])
        if np.abs(chances.sum(axis=0) - 1).max() > _ROUNDED:
            continue
        sure = chances > _SETTLED
        if sure.any(axis=0).mean() >= _MOSTLY_SETTLED and sure.sum(axis=1).min() >= max(_FEWEST, _RARE * cells.rows):
            why = f"{cells.rows} variants, each once, and three columns beside them that sum to one, mostly in one of them: probabilities of the genotypes of one person"
            return Evidence(
                layout="records", people=1, markers=cells.rows, log_odds=_LIKELY, why=(why,), columns=tuple(three), rows_are="markers"
            )
    return None


def _chances(cells: Cells, index: int) -> Floats | None:
    """Numbers of a column that are all there and lie from nought to one."""
    found = _numbers(cells, index)
    if found is None or len(found) < cells.rows or found.min() < 0 or found.max() > 1 + _ROUNDED:
        return None
    return found


DETECTORS = (one_person, posteriors)
