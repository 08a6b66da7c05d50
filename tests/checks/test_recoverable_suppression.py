"""Hidden cells that what is printed gives away, from files in the shapes that programs write."""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import sparse

from sdc_airlock.checks._audit import Given, Protection, audit
from sdc_airlock.checks.recoverable_suppression import recoverable_suppression
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.recognise.structure import structure
from sdc_airlock.stats.intervals import Caps, System, attacker_intervals

Run = Callable[..., tuple[Finding, ...]]
REGIONS = ("North", "South", "East", "West", "Mid", "Coast", "Hills", "Vale")
AGES = ("0-17", "18-29", "30-44", "45-64", "65-79", "80+")
SEXES = ("Men", "Women")
PARAMS = {"suppressed_counts": [1, 9], "hidden_range_share": 0.5, "hidden_amount_share": 0.1}


def with_margins(inner: np.ndarray) -> np.ndarray:
    """A table of any number of dimensions with all of its margins."""
    for axis in range(inner.ndim):
        inner = np.concatenate([inner, inner.sum(axis, keepdims=True)], axis=axis)
    return inner


def surely_known(full: np.ndarray, hidden: np.ndarray, high: float) -> set[tuple[int, ...]]:
    """Hidden cells whose number every margin together leaves no doubt about, and which are small."""
    places = np.arange(full.size).reshape(full.shape)
    lines = [line for axis in range(full.ndim) for line in np.moveaxis(places, axis, -1).reshape(-1, full.shape[axis])]
    matrix = sparse.lil_array((len(lines), full.size))
    for at, line in enumerate(lines):
        matrix[at, line[:-1]] = 1.0
        matrix[at, line[-1]] = -1.0
    truth, mask = full.ravel().astype(float), hidden.ravel()
    low = 1.0 if np.isfinite(high) and bool(np.any(truth == 0)) else 0.0
    system = System(
        matrix=sparse.csr_array(matrix),
        row_low=np.zeros(len(lines)),
        row_high=np.zeros(len(lines)),
        low=np.where(mask, low, truth),
        high=np.where(mask, high, truth),
        integral=np.ones(full.size, bool),
    )
    asked = np.flatnonzero(mask)
    found = attacker_intervals(system, asked)
    exact = asked[(found.low == found.high) & (found.low >= 1) & (found.low <= 9)]
    return {tuple(int(axis) for axis in np.unravel_index(cell, full.shape)) for cell in exact.tolist()}


def crosstab(full: np.ndarray, hidden: np.ndarray, marker: str, *, first: bool) -> tuple[str, dict[tuple[int, str], tuple[int, int]]]:
    """A crosstab as CSV, totals first or last, and for each row of the file and column its place in the array."""
    rows, columns = [*range(full.shape[0])], [*range(full.shape[1])]
    if first:
        rows, columns = [rows[-1], *rows[:-1]], [columns[-1], *columns[:-1]]
    row_names, column_names = [*REGIONS[: full.shape[0] - 1], "Total"], [*AGES[: full.shape[1] - 1], "Total"]
    lines = [",".join(["region", *(column_names[at] for at in columns)])]
    where = {}
    for number, row in enumerate(rows, start=2):
        lines.append(",".join([row_names[row], *(marker if hidden[row, at] else str(full[row, at]) for at in columns)]))
        where |= {(number, column_names[at]): (row, at) for at in columns}
    return "\n".join(lines) + "\n", where


def tidy(full: np.ndarray, hidden: np.ndarray, marker: str) -> tuple[str, dict[tuple[int, str], tuple[int, ...]]]:
    """A long table with `All` for every margin as CSV."""
    names = (REGIONS, AGES, SEXES)
    lines = [",".join([*("region", "age", "sex")[: full.ndim], "n"])]
    where = {}
    for number, place in enumerate(itertools.product(*(range(size) for size in full.shape)), start=2):
        labels = [names[axis][at] if at < full.shape[axis] - 1 else "All" for axis, at in enumerate(place)]
        lines.append(",".join([*labels, marker if hidden[place] else str(full[place])]))
        where[number, "n"] = place
    return "\n".join(lines) + "\n", where


