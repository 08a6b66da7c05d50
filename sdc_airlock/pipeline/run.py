"""Requests from paths to results: the order of the rooms, seen from above."""

from __future__ import annotations

import hashlib
import os
import secrets
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sdc_airlock import __version__
from sdc_airlock.checks import checks
from sdc_airlock.errors import WithdrawnListError
from sdc_airlock.intake import take_in
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun, RunStatus
from sdc_airlock.model.decision import Decision
from sdc_airlock.model.mending import Mended, Wanted
from sdc_airlock.model.output import OutputFile, OutputRequest
from sdc_airlock.model.sandbox import Sandbox
from sdc_airlock.pipeline.bounds import compared, within_bounds
from sdc_airlock.pipeline.earlier import EarlierReport, not_there, places_of, report_in
from sdc_airlock.pipeline.failed import failed
from sdc_airlock.pipeline.pool import NoWorkers, Pool
from sdc_airlock.pipeline.staging import staging_folder
from sdc_airlock.policy import Profile, decide, decide_request, load_profile
from sdc_airlock.reports import RequestResult

if TYPE_CHECKING:
    from sdc_airlock.pipeline.withdrawn import WithdrawnList

Progress = Callable[[int], None]
Keep = Callable[[OutputFile], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A request as it was asked for: where its outputs lie and what was said of them.

    Attributes:
        request_id: Where none is given, one is made of the paths and digests of the outputs: the same outputs, the same id.
        withdrawn: The list of withdrawn participants that the request came with; whoever makes the judge hands it on.
        earlier: Where files of earlier releases of the project lie; they are read to be compared with, and are no outputs.
    """

    paths: tuple[str, ...]
    request_id: str = ""
    requester: str | None = None
    project: str | None = None
    statement: str = ""
    withdrawn: WithdrawnList | None = None
    earlier: tuple[str, ...] = ()


class Judge:
    """Judges requests under one profile, with one set of workers for all of them."""

    def __init__(self, profile: Profile, pool: Pool) -> None:
        self.profile = profile
        self._pool = pool
        self._earlier: tuple[tuple[str, ...], tuple[Assessment, ...], tuple[EarlierReport, ...]] = (), (), ()

    def judge(self, asked: Asked, progress: Progress | None = None, keep: Keep | None = None) -> RequestResult:
        """Take in, judge and decide one request; every file found is in the result once.

        Args:
            asked: The request.
            progress: Told the number of outputs judged so far.
            keep: Told of each output that was judged while its staged copy is still there; not of one whose copy has changed.
        """
        started, began = datetime.now(UTC), time.monotonic()
        files: list[OutputFile] = []
        found: dict[int, tuple[Assessment, bool]] = {}
        for number, assessment, same_bytes in self._assessed(asked.paths, files):
            found[number] = assessment, same_bytes
            if keep is not None and same_bytes:
                keep(files[number])
            if progress is not None:
                progress(len(found))
        for number, file in enumerate(files):
            if number not in found:
                found[number] = failed(file, "the processes that read files could not be started, or died"), False
        assessments = tuple(found[number][0] for number in range(len(files)))
        sandbox = self._pool.sandbox
        lacking = (sandbox or Sandbox()).lacks(self.profile.value("sandbox.required"))
        decisions = tuple(
            decide(each, self.profile, same_bytes=found[number][1], lacking=lacking) for number, each in enumerate(assessments)
        )
        runs = self._request_runs(assessments, asked)
        whole = decide_request(decisions, runs, self.profile)
        return self._result(asked, files, assessments, decisions, runs, whole, started, began)

    def _assessed(
        self, paths: Iterable[str], files: list[OutputFile], wanted: Callable[[OutputFile], bool] | None = None
    ) -> Iterator[tuple[int, Assessment, bool]]:
        """Number, assessment and whether the staged bytes stayed as they were; staged copies go as soon as they are done with.

        `wanted` says of which files so much is asked; the others are in `files` neither.
        """
        marks: list[tuple[int, ...] | None] = []
        numbers: dict[int, int] = {}

        def incoming() -> Iterator[OutputFile]:
            staging = self._pool.staged / secrets.token_hex(4)
            staging.mkdir(mode=0o700)
            for file in take_in([Path(path) for path in paths], staging, self.profile.limits):
                if wanted is not None and not wanted(file):
                    _discard(file)
                    continue
                numbers[id(file)] = len(files)
                files.append(file)
                marks.append(_mark(file))
                yield file

        # without workers the files that intake has found are still listed, each with a gap
        taken = incoming()
        try:
            for file, assessment in self._pool.assess(taken):
                number = numbers[id(file)]
                yield number, assessment, _same_bytes(file, marks[number])
                _discard(file)
        except NoWorkers:
            for file in taken:
                _discard(file)

    def mend(self, path: str, wanted: Wanted) -> Mended:
        """Have a safe copy of one file made, in a worker; nothing is written."""
        staging = self._pool.staged / secrets.token_hex(4)
        staging.mkdir(mode=0o700)
        file = next(iter(take_in([Path(path)], staging, self.profile.limits)))
        try:
            return self._pool.mend(file, wanted)
        finally:
            _discard(file)

    def judge_copy(self, data: bytes, name: str) -> RequestResult:
        """Judge bytes that are not written anywhere yet, under the name that they would have."""
        folder = self._pool.staged / secrets.token_hex(4)
        folder.mkdir(mode=0o700)
        path = folder / name
        try:
            path.write_bytes(data)
            return self.judge(Asked(paths=(os.fspath(path),)))
        finally:
            with suppress(OSError):
                path.unlink()

    def _earlier_files(self, asked: Asked, assessments: Sequence[Assessment]) -> tuple[Assessment, ...]:
        """What files of earlier releases published; a file that could not be read is listed with its gap. The last answer is kept.

        Reports among them stand for the files that they name, which are looked for in the same folders, beside the report and in the request.
        """
        if self._earlier[0] != asked.earlier:
            reports: list[EarlierReport] = []
            read = self._read_earlier(asked.earlier, reports)
            read += self._named_by(reports, asked.earlier, {each.file_id for each in read})
            self._earlier = asked.earlier, compared(read, self.profile.limits), tuple(reports)
        _, known, told = self._earlier
        if not told:
            return compared(known, self.profile.limits)
        here = {each.file_id: each for each in assessments if each.complete}
        found = {each.file_id for each in known} | here.keys()
        more = self._named_by(told, asked.paths, found)
        found |= {each.file_id for each in more}
        again = [here[digest] for digest in dict.fromkeys(left.file_id for report in told for left in report.outputs) if digest in here]
        missing = [(report, sum(left.file_id not in found for left in report.outputs) + report.unnamed) for report in told]
        gaps = [not_there(report, count) for report, count in missing if count]
        return compared([*known, *again, *more, *gaps], self.profile.limits)

    def _read_earlier(self, paths: Iterable[str], reports: list[EarlierReport], wanted: frozenset[str] | None = None) -> list[Assessment]:
        """What files published; reports among them are put into `reports` instead, and of others only those of the wanted digests are read."""

        def read_it(file: OutputFile) -> bool:
            if wanted is not None:
                return file.file_id in wanted
            if (report := report_in(file)) is not None:
                reports.append(report)
            return report is None

        files: list[OutputFile] = []
        found = {number: assessment for number, assessment, _ in self._assessed(paths, files, read_it)}
        return [found.get(number) or failed(file, "it could not be read") for number, file in enumerate(files)]

    def _named_by(self, reports: Sequence[EarlierReport], folders: Sequence[str], known: Collection[str]) -> list[Assessment]:
        """Files that reports name and that lie in some folders, as their digests prove."""
        lacking = [(left, report) for report in reports for left in report.outputs if left.file_id not in known]
        places = dict.fromkeys(place for left, report in lacking for place in places_of(left, report, folders))
        if not places:
            return []
        read = self._read_earlier(places, [], frozenset(left.file_id for left, _ in lacking))
        return list({each.file_id: each for each in read}.values())

    def _request_runs(self, assessments: Sequence[Assessment], asked: Asked) -> tuple[CheckRun, ...]:
        """Runs of the checks that look at the request as a whole; where they cannot run, runs that failed."""
        if not assessments:
            return ()
        try:
            told = within_bounds(assessments, self.profile.limits)
            return self._pool.check_request(told, asked.statement, self._earlier_files(asked, assessments))
        except NoWorkers as error:
            return tuple(
                CheckRun(check_id=each.id, check_version=each.version, status=RunStatus.FAILED, error=str(error))
                for each in checks().values()
                if each.on_request is not None
            )

    def _result(  # noqa: PLR0917 - one argument for each step that came before
        self,
        asked: Asked,
        files: Sequence[OutputFile],
        assessments: tuple[Assessment, ...],
        decisions: tuple[Decision, ...],
        runs: Sequence[CheckRun],
        whole: Decision,
        started: datetime,
        began: float,
    ) -> RequestResult:
        request = OutputRequest(
            request_id=asked.request_id or _fingerprint(files),
            files=tuple(files),
            requester=asked.requester,
            project=asked.project,
            statement=asked.statement,
        )
        return RequestResult(
            request=request,
            assessments=assessments,
            decisions=decisions,
            outcome=whole.outcome,
            risk=whole.risk,
            confidence=whole.confidence,
            profile_id=self.profile.id,
            profile_sha256=self.profile.sha256,
            profile_title=self.profile.title,
            started_at=started,
            elapsed_ms=round((time.monotonic() - began) * 1000),
            tool_version=__version__,
            request_findings=tuple(finding for run in runs for finding in run.findings),
            reasons=whole.reasons,
            profile_notes=_notes(self.profile),
            sandbox=self._pool.sandbox,
        )


@contextmanager
def judge_with(
    profile: str | Profile = "default",
    *,
    workers: int | None = None,
    withdrawn: WithdrawnList | None = None,
    kernel: bool = True,
) -> Iterator[Judge]:
    """A judge with its workers and its private folder; both are gone afterwards.

    Args:
        profile: A profile, the name of one, or the path of a TOML file.
        workers: Most worker processes at a time; as many as there are processor cores where not given.
        withdrawn: Participants whose data may not leave; none are looked for where not given.
        kernel: False leaves out the protections that need the kernel; for measurements only.

    Raises:
        PolicyError: the profile cannot be trusted.
        WithdrawnListError: the list cannot be read, or the profile asks for one and there is none.
    """
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    with staging_folder() as folder, Pool(folder=folder, size=workers or cores, cores=cores, kernel=kernel) as pool:
        rules = profile if isinstance(profile, Profile) else load_profile(profile)
        if withdrawn is None and rules.value("withdrawn_list") == "required":
            raise WithdrawnListError("the profile asks for a list of withdrawn participants, and none was given; nothing was checked")
        prepared = _prepared(withdrawn, pool.staged)
        pool.set_up(rules.limits, {rule: each.value for rule, each in rules.rules.items()}, prepared)
        yield Judge(rules, pool)


def _prepared(withdrawn: WithdrawnList | None, folder: Path) -> Mapping[str, Any] | None:
    """The list as workers look it up; what makes it is imported only where there is one."""
    if withdrawn is None:
        return None
    from sdc_airlock.pipeline.withdrawn import prepare

    return prepare(withdrawn, folder)


def scan(
    paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]], profile: str | Profile = "default", *, workers: int | None = None
) -> RequestResult:
    """Judge files and folders as one request.

    Raises:
        PolicyError: the profile cannot be trusted.
    """
    given = (paths,) if isinstance(paths, str | os.PathLike) else tuple(paths)
    with judge_with(profile, workers=workers) as judge:
        return judge.judge(Asked(paths=tuple(os.fspath(path) for path in given)))


def _fingerprint(files: Iterable[OutputFile]) -> str:
    """A short name for a set of outputs, in which another path or another byte would give another name."""
    listed = "\n".join(f"{file.file_id} {file.path}" for file in files)
    return hashlib.sha256(listed.encode()).hexdigest()[:12]


def _mark(file: OutputFile) -> tuple[int, ...] | None:
    """What of a staged copy cannot stay the same when its bytes change."""
    if not file.staged_path:
        return None
    state = os.stat(file.staged_path)  # noqa: PTH116
    return state.st_ino, state.st_size, state.st_mtime_ns, state.st_ctime_ns


def _same_bytes(file: OutputFile, mark: tuple[int, ...] | None) -> bool:
    """True where the staged copy still is what was hashed; it is hashed again when anything about it has changed."""
    if mark is None:
        return False
    with suppress(OSError):
        if _mark(file) == mark:
            return True
        with open(file.staged_path, "rb") as stream:  # noqa: PTH123
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.file_id
    return False


def _discard(file: OutputFile) -> None:
    if file.staged_path:
        with suppress(OSError):
            os.unlink(file.staged_path)  # noqa: PTH108


def _notes(profile: Profile) -> tuple[str, ...]:
    unverified = sum(not value.verified for value in profile.rules.values())
    if not unverified:
        return ()
    return (f"{unverified} value{'s' if unverified > 1 else ''} of this profile could not be verified; those of default hold instead",)
