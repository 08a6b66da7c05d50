"""Laying out a new check."""

from __future__ import annotations

import ast
import tomllib
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from sdc_airlock.checks._page import HEADINGS


@pytest.fixture
def tool(load_tool: Callable[[str], ModuleType]) -> ModuleType:
    """The script that lays out a check."""
    return load_tool("new_check")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project without checks."""
    (tmp_path / "sdc_airlock" / "checks").mkdir(parents=True)
    (tmp_path / "checks").mkdir()
    return tmp_path


def test_two_files_and_no_edit(tool: ModuleType, project: Path) -> None:
    """The module has all headings of the page, the examples two of each kind."""
    assert tool.main(["rare_names"], project) == 0
    module = ast.parse((project / "sdc_airlock" / "checks" / "rare_names.py").read_text())
    function = next(node for node in module.body if isinstance(node, ast.FunctionDef))
    assert function.name == "rare_names"
    page = ast.get_docstring(function) or ""
    assert [line[3:] for line in page.splitlines() if line.startswith("## ")] == list(HEADINGS)
    examples = tomllib.loads((project / "checks" / "rare_names.toml").read_text())
    assert {section: len(cases) for section, cases in examples.items()} == {"flag": 2, "pass": 2}


@pytest.mark.parametrize("arguments", [[], ["a", "b"], ["Rare"], ["rare-names"], ["../rare"], ["detect_rare"], ["no_rare"]])
def test_names_that_are_no_pattern(tool: ModuleType, project: Path, arguments: list[str]) -> None:
    """A check is named after the pattern it flags, in lower case."""
    assert tool.main(arguments, project) == 2
    assert list(project.rglob("*.*")) == []


def test_nothing_is_written_over(tool: ModuleType, project: Path) -> None:
    """A name that is taken is refused."""
    tool.main(["rare_names"], project)
    (project / "checks" / "rare_names.toml").write_text("mine")
    assert tool.main(["rare_names"], project) == 2
    assert (project / "checks" / "rare_names.toml").read_text() == "mine"
