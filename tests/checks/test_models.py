"""What the worked examples cannot show of `models`: what is said of an object, and that nothing of it is repeated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.model.content import ArrayFact, Content, LeafFact, Serialized
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy import Profile

CHECK = checks()["models"]
Judge = Callable[..., tuple[Finding, ...]]


@pytest.fixture
def judge(default_profile: Profile) -> Judge:
    """Runs the check on an output of these parts."""
    assert CHECK.on_output is not None
    run = CHECK.on_output

    def judged(*parts: Serialized, family: Family = Family.MODEL, label: str = "pickle") -> tuple[Finding, ...]:
        content = Content(file_id="0", file_type=FileType(label=label, family=family), parts=parts)
        subject = Subject(claimed_name="model.rds", size_bytes=100, content=content, recognised=())
        return tuple(run(subject, default_profile.params(CHECK)))

    return judged


def test_known_classes_are_said_and_others_are_not(judge: Judge) -> None:
    """A class attribute is text of the file: only names that libraries give are shown."""
    (finding,) = judge(Serialized(part_id="m", format="rds", classes=("coxph", "patient 943 476 5919"), runs_code=False))
    assert "coxph" in finding.message
    assert "943" not in str(finding)


def test_each_object_is_found_once(judge: Judge) -> None:
    """Two objects are two findings; the same part twice is one."""
    parts = [Serialized(part_id=name, format="pickle", classes=(), runs_code=False) for name in ("a", "b", "a")]
    assert [finding.location.part_id for finding in judge(*parts)] == ["a", "b"]


@pytest.mark.parametrize("runs", [True, False])
def test_loading_is_warned_of_where_it_runs_code(judge: Judge, runs: bool) -> None:  # noqa: FBT001
    """Only objects whose loading runs code say so."""
    (finding,) = judge(Serialized(part_id="m", format="pickle", classes=(), runs_code=runs))
    assert ("would run code" in finding.message) is runs


def test_a_model_file_without_objects_is_found(judge: Judge) -> None:
    """The format of the file is enough."""
    assert len(judge(label="onnx")) == 1
    assert judge(family=Family.DELIMITED, label="csv") == ()


def test_arrays_are_said_by_shape_and_known_place(judge: Judge) -> None:
    """Shape and type of the largest arrays are said; a place only where a library calls it so, a type only where it is one."""
    arrays = (
        ArrayFact(name="_fit_X", dtype="float64", shape=(60, 4)),
        ArrayFact(name="patient 943", dtype="943 476", shape=(3,)),
        ArrayFact(name="", dtype="<U9", shape=(9,)),
    )
    (finding,) = judge(Serialized(part_id="m", format="joblib", arrays=arrays, n_arrays=7, parameters=241))
    assert "7 arrays, 241 numbers in all; the largest: 60 x 4 of float64 (_fit_X), 9 of text, 3 of another type" in finding.message
    assert "943" not in str(finding)


def test_kept_records_are_a_finding_of_their_own(judge: Judge) -> None:
    """What stands for single training records is said with its reason, and still held for review only."""
    found = judge(Serialized(part_id="m", format="pickle", holds_records=True, why=("support vectors, which are training records",)))
    assert [finding.rule for finding in found] == ["", "records"]
    assert "support vectors" in found[1].message
    assert {finding.severity for finding in found} == {Severity.HIGH}


def test_leaves_are_held_against_the_suppressed_range(judge: Judge, default_profile: Profile) -> None:
    """Leaves inside the range are counted, empty ones and large ones are not; a bound is not called a count."""
    low, high = default_profile.value("suppressed_counts")
    sizes = (LeafFact(size=0, leaves=9), LeafFact(size=low, leaves=2), LeafFact(size=high, leaves=3), LeafFact(size=high + 1, leaves=5))
    (_, exact) = judge(Serialized(part_id="m", format="xgboost", leaves=sizes))
    assert (exact.rule, exact.count) == ("small_leaves", 5)
    assert "5 of 10 leaves" in exact.message
    assert "2 of them for one person" in exact.message
    (_, bound) = judge(Serialized(part_id="m", format="xgboost", leaves=(LeafFact(size=high, leaves=4, exact=False),)))
    assert "may stand for as few as" in bound.message
    assert len(judge(Serialized(part_id="m", format="xgboost", leaves=sizes[3:]))) == 1


def test_leaves_of_one_class_are_said(judge: Judge) -> None:
    """A leaf where all are alike says of everybody in it what they are."""
    assert [finding.rule for finding in judge(Serialized(part_id="m", format="joblib", pure_leaves=3))] == ["", "pure_leaves"]


def test_where_loading_leads_is_said_for_known_modules(judge: Judge) -> None:
    """A module that is publicly known is named, any other is not."""
    (finding,) = judge(Serialized(part_id="m", format="pickle", runs_code=True, calls=("posix", "jane943")))
    assert "(through posix)" in finding.message
    assert "943" not in str(finding)


def test_what_could_not_be_told_is_said(judge: Judge) -> None:
    """A pickle that breaks off may run code all the same."""
    assert "could not be told" in judge(Serialized(part_id="m", format="pickle"))[0].message
    assert "could not be told" not in judge(Serialized(part_id="m", format="onnx"))[0].message
