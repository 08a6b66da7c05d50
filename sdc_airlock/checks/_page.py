"""The page of a check, as `sdc-airlock explain` prints it and the documentation holds it."""

from __future__ import annotations

import inspect
from collections.abc import Mapping

from sdc_airlock.checks import Check

HEADINGS = ("What it flags", "Why it discloses", "Example flagged", "Example passed", "Blind spots", "Sources")


def page(check: Check, rules: Mapping[str, str] | None = None) -> str:
    """The page, in Markdown.

    Args:
        check: The check.
        rules: What to say of each rule of the profile that the check reads, by name; those left out are only named.
    """
    summary, _, body = inspect.cleandoc(check.doc).partition("\n\n")
    facts = [f"version {check.version}", f"severity up to {check.severity.word}"]
    if check.statbarn is not None:
        facts.append(f"class of statistic: {check.statbarn.value.replace('_', ' ')}")
    if check.aliases:
        facts.append("once called " + ", ".join(check.aliases))
    lines = [f"# {check.id}", "", " ".join(summary.split()), "", f"*{'; '.join(facts)}*", "", body]
    if check.rules:
        lines += ["", "## Rules of the profile it reads", ""]
        lines += [f"- `{rule}`{': ' + text if (text := (rules or {}).get(rule, '')) else ''}" for rule in check.rules]
    return "\n".join(lines) + "\n"


def sections(check: Check) -> dict[str, str]:
    """Text under each heading of the page, by heading, in the order they stand."""
    found: dict[str, list[str]] = {}
    heading = None
    for line in inspect.cleandoc(check.doc).splitlines():
        if line.startswith("## "):
            heading = line[3:].strip()
            found[heading] = []
        elif heading is not None:
            found[heading].append(line)
    return {heading: "\n".join(lines).strip() for heading, lines in found.items()}
