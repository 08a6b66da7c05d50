"""Genotypes written as alleles: calls in one cell, calls in two columns, pairs of allele columns."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np

from sdc_airlock.recognise._genotype_cells import FEW_STATES, Cells, marker_share
from sdc_airlock.recognise._genotype_evidence import Evidence
from sdc_airlock.recognise._genotype_named import COUNTED, numeric

if TYPE_CHECKING:
    from sdc_airlock.model.content import Table

LEAST_CALLS = 5
# pairs of digits that may go together by chance
FEW_PAIRS = 6
PARSED = 0.95
# in an allele annotation ("A/G") both alleles always differ; among people many have two alike
ALIKE_LETTERS, ALIKE_DIGITS = 0.08, 0.15
CALL_NAME = re.compile(r"^(?:genotype\w*|gt|geno|call|calls|result|allele_?calls?|dosage|copies|diplotype)$|genotype", re.IGNORECASE)
# names of the alleles of a variant, not of a person
ANNOTATED = re.compile(r"effect|other|non.?eff|^ref|^alt|risk|minor|major|test|^e?nea?$|^ea$|ancestral|derived", re.IGNORECASE)
SHORT_CALL = re.compile(r"^[A-Z\-]{1,2}$")
# share of two like draws from which nothing is told, and how far what is seen may be from what is expected
SETTLED, DRAWN = 0.95, 0.12
BASES = frozenset("ACGTDI")


def _call_column(cells: Cells, index: int) -> tuple[float, int, set[str], str] | None:
    """Share of cells with two like alleles, cells, alleles and style of a column of calls; None for another column."""
    codes, times = np.unique(cells.codes[index][cells.codes[index] >= 0], return_counts=True)
    total = int(times.sum())
    parsed = alike = strange = 0
    alleles: set[str] = set()
    styles: set[str] = set()
    for code, many in zip(codes, times, strict=True):
        call = cells.call(int(code))
        if call is None:
            strange += int(many)
            if strange > max((1 - PARSED) * total, 1):
                return None
            continue
        parsed += int(many)
        alike += int(many) * (call.first == call.second)
        alleles |= {call.first, call.second}
        styles.add(call.style)
    if not parsed or parsed < min(PARSED * total, total - 1):
        return None
    style = "letters" if "letters" in styles else min(styles)
    return alike / parsed, parsed, alleles, style


def _plain_digits(columns: list[tuple[int, tuple[float, int, set[str], str]]]) -> bool:
    """True where digits stand for alleles: 0 and 1 (and a few more), or sizes that both halves share."""
    alleles: set[str] = set().union(*(column[1][2] for column in columns))
    return alleles <= {"0", "1", "2", "3", ".", "4"} or len(columns) >= 2  # one column could be anything


def _sizes_shared(cells: Cells, index: int) -> bool:
    """True where the two halves of four or six digits come from one set of alleles (years and codes do not)."""
    calls = [cells.call(int(code)) for code in cells.distinct(index)]
    first = {call.first for call in calls if call}
    second = {call.second for call in calls if call}
    return len(first | second) > 1 and len(first & second) >= 0.4 * len(first | second)


def _tabulated(cells: Cells, calls: list[int]) -> bool:
    """True where rows are classes of genotype (counts or estimates of each), not people: within a group no call comes twice."""
    if cells.rows < 2 or len(calls) > 2:  # a class is named by one column, or two
        return False
    share, distinct = row_labels(cells, calls)
    if share > 0.5 and distinct > 0.8 * cells.rows:  # a variant a row: no classes of one
        return False
    # columns of few states that could set groups apart; a person's own columns are told by their many states
    others = [index for index in range(len(cells.names)) if index not in calls and cells.states[index] <= 0.5 * cells.rows]
    textual = [index for index in others if not all(token.replace(".", "", 1).isdigit() for token in set(cells.column(index)) - {""})]
    groups: dict[tuple[int, ...], list[tuple[int, ...]]] = {}
    for row in range(cells.rows):
        groups.setdefault(tuple(cells.codes[textual, row]), []).append(tuple(cells.codes[calls, row]))
    distinct = all(len(set(group)) == len(group) for group in groups.values())
    return distinct and cells.rows >= 2 * len(groups)


def _counted_classes(cells: Cells, calls: list[int]) -> bool:
    """True where each combination of one or two calls and of words beside them stands once, with counts or estimates: not people with a name each."""
    if len(calls) > 2 or not any(COUNTED.fullmatch(cells.names[index].strip()) for index in range(len(cells.names)) if index not in calls):
        return False
    words = [
        index
        for index in range(len(cells.names))
        if index in calls or (cells.states[index] <= 0.5 * cells.rows and not numeric(cells, index))
    ]
    return bool(np.unique(cells.codes[words], axis=1).shape[1] > 0.95 * cells.rows)


def row_labels(cells: Cells, calls: list[int]) -> tuple[float, int]:
    """Share of variant names in the best other column (the names of the rows), and its distinct values."""
    best = (0.0, 0)
    for index in range(len(cells.names)):
        if index not in calls and cells.states[index] > 1:
            share = cells.marker_share(index)
            best = max(best, (share, int(cells.states[index])))
    return best


def _layout(cells: Cells, calls: list[int]) -> tuple[str, int | None, int | None, str]:
    """Layout, people, markers, and what the rows are, for columns of calls."""
    share, distinct = row_labels(cells, calls)
    headed = marker_share(cells.names[index] for index in calls)
    if share > 0.5 and headed < 0.5:  # most of them
        if distinct < 0.6 * cells.rows:
            return "long", None, distinct, "calls"
        return ("records" if len(calls) <= 2 else "transposed"), len(calls), cells.rows, "markers"  # one person's, or two files'
    return "wide", cells.rows, len(calls), "people"


def calls(cells: Cells, table: Table) -> Evidence | None:
    """Columns of genotype calls: `A/G`, `AG`, `0|1`, `AB`, `136139`, `*1/*4`."""
    del table
    possible = map(int, np.flatnonzero((cells.states > 0) & (cells.states <= 4 * FEW_STATES)))
    found = [(index, column) for index in possible if (column := _call_column(cells, index)) is not None]
    sized = [one for one in found if one[1][3] == "sizes" and _sizes_shared(cells, one[0])]
    found = [one for one in found if one[1][3] in ("letters", "named", "digits")]
    found = found if len(found) >= len(sized) else sized
    total = sum(one[1][1] for one in found)
    if not found or total < LEAST_CALLS:
        return _named_calls(cells)
    alike = sum(one[1][0] * one[1][1] for one in found) / total
    alleles: set[str] = set().union(*(one[1][2] for one in found))
    style = found[0][1][3]
    if len(alleles) < 2 or alike < (ALIKE_LETTERS if style in ("letters", "named") else ALIKE_DIGITS):  # one allele is no variant
        return None
    places = [one[0] for one in found]
    if style == "digits" and not _plain_digits(found):
        return None
    if style == "sizes" and len(found) < 2:  # one column of digits could be anything
        return None
    if _tabulated(cells, places) or _counted_classes(cells, places):
        return None
    layout, people, markers, rows_are = _layout(cells, places)
    return Evidence(
        layout=layout,
        people=people,
        markers=markers,
        log_odds=_calls_log_odds(cells, places, style, alike, layout),
        why=(
            f"{len(places)} column(s) of genotype calls in the form of {_STYLE_WORDS[style]}",
            f"two like alleles in {alike:.0%} of the calls, as among people",
        ),
        columns=tuple(places),
        rows_are=rows_are,
    )


def _named_calls(cells: Cells) -> Evidence | None:
    """Columns called genotypes, of one or two letters, on rows that are variants."""
    places = [
        index
        for index in map(int, np.flatnonzero((cells.states > 1) & (cells.states <= FEW_STATES)))
        if CALL_NAME.search(cells.names[index]) and all(SHORT_CALL.match(cells.tokens[code]) for code in cells.distinct(int(index)))
    ]
    if not places:
        return None
    share, distinct = row_labels(cells, places)
    if share < 0.5 or distinct < 0.8 * cells.rows or cells.rows < LEAST_CALLS:  # a variant a row
        return None
    why = (f"{len(places)} column(s) named as genotypes hold one or two letters a variant",)
    return Evidence(
        layout="records", people=len(places), markers=cells.rows, log_odds=4.0, why=why, columns=tuple(places), rows_are="markers"
    )


_STYLE_WORDS = {
    "letters": "two letters",
    "digits": "two allele numbers",
    "named": "named alleles",
    "sizes": "two allele sizes run together",
}


def _calls_log_odds(cells: Cells, places: list[int], style: str, alike: float, layout: str) -> float:
    log_odds = {"letters": 3.0, "named": 3.0, "digits": 0.5, "sizes": 2.0}[style]
    log_odds += min(len(places) - 1, 5) * 1.5
    log_odds += 2.0 if layout != "wide" or marker_share(cells.names[index] for index in places) > 0.5 else 0.0  # most
    log_odds += 2.0 if any(CALL_NAME.search(cells.names[index]) for index in places) else 0.0
    return log_odds + (1.0 if 0.15 < alike < 0.995 else 0.0)  # calls are neither all alike nor all different


def _distance(cells: Cells, first: int, second: int) -> float:
    """Half the sum of the differences between the shares of the alleles in two columns, 0 to 1."""
    size = len(cells.tokens) + 1
    one = np.bincount(cells.codes[first] + 1, minlength=size)[1:].astype(float)
    two = np.bincount(cells.codes[second] + 1, minlength=size)[1:].astype(float)
    if not one.sum() or not two.sum():
        return 1.0
    return float(np.abs(one / one.sum() - two / two.sum()).sum() / 2)


def _bases(cells: Cells, index: int) -> bool:
    """True where nearly all cells are single bases (a stray header among the rows is no bar)."""
    codes = cells.codes[index][cells.codes[index] >= 0]
    return sum(cells.tokens[code] in BASES for code in codes) >= len(codes) - max(1, len(codes) // 20)


def _never_alike(cells: Cells, first: int, second: int) -> bool:
    """True for the two alleles of a variant (reference and other), which always differ."""
    both = (cells.codes[first] >= 0) & (cells.codes[second] >= 0)
    return second == first + 1 and int(both.sum()) >= LEAST_CALLS and not (cells.codes[first] == cells.codes[second])[both].any()


def _single_pair(cells: Cells) -> Evidence | None:
    """Two columns of single bases next to each other with many rows alike: the two alleles of one call a row."""
    bases = [
        index
        for index in map(int, np.flatnonzero((cells.states > 1) & (cells.states <= 6)))  # four bases, insertions, deletions
        if _bases(cells, int(index))
    ]
    if any(ANNOTATED.search(cells.names[index]) for index in bases) or any(_never_alike(cells, a, b) for a, b in pairwise(bases)):
        return None
    for first, second in pairwise(bases):
        both = (cells.codes[first] >= 0) & (cells.codes[second] >= 0)
        alike = float((cells.codes[first] == cells.codes[second])[both].mean()) if both.any() else 0.0
        if second == first + 1 and both.sum() >= LEAST_CALLS and alike > ALIKE_LETTERS and not _tabulated(cells, [int(first), int(second)]):
            layout, people, markers, rows_are = _layout(cells, [int(first), int(second)])
            why = (f"two columns of bases, alike in {alike:.0%} of rows: the two alleles of one call",)
            log_odds = 3.0 + (2.0 if layout != "wide" else 0.0) + (1.0 if alike < 0.995 else -3.0)  # never different: one fact twice
            return Evidence(
                layout=layout,
                people=people,
                markers=markers,
                log_odds=log_odds,
                why=why,
                columns=(int(first), int(second)),
                rows_are=rows_are,
            )
    return None


def allele_columns(cells: Cells, table: Table) -> Evidence | None:
    """Columns that go two by two, one allele each: as in PED (1 2), or sizes of repeats."""
    del table
    usable = [
        int(i)
        for i in np.flatnonzero((cells.states > 0) & (cells.states <= FEW_STATES) & (cells.states < 0.6 * cells.rows))
        if allele_cells(cells, int(i))
    ]
    usable = usable[:1000]
    if len(usable) < 6:  # three pairs
        return _single_pair(cells)
    pairs = {phase: [(a, b) for a, b in zip(usable[phase::2], usable[phase + 1 :: 2], strict=False) if b == a + 1] for phase in (0, 1)}
    distances = {phase: [_distance(cells, a, b) for a, b in two] for phase, two in pairs.items()}
    phase = min((0, 1), key=lambda p: float(np.mean(distances[p])) if distances[p] else 1.0)
    near, far = distances[phase], distances[1 - phase]
    if len(near) < 3 or len(far) < 2:  # too few to compare
        return _single_pair(cells)
    chosen = pairs[phase]
    if in_order := _in_order(cells, pairs):
        return in_order
    alike = np.mean(
        [
            float((cells.codes[a] == cells.codes[b])[(cells.codes[a] >= 0) & (cells.codes[b] >= 0)].mean())
            for a, b in chosen
            if _both(cells, a, b)
        ]
    )
    gap = float(np.mean(far) - np.mean(near))
    error = float(np.sqrt(np.var(far) / len(far) + np.var(near) / len(near))) + 0.01
    letters = all({cells.tokens[code] for code in cells.distinct(a)} <= BASES for a, _ in chosen)
    unlike = float(np.mean(near)) > 0.5 * float(np.mean(far)) or not 0.05 < alike < 0.97 or gap < 3 * error  # see the evidence below
    if unlike or not _as_drawn(cells, chosen):
        return _single_pair(cells)
    why = (
        f"{len(chosen)} pairs of neighbouring columns share their alleles (mean distance {np.mean(near):.2f}, to the next pair {np.mean(far):.2f})",
        f"both are alike in {alike:.0%} of rows",
    )
    log_odds = min(gap / error, 8.0) - 1.0 + (3.0 if letters else -4.0 if len(chosen) < FEW_PAIRS else 0.0)
    columns = tuple(index for pair in chosen for index in pair)
    return Evidence(layout="wide", people=cells.rows, markers=len(chosen), log_odds=log_odds, why=why, columns=columns)


def _as_drawn(cells: Cells, pairs: list[tuple[int, int]]) -> bool:
    """True where both columns of most pairs are alike about as often as two draws from their alleles are: not copies, not opposites."""
    good = seen = 0
    for a, b in pairs:
        both = (cells.codes[a] >= 0) & (cells.codes[b] >= 0)
        first, second = cells.codes[a][both], cells.codes[b][both]
        _, times = np.unique(np.concatenate([first, second]), return_counts=True)
        expected = float(((times / max(times.sum(), 1)) ** 2).sum())
        if expected > SETTLED or not both.any():
            continue
        seen += 1
        good += abs(float((first == second).mean()) - expected) < DRAWN + 2 * (expected * (1 - expected) / int(both.sum())) ** 0.5
    return seen > 0 and good > 0.7 * seen


def _sorted_share(cells: Cells, pairs: list[tuple[int, int]]) -> float:
    """Share of pairs in which the first allele never comes after the second."""
    place = {token: order for order, token in enumerate(sorted(cells.tokens, key=lambda token: (len(token), token)))}
    order = np.array([place[token] for token in cells.tokens] + [-1])
    good = sum(
        1 for a, b in pairs if bool((order[cells.codes[a]] <= order[cells.codes[b]])[(cells.codes[a] >= 0) & (cells.codes[b] >= 0)].all())
    )
    return good / len(pairs) if pairs else 0.0


def _in_order(cells: Cells, pairs: dict[int, list[tuple[int, int]]]) -> Evidence | None:
    """Pairs of columns whose alleles are written in order (1 2, never 2 1), which columns of different variants are not."""
    shares = {phase: _sorted_share(cells, two) for phase, two in pairs.items()}
    phase = max((0, 1), key=lambda p: shares[p])
    chosen = pairs[phase]
    if len(chosen) < 5 or shares[phase] < 0.98 or shares[1 - phase] > 0.6 or cells.rows < 15:  # chance does not order so many
        return None
    if not _as_drawn(cells, chosen):
        return None
    why = (f"{len(chosen)} pairs of neighbouring columns hold two alleles in order on every row",)
    columns = tuple(index for pair in chosen for index in pair)
    return Evidence(layout="wide", people=cells.rows, markers=len(chosen), log_odds=6.0, why=why, columns=columns)


def _both(cells: Cells, first: int, second: int) -> bool:
    return bool(((cells.codes[first] >= 0) & (cells.codes[second] >= 0)).any())


def allele_cells(cells: Cells, index: int) -> bool:
    """True where the cells could be single alleles: bases, or small whole numbers."""
    return all(
        token in BASES or (token.isdigit() and len(token) <= 3) for token in (cells.tokens[code] for code in cells.distinct(index))
    )  # sizes in base pairs
