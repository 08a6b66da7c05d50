"""Genotypes as numbers or symbols in a matrix: three states, two states of markers, dosages, probabilities."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise._genotype_cells import Cells, marker_share
from sdc_airlock.recognise._genotype_evidence import FALLING, PRIOR, Evidence, Matrix, three_states, unordered_states
from sdc_airlock.stats.genotype import falling_share, neighbour_correlation

if TYPE_CHECKING:
    import numpy.typing as npt

    from sdc_airlock.model.content import Table

    Floats = npt.NDArray[np.float64]
    Ints = npt.NDArray[np.int64]

LEAST_COLUMNS, LEAST_CALLS = 3, 60
LEAST_OWN = 10
SURE, TURNED = 9.0, 1.5
# a fourth state may be a missing code where it is rare
RARE_STATE = 0.15
NEAR_STATE = 0.1
TRIPLETS = 3
# how far the middle one of three numbers may be from the middle, as rounding leaves it
EVEN = 0.01
# probability from which a genotype is settled, as most are
CRISP = 0.8
MARKED = 8.5
THREE = ("0", "1", "2")


def _names_of_rows(cells: Cells) -> list[str]:
    """The first column with a different text on (nearly) every row, as names of the rows."""
    for index in range(min(len(cells.names), 6)):
        if cells.states[index] > 0.9 * cells.rows:
            return cells.column(index)
    return []


def _alphabet(cells: Cells, columns: Ints) -> tuple[list[int], bool] | None:
    """The three states that most columns share, in order, and whether that order is known."""
    wanted = [token for token in THREE if token in cells.tokens]
    if len(wanted) > 1:
        codes = [cells.tokens.index(token) for token in THREE if token in cells.tokens]
        inside = np.isin(cells.codes[columns], codes) | (cells.codes[columns] < 0)
        if (inside.mean(axis=1) > 1 - RARE_STATE).mean() > 0.5:  # most columns
            return (codes if len(codes) == len(THREE) else [*codes, -2], codes[0] != -1 and wanted[:2] == ["0", "1"])
    shares = Counter(
        {int(code): int(times) for code, times in zip(*np.unique(cells.codes[columns], return_counts=True), strict=True) if code >= 0}
    )
    common = [code for code, _ in shares.most_common(3)]
    total = sum(shares.values())
    if len(common) == len(THREE) and sum(shares[code] for code in common) > (1 - RARE_STATE) * total:
        return sorted(common, key=lambda code: cells.tokens[code]), False
    return None


def _coded(cells: Cells, columns: Ints, alphabet: list[int]) -> tuple[Ints, Ints]:
    """Columns that hold only these states (and rare others), and their codes 0, 1, 2 of shape (rows, columns)."""
    chosen = cells.codes[columns]
    turned = np.full(chosen.shape, -1, dtype=np.int64)
    for state, code in enumerate(alphabet):
        turned[chosen == code] = state
    strange = ((chosen >= 0) & (turned < 0)).mean(axis=1)
    fits = (strange < RARE_STATE) & (turned >= 0).any(axis=1)
    return columns[fits], turned[fits].T


def _best(codes: Ints, cells: Cells, columns: Ints, *, known: bool) -> tuple[Matrix, str]:
    """The better of the two ways to lay the matrix: people in rows, or markers in rows."""
    wide = three_states(codes, known_order=known, named=marker_share(cells.names[index] for index in columns[:200]))
    names = marker_share(_names_of_rows(cells)[:200])
    if wide.log_odds > SURE and not names:
        return wide, "wide"
    turned = three_states(codes.T, known_order=known, named=names)
    # people in rows is what tables mostly have: the other way has to be better by more than the choice
    return (
        (wide, "wide") if wide.log_odds >= turned.log_odds - TURNED else (replace(turned, log_odds=turned.log_odds - TURNED), "transposed")
    )


def _evidence(cells: Cells, columns: Ints, codes: Ints, *, known: bool) -> Evidence:
    matrix, layout = _best(codes, cells, columns, known=known)
    rows, width = codes.shape
    return Evidence(
        layout=layout,
        people=rows if layout == "wide" else width,
        markers=width if layout == "wide" else rows,
        log_odds=matrix.log_odds + (1.0 if known else 0.0),
        why=matrix.why,
        columns=tuple(int(index) for index in columns),
        rows_are="people" if layout == "wide" else "markers",
        counted=True,
    )


def _odds(matrix: Matrix) -> float:
    return matrix.log_odds


def _even_steps(cells: Cells, columns: Ints) -> Ints | None:
    """Codes of columns of three numbers at even steps, as states have that were centred or scaled; None where most are not such."""
    three = columns[cells.states[columns] == len(THREE)]
    values = _as_numbers(cells, three)
    if len(three) < LEAST_OWN or len(three) < 0.5 * len(columns):
        return None
    low, high = np.nanmin(values, axis=0, initial=np.inf), np.nanmax(values, axis=0, initial=-np.inf)
    if not np.isfinite(low).all() or (high <= low).any():
        return None
    places = 2 * (values - low) / (high - low)
    if np.nanmax(np.abs(places - np.round(places))) > EVEN:
        return None
    return np.where(np.isnan(places), -1, np.round(np.nan_to_num(places))).astype(np.int64)


def _own_symbols(cells: Cells, columns: Ints) -> Evidence | None:
    """Three states a column in symbols of its own, the middle one unknown."""
    ternary = np.array([index for index in columns if cells.states[index] in (2, 3)], dtype=np.int64)
    if len(ternary) < LEAST_OWN:
        return None
    coded = np.full((cells.rows, len(ternary)), -1, dtype=np.int64)
    for place, index in enumerate(ternary):
        plain = np.searchsorted(cells.distinct(int(index)), cells.codes[index])
        coded[:, place] = np.where(cells.codes[index] >= 0, plain, -1)
    matrix = unordered_states(coded, marker_share(cells.names[index] for index in ternary[:200]))
    if (even := _even_steps(cells, ternary)) is not None:
        ordered = three_states(even, known_order=True)
        matrix = max(matrix, replace(ordered, why=(*ordered.why, "each column has three numbers of its own, at even steps")), key=_odds)
    return Evidence(
        layout="wide",
        people=cells.rows,
        markers=len(ternary),
        log_odds=matrix.log_odds,
        why=matrix.why,
        columns=tuple(int(index) for index in ternary),
        counted=True,
    )


def _markers_of_two(cells: Cells, columns: Ints) -> Evidence | None:
    """Two states in many columns: markers by name, or haplotypes by the correlation of neighbours."""
    two = np.array([index for index in columns if cells.states[index] == 2], dtype=np.int64)  # two states
    two = np.array(
        [i for i in two if {cells.tokens[c] for c in cells.distinct(int(i))} <= {"0", "1", "2", "+", "A", "C", "G", "T"}], dtype=np.int64
    )
    if len(two) < LEAST_COLUMNS:
        return None
    codes = np.stack(
        [np.searchsorted(cells.distinct(int(i)), cells.codes[i]) * (cells.codes[i] >= 0) - (cells.codes[i] < 0) for i in two], axis=1
    )
    names, rows = marker_share(cells.names[i] for i in two), marker_share(_names_of_rows(cells)[:200])
    if max(names, rows) > 0.5:  # most of them
        layout = "wide" if names >= rows else "transposed"
        why = (
            (f"{len(two)} columns of two states under names of variants",)
            if names >= rows
            else ("rows named as variants, two states in each",)
        )
        shape = codes.shape if layout == "wide" else codes.shape[::-1]
        return Evidence(
            layout=layout,
            people=shape[0],
            markers=shape[1],
            log_odds=PRIOR + MARKED,
            why=why,
            columns=tuple(int(i) for i in two),
            rows_are="people" if layout == "wide" else "markers",
        )
    for layout, matrix in (("wide", codes), ("transposed", codes.T)):
        if matrix.shape[1] >= 50 and matrix.shape[0] >= 20:  # a stretch of a chromosome in some people
            near, far, _ = neighbour_correlation(matrix)
            if near > 0.25 and near > 4 * far and falling_share(matrix) > FALLING:  # a block structure that answers to questions lack
                why = (
                    f"two states in {matrix.shape[1]} columns, neighbours correlated as on haplotypes (r squared {near:.2f}, far apart {far:.2f})",
                )
                return Evidence(
                    layout=layout,
                    people=matrix.shape[0],
                    markers=matrix.shape[1],
                    log_odds=3.0,
                    why=why,
                    columns=tuple(int(i) for i in two),
                    rows_are="people" if layout == "wide" else "markers",
                )
    return None


def states(cells: Cells, table: Table) -> Evidence | None:
    """Columns of three states (or two, for markers) in any symbols."""
    del table
    few = np.flatnonzero((cells.states >= 1) & (cells.states <= 5) & (cells.filled > 0.3))  # three states and missing codes
    if len(few) < LEAST_COLUMNS or cells.rows * len(few) < LEAST_CALLS:
        return _markers_of_two(cells, few) if len(few) >= LEAST_COLUMNS else None
    if cells.states[few].max() == 2:  # nowhere a third state
        return _markers_of_two(cells, few)
    found: list[Evidence] = []
    if alphabet := _alphabet(cells, few):
        columns, codes = _coded(cells, few, alphabet[0])
        if len(columns) >= LEAST_COLUMNS and not _counted_groups(cells, columns):
            found.append(_evidence(cells, columns, codes, known=alphabet[1]))
    if max((one.log_odds for one in found), default=-np.inf) < 0 and (own := _own_symbols(cells, few)):
        found.append(own)
    if two := _markers_of_two(cells, few):
        found.append(two)
    return max(found, key=lambda one: one.log_odds, default=None)


def _dearer(evidence: Evidence, price: float) -> Evidence:
    return replace(evidence, log_odds=evidence.log_odds - price)


def _counted_groups(cells: Cells, columns: Ints) -> bool:
    """True for square matrices with one value on the diagonal, symmetric: relations, not genotypes."""
    size = len(columns)
    if size < 4 or abs(cells.rows - size) > 1:  # too small to be told
        return False
    square = cells.codes[columns][:, : min(size, cells.rows)]
    square = square[: square.shape[1]]
    return bool((square == square.T).mean() > 0.98 and len(np.unique(np.diagonal(square))) == 1)  # symmetric


def _as_numbers(cells: Cells, columns: Ints) -> Floats:
    """Numbers of some columns, NaN where a cell is none; shape (rows, columns)."""
    values = np.full(len(cells.tokens) + 1, np.nan)
    for code in np.unique(cells.codes[columns]):
        if code >= 0:
            try:
                values[code] = float(cells.tokens[code])
            except ValueError:
                continue
    return values[cells.codes[columns]].T


def _fractional(cells: Cells) -> Ints:
    """Columns whose first cells look like numbers from 0 to 2, some of them fractions."""
    found = []
    for index in range(len(cells.names)):
        fractions = inside = 0
        head = [cells.tokens[code] for code in cells.codes[index][:12] if code >= 0]
        for token in head:
            if len(token) <= 24 and token[:1] in "012." and token.replace(".", "", 1).replace("e-", "", 1).isdigit():  # a printed number
                inside += 1
                fractions += "." in token or "e-" in token
        if head and inside == len(head):
            found.append(index)
    return np.array(found, dtype=np.int64)


def _triplets(values: Floats) -> int:
    """Runs of three columns that sum to one on all rows (probabilities of the three genotypes)."""
    best = 0
    for phase in range(3):
        usable = (values.shape[1] - phase) // 3 * 3
        if usable >= 3 * TRIPLETS:
            runs = values[:, phase : phase + usable].reshape(len(values), -1, 3)
            one = np.abs(runs.sum(axis=2) - 1) < 0.02  # rounding of printed probabilities
            none = np.abs(runs.sum(axis=2)) < 1e-9  # a missing genotype
            fractions = (np.abs(runs - np.round(runs)) > 1e-9).any(axis=2)  # dummies of a class have none
            crisp = (runs.max(axis=2) > CRISP)[one].mean() > 0.5 if one.any() else False  # shares of topics or votes are not
            good = crisp & ((one | none).mean(axis=0) > 0.98) & (one.mean(axis=0) > 0.5) & (fractions.mean(axis=0) > 0.1)  # most rows
            best = max(best, int(good.sum()))
    return best


def _pairs_of_probabilities(values: Floats) -> bool:
    """True where columns go in pairs, both near 0 or 1, that never sum to more than one (probabilities of two genotypes)."""
    usable = values.shape[1] // 2 * 2
    if usable < 20 or len(values) < 3 or np.nanmax(values) > 1:  # ten variants
        return False
    sums = values[:, :usable].reshape(len(values), -1, 2).sum(axis=2)
    crossed = values[:, 1 : usable - 1].reshape(len(values), -1, 2).sum(axis=2)
    sure = (np.abs(values - np.round(values)) < NEAR_STATE).mean()
    return bool(np.nanmax(sums) < 1.02 and np.nanmax(crossed) > 1.5 and sure > 0.6)  # the shape described above


def dosages(cells: Cells, table: Table) -> Evidence | None:
    """Numbers in [0, 2] that crowd near 0, 1 and 2, or probabilities of the genotypes of each person."""
    del table
    columns = _fractional(cells)
    if len(columns) < LEAST_COLUMNS:
        return None
    values = _as_numbers(cells, columns)
    kept = np.nanmax(np.nan_to_num(values, nan=-1), axis=0, initial=-1) <= 2.0001  # two copies, and rounding
    columns, values = columns[kept], values[:, kept]
    fractions = np.abs(values - np.round(values)) > 1e-9  # no whole number
    if len(columns) < LEAST_COLUMNS or not fractions.any():
        return None
    triplets = _triplets(np.nan_to_num(values, nan=1 / 3))
    places = tuple(int(index) for index in columns)
    if triplets >= TRIPLETS and 3 * triplets >= 0.6 * len(columns):
        why = (f"{triplets} runs of three columns that sum to one: probabilities of genotypes",)
        return Evidence(layout="wide", people=cells.rows, markers=triplets, log_odds=3.0 + min(triplets, 6), why=why, columns=places)
    if _pairs_of_probabilities(np.nan_to_num(values, nan=0)):
        why = (f"{len(columns) // 2} pairs of columns near 0 and 1 that never sum to more than one: probabilities of genotypes",)
        return Evidence(layout="wide", people=cells.rows, markers=len(columns) // 2, log_odds=5.0, why=why, columns=places)
    near = np.abs(values - np.round(values)) < NEAR_STATE
    if np.nanmean(np.where(np.isnan(values), np.nan, near)) < 0.45 or np.nanmax(values) <= 1.2:  # chance gives a fifth
        return None
    codes = np.where(np.isnan(values), -1, np.round(np.nan_to_num(values))).astype(np.int64)
    evidence = _evidence(cells, columns, codes, known=True)
    return _dearer(evidence, -1.0)
