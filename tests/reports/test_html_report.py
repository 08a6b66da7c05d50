"""The manual review report: complete, self-contained, and nothing in it can break out of its place."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable
from html.parser import HTMLParser
from typing import Any

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from sdc_airlock.model.decision import Outcome, Reason
from sdc_airlock.model.finding import Finding, Location, Redacted, Severity
from sdc_airlock.reports import CheckNote, RequestResult, html_report, json_report

Results = Callable[..., RequestResult]
Findings = Callable[..., Finding]

VOID = {"meta", "input", "br", "path"}


class Page(HTMLParser):
    """Tags, attributes and texts of a page; `raw` holds what stands in style and script."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.open: list[str] = []
        self.texts: list[str] = []
        self.raw: dict[str, str] = {}
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag that closes itself."""
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_endtag(self, tag: str) -> None:
        """Every end tag closes the tag that was opened last."""
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        """Note text."""
        if self.open and self.open[-1] in ("style", "script"):
            self.raw[self.open[-1]] = self.raw.get(self.open[-1], "") + data
        else:
            self.texts.append(data)

    @property
    def text(self) -> str:
        """All text that a reader sees, on one line."""
        return " ".join(" ".join(self.texts).split())

    def shape(self) -> list[tuple[str, tuple[str, ...]]]:
        """Tags with the names of their attributes."""
        return [(tag, tuple(attributes)) for tag, attributes in self.tags]


@pytest.fixture
def page(full: RequestResult, notes: dict[str, CheckNote]) -> Page:
    """The report of a request with something of everything."""
    return Page(html_report.render(full, notes))


def test_the_policy_admits_the_page_and_nothing_else(page: Page) -> None:
    """The Content-Security-Policy names the hashes of the one style and the one script, and forbids the rest."""
    policies = [attributes["content"] for _, attributes in page.tags if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert len(policies) == 1
    assert sum(tag == "script" for tag, _ in page.tags) == sum(tag == "style" for tag, _ in page.tags) == 1
    wanted = {kind: "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() for kind, text in page.raw.items()}
    assert policies[0] == (
        f"default-src 'none'; style-src '{wanted['style']}'; script-src '{wanted['script']}'; img-src data:; form-action 'none'; base-uri 'none'"
    )


def test_nothing_comes_from_elsewhere(page: Page) -> None:
    """No address, inline style or event handler stands in the page; links go to places in it."""
    for tag, attributes in page.tags:
        assert not {"src", "style", "srcset", "action", "formaction"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
        assert tag not in {"iframe", "object", "embed", "base", "link", "img", "form"}
        assert attributes.get("href", "#").startswith("#")
    assert "@import" not in page.raw["style"]
    assert "url(" not in page.raw["style"]
    for word in ("fetch(", "XMLHttpRequest", "innerHTML", "eval(", "localStorage", "http:", "https:"):
        assert word not in page.raw["script"]


def test_links_lead_somewhere_and_names_are_unique(page: Page) -> None:
    """Each link in the page has its target, each id stands once, and each label and description has its field."""
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    wanted = {attributes["href"][1:] for _, attributes in page.tags if "href" in attributes}
    wanted |= {
        attributes[name] for _, attributes in page.tags for name in ("for", "aria-labelledby", "aria-describedby") if name in attributes
    }
    assert wanted <= set(ids)


def test_fields_and_pictures_have_names(page: Page) -> None:
    """Each picture, field and scrolling box has an accessible name."""
    labelled = {attributes["for"] for _, attributes in page.tags if "for" in attributes}
    for tag, attributes in page.tags:
        if tag == "svg" or attributes.get("role") == "region":
            assert attributes["aria-label"]
        if tag in ("textarea", "select") or (tag == "input" and attributes["type"] not in ("radio", "checkbox")):
            assert attributes.get("id") in labelled or attributes.get("aria-label")


def test_what_a_checker_needs_is_there(page: Page, full: RequestResult) -> None:
    """Request, outcome, confidence, reasons, places, remedies, sources, gaps, runs and hashes are all told."""
    for text in (
        "2026-014",
        "1 of 9 outputs may not leave",
        "High risk (red). The tool is very sure, about 96 in 100",
        "What to look at first",
        "Row 4, column cases",
        "Merge it with a neighbouring group",
        "10 digits (1,204 times)",
        "SDC Handbook, Griffiths et al., section 4.2, 2019",
        "The name claims .csv , but the content is zip archive.",
        "data/raw.bin : it is encrypted. Submit it without encryption or password.",
        "2 checks did not come to an end",
        "Not taken in: it is a link, and links are not followed.",
        "Outputs to be released",
        "2 values of this profile are not verified",
        "One column never repeats.",
        full.assessments[0].file_id,
    ):
        assert text in page.text


def test_every_output_can_be_decided_on(page: Page, full: RequestResult) -> None:
    """Each output has a place for a decision that carries its path and hash; one that was not taken in cannot be approved."""
    votes = {attributes["data-path"]: attributes for _, attributes in page.tags if "data-vote" in attributes}
    assert {path: vote["data-file-id"] for path, vote in votes.items()} == {item.path: item.file_id for item in full.assessments}
    refused = next(number for number, item in enumerate(page.tags) if item[1].get("data-path") == "latest")
    choices = [attributes["value"] for _, attributes in page.tags[refused : refused + 12] if attributes.get("type") == "radio"]
    assert choices[:2] == ["request_changes", "reject"]


def test_the_page_names_the_json_report_it_belongs_to(page: Page, full: RequestResult) -> None:
    """Exported decisions can be held against the JSON report by its hash."""
    main = next(attributes for tag, attributes in page.tags if tag == "main")
    assert main["data-report-sha256"] == hashlib.sha256(json_report.render(full).encode()).hexdigest()


def test_row_labels_never_stand_in_the_page(full: RequestResult, notes: dict[str, CheckNote]) -> None:
    """Labels come from the file, so no page carries them."""
    labels = {label for item in full.assessments for finding in item.findings for label in finding.labels}
    assert labels
    assert not [label for label in labels if label in html_report.render(full, notes)]


def test_equal_results_give_equal_text(full: RequestResult, notes: dict[str, CheckNote]) -> None:
    """The page is the same to the byte each time."""
    assert html_report.render(full, notes) == html_report.render(full, notes)


def _hostile(make_result: Results, case: Any, make_finding: Findings, text: str) -> Page:
    found = make_finding(
        location=Location(part_id=f"a.zip/{text}", columns=(text,), rows=(3,), shape=(4, 4)),
        message=f"seen {text}",
        remedy=f"mend {text}",
        rule=f"rule {text}",
        evidence=(Redacted(shape=f"shape {text}"),),
    )
    held = case(
        f"held {text}",
        Outcome.REVIEW,
        findings=(found,),
        why=(f"why {text}",),
        reasons=(Reason(outcome=Outcome.REVIEW, rule=text, text=f"reason {text}"),),
        name_oddities=(f"odd {text}",),
        failure=f"broke {text}",
    )
    result = make_result(held, case(f"released {text}"), request_id=f"r {text}", profile_title=f"p {text}", profile_notes=(f"n {text}",))
    note = CheckNote(title=f"t {text}", why=f"w {text}", sources=(f"s {text}",))
    return Page(html_report.render(result, {"small_counts": note}))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=40, deadline=None)
@given(text=st.text(st.characters(codec=None), max_size=30))
@example(text="<script>alert(1)</script>")
@example(text='" onmouseover="alert(1)" x="')
@example(text="</title></style></script><img src=x onerror=alert(1)>")
@example(text="]]>--><!--")
@example(text="{{ 7 * 7 }}{% raw %}")
@example(text="\u202egpj.exe\u2066\x00\x1b[31m")
@example(text="&lt;b&gt;&#60;")
def test_hostile_text_stays_text(make_result: Results, case: Any, make_finding: Findings, text: str) -> None:
    """Whatever names and messages hold, the page has the same tags and attributes as with a plain name, and all of it prints."""
    hostile, plain = _hostile(make_result, case, make_finding, text), _hostile(make_result, case, make_finding, "x")
    assert hostile.shape() == plain.shape()
    assert hostile.raw == plain.raw
    shown = [*hostile.texts, *(value for _, attributes in hostile.tags for value in attributes.values())]
    assert all(line.isprintable() for piece in shown for line in piece.split("\n"))


def test_a_large_request_stays_usable(make_result: Results, case: Any, make_finding: Findings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beyond a number of held outputs details give way to rows, and every output can still be decided on."""
    monkeypatch.setattr(html_report, "DETAILED", 5)
    cases = [
        case(f"{number:03}.csv", Outcome.REVIEW if number < 8 else Outcome.RELEASE, findings=(make_finding(),) if number < 8 else ())
        for number in range(250)
    ]
    large = Page(html_report.render(make_result(*cases)))
    assert sum(tag == "article" for tag, _ in large.tags) == 5
    assert sum(tag == "select" for tag, _ in large.tags) == 3
    assert sum("data-vote" in attributes for _, attributes in large.tags) == 250
    assert "Those of the following 3 stand in the JSON report." in large.text


