"""Small outputs are read together: a file a person is held, a file a model is not."""

from __future__ import annotations

import io
import json
import random
import zipfile
from pathlib import Path

import pytest

from sdc_airlock import scan
from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline import pool
from sdc_airlock.pipeline.small import PART, told_lines, with_members_together
from sdc_airlock.readers import read
from sdc_airlock.recognise import recognise
from sdc_airlock.source import Source


def _wrote(folder: Path, texts: list[str]) -> Path:
    for place, text in enumerate(texts):
        (folder / f"part_{place}.txt").write_text(text, encoding="utf-8")
    return folder


@pytest.mark.parametrize("many", [100, 1])
def test_one_file_a_person(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, many: int) -> None:
    """Records that were cut into a file each are found, beside the checks of the request and by a worker of their own."""
    monkeypatch.setattr(pool, "_MANY_OUTPUTS", many)
    chance = random.Random(3)
    texts = [
        f"record: K{chance.randint(10_000, 99_999)}\nsex: {chance.choice('FM')}\nage: {chance.randint(20, 90)}\nbmi: {chance.gauss(27, 4):.1f}\n"
        for _ in range(25)
    ]
    result = scan(_wrote(tmp_path, texts))
    assert any(finding.check_id == "individual_rows" for finding in result.request_findings)
    assert result.outcome is not Outcome.RELEASE


def test_one_file_a_chromosome(tmp_path: Path) -> None:
    """Short logs of one build that sum up are left alone."""
    chance = random.Random(4)
    texts = [
        f"chromosome: {place}\nvariants: {chance.randint(90_000, 900_000)}\nlambda: {chance.uniform(0.98, 1.04):.4f}\n"
        for place in range(1, 23)
    ]
    assert not scan(_wrote(tmp_path, texts)).request_findings


def _together(texts: list[str], suffix: str) -> list[float]:
    """How likely rows of the grids are people that small members of an archive make together."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for place, text in enumerate(texts):
            archive.writestr(f"out/part_{place}{suffix}", text)
    source = Source.of_bytes(out.getvalue(), part_id="results.zip", name="results.zip")
    content = with_members_together(read(source, identify(source), file_id="0" * 64, limits=Limits()))
    return [one.individual for one in recognise(content, Limits()) if one.part_id.startswith(PART)]


def _person(chance: random.Random) -> dict[str, object]:
    return {
        "age": chance.randint(20, 90),
        "sex": chance.choice("FM"),
        "bmi": round(chance.gauss(27, 4), 1),
        "dx": chance.choice(["I10", "E11", "J45"]),
    }


@pytest.mark.parametrize("kind", ["json", "csv"])
def test_one_member_a_person(kind: str) -> None:
    """Records that were cut into a member of an archive each are found, as settings and as pairs of a name and a value."""
    chance = random.Random(5)
    people = [_person(chance) for _ in range(20)]
    pairs = ["variable,value\n" + "".join(f"{name},{value}\n" for name, value in each.items()) for each in people]
    texts = [json.dumps(each) for each in people] if kind == "json" else pairs
    assert max(_together(texts, f".{kind}")) > 0.5


def test_numbers_and_words_of_a_settings_file_are_told() -> None:
    """The numbers of an object are a table and its words a text; both are lines of it."""
    data = json.dumps(_person(random.Random(6))).encode()
    source = Source.of_bytes(data, part_id="a.json", name="a.json")
    lines = told_lines(read(source, identify(source), file_id="0" * 64, limits=Limits()), len(data))
    assert {line.partition(":")[0] for line in lines} == {"age", "sex", "bmi", "dx"}


def test_one_member_a_model() -> None:
    """Short results of one build, a model each, are left alone."""
    chance = random.Random(7)
    texts = [
        json.dumps(
            {
                "outcome": f"outcome {place}",
                "auc": round(chance.uniform(0.6, 0.9), 3),
                "n": chance.randint(4_000, 90_000),
                "converged": True,
            }
        )
        for place in range(20)
    ]
    assert max(_together(texts, ".json"), default=0.0) < 0.5
