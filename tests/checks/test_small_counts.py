"""Small counts: places and words of findings, prose line by line, workbooks, streamed tables, and the time it takes."""

from __future__ import annotations

import io
from collections.abc import Callable

import numpy as np
import openpyxl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks import Subject, checks
from sdc_airlock.checks._counted import Says, are_settings, head_counts_people, label_says
from sdc_airlock.checks._printed_counts import comments_of, series_in_text
from sdc_airlock.checks._prose_counts import counts_in_text
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Column, Content, Table
from sdc_airlock.model.finding import Finding
from sdc_airlock.policy import Profile
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

Run = Callable[..., tuple[Finding, ...]]

COUNTING = """
three carriers were found
only 4 women responded
n=7
(n = 3)
N=5 of 120
5 out of 312 participants died
a single participant withdrew
We found 3 cases of measles.
Two patients died within 30 days.
Four of the 25 patients had a stroke
Of 120 people, six women had the variant
12 of 15 patients
3 (12%) patients
3/25 (12%) were female
5% of 60 patients relapsed
Deaths: 4
Number of patients: 7
patients (n=4) were excluded
There were nine homozygotes.
5 died
One patient died of sepsis.
Only one carrier was seen.
Exactly one participant reported pain.
The mutation was seen in two unrelated families
both patients died
4 male and 5 female participants
seven BRCA1 carriers
among five obese adult men
In the trial, 3 patients withdrew consent
controls (5)
two African American women
a total of 6 patients
In 2019 5 patients died
Three siblings with type 2 diabetes
There were two stillbirths
""".strip().splitlines()

COUNTING_NOBODY = """
phase 3 trial
phase 3 patients
type 2 diabetes
type 2 diabetes patients
one in ten patients
1 in 5 women
at least two patients
at least 2 of the patients
children aged 5
Table 3
Table 3 Patients and methods
two of the authors
fewer than 10 patients
fewer than five people
less than 5 cases
<5 patients
\u2265 5 participants
3-5 patients
5% of patients
in the 1990s patients
as shown before [3]. Patients were
[3] patients
CHAPTER 4 PATIENTS
4 PATIENTS AND METHODS
two groups of patients
two patient groups
three case definitions
two case-control studies
one record per person
one person, one row
each row is one patient
twenty-three women
120 patients
1,205 patients
3 million people
3 000 people
3 thousand people
both men and women
both cases and controls
n = 5,000
n=3.5
n = 3 independent experiments
n=5 genes
head(df, n = 5)
`head(n=5)`
df.sample(n=5)
sex: male = 1, female = 2
Cases: 1; controls: 0
more than one patient
up to five patients
a threshold of 5 people
suppress counts of 5 people
day 3 patients
COVID-19 patients
in two cases the model did not converge
edge cases
two use cases
5 test cases
three or four carriers
per 5 patients
every 10 people
two-thirds of women
stage 4 patients
group 2 patients
quintile 5 patients
on 3 May 2 patients
households with 2 adults
one or more patients
No one person can be identified
a single individual could be identified
10 minutes per patient
rs123 carriers
5 subject areas
round to nearest 5 people
Zero patients died
p = 0.03
one-way anova
""".strip().splitlines()

HOSTILE = [
    "3 ",
    "n=",
    "three ",
    "3 of ",
    "a",
    "patients ",
    "3 of the ",
    "1/1 ",
    "3 (1%)",
    " ",
    "\n",
    "5 a b c ",
    "5% of 5 ",
    "phase 3 patients ",
]


@pytest.mark.parametrize("sentence", COUNTING)
def test_prose_that_counts(sentence: str) -> None:
    """A sentence that counts a handful of people is seen, whatever stands around it."""
    assert counts_in_text(sentence, 1, 9) == [0]
    assert counts_in_text(f"Methods.\n\n{sentence}\n\nEnd.\n", 1, 9) == [2]


@pytest.mark.parametrize("sentence", COUNTING_NOBODY)
def test_prose_that_counts_nobody(sentence: str) -> None:
    """A number that names a phase, a table, a share or a setting counts nobody."""
    assert counts_in_text(sentence, 1, 9) == []


def test_prose_broken_across_lines() -> None:
    """A number word at the end of a line counts the people at the start of the next; a page number does not."""
    assert counts_in_text("The change was seen in eight\nchildren of the cohort.", 1, 9) == [0]
    assert counts_in_text("end of the page\n3\nPatients and methods", 1, 9) == []


def test_prose_follows_the_range() -> None:
    """The same sentence is judged by the range it is given."""
    assert counts_in_text("twelve carriers", 1, 9) == []
    assert counts_in_text("twelve carriers", 1, 20) == [0]
    assert counts_in_text("3 carriers", 5, 9) == []


def test_logs_leave_settings_alone() -> None:
    """A program prints "n = 5" for its settings; people it names still count."""
    assert counts_in_text("n = 5", 1, 9, log=True) == []
    assert counts_in_text("dropped 3 patients", 1, 9, log=True) == [0]


