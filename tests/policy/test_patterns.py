"""Patterns of ids in profiles: only those that cannot run away."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.errors import PolicyError
from sdc_airlock.policy import load_profile, profile_names
from sdc_airlock.policy.patterns import refuse_unsafe, validate

ENTRY = {"name": "an id", "pattern": "AB[0-9]{6}", "holder": "Somebody", "source": "Their page", "verified": True}


@pytest.mark.parametrize(
    "pattern", ["LP[0-9]{7}-DNA_[A-H][0-9]{2}", r"\d{7}", "(?:NA|GM)[0-9]{5}", "A(?:-B)?", "[0-9]{2,4}", "(?:AB[0-9]{2}){3}", r"X\.[a-z]"]
)
def test_bounded_patterns(pattern: str) -> None:
    """Classes, alternatives and counts with an end are allowed."""
    refuse_unsafe(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["", "a+", "a*", "(a)", ".", "(?=a)b", r"(a)\1", "(?:a{1,9}){2,9}", "(?:a?b){3}", "[^a]", "a{3,}", "a{9}{9}", "(?:a", "a)", "{3}", "a??", "a{5,2}", "[0-9]{999}", "x" * 201, "a|", "^a", "(?i)a", "[z-a]", r"\w"],
)  # fmt: skip
def test_other_patterns(pattern: str) -> None:
    """What may repeat without end, or look around, is refused in words."""
    if pattern == "a|":
        refuse_unsafe(pattern)  # one of the alternatives matches something
        return
    with pytest.raises(PolicyError):
        refuse_unsafe(pattern)


@pytest.mark.usefixtures("ends")
@given(st.text(alphabet="ab09(?:)|{2,3}[]-\\d+*", max_size=24))
def test_what_is_allowed_is_fast(pattern: str) -> None:
    """Whatever is let through compiles, and comes to the end of a long text."""
    try:
        refuse_unsafe(pattern)
    except PolicyError:
        return
    re.compile(pattern).search("ab09" * 2_000)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"name": "AN ID"}, "name of a pattern"),
        ({"pattern": "a+"}, "pattern an id"),
        ({"holder": ""}, "holder of a pattern"),
        ({"verified": "yes"}, "verified of a pattern"),
        ({"colour": "red"}, "unknown key"),
    ],
)
def test_entries_are_checked(change: dict[str, object], words: str) -> None:
    """A wrong entry is refused by name."""
    with pytest.raises(PolicyError, match=words):
        validate([ENTRY | change])


def test_lists_are_checked() -> None:
    """The whole is a list of tables, each name once."""
    with pytest.raises(PolicyError, match="same name"):
        validate([ENTRY, ENTRY])
    with pytest.raises(PolicyError, match="list of tables"):
        validate({"a": ENTRY})


@pytest.mark.parametrize("name", profile_names())
def test_profiles_add_to_default(name: str) -> None:
    """A profile that states patterns of its own keeps those of default."""
    names = {entry["name"] for entry in load_profile(name).value("participant_patterns")}
    assert {entry["name"] for entry in load_profile("default").value("participant_patterns")} <= names
