"""Direct identifiers, each in the company that makes it one, and what only looks like one."""

from __future__ import annotations

import io
import random
from collections.abc import Callable

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.checks._identifiers.people import identifiers_in
from sdc_airlock.checks._identifiers.places import Passage, Where
from sdc_airlock.checks._identifiers.windows import windows
from sdc_airlock.checks._identifiers.written import TRIGGERS
from sdc_airlock.model.content import TextRole
from sdc_airlock.model.finding import Finding, Severity

CHECK = "direct_identifiers"
Run = Callable[..., tuple[Finding, ...]]


def nhs_number(chance: random.Random, prefix: str = "999") -> str:
    """A number with the right check digit, from the range that is set apart for tests."""
    while True:
        digits = prefix + "".join(chance.choice("0123456789") for _ in range(9 - len(prefix)))
        check = (11 - sum(int(digit) * weight for digit, weight in zip(digits, range(10, 1, -1), strict=True)) % 11) % 11
        if check < 10:
            return f"{digits}{check}"


def held(findings: tuple[Finding, ...]) -> dict[str, Severity]:
    """Rules that hold, with the gravest severity of each."""
    found: dict[str, Severity] = {}
    for finding in findings:
        if finding.severity > Severity.LOW:
            found[finding.rule] = max(finding.severity, found.get(finding.rule, Severity.LOW))
    return found


@settings(max_examples=40, deadline=None)
@given(
    st.integers(0, 10**6),
    st.sampled_from(["{}", "{:.3} {:.3} {}"]),
    st.sampled_from(["NHS number: ", "NHS no. ", "nhs_number=", "CHI ", "NHS Number - "]),
    st.sampled_from(["a.txt", "a.md", "a.log", "a.py", "a.R", "a.html", "a.json", "a.yaml", "a.ipynb", "a.tex"]),
)
def test_a_planted_number_is_found(run_check: Run, seed: int, form: str, label: str, name: str) -> None:
    """A labelled NHS number is found in any text format, grouped or not."""
    number = nhs_number(random.Random(seed))
    shown = number if form == "{}" else f"{number[:3]} {number[3:6]} {number[6:]}"
    text = {
        "a.html": f"<html><body><p>As agreed, {label}{shown} was left out.</p></body></html>",
        "a.json": f'{{"note": "{label}{shown}", "n": 120}}',
        "a.yaml": f'note: "{label}{shown}"\nn: 120\n',
        "a.py": f"import sys\n\n# {label}{shown}\nprint(sys.argv)\n",
        "a.R": f"library(dplyr)\n# {label}{shown}\nx <- 1\n",
        "a.ipynb": f'{{"cells": [{{"cell_type": "markdown", "metadata": {{}}, "source": ["{label}{shown}"]}}], "metadata": {{}}, "nbformat": 4, "nbformat_minor": 5}}',
        "a.tex": f"\\documentclass{{article}}\n\\begin{{document}}\nAs agreed, {label}{shown} was left out.\n\\end{{document}}\n",
    }.get(name, f"We looked again.\nAs agreed, {label}{shown} was left out.\nNothing changed.\n")
    findings = run_check(CHECK, text.encode(), name)
    assert held(findings).get("nhs_number") is Severity.CRITICAL
    assert number not in repr(findings)
    assert shown not in repr(findings)


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10**6), st.integers(3, 400), st.sampled_from(["positions.csv", "positions.txt", "run.log", "positions.json"]))
def test_random_positions_are_not(run_check: Run, seed: int, count: int, name: str) -> None:
    """Numbers of ten digits that are drawn at random are no NHS numbers, in a column or in a text."""
    chance = random.Random(seed)
    numbers = [chance.randrange(10**9, 3 * 10**9) for _ in range(count)]
    text = {
        "positions.csv": "chrom,pos\n" + "".join(f"{1 + place % 22},{number}\n" for place, number in enumerate(numbers)),
        "positions.json": f'{{"positions": {numbers}}}',
        "run.log": "".join(f"INFO at {number} of all\n" for number in numbers),
    }.get(name, "\n".join(map(str, numbers)))
    assert "nhs_number" not in held(run_check(CHECK, text.encode(), name))


