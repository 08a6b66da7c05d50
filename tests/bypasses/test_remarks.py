"""Records in one line of a remark in code, a vector of R with the ids of people for names, and people as fields; each was released once."""

from __future__ import annotations

import json

import pytest

from sdc_airlock.model.decision import Outcome

_CODE = {
    "python": "import os\n\n\ndef f(a):\n    # {}\n    return a + 1\n",
    "javascript": "function f(a) {{\n  // {}\n  return a + 1;\n}}\n",
    "sql": "SELECT count(*) FROM visits -- {}\nGROUP BY sex;\n",
}


@pytest.mark.parametrize("name", _CODE)
def test_records_in_a_remark(staged, judge, people, name: str) -> None:
    """Forty people between bars behind the sign of a remark are rows of people."""
    line = " | ".join(",".join(map(str, person)) for person in people)
    outcome, spoke = judge(staged(_CODE[name].format(line).encode(), f"fit.{name}"))
    assert outcome is Outcome.REJECT
    assert "individual_rows" in spoke


def test_a_remark_with_citations_may_go(staged, judge) -> None:
    """Names and years of papers between commas and bars are no records."""
    code = _CODE["python"].format("see Smith 2019, Jones 2020 | Brown 2021; then steps 3, 4, 5 | and 6")
    assert judge(staged(code.encode(), "fit.py"))[0] is Outcome.RELEASE


@pytest.mark.parametrize("start", ["c(", "ages <- c("])
def test_a_vector_named_by_ids(staged, judge, people, start: str) -> None:
    """A value for each of forty ids is a row of a person each, in one line or not, assigned or not."""
    text = start + ", ".join(f"{person[0]} = {person[1]}" for person in people) + ")\n"
    assert judge(staged(text.encode(), "ages.R"))[0] is not Outcome.RELEASE


def test_a_vector_named_by_terms_may_go(staged, judge) -> None:
    """Coefficients named by the terms of a model are nobody."""
    terms = ("age", "sexMale", "bmi", "smokeFormer", "smokeNever", "sbp", "ldl", "hdl", "crp")
    text = "c(" + ", ".join(f"{term} = {place / 7 - 0.5:.3f}" for place, term in enumerate(terms)) + ")\n"
    assert judge(staged(text.encode(), "coef.R"))[0] is Outcome.RELEASE


def test_people_as_fields(staged, judge, people) -> None:
    """Ids in no order are no names of fields, in a list of fields or as the properties of a schema."""
    mixed = sorted(people, key=lambda person: person[3])
    fields = [{"name": person[0], "type": person[2], "length": person[1]} for person in mixed]
    schema = {
        "$schema": "http://json-schema.org/draft-07/schema#",
        "properties": {person[0]: {"type": person[2], "minimum": person[1], "maximum": person[3]} for person in mixed},
    }
    for told in (fields, schema):
        assert judge(staged(json.dumps(told).encode(), "fields.json"))[0] is not Outcome.RELEASE


def test_fields_may_go(staged, judge) -> None:
    """Fields of a register in their order, with numbers of one length, are nobody."""
    fields = [
        {"name": f"p{20_000 + 7 * place}", "type": ("integer", "string")[place % 3 == 0], "length": 4 + place % 9} for place in range(40)
    ]
    assert judge(staged(json.dumps(fields).encode(), "fields.json"))[0] is Outcome.RELEASE
