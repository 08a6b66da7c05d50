"""The sandbox, tried from inside by the real worker with a hostile reader."""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.output import OutputFile
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.pipeline import pool as pool_module
from sdc_airlock.pipeline.pool import Pool
from sdc_airlock.policy import load_profile

SCRIPT = Path(__file__).with_name("hostile_worker.py")
P = Protection
NETWORK = ["tcp", "tcp over ipv6", "udp", "unix socket", "netlink", "socketpair"]
PROCESSES = ["fork", "spawn", "run", "exec", "signal the parent", "signal everyone", "lower the parent", "limit the parent"]
OTHERS = ["new namespace", "outlive the parent", "make a device"]
OUTSIDE = ["write outside", "append outside", "read outside", "list outside", "read passwords", "read by way of a link", "list the root"]
OUTSIDE += ["read by way of the root of the process", "memory of the parent"]
COPY = ["overwrite the copy", "open the copy for writing", "remove the copy", "rename the copy", "link the copy"]


class Ground:
    """A pool of hostile workers, and what they may not touch."""

    def __init__(self, folder: Path) -> None:
        profile = load_profile("default")
        self.folder = folder
        (folder / "outside").mkdir()
        (folder / "outside" / "secret").write_bytes(b"secret")
        (folder / "pool").mkdir()
        self.pool = Pool(folder=folder / "pool", size=1, cores=1, command=(sys.executable, "-I", str(SCRIPT), str(folder)))
        self.pool.set_up(Limits(file_seconds=20), {rule: each.value for rule, each in profile.rules.items()})

    def tried(self, *acts: str) -> list[Assessment]:
        """What became of files that are named after what they try."""
        found = {file.claimed_name: assessment for file, assessment in self.pool.assess(self.copy(act) for act in acts)}
        return [found[act] for act in acts]

    def copy(self, act: str) -> OutputFile:
        """A staged file that is named after what it tries."""
        data = b"a,b\n1,2\n"
        path = self.pool.staged / hashlib.sha256(act.encode()).hexdigest()[:8]
        path.write_bytes(data)
        path.chmod(0o400)
        return OutputFile(path=act, claimed_name=act, file_id=hashlib.sha256(data).hexdigest(), size_bytes=len(data), staged_path=str(path))


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One pool for all."""
    ground = Ground(tmp_path_factory.mktemp("ground"))
    with ground.pool:
        yield ground


@pytest.fixture
def needs(ground: Ground) -> Callable[..., None]:
    """Skips where this machine does not give a protection."""

    def ask(*protections: Protection) -> None:
        ground.tried("read the copy")
        if lacking := ground.pool.sandbox.lacks(protections):
            pytest.skip(f"this machine does not give: {', '.join(lacking)}")

    return ask


def detail(assessment: Assessment) -> str:
    """What came of an attempt."""
    assert not assessment.failure
    (gap,) = assessment.unread
    return gap.detail


@pytest.mark.parametrize("act", [*NETWORK, *PROCESSES, *OTHERS])
def test_calls_are_refused(ground: Ground, needs, act: str) -> None:
    """No socket of any kind, no process, no program and no word to other processes, whatever a reader tries."""
    needs(P.SECCOMP)
    assert detail(*ground.tried(act)) == "refused EPERM"


@pytest.mark.parametrize("act", OUTSIDE)
def test_files_outside_stay_closed(ground: Ground, needs, act: str) -> None:
    """Nothing outside the copies and the scratch folder can be read, listed or written, by whatever way."""
    needs(P.LANDLOCK_FILES)
    assert detail(*ground.tried(act)) in {"refused EACCES", "refused EPERM"}
    assert sorted(path.name for path in (ground.folder / "outside").iterdir()) == ["secret"]
    assert (ground.folder / "outside" / "secret").read_bytes() == b"secret"


@pytest.mark.parametrize("act", COPY)
def test_copies_stay_as_they_are(ground: Ground, needs, act: str) -> None:
    """A copy can be read and neither changed, moved nor removed."""
    needs(P.LANDLOCK_FILES, P.SECCOMP)
    assert detail(*ground.tried(act)) in {"refused EACCES", "refused EPERM", "refused EXDEV"}
    assert (ground.pool.staged / hashlib.sha256(act.encode()).hexdigest()[:8]).read_bytes() == b"a,b\n1,2\n"


@pytest.mark.parametrize(("act", "error"), [("large file", "EFBIG"), ("many files", "EMFILE")])
def test_limits_of_the_system_hold(ground: Ground, act: str, error: str) -> None:
    """A file that grows without end and files without number are refused."""
    assert detail(*ground.tried(act)) in {f"refused {error}", "refused EPERM"}


def test_memory_has_a_limit_with_a_name(ground: Ground) -> None:
    """More memory than a worker has is a gap that names the limit and its value."""
    (gap,) = ground.tried("much memory")[0].unread
    assert (gap.limit_name, gap.limit) == ("memory", float(pool_module.ADDRESS_BYTES))


@pytest.mark.parametrize("act", ["threads", "libraries", "write in the scratch folder", "read the copy"])
def test_readers_can_still_work(ground: Ground, act: str) -> None:
    """Threads, libraries that are imported late, temporary files and the copy itself are there."""
    assert detail(*ground.tried(act)) == "done"


def test_calls_of_another_machine_end_the_process(ground: Ground, needs) -> None:
    """A call whose number means something else in another manner of calling kills the worker and costs its file."""
    needs(P.SECCOMP)
    if os.uname().machine != "x86_64":
        pytest.skip("only x86_64 has a second manner of calling with the same name of machine")
    foreign, behind = ground.tried("foreign call", "read the copy")
    assert foreign.failure == "the reading process died (signal 31, SIGSYS)"
    assert detail(behind) == "done"


def test_a_worker_that_cannot_be_stopped_from_inside_is_ended(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    """A reader that swallows its deadline is killed by the parent; the files behind it are read by another worker."""
    monkeypatch.setattr(pool_module, "_GRACE_SECONDS", 0.5)
    monkeypatch.setattr(ground.pool, "_seconds", 4.0)
    stuck, *behind = ground.tried("endless", "read the copy", "write in the scratch folder")
    assert stuck.failure == "timed out (file_seconds: limit 4 seconds)"
    assert [detail(each) for each in behind] == ["done", "done"]
