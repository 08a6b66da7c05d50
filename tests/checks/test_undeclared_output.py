"""Statements against outputs, through the hook: what is asked, and what honest statements are not asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.checks import RequestSubject, checks
from sdc_airlock.hook import answer
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.finding import Finding
from sdc_airlock.pipeline.status import Status

TABLE = "region,sex,patients\nNorth,women,1200\nNorth,men,1310\nSouth,women,870\nSouth,men,1080\n"
FILES = {"tables/table1.csv": TABLE, "tables/table2.csv": TABLE.replace("1200", "1201"), "run.R": "library(dplyr)\nprint(summary(x))\n"}


@pytest.fixture
def asked(assessed: Callable[..., tuple[Assessment, ...]]) -> Callable[[str], list[Finding]]:
    """What the check says of a request with these files and a statement."""

    def ask(statement: str) -> list[Finding]:
        check = checks()["undeclared_output"]
        assert check.on_request is not None
        return list(check.on_request(RequestSubject(assessments=assessed(FILES), statement=statement), {}))

    return ask


@pytest.mark.parametrize(
    "statement",
    [
        "Two tables for the paper and the code.",
        "Project: p17\nContext: patients by region and sex, counts above ten.\nControls: small numbers were suppressed.",
        "tables/: patients by region and sex, frequency tables\nrun.R: the script",
        json.dumps(
            {
                "outputs": [
                    {"file": "table*.csv", "kind": "frequency table", "by": ["region", "sex"], "rows": 4, "n": 4460},
                    {"file": "run.R"},
                ]
            }
        ),
        json.dumps({"files": {"table1.csv": "counts", "table2.csv": "counts", "run.R": "code"}, "project": "p17"}),
        json.dumps({"purpose": "a paper"}),
    ],
)
def test_honest_statements_are_asked_nothing(asked: Callable[[str], list[Finding]], statement: str) -> None:
    """Vague or exact, in any form."""
    assert asked(statement) == []


@pytest.mark.parametrize(
    ("declared", "rule"),
    [
        ([{"file": "table1.csv"}, {"file": "table2.csv"}], "file"),
        ([{"file": "tables/"}, {"file": "run.R"}, {"file": "table2.csv", "kind": "figure"}], ""),
        ([{"file": "table1.csv", "by": "region"}, {"file": "table2.csv"}, {"file": "run.R"}], "detail"),
        ([{"file": "table1.csv", "n": 300}, {"file": "table2.csv"}, {"file": "run.R"}], "population"),
        ([{"file": "table1.csv", "description": "forest plot"}, {"file": "table2.csv"}, {"file": "run.R"}], "kind"),
    ],
)
def test_what_goes_beyond_the_statement_is_asked(asked: Callable[[str], list[Finding]], declared: list[dict[str, Any]], rule: str) -> None:
    """One question for each thing that is more than declared; an output that several declarations cover is asked nothing."""
    assert [finding.rule for finding in asked(json.dumps({"outputs": declared}))] == ([rule] if rule else [])


def test_the_hook_hands_the_statement_on(tmp_path: Path) -> None:
    """A question holds the request, and repeats no word of the statement."""
    (tmp_path / "table1.csv").write_text(TABLE)
    (tmp_path / "extra.csv").write_text(TABLE)
    question = {"paths": [str(tmp_path)], "statement": json.dumps({"outputs": [{"file": "table1.csv", "description": "quuxhaven counts"}]})}
    text, status = answer(json.dumps(question).encode(), workers=1)
    assert status is Status.REVIEW
    (found,) = json.loads(text)["findings"]
    assert (found["check_id"], found["severity"], found["location"]["part_id"]) == ("undeclared_output", "medium", "extra.csv")
    assert "quuxhaven" not in text
