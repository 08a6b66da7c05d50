"""Names of files shown safely."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.intake import name_oddities, safe_name


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        ("table 1.csv", "table 1.csv"),
        ("région.csv", "région.csv"),
        ("a\\x1b.csv", "a\\\\x1b.csv"),
        (b"a\x1b[31m.csv", "a\\x1b[31m.csv"),
        (b"\xff.csv", "\\xff.csv"),
        ("photo\u202egpj.exe", "photo\\u202egpj.exe"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("line\nbreak", "line\\x0abreak"),
        ("\x85", "\\u0085"),
        ("tag\U000e0041", "tag\\U000e0041"),
        ("no\u00a0break", "no\\u00a0break"),
    ],
)
def test_names_are_escaped(raw: str | bytes, shown: str) -> None:
    """Everything that is not plainly visible is spelt out."""
    assert safe_name(raw) == shown


@pytest.mark.parametrize(
    ("raw", "odd"),
    [
        ("table 1.csv", ()),
        ("région.csv", ()),
        (b"\xff.csv", ("bytes that are not UTF-8",)),
        ("photo\u202egpj.exe", ("bidirectional mark",)),
        ("zero\u200bwidth", ("zero-width character",)),
        ("line\nbreak\x07", ("line break", "control character")),
        ("no\u00a0break", ("unusual space",)),
        ("\ue000", ("unassigned or private character",)),
    ],
)
def test_odd_names_are_described(raw: str | bytes, odd: tuple[str, ...]) -> None:
    """What is odd is said in words."""
    assert name_oddities(raw) == odd


@given(st.binary(max_size=60))
def test_shown_names_are_printable(raw: bytes) -> None:
    """No byte of a name reaches a terminal or a page as it is, unless it is visible."""
    shown = safe_name(raw)
    assert shown.isprintable()
    assert shown.encode("utf-8").decode() == shown


@given(st.lists(st.binary(max_size=12), unique=True, max_size=30))
def test_different_names_stay_different(names: list[bytes]) -> None:
    """Escaping never makes two names one."""
    assert len({safe_name(name) for name in names}) == len(names)
