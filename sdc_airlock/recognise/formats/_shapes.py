"""Tables of people that have no telling header: told by their shape and by the arithmetic of their numbers."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

from sdc_airlock.model.content import Table
from sdc_airlock.recognise.columns import Profile, share_matching
from sdc_airlock.recognise.formats import Typed
from sdc_airlock.recognise.formats._bare import marker_map, two_traits
from sdc_airlock.recognise.formats._profiles import copy_profiles
from sdc_airlock.recognise.formats._reads import cytosines, reads
from sdc_airlock.recognise.formats._repeats import repeat_frequencies
from sdc_airlock.recognise.formats._samples import samples_on_genome
from sdc_airlock.recognise.formats._segments import cells_by_barcode, shared_segments
from sdc_airlock.recognise.formats._ties import Numbers

_FEWEST_PEOPLE = 6
_FEWEST_QUANTILES = 20
_PRINTED = 0.01
_LINES = 200
_MOST_VARIABLES = 1500
_ROUNDING = 0.01
_WIDEST = 5000
_PARENTS = (("FATHER", "MOTHER"), ("PAT", "MAT"), ("FATHER_ID", "MOTHER_ID"), ("PATERNAL_ID", "MATERNAL_ID"), ("FATHERID", "MOTHERID"), ("DADID", "MOMID"), ("DAD", "MUM"), ("DAD", "MOM"), ("SIRE", "DAM"), ("PID", "MID"), ("FA", "MO"), ("PATID", "MATID"))  # fmt: skip
_HLA = re.compile(r"(?:HLA[-_])?(?:A|B|C|E|F|G|DRA|DRB[1-9]|DQA1|DQB1|DPA1|DPB1|MICA|MICB)[*_]\d{2,3}(?::?\d{2,3}){0,3}[A-Z]?")
_P_VALUES = frozenset({"P", "P_VALUE", "PVALUE", "PVAL", "P.VALUE", "P_FET", "P_CHI", "FISHER.P", "CHISQ.P", "H.PVAL"})
_EFFECTS = frozenset({"OR", "BETA", "ODDS_RATIO", "H.EST", "H.EST_OR", "EST", "ESTIMATE", "EFFECT", "CHISQ.ST"})
_NEARLY_ALL = 0.97
_CALLED = frozenset({"PC", "EV", "EIGENVEC", "V", "C", "DIM", "MDS"})


def _numeric(typed: Typed) -> list[Profile]:
    return [one for one, _, _ in typed if one.numeric]


def triangle(table: Table, typed: Typed) -> bool:
    """GCTA: row, column, markers and value of a lower triangle, row by row."""
    columns = [one for one, _, _ in typed]
    if not 3 <= len(columns) <= 4 or table.sample_rows < _FEWEST_PEOPLE or not all(one.numeric for one in columns):
        return False
    rows, across = columns[0].numbers, columns[1].numbers
    most = min(len(rows), 500)
    wanted = np.array([(i, j) for i in range(1, 40) for j in range(1, i + 1)][:most], np.float64)
    most = len(wanted)
    return bool(np.array_equal(rows[:most], wanted[:, 0]) and np.array_equal(across[:most], wanted[:, 1]))


def square(table: Table, typed: Typed) -> bool:
    """A symmetric matrix of kinship, relationship or identity by state."""
    from sdc_airlock.stats.relatedness import kinship_of

    numeric = _numeric(typed)
    rows = table.sample_rows
    if len(numeric) < _FEWEST_PEOPLE or not len(numeric) == rows <= _WIDEST:
        return False
    matrix = np.column_stack([one.numbers for one in numeric])
    return bool(kinship_of(matrix))


def half(table: Table, typed: Typed) -> bool:
    """The lower triangle of such a matrix, a row a person, with the diagonal or without (PLINK, KING)."""
    from sdc_airlock.stats.relatedness import relatives_of

    if table.named:
        return False
    if len(typed) == 1:
        made = _of_lines(typed[0][0])
        return made is not None and relatives_of(made)
    numeric = [one for one, _, _ in typed if one.numeric]
    if not _FEWEST_PEOPLE <= len(numeric) <= _WIDEST or not 0.7 * table.sample_rows <= len(numeric) <= table.sample_rows + 1:
        return False
    return relatives_of(np.column_stack([one.numbers for one in numeric]))


def _of_lines(one: Profile) -> npt.NDArray[np.float64] | None:
    """Lines of numbers, one more in each, as a triangle; None for others."""
    lines = [one.cells.text[code].split() for code in one.cells.codes[:_LINES].tolist()]
    first = len(lines[0]) if lines else 0
    if len(lines) < _FEWEST_PEOPLE or not 0 < first <= 2 or any(len(line) != first + place for place, line in enumerate(lines)):
        return None
    made = np.full((len(lines), len(lines[-1])), np.nan)
    try:
        for place, line in enumerate(lines):
            made[place, : len(line)] = [float(cell) for cell in line]
    except ValueError:
        return None
    return made


def correlations(table: Table, typed: Typed) -> bool:
    """A square of correlations: ones on the diagonal, the same on both sides, nothing beyond one, and no negative eigenvalue."""
    numeric = _numeric(typed)
    rows = table.sample_rows
    if not _FEWEST_PEOPLE <= len(numeric) == rows <= _MOST_VARIABLES or len(typed) - len(numeric) > 1 or not table.whole:
        return False
    matrix = np.column_stack([one.numbers for one in numeric])
    if not np.isfinite(matrix).all() or np.abs(np.diag(matrix) - 1).max() > 1e-6 or np.abs(matrix).max() > 1 + 1e-6:
        return False
    return bool(np.allclose(matrix, matrix.T, atol=1e-6) and np.linalg.eigvalsh(matrix)[0] > -_ROUNDING * rows)


def components(table: Table, typed: Typed) -> bool:
    """One or two names, then columns of small decimals around nought, at right angles to each other."""
    columns = [(one, role) for one, role, _ in typed]
    if table.sample_rows < _FEWEST_PEOPLE:
        return False
    labels = [one for one, _ in columns if not one.numeric or (one.unique == 1 and one.whole)]
    numeric = [one for one, _ in columns if one.numeric and not one.whole]
    if table.named and not _numbered(numeric):
        return False
    if not labels or len(numeric) < 2 or len(labels) + len(numeric) < len(columns) or labels[0].unique < 1:
        return False
    matrix = np.column_stack([one.numbers for one in numeric[:20]])
    if not np.isfinite(matrix).all():
        return False
    norms = np.sqrt((matrix**2).sum(axis=0))
    if norms.min() == 0 or np.abs(matrix).max() > 1:
        return False
    cosines = (matrix / norms).T @ (matrix / norms) - np.eye(len(norms))
    # rounding, and rows left out, tilt them a little
    return bool(np.abs(cosines).max() < 0.05 and np.abs(norms - 1).max() < 0.05)


def _numbered(numeric: list[Profile]) -> bool:
    """True for names such as PC1, PC2."""
    names = [one.name.strip().rstrip("0123456789").strip("._- ").upper() for one in numeric]
    return all(name in _CALLED for name in names)


def proportions(table: Table, typed: Typed) -> bool:
    """Nothing but shares of ancestry: three or more digits each, every row a whole, no header."""
    columns = [one for one, _, _ in typed]
    if table.named or not 2 <= len(columns) <= 40 or table.sample_rows < _FEWEST_PEOPLE or not all(one.numeric for one in columns):
        return False
    if len(columns) == table.sample_rows:
        return False  # chances to go from state to state
    matrix = np.column_stack([one.numbers for one in columns])
    if not np.isfinite(matrix).all() or matrix.min() < 0:
        return False
    places = np.concatenate([one.cells.places for one in columns])
    return bool(np.median(places) >= 4 and np.abs(matrix.sum(axis=1) - 1).max() < 1e-4 * matrix.shape[1])


def pedigree(table: Table, typed: Typed) -> bool:
    """People with their parents, who are people of the same list."""
    if not table.named:
        return False
    columns = {one.name.strip().lstrip("#").upper().replace(" ", "_"): one for one, _, _ in typed}
    for father, mother in _PARENTS:
        if father in columns and mother in columns:
            parents = _words(columns[father]) | _words(columns[mother])
            others = [one for name, one in columns.items() if name not in (father, mother)]
            known = {"", "0", "NA", "-9", ".", "-1"}
            named = parents - known
            people: set[str] = set().union(*(_words(one) for one in others if one.unique > 0.9)) if others else set()
            if named and len(named & people) >= 0.5 * len(named):
                return True
    return False


def quantiles(table: Table, typed: Typed) -> bool:
    """Two columns in order, of which one is minus the logarithm of 1, 2, 3 ... over one more than there are, whichever way that is counted."""
    columns = [one for one, _, _ in typed if one.numeric]
    if len(columns) != len(typed) or len(columns) != 2 or table.sample_rows < _FEWEST_QUANTILES or not table.whole:
        return False
    found = [np.sort(one.numbers)[::-1] for one in columns]
    if not all(
        np.isfinite(numbers).all() and numbers[-1] >= 0 and _in_order(one.numbers) for numbers, one in zip(found, columns, strict=True)
    ):
        return False
    count = table.sample_rows
    places = np.arange(1, count + 1)
    wanted = [
        -np.log10(shares) for shares in (places / (count + 1), (places - 0.5) / count, places / count, (places - 0.375) / (count + 0.25))
    ]
    return any(float(np.abs(numbers - one).max()) < _PRINTED for numbers in found for one in wanted)


def _in_order(numbers: Numbers) -> bool:
    steps = np.diff(numbers)
    return bool(np.all(steps >= 0) or np.all(steps <= 0))


def modules(table: Table, typed: Typed) -> bool:
    """PASS, WARN or FAIL, and the name of a module of FastQC."""
    if table.named or len(typed) != 3:
        return False
    verdicts, names = (_words(one) for one, _, _ in typed[:2])
    return verdicts <= {"PASS", "WARN", "FAIL"} and "Basic Statistics" in names


def hla_alleles(table: Table, typed: Typed) -> bool:
    """One HLA allele a row, each once, beside a p-value and an odds ratio or an effect."""
    if not table.named or len(typed) < 3:
        return False
    stub = typed[0][0]
    names = {one.name.strip().upper() for one, _, _ in typed[1:]}
    if stub.numeric or stub.unique < 1 or not names & _P_VALUES or not names & _EFFECTS:
        return False
    return share_matching(stub.cells, _HLA) > _NEARLY_ALL


def _words(one: Profile) -> set[str]:
    return {one.cells.text[code].strip() for code in set(one.cells.codes.tolist())}


Test = Callable[[Table, Typed], bool]
SHAPES: Mapping[str, Test] = {
    "triangle": triangle,
    "square": square,
    "half": half,
    "correlations": correlations,
    "components": components,
    "proportions": proportions,
    "pedigree": pedigree,
    "quantiles": quantiles,
    "modules": modules,
    "samples": samples_on_genome,
    "profiles": copy_profiles,
    "segments": shared_segments,
    "barcodes": cells_by_barcode,
    "reads": reads,
    "cytosines": cytosines,
    "hla": hla_alleles,
    "repeats": repeat_frequencies,
    "markers": marker_map,
    "two_traits": two_traits,
}

__all__ = ["SHAPES"]
