"""Patterns that cannot match by the letters that cells hold are left out, and no other."""

from __future__ import annotations

import re

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.checks._identifiers.letters import letters_of, may_match
from sdc_airlock.checks._identifiers.samples import patterns_of
from sdc_airlock.checks._identifiers.written import TRIGGERS
from sdc_airlock.policy import load_profile

_PATTERNS = [
    *TRIGGERS.values(),
    r"^\s*(?:[0-9]{1,2}[/.-][0-9]{4}|(?:18|19|20)[0-9]{6}|[A-Za-z]{3,9} [0-9]{4})\s*$",
    r"^(?:\s|[^\x00-\x7f])",
    r"(?:^|[^0-9.])[0-9]{4}(?:[^0-9]|$)",
    r"(?i:born)|\bX",
    r"^x*[^a-z]+y?$",
    "",
]


@given(cells=st.lists(st.text("rs019 -@.XxbornBé", max_size=12), min_size=1, max_size=5), pattern=st.sampled_from(_PATTERNS))
def test_what_is_left_out_matches_nowhere(cells: list[str], pattern: str) -> None:
    """Where the letters rule a pattern out, no cell matches it."""
    if not may_match(pattern, letters_of(pa.array(cells))):
        assert not any(re.search(pattern, cell) for cell in cells)


def test_names_of_variants_are_no_platekeys() -> None:
    """The letters of `rs12345` rule out all peculiar ids of the profile and dates of every form; those of platekeys do not."""
    peculiar = [each.anywhere for each in patterns_of(_params()) if each.alone]
    variants, platekeys = letters_of(pa.array(["rs1234567", "rs890"])), letters_of(pa.array(["LP1234567-DNA_A01"]))
    assert not any(may_match(each, variants) for each in peculiar)
    assert any(may_match(each, platekeys) for each in peculiar)
    assert not may_match(_PATTERNS[len(TRIGGERS)], variants)


def _params() -> dict[str, object]:
    from sdc_airlock.checks import checks

    return dict(load_profile("default").params(checks()["sample_identifiers"]))


@pytest.mark.parametrize("pattern", ["(", r"a(?P<x>b)(?(x)c|d)", "[[:alpha:]"])
def test_an_unknown_pattern_may_match(pattern: str) -> None:
    """A pattern of another language is never left out."""
    assert may_match(pattern, ("q", "q")) or not re.search(pattern, "q")


@given(cells=st.lists(st.text("abrs0189-_ ", max_size=12) | st.text(max_size=4), max_size=30), skipped=st.integers(0, 3))
def test_letters_are_those_of_the_cells(cells: list[str], skipped: int) -> None:
    """All letters and all first ones, of a slice too; none where some are not ASCII."""
    some = cells[skipped:]
    expected = ("".join(sorted(set("".join(some)))), "".join(sorted({cell[0] for cell in some if cell})))
    assert letters_of(pa.array(cells, pa.string())[skipped:]) == (expected if "".join(some).isascii() else None)
