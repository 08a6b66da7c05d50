"""Requests from paths to results."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from sdc_airlock import scan
from sdc_airlock.errors import PolicyError, WithdrawnListError
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.pipeline.pool import NoWorkers, Pool
from sdc_airlock.pipeline.run import Asked, Judge, judge_with
from sdc_airlock.pipeline.status import Status, gravest, status_of
from sdc_airlock.policy import load_profile

TABLE = "region,cases\nNorth,120\nSouth,140\nEast,95\nWest,77\n"


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """One judge for all, so that workers start once."""
    with judge_with() as shared:
        yield shared


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text(TABLE)
    return path


def test_files_come_out_in_the_order_they_were_found(judge: Judge, tmp_path: Path) -> None:
    """However the workers finish, the result has the order of intake, and progress counts every file."""
    for number in range(30):
        (tmp_path / f"{number:02}.csv").write_text(TABLE if number % 2 else "x\n" * 2000)
    told: list[int] = []
    result = judge.judge(Asked(paths=(str(tmp_path),)), told.append)
    assert [file.path for file in result.request.files] == [f"{number:02}.csv" for number in range(30)]
    assert told == list(range(1, 31))


_rng = Random(2)
PEOPLE = [
    f"P{_rng.randint(10_000, 99_999)}_{_rng.choice('MF')}_{_rng.randint(20, 90)}_{_rng.choice(('E11', 'I10', 'C50'))}_{_rng.randint(18, 40)}.txt"
    for _ in range(50)
]
PLOTS = [f"bmi_chr{number}_{plot}.txt" for number in range(1, 23) for plot in ("manhattan", "qq")]


@pytest.mark.parametrize(("names", "outcome"), [(PEOPLE, Outcome.REVIEW), (PLOTS, Outcome.RELEASE)], ids=["records", "plots"])
def test_names_of_outputs_are_read_together(judge: Judge, tmp_path: Path, names: list[str], outcome: Outcome) -> None:
    """Records in the names of files hold the request as records in a file do; names of plots do not."""
    for name in names:
        (tmp_path / name).write_text("done\n")
    result = judge.judge(Asked(paths=(str(tmp_path),)))
    assert min(result.outcome, Outcome.REVIEW) is outcome
    assert {finding.check_id for finding in result.request_findings} == ({"individual_rows"} if outcome is Outcome.REVIEW else set())


def test_the_same_outputs_have_the_same_id(judge: Judge, table: Path) -> None:
    """A request without an id gets one from its paths and bytes."""
    first, again = (judge.judge(Asked(paths=(str(table),))).request.request_id for _ in range(2))
    table.write_text(TABLE + "Isle,50\n")
    assert first == again != judge.judge(Asked(paths=(str(table),))).request.request_id


def test_a_copy_that_changes_after_it_was_hashed_is_held(judge: Judge, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Bytes that are not those that were judged are never released."""
    assess = Pool.assess

    def tampering(self: Pool, files):
        for file, assessment in assess(self, files):
            Path(file.staged_path).chmod(0o600)
            Path(file.staged_path).write_text("something else")
            yield file, assessment

    monkeypatch.setattr(Pool, "assess", tampering)
    result = judge.judge(Asked(paths=(str(table),)))
    assert result.outcome is Outcome.REVIEW
    assert any(reason.rule == "file_id" for decision in result.decisions for reason in decision.reasons)


