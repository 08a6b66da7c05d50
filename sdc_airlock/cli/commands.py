"""What the commands that judge do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from sdc_airlock.checks import checks
from sdc_airlock.cli.progress import progress_over
from sdc_airlock.cli.viewer import judged, refuse_folder
from sdc_airlock.errors import UsageError
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.pipeline.status import status_of
from sdc_airlock.reports import RequestResult, json_report, terminal
from sdc_airlock.reports.notes import notes_of
from sdc_airlock.reports.safe import shown
from sdc_airlock.reports.writing import write_report

if TYPE_CHECKING:
    from sdc_airlock.pipeline.withdrawn import WithdrawnList


def withdrawn_list(path: Path | None, key: Path | None) -> WithdrawnList | None:
    """The list that the options name.

    Raises:
        UsageError: a key is given without a list.
    """
    if path is None:
        if key is not None:
            raise UsageError("--withdrawn-key is given without --withdrawn; nothing was checked")
        return None
    from sdc_airlock.pipeline.withdrawn import WithdrawnList

    return WithdrawnList(path=os.fspath(path), key_path="" if key is None else os.fspath(key))


def check(
    paths: Sequence[Path],
    *,
    profile: str,
    json: str | None,
    html: Path | None,
    workers: int | None,
    withdrawn: WithdrawnList | None = None,
    earlier: Sequence[Path] = (),
    acro: Path | None = None,
) -> int:
    """Judge one request made of the files and folders named, for the researcher who is about to submit it."""
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{shown(os.fspath(path))}: there is no such file or folder; nothing was checked")
    for report in (json, html):
        if report is not None and report != "-":
            _refuse_target(Path(report))
    asked = Asked(paths=tuple(os.fspath(path) for path in paths), earlier=_earlier(earlier))
    if acro is not None:
        refuse_folder(acro, (*paths, *earlier))
    with judge_with(profile, workers=workers, withdrawn=withdrawn) as judge, progress_over(asked.paths) as advance:
        result = judged(judge, asked, advance, acro)
    if json not in (None, "-"):
        write_report(Path(json), json_report.render(result))
    if html is not None:
        from sdc_airlock.reports import html_report

        write_report(html, html_report.render(result, notes_of(checks().values())))
    sys.stdout.write(json_report.render(result) if json == "-" else _for_terminal(result))
    return status_of(result)


def scan(
    folders: Sequence[Path],
    *,
    profile: str,
    json: str | None,
    out: Path | None,
    workers: int | None,
    withdrawn: WithdrawnList | None = None,
    earlier: Sequence[Path] = (),
    acro: Path | None = None,
) -> int:
    """Judge a batch of requests, for an operator."""
    from sdc_airlock.cli.batch import BatchRun, refuse_reports_among_outputs, requests_in
    from sdc_airlock.reports import index_report

    if out is None and json is None and acro is None:
        raise UsageError("give --out FOLDER for the reports, --json FILE for the index alone, or --acro FOLDER for SACRO-Viewer")
    if json not in (None, "-"):
        _refuse_target(Path(json))
    before = _earlier(earlier)
    requests = [(name, replace(asked, earlier=before + asked.earlier)) for name, asked in requests_in(folders)]
    if out is not None:
        refuse_reports_among_outputs(out, folders)
    if acro is not None:
        refuse_folder(acro, (*folders, *earlier))
    run = BatchRun(out, acro)
    paths = [path for _, asked in requests for path in asked.paths]
    with judge_with(profile, workers=workers, withdrawn=withdrawn) as judge, progress_over(paths) as advance:
        run.judge_all(judge, requests, advance)
    index = index_report.render_json(run.batch)
    if json not in (None, "-"):
        write_report(Path(json), index)
    sys.stdout.write(index if json == "-" else run.summary())
    return run.status()


def hook(*, workers: int | None) -> int:
    """Answer one request that is described on standard input."""
    from sdc_airlock.hook import MAX_QUESTION_BYTES, answer

    text, status = answer(sys.stdin.buffer.read(MAX_QUESTION_BYTES + 1), workers=workers)
    sys.stdout.write(text)
    sys.stdout.flush()
    return status


def _earlier(folders: Sequence[Path]) -> tuple[str, ...]:
    """Where earlier releases lie.

    Raises:
        UsageError: one of the folders is not there.
    """
    for folder in folders:
        if not os.path.lexists(folder):
            raise UsageError(f"--earlier {shown(os.fspath(folder))}: there is no such folder; nothing was checked")
    return tuple(os.fspath(folder) for folder in folders)


def _refuse_target(path: Path) -> None:
    """Say before the work that a report has nowhere to go, not after it."""
    if not path.resolve().parent.is_dir() or path.is_dir():
        raise UsageError(f"{shown(os.fspath(path))}: a report cannot be written there; nothing was checked")


def _for_terminal(result: RequestResult) -> str:
    colour = terminal.wants_colour(terminal=sys.stdout.isatty(), environment=os.environ)
    width = shutil.get_terminal_size((100, 24)).columns
    # row labels come from the file: they are for the requester's own screen, and go into no file or pipe
    return terminal.render(result, width=width, colour=colour, show_labels=sys.stdout.isatty())
