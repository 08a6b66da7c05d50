"""Text that is safe to show."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.reports.safe import shown


@pytest.mark.parametrize(
    ("text", "safe"),
    [
        ("tables/été 1.csv", "tables/été 1.csv"),
        ("a\x1b[31mred", "a\\u{1b}[31mred"),
        ("gpj\u202efdp.exe", "gpj\\u{202e}fdp.exe"),
        ("a\u200bb\ufeff", "a\\u{200b}b\\u{feff}"),
        ("a\udcffb", "a\\u{dcff}b"),
        ("a\nb\u2028c", "a\\u{a}b\\u{2028}c"),
        ("\U000e0041", "\\u{e0041}"),
    ],
)
def test_what_does_not_print_is_written_out(text: str, safe: str) -> None:
    """Marks that steer a terminal or reorder a line become visible; ordinary letters stay."""
    assert shown(text) == safe


@given(st.text(st.characters(codec=None)))
def test_shown_text_prints_and_encodes(text: str) -> None:
    """Any text at all comes out printable, fit for UTF-8, and is not changed a second time."""
    once = shown(text)
    assert once.isprintable()
    once.encode("utf-8")
    assert shown(once) == once
