"""A batch: which requests it holds, and a report for each as soon as it is decided."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from sdc_airlock import __version__
from sdc_airlock.checks import checks
from sdc_airlock.cli.viewer import judged
from sdc_airlock.errors import AirlockError, UsageError
from sdc_airlock.hook import MAX_QUESTION_BYTES, asked_of
from sdc_airlock.pipeline.run import Asked, Judge
from sdc_airlock.pipeline.status import Status, gravest, status_of
from sdc_airlock.policy import Profile
from sdc_airlock.reports import RequestResult, html_report, index_report, json_report
from sdc_airlock.reports.index_report import Batch, IndexEntry
from sdc_airlock.reports.notes import notes_of
from sdc_airlock.reports.safe import shown
from sdc_airlock.reports.writing import write_report

Request = tuple[str, Asked]
_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80


def requests_in(folders: Sequence[Path]) -> list[Request]:
    """The requests of a batch, each with a name for its reports that is plain, short and used once.

    Each sub-folder of a folder is a request; what lies in the folder itself, links among it, is one more. A file that is
    named is a manifest in the form that the hook takes, its paths counted from where it lies.

    Raises:
        UsageError: a folder is missing, or a manifest is wrong.
    """
    found = [asked for folder in folders for asked in _requests_of(folder)]
    names = _names(asked.request_id for asked in found)
    return list(zip(names, found, strict=True))


def _requests_of(folder: Path) -> Iterator[Asked]:
    place = shown(os.fspath(folder))
    if not os.path.lexists(folder):
        raise UsageError(f"{place}: there is no such folder; nothing was checked")
    if folder.is_symlink():
        raise UsageError(f"{place}: it is a link, which is not followed; nothing was checked")
    if folder.is_file():
        yield _manifest(folder, place)
        return
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    loose = [entry.path for entry in entries if not entry.is_dir(follow_symlinks=False)]
    if loose:
        yield Asked(paths=tuple(loose), request_id=shown(folder.resolve().name))
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield Asked(paths=(entry.path,), request_id=shown(entry.name))


def _manifest(path: Path, place: str) -> Asked:
    with path.open("rb") as stream:
        text = stream.read(MAX_QUESTION_BYTES + 1)
    try:
        asked, profile = asked_of(text)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from error
    if profile != "default":
        raise UsageError(f"{place}: a batch is judged by one profile; give it with --profile")
    if asked.withdrawn is not None:
        raise UsageError(f"{place}: a batch is judged with one list of withdrawn participants; give it with --withdrawn")
    return Asked(
        paths=tuple(os.fspath(path.parent / each) for each in asked.paths),
        request_id=asked.request_id or shown(path.stem),
        requester=asked.requester,
        project=asked.project,
        statement=asked.statement,
        earlier=tuple(os.fspath(path.parent / each) for each in asked.earlier),
    )


def _names(request_ids: Iterable[str]) -> Iterator[str]:
    """A folder name for each request: what stands in a request id is a claim."""
    used: set[str] = set()
    for request_id in request_ids:
        plain = _PLAIN.sub("-", request_id).strip("-.")[:_LONGEST_NAME] or "request"
        name, number = plain, 1
        while name.lower() in used:
            number += 1
            name = f"{plain}-{number}"
        used.add(name.lower())
        yield name


def refuse_reports_among_outputs(out: Path, folders: Iterable[Path]) -> None:
    """Reports do not go where the next batch would take them for outputs.

    Raises:
        UsageError: the folder for reports lies in one that is scanned.
    """
    target = out.resolve()
    for folder in folders:
        scanned = folder.resolve()
        if folder.is_dir() and (target == scanned or scanned in target.parents):
            raise UsageError(f"--out {shown(os.fspath(out))}: it lies in a folder that is scanned; choose another")


class BatchRun:
    """Requests judged one after the other; what has been decided is on disk, whatever becomes of the rest.

    Args:
        out: Folder for the reports; None where only the index is wanted.
        acro: Folder for a session of each request that SACRO-Viewer opens; None where none is wanted.
    """

    def __init__(self, out: Path | None, acro: Path | None = None) -> None:
        self._out, self._acro = out, acro
        self._entries: list[IndexEntry] = []
        self._statuses: list[Status] = []
        self._profile: Profile | None = None
        self._started, self._began = datetime.now(UTC), time.monotonic()
        self._broken_off = True

    def judge_all(self, judge: Judge, requests: Sequence[Request], advance: Callable[[int], None]) -> None:
        """Judge the requests; the index is written even where this is broken off.

        Raises:
            OSError: a report cannot be written.
        """
        self._profile = judge.profile
        if self._acro is not None:
            self._acro.mkdir(exist_ok=True)
        try:
            judged = 0
            for name, asked in requests:
                judged += self._judge(judge, name, asked, partial(_further, advance, judged))
            self._broken_off = False
        finally:
            if self._out is not None:
                self._out.mkdir(parents=True, exist_ok=True)
                write_report(self._out / "index.json", index_report.render_json(self.batch))
                write_report(self._out / "index.html", index_report.render_html(self.batch))

    def _judge(self, judge: Judge, name: str, asked: Asked, advance: Callable[[int], None]) -> int:
        """One request; gives the number of its outputs."""
        try:
            result = judged(judge, asked, advance, None if self._acro is None else self._acro / name)
        except AirlockError as error:
            self._entries.append(IndexEntry.failed(asked.request_id, str(error)))
            self._statuses.append(Status.UNDECIDED)
            return 0
        html, json = (f"{name}/report.html", f"{name}/report.json") if self._out is not None else ("", "")
        if self._out is not None:
            self._write(self._out / name, result)
        self._entries.append(IndexEntry.of(result, html=html, json=json))
        self._statuses.append(status_of(result))
        return len(result.decisions)

    @staticmethod
    def _write(folder: Path, result: RequestResult) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        write_report(folder / "report.json", json_report.render(result))
        write_report(folder / "report.html", html_report.render(result, notes_of(checks().values())))

    @property
    def batch(self) -> Batch:
        """The batch as far as it is decided.

        Raises:
            ValueError: nothing was judged yet.
        """
        if self._profile is None:
            raise ValueError("a batch has no profile before it is judged")
        return Batch(
            entries=tuple(self._entries),
            profile_id=self._profile.id,
            profile_sha256=self._profile.sha256,
            profile_title=self._profile.title,
            started_at=self._started,
            elapsed_ms=round((time.monotonic() - self._began) * 1000),
            tool_version=__version__,
            broken_off=self._broken_off,
        )

    def status(self) -> Status:
        """The exit status of the batch."""
        return gravest(self._statuses)

    def summary(self) -> str:
        """A line a request, what needs a person first on top, and where the reports are."""
        lines = [f"{entry.outcome.word:<8} {shown(entry.request_id)}: {_headline(entry)}" for entry in self.batch.ordered()]
        if self._out is not None:
            lines.append(f"Reports: {shown(os.fspath(self._out))}/index.html")
        if self._acro is not None:
            lines.append(f"For SACRO-Viewer: a folder for each request in {shown(os.fspath(self._acro))}")
        return "\n".join(lines) + "\n"


def _further(advance: Callable[[int], None], before: int, done: int) -> None:
    advance(before + done)


def _headline(entry: IndexEntry) -> str:
    return f"{entry.headline}: {entry.failure}" if entry.failure else entry.headline
