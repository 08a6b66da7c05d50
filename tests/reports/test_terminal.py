"""What a researcher sees."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from sdc_airlock.model.content import Unread, UnreadReason
from sdc_airlock.model.decision import Outcome, Reason
from sdc_airlock.model.finding import Finding, Location, Severity
from sdc_airlock.model.output import Refusal
from sdc_airlock.model.recognised import Kind
from sdc_airlock.model.sandbox import Protection, Sandbox
from sdc_airlock.reports import RequestResult, terminal

Results = Callable[..., RequestResult]
Findings = Callable[..., Finding]


def test_a_finding_says_place_and_remedy(make_result: Results, case: Any, make_finding: Findings) -> None:
    """A small count is named with row, label and column, and with what to do about it."""
    text = terminal.render(make_result(case("table1.csv", Outcome.REVIEW, findings=(make_finding(labels=("South",)),))), show_labels=True)
    assert "row 4 (South), column cases: below 10." in text
    assert "Merge it with a neighbouring group, or suppress it and one more cell of its row and column." in " ".join(text.split())


def test_labels_are_shown_only_on_request(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Row labels stay out unless the caller says that the reader has the file already."""
    result = make_result(case("table1.csv", Outcome.REVIEW, findings=(make_finding(labels=("South",)),)))
    assert "South" not in terminal.render(result)


@pytest.mark.parametrize("width", [80, 100, 132])
def test_lines_fit_the_terminal(full: RequestResult, width: int) -> None:
    """No line is wider than the terminal."""
    assert max(cell_len(line) for line in terminal.render(full, width=width).splitlines()) <= width


def test_plain_text_has_no_escapes(full: RequestResult) -> None:
    """Without colour there is not one escape in the text."""
    assert "\x1b" not in terminal.render(full)
    assert "\x1b[" in terminal.render(full, colour=True)


