"""Hostile files go through real workers, and what these cost is watched."""

from __future__ import annotations

import importlib.util
import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from types import ModuleType

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.decision import Decision, Outcome
from sdc_airlock.pipeline.pool import ADDRESS_BYTES
from sdc_airlock.pipeline.run import Asked, Judge, judge_with
from sdc_airlock.policy import load_profile
from sdc_airlock.reports import RequestResult, json_report

LIMITS = Limits(file_seconds=20, expanded_bytes=32 << 20, member_bytes=24 << 20, text_bytes=16 << 20, cells=100_000, members=2_000)
# the last seconds of the checks and the parent's grace come on top
_MOST_SECONDS = LIMITS.file_seconds + 20
_MOST_RESIDENT = 2 << 30


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """What became of one hostile file.

    Attributes:
        outcome: What was decided of it.
        gaps: Names of the limits, or kinds of the gaps, that were reported.
        report: The JSON report, as text.
    """

    outcome: Outcome
    assessment: Assessment
    decision: Decision
    gaps: frozenset[str]
    report: str


class Watched:
    """Judges files with one set of workers, and asserts of each that it is in the report once, in time and within memory."""

    def __init__(self, judge: Judge) -> None:
        self._judge = judge

    def judge(self, *paths: Path) -> RequestResult:
        """Judge some paths."""
        began = time.monotonic()
        result = self._judge.judge(Asked(paths=tuple(str(path) for path in paths)))
        files = [each.path for each in result.request.files]
        assert len(result.assessments) == len(result.decisions) == len(files)
        assert [each.path for each in result.assessments] == files
        assert time.monotonic() - began < _MOST_SECONDS * max(1, len(files))
        assert self.resident() < _MOST_RESIDENT < ADDRESS_BYTES
        return result

    def resident(self) -> int:
        """The most bytes of memory that any worker has held so far."""
        return max((_most_resident(child._process.pid) for child in self._judge._pool._children), default=0)

    def one(self, path: Path) -> Verdict:
        """Judge one file."""
        result = self.judge(path)
        assert len(result.decisions) == 1
        (assessment,), (decision,) = result.assessments, result.decisions
        gaps = frozenset(each.limit_name or each.why.value for each in assessment.unread)
        return Verdict(
            outcome=decision.outcome,
            assessment=assessment,
            decision=decision,
            gaps=gaps,
            report=json_report.render(result),
        )


def _most_resident(process: int) -> int:
    try:
        status = Path(f"/proc/{process}/status").read_text("ascii")
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in status.splitlines() if line.startswith("VmHWM:")), 0)


@pytest.fixture(scope="module")
def watched() -> Iterator[Watched]:
    """Workers under limits that a test can reach."""
    with judge_with(replace(load_profile("default"), limits=LIMITS)) as judge:
        yield Watched(judge)


@pytest.fixture
def verdict(watched: Watched, tmp_path: Path) -> Callable[[bytes, str], Verdict]:
    """Judges the bytes of one file under a name."""

    def judge(data: bytes, name: str) -> Verdict:
        path = tmp_path / name
        path.write_bytes(data)
        found = watched.one(path)
        assert json.loads(found.report)
        return found

    return judge


@pytest.fixture(scope="session")
def thorough() -> bool:
    """True where a run may take long: SDC_AIRLOCK_THOROUGH=1."""
    return bool(os.environ.get("SDC_AIRLOCK_THOROUGH"))


@pytest.fixture(scope="session")
def builders() -> Iterator[Callable[[str], ModuleType]]:
    """Gives the tests of a reader as a module: they build files of their format by hand."""
    loaded: dict[str, ModuleType] = {}

    def load(name: str) -> ModuleType:
        if name not in loaded:
            known = f"hostile_{name}"
            spec = importlib.util.spec_from_file_location(known, Path(__file__).parents[1] / "readers" / f"{name}.py")
            assert spec is not None
            assert spec.loader is not None
            loaded[name] = sys.modules[known] = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(loaded[name])
        return loaded[name]

    yield load
    for module in loaded.values():
        del sys.modules[module.__name__]


@pytest.fixture(scope="session")
def samples() -> Iterator[ModuleType]:
    """The module that writes the same people in every format."""
    known = "hostile_samples"
    spec = importlib.util.spec_from_file_location(known, Path(__file__).with_name("samples.py"))
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[known] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[known]
