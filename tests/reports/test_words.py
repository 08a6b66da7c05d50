"""Every name in the model has words for readers."""

from __future__ import annotations

from enum import Enum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.checkrun import RunStatus
from sdc_airlock.model.content import OddityKind, UnreadReason
from sdc_airlock.model.decision import Outcome, Risk
from sdc_airlock.model.finding import DisclosureKind, Location, Severity, Statbarn
from sdc_airlock.model.output import Refusal
from sdc_airlock.model.recognised import Kind, Unit
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.reports import words

TABLES = [
    (Outcome, words.OUTCOMES),
    (Outcome, words.OUTCOME_MARKS),
    (Risk, words.RISKS),
    (Severity, words.SEVERITIES),
    (DisclosureKind, words.DISCLOSURES),
    (Kind, words.KINDS),
    (Unit, words.UNITS),
    (UnreadReason, words.UNREAD),
    (UnreadReason, words.UNREAD_REMEDIES),
    (RunStatus, words.RUNS),
    (Refusal, words.REFUSALS),
    (Refusal, words.REFUSAL_REMEDIES),
    (Statbarn, words.STATBARNS),
    (OddityKind, words.ODDITIES),
    (Protection, words.PROTECTIONS),
]


@pytest.mark.parametrize(("members", "table"), TABLES)
def test_every_member_has_words(members: type[Enum], table: dict[Enum, str]) -> None:
    """No member of an enum is shown to a reader by its code name."""
    assert set(table) == set(members)
    assert all(text and "_" not in text for text in table.values())


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (1.0, "very sure, over 99 in 100"),
        (0.96, "very sure, about 96 in 100"),
        (0.5, "not sure, about 50 in 100"),
        (float("nan"), "unsure, about 0 in 100"),
    ],
)
def test_confidence_is_never_certain(probability: float, text: str) -> None:
    """A confidence is put in words that never claim certainty."""
    assert words.confidence(probability) == text


@pytest.mark.parametrize(
    ("location", "labels", "text"),
    [
        (Location(part_id="a", rows=(4,), columns=("cases",)), (), "row 4, column cases"),
        (Location(part_id="a", rows=(4,), columns=("cases",)), ("South",), "row 4 (South), column cases"),
        (Location(part_id="a", rows=(4, 9)), ("South", " "), "rows 4 (South) and 9"),
        (Location(part_id="a", rows=(4, 9)), ("South",), "rows 4 and 9, labelled South"),
        (Location(part_id="a", rows=(1, 2, 3, 4, 5, 6, 7)), (), "rows 1, 2, 3, 4, 5 and 2 more"),
        (Location(part_id="a", columns=("column 3",)), (), "column 3"),
        (Location(part_id="a", columns=("cases", "deaths")), (), "columns cases and deaths"),
        (Location(part_id="a", lines=(3, 3)), (), "line 3"),
        (Location(part_id="a", lines=(3, 1200)), (), "lines 3 to 1,200"),
        (Location(part_id="a", rows=(3,), lines=(3, 3)), ("South",), "line 3"),
        (Location(part_id="a"), (), ""),
    ],
)
def test_place(location: Location, labels: tuple[str, ...], text: str) -> None:
    """A place reads as a person would say it."""
    assert words.place(location, labels) == text


@pytest.mark.parametrize(
    ("part_id", "path", "text"),
    [
        ("tables/a.csv", "tables/a.csv", ""),
        ("a.csv", "tables/a.csv", ""),
        ("a.zip/b/c.csv", "out/a.zip", "b/c.csv"),
        ("book.xlsx!Sheet2", "book.xlsx", "Sheet2"),
        ("elsewhere.csv", "a.csv", "elsewhere.csv"),
    ],
)
def test_inside(part_id: str, path: str, text: str) -> None:
    """A part is named by what lies inside its output."""
    assert words.inside(part_id, path) == text


@pytest.mark.parametrize(
    ("size", "text"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1234, "1.2 kB"), (999_960, "1.0 MB"), (5 * 10**12, "5.0 TB")]
)
def test_size(size: int, text: str) -> None:
    """Sizes are rounded to what people read."""
    assert words.size(size) == text


@pytest.mark.parametrize(("elapsed_ms", "text"), [(3, "3 ms"), (1234, "1.2 s"), (59_960, "1 min 0 s"), (125_000, "2 min 5 s")])
def test_duration(elapsed_ms: int, text: str) -> None:
    """Times are rounded to what people read."""
    assert words.duration(elapsed_ms) == text


def test_outputs_are_counted_in_words() -> None:
    """One, two and many outputs are named as people name them."""
    assert [words.every(number) for number in (1, 2, 1200)] == ["The output", "Both outputs", "All 1,200 outputs"]


@given(st.text())
def test_a_sentence_prints(text: str) -> None:
    """Whatever a message holds, its sentence has nothing that steers a terminal."""
    assert words.sentence(text).isprintable()


def test_an_unknown_type_is_shown_as_it_stands() -> None:
    """A type without words is shown by its label."""
    assert (words.file_type("csv"), words.file_type("new_type")) == ("delimited text", "new_type")
