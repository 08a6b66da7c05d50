"""The built wheel, installed where the source cannot be reached."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.packaging


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout."""
    out = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-P", "-m", "build", "--wheel", "--no-isolation", "--outdir", str(out), str(root)]
    subprocess.run(command, check=True, capture_output=True)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def scripts(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Commands of an environment that has the wheel, and shares everything else with this one.

    A path in a `.pth` file is added without reading the `.pth` files in it, so an editable install of the source stays out.
    """
    home = tmp_path_factory.mktemp("installed")
    venv.create(home, with_pip=False)
    python = str(home / "bin" / "python")
    # pip works on the new environment alone; the path to this one is added only after that, or it would be taken for a part of it
    command = [sys.executable, "-m", "pip", "--python", python, "install", "--quiet", "--no-deps", "--no-index", str(wheel)]
    subprocess.run(command, check=True, capture_output=True)
    ours = sysconfig.get_paths(vars={"base": str(home), "platbase": str(home)})["purelib"]
    Path(ours, "shared.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return home / "bin"


def run(scripts: Path, *arguments: object, given: str = "") -> subprocess.CompletedProcess[str]:
    """One command line of the installed wheel, in a bare environment and an empty folder."""
    return subprocess.run(
        [str(scripts / "sdc-airlock"), *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"},
        cwd=scripts.parent,
        check=False,
    )


def test_the_only_top_level_name_is_ours(wheel: Path) -> None:
    """No `checks`, `tests` or `reports` is installed that another package could stand in for."""
    names = {name.partition("/")[0] for name in zipfile.ZipFile(wheel).namelist()}
    assert {name for name in names if not name.endswith(".dist-info")} == {"sdc_airlock"}


def test_everything_of_the_package_is_in_the_wheel(wheel: Path, root: Path) -> None:
    """Every module, profile, template, weight, word list and schema of the source is in the wheel."""
    tracked = {
        path.relative_to(root).as_posix()
        for path in (root / "sdc_airlock").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts and not path.name.startswith(".")
    }
    assert tracked <= set(zipfile.ZipFile(wheel).namelist())


def test_the_folders_for_people_hold_no_code(root: Path) -> None:
    """checks/, reports/ and fixtures/ hold no Python."""
    assert [path for folder in ("checks", "reports", "fixtures") for path in (root / folder).rglob("*.py*")] == []


def test_the_source_is_out_of_reach(scripts: Path) -> None:
    """What is tested here is the wheel and not the checkout."""
    code = "import sdc_airlock, sys; print(sdc_airlock.__file__)"
    done = subprocess.run([str(scripts / "python"), "-I", "-c", code], capture_output=True, text=True, check=True)
    assert Path(done.stdout.strip()).is_relative_to(scripts.parent)


@pytest.mark.parametrize(
    "command", [["--version"], ["schema"], ["profile", "list"], ["profile", "show", "finngen"], ["explain", "genotypes"]]
)
def test_commands_that_tell_work(scripts: Path, command: list[str]) -> None:
    """Each prints something and ends with 0."""
    done = run(scripts, *command)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout


def test_check_works(scripts: Path, root: Path, tmp_path: Path) -> None:
    """One table with a small count is read, recognised, found, decided and reported in both forms."""
    page, report = tmp_path / "report.html", tmp_path / "report.json"
    done = run(scripts, "check", root / "fixtures/requests/small_numbers/crosstab.csv", "--html", page, "--json", report)
    assert (done.returncode, done.stderr) == (10, "")
    (output,) = json.loads(report.read_text())["outputs"]
    assert {finding["check_id"] for finding in output["findings"]} == {"small_counts"}
    assert "crosstab.csv" in page.read_text("utf-8")


def test_scan_works(scripts: Path, root: Path, tmp_path: Path) -> None:
    """A batch has its reports and its index."""
    done = run(scripts, "scan", root / "fixtures/requests", "--out", tmp_path / "out")
    assert (done.returncode, done.stderr) == (20, "")
    assert (tmp_path / "out" / "index.html").is_file()


def test_hook_works(scripts: Path, root: Path) -> None:
    """A request on standard input is answered on standard output."""
    question = json.dumps({"paths": [str(root / "fixtures/requests/genotypes")]})
    done = run(scripts, "hook", given=question)
    assert (done.returncode, done.stderr) == (20, "")
    assert json.loads(done.stdout)["outcome"] == "reject"
