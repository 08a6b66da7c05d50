"""Dominance: words for measures of contributors, layouts, scales, and rules of the profile."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks._contributors import measure_of
from sdc_airlock.errors import PolicyError
from sdc_airlock.model.finding import Finding
from sdc_airlock.policy import RULES

Run = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("label", "word"),
    [
        ("n", "n"), ("firms", "n"), ("total turnover", "total"), ("mean cost", "mean"), ("max", "largest"), ("largest contributor", "largest"), ("second largest", "second"),
        ("top 2", "top2"), ("top_3_sum", "top3"), ("share of top 2 (%)", "share2"), ("CR4", "share4"), ("largest share", "share1"), ("top five", "top5"), ("HHI", "hhi"), ("gini", "gini"),
        ("region", ""), ("market share", ""), ("% of total", ""), ("largest city population", ""),
    ],
)  # fmt: skip
def test_words_for_contributors(label: str, word: str) -> None:
    """Labels in the words of business statistics name their measure."""
    assert measure_of(label) == word


def test_a_column_a_group(run_check: Run) -> None:
    """Rows as describe() prints them: the column whose largest value is nearly its total is named."""
    text = b",turnover,staff\ncount,20,20\nmean,5000,21.5\nstd,21000,4.2\nmin,10,12\n50%,190,21\nmax,97000,31\n"
    findings = run_check("dominance", text, "describe.csv")
    assert {finding.location.columns for finding in findings} == {("turnover",)}
    assert {finding.location.rows for finding in findings} == {(7,)}


def test_indices_in_points_and_shares(run_check: Run) -> None:
    """A Herfindahl index is read on both scales."""
    for high, low in (("9310", "412"), ("0.931", "0.041")):
        text = f"market,firms,total sales,HHI\nlifts,31,1200,{high}\nbread,410,3100,{low}\n"
        assert {finding.location.rows for finding in run_check("dominance", text.encode(), "hhi.csv")} == {(2,)}


@pytest.mark.parametrize("value", [[], [[2]], [[0, 0.5]], [[2, 1.5]], 3, [[2.5, 0.5]]])
def test_wrong_rules(value: object) -> None:
    """Pairs that are no rule are refused."""
    with pytest.raises(PolicyError):
        RULES["dominance_nk"].validate(value)


def test_no_prior_knowledge_of_nothing() -> None:
    """A (p, q) rule with q = 0 is refused."""
    with pytest.raises(PolicyError):
        RULES["dominance_q"].validate(0)


@given(st.lists(st.tuples(st.integers(10, 500), st.integers(100, 10_000)), min_size=2, max_size=6))
def test_even_groups_pass(run_check: Run, rows: list[tuple[int, int]]) -> None:
    """Where the largest is at most a fifth of the total, nothing is flagged."""
    text = "industry,n,total,largest\n" + "".join(f"i{place}x,{n},{total},{total // 5}\n" for place, (n, total) in enumerate(rows))
    assert run_check("dominance", text.encode(), "turnover.csv") == ()
