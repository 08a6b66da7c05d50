"""Extreme values: which labels name order statistics, where n is found, what profiles lead to, and ranges in prose."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks._order_statistics import share_of
from sdc_airlock.checks._prose_ranges import ranges_in_text
from sdc_airlock.model.finding import Finding, Severity

Run = Callable[..., tuple[Finding, ...]]


@pytest.mark.parametrize(
    ("label", "share"),
    [
        ("min", 0), ("Max.", 1), ("age_max", 1), ("bmi min", 0), ("Minimum", 0), ("25%", 0.25), ("p95", 0.95), ("P05", 0.05), ("99th percentile", 0.99), ("Q1", 0.25), ("3rd Qu.", 0.75),
        ("median", 0.5), ("0.975", None), (".975", 0.975), ("quantile 0.01", 0.01), ("data.lowerfence[1]", 0), ("upper quartile", 0.75), ("income p99", None), ("income_p99", 0.99), ("Maximum value", 1),
    ],
)  # fmt: skip
def test_names_of_order_statistics(label: str, share: float | None) -> None:
    """Labels in the words of pandas, R, Stata, SAS and box plots name their share."""
    found = share_of(label)
    assert found == (pytest.approx(share) if share is not None and label != "0.975" else found)
    if share is not None:
        assert found is not None


@pytest.mark.parametrize("label", ["mean", "n", "admin", "minutes", "maximal dose group A of B", "", "25", "p-value", "North", "x" * 80])
def test_other_names(label: str) -> None:
    """Words that only look alike name nothing."""
    assert share_of(label) is None


@pytest.mark.parametrize(
    "sentence",
    [
        "Participants were aged 23 to 97.",
        "Median age was 51 years (range 3-88).",
        "The oldest patient was 103 years old.",
        "Ages ranged from 21 to 94 years.",
        "age: min 17, max 93",
        "Follow-up (range: 2 to 311 days) was short.",
        "The youngest participant was aged 4.",
        "   Min. 1st Qu.  Median    Mean 3rd Qu.    Max. \n  23.00   41.00   50.00   49.80   58.00   97.00",
    ],
)
def test_ranges_in_prose(sentence: str) -> None:
    """A smallest or largest value of people is seen on its line."""
    assert [line for line, _ in ranges_in_text("Some words before.\n\n" + sentence)] == [2]


@pytest.mark.parametrize(
    "sentence",
    [
        "Adults aged 18 to 65 were eligible.",
        "Women aged 50-69 are invited.",
        "The interquartile range was 41-58 years.",
        "The reference range 3-8 applies to patients.",
        "Pages 12 to 97 of the appendix.",
        "We tried a range of models, 3 to 5 of them.",
        "Children aged 5 to 9 were in the smallest group.",
        "The largest effect was 2.3 in the second model.",
    ],
)
def test_limits_by_design(sentence: str) -> None:
    """Rules of eligibility, bands of age, ranges of other things and effects are passed over."""
    assert ranges_in_text(sentence) == []


@pytest.mark.parametrize(
    ("text", "people"),
    [("In 14 carriers age ranged from 23 to 97 years.", 14), ("Among patients (n = 1,204; range 3-88 years) it was long.", 1204)],
)
def test_people_of_a_sentence(text: str, people: int) -> None:
    """The people told in the same sentence go with its range."""
    assert ranges_in_text(text) == [(0, people)]


def test_every_profile_holds_ends_of_few(run_check: Run) -> None:
    """A group of fourteen is held whatever the profile says of ends, by the range of the profile."""
    text = b"ward,n,mean age,min,max\nA,14,61.2,23,97\nB,160,58.4,19,99\n"
    for value in ("note", "review"):
        assert Severity.MEDIUM in {finding.severity for finding in run_check("extreme_values", text, "ages.csv", {"extreme_values": value})}
    (finding,) = run_check("extreme_values", text, "ages.csv", {"suppressed_counts": [1, 4]})
    assert (finding.rule, finding.severity) == ("endpoint", Severity.LOW)


def test_n_in_the_caption(run_check: Run) -> None:
    """What the caption says of n holds for a table that has no n of its own."""
    text = b"Table 2. Age by ward (N = 15)\n\nward,mean age,min,max\nA,61.2,23,97\nB,58.4,19,99\nC,57.1,20,95\n"
    assert {finding.rule for finding in run_check("extreme_values", text, "ages.csv")} == {"few"}


@pytest.mark.parametrize("n", [15, 300])
def test_stata_and_sas_listings(run_check: Run, n: int) -> None:
    """Listings of summaries are read with the number of observations in their row."""
    stata = f". summarize age bmi\n\n    Variable |        Obs        Mean    Std. dev.       Min        Max\n-------------+---------------------------------------------------------\n         age |        {n}       49.81    12.10431         23         97\n         bmi |        {n}       27.02    4.104311       17.1       41.2\n"
    findings = run_check("extreme_values", stata.encode(), "log.txt")
    assert {(finding.rule, finding.severity) for finding in findings} == {
        ("few", Severity.MEDIUM) if n == 15 else ("endpoint", Severity.LOW)
    }


def test_messages_hold_no_value(run_check: Run) -> None:
    """Neither the ends nor the number of people stand in a message."""
    text = b"ward,n,mean age,min,max\nA,14,61.2,23,97\nB,160,58.4,19,99\n"
    for finding in run_check("extreme_values", text, "ages.csv"):
        assert not {"14", "23", "97", "99"} & set(finding.message.split())


@pytest.mark.usefixtures("ends")
def test_long_text_comes_to_an_end() -> None:
    """A text of repeated half-ranges is read to its end."""
    ranges_in_text("aged 23 to age range of from between 1 to max min " * 8000)


@given(st.text(max_size=40))
def test_any_label_is_settled(label: str) -> None:
    """A label names a share from 0 to 1, or nothing."""
    share = share_of(label)
    assert share is None or 0 <= share <= 1


@given(st.lists(st.tuples(st.integers(20, 10_000), st.floats(0, 50), st.floats(51, 99)), min_size=2, max_size=2))
def test_two_large_groups_are_never_held(run_check: Run, rows: list[tuple[int, float, float]]) -> None:
    """Ends of groups of twice the threshold and more leave notes only, in the default profile."""
    text = "ward,n,mean,min,max\n" + "".join(f"w{place}x,{n},50.5,{low:.2f},{high:.2f}\n" for place, (n, low, high) in enumerate(rows))
    assert {finding.severity for finding in run_check("extreme_values", text.encode(), "ages.csv")} <= {Severity.LOW}


def test_lists_of_ends_by_group_are_held(run_check: Run) -> None:
    """The youngest and the oldest of each of many groups are a person each, however large the groups; a description of variables is not held."""
    groups = "dx,n,min_sbp,max_sbp\n" + "".join(
        f"{name},{20 + place},{98 + place},{152 + place}\n" for place, name in enumerate(("C50", "E11", "F32", "I10"))
    )
    assert Severity.MEDIUM in {finding.severity for finding in run_check("extreme_values", groups.encode(), "ranges.csv")}
    bare = "ward,n,mean,min,max\n" + "".join(f"w{place}x,{120 + 31 * place},50.5,{21 + place},{91 + place}\n" for place in range(4))
    assert Severity.MEDIUM in {finding.severity for finding in run_check("extreme_values", bare.encode(), "ages.csv")}
    variables = "variable,n,mean,sd,min,max\nage,512,50.5,9.1,18,97\nbmi,512,27.1,4.4,15.2,51.3\nsbp,508,131.2,17.0,88,203\n"
    assert {finding.severity for finding in run_check("extreme_values", variables.encode(), "describe.csv")} <= {Severity.LOW}
    areas = "area,n,mean,p10,p90\n" + "".join(f"A{place},{400 + place},50.5,{31 + place},{71 + place}\n" for place in range(6))
    assert not list(run_check("extreme_values", areas.encode(), "areas.csv"))
