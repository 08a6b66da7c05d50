"""Models that stand in a text, as programs print them."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from sdc_airlock.model.finding import Finding

Run = Callable[..., tuple[Finding, ...]]

PARTY = """
     Conditional inference tree with 4 terminal nodes

Response:  Ozone
Number of observations:  116

1) Temp <= 82; criterion = 1, statistic = 56.086
  2) Wind <= 6.9; criterion = 0.998, statistic = 12.969
    3)*  weights = 6
  2) Wind > 6.9
    4)*  weights = 83
1) Temp > 82
  5)*  weights = 27
"""
PARTYKIT = """
Fitted party:
[1] root
|   [2] Temp <= 82
|   |   [3] Wind <= 6.9: 55.6 (n = 6, err = 9205.8)
|   |   [4] Wind > 6.9: 18.5 (n = 83, err = 4000.1)
|   [5] Temp > 82: 80.1 (n = 27, err = 8000.0)
"""
WEKA = """
J48 pruned tree
------------------

outlook = sunny
|   humidity <= 75: yes (2.0)
|   humidity > 75: no (34.0/3.0)
outlook = overcast: yes (44.0)
"""
ANOVA = """
n= 60

node), split, n, deviance, yval
      * denotes terminal node

1) root 60 983551500 12615.67
  2) Price< 9446.5 26 122593500 9355.50 *
  3) Price>=9446.5 34 376800500 15108.74
    6) HP< 150 31 176800500 14108.74 *
    7) HP>=150 3 1000500 21108.74 *
"""
FIGURE = """
age <= 51.5
gini = 0.468
samples = 569
value = [212, 357]
gini = 0.0
samples = 3
value = [3, 0]
gini = 0.4
samples = 566
value = [209, 357]
"""


@pytest.mark.parametrize(
    ("text", "smallest"),
    [(PARTY, 6), (PARTYKIT, 6), (WEKA, 2), (ANOVA, 3), (FIGURE, 3)],
    ids=["party", "partykit", "weka", "anova", "figure"],
)
def test_leaves_of_printed_trees(run_check: Run, text: str, smallest: int) -> None:
    """The records of each leaf are read as the program prints them."""
    found = {finding.rule: finding for finding in run_check("models", text.encode(), "fit.txt")}
    assert "printed" in found
    assert f"the smallest stands for {smallest}" in found["small_leaves"].message


@pytest.mark.parametrize("text", [PARTY, PARTYKIT, ANOVA])
def test_trees_of_large_leaves_are_looked_at_all_the_same(run_check: Run, text: str) -> None:
    """A printed tree predicts as the model does; nothing is said of leaves that are large."""
    larger = text.replace("= 6", "= 60").replace(">=150 3 ", ">=150 30 ")
    assert [finding.rule for finding in run_check("models", larger.encode(), "fit.txt")] == ["printed"]


def test_shares_in_place_of_counts_are_not_taken_for_people(run_check: Run) -> None:
    """Weights that add up to one in every leaf are shares."""
    text = "|--- age <= 51.50\n|   |--- bmi <= 31.20\n|   |   |--- weights: [0.25, 0.75] class: 1\n|   |--- bmi >  31.20\n|   |   |--- weights: [1.00, 0.00] class: 0\n|--- age >  51.50\n|   |--- weights: [0.50, 0.50] class: 0\n"
    (finding,) = run_check("models", text.encode(), "tree.txt")
    assert "not said how many" in finding.message


@pytest.mark.parametrize(
    "text",
    [
        "We fitted a Decision tree: see the appendix (n = 12).\nAge: older people (3)\nSex: women (4)\n",
        "--- class: a\n--- class: b\n--- value: [3]\n",
        "samples = 3\nsamples = 4\n",
        "node), split, n, loss are the columns of a tree.\n1) root 60 12 3 *\n",
        "svm_type is a setting.\nSV\n1 1:2\n",
    ],
)
def test_words_of_trees_are_no_trees(run_check: Run, text: str) -> None:
    """Prose about a model, and lines that only look like one, are not held."""
    assert [finding for finding in run_check("models", text.encode(), "notes.txt") if finding.rule == "printed"] == []


def test_long_texts_without_an_end_are_quick(run_check: Run) -> None:
    """Lines made to go through the patterns again and again take no long time."""
    for line in (
        "| " * 200 + "--- x",
        "svm_type a\nkernel_type b\n" + "SV " * 3_000,
        "gini = 1\n" + "\n" * 3_000,
        "J48 pruned tree\n" + ": (" * 3_000,
    ):
        run_check("models", (line * 3).encode(), "x.txt")
