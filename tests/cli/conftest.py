"""Running the command line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from sdc_airlock.cli import main


@dataclass
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str


@pytest.fixture
def tool(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Runs a command line in this process."""
    monkeypatch.setenv("NO_COLOR", "1")

    def run(*arguments: object) -> Ran:
        status = main([str(argument) for argument in arguments])
        said = capsys.readouterr()
        return Ran(status, said.out, said.err)

    return run


@pytest.fixture
def large(tmp_path: Path) -> Path:
    """A table in which every group is large."""
    path = tmp_path / "large.csv"
    path.write_text("region,cases,controls\nNorth,120,300\nSouth,140,280\nEast,95,210\nWest,77,190\n")
    return path


@pytest.fixture
def small(tmp_path: Path) -> Path:
    """A table with one group of four."""
    path = tmp_path / "small.csv"
    path.write_text("region,cases,controls\nNorth,120,300\nSouth,4,280\nEast,95,210\nWest,77,190\n")
    return path


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """One record a person."""
    path = tmp_path / "people.csv"
    rows = (
        f"P{number * 7919 % 90000 + 10000},{20 + number % 60},{'MF'[number % 2]},{number * 37 % 100 / 10 + 20:.1f}" for number in range(200)
    )
    path.write_text("participant_id,age,sex,bmi\n" + "\n".join(rows) + "\n")
    return path