@given(st.integers(0, 2**32 - 1), st.sampled_from(["crosstab", "totals first", "tidy 2", "tidy 3"]), st.sampled_from(["*", "<10", "[c]"]))
@settings(max_examples=40, deadline=None)
def test_exactly_the_known_cells(run_check: Run, seed: int, layout: str, marker: str) -> None:
    """Of random tables in usual layouts, the cells flagged as exact are those that the margins leave no doubt about: none missed, none more."""
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(3, 8)), int(rng.integers(3, 6)), 2)[: 3 if layout == "tidy 3" else 2]
    full = with_margins(rng.negative_binomial(1.2, 0.05, shape))
    hidden = (full > 0) & (full < 10)
    if marker != "<10":
        inner = np.zeros(full.shape, bool)
        inner[tuple(slice(0, -1) for _ in shape)] = True
        hidden |= inner & (rng.random(full.shape) < 0.1) & (full > 0)
    text, where = (
        tidy(full, hidden, marker) if layout.startswith("tidy") else crosstab(full, hidden, marker, first=layout == "totals first")
    )
    findings = run_check("recoverable_suppression", text.encode(), "table.csv", PARAMS)
    header = text.splitlines()[0].split(",")
    flagged = {where[row + 2, header[column]] for finding in findings if finding.rule == "exact" for row, column in finding.location.cells}
    assert flagged == surely_known(full, hidden, 9.0 if marker == "<10" else np.inf)


FLAGGED = {
    "sub-totals without a name": "region,a,b,c,d\nN,12,20,31,63\nS,*,22,13,41\nE,14,25,16,55\nW,11,12,33,56\nX,43,79,93,215\n",
    "region rows with an empty district": "region,district,cases,controls\nNorth,,200,300\nNorth,Leeds,150,200\nNorth,York,50,100\nSouth,,300,200\nSouth,Bath,*,50\nSouth,Dover,296,150\n,,500,500\n",
    "region rows with a word for all": "region,district,cases,controls\nNorth,Leeds,150,200\nNorth,York,50,100\nNorth,Total,200,300\nSouth,Bath,*,50\nSouth,Dover,296,150\nSouth,Total,300,200\nTotal,Total,500,500\n",
    "merged labels": "region,district,cases,controls\nNorth,Leeds,150,200\n,York,50,100\n,Total,200,300\nSouth,Bath,*,50\n,Dover,296,150\n,Total,300,200\n",
    "areas below areas": "area,cases,tests\nEngland,500,5012\nNorth,200,1207\nLeeds,150,904\nYork,50,303\nSouth,300,3805\nBath,*,402\nDover,296,3403\n",
    "chapters and codes": "code,deaths\nA00-B99,50\nA00,20\nA01,*\nB01,12\nB02,14\nC00-D48,60\nC10,30\nC20,30\nTotal,110\n",
    "bands that nest": "age,cases\n0-17,40\n0-4,*\n5-17,36\n18-64,100\n18-39,60\n40-64,40\n65+,30\nAll ages,170\n",
    "the number of all in the header": "Characteristic,Treated (N = 125),Control (N = 120)\nSex,,\nMale,60 (48.0%),55 (45.8%)\nFemale,65 (52.0%),65 (54.2%)\nAge,,\n0-39,<10,20 (16.7%)\n40+,118 (94.4%),100 (83.3%)\n",
    "sections under a row of all": "Characteristic,Treated,Control\nAll patients,125,120\nSex,,\nMale,60,55\nFemale,65,65\nAge,,\n0-39,<10,20\n40+,118,100\nSmoker,,\nNo,100,80\nYes,25,40\n",
    "sections under a row that nothing names": "\tTotal\tWhite\tBlack\n1\t633\t400\t233\nMale\t\t\t\n0\t333\t210\t123\n1\t300\t190\t110\nAge\t\t\t\n0-39\t433\t300\t133\n40+\t200\t100\t100\nDialysis\t\t\t\n0\t624\t396\t228\n1\t*\t*\t*\n",
    "percentages of a total": "region,cases n,cases %,controls n,controls %\nNorth,120,30.0,130,32.5\nSouth,*,1.0,60,15.0\nEast,*,44.0,100,25.0\nWest,100,25.0,110,27.5\nTotal,400,100,400,100\n",
    "percentages of a number that is not printed": "region,n,pct\nNorth,120,30.0\nSouth,*,1.0\nEast,176,44.0\nWest,100,25.0\n",
    "a percentage inside the hidden cell": "Characteristic,Treated (N = 125),Control (N = 120)\nMale,60 (48.0%),55 (45.8%)\nFemale,65 (52.0%),65 (54.2%)\nYoung,<10 (5.6%),20 (16.7%)\nOld,118 (94.4%),100 (83.3%)\n",
    "an amount": "sector,turnover,staff\nMining,1200.5,40\nFood,x,30\nSteel,800.25,25\nTotal,2500.75,95\n",
    "an empty cell": "region,men,women,total\nNorth,120,80,200\nSouth,,61,64\nEast,95,105,200\n",
    "a second table that shows the cell": "Table 1\nregion,Men,Women\nNorth,120,80\nSouth,60,44\nEast,95,105\nWest,*,30\n\nTable 2\nregion,Men,Women\nNorth,120,80\nSouth,60,44\nEast,95,105\nWest,6,30\n",
    "a margin that a second table shows": "Table 1\nregion,Men,Women,Total\nNorth,120,80,200\nSouth,60,44,104\nEast,95,105,200\nWest,*,*,*\n\nTable 2\nregion,0-39,40+,Total\nNorth,100,100,200\nSouth,50,54,104\nEast,95,105,200\nWest,*,*,7\n",
}
PASSED = {
    "hidden in pairs": "region,men,women,total\nNorth,*,*,200\nSouth,*,*,164\nEast,95,105,200\n",
    "no total at all": "region,cases\nNorth,120\nSouth,*\nEast,95\n",
    "rounded to five": "region,men,women,total\nNorth,120,80,200\nSouth,*,65,65\nEast,95,105,200\nWest,40,35,70\nTotal,255,280,535\n",
    "a hidden zero": "region,men,women,total\nNorth,120,80,200\nSouth,*,61,61\nEast,95,105,200\n",
    "a large cell hidden for another's sake": "region,men,women,total\nNorth,120,80,200\nSouth,*,61,164\nEast,95,105,200\n",
    "percentages of whole hundreds": "group,tested,positive,rate\nA,60000,3300,5.5%\nB,55000,*,0.0%\nC,70000,7000,10.0%\nD,30000,6200,20.7%\n",
    "measures in rows": "measure,n\nTotal patients,500\nSmokers,120\nDiabetes,*\nWomen,260\nDeaths,31\n",
    "things, not people": "gene,variants,reads,total reads\nA,120,80,200\nB,*,61,64\nC,95,105,200\n",
}