@pytest.mark.no_cover
@pytest.mark.parametrize("piece", HOSTILE)
def test_hostile_prose_is_read_to_its_end(piece: str) -> None:
    """No pattern runs back and forth over a long line; the lines named exist."""
    text = piece * (200_000 // len(piece))
    assert set(counts_in_text(text, 1, 9)) <= set(range(text.count("\n") + 1))


@given(st.text(alphabet=" \n.,()=%/-0123n threpaiscaronof", max_size=400), st.integers(1, 20), st.integers(0, 20))
def test_prose_names_lines_of_the_text(text: str, low: int, more: int) -> None:
    """Whatever the text, lines are named once, in order, and exist."""
    lines = counts_in_text(text, low, low + more)
    assert lines == sorted(set(lines))
    assert all(0 <= line <= text.count("\n") + text.count("\r") for line in lines)


@given(st.integers(10, 100_000), st.sampled_from(["patients", "women", "carriers", "deaths"]))
def test_large_numbers_of_people_pass(number: int, people: str) -> None:
    """A number outside the range is never flagged, with or without separators."""
    assert counts_in_text(f"We followed {number} {people}; in all {number:,} {people} (n = {number}).", 1, 9) == []


@given(st.lists(st.integers(10, 5000), min_size=4, max_size=12), st.integers(1, 9), st.data())
def test_every_small_cell_is_named(run_check: Run, counts: list[int], small: int, data: st.DataObject) -> None:
    """One small count among large ones is found in its row, and nothing else is."""
    place = data.draw(st.integers(0, len(counts) - 1))
    counts[place] = small
    text = "area,cases\n" + "".join(f"Area {chr(65 + row)},{count}\n" for row, count in enumerate(counts))
    found = run_check("small_counts", text.encode(), "cases.csv")
    assert [finding.location.rows for finding in found] == [(place + 2,)]
    assert found[0].location.columns == ("cases",)


def test_labels_follow_the_rows(run_check: Run) -> None:
    """Row labels come beside the rows they belong to, and nowhere in the words of the finding."""
    (finding,) = run_check("small_counts", b"region,cases\nNorth,120\nSouth,4\nEast,7\nWest,212\n", "cases.csv")
    assert finding.location.rows == (3, 4)
    assert finding.labels == ("South", "East")
    words = " ".join([finding.message, finding.remedy, *(evidence.shape for evidence in finding.evidence)])
    assert "South" not in words
    assert "Merge" in finding.remedy
    assert "2 counts from 1 to 9 in column cases" in finding.message


def test_one_place_reads_as_one(run_check: Run) -> None:
    """A single count is called a count."""
    (finding,) = run_check("small_counts", b"region,cases\nNorth,120\nSouth,4\nEast,71\nWest,212\n", "cases.csv")
    assert finding.message.startswith("1 count from 1 to 9 in column cases")


def test_hidden_sheet_is_named(run_check: Run) -> None:
    """A small count in a hidden sheet is found and said to be hidden."""
    book = openpyxl.Workbook()
    shown = book.active
    assert shown is not None
    for row in (["region", "cases"], ["North", 120], ["South", 84], ["East", 95]):
        shown.append(row)
    hidden = book.create_sheet("working")
    for row in (["region", "cases"], ["North", 120], ["South", 4], ["East", 95]):
        hidden.append(row)
    hidden.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    (finding,) = run_check("small_counts", buffer.getvalue(), "book.xlsx")
    assert finding.location.rows == (3,)
    assert "hidden" in finding.message


def test_latex_table(run_check: Run) -> None:
    """A table in LaTeX gives the same finding as any other."""
    text = "\\begin{table}\\caption{Admissions}\n\\begin{tabular}{lr}\nward & patients \\\\\nA & 210 \\\\\nB & 6 \\\\\nC & 95 \\\\\n\\end{tabular}\n\\end{table}\n"
    assert {finding.rule for finding in run_check("small_counts", text.encode(), "table.tex")} == {"count"}


def test_decimals_of_a_typed_count(run_check: Run) -> None:
    """Counts that pandas wrote as floats because one is missing are still counts."""
    (finding,) = run_check("small_counts", b"region,cases\nNorth,120.0\nSouth,4.0\nEast,\nWest,212.0\n", "cases.csv")
    assert finding.location.rows == (3,)


def test_total_row_as_denominator(run_check: Run) -> None:
    """A percentage gives away a count where a row of the table prints the whole."""
    text = "characteristic,treated,control\nN,60,400\nFemale,95%,51%\nSmoker,40%,33%\n"
    assert "implied" in {finding.rule for finding in run_check("small_counts", text.encode(), "table.csv")}


def test_streamed_table_names_every_batch(default_profile: Profile) -> None:
    """Batches of a table that is not held in memory are all looked at, rows counted through."""
    sizes = np.arange(1000, 1600)
    sizes[[3, 450]] = 4
    names = [f"Area {place:04d} {'north' if place % 2 else 'south'}" for place in range(len(sizes))]
    whole = pa.RecordBatch.from_arrays([pa.array(names), pa.array(sizes)], names=["area", "cases"])
    table = Table(
        part_id="areas.csv",
        columns=(
            Column(index=0, name="area", values=pa.array(names[:100])),
            Column(index=1, name="cases", values=pa.array(sizes[:100])),
        ),
        n_rows=len(sizes),
        named=True,
        first_row=2,
        batches=lambda: iter([whole.slice(0, 300), whole.slice(300)]),
    )
    content = Content(
        file_id="", file_type=identify(Source.of_bytes(b"area,cases\nA,1000\n", part_id="areas.csv", name="areas.csv")), parts=(table,)
    )
    subject = Subject(claimed_name="areas.csv", size_bytes=1, content=content, recognised=recognise(content, Limits()))
    check = checks()["small_counts"]
    assert check.on_output is not None
    (finding,) = check.on_output(subject, default_profile.params(check))
    assert finding.location.rows == (5, 452)
    assert finding.count == 2


@pytest.mark.parametrize(
    ("header", "people"),
    [
        ("variant carriers", True),
        ("number of patients with variants", True),
        ("study_participants", True),
        ("n_genes", False),
        ("genes_per_patient", False),
        ("number of files", False),
        ("num_schools", None),
        ("total", None),
    ],
)
def test_who_a_header_counts(header: str, *, people: bool | None) -> None:
    """The noun that is counted decides, not any other in the header."""
    assert head_counts_people(header) is people


@pytest.mark.parametrize(
    ("label", "says"),
    [
        ("n", Says.COUNT),
        ("Number of deaths", Says.COUNT),
        ("Female, n (%)", Says.COUNT),
        ("excluded cases", Says.COUNT),
        ("index cases", Says.NOTHING),
        ("no", Says.NOTHING),
        ("Women", Says.NOTHING),
        ("Make people feel at ease.", Says.NOTHING),
        ("mean age", Says.OTHER),
        ("25%", Says.OTHER),
        ("Number of genes", Says.OTHER),
        ("", Says.NOTHING),
    ],
)
def test_what_a_row_label_says(label: str, says: Says) -> None:
    """Row labels tell counts of people from summaries, and groups from both."""
    assert label_says(label) is says


def test_row_numbers_are_no_counts(run_check: Run) -> None:
    """Levels numbered 1, 1, 2, 2 and unnamed row numbers do not count anybody."""
    rows = "".join(f"{row},{1 + (row - 1) // 2},{200 + 37 * row},{row % 2 * 30 + 55 + row}\n" for row in range(1, 13))
    found = run_check("small_counts", (",stratum,n,events\n" + rows).encode(), "strata.csv")
    assert {column for finding in found for column in finding.location.columns} <= {"events"}


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["North", "n", "Total", "mean", ""]),
            st.sampled_from(["4", "0", "1e308", "-1e308", "inf", "nan", "3/0", "5 (0%)", "2 (100.0%)", "<5", "12%", "x", ""]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(["cases", "percent", "N = 0", "total", ""]),
)
def test_odd_cells_never_fail(run_check: Run, rows: list[tuple[str, str]], header: str) -> None:
    """Infinite, empty and contradictory cells give findings or none, never an error or a warning."""
    text = f"label,{header},total\n" + "".join(f"{label},{cell},{cell}\n" for label, cell in rows)
    for finding in run_check("small_counts", text.encode(), "odd.csv", {"rounding_base": 5}):
        assert finding.count > 0


