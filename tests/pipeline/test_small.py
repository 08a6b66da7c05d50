"""Small outputs are read together: a file a person is held, a file a model is not."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from sdc_airlock import scan
from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline import pool


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
