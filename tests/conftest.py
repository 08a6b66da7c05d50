"""What tests of every room share."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
from collections.abc import Callable, Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from sdc_airlock.model.output import OutputFile
from sdc_airlock.pipeline import _child

ROOT = Path(__file__).parents[1]

settings.register_profile("project", deadline=None, max_examples=30, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("thorough", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "project"))


# tests that judge many whole files say little about single lines, and take several times as long when they are measured
_WHOLE = frozenset({"redteam", "hostile", "properties", "bypasses"})
# what the other rooms ask of workers runs through the same lines as here
_OF_WORKERS = "pipeline"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Measure no coverage where whole files are judged."""
    for item in items:
        if item.path.parent.name in _WHOLE:
            item.add_marker("no_cover")


_FOR_EVER = 300


@pytest.fixture
def ends() -> Generator[None]:
    """A test of what once took for ever fails where it does so again."""

    def stop(_number: int, _frame: object) -> None:
        pytest.fail("it takes for ever")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(_FOR_EVER)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.hookimpl(wrapper=True, trylast=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None, None, None]:
    """Take the tracer off where nothing is measured: a process of pytest-xdist is begun with one of its own, which pytest-cov does not pause."""
    tracer = sys.gettrace() if item.get_closest_marker("no_cover") else None
    if tracer is None:
        return (yield)
    sys.settrace(None)
    try:
        return (yield)
    finally:
        sys.settrace(tracer)


@pytest.fixture(autouse=True)
def _workers_are_covered(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers start in a bare environment and write nowhere; a run that measures coverage lets its own variable and folder through."""
    if request.node.get_closest_marker("no_cover") or request.path.parent.name != _OF_WORKERS:
        return
    names = tuple(name for name in os.environ if name.startswith("COVERAGE_PROCESS"))
    monkeypatch.setattr(_child, "_KEPT_ENVIRONMENT", _child._KEPT_ENVIRONMENT + names)
    if names:
        monkeypatch.setattr(_child, "_WRITABLE", (str(Path.cwd()),))


@pytest.fixture(scope="session")
def root() -> Path:
    """The root of the project."""
    return ROOT


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The labelled real files, which lie beside a checkout and are in no package."""
    folder = ROOT.parent / "shared" / "corpus"
    if not (folder / "manifest.csv").is_file():
        pytest.skip("the labelled corpus does not lie beside this checkout (../shared/corpus)")
    return folder


@pytest.fixture
def staged(tmp_path: Path) -> Callable[..., OutputFile]:
    """Makes a staged output of some bytes, as intake would."""

    def make(data: bytes, name: str = "table.csv") -> OutputFile:
        path = tmp_path / f"staged-{hashlib.sha256(name.encode() + data).hexdigest()[:16]}"
        path.write_bytes(data)
        return OutputFile(
            path=name, claimed_name=name, file_id=hashlib.sha256(data).hexdigest(), size_bytes=len(data), staged_path=str(path)
        )

    return make
