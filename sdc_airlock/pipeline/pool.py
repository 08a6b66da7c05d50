"""The parent's side: hand jobs to workers, watch the clock, replace workers that die.

A worker that dies or hangs costs the one file in its hands. Files waiting behind it are handed to another worker.
"""

from __future__ import annotations

import selectors
import time
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from sdc_airlock.errors import AirlockError
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun
from sdc_airlock.model.mending import Mended, Method, Wanted
from sdc_airlock.model.output import OutputFile
from sdc_airlock.model.sandbox import Protection, Sandbox
from sdc_airlock.pipeline._child import WORKER, Child
from sdc_airlock.pipeline.codec import CodecError, decode, encode, made_safe
from sdc_airlock.pipeline.failed import failed
from sdc_airlock.pipeline.wire import WireError

ADDRESS_BYTES = 4 << 30
_AHEAD = 3
_START_SECONDS = 60.0
_GRACE_SECONDS = 30.0
MOST_FILES = 5_000
MOST_RESIDENT_BYTES = 1 << 30
MOST_OPEN_FILES = 64
_MOST_FALSE_STARTS = 3
# from so many outputs on, what is read of all of them together is read by a worker beside the one with the request
_MANY_OUTPUTS = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    """A job that a worker could not finish, and why."""

    why: str


class NoWorkers(AirlockError):
    """Worker processes cannot be started here, so nothing can be judged."""


class _New:
    """Stands for a worker that has yet to be started."""


_NEW = _New()