def test_many_findings_are_cut_with_a_word(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Findings beyond what a person takes in are counted and left to the JSON report."""
    many = tuple(
        make_finding(rule=f"rule_{rule}", location=Location(part_id="a.csv", rows=(row,))) for rule in range(40) for row in range(2, 14)
    )
    text = Page(html_report.render(make_result(case("a.csv", Outcome.REVIEW, findings=many)))).text
    assert "and 4 more findings like these, listed in the JSON report" in text
    assert "10 more kinds of findings stand in the JSON report." in text
    assert "Small counts, 480 findings." in text


@pytest.mark.parametrize(
    ("outcomes", "text"),
    [
        ([], "No outputs in this request"),
        ([Outcome.REJECT], "The only output may not leave"),
        ([Outcome.REVIEW, Outcome.REVIEW], "2 of 2 outputs need a person"),
        ([Outcome.REVIEW, Outcome.RELEASE], "1 of 2 outputs needs a person"),
        ([Outcome.RELEASE], "The output may be released"),
    ],
)
def test_the_headline(make_result: Results, case: Any, outcomes: list[Outcome], text: str) -> None:
    """The first line says what became of the request."""
    result = make_result(*(case(f"{number}.csv", outcome) for number, outcome in enumerate(outcomes)))
    assert html_report.headline(result) == text
    assert text in Page(html_report.render(result)).text


def test_a_request_held_as_a_whole(make_result: Results, case: Any) -> None:
    """A request whose outputs could each go says why it is held all the same."""
    reason = Reason(outcome=Outcome.REVIEW, rule="volume", text="more requests in one day than usual")
    text = Page(html_report.render(make_result(case("a.csv"), outcome=Outcome.REVIEW, reasons=(reason,)))).text
    assert "The request as a whole needs a person" in text
    assert "More requests in one day than usual." in text


def test_a_request_that_is_fine_as_a_whole_is_not_discussed(make_result: Results, case: Any) -> None:
    """That nothing was found in the request as a whole says nothing beside outputs that are held."""
    fine = Reason(outcome=Outcome.RELEASE, rule="complete", text="everything was read and none found anything")
    text = Page(html_report.render(make_result(case("a.csv", Outcome.REJECT), reasons=(fine,)))).text
    assert "The request as a whole" not in text


def test_a_part_keeps_its_name(make_result: Results, case: Any, make_finding: Findings) -> None:
    """The name of a part is shown letter by letter; only a place starts a sentence with a capital."""
    inner = make_finding(location=Location(part_id="book.xlsx!sheet2", rows=(3,)))
    text = Page(html_report.render(make_result(case("book.xlsx", Outcome.REVIEW, findings=(inner,))))).text
    assert "sheet2, row 3." in text


def test_every_severity_has_its_colour(make_result: Results, case: Any, make_finding: Findings) -> None:
    """Each severity is told in words, with a class that the style sheet knows."""
    found = tuple(make_finding(severity=severity, rule=severity.word) for severity in Severity)
    page = Page(html_report.render(make_result(case("a.csv", Outcome.REVIEW, findings=found))))
    for severity in Severity:
        assert f".{severity.word}" in page.raw["style"]
    assert {attributes["class"] for _, attributes in page.tags if attributes.get("class", "").startswith("pill")} == {
        f"pill {severity.word}" for severity in Severity
    }


def _contrast(one: str, other: str) -> float:
    """Contrast of two colours as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [0, 1])
def test_text_stands_out_from_its_ground(page: Page, theme: int) -> None:
    """In light and in dark every colour of text has a contrast of at least 4.5 to every ground it stands on."""
    block = re.findall(r":root \{(.*?)\}", page.raw["style"], re.DOTALL)[theme]
    colours = dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6})", block))
    grounds = {
        "ink": ("page", "card", "sunk", "red-back", "amber-back", "green-back"),
        "soft": ("page", "card", "sunk"),
        "link": ("page", "card"),
        "on-link": ("link",),
        "red": ("card", "red-back"),
        "amber": ("card", "amber-back", "red-back"),
        "green": ("card", "green-back", "red-back", "amber-back"),
    }
    poor = [(text, ground) for text, given in grounds.items() for ground in given if _contrast(colours[text], colours[ground]) < 4.5]
    assert poor == []


def test_an_output_that_was_not_judged_is_looked_at_first(make_result: Results, case: Any) -> None:
    """A judgement that broke off stands among what to look at first, and says so at the output."""
    text = Page(html_report.render(make_result(case("slow.csv", Outcome.REVIEW, failure="timed out")))).text
    assert text.index("Not judged slow.csv") < text.index("Held outputs")
    assert "Not judged to the end: Timed out. Treat it as unread." in text
