"""Individual rows: how a finding speaks, hidden tables, lists of samples, and what it never says."""

from __future__ import annotations

import io
from collections.abc import Callable

import openpyxl
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.finding import Finding, Severity

Run = Callable[..., tuple[Finding, ...]]

PEOPLE = [
    ["patient_id", "age", "sex", "bmi", "hba1c"],
    ["P0412", 61, "F", 27.4, 48],
    ["P0977", 44, "M", 31.0, 39],
    ["P1203", 58, "F", 24.9, 41],
    ["P1555", 71, "M", 29.3, 55],
    ["P1730", 39, "F", 22.8, 36],
    ["P1904", 66, "M", 33.1, 61],
    ["P2051", 52, "F", 26.0, 44],
    ["P2399", 47, "M", 28.7, 40],
]


def as_csv(rows: list[list[object]]) -> bytes:
    """The rows as a researcher would save them."""
    return "".join(",".join(str(cell) for cell in row) + "\n" for row in rows).encode()


def words_of(finding: Finding) -> str:
    """Everything a report may print of a finding."""
    return " ".join([finding.message, finding.remedy, *finding.location.columns, *(evidence.shape for evidence in finding.evidence)])


def test_words_of_a_sure_finding(run_check: Run) -> None:
    """Rows that are surely people are critical, called very likely, with size, reasons and a remedy."""
    (finding,) = run_check("individual_rows", as_csv(PEOPLE), "people.csv")
    assert finding.severity is Severity.CRITICAL
    assert finding.message.startswith("8 rows of 5 columns: very likely one record a person")
    assert finding.location.shape == (8, 5)
    assert finding.count == 8
    assert "counts or summaries of groups" in finding.remedy
    assert "0." not in words_of(finding)


def test_likelihood_follows_the_profile(run_check: Run) -> None:
    """Below the profile's certainty the finding asks for a look instead of deciding."""
    (finding,) = run_check("individual_rows", as_csv(PEOPLE), "people.csv", {"individual_certain": 1.0})
    assert finding.severity is Severity.HIGH
    assert ": likely one record a person" in finding.message


def test_no_value_in_words(run_check: Run) -> None:
    """No cell of the file appears in a finding."""
    (finding,) = run_check("individual_rows", as_csv(PEOPLE), "people.csv")
    said = words_of(finding)
    assert not any(str(cell) in said for row in PEOPLE[1:] for cell in row if len(str(cell)) > 2)
    assert finding.labels == ()


def test_hidden_sheet(run_check: Run) -> None:
    """People in a hidden sheet are found, called hidden, and the remedy says that hiding is no removal."""
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    for row in (["region", "cases"], ["North", 120], ["South", 84], ["East", 95]):
        shown.append(row)
    hidden = book.create_sheet("raw")
    for line in PEOPLE:
        hidden.append(line)
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    (finding,) = run_check("individual_rows", buffer.getvalue(), "book.xlsx")
    assert "hidden" in finding.message
    assert "hiding" in finding.remedy


def test_list_of_samples(run_check: Run) -> None:
    """A family file lists people without a genotype; it is a list of samples, named as such."""
    data = "".join(f"FAM{place:02d} IND{place:02d} 0 0 {1 + place % 2} {1 + place % 3 // 2}\n" for place in range(1, 13)).encode()
    found = run_check("individual_rows", data, "cohort.fam")
    assert found
    assert not any(f"IND{place:02d}" in words_of(finding) for finding in found for place in range(1, 13))


@given(rows=st.permutations(PEOPLE[1:]), with_id=st.booleans())
def test_order_of_rows_does_not_matter(run_check: Run, *, rows: list[list[object]], with_id: bool) -> None:
    """Shuffling the rows or leaving the id out never lets people through."""
    lines = [PEOPLE[0], *rows]
    assert run_check("individual_rows", as_csv(lines if with_id else [line[1:] for line in lines]), "people.csv")


def test_columns_of_people_beside_results_are_told(run_check: Run) -> None:
    """Columns that count people off among means are held; percentiles, which rise from left to right, and quarters are not."""
    people = "Group,N,Mean,SD,p0,p1,p2,p3,p4,p5,p6\nA,273,130.4,16.7,85,68,71,82,65,76,79\nB,297,27.1,5.5,24.0,27.9,24.9,27.6,21.7,24.4,26.1\nC,239,45.8,9.2,135,133,123,130,100,114,138\n"
    assert any(finding.rule == "labels" for finding in run_check("individual_rows", people.encode(), "table2.csv"))
    rising = "Group,N,Mean,SD,p1,p2,p3,p4,p5,p6\nA,273,130.4,16.7,85,91,97,103,110,118\nB,297,127.1,15.5,84,90,96,101,109,117\nC,239,125.8,15.2,83,89,95,100,108,116\n"
    assert not any(finding.rule == "labels" for finding in run_check("individual_rows", rising.encode(), "table2.csv"))


def test_estimates_outside_their_intervals_are_belied(run_check: Run) -> None:
    """Numbers of people under the headers of a model are held; estimates inside their intervals, also as logarithms of ratios, go."""
    people = [(f"factor{row}", 20 + row * 7 % 13, 30 + row * 11 % 50, 101 + row * 17 % 80) for row in range(30)]
    rows = "term,estimate,conf_low,conf_high\n" + "".join(f"{a},{b}.3,{c},{d}\n" for a, b, c, d in people)
    assert run_check("individual_rows", rows.encode(), "model.csv")
    ratios = "term,estimate,conf_low,conf_high\n" + "".join(
        f"factor{row},{row / 40 - 0.3:.3f},{2.718 ** (row / 40 - 0.5):.3f},{2.718 ** (row / 40 - 0.1):.3f}\n" for row in range(30)
    )
    assert not run_check("individual_rows", ratios.encode(), "model.csv")
