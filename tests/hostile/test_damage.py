"""Files of every format cut short, with bytes turned over, and with their heads written over: none is released for being broken."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sdc_airlock.model.decision import Outcome

# a few records are too few to be told from any other table
_LEAST_OF_ROWS = 0.4
_STEP = 64


def cut(data: bytes, *, rows: bool, most: int) -> Iterator[bytes]:
    """The data up to every 64th byte, or up to as many of these places as are wanted."""
    least = int(_LEAST_OF_ROWS * len(data)) if rows else 0
    places = [place for place in range(_STEP, len(data), _STEP) if place >= least]
    chosen = places if len(places) <= most else random.Random(len(data)).sample(places, most)
    for place in chosen:
        yield data[:place]


def turned(data: bytes, most: int) -> Iterator[bytes]:
    """The data with one to eight bytes replaced."""
    chance = random.Random(len(data))
    for _ in range(most):
        damaged = bytearray(data)
        for _ in range(chance.randint(1, 8)):
            damaged[chance.randrange(len(damaged))] = chance.randrange(256)
        yield bytes(damaged)


def headless(data: bytes, most: int) -> Iterator[bytes]:
    """The data with its first bytes written over, or doubled, or moved."""
    chance = random.Random(len(data))
    yield from (chance.randbytes(16) + data[16:], data[:32] * 2 + data[32:], b"\0" * 8 + data)[:most]


def written(folder: Path, name: str, versions: Iterator[bytes]) -> None:
    """Each version under the ending of the name, in a folder of its own where others lie too."""
    for number, data in enumerate(versions):
        (folder / f"{number:05}-{name}").write_bytes(data)


def released(watched, folder: Path) -> list[str]:
    """Names of the files that were released; all of them are in the report once."""
    names = sorted(each.name for each in folder.iterdir())
    result = watched.judge(folder)
    assert [each.path for each in result.request.files] == names
    return [file.path for file, decision in zip(result.request.files, result.decisions, strict=True) if decision.outcome is Outcome.RELEASE]


@pytest.fixture
def most(thorough: bool) -> int:  # noqa: FBT001 - a fixture
    """How many versions of each file are made."""
    return 10_000 if thorough else 4


def test_people_are_held_in_every_format(watched, tmp_path: Path, samples: ModuleType) -> None:
    """Undamaged, none of the formats is released."""
    for name, data, _ in samples.everything():
        (tmp_path / name).write_bytes(data)
    assert released(watched, tmp_path) == []


def test_cut_files_are_held(watched, tmp_path: Path, samples: ModuleType, most: int) -> None:
    """A file of people that breaks off is not released."""
    for name, data, rows in samples.everything():
        written(tmp_path, name, cut(data, rows=rows, most=most))
    assert released(watched, tmp_path) == []


def test_files_with_other_bytes_are_held(watched, tmp_path: Path, samples: ModuleType, most: int) -> None:
    """A file of people with some wrong bytes is not released."""
    for name, data, _ in samples.everything():
        written(tmp_path, name, turned(data, min(most, 500)))
    assert released(watched, tmp_path) == []


def test_files_with_other_heads_are_held(watched, tmp_path: Path, samples: ModuleType, most: int) -> None:
    """A file of people whose head is damaged is not released."""
    for name, data, _ in samples.everything():
        written(tmp_path, name, headless(data, most))
    assert released(watched, tmp_path) == []


@pytest.mark.parametrize("request_name", ["people", "genotypes"])
def test_cut_outputs_that_were_held_stay_held(watched, tmp_path: Path, root: Path, request_name: str, most: int) -> None:
    """The outputs of the fixtures that are held are not released for breaking off."""
    held = {"cohort.csv", "scores.csv", "figures.zip", "tables.xlsx", "exploration.ipynb"}
    for path in sorted((root / "fixtures" / "requests" / request_name).iterdir()):
        if path.name in held:
            written(tmp_path, path.name, cut(path.read_bytes(), rows=path.suffix == ".csv", most=2 * most))
    assert released(watched, tmp_path) == []


def test_cut_outputs_of_any_kind_are_all_listed(watched, tmp_path: Path, root: Path, most: int) -> None:
    """Whatever breaks off, each file is in the report once and no check breaks on it."""
    for path in sorted((root / "fixtures" / "requests" / "ready").iterdir()):
        data = path.read_bytes()
        written(tmp_path, path.name, cut(data, rows=False, most=most))
        written(tmp_path, f"turned-{path.name}", turned(data, min(most, 500)))
    names = sorted(each.name for each in tmp_path.iterdir())
    result = watched.judge(tmp_path)
    assert [each.path for each in result.request.files] == names
    assert [(each.path, each.failure) for each in result.assessments if each.failure] == []
    assert [(each.path, run.check_id, run.error) for each in result.assessments for run in each.runs if run.error] == []