def test_a_copy_that_was_only_touched_is_hashed_again(judge: Judge, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another time of change with the same bytes is no change."""
    assess = Pool.assess

    def touching(self: Pool, files):
        for file, assessment in assess(self, files):
            os.utime(file.staged_path, (1, 1))
            yield file, assessment

    monkeypatch.setattr(Pool, "assess", touching)
    assert judge.judge(Asked(paths=(str(table),))).outcome is Outcome.RELEASE


def test_without_workers_every_file_is_listed_and_held(judge: Judge, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where no worker can be started, the report still names every file, and the status says that nothing was decided."""

    def no_workers(self: Pool, files):
        raise NoWorkers("none")
        yield

    (table.parent / "second.csv").write_text(TABLE)
    monkeypatch.setattr(Pool, "assess", no_workers)
    result = judge.judge(Asked(paths=(str(table.parent),)))
    assert [decision.outcome for decision in result.decisions] == [Outcome.REVIEW] * 2
    assert status_of(result) is Status.UNDECIDED


def test_checks_of_the_request_that_cannot_run_hold_it(judge: Judge, table: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A request whose own checks did not run is not released, though each of its outputs could be."""

    def no_workers(*_: object) -> None:
        raise NoWorkers("none")

    monkeypatch.setattr(Pool, "check_request", no_workers)
    result = judge.judge(Asked(paths=(str(table),)))
    assert [decision.outcome for decision in result.decisions] == [Outcome.RELEASE]
    assert result.outcome is Outcome.REVIEW


def test_staged_copies_go_as_soon_as_they_are_done_with(judge: Judge, table: Path) -> None:
    """A batch needs no room for all of its copies at a time."""
    judge.judge(Asked(paths=(str(table),)))
    assert list(judge._pool.staged.glob("*/*")) == []


def test_scan_is_the_public_door(table: Path) -> None:
    """One call judges one path or many."""
    assert scan(table).outcome is Outcome.RELEASE
    assert len(scan([str(table)], "finngen").decisions) == 1


def test_a_protection_that_is_demanded_and_not_there_holds_everything(table: Path) -> None:
    """Where the profile demands what was not active, each output is held with the reason, and the status is that of a review."""
    profile = load_profile("default")
    demanded = replace(profile.rules["sandbox.required"], value=("resource_limits", "seccomp", "landlock_files"))
    strict = replace(profile, rules={**profile.rules, "sandbox.required": demanded})
    with judge_with(strict, workers=1, kernel=False) as judge:
        result = judge.judge(Asked(paths=(str(table),)))
    assert status_of(result) is Status.REVIEW
    (decision,) = result.decisions
    assert [reason.text for reason in decision.reasons if reason.rule == "sandbox.required"] == [
        "it was read without the protection seccomp, which the profile demands",
        "it was read without the protection landlock_files, which the profile demands",
    ]
    assert Protection.SECCOMP in result.sandbox.missing


def test_the_result_says_what_protected_it(judge: Judge, table: Path) -> None:
    """What needs nothing of the kernel always holds, and nothing is claimed for a request in which no file was read."""
    sandbox = judge.judge(Asked(paths=(str(table),))).sandbox
    assert not sandbox.lacks(judge.profile.value("sandbox.required"))
    with judge_with(workers=1) as idle:
        assert idle.judge(Asked(paths=())).sandbox is None


def test_a_wrong_profile_is_an_error_before_any_work(table: Path) -> None:
    """A profile that cannot be trusted judges nothing."""
    with pytest.raises(PolicyError):
        scan(table, "no_such_profile")


@pytest.mark.parametrize(
    ("statuses", "whole"),
    [
        ([], Status.REVIEW),
        ([Status.RELEASED], Status.RELEASED),
        ([Status.RELEASED, Status.REVIEW], Status.REVIEW),
        ([Status.REJECT, Status.REVIEW], Status.REJECT),
        ([Status.UNDECIDED], Status.UNDECIDED),
        ([Status.UNDECIDED, Status.RELEASED], Status.REVIEW),
        ([Status.UNDECIDED, Status.REJECT], Status.REJECT),
    ],
)
def test_the_status_of_a_batch(statuses: list[Status], whole: Status) -> None:
    """The gravest request decides; one that could not be decided never lets the others be told as released."""
    assert gravest(statuses) is whole


def test_a_profile_may_ask_for_a_list_of_withdrawn_participants(tmp_path: Path) -> None:
    """Where the profile requires a list, nothing is judged without one."""
    (tmp_path / "own.toml").write_text(
        "id = 'own'\ntitle = 'Own'\n[rules.withdrawn_list]\nvalue = 'required'\nsource = 'Us'\ndate = '2026-11-22'\nverified = true\n"
    )
    with pytest.raises(WithdrawnListError, match="asks for a list"), judge_with(str(tmp_path / "own.toml")):
        pass
