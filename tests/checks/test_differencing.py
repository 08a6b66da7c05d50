"""Laws of differencing: who is left out is found, and tables of other people are let alone."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks import RequestSubject, checks
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.carried import CarriedColumn, CarriedTable
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.recognised import Kind
from sdc_airlock.stats.differences import common_multiple

LOW, HIGH = 1, 9


def published(path: str, *tables: tuple[Sequence[str], dict[str, Sequence[float | None]]]) -> Assessment:
    """A file with tables of one column of labels."""
    carried = []
    for number, (labels, columns) in enumerate(tables, 1):
        made = tuple(
            CarriedColumn(index=place, name=name, label=name, people=tuple(people))
            for place, (name, people) in enumerate(columns.items(), 1)
        )
        part_id = path.rpartition("/")[2] + (f"#table{number}" if number > 1 else "")
        carried.append(
            CarriedTable(
                part_id=part_id, rows=tuple((each,) for each in labels), places=tuple(range(2, len(labels) + 2)), stub=("g",), columns=made
            )
        )
    return Assessment(
        path=path,
        claimed_name=path,
        file_id=repr(tables)[:400],
        size_bytes=1,
        file_type=FileType(label="csv", family=Family.DELIMITED),
        published=tuple(carried),
    )


def found(outputs: Sequence[Assessment], earlier: Sequence[Assessment] = ()) -> list[Finding]:
    """What the check says, under the usual range."""
    check = checks()["differencing"]
    assert check.on_request is not None
    return list(check.on_request(RequestSubject(assessments=tuple(outputs), earlier=tuple(earlier)), {"suppressed_counts": (LOW, HIGH), "hidden_range_share": 0.5}))


LABELS = tuple(f"area {letter}" for letter in "ABCDEFGHIJKL")
COUNTS = st.lists(st.integers(60, 5000), min_size=4, max_size=12)


@given(COUNTS, st.integers(0, 11), st.integers(LOW, HIGH))
def test_whoever_is_left_out_is_found(counts: list[int], place: int, fewer: int) -> None:
    """A table made again with up to nine people fewer in one cell is held, and at that cell."""
    place %= len(counts)
    after = [count - fewer * (at == place) for at, count in enumerate(counts)]
    labels = LABELS[: len(counts)]
    findings = found([published("t1.csv", (labels, {"patients": after}))], [published("t1.csv", (labels, {"patients": counts}))])
    rounded = max(common_multiple(np.array(each, dtype=float)) for each in (counts, after)) > 1
    assert [finding.location.rows for finding in findings] == ([] if rounded else [(place + 2,)])


@given(COUNTS, st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(counts: list[int], random: object) -> None:
    """Tables are compared by their labels."""
    labels = list(LABELS[: len(counts)])
    after = [counts[0] - 3, *counts[1:]]
    order = list(range(len(counts)))
    random.shuffle(order)  # type: ignore[attr-defined]
    before = published("t1.csv", ([labels[at] for at in order], {"patients": [counts[at] for at in order]}))
    assert len(found([published("t1.csv", (labels, {"patients": after}))], [before])) == len(
        found([published("t1.csv", (labels, {"patients": after}))], [published("t1.csv", (labels, {"patients": counts}))])
    )


@pytest.mark.parametrize(("rows", "columns"), [(3, 1), (5, 2), (12, 3)])
@pytest.mark.parametrize("names", [("asthma.csv", "copd.csv"), ("table1.csv", "table2.csv"), ("site_a/t.csv", "site_b/t.csv")])
def test_tables_of_other_people_are_let_alone(rows: int, columns: int, names: tuple[str, str]) -> None:
    """The same layout, and counts as two groups of the same size would have them: not one of two hundred pairs is flagged."""
    rng = np.random.default_rng(rows * 10 + columns)
    headers = ("women", "men", "others")[:columns]
    flagged = 0
    for _ in range(200):
        rates = rng.uniform(15, 600, (columns, rows))
        one, other = (
            published(name, (LABELS[:rows], dict(zip(headers, rng.poisson(rates).astype(float).tolist(), strict=True)))) for name in names
        )
        flagged += bool(found([one, other]))
    assert flagged == 0


def test_monthly_releases_of_one_table_under_one_name_are_seldom_taken_for_one() -> None:
    """A name that stands in both releases makes less closeness enough, but separate people stay apart nearly always."""
    rng = np.random.default_rng(3)
    flagged = 0
    for _ in range(200):
        rates = rng.uniform(15, 600, 6)
        one, other = (published("t1.csv", (LABELS[:6], {"patients": rng.poisson(rates).astype(float).tolist()})) for _ in range(2))
        flagged += bool(found([one], [other]))
    assert flagged <= 2


def test_findings_lead_to_the_table_of_the_request() -> None:
    """A person can mend what has not left yet."""
    before = published("old/t1.csv", (LABELS[:4], {"patients": [507, 643, 808, 971]}))
    (finding,) = found([published("new/t1.csv", (LABELS[:4], {"patients": [507, 640, 808, 971]}))], [before])
    assert finding.location.part_id == "new/t1.csv"
    assert "old/t1.csv of an earlier release" in finding.message
    assert not any(number in finding.message for number in ("507", "643", "640"))


def test_two_tables_that_left_before_are_not_compared() -> None:
    """Nothing can be done about them here."""
    before = [published(f"{name}/t1.csv", (LABELS[:4], {"patients": [507, last, 808, 971]})) for name, last in (("a", 640), ("b", 643))]
    assert found([published("notes.csv", (("x", "y"), {"n": [50, 60]}))], before) == []


def test_many_tables_are_compared_in_time() -> None:
    """A request of two hundred tables, each with an earlier one, takes seconds."""
    rng = np.random.default_rng(5)
    tables = [
        published(f"t{number}.csv", (LABELS, {"women": rng.integers(60, 900, 12).tolist(), "men": rng.integers(60, 900, 12).tolist()}))
        for number in range(200)
    ]
    began = time.process_time()
    findings = found(tables[:100], tables[100:])
    assert time.process_time() - began < 20
    assert all(finding.rule == "not_compared" for finding in findings)


def test_more_pairs_than_are_compared_are_told() -> None:
    """A limit that is reached is said."""
    tables = [published(f"t{number}.csv", (LABELS[:2], {"n": [100.0 + number, 300.0]})) for number in range(220)]
    findings = [finding for finding in found(tables) if finding.rule == "not_compared"]
    assert len(findings) == 1


def test_a_table_that_was_too_large_is_told(assessed: Callable[..., tuple[Assessment, ...]]) -> None:
    """It is told where there was something to compare it with."""
    (small,) = assessed({"t.csv": "region,patients\nNorth,120\nSouth,140\nWest,133\n"})
    big = Assessment(
        path="big.csv", claimed_name="big.csv", file_id="b", size_bytes=1, file_type=FileType(label="csv", family=Family.DELIMITED),
        published=(CarriedTable(part_id="big.csv", overflow=True),),
    )  # fmt: skip
    assert small.recognised[0].kind in set(Kind)
    assert [finding.severity.word for finding in found([small, big])] == ["low"]
    assert [finding.severity.word for finding in found([small], [big])] == ["medium"]
    assert found([big]) == []
