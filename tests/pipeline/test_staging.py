"""The private folder for staged copies."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from sdc_airlock.pipeline.staging import staging_folder


@pytest.fixture(autouse=True)
def _own_temporary_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))


def test_only_this_user_may_enter() -> None:
    """The folder has mode 0700 while it lasts."""
    with staging_folder() as folder:
        assert folder.stat().st_mode & 0o777 == 0o700


def test_it_is_gone_afterwards(tmp_path: Path) -> None:
    """Nothing is left, read-only copies neither."""
    with staging_folder() as folder:
        (folder / "copy").write_bytes(b"1")
        (folder / "copy").chmod(0o400)
    assert list(tmp_path.iterdir()) == []


def test_it_is_gone_after_an_error(tmp_path: Path) -> None:
    """Nothing is left when the work inside breaks off."""

    def break_off() -> None:
        with staging_folder():
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        break_off()
    assert list(tmp_path.iterdir()) == []


def test_the_folder_of_a_killed_process_is_swept(tmp_path: Path) -> None:
    """What a process left that was killed is removed by the next, while folders in use stay."""
    code = (
        "import os, tempfile; from sdc_airlock.pipeline.staging import staging_folder\n"
        f"tempfile.tempdir = {str(tmp_path)!r}\n"
        "with staging_folder() as folder: os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code], check=False)
    assert len(list(tmp_path.iterdir())) == 1
    with staging_folder() as first, staging_folder() as second:
        assert sorted(tmp_path.iterdir()) == sorted([first, second])


def test_a_link_with_the_name_of_a_staging_folder_is_left_alone(tmp_path: Path) -> None:
    """The sweep never follows a link."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "lock").write_bytes(b"")
    (tmp_path / "sdc-airlock-link").symlink_to(elsewhere)
    with staging_folder():
        pass
    assert elsewhere.exists()