@pytest.mark.parametrize("kind", ["string", "int64", "float64", "dictionary", "list"])
def test_typed_columns(kind: str, run_check: Run) -> None:
    """NHS numbers are found in columns of every type."""
    chance = random.Random(7)
    numbers = [nhs_number(chance) for _ in range(40)]
    values = {
        "string": pa.array(numbers),
        "int64": pa.array([int(number) for number in numbers]),
        "float64": pa.array([float(number) for number in numbers]),
        "dictionary": pa.array(numbers).dictionary_encode(),
        "list": pa.array([[number] for number in numbers]),
    }[kind]
    buffer = io.BytesIO()
    pq.write_table(pa.table({"k": values, "x": list(range(40))}), buffer)
    assert held(run_check(CHECK, buffer.getvalue(), "a.parquet")).get("nhs_number") is Severity.CRITICAL


def test_free_text_in_a_column(run_check: Run) -> None:
    """Sentences in the cells of a typed table are read, and the row is named."""
    notes = ["stable"] * 30
    notes[17] = "rang the daughter; NHS number 999 110 6847 is wrong"
    buffer = io.BytesIO()
    pq.write_table(pa.table({"visit": list(range(30)), "note": notes}), buffer)
    findings = [finding for finding in run_check(CHECK, buffer.getvalue(), "a.parquet") if finding.rule == "nhs_number"]
    assert [finding.location.rows for finding in findings] == [(18,)]


def test_the_last_row_of_a_streamed_table(run_check: Run) -> None:
    """Every row of a table that is too large to hold is read."""
    rows = [f"{number},group {number % 7},some words to make the row longer,{number / 3:.9f}" for number in range(60_000)]
    rows.append("60000,group 1,Mrs Jane Smith was admitted with chest pain,0.5")
    findings = run_check(CHECK, ("n,group,note,value\n" + "\n".join(rows)).encode(), "a.csv")
    assert held(findings) == {"name": Severity.HIGH}
    assert findings[0].location.rows == (60_002,)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("Patient name: SMITH JANE\nSeen today.\n", "name"),
        ("Jane Smith (67) was admitted with a stroke.\n", "name"),
        ("Miss A. Patel underwent surgery in May.\n", "name"),
        ("Next of kin: Peter Novak\n", "name"),
        ("D.O.B. 3 March 1954\n", "date_of_birth"),
        ("The girl was born on 12 May 2009 and referred to the clinic.\n", "date_of_birth"),
        ("date of birth 1954-03-12\n", "date_of_birth"),
        ("A 9-year-old boy was admitted after a fall.\n", "vignette"),
        ("This 45 year old male patient presented with pain.\n", "vignette"),
        ("She lives at 12 Larkfield Road with her son.\n", "address"),
        ("The participant's email is b.hansen77@gmail.com.\n", "email"),
        ("The patient's home telephone: 0113 496 0123\n", "phone"),
        ("NI number AB123456C\n", "national_insurance"),
        ("AKIAQ3EGRZ7WJ5P2XK4B is the key.\n", "secret"),
        ("token xoxb-1234567890-abcdefghijkl was used\n", "secret"),
        ('password = "Tr1cky-Horse7"\n', "secret"),
        ("Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJqYW5lIn0.c2lnbmF0dXJlLXNpZ25hdHVyZQ\n", "secret"),
    ],
)
def test_held(text: str, rule: str, run_check: Run) -> None:
    """Words around make it an identifier."""
    assert rule in held(run_check(CHECK, f"Some words first.\n{text}Some words after.\n".encode(), "notes.txt"))


