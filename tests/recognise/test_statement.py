"""What statements declare, in the forms in which people write them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.recognise.statement import Declared, Family, Statement, read_statement


@pytest.mark.parametrize(
    "text",
    [
        json.dumps({"outputs": [{"file": "table1.csv", "kind": "frequency table", "rows": 12, "n": 1204, "by": ["region", "sex"]}]}),
        json.dumps([{"Filename": "table1.csv", "Type": "frequency table", "rows": "12", "Population": "1,204", "by": "region, sex"}]),
        "Project: diabetes\nfile: table1.csv\nkind: frequency table\nrows: 12\nn: 1,204 people\nby: region and sex\n",
    ],
)
def test_the_same_output_in_three_forms(text: str) -> None:
    """JSON, a list in JSON and lines of keys and values say the same."""
    wanted = Declared(name="table1.csv", families=frozenset({Family.TABLE}), rows=12, people=1204, by=2)
    assert read_statement(text) == Statement(outputs=(wanted,), listed=True)


def test_a_list_of_names() -> None:
    """Names of files with what each is."""
    found = read_statement("Outputs for the paper\n- fig1.png: forest plot\n- tables/t2.csv - regression\n* run.R, the script\n")
    assert [(each.name, set(each.families)) for each in found.outputs] == [
        ("fig1.png", {Family.FIGURE}),
        ("tables/t2.csv", {Family.TABLE}),
        ("run.r", {Family.CODE}),
    ]
    assert found.listed


@pytest.mark.parametrize(
    "text", ["", "Tables and figures of our paper.", "{broken", "Name: Jane Doe\nPurpose: a paper, as agreed", "[]", "{}"]
)
def test_a_vague_statement_declares_nothing(text: str) -> None:
    """Nothing that could be compared."""
    assert read_statement(text).outputs == ()


def test_names_in_free_text() -> None:
    """They are declared, but it is no list."""
    found = read_statement("We ask for table1.csv and figures/fig2.png, e.g. for Dr. Smith.")
    assert [each.name for each in found.outputs] == ["table1.csv", "figures/fig2.png"]
    assert not found.listed


@pytest.mark.parametrize(
    ("name", "covered"),
    [
        ("table1.csv", True),
        ("results/table1.csv", True),
        ("table1", True),
        ("*.csv", True),
        ("results/", True),
        ("table1.png", False),
        ("able1.csv", False),
    ],
)
def test_what_a_name_covers(name: str, covered: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """A path, its last part, its stem, a pattern or a folder."""
    assert Declared(name=name).covers("Results/Table1.csv") is covered


@given(st.text(max_size=400))
def test_any_text_is_read(text: str) -> None:
    """A statement is whatever somebody wrote."""
    read_statement(text)
