"""Commands that tell about the tool itself."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from sdc_airlock import __version__
from sdc_airlock.checks import checks
from sdc_airlock.policy import profile_names


def test_version(tool) -> None:
    """The version stands alone on its line."""
    assert tool("--version").out == f"sdc-airlock {__version__}\n"


@pytest.mark.parametrize("command", [[], ["check"], ["scan"], ["hook"], ["profile"], ["profile", "show"], ["explain"], ["schema"]])
def test_every_command_has_help(tool, command: list[str]) -> None:
    """`--help` works everywhere and ends with 0."""
    ran = tool(*command, "--help")
    assert ran.status == 0
    assert "Usage: sdc-airlock" in ran.out


def test_version_comes_before_anything_heavy() -> None:
    """Asking for the version imports neither typer nor NumPy."""
    code = "import sys; from sdc_airlock.cli import main; main(['--version']); print(sorted({'typer', 'numpy', 'pyarrow'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-P", "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.endswith("[]\n")


@pytest.mark.parametrize("check", checks())
def test_every_check_is_explained(tool, check: str) -> None:
    """`explain` prints the page of each check."""
    ran = tool("explain", check)
    assert ran.status == 0
    assert ran.out.startswith(f"# {check}\n")


def test_a_misspelt_check_is_guessed(tool) -> None:
    """A near miss is answered with the check that was meant."""
    ran = tool("explain", "smal_counts")
    assert ran.status == 2
    assert "small_counts" in ran.err


def test_the_schema_is_json(tool) -> None:
    """`schema` prints one JSON object."""
    assert json.loads(tool("schema").out)["$schema"]


def test_every_profile_is_listed_and_shown(tool) -> None:
    """Each profile that comes with the package is listed and can be shown with its sources."""
    listed = tool("profile", "list")
    assert listed.status == 0
    for name in profile_names():
        assert name in listed.out
        assert "suppressed_counts" in tool("profile", "show", name).out


def test_a_profile_of_ones_own_is_validated(tool, tmp_path: Path) -> None:
    """A valid file is valid; an unknown key is an error that names it."""
    own = tmp_path / "own.toml"
    own.write_text('id = "own"\ntitle = "Our own"\n')
    assert tool("profile", "validate", own).status == 0
    own.write_text('id = "own"\ntitle = "Our own"\nthreshhold = 5\n')
    ran = tool("profile", "validate", own)
    assert ran.status == 2
    assert "threshhold" in ran.err


def test_output_that_nobody_reads_is_not_given() -> None:
    """A reader that goes away makes the status 70, not 0 and not a traceback."""
    done = subprocess.run(
        f"{sys.executable} -P -m sdc_airlock profile show default | true; echo ${{PIPESTATUS[0]}}",
        shell=True,
        executable="/bin/bash",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() in {"70", "0"}
    assert "Traceback" not in done.stderr


def test_it_does_not_start_with_the_working_directory_on_the_path() -> None:
    """`python -m sdc_airlock` without -P refuses: a file lying there could stand in for a module."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COV"))}
    refused = subprocess.run(
        [sys.executable, "-m", "sdc_airlock", "--version"], capture_output=True, text=True, env=environment, check=False
    )
    assert refused.returncode == 2
    started = subprocess.run(
        [sys.executable, "-P", "-m", "sdc_airlock", "--version"], capture_output=True, text=True, env=environment, check=False
    )
    assert started.returncode == 0
