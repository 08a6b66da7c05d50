"""One output from bytes to assessment: nothing that happens on the way is silent."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest

from sdc_airlock.checks import checks
from sdc_airlock.errors import IdentificationError, Malformed
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import RunStatus
from sdc_airlock.model.content import UnreadReason
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Location, Severity
from sdc_airlock.model.output import OutputFile, Refusal
from sdc_airlock.pipeline import assess as room
from sdc_airlock.pipeline.assess import Bench, assess
from sdc_airlock.pipeline.runner import OutOfTime
from sdc_airlock.policy import Profile, decide, load_profile

TABLE = b"region,cases,controls\nNorth,120,300\nSouth,140,280\nEast,95,210\nWest,77,190\n"
SECRET = "Zanzibarward"


@pytest.fixture(scope="module")
def profile() -> Profile:
    return load_profile("default")


@pytest.fixture
def bench(profile: Profile) -> Bench:
    """What every output is judged with under the default profile."""
    known = checks()
    return Bench(checks=tuple(known.values()), params={check.id: profile.params(check) for check in known.values()}, limits=profile.limits)


@pytest.fixture
def outcome(profile: Profile) -> Callable[[Assessment], Outcome]:
    """The outcome of an assessment whose bytes stayed the same."""
    return lambda assessment: decide(assessment, profile, same_bytes=True).outcome


def raising(error: BaseException) -> Callable[..., None]:
    def raise_it(*_: object, **__: object) -> None:
        raise error

    return raise_it


def test_a_harmless_table_is_released(staged, bench: Bench, outcome) -> None:
    """The whole way, with nothing in it to find."""
    found = assess(staged(TABLE), bench)
    assert found.complete
    assert all(run.status.settled for run in found.runs)
    assert outcome(found) is Outcome.RELEASE


@pytest.mark.parametrize("step", ["identify", "read", "recognise"])
@pytest.mark.parametrize("error", [RuntimeError(SECRET), RecursionError(SECRET), MemoryError(SECRET), OutOfTime(), AssertionError(SECRET)])
def test_a_step_that_breaks_off_holds_the_output(
    staged, bench: Bench, outcome, monkeypatch: pytest.MonkeyPatch, step: str, error: BaseException
) -> None:
    """Whatever any step raises, the output is held, the checks still run, and no word of the error is told."""
    monkeypatch.setattr(room, step, raising(error))
    found = assess(staged(TABLE), bench)
    assert not found.complete
    assert len(found.runs) == len(checks())
    assert outcome(found) > Outcome.RELEASE
    assert SECRET not in repr(found)


@pytest.mark.parametrize(
    ("error", "why"), [(Malformed("no table"), UnreadReason.MALFORMED), (IdentificationError("x"), UnreadReason.UNSUPPORTED)]
)
def test_an_output_that_cannot_be_told_is_held(staged, bench: Bench, outcome, monkeypatch, error: Exception, why: UnreadReason) -> None:
    """Identification that fails, or is not there at all, is a gap."""
    monkeypatch.setattr(room, "identify", raising(error))
    found = assess(staged(TABLE), bench)
    assert [gap.why for gap in found.unread] == [why]
    assert outcome(found) > Outcome.RELEASE


@pytest.mark.parametrize("refusal", Refusal)
def test_what_intake_refused_is_held(bench: Bench, outcome, refusal: Refusal) -> None:
    """A path that was not taken in is listed and never released."""
    found = assess(OutputFile(path="folder/x", claimed_name="x", file_id="", size_bytes=0, refusal=refusal), bench)
    assert not found.complete
    assert outcome(found) > Outcome.RELEASE


def test_reading_stops_in_time(staged, bench: Bench, outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that goes on for ever is stopped, and the checks still have their turn."""
    monkeypatch.setattr(room, "read", lambda *_, **__: time.sleep(60))
    found = assess(staged(TABLE), replace(bench, limits=replace(bench.limits, file_seconds=0.2)))
    assert [(gap.why, gap.limit_name) for gap in found.unread] == [(UnreadReason.LIMIT, "file_seconds")]
    assert len(found.runs) == len(checks())
    assert outcome(found) > Outcome.RELEASE