def test_printed_series() -> None:
    """Value counts that pandas printed are read line by line, back to the first line that is no number."""
    text = "sex\nF    112\nM      3\nName: count, dtype: int64\n\nage    float64\ndtype: object\nx    4\ny    5.5\ndtype: float64\n"
    assert series_in_text(text, 1, 9) == [2]
    assert series_in_text(text, 3, 3) == [2]
    assert series_in_text("", 1, 9) == []


def test_comments_keep_their_lines() -> None:
    """Only the comments of a program are read as prose, and stay on their lines."""
    text = "x = 3 # 3 patients\nprint('3 patients')\n// 4 women\n* 5 deaths\n"
    assert comments_of(text).splitlines() == ["3 patients", "", "4 women", "5 deaths"]


@pytest.mark.parametrize(
    ("labels", "settings"),
    [
        (["n_jobs", "max_depth", "seed"], True),
        (["F", "M"], False),
        (["cases", "controls"], False),
        (["number of genes", "women"], True),
        ([], False),
    ],
)
def test_settings_are_told_from_groups(labels: list[str], *, settings: bool) -> None:
    """A list of names and values is one of settings where at least half of its names are."""
    assert are_settings(labels) is settings


def test_settings_with_a_count_of_people(run_check: Run) -> None:
    """Among settings, a value that counts people is still found."""
    (finding,) = run_check("small_counts", b'{"n_jobs": 4, "max_depth": 3, "seed": 7, "cases": 5}', "run.json")
    assert finding.location.rows == (4,)


@pytest.mark.parametrize(
    "text",
    [
        "\\textbf{three} carriers died",
        "**three** carriers died",
        "*three* carriers died",
        "left in ($n = 4$) patients",
        "only 3~patients died",
    ],
)
def test_markup_around_a_number(text: str) -> None:
    """Emphasis and commands around a number hide nothing."""
    assert counts_in_text(text, 1, 9) == [0]