@pytest.mark.parametrize("name", FLAGGED)
def test_given_away(run_check: Run, name: str) -> None:
    """Each of these layouts gives a hidden cell away, and the finding says by what and how to mend it."""
    findings = run_check("recoverable_suppression", FLAGGED[name].encode(), "table.csv", PARAMS)
    assert findings
    assert max(finding.severity for finding in findings) is Severity.HIGH
    assert all(", from " in finding.message or " from " in finding.message for finding in findings)


@pytest.mark.parametrize("name", PASSED)
def test_kept(run_check: Run, name: str) -> None:
    """None of these tables gives a small count away."""
    assert run_check("recoverable_suppression", PASSED[name].encode(), "table.csv", PARAMS) == ()


def test_no_value_is_told(run_check: Run) -> None:
    """Messages hold places and counts of cells, never a number of the table."""
    text = "region,men,women,total\nNorth,12077,80,12157\nSouth,*,6133,6137\nEast,9555,10533,20088\n"
    (finding,) = run_check("recoverable_suppression", text.encode(), "table.csv", PARAMS)
    told = finding.message + finding.remedy
    assert not {"12077", "6133", "6137", "North", "South"} & set(re.findall(r"\w+", told))
    assert finding.location.rows == (3,)


def test_remedy_mends(run_check: Run) -> None:
    """Hiding the cells that the remedy names makes the cell safe."""
    lines = ["region,men,women,total", "North,120,80,200", "South,*,61,64", "East,95,105,200", "Total,218,246,464"]
    (finding,) = run_check("recoverable_suppression", "\n".join(lines).encode(), "table.csv", PARAMS)
    assert "Hide rows 3, 4 of women, row 4 of men too" in finding.remedy
    table = [line.split(",") for line in lines]
    table[2][2] = table[3][1] = table[3][2] = "*"
    mended = "\n".join(",".join(row) for row in table)
    assert run_check("recoverable_suppression", mended.encode(), "table.csv", PARAMS) == ()


