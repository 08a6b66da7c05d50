"""What the worked examples cannot show of `models`: what is said of an object, and that nothing of it is repeated."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.model.content import Content, Serialized
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding
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
