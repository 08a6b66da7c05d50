"""The locks one by one, each in a process of its own that is thrown away."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.model.sandbox import Protection, Sandbox
from sdc_airlock.pipeline import _landlock
from sdc_airlock.pipeline._kernel import machine

needs_landlock = pytest.mark.skipif(not _landlock.version(), reason="this kernel has no Landlock")
needs_numbers = pytest.mark.skipif(not machine(), reason="the numbers of system calls of this machine are not known")


def inside(code: str, *arguments: object) -> Any:
    """What a short program prints as JSON, run in a process of its own."""
    command = [sys.executable, "-I", "-c", f"import json, os, sys\n{code}", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, process_group=0)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


LOCK = """
from sdc_airlock.pipeline._confine import Plan, lock
held = lock(Plan(parent=os.getppid(), staged=sys.argv[1], scratch=sys.argv[2], environment=tuple(os.environ), kernel=sys.argv[3] == "1"))
print(json.dumps(held))
"""


@pytest.fixture
def folders(tmp_path: Path) -> tuple[Path, Path]:
    """A folder of copies and a scratch folder."""
    staged, scratch = tmp_path / "staged", tmp_path / "scratch"
    staged.mkdir()
    scratch.mkdir()
    return staged, scratch


def test_what_needs_no_kernel_is_always_there(folders: tuple[Path, Path]) -> None:
    """Without the means of the kernel, a process of its own in a clean environment is left."""
    held = inside(LOCK, *folders, 0)
    assert held[:2] == [Protection.SEPARATE_PROCESS, Protection.CLEAN_ENVIRONMENT]
    assert not {Protection.SECCOMP, Protection.LANDLOCK_FILES, Protection.NAMESPACES} & set(held)


@needs_numbers
def test_a_lock_that_cannot_be_set_is_not_claimed(folders: tuple[Path, Path]) -> None:
    """With a second thread running, what holds for one thread alone is neither set nor claimed."""
    second = "import threading, time\nthreading.Thread(target=time.sleep, args=(5,), daemon=True).start()\n"
    held = inside(second + LOCK + "sys.stdout.flush(); os._exit(0)", *folders, 1)
    assert not {Protection.LANDLOCK_FILES, Protection.LANDLOCK_NETWORK, Protection.NAMESPACES} & set(held)


PROOFS = """
from pathlib import Path
from sdc_airlock.pipeline import _proofs
staged, scratch = Path(sys.argv[1]), Path(sys.argv[2])
tried = {
    "separate": _proofs.separate_process(1),
    "environment": _proofs.clean_environment(()),
    "files": _proofs.files_closed(staged, scratch),
    "tcp": _proofs.tcp_closed(),
    "calls": _proofs.calls_refused(),
    "signals": _proofs.signals_closed(),
    "limits": _proofs.limited(scratch, address_bytes=1 << 20, file_bytes=10, open_files=1000),
    "privileges": _proofs.no_new_privileges(),
}
print(json.dumps([name for name, held in tried.items() if held]))
"""


@needs_numbers
def test_proofs_fail_where_nothing_protects(folders: tuple[Path, Path]) -> None:
    """A process without any lock proves none: the attempts would have succeeded."""
    assert inside(PROOFS, *folders) == []


CLOSED = """
from sdc_airlock.pipeline import _landlock
version = _landlock.restrict([sys.argv[1], "/not/there"], [sys.argv[2]])
def tries(act):
    try:
        act()
        return "done"
    except OSError as error:
        return type(error).__name__
print(json.dumps([
    version,
    tries(lambda: open(sys.argv[1] + "/a").read()),
    tries(lambda: open(sys.argv[1] + "/a", "w")),
    tries(lambda: open(sys.argv[2] + "/b", "w").close()),
    tries(lambda: os.mkdir(sys.argv[2] + "/c")),
    tries(lambda: os.rename(sys.argv[2] + "/b", sys.argv[2] + "/c/b")),
    tries(lambda: os.symlink("/", sys.argv[2] + "/link")),
    tries(lambda: os.mkfifo(sys.argv[2] + "/pipe")),
    tries(lambda: open("/etc/passwd")),
]))
"""


@needs_landlock
def test_landlock_opens_what_it_was_told(folders: tuple[Path, Path]) -> None:
    """Copies are read, the scratch folder is written with plain files and folders, and nothing else is opened."""
    staged, scratch = folders
    (staged / "a").write_text("1")
    version, *came = inside(CLOSED, staged, scratch)
    moved = "done" if version >= 2 else "OSError"
    denied = "PermissionError"
    assert came == ["done", denied, "done", "done", moved, denied, denied, denied]


def test_missing_is_what_was_not_shown() -> None:
    """A sandbox knows what it lacks, in the order of the list."""
    sandbox = Sandbox(protections=(Protection.SECCOMP, Protection.RESOURCE_LIMITS))
    assert set(sandbox.protections) | set(sandbox.missing) == set(Protection)
    assert sandbox.lacks(["seccomp", "landlock_files"]) == (Protection.LANDLOCK_FILES,)
