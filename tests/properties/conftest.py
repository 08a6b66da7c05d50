"""Outputs of every kind, made up, and one judge for all of them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

from sdc_airlock.pipeline.run import Judge, judge_with


@pytest.fixture(scope="module")
def judge() -> Iterator[Judge]:
    """One judge for all, so that workers start once."""
    with judge_with() as shared:
        yield shared


@pytest.fixture(scope="session")
def samples() -> Iterator[ModuleType]:
    """The module that writes files of many formats."""
    known = "samples_of_properties"
    spec = importlib.util.spec_from_file_location(known, Path(__file__).parents[1] / "hostile" / "samples.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[known] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module
    del sys.modules[known]