def finding(**changes: object) -> Finding:
    known = {"check_id": "small_counts", "severity": Severity.LOW, "location": Location(part_id="x"), "message": "m", "remedy": "r"}
    return Finding(**{**known, **changes})


def one_check(bench: Bench, function: Callable[..., Iterator[Finding]]) -> Bench:
    return replace(bench, checks=(replace(checks()["small_counts"], on_output=function),))


@pytest.mark.parametrize("error", [RuntimeError(SECRET), MemoryError(), RecursionError(), KeyError(SECRET)])
def test_a_check_that_breaks_off_has_failed(staged, bench: Bench, outcome, error: Exception) -> None:
    """It is a run that failed, with what it found before, the class and the line of the error, and no word of it."""

    def breaking(*_: object) -> Iterator[Finding]:
        yield finding()
        raise error

    (run,) = (found := assess(staged(TABLE), one_check(bench, breaking))).runs
    assert (run.status, len(run.findings)) == (RunStatus.FAILED, 1)
    assert run.error.startswith(type(error).__name__)
    assert SECRET not in repr(found)
    assert outcome(found) > Outcome.RELEASE


def test_a_check_that_goes_on_for_ever_has_timed_out(staged, bench: Bench, outcome, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is stopped when the time of the output is over."""
    monkeypatch.setattr(room, "_LAST_SECONDS", 0.1)

    def slow(*_: object) -> Iterator[Finding]:
        yield finding()
        time.sleep(60)

    limits = replace(bench.limits, file_seconds=0.3)
    found = assess(staged(TABLE), replace(one_check(bench, slow), limits=limits))
    assert [run.status for run in found.runs] == [RunStatus.TIMED_OUT]
    assert outcome(found) > Outcome.RELEASE


def test_a_finding_that_cannot_be_told_fails_its_check(staged, bench: Bench) -> None:
    """A finding built against the model is noticed in the check that built it."""
    found = assess(staged(TABLE), one_check(bench, lambda *_: iter([finding(count="three")])))
    assert [run.status for run in found.runs] == [RunStatus.FAILED]


@pytest.mark.parametrize("path", [".git/config.csv", "project/.git/table.csv", ".svn/table.csv", "x/.HG/table.csv"])
def test_a_folder_of_version_control_is_told_to_the_checks(staged, bench: Bench, outcome, path: str) -> None:
    """A file that lies in such a folder is held for what earlier versions could hold."""
    found = assess(replace(staged(TABLE), path=path), bench)
    assert [each.message for each in found.findings if "version-control" in each.message]
    assert outcome(found) > Outcome.RELEASE


def test_a_second_opinion_is_told_to_the_checks(staged, bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    """What libmagic says against the type of an output as a whole is a finding, as it is for members."""
    monkeypatch.setattr(room, "disagreement", lambda _: "read as CSV, libmagic says application/x-dosexec")
    messages = [each.message for each in assess(staged(TABLE), bench).findings]
    assert any("libmagic" in message for message in messages)


def test_a_file_too_large_names_the_limit(bench: Bench) -> None:
    """What was not taken in for its size says how large it may be."""
    refused = OutputFile(path="x.csv", claimed_name="x.csv", file_id="", size_bytes=9 << 40, refusal=Refusal.TOO_LARGE)
    (gap,) = assess(refused, bench).unread
    assert (gap.limit_name, gap.limit) == ("expanded_bytes", bench.limits.expanded_bytes)


@pytest.mark.parametrize(
    "words", ["bidirectional mark", "zero-width character", "control character", "bytes that are not UTF-8", "unusual space"]
)
def test_an_odd_name_is_told_to_the_checks(staged, bench: Bench, words: str) -> None:
    """What is odd about a name reaches `anomalous_format`."""
    found = assess(replace(staged(TABLE), name_oddities=(words,)), bench)
    assert "anomalous_format" in {each.check_id for each in found.findings}
