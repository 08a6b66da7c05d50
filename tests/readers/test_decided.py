"""Long tables whose first rows are people beyond doubt: decided by these, and what else has to be mended is still found."""

from __future__ import annotations

import random

from sdc_airlock.checks import Subject, checks
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, OddityKind, Table
from sdc_airlock.policy import load_profile
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source

_LIMITS = Limits(table_bytes=100_000, sample_rows=1500)
_random = random.Random(20261122)
_PEOPLE = [
    f"{9_000_000 + place},{_random.randint(18, 90)},{_random.choice('MF')},{_random.gauss(27, 4):.2f},20{_random.randint(10, 23)}-0{_random.randint(1, 9)}-1{_random.randint(0, 9)}"
    for place in range(12_000)
]


def _read(lines: list[str], header: str = "participant_id,age,sex,bmi,visit_date") -> Content:
    data = (f"{header}\n" + "\n".join(lines) + "\n").encode()
    source = Source.of_bytes(data, part_id="rows.csv", name="rows.csv")
    return read(source, identify(source), file_id="", limits=_LIMITS)


def test_people_are_decided_by_the_first_rows_and_all_rows_can_still_be_read() -> None:
    """The rows are not parsed to tell what they are; a check that wants all of them gets them."""
    content = _read(_PEOPLE)
    (table,) = (part for part in content.parts if isinstance(part, Table))
    assert not table.held
    assert table.batches is not None
    (found,) = recognise(content, _LIMITS)
    assert found.individual >= 0.9
    assert sum(batch.num_rows for batch in table.batches()) == len(_PEOPLE)
    subject = Subject(claimed_name="rows.csv", size_bytes=1, content=content, recognised=(found,))
    check = checks()["individual_rows"]
    (finding,) = check.on_output(subject, load_profile("default").params(check))
    assert "the first 1,500 decide" in finding.message


def test_a_formula_far_below_is_found_all_the_same() -> None:
    """What calls out of the file is looked for in every row."""
    content = _read([*_PEOPLE, '1,2,=WEBSERVICE("http://example.org"),4,5'])
    assert any(oddity.kind is OddityKind.CALLING_FORMULA for oddity in content.oddities)


def test_other_tables_are_read_whole() -> None:
    """Where the first rows are no people, the others are looked at."""
    content = _read([f"chr{place % 22},{place},A,0.{place:05},{place % 7}" for place in range(12_000)], "CHR,BP,A1,P,N")
    (table,) = (part for part in content.parts if isinstance(part, Table))
    assert table.held
