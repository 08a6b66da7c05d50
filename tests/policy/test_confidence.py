"""How sure the tool is of an outcome."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy.confidence import confidence

shares = st.floats(0, 1)


@given(
    outcome=st.sampled_from(list(Outcome)),
    recognition=st.lists(shares, max_size=4),
    severities=st.lists(st.sampled_from(list(Severity)), max_size=4),
    gap=st.booleans(),
)
def test_a_probability(
    *, finding_of: Callable[..., Finding], outcome: Outcome, recognition: list[float], severities: list[Severity], gap: bool
) -> None:
    """It is at least even and never certain."""
    findings = [finding_of(severity) for severity in severities]
    assert 0.5 <= confidence(outcome, recognition=recognition, findings=findings, gap=gap) < 1


@given(one=shares, other=shares, rest=st.lists(shares, max_size=3))
def test_surer_recognition_makes_a_surer_release(one: float, other: float, rest: list[float]) -> None:
    """A release rests on knowing what was read."""
    low, high = sorted((one, other))
    assert confidence(Outcome.RELEASE, recognition=[low, *rest], findings=(), gap=False) <= confidence(
        Outcome.RELEASE, recognition=[high, *rest], findings=(), gap=False
    )


def test_graver_grounds_make_a_surer_review(finding_of: Callable[..., Finding]) -> None:
    """A gap alone is the weakest ground for a review, several high findings of several checks the strongest."""
    grounds = [
        confidence(Outcome.REVIEW, recognition=[0.9], findings=(), gap=False),
        confidence(Outcome.REVIEW, recognition=[0.9], findings=(), gap=True),
        confidence(Outcome.REVIEW, recognition=[0.9], findings=[finding_of(Severity.HIGH)], gap=False),
        confidence(
            Outcome.REVIEW,
            recognition=[0.9],
            findings=[finding_of(Severity.HIGH), finding_of(Severity.HIGH, "anomalous_format")],
            gap=False,
        ),
    ]
    assert grounds == sorted(grounds)
    assert grounds[0] < grounds[-1]