def test_range_share(run_check: Run) -> None:
    """Two hidden counts with a small sum leave too little of the range; the profile says how little is too little."""
    text = b"region,men,women,total\nNorth,120,80,200\nSouth,<10,<10,3\nEast,95,105,200\nWest,0,50,50\n"
    (one, other) = run_check("recoverable_suppression", text, "table.csv", PARAMS)
    assert {one.rule, other.rule} == {"narrow"}
    assert run_check("recoverable_suppression", text, "table.csv", {**PARAMS, "hidden_range_share": 0.1}) == ()


def test_signs_taken_for_small_counts(run_check: Run) -> None:
    """Eighteen people in two cells behind a sign are nine and nine for a reader who takes the sign for fewer than ten."""
    text = b"region,men,women,total\nNorth,120,80,200\nSouth,*,*,18\nEast,95,105,200\n"
    findings = run_check("recoverable_suppression", text, "table.csv", PARAMS)
    assert {finding.rule for finding in findings} == {"exact_if_small"}
    assert {finding.severity for finding in findings} == {Severity.MEDIUM}


def test_notes_state_the_range(run_check: Run) -> None:
    """A note that says what the sign stands for is believed, unless the table contradicts it or the note speaks of other cells."""
    body = b"region,men,women,total\nNorth,120,80,200\nSouth,*,*,8\nEast,95,105,200\n"
    assert run_check("recoverable_suppression", b"* counts below 5 are suppressed\n" + body, "table.csv", PARAMS)
    assert (
        run_check(
            "recoverable_suppression", b"* counts below 5 and further cells to protect them are suppressed\n" + body, "table.csv", PARAMS
        )
        == ()
    )
    large = body.replace(b"*,8", b"*,80")
    assert run_check("recoverable_suppression", b"* counts below 5 are suppressed\n" + large, "table.csv", PARAMS) == ()


def test_too_much_to_solve(subject_of: Callable[[bytes, str], object]) -> None:
    """Where the audit reaches a cap the table is held, never passed in silence."""
    rng = np.random.default_rng(5)
    full = with_margins(rng.integers(0, 30, (6, 5)))
    hidden = np.zeros(full.shape, bool)
    hidden[:-1, :-1] = True
    text, _ = crosstab(full, hidden, "*", first=False)
    subject = subject_of(text.encode(), "table.csv")
    published = structure(subject.recognised[0])  # type: ignore[attr-defined]
    assert published is not None
    protection = Protection(suppressed=(1, 9), range_share=0.5, amount_share=0.1)
    assert {each.given for each in audit(published, protection, Caps(runs=1, cells=5))} == {Given.UNSOLVED}


def test_nothing_hidden(subject_of: Callable[[bytes, str], object]) -> None:
    """A table without a hidden cell is not looked at further."""
    subject = subject_of(b"region,men,women,total\nNorth,120,80,200\nEast,95,105,200\n", "table.csv")
    assert list(recoverable_suppression(subject, PARAMS)) == []  # type: ignore[arg-type]


def test_a_table_too_large_to_solve_is_held(run_check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A marker in a table of more cells than are solved is a gap that is said; empty cells alone are none."""
    monkeypatch.setattr("sdc_airlock.recognise.structure._MOST_CELLS", 10)
    marked = "region,men,women,total\nNorth,*,*,200\nSouth,*,*,164\nEast,95,105,200\nAll,287,277,564\n"
    assert {finding.rule for finding in run_check("recoverable_suppression", marked.encode(), "a.csv", PARAMS)} == {"not_solved"}
    assert not run_check("recoverable_suppression", marked.replace("*", "").encode(), "a.csv", PARAMS)


def test_tables_beyond_those_that_are_solved_are_held(run_check: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A marker in a table that comes after as many as are solved together is said; tables without one are not."""
    monkeypatch.setattr("sdc_airlock.checks.recoverable_suppression._TABLES", 1)
    first = "Table 1\nregion,men,women,total\nNorth,*,*,200\nSouth,*,*,164\nEast,95,105,200\nAll,287,277,564\n\n"
    plain = "Table 2\nregion,cases,deaths\nNorth,120,80\nSouth,144,61\nEast,95,105\n\n"
    marked = "Table 3\nregion,cases,deaths\nNorth,120,80\nSouth,*,61\nEast,95,105\n"
    (finding,) = run_check("recoverable_suppression", (first + plain + marked).encode(), "a.csv", PARAMS)
    assert (finding.rule, finding.location.part_id) == ("not_solved", "a.csv#table3")
