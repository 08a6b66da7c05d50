"""The generated pages follow the code."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from sdc_airlock.checks import checks
from sdc_airlock.policy import profile_names


@pytest.fixture
def tool(load_tool: Callable[[str], ModuleType]) -> ModuleType:
    """The script that writes the pages."""
    return load_tool("write_docs")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """An empty project with the worked examples only."""
    shutil.copytree(Path(__file__).parents[2] / "checks", tmp_path / "checks")
    return tmp_path


def test_writes_a_page_for_each_check(tool: ModuleType, project: Path) -> None:
    """Each check has its page and stands in the list; each profile stands in the page of profiles."""
    assert tool.main([], project) == 0
    folder = project / "docs" / "reference"
    assert {path.stem for path in (folder / "checks").glob("*.md")} == checks().keys() | {"README"}
    assert all(f"({check}.md)" in (folder / "checks" / "README.md").read_text() for check in checks())
    assert all(f"\n## {name}\n" in (folder / "profiles.md").read_text() for name in profile_names())


def test_check_names_what_is_stale(tool: ModuleType, project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An edited page, a missing page and a page of no check are each named; writing mends all three."""
    tool.main([], project)
    folder = project / "docs" / "reference"
    assert tool.main(["--check"], project) == 0
    (folder / "profiles.md").write_text("edited")
    (folder / "checks" / "anomalous_size.md").unlink()
    (folder / "checks" / "long_gone.md").write_text("old")
    capsys.readouterr()
    assert tool.main(["--check"], project) == 1
    said = capsys.readouterr().err
    assert all(name in said for name in ("profiles.md", "anomalous_size.md", "long_gone.md"))
    assert tool.main([], project) == 0
    assert tool.main(["--check"], project) == 0


def test_wrong_arguments(tool: ModuleType, project: Path) -> None:
    """Anything but --check is refused."""
    assert tool.main(["--force"], project) == 2
