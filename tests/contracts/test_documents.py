"""What the documents say is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sdc_airlock.identify.types import TYPES

ROOT = Path(__file__).parents[2]
PAGES = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_lead_somewhere(page: Path) -> None:
    """Each link to another page or folder leads to one."""
    broken = [link for link in LINK.findall(page.read_text("utf-8")) if not (page.parent / link).exists()]
    assert broken == []


def test_every_type_stands_in_the_table_of_formats() -> None:
    """The page of formats names each type that the tool can tell, and no other."""
    page = (ROOT / "docs" / "reference" / "formats.md").read_text("utf-8")
    cells = [line.split("|")[1] for line in page.splitlines() if line.startswith("| `")] + [page.partition("## Never read")[2]]
    assert set(re.findall(r"`([a-z0-9_]+)`", " ".join(cells))) == set(TYPES)
