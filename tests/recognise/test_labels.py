"""No cell value, and no header that may be somebody's, is ever shown."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, GridSource, Table
from sdc_airlock.model.recognised import Recognised
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.recognise.header_text import safe_label
from sdc_airlock.recognise.kinds import recognise_table
from sdc_airlock.recognise.tables import tables_of
from sdc_airlock.reports import json_report
from sdc_airlock.source import Source

NAMES = ["Zebulon Quxley", "Quxley, Zebulon", "Yolanda Vantongeren", "O'Quxley Mary", "Zebulon"]
IDS = ["9434765919", "943 476 5919", "GEL-00417733", "P1048576", "QQ123456C", "1048576-33", "HG04177", "NA18507"]
DATES = ["1931-07-23", "23/07/1931", "19310723"]
MAILS = ["zebulon@quxley.org", "z.quxley+x@nhs.example"]
PLACES = ["ZZ99 3VZ", "+44 7700 900417"]


def shown(found: Sequence[Recognised]) -> str:
    """All that recognition lets others show."""
    words: list[str] = []
    for part in found:
        words += [*part.why, *part.row_labels] if part.individual >= 0.5 else part.why
        for column in part.columns:
            words += [column.label, *column.why]
    return "\n".join(words)


@pytest.mark.parametrize("header", [*IDS, *MAILS, "19310723", "1931-07-23T10:00", "ID 00417733"])
def test_headers_that_look_like_data_are_not_shown(header: str):
    """A header with a long run of digits, an address or the form of an id is shown as its place."""
    assert safe_label(header, 3, trusted=True) == "column 4"


@pytest.mark.parametrize("header", ["cases", "n (%)", "Male", "age_group", "OR (95% CI)", "2019", "p-value", "25%"])
def test_ordinary_headers_are_shown(header: str):
    """Words of the field name their column."""
    assert safe_label(header, 0, trusted=True) == header
    assert safe_label(header, 0, trusted=False) == "column 1"


def test_counts_by_person_do_not_show_who():
    """A table of counts that is headed by names of people, common or not, gives the places of its columns."""
    people = ["Zebulon Quxley", "Yolanda Vantongeren", "Ottoline Blenkinsop", "Ignatius Sidebottom"]
    body = [("diagnosis", *people), *((word, "3", "0", "12", "1") for word in ("influenza", "asthma", "migraine", "gout"))]
    found = [recognise_table(table, Limits()) for table in tables_of(Grid(part_id="page", rows=tuple(body), source=GridSource.DELIMITED))]
    assert not [person for person in people if person in shown(found)]


def test_titled_columns_keep_their_names():
    """Fewer than three headers that read as names are taken for what they say."""
    body = [("region", "Heart Failure", "Total Cases"), ("West", "320", "990"), ("East", "210", "870"), ("North", "170", "640")]
    found = [recognise_table(table, Limits()) for table in tables_of(Grid(part_id="page", rows=tuple(body), source=GridSource.DELIMITED))]
    assert "Heart Failure" in shown(found)


@given(
    st.lists(st.sampled_from([*NAMES, *IDS, *DATES, *MAILS, *PLACES]), min_size=3, max_size=8, unique=True),
    st.integers(8, 30),
    st.sampled_from(["rows", "columns"]),
    st.integers(0, 99),
)
def test_no_header_of_a_table_of_people_is_shown(canaries: list[str], rows: int, people_in: str, seed: int):
    """Where rows or columns may be people, a header that is no word of the field is not shown, nor is any cell."""
    draw = random.Random(seed)
    width = len(canaries)
    if people_in == "columns":
        body = [("variable", *canaries)]
        body += [(name, *(f"{draw.gauss(50, 9):.1f}" for _ in range(width))) for name in ("age", "bmi", "height", "weight", "sbp", "hba1c")]
    else:
        body = [("age", "sex", *canaries)]
        body += [(str(draw.randint(18, 90)), draw.choice("MF"), *(draw.choice([*NAMES, *IDS]) for _ in range(width))) for _ in range(rows)]
    tables = tables_of(Grid(part_id="page", rows=tuple(body), source=GridSource.DELIMITED))
    found = [recognise_table(table, Limits()) for table in tables]
    said = shown([one for one in found if one.individual >= 0.5])
    for canary in [*canaries, *NAMES, *IDS]:
        assert canary not in said


@given(st.lists(st.sampled_from([*IDS, *MAILS]), min_size=2, max_size=6, unique=True), st.integers(0, 99))
def test_ids_are_shown_for_no_kind_of_table(canaries: list[str], seed: int):
    """Ids and addresses among cells and headers are not shown even where a table is taken for groups."""
    draw = random.Random(seed)
    body = [("region", "n", *canaries)] + [
        (f"area {place}", str(draw.randint(20, 400)), *map(str, draw.choices(range(10, 99), k=len(canaries)))) for place in range(6)
    ]
    found = [recognise_table(table, Limits()) for table in tables_of(Grid(part_id="page", rows=tuple(body), source=GridSource.DELIMITED))]
    for canary in canaries:
        assert canary not in shown(found)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cs",)), min_size=1, max_size=300))
def test_any_text_is_recognised(text: str):
    """No text makes identification, reading or recognition fail, and every part is somebody's to judge."""
    source = Source.of_bytes(text.encode(), part_id="any.csv", name="any.csv")
    content = read(source, identify(source), file_id="", limits=Limits())
    found = recognise(content, Limits())
    assert len(found) >= len(content.parts)
    assert all(isinstance(one.part, Table) is bool(one.table) for one in found)