class Pool:
    """Worker processes; use it as a context manager, so that none outlives it.

    The first worker starts at once, so that it is ready by the time the profile is; `set_up` comes before any work.

    Args:
        folder: A private folder; workers may read in `staged` below it, and each may write in a folder of its own below `scratch`.
        size: Most workers at a time; beyond the first, no more are started than there is work for.
        cores: Processor cores that all of them share.
        command: What starts a worker.
        kernel: False leaves out the protections that need the kernel; for measurements only.
    """

    def __init__(self, *, folder: Path, size: int, cores: int, command: Sequence[str] = WORKER, kernel: bool = True) -> None:
        self._setup: dict[str, Any] = {"cores": cores, "address_bytes": ADDRESS_BYTES}
        self._seconds = 0.0
        self.staged = folder / "staged"
        self._scratch = folder / "scratch"
        for each in (self.staged, self._scratch):
            each.mkdir(mode=0o700)
        self._started = 0
        self._command = command
        self._kernel = kernel
        self._shown: frozenset[Protection] | None = None
        self._size = max(1, size)
        self._threads = max(1, cores // self._size)
        self._children: list[Child] = []
        self._selector = selectors.DefaultSelector()
        self._jobs: dict[int, Mapping[str, Any]] = {}
        self._numbers = 0
        self._false_starts = 0
        self._unused: Child | None = self._start()

    def _start(self) -> Child:
        self._started += 1
        scratch = self._scratch / str(self._started)
        scratch.mkdir(mode=0o700)
        return Child(staged=str(self.staged), scratch=str(scratch), threads=self._threads, command=self._command, kernel=self._kernel)

    @property
    def sandbox(self) -> Sandbox | None:
        """The protections of every worker that has been ready so far; None where none has been."""
        return None if self._shown is None else Sandbox(protections=tuple(each for each in Protection if each in self._shown))

    def set_up(self, limits: Limits, rules: Mapping[str, Any], withdrawn: Mapping[str, Any] | None = None) -> None:
        """Say what every output is judged with.

        Args:
            limits: The caps; `file_seconds` is what one output may take.
            rules: What the profile sets, by rule.
            withdrawn: The prepared list of withdrawn participants, if there is one.
        """
        self._setup |= {"limits": encode(limits, Limits), "rules": rules, "withdrawn": withdrawn}
        self._seconds = limits.file_seconds

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None) -> None:
        for child in list(self._children):
            self._remove(child)
            child.retire()
        if self._unused is not None:
            self._unused.retire()
        self._selector.close()

    def assess(self, files: Iterable[OutputFile]) -> Iterator[tuple[OutputFile, Assessment]]:
        """Judge files as they come; each comes out once, in the order in which they are done.

        Raises:
            NoWorkers: no worker process can be started.
        """
        waiting: dict[int, OutputFile] = {}

        def jobs() -> Iterator[tuple[int, Mapping[str, Any]]]:
            for file in files:
                self._numbers += 1
                waiting[self._numbers] = file
                yield self._numbers, {"file": encode(file, OutputFile)}

        for number, answer in self._serve(jobs()):
            file = waiting.pop(number)
            yield file, _assessment(file, answer)

    def check_request(self, assessments: Sequence[Assessment], statement: str, earlier: Sequence[Assessment] = ()) -> tuple[CheckRun, ...]:
        """Run the checks of a request as a whole.

        Args:
            assessments: Its outputs.
            statement: What the researcher says of them.
            earlier: Files of earlier releases, to be compared with.

        Raises:
            NoWorkers: they could not be run to their end.
        """
        jobs: list[dict[str, Any]] = [
            {
                "request": [encode(each, Assessment) for each in assessments],
                "statement": statement,
                "earlier": [encode(each, Assessment) for each in earlier],
                "apart": len(assessments) >= _MANY_OUTPUTS,
            }
        ]
        if len(assessments) >= _MANY_OUTPUTS:
            jobs.append({"together": [encode(_told(each), Assessment) for each in assessments]})
        numbers = range(self._numbers + 1, self._numbers + 1 + len(jobs))
        self._numbers += len(jobs)
        answers = sorted(self._serve(zip(numbers, jobs, strict=True)))
        return tuple(run for _, answer in answers for run in _runs(answer))

    def mend(self, file: OutputFile, wanted: Wanted) -> Mended:
        """Have a safe copy of a file planned and made; it is only bytes until it has been judged.

        Raises:
            NoWorkers: no worker process can be started.
        """
        self._numbers += 1
        job = {"mend": encode(file, OutputFile), "wanted": encode(wanted, Wanted)}
        (_, answer), *_ = self._serve(iter([(self._numbers, job)]))
        why = answer.why if isinstance(answer, Trouble) else "the reading process gave an answer that could not be understood"
        try:
            return decode(made_safe(answer["mended"]), Mended)
        except (CodecError, KeyError, TypeError):
            return Mended(method=wanted.method or Method.SUPPRESS, refusal=why)

    def _serve(self, jobs: Iterator[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, Any]]:
        """Answers, or the trouble in their stead, by number of job; whoever stops listening leaves no job behind for the next one to wait for."""
        try:
            yield from self._answers(jobs)
        finally:
            self._jobs.clear()
            for child in [each for each in self._children if each.handed]:
                self._remove(child)
                child.end()

    def _answers(self, jobs: Iterator[tuple[int, Mapping[str, Any]]]) -> Iterator[tuple[int, Any]]:
        again: deque[int] = deque()
        more = True
        while True:
            while more or again:
                child = self._free_child()
                if child is None:
                    break
                if again:
                    number = again.popleft()
                elif (job := next(jobs, None)) is not None:
                    number = job[0]
                    self._jobs[number] = job[1]
                else:
                    more = False
                    break
                self._hand(child, number)
            if not self._jobs:
                return
            yield from self._hear(again)
            yield from self._end_late(again)

    def _free_child(self) -> Child | _New | None:
        """The worker for the next job: an idle one, else a new one, else one with room for a job ahead; none that is spent."""
        fresh = [child for child in self._children if not _spent(child)]
        child = min(fresh, key=lambda each: len(each.handed), default=None)
        if child is not None and not child.handed:
            return child
        if len(self._children) < self._size:
            return _NEW
        return child if child is not None and len(child.handed) < _AHEAD else None

    def _hand(self, child: Child | _New, number: int) -> None:
        if isinstance(child, _New):
            child, self._unused = self._unused or self._start(), None
            child.set_up(self._setup)
            self._children.append(child)
            self._selector.register(child, selectors.EVENT_READ)
        child.hand(number, self._jobs[number])

    def _hear(self, again: deque[int]) -> Iterator[tuple[int, Any]]:
        """Take in what workers say until there is something, or a clock runs out."""
        now = time.monotonic()
        wait = min((self._deadline(child) - now for child in self._children if child.handed), default=0.0)
        for key, _ in self._selector.select(max(wait, 0.0)):
            child = key.fileobj
            assert isinstance(child, Child)  # noqa: S101 - for the type checker; only these are registered
            try:
                messages = child.messages()
                if messages is None:
                    yield from self._bury(child, again, self._cause(child.epitaph()))
                    continue
                for message in messages:
                    yield from self._take(child, message)
            except (WireError, ValueError, KeyError, TypeError):
                child.end()
                yield from self._bury(child, again, "the reading process gave an answer that could not be understood")
                continue
            if not child.handed and _spent(child):
                self._remove(child)
                child.retire()

    def _cause(self, epitaph: str) -> str:
        """Why a worker died, as far as the way it ended tells; the system ends one that has used its processor time."""
        if "SIGXCPU" in epitaph:
            return f"timed out (processor time: limit {self._seconds * self._setup['cores']:g} seconds, file_seconds for each core)"
        return f"the reading process died ({epitaph})"

    def _take(self, child: Child, message: Mapping[str, Any]) -> Iterator[tuple[int, Any]]:
        if message.get("ready"):
            child.ready, child.since = True, time.monotonic()
            shown = frozenset(Protection(each) for each in message.get("protections", ()))
            self._shown = shown if self._shown is None else self._shown & shown
        elif message.get("started"):
            child.started, child.since = bool(child.handed), time.monotonic()
            self._false_starts = 0
        else:
            number, resident, open_files = message["seq"], int(message["resident"]), int(message.get("open_files", 0))
            child.done(number)
            child.resident, child.open_files = resident, open_files
            del self._jobs[number]
            yield number, message

    def _deadline(self, child: Child) -> float:
        return child.since + (self._seconds + _GRACE_SECONDS if child.ready else _START_SECONDS)

    def _end_late(self, again: deque[int]) -> Iterator[tuple[int, Any]]:
        """End workers whose time is over."""
        now = time.monotonic()
        for child in [each for each in self._children if each.handed and self._deadline(each) < now]:
            child.end()
            yield from self._bury(child, again, f"timed out (file_seconds: limit {self._seconds:g} seconds)")

    def _bury(self, child: Child, again: deque[int], why: str) -> Iterator[tuple[int, Any]]:
        """Put a dead worker away: the job in its hands is lost, those behind it are handed on."""
        self._remove(child)
        lost = list(child.handed)
        again.extendleft(reversed(lost[1:] if child.started else lost))
        if child.started:
            del self._jobs[lost[0]]
            yield lost[0], Trouble(why=why)
        elif lost:
            self._false_starts += 1
            if self._false_starts >= _MOST_FALSE_STARTS:
                raise NoWorkers("the processes that read files cannot be started on this machine")

    def _remove(self, child: Child) -> None:
        self._selector.unregister(child)
        self._children.remove(child)