def test_like_findings_are_told_once_with_a_count(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Many like findings become one with the number of places and the first few of them."""
    many = tuple(make_finding(location=Location(part_id="t.csv", rows=(row,))) for row in range(2, 42))
    text = terminal.render(make_result(case("t.csv", Outcome.REVIEW, findings=many)))
    assert "small counts, 40 places" in text
    assert "and 36 more findings like it" in text
    assert text.count("What to do:") == 1


@pytest.mark.parametrize(
    ("outcomes", "closing"),
    [
        ([Outcome.RELEASE], "The output may be released."),
        ([Outcome.RELEASE] * 3, "All 3 outputs may be released."),
        ([Outcome.RELEASE, Outcome.REVIEW], "1 output would wait for an output checker and 1 output may be released."),
        ([Outcome.REJECT, Outcome.REJECT], "2 outputs may not leave."),
        ([], "There is no output in this request"),
    ],
)
def test_the_closing_sentence_says_what_happens_next(make_result: Results, case: Any, outcomes: list[Outcome], closing: str) -> None:
    """The last words say what would happen and what to do."""
    result = make_result(*(case(f"{number}.csv", outcome) for number, outcome in enumerate(outcomes)))
    assert closing in " ".join(terminal.render(result).split())


def test_a_missing_protection_is_told_at_the_end(make_result: Results, case: Any) -> None:
    """What the machine lacks to read files safely is said once, and nothing is said where nothing of weight is lacking."""

    def text(*missing: Protection) -> str:
        sandbox = Sandbox(protections=tuple(each for each in Protection if each not in missing))
        return " ".join(terminal.render(make_result(case("a.csv"), sandbox=sandbox)).split())

    assert "lacked what this machine does not give: a ban on TCP (Landlock)." in text(Protection.LANDLOCK_NETWORK)
    assert "lacked" not in text() + text(Protection.NAMESPACES) + terminal.render(make_result(case("a.csv")))


def test_a_request_held_as_a_whole_says_so(make_result: Results, case: Any) -> None:
    """Outputs that could go one by one are still held where the request as a whole is."""
    reason = Reason(outcome=Outcome.REVIEW, rule="volume", text="more requests in one day than usual")
    text = terminal.render(make_result(case("a.csv"), outcome=Outcome.REVIEW, reasons=(reason,)))
    assert "More requests in one day than usual." in text
    assert "The request as a whole is held" in text


def test_gaps_are_told_with_their_reason(full: RequestResult) -> None:
    """What was not read, not taken in or not checked is said, with why and what to do."""
    text = " ".join(terminal.render(full).split())
    assert "not read: data/raw.bin: it is encrypted. Submit it without encryption or password." in text
    assert "not taken in: it is a link, and links are not followed. Put the file itself in place of the link." in text
    assert "Genotypes: this check failed, so nothing can be said." in text


def test_every_refusal_and_failure_is_told(make_result: Results, case: Any) -> None:
    """An output that was not taken in or not judged never looks like one without findings."""
    cases = [case(refusal.value, Outcome.REVIEW, refusal=refusal) for refusal in Refusal]
    text = " ".join(terminal.render(make_result(*cases, case("slow.csv", Outcome.REVIEW, failure="timed out"))).split())
    assert text.count("not taken in: ") == len(Refusal)
    assert "not judged: Timed out." in text


def test_an_output_held_by_rule_alone_says_the_rule(make_result: Results, case: Any) -> None:
    """Where there is neither finding nor gap, the reason of the policy is told."""
    reason = Reason(outcome=Outcome.REVIEW, rule="figures", text="this profile sends every figure to a person")
    assert "This profile sends every figure to a person." in terminal.render(make_result(case("f.png", Outcome.REVIEW, reasons=(reason,))))


def test_large_requests_stay_short(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Thousands of outputs are not all listed, but all are counted."""
    cases = [
        case(f"{number}.csv", Outcome.REVIEW if number % 2 else Outcome.RELEASE, findings=(make_finding(),) if number % 2 else ())
        for number in range(600)
    ]
    text = terminal.render(make_result(*cases))
    assert "... and 500 more outputs: 200 held and 300 to be released" in text
    assert "270 more outputs held" in text


@pytest.mark.parametrize(
    ("terminal_there", "environment", "wanted"),
    [
        (True, {}, True),
        (False, {}, False),
        (True, {"NO_COLOR": "1"}, False),
        (True, {"NO_COLOR": ""}, True),
        (True, {"TERM": "dumb"}, False),
    ],
)
def test_colour_is_asked_for(*, terminal_there: bool, environment: dict[str, str], wanted: bool) -> None:
    """Colour needs a terminal and no NO_COLOR."""
    assert terminal.wants_colour(terminal=terminal_there, environment=environment) is wanted


def test_markup_in_names_is_only_text(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Names that look like markup, links or emoji codes are shown as they stand."""
    name = "[red]a[/red][link=http://x]:smile:.csv"
    text = terminal.render(make_result(case(name, Outcome.REVIEW, findings=(make_finding(message=name),))), width=120, colour=True)
    assert f"{name}: needs a person" in text
    assert "\x1b]8" not in text


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(name=st.text(st.characters(codec=None), min_size=1, max_size=40))
def test_hostile_names_do_not_steer_the_terminal(make_result: Results, case: Any, make_finding: Findings, name: str) -> None:
    """Whatever a name holds, every line of the report prints."""
    hostile = make_finding(message=name, remedy=name, labels=(name,), severity=Severity.LOW)
    text = terminal.render(make_result(case(name, Outcome.REVIEW, findings=(hostile,)), request_id=name), show_labels=True)
    assert all(line.isprintable() for line in text.split("\n"))


def test_many_gaps_are_counted(make_result: Results, case: Any) -> None:
    """An archive with many unread members names the first few and counts the rest."""
    gaps = tuple(Unread(part_id=f"a.zip/{number}.bin", why=UnreadReason.UNSUPPORTED) for number in range(9))
    text = terminal.render(make_result(case("a.zip", Outcome.REVIEW, unread=gaps)))
    assert text.count("not read: ") == 5
    assert "not read: 5 more parts" in text


def test_what_is_nearest_to_people_is_named_first(make_result: Results, case: Any) -> None:
    """An output of many parts is named after the part that matters most."""
    result = make_result(case("a.ipynb"))
    summary = result.assessments[0].recognised[0]
    kinds = (Kind.TEXT, Kind.CODE, Kind.TEXT, Kind.INDIVIDUAL_ROWS)
    mixed = replace(result.assessments[0], recognised=tuple(replace(summary, kind=kind) for kind in kinds))
    assert terminal.what_it_is(mixed) == "individual rows, text and 1 more"
