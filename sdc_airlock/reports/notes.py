"""What reports say of each check, taken from the check's own page."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from sdc_airlock.reports.result import CheckNote

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sdc_airlock.checks import Check


def notes_of(checks: Iterable[Check]) -> Mapping[str, CheckNote]:
    """Notes by check id, from the pages of the checks."""
    return {check.id: note_of(check.doc, check.id) for check in checks}


def note_of(page: str, check_id: str) -> CheckNote:
    """The note that a page gives: first line, *Why it discloses* and *Sources*; what the page lacks is left empty."""
    sections = _sections(page)
    title = _flowing(sections.get("", "")).split(". ")[0].rstrip(".")
    return CheckNote(
        title=title or check_id.replace("_", " "),
        why=_flowing(sections.get("why it discloses", "")),
        sources=_items(sections.get("sources", "")),
    )


def _sections(page: str) -> dict[str, str]:
    """Text under each `## heading`, by heading in lower case; the text before the first under ""."""
    sections: dict[str, list[str]] = {"": []}
    here = ""
    for line in page.splitlines():
        stripped = line.strip()
        if stripped.startswith("## "):
            here = stripped[3:].strip().lower()
            sections[here] = []
        else:
            sections[here].append(stripped)
    return {heading: "\n".join(lines).strip() for heading, lines in sections.items()}


def _flowing(text: str) -> str:
    """The first paragraph on one line, without Markdown marks."""
    return re.sub(r"[`*]", "", " ".join(text.split("\n\n", maxsplit=1)[0].split()))


def _items(text: str) -> tuple[str, ...]:
    """The items of a Markdown list, each on one line; a text without a list is cut at blank lines and semicolons."""
    marked = re.split(r"(?m)^[-*] ", text)[1:] if re.search(r"(?m)^[-*] ", text) else re.split(r"\n\n|;\s", text)
    return tuple(item for item in (" ".join(part.split()) for part in marked) if item)
