"""What the worked examples cannot show of `anomalous_format`: each kind of oddity, many parts, damaged members."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.checks._format_facts import ACTIVE, HIDDEN
from sdc_airlock.model.content import Container, Oddity, OddityKind, Serialized, Unread, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy import Profile

TABLE = b"region,cases\nNorth,120\nSouth,95\nEast,210\n"
ORDINARY = {
    OddityKind.SECOND_OPINION,
    OddityKind.CONTROL_CHARACTERS,
    OddityKind.UNDECODABLE_TEXT,
    OddityKind.RAGGED_ROWS,
    OddityKind.ZERO_WIDTH_CHARACTERS,  # a single one
}


@pytest.fixture
def judge(default_profile: Profile) -> Callable[[Subject], list[Finding]]:
    """Runs the check under the default profile."""
    check = checks()["anomalous_format"]
    assert check.on_output is not None
    run = check.on_output
    return lambda subject: list(run(subject, default_profile.params(check)))


@pytest.fixture
def table(subject_of: Callable[[bytes, str], Subject]) -> Callable[..., Subject]:
    """A plain table, with oddities, gaps or another type."""

    def make(**changes: Any) -> Subject:
        subject = subject_of(TABLE, "table.csv")
        return replace(subject, content=replace(subject.content, **changes))

    return make


@pytest.mark.parametrize("kind", [kind for kind in OddityKind if kind not in HIDDEN | ACTIVE])
def test_each_oddity(kind: OddityKind, table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """Each kind gives one finding; only what ordinary work leaves behind is low."""
    (finding,) = judge(table(oddities=(Oddity(part_id="table.csv", kind=kind, detail="3 bytes", size=1),)))
    assert (finding.severity is Severity.LOW) == (kind in ORDINARY)
    assert finding.rule == kind.value
    assert "3 bytes" in finding.message
    assert finding.remedy


@pytest.mark.parametrize("kind", sorted(HIDDEN | ACTIVE))
def test_what_other_checks_speak_of(kind: OddityKind, table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """What is hidden or acts by itself is left to the checks of that, so that nothing is reported twice."""
    assert judge(table(oddities=(Oddity(part_id="table.csv", kind=kind, size=1),))) == []


def test_one_finding_a_kind_and_part(table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """Five oddities of one kind in one part are one finding of five places."""
    odd = tuple(Oddity(part_id="table.csv", kind=OddityKind.NUL_BYTES) for _ in range(5))
    assert [finding.count for finding in judge(table(oddities=odd))] == [5]


def test_many_parts_do_not_flood_the_report(table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """The first twenty parts have a finding each, the rest one together."""
    odd = tuple(Oddity(part_id=f"a.zip/{number}.txt", kind=OddityKind.RAGGED_ROWS) for number in range(300))
    findings = judge(table(oddities=odd))
    assert len(findings) == 21
    assert sum(finding.count for finding in findings) == 300


@pytest.mark.parametrize(("why", "rule"), [(UnreadReason.ENCRYPTED, "encrypted"), (UnreadReason.MALFORMED, "damaged")])
def test_members_that_cannot_be_read(
    why: UnreadReason, rule: str, table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]
) -> None:
    """An encrypted or damaged member is a finding, once, even where its reader also called it odd."""
    gap = Unread(part_id="a.zip/b.csv", why=why)
    findings = judge(table(unread=(gap,), oddities=(Oddity(part_id="a.zip/b.csv", kind=OddityKind(rule)),)))
    assert [finding.rule for finding in findings] == [rule]
    assert [finding.rule for finding in judge(table(unread=(gap,)))] == [rule]


@pytest.mark.parametrize(
    ("label", "family", "rule", "severity"),
    [
        ("elf", Family.EXECUTABLE, "executable", Severity.CRITICAL),
        ("encrypted", Family.ENCRYPTED, "encrypted", Severity.CRITICAL),
        ("unknown", Family.UNKNOWN, "unknown", Severity.HIGH),
        ("sqlite", Family.DATABASE, "not_allowed", Severity.HIGH),
        ("plink_bed", Family.GENOMIC, "not_allowed", Severity.HIGH),
        ("joblib", Family.MODEL, "not_allowed", Severity.HIGH),
    ],
)
def test_types(
    *, label: str, family: Family, rule: str, severity: Severity, table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]
) -> None:
    """A type is named once, whether its reader calls it odd or not."""
    odd = tuple(Oddity(part_id="table.csv", kind=kind) for kind in OddityKind if kind.value == rule)
    findings = judge(table(file_type=FileType(label=label, family=family), oddities=odd))
    assert [(finding.rule, finding.severity) for finding in findings] == [(rule, severity)]


def test_polyglots_are_named(table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """Both types are in the message, the second one too where it has no name here."""
    (finding,) = judge(table(file_type=FileType(label="png", family=Family.FIGURE, also=("zip", "something"))))
    assert "zip archive" in finding.message
    assert "another type" in finding.message
    assert finding.count == 3


def test_members_of_formats_that_are_not_allowed(table: Callable[..., Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """A pickle inside an archive is as little allowed as one by itself; several are one finding."""
    parts = (
        Container(part_id="a.zip", format="zip", members=2, stored_bytes=10, expanded_bytes=10),
        Serialized(part_id="a.zip/m1", format="pickle"),
        Serialized(part_id="a.zip/m2", format="pickle"),
    )
    (finding,) = judge(table(file_type=FileType(label="zip", family=Family.ARCHIVE), parts=parts))
    assert (finding.rule, finding.count, finding.location.part_id) == ("not_allowed", 2, "a.zip/m1")


def test_a_damaged_archive(subject_of: Callable[[bytes, str], Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """An archive cut short is held."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("table.csv", TABLE * 200)
    findings = judge(subject_of(buffer.getvalue()[:-40], "tables.zip"))
    assert any(finding.severity > Severity.LOW for finding in findings)


def test_messages_hold_no_value(subject_of: Callable[[bytes, str], Subject], judge: Callable[[Subject], list[Finding]]) -> None:
    """What stands in the file never stands in a finding."""
    secret = "Zaphod"
    data = f"name,visits\n{secret},3\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\u200b\n".encode()
    for name in ("plot.png", "table.csv", "a\u202eb.csv"):
        assert all(secret not in repr(finding) for finding in judge(subject_of(data, name)))
