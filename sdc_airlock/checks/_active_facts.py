"""What code inside an output does when the output is opened, told from its text and never by running it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sdc_airlock.checks import Subject
from sdc_airlock.model.content import TextPart, TextRole
from sdc_airlock.model.finding import Severity

_LOOKED_AT = 2_000_000  # characters of one script


@dataclass(frozen=True, slots=True)
class Act:
    """Something that code does.

    Attributes:
        languages: Languages in which the pattern means that; the text of any other is not searched.
        pattern: What it looks like.
    """

    rule: str
    severity: Severity
    languages: frozenset[str]
    pattern: re.Pattern[str]
    message: str
    remedy: str


_SCRIPT = frozenset({"javascript"})
_SQL = frozenset({"sql"})
_PLAIN = "save the page without it"

ACTS = (
    Act(
        "decoded_code",
        Severity.MEDIUM,
        _SCRIPT,
        re.compile(
            r"\b(?:eval|Function|setTimeout|setInterval|execScript)\s{0,4}\(\s{0,4}(?:window\.|self\.|globalThis\.)?"
            r"(?:atob|unescape|decodeURIComponent|String\.fromCharCode)\s{0,4}\(|document\.write(?:ln)?\s{0,4}\(\s{0,4}(?:atob|unescape)\s{0,4}\("
        ),
        "a script decodes text and runs what comes out, so that what the page does and shows cannot be read from it",
        _PLAIN,
    ),
    Act(
        "calling_script",
        Severity.MEDIUM,
        _SCRIPT,
        re.compile(
            r"\b(?:fetch|sendBeacon|importScripts|new\s{1,4}(?:WebSocket|EventSource|SharedWorker|Worker))\s{0,4}\(\s{0,4}[\"'`]\s{0,4}(?:(?:https?|wss?):)?//"
            r"|\.open\s{0,4}\(\s{0,4}[\"'](?:GET|POST|PUT)[\"']\s{0,4},\s{0,4}[\"'`](?:https?:)?//"
            r"|new\s{1,4}(?:WebSocket|EventSource)\s{0,4}\(\s{0,4}[\"'`]wss?:"
        ),
        "a script of the page calls an address elsewhere",
        _PLAIN,
    ),
    Act(
        "calling_database",
        Severity.MEDIUM,
        _SQL,
        re.compile(
            r"\bload_extension\s{0,4}\(|\bCREATE\s{1,4}(?:TEMP(?:ORARY)?\s{1,4})?TRIGGER\b"
            r"|\b(?:writefile|readfile|edit|fts3_tokenizer)\s{0,4}\(",
            re.IGNORECASE,
        ),
        "the database holds triggers, or views that load code or reach files",
        "export the tables that are needed as text",
    ),
)


def acts(subject: Subject) -> Iterator[tuple[Act, str, int]]:
    """What scripts and schemas inside the output do: the act, the address of the part, how often.

    Code that is the output itself, or a file of its own in an archive, is what a repository is made of and is not looked at.
    """
    for part in subject.content.parts:
        if not isinstance(part, TextPart) or part.role is not TextRole.CODE or "!" not in part.part_id.rpartition("/")[2]:
            continue
        for act in ACTS:
            if part.language in act.languages and (count := sum(1 for _ in act.pattern.finditer(part.text, 0, _LOOKED_AT))):
                yield act, part.part_id, count
