"""One worker process as the parent sees it: started, fed, watched, ended."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, cast

from sdc_airlock.pipeline._confine import Plan
from sdc_airlock.pipeline.codec import encode
from sdc_airlock.pipeline.wire import Inbox, pack

# -I: no environment variables, no user packages, no working directory on the module path
WORKER = (sys.executable, "-I", "-m", "sdc_airlock.pipeline.worker")
_CHUNK = 1 << 20
_KEPT_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "SYSTEMROOT")
# where measurements of the tests are written; nothing else
_WRITABLE: tuple[str, ...] = ()


class Child:
    """A worker and the jobs that it has been handed. It locks itself in and imports what it needs while it waits to be set up.

    Args:
        staged: Folder of the copies that it may read.
        scratch: Folder that it may write in; it is gone when the worker is.
        threads: Threads that numerical libraries may use.
        command: What starts it.
        kernel: False leaves out the protections that need the kernel; for measurements only.

    Attributes:
        handed: Numbers of the jobs it holds, the one in its hands first.
        since: When the job in its hands was begun, or when the process was started (`time.monotonic`).
        ready: True once it has said that it is ready.
        started: True once it has said that it has begun the first of `handed`.
        served: Jobs done.
        resident: Bytes of memory it said it uses.
        open_files: Descriptors it said are open; a library may forget to close its own.
    """

    def __init__(self, *, staged: str, scratch: str, threads: int, command: Sequence[str] = WORKER, kernel: bool = True) -> None:
        environment = {name: os.environ[name] for name in _KEPT_ENVIRONMENT if name in os.environ}
        environment |= {"LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": scratch, "TMPDIR": scratch}
        environment |= {"OMP_NUM_THREADS": str(threads), "OPENBLAS_NUM_THREADS": str(threads)}
        # of Arrow's allocators the one that gives memory back to the system least eagerly: clearing it anew took a tenth of the time of long tables
        environment |= {"ARROW_DEFAULT_MEMORY_POOL": "jemalloc"}
        # the words of a worker's libraries may hold values of the file, so nobody hears them
        self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module, no shell
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            bufsize=0,
            env=environment,
            cwd=scratch,
            process_group=0,
        )
        self._inbox = Inbox()
        self._scratch = scratch
        self.handed: deque[int] = deque()
        self.since = time.monotonic()
        self.ready = False
        self.started = False
        self.served = 0
        self.resident = 0
        self.open_files = 0
        plan = Plan(parent=os.getpid(), staged=staged, scratch=scratch, writable=_WRITABLE, environment=tuple(environment), kernel=kernel)
        self._send(encode(plan, Plan))

    def fileno(self) -> int:
        """The descriptor that its messages come from."""
        return cast("IO[bytes]", self._process.stdout).fileno()

    def set_up(self, setup: Mapping[str, Any]) -> None:
        """Tell it what every output is judged with, before its first job."""
        self._send(setup)

    def hand(self, number: int, job: Mapping[str, Any]) -> None:
        """Give it a job, to be done after those it holds."""
        if not self.handed:
            self.since = time.monotonic()
        self.handed.append(number)
        self._send({"seq": number, **job})

    def _send(self, message: Mapping[str, Any]) -> None:
        data = memoryview(pack(message))
        # a dead process is noticed when its messages end
        with contextlib.suppress(BrokenPipeError):
            while data:
                data = data[cast("IO[bytes]", self._process.stdin).write(data) :]

    def messages(self) -> Iterator[Any] | None:
        """Messages that have come; None where there will be no more.

        Raises:
            WireError: what came is no message.
        """
        data = os.read(self.fileno(), _CHUNK)
        return self._inbox.feed(data) if data else None

    def done(self, number: int) -> None:
        """Take the first job off its hands."""
        if not self.handed or self.handed[0] != number:
            raise ValueError("an answer to a job that is not in its hands")
        self.handed.popleft()
        self.started = False
        self.since = time.monotonic()
        self.served += 1

    def end(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self.epitaph()

    def retire(self) -> None:
        """End the process, which is not needed any more."""
        self._process.terminate()
        self.epitaph()

    def epitaph(self) -> str:
        """Wait for a process whose messages have ended, and say how it ended."""
        try:
            status = self._process.wait(timeout=1)
        except subprocess.TimeoutExpired:
            self._process.kill()
            status = self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):
                    stream.close()
        shutil.rmtree(self._scratch, ignore_errors=True)
        if status < 0:
            return f"signal {-status}, {signal.Signals(-status).name}" if -status in signal.valid_signals() else f"signal {-status}"
        return f"exit status {status}"