@pytest.mark.parametrize(
    "text",
    [
        "Call 020 7946 0123 or write to office@hospital.nhs.uk, 1 High Street, London SW1A 1AA.",
        "Dr John Carter and Prof. Amina Yusuf (University of Leeds) wrote the code.",
        "Louis Pasteur, born on 27 December 1822, was a chemist.",
        "Adults of 18 years or older; the 65-year-old limit was dropped.",
        "Python 3.11.7.1, R 4.3.2, server 10.0.0.7, home 127.0.0.1, example 192.0.2.1.",
        "ISBN 0306406152, doi:10.1016/j.ajhg.2011.0000001234, PMID 1234567890.",
        "Published on 2024-03-01; last changed 2024-05-06.",
        "export TOKEN=${GITHUB_TOKEN}; password = getpass()",
        "mysql://user:password@localhost/db and AKIAIOSFODNN7EXAMPLE stand in the manual.",
        "rs1234567890 and chr1:1234567890 and 0.4294967296 and 4294967296.",
        "Mann-Whitney U, Miss Rate 0.12, Mr Bayes 3.2.",
        "Seed 9991106847 was used.",
        "The MAC address 00:00:00:00:00:00 and the time 12:34:56.",
        "Accessions AB123456, NM_000059.4, ENSG00000139618.17.",
    ],
)  # fmt: skip
def test_ordinary(text: str, run_check: Run) -> None:
    """Contacts of authors and offices, versions, references and settings hold nothing."""
    assert held(run_check(CHECK, f"Some words first.\n{text}\nSome words after.\n".encode(), "notes.txt")) == {}


def test_notes_are_few(run_check: Run) -> None:
    """What is ordinary gives one note a class, whatever their number."""
    text = "\n".join(f"Dr A{place} B, University of Somewhere, person{place}@uni.ac.uk" for place in range(9))
    findings = run_check(CHECK, text.encode(), "authors.txt")
    assert [(finding.rule, finding.severity, finding.count) for finding in findings] == [("email", Severity.LOW, 9)]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab é\n09", min_size=0, max_size=40), st.integers(0, 30), st.integers(0, 9000))
def test_windows_hold_what_triggers(words: str, far: int, before: int) -> None:
    """Wherever a mark stands in a long text of any letters, a window holds it whole."""
    text = words * far + "x" * before + " a.b@gmail.com " + words * far
    place = text.index("a.b@gmail.com")
    assert any(low <= place and place + 13 <= high for low, high in windows(text, TRIGGERS)["email"])


@pytest.mark.usefixtures("ends")
@pytest.mark.parametrize(
    "letter", ["9", "a", "A", "9 ", "@", "a@", "1.", "Mr ", "0a:", "://a:", "1 Aa ", "Aa ", "password=", "eyJ", "(", "born ", "-----BEGIN "]
)
def test_long_runs_come_to_an_end(letter: str) -> None:
    """No search takes for ever."""
    for role in (TextRole.PROSE, TextRole.CODE):
        list(identifiers_in(Passage(part_ids=("a",), text=letter * (400_000 // len(letter)), where=Where.TEXT, role=role)))


@pytest.mark.parametrize(
    "text",
    [
        "[09:13] Mark: yes, Mrs Walsh, she is 81, potassium was 6.1",
        "Mr Okoro is HIV positive, CD4 180, started on treatment",
        "Mrs Patel goes home today after her mastectomy",
        "Joan Walsh: breast cancer, stage II\nTom Okoro: HIV positive",
        "name;diagnosis\nJoan Walsh;HIV\nTom Brown;asthma\n",
    ],
)
def test_a_few_names_in_talk_are_told(run_check: Run, text: str) -> None:
    """Chats, notes and lists of two that say what somebody has name that person."""
    assert Severity.HIGH in {finding.severity for finding in run_check(CHECK, text.encode(), "chat.txt") if finding.rule == "name"}


@pytest.mark.parametrize(
    "text",
    [
        "Authors: Joan Walsh, Tom Brown. Cancer incidence by region.",
        "Tom Brown, Cancer Research UK; Joan Walsh, epilepsy specialist nurse",
        "Correspondence: Dr Joan Walsh, Depression Research Unit, University of Somewhere",
        "Parkinson disease, Alzheimer disease and Down syndrome were left out; Miss rates fell",
    ],
)
def test_authors_and_fields_of_work_are_no_patients(run_check: Run, text: str) -> None:
    """Names before what somebody works on are of no patients."""
    assert not [finding for finding in run_check(CHECK, text.encode(), "paper.txt") if finding.severity > Severity.LOW]