def _outputs() -> dict[str, str]:
    draw = random.Random(4)

    def person() -> str:
        return (
            f"{draw.choice(NAMES[:1] + NAMES[2:3])},{draw.choice(IDS)},{draw.choice(DATES[:1])},{draw.choice(MAILS)},{draw.randint(18, 90)}"
        )

    people = [person() for _ in range(40)]
    return {
        "named.csv": "name,nhs_number,dob,email,age\n" + "\n".join(people) + "\n",
        "no_header.csv": "\n".join(people) + "\n",
        "turned.csv": "variable," + ",".join(["Zebulon Quxley", *IDS]) + "\n" + "".join(f"{name}," + ",".join(str(draw.randint(20, 90)) for _ in range(1 + len(IDS))) + "\n" for name in ("age", "bmi", "height", "weight", "sbp", "hba1c")),
        "genotypes.csv": "marker," + ",".join(IDS) + "\n" + "".join(f"rs{place + 1000}," + ",".join(str(draw.choice([0, 0, 1, 1, 2])) for _ in IDS) + "\n" for place in range(40)),
        "counts.csv": "doctor,cases,controls\n" + "".join(f"{name},{draw.randint(2, 9)},{draw.randint(100, 300)}\n" for name in NAMES[:1] + NAMES[2:3] + ["Q Q"]),
        "note.txt": "We saw three carriers, one of them Zebulon Quxley (zebulon@quxley.org, 943 476 5919), born 1931-07-23.\n",
        "zebra.log": "2020-01-01 10:00:00 INFO loaded Zebulon Quxley 9434765919\n" * 20,
    }  # fmt: skip


def test_no_value_reaches_the_report(tmp_path: Path, recognised: Callable[..., tuple[Recognised, ...]]):
    """Planted names, ids, birthdays and addresses stand nowhere in the JSON report of a run over outputs of many kinds."""
    outputs = _outputs()
    for name, text in outputs.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    with judge_with(workers=1) as judge:
        result = judge.judge(Asked(paths=tuple(str(tmp_path / name) for name in outputs)))
    report = json_report.render(result)
    assert {output["path"] for output in json.loads(report)["outputs"]} == set(outputs)
    for canary in [*NAMES, *IDS, *DATES, *MAILS, "Quxley", "Vantongeren"]:
        assert canary not in report
