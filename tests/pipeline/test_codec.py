"""Model objects to JSON and back."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment, Summary
from sdc_airlock.model.checkrun import CheckRun, RunStatus
from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity, Statbarn
from sdc_airlock.model.output import OutputFile, Refusal
from sdc_airlock.model.recognised import Kind
from sdc_airlock.pipeline.codec import CodecError, decode, encode, made_safe

FINDING = Finding(
    check_id="small_counts",
    severity=Severity.HIGH,
    location=Location(part_id="a.csv", rows=(3, 4), columns=("cases",), lines=(1, 2), shape=(4, 2), cells=((0, 1), (2, 3))),
    message="two counts are below 10",
    remedy="merge them",
    statbarn=Statbarn.FREQUENCIES,
    evidence=(Redacted(shape="1 digit", count=2),),
    labels=("South",),
)
ASSESSMENT = Assessment(
    path="tables/a.csv",
    claimed_name="a.csv",
    file_id="a" * 64,
    size_bytes=12,
    file_type=FileType(label="csv", family=Family.DELIMITED, evidence=("commas",), also=("zip",)),
    recognised=(Summary(part_id="a.csv", kind=Kind.FREQUENCY_TABLE, rows=4, columns=None, why=("margins add up",), also=(Kind.SERIES,)),),
    unread=(Unread(part_id="a.csv", why=UnreadReason.LIMIT, limit_name="cells", limit=5.0, seen=6.0),),
    runs=(CheckRun(check_id="small_counts", check_version=1, status=RunStatus.RAN, findings=(FINDING,), elapsed_ms=3),),
)


def test_an_assessment_survives_the_journey() -> None:
    """Everything of an assessment is the same after JSON."""
    assert decode(json.loads(json.dumps(encode(ASSESSMENT, Assessment))), Assessment) == ASSESSMENT


@pytest.mark.no_cover
@given(st.builds(OutputFile, refusal=st.none() | st.sampled_from(Refusal), name_oddities=st.lists(st.text()).map(tuple)))
def test_any_output_survives_the_journey(file: OutputFile) -> None:
    """Every output file, whatever its names hold, is the same after JSON."""
    assert decode(json.loads(json.dumps(encode(file, OutputFile))), OutputFile) == file


def test_whole_numbers_may_stand_for_fractions() -> None:
    """JSON writes 120.0 as it likes; a whole number is a fraction too."""
    assert decode({"file_seconds": 120}, Limits).file_seconds == 120.0


def test_numbers_of_numpy_are_plain_afterwards() -> None:
    """Checks may count with NumPy; what is sent is plain."""
    np = pytest.importorskip("numpy")
    sent = encode(replace(FINDING, count=np.int64(3)), Finding)
    assert type(sent["count"]) is int


@pytest.mark.parametrize(
    "change",
    [
        {"size_bytes": True},
        {"size_bytes": "12"},
        {"path": None},
        {"file_id": 3},
        {"unexpected": 1},
        {"runs": {"check_id": "x"}},
        {"runs": [[]]},
        {"recognised": [{"part_id": "a"}]},
        {"file_type": {"label": "csv", "family": "no such family"}},
    ],
)
def test_what_differs_from_the_model_is_refused(change: dict[str, object]) -> None:
    """A wrong type, a missing or unknown field, an unknown word: none of them decodes."""
    with pytest.raises(CodecError):
        decode({**encode(ASSESSMENT, Assessment), **change}, Assessment)


@pytest.mark.parametrize("data", [None, [], "text", 3, {}])
def test_what_is_no_object_is_refused(data: object) -> None:
    """Anything but an object with the fields of the model is refused."""
    with pytest.raises(CodecError):
        decode(data, Assessment)


@pytest.mark.parametrize("finding", [replace(FINDING, count="3"), replace(FINDING, severity=9), replace(FINDING, message=None)])
def test_what_does_not_follow_its_annotation_is_not_sent(finding: Finding) -> None:
    """A check that builds a finding wrongly is noticed where it happens."""
    with pytest.raises(CodecError):
        encode(finding, Finding)


@given(st.recursive(st.text() | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(st.just("key"), inner)))
def test_safe_texts_print(data: object) -> None:
    """After `made_safe` no text holds a character that steers a terminal or turns a line around."""

    def texts(value: object) -> list[str]:
        if isinstance(value, str):
            return [value]
        inner = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        return [text for each in inner for text in texts(each)]

    assert all(text.isprintable() for text in texts(made_safe(data)))
