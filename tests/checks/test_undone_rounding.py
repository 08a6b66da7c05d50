"""Rounding undone by percentages: what is found for tables whose people are known."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.checks import Subject, checks
from sdc_airlock.checks._undone_rounding import _ranges, undone_rounding
from sdc_airlock.model.content import Table
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.policy import Profile
from sdc_airlock.recognise.rounding import unrounded_shares

BASES = st.sampled_from([5, 6, 10])
GROUPS = st.lists(st.integers(11, 90), min_size=7, max_size=12, unique_by=lambda count: count // 10)


def rounded(count: int, base: int) -> int:
    """To the nearest multiple, halves up; six stands for midpoints of six."""
    if base == 6:
        return -(-count // 6) * 6 - 3
    return int(base * np.floor(count / base + 0.5))


def table(counts: list[int], base: int, *, late: bool) -> str:
    """A table of rounded counts; its percentages are of the rounded numbers, or, where `late`, of those before rounding."""
    total = sum(counts)
    lines = ["group,patients,total,percent"]
    for place, count in enumerate(counts):
        share = count / total if late else rounded(count, base) / rounded(total, base)
        lines.append(f"g{chr(97 + place)},{rounded(count, base)},{rounded(total, base)},{100 * share:.1f}")
    return "\n".join(lines) + "\n"


@pytest.fixture(scope="module")
def tables(subject_of: Callable[[bytes, str], Subject]) -> Callable[[str], list[tuple[Recognised, Table]]]:
    """The tables of a text, as checks see them."""

    def look(text: str) -> list[tuple[Recognised, Table]]:
        return [(part, part.part) for part in subject_of(text.encode(), "table.csv").recognised if isinstance(part.part, Table)]

    return look


@given(counts=GROUPS, base=BASES)
@settings(max_examples=15, deadline=None)
def test_percentages_of_rounded_numbers_pass(tables, counts: list[int], base: int) -> None:
    """Nothing is undone by percentages that were worked out from the rounded numbers."""
    assert not [found for part, each in tables(table(counts, base, late=False)) for found in undone_rounding(part, each, 1, 9)]


def test_what_is_too_large_to_be_tried_is_told(
    subject_of: Callable[[bytes, str], Subject], default_profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A table of rounded counts and shares beyond the limit is named, and one below it is not."""
    check = checks()["recoverable_suppression"]
    subject = subject_of(table([34, 52, 71, 88, 41, 63, 97, 29], 5, late=False).encode(), "t.csv")
    assert not list(check.on_output(subject, default_profile.params(check)))
    monkeypatch.setattr("sdc_airlock.recognise.rounding._MOST_ROWS", 5)
    (found,) = check.on_output(subject, default_profile.params(check))
    assert (found.rule, found.severity.word) == ("rounding_not_tried", "low")


def test_percentages_of_exact_numbers_give_them_back(tables) -> None:
    """In most tables of a few hundred people with one decimal some count is given back, and no range leaves the truth out."""
    draws, given_back = np.random.default_rng(5), 0
    for base in (5, 6, 10) * 4:
        counts = draws.choice(range(11, 90), 9, replace=False).tolist()
        for part, each in tables(table(counts, base, late=True)):
            given_back += bool([found for found in undone_rounding(part, each, 1, 9) if found.rows])
            for shares in unrounded_shares(part, each):
                least, most, *_ = _ranges(shares)
                truth = np.array(counts)[shares.rows]
                assert np.all((least <= truth) & (truth <= most))
    assert given_back >= 10
