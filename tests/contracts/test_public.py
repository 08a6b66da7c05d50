"""The public door, and how little it costs to open."""

from __future__ import annotations

import subprocess
import sys

import pytest

import sdc_airlock


def test_all_names_are_there() -> None:
    """Each name of `__all__` can be imported, and `dir` shows no other."""
    assert all(getattr(sdc_airlock, name) is not None for name in sdc_airlock.__all__)
    assert sorted(sdc_airlock.__all__) == dir(sdc_airlock)


def test_an_unknown_name_is_an_attribute_error() -> None:
    """A name that is not there fails like anywhere else."""
    with pytest.raises(AttributeError, match="no attribute 'scam'"):
        sdc_airlock.scam  # noqa: B018


def test_importing_it_imports_nothing_heavy() -> None:
    """`import sdc_airlock` brings in nothing but itself."""
    code = "import sys; before = set(sys.modules); import sdc_airlock; print(sorted(set(sys.modules) - before))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert {name.partition(".")[0] for name in eval(done.stdout)} <= {
        "sdc_airlock",
        "__future__",
        "importlib",
        "typing",
        "warnings",
        "_typing",
    } | set(sys.stdlib_module_names)
    assert "numpy" not in done.stdout