def _spent(child: Child) -> bool:
    """True for a worker that has served long enough: it does what it holds and is given no more."""
    return child.served >= MOST_FILES or child.resident > MOST_RESIDENT_BYTES or child.open_files > MOST_OPEN_FILES


def _told(assessment: Assessment) -> Assessment:
    """The name of an output and its lines, where it is small; nothing of what was found."""
    return Assessment(
        path=assessment.path,
        claimed_name=assessment.claimed_name,
        file_id=assessment.file_id,
        size_bytes=assessment.size_bytes,
        file_type=assessment.file_type,
        told=assessment.told,
    )


def _runs(answer: Any) -> tuple[CheckRun, ...]:
    """The runs that a worker tells of a request.

    Raises:
        NoWorkers: there are none, or they cannot be understood.
    """
    if isinstance(answer, Trouble):
        raise NoWorkers(f"the request as a whole could not be judged: {answer.why}")
    try:
        return tuple(decode(run, CheckRun) for run in made_safe(answer["runs"]))
    except (CodecError, KeyError, TypeError) as error:
        raise NoWorkers("the request as a whole could not be judged: the answer could not be understood") from error


def _assessment(file: OutputFile, answer: Any) -> Assessment:
    """What a worker said of a file, once it holds up; what intake knows of the file is not taken from the worker."""
    if isinstance(answer, Trouble):
        return failed(file, answer.why)
    try:
        found = decode(made_safe(answer["assessment"]), Assessment)
    except (CodecError, KeyError, TypeError):
        return failed(file, "the reading process gave an answer that could not be understood")
    return replace(found, path=file.path, claimed_name=file.claimed_name, file_id=file.file_id, size_bytes=file.size_bytes)
