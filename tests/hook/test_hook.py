"""The egress hook: always one JSON answer, and everything but 0 means hold."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.errors import UsageError
from sdc_airlock.hook import answer, asked_of
from sdc_airlock.pipeline import run
from sdc_airlock.reports import json_report


def asked(**said: object) -> tuple[dict, int]:
    text, status = answer(json.dumps(said).encode())
    told = json.loads(text)
    jsonschema.validate(told, json.loads(json_report.schema_text()))
    return told, status


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.csv"
    path.write_text("region,cases\nNorth,120\nSouth,140\nEast,95\nWest,77\n")
    return path


def test_a_request_is_answered_with_its_report(table: Path) -> None:
    """Who asked and for what comes back with the decision."""
    told, status = asked(paths=[str(table)], request_id="R7", requester="someone", project="P1", statement="a table")
    assert (told["outcome"], status) == ("release", 0)
    assert told["request"] == {"request_id": "R7", "requester": "someone", "project": "P1"}


def test_a_missing_file_holds_the_request(table: Path) -> None:
    """A path that leads nowhere is listed and held; the others are judged."""
    told, status = asked(paths=[str(table), str(table.with_name("missing.csv"))])
    assert status == 10
    assert [output["outcome"] for output in told["outputs"]] == ["release", "review"]


def test_a_wrong_profile_holds_the_request(table: Path) -> None:
    """A profile that cannot be trusted is status 2, and the answer says review."""
    told, status = asked(paths=[str(table)], profile="no_such_profile")
    assert (told["outcome"], status) == ("review", 2)


@pytest.mark.parametrize(
    "question",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"\xff",
        b'{"paths": "a"}',
        b'{"paths": []}',
        b'{"paths": [""]}',
        b'{"paths": ["a\\u0000"]}',
        b'{"paths": ["a"], "profle": "x"}',
        b'{"paths": ["a"], "requester": 3}',
        b"[" * 100_000,
    ],
)
def test_garbage_is_answered_with_hold(question: bytes) -> None:
    """What is no request gets an answer that says review, and status 70."""
    text, status = answer(question)
    told = json.loads(text)
    jsonschema.validate(told, json.loads(json_report.schema_text()))
    assert (told["outcome"], status) == ("review", 70)


@pytest.mark.parametrize("error", [RuntimeError("a secret value"), KeyboardInterrupt(), MemoryError(), OSError(28, "no space left")])
def test_a_failure_inside_is_answered_with_hold(table: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException) -> None:
    """Whatever breaks off inside, the caller gets an answer, without the words of the failure."""

    def break_off(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(run.Judge, "judge", break_off)
    text, status = answer(json.dumps({"paths": [str(table)]}).encode())
    assert (json.loads(text)["outcome"], status) == ("review", 70)
    assert "secret" not in text


@given(
    st.dictionaries(
        st.sampled_from(["paths", "profile", "requester", "statement", "other"]),
        st.none() | st.integers() | st.text() | st.lists(st.text()),
    )
)
def test_any_object_is_a_request_or_an_error(said: dict[str, object]) -> None:
    """Reading a request never fails but in the one way that is told."""
    try:
        request, profile = asked_of(json.dumps(said).encode())
    except UsageError:
        return
    assert request.paths
    assert isinstance(profile, str)


def test_a_list_of_withdrawn_participants(table: Path, tmp_path: Path) -> None:
    """A request may come with a list; one that cannot be read is an error of usage, and holds."""
    (tmp_path / "list.txt").write_text("4120876\n")
    note = tmp_path / "note.txt"
    note.write_text("The scan of 4120876 was blurred and had to be repeated.\n")
    assert asked(paths=[str(note)], withdrawn=str(tmp_path / "list.txt"))[1] == 20
    assert asked(paths=[str(table)], withdrawn=str(tmp_path / "list.txt"))[1] == 0
    told, status = asked(paths=[str(table)], withdrawn=str(tmp_path / "none.txt"))
    assert (told["outcome"], status) == ("review", 2)
    with pytest.raises(UsageError, match="withdrawn_key"):
        asked_of(json.dumps({"paths": ["a"], "withdrawn_key": "k"}).encode())
