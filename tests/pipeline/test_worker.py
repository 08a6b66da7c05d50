"""The worker process itself, started as the pool starts it."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sdc_airlock.limits import Limits
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.pipeline import _child
from sdc_airlock.pipeline._child import WORKER
from sdc_airlock.pipeline._confine import Plan
from sdc_airlock.pipeline.codec import encode
from sdc_airlock.pipeline.wire import pack, receive


@pytest.fixture
def worker(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A worker that is ready, with caps of its own."""
    process = subprocess.Popen(WORKER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, process_group=0)
    plan = Plan(parent=os.getpid(), staged=str(tmp_path), scratch=str(tmp_path), writable=_child._WRITABLE)
    process.stdin.write(pack(encode(plan, Plan)))
    process.stdin.write(pack({"limits": encode(Limits(), Limits), "rules": {}, "cores": 1, "address_bytes": 4 << 30}))
    process.stdin.flush()
    ready = receive(process.stdout)
    assert ready.pop("ready")
    assert Protection.RESOURCE_LIMITS in ready["protections"]
    yield process
    process.kill()
    process.wait()
    process.stdin.close()
    process.stdout.close()


def test_it_is_confined(worker: subprocess.Popen[bytes]) -> None:
    """Memory, files written, open files and core dumps are capped, and no privilege can be gained."""
    limits = Path(f"/proc/{worker.pid}/limits").read_text()
    caps = {line[:26].strip(): line[26:].split()[0] for line in limits.splitlines()[1:]}
    assert caps["Max address space"] == str(4 << 30)
    assert caps["Max core file size"] == "0"
    assert int(caps["Max open files"]) <= 128
    assert caps["Max file size"] == str(Limits().member_bytes)
    assert "NoNewPrivs:\t1" in Path(f"/proc/{worker.pid}/status").read_text()


def test_nobody_hears_its_libraries(worker: subprocess.Popen[bytes]) -> None:
    """Standard input, output and error lead nowhere once the pipes are put away."""
    links = {Path(f"/proc/{worker.pid}/fd/{number}").readlink().as_posix() for number in (0, 1, 2)}
    assert links == {"/dev/null"}


def test_it_ends_when_the_pipe_is_closed(worker: subprocess.Popen[bytes]) -> None:
    """A worker whose parent has gone does not stay."""
    worker.stdin.close()
    assert worker.wait(timeout=20) == 0


def test_it_outlives_an_interrupt(worker: subprocess.Popen[bytes]) -> None:
    """Ctrl-C is the parent's to handle: it ends its workers itself."""
    worker.send_signal(2)
    worker.stdin.write(pack({"seq": 1, "request": [], "statement": ""}))
    worker.stdin.flush()
    assert receive(worker.stdout) == {"seq": 1, "started": True}
