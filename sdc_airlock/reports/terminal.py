"""The researcher's view: what would happen to each output, what was found where, and how to mend it.

Text only: the caller prints it. Row labels come from the file and are shown here alone, to the person who already has the file.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Severity
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.reports import words
from sdc_airlock.reports.grouping import Group, gravest_first, grouped, look_first
from sdc_airlock.reports.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rich.console import Console

    from sdc_airlock.model.assessment import Assessment
    from sdc_airlock.model.decision import Reason
    from sdc_airlock.model.finding import Finding
    from sdc_airlock.reports.result import RequestResult

_COLOURS: Final = {Outcome.RELEASE: "green", Outcome.REVIEW: "yellow", Outcome.REJECT: "red"}
_WEIGHTS: Final = {Severity.LOW: "dim", Severity.MEDIUM: "yellow", Severity.HIGH: "bold yellow", Severity.CRITICAL: "bold red"}
_TABLE_ROWS: Final = 100
_DETAILED: Final = 30
_PLACES: Final = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class _Line:
    """One paragraph of the details: how far it is set in, its words, and how it is coloured."""

    indent: int
    text: str
    style: str = ""


def wants_colour(*, terminal: bool, environment: Mapping[str, str]) -> bool:
    """True where colour is wanted: on a terminal that is not "dumb", and without `NO_COLOR` (any value but empty)."""
    return terminal and not environment.get("NO_COLOR") and environment.get("TERM") != "dumb"


def render(result: RequestResult, *, width: int = 80, colour: bool = False, show_labels: bool = False) -> str:
    """The report as text.

    Args:
        result: The request, judged.
        width: Columns of the terminal.
        colour: Whether to colour it; see `wants_colour`.
        show_labels: Whether row labels of the file may be shown; only on the requester's own terminal.
    """
    from rich.console import Console
    from rich.padding import Padding
    from rich.text import Text

    page = io.StringIO()
    console = Console(
        file=page,
        width=max(width, 40),
        force_terminal=colour,
        color_system="standard" if colour else None,
        no_color=not colour,
        markup=False,
        highlight=False,
        emoji=False,
        legacy_windows=False,
    )
    request_id = shown(result.request.request_id)
    console.print(Text(f"Output request {request_id}, rules: {shown(result.profile_title or result.profile_id)}", style="bold"))
    console.print()
    _print_table(console, result)
    for line in _details(result, show_labels=show_labels):
        console.print(Padding(Text(line.text, style=line.style), (0, 0, 0, line.indent), expand=False) if line.text else "")
    console.print()
    for text in closing(result):
        console.print(Text(text))
    if text := unprotected(result):
        console.print(Text(text, style="dim"))
    return "\n".join(line.rstrip() for line in page.getvalue().splitlines()) + "\n"


def _print_table(console: Console, result: RequestResult) -> None:
    """One row an output, those that are held first."""
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), header_style="bold")
    table.add_column("Outcome", no_wrap=True)
    table.add_column("Output", overflow="fold", ratio=3)
    table.add_column("What it is", overflow="fold", ratio=2)
    table.add_column("Found", overflow="fold", ratio=3)
    held = sum(decision.outcome > Outcome.RELEASE for decision in result.decisions)
    most = len(result.decisions) if len(result.decisions) <= _TABLE_ROWS else min(held, _TABLE_ROWS)
    ordered = gravest_first(result)
    for number, assessment, decision in ordered:
        if table.row_count == most:
            break
        outcome = Text(decision.outcome.word, style=_COLOURS[decision.outcome])
        table.add_row(outcome, Text(shown(assessment.path)), Text(what_it_is(assessment)), Text(_found(result, number)))
    if table.row_count:
        console.print(table)
    if left := len(result.decisions) - table.row_count:
        console.print(Text(f"... and {words.count(left, 'more output')}: {_left_over(held, most, left)}"))


def _left_over(held: int, most: int, left: int) -> str:
    released = left - max(held - most, 0)
    held_words = f"{held - most:,} held" if held > most else ""
    return " and ".join(filter(None, (held_words, f"{released:,} to be released" if released else "")))


def what_it_is(assessment: Assessment) -> str:
    """The kinds recognised in an output, each named once and those nearest to single people first, or else its type."""
    there = {summary.kind for summary in assessment.recognised}
    kinds = [text for kind, text in words.KINDS.items() if kind in there]
    return words.listed(kinds, 2) if kinds else words.file_type(assessment.file_type.label)


def _found(result: RequestResult, number: int) -> str:
    """What was found in one output, in a few words."""
    assessment, file = result.assessments[number], result.request.files[number]
    found = []
    if file.refusal:
        found.append("not taken in")
    elif assessment.failure:
        found.append("not judged")
    titles: dict[str, int] = {}
    for group in grouped(assessment.findings):
        if group.severity > Severity.LOW:
            titles[group.first.check_id] = titles.get(group.first.check_id, 0) + group.places
    found += [words.check_title(check_id).lower() + (f" ({places:,})" if places > 1 else "") for check_id, places in titles.items()]
    if assessment.unread:
        found.append(words.count(len(assessment.unread), "part") + " not read")
    if broken := sum(not run.status.settled for run in assessment.runs):
        found.append(words.count(broken, "check") + " not finished")
    if not found and result.decisions[number].outcome > Outcome.RELEASE:
        found = [shown(reason.text) for reason in result.decisions[number].reasons[:1]]
    return ", ".join(found) or "-"


def about(result: RequestResult, number: int) -> list[str]:
    """What was not read and what was found in one output, or why it is held: a text a line, without row labels."""
    assessment = result.assessments[number]
    lines = [*_gap_lines(result, number)]
    for group in grouped(assessment.findings):
        lines += _group_lines(group, assessment.path, show_labels=False)
    return [line.text for line in lines or _reason_lines(result.decisions[number].reasons)]


def about_request(result: RequestResult) -> list[str]:
    """What concerns the request as a whole, a text a line; () where nothing does."""
    own = [reason for reason in result.reasons if reason.rule != "outputs"]
    lines = [line for group in grouped(result.request_findings) for line in _group_lines(group, "", show_labels=False)]
    return [line.text for line in lines or _reason_lines(own)]


def _details(result: RequestResult, *, show_labels: bool) -> Iterator[_Line]:
    """Why outputs are held, the gravest first; then what concerns the request as a whole."""
    held = [entry for entry in gravest_first(result) if entry[2].outcome > Outcome.RELEASE]
    for number, assessment, decision in held[:_DETAILED]:
        yield _Line(indent=0, text="")
        heading = f"{shown(assessment.path)}: {words.OUTCOMES[decision.outcome]}"
        yield _Line(indent=0, text=heading, style=f"bold {_COLOURS[decision.outcome]}")
        lines = [*_gap_lines(result, number)]
        for group in grouped(assessment.findings):
            lines += _group_lines(group, assessment.path, show_labels=show_labels)
        yield from lines or _reason_lines(decision.reasons)
    if len(held) > _DETAILED:
        yield _Line(indent=0, text="")
        yield _Line(indent=0, text=f"{words.count(len(held) - _DETAILED, 'more output')} held; --json or --html lists them all.")
    own = [reason for reason in result.reasons if reason.rule != "outputs" and reason.outcome > Outcome.RELEASE]
    if result.request_findings or own:
        yield _Line(indent=0, text="")
        yield _Line(indent=0, text="The request as a whole", style="bold")
        lines = [line for group in grouped(result.request_findings) for line in _group_lines(group, "", show_labels=show_labels)]
        yield from lines or _reason_lines(own)


def _gap_lines(result: RequestResult, number: int) -> Iterator[_Line]:
    """What was not read or not checked, and what to do about it."""
    file, assessment = result.request.files[number], result.assessments[number]
    if file.refusal:
        yield _Line(indent=2, text=f"not taken in: {words.REFUSALS[file.refusal]}. {words.REFUSAL_REMEDIES[file.refusal]}", style="bold")
    if assessment.failure:
        yield _Line(
            indent=2, text=f"not judged: {words.sentence(assessment.failure)} Submit it again, or ask the output checkers.", style="bold"
        )
    for gap in assessment.unread[:_PLACES]:
        inside = words.inside(gap.part_id, assessment.path)
        text = f"not read{': ' + inside if inside else ''}: {words.unread(gap)}. {words.UNREAD_REMEDIES[gap.why]}"
        yield _Line(indent=2, text=text, style="bold")
    if (left := len(assessment.unread) - _PLACES) > 0:
        yield _Line(indent=2, text=f"not read: {words.count(left, 'more part')}", style="bold")
    for run in assessment.runs:
        if not run.status.settled:
            yield _Line(indent=2, text=f"{words.check_title(run.check_id)}: this check {words.RUNS[run.status]}.", style="bold")


def _group_lines(group: Group, path: str, *, show_labels: bool) -> Iterator[_Line]:
    """A group of like findings: what, where (the first few places), and the remedy once."""
    first = group.first
    places = f", {words.count(group.places, 'place')}" if group.places > 1 else ""
    yield _Line(
        indent=2,
        text=f"{words.SEVERITIES[first.severity]}: {words.check_title(first.check_id).lower()}{places}",
        style=_WEIGHTS[first.severity],
    )
    for finding in group.findings[:_PLACES]:
        yield _Line(indent=4, text=_where_and_what(finding, path, show_labels=show_labels))
    if (left := len(group.findings) - _PLACES) > 0:
        yield _Line(indent=4, text=f"... and {words.count(left, 'more finding')} like it")
    if first.remedy:
        yield _Line(indent=4, text=f"What to do: {words.sentence(first.remedy)}")


def _where_and_what(finding: Finding, path: str, *, show_labels: bool) -> str:
    """A finding in one sentence, its place first."""
    where = [words.inside(finding.location.part_id, path), words.place(finding.location, finding.labels if show_labels else ())]
    before = ", ".join(filter(None, where))
    return f"{before}: {_lower(words.sentence(finding.message))}" if before else words.sentence(finding.message)


def _lower(text: str) -> str:
    """Text that goes on after a colon; words in capitals ("GWAS") keep theirs."""
    return text[:1].lower() + text[1:] if text[1:2].islower() or text[1:2] == " " else text


def _reason_lines(reasons: Iterable[Reason]) -> Iterator[_Line]:
    """The reasons of what is held without a finding or a gap."""
    for reason in reasons:
        if reason.outcome > Outcome.RELEASE:
            yield _Line(indent=2, text=words.sentence(reason.text))


def unprotected(result: RequestResult) -> str:
    """What did not protect this machine from the files, in a sentence; "" where nothing of weight was missing.

    Namespaces are left out: where Landlock and seccomp hold, they only close the same doors once more.
    """
    missing = [each for each in result.sandbox.missing if each is not Protection.NAMESPACES] if result.sandbox else []
    if not missing:
        return ""
    named = words.listed([words.PROTECTIONS[each] for each in missing], len(missing))
    return f"The processes that read these files lacked what this machine does not give: {named}."


def closing(result: RequestResult) -> Sequence[str]:
    """What happens next and what to do, in one or two sentences."""
    total, counts = len(result.decisions), result.counts
    rejected, reviewed, released = counts[Outcome.REJECT], counts[Outcome.REVIEW], counts[Outcome.RELEASE]
    if not total:
        return ["There is no output in this request, so there is nothing to release."]
    if result.outcome is Outcome.RELEASE:
        return [f"{words.every(total)} may be released. Nothing is left for you to do."]
    parts = [
        f"{words.count(rejected, 'output')} may not leave" if rejected else "",
        f"{words.count(reviewed, 'output')} would wait for an output checker" if reviewed else "",
        f"{words.count(released, 'output')} may be released" if released else "",
    ]
    first = words.listed([part for part in parts if part]) + "."
    if rejected:
        advice = "Mend or take out what may not leave, then check again before you submit."
    elif reviewed:
        advice = "Mend what is named above and check again; what you cannot mend, explain in the statement of the request."
    else:
        advice = "The request as a whole is held: see above."
    found = dict.fromkeys(group.first.check_id for _, group in look_first(result, most=1))
    return [first[0].upper() + first[1:], advice, *(f"To read why: sdc-airlock explain {check_id}" for check_id in found)]
