"""What the commands that judge do."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from sdc_airlock.checks import checks
from sdc_airlock.cli.batch import refuse_reports_among_outputs, requests_in
from sdc_airlock.cli.progress import progress_over
from sdc_airlock.errors import UsageError
from sdc_airlock.hook import MAX_QUESTION_BYTES, answer
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.pipeline.status import status_of
from sdc_airlock.reports import RequestResult, json_report, terminal
from sdc_airlock.reports.notes import notes_of
from sdc_airlock.reports.safe import shown
from sdc_airlock.reports.writing import write_report


def check(paths: Sequence[Path], *, profile: str, json: str | None, html: Path | None, workers: int | None) -> int:
    """Judge one request made of the files and folders named, for the researcher who is about to submit it."""
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{shown(os.fspath(path))}: there is no such file or folder; nothing was checked")
    for report in (json, html):
        if report is not None and report != "-":
            _refuse_target(Path(report))
    asked = Asked(paths=tuple(os.fspath(path) for path in paths))
    with judge_with(profile, workers=workers) as judge, progress_over(asked.paths) as advance:
        result = judge.judge(asked, advance)
    if json not in (None, "-"):
        write_report(Path(json), json_report.render(result))
    if html is not None:
        _write_html(html, result)
    sys.stdout.write(json_report.render(result) if json == "-" else _for_terminal(result))
    return status_of([result])


def scan(folders: Sequence[Path], *, profile: str, json: str | None, out: Path | None, workers: int | None) -> int:
    """Judge a batch of requests; each report is written as soon as its request is decided."""
    if out is None and json is None:
        raise UsageError("give --out FOLDER for the reports, or --json FILE for the index alone")
    requests = requests_in(folders)
    if out is not None:
        refuse_reports_among_outputs(out, folders)
        out.mkdir(parents=True, exist_ok=True)
    if json not in (None, "-"):
        _refuse_target(Path(json))
    done: list[tuple[str, RequestResult]] = []
    try:
        with judge_with(profile, workers=workers) as judge, progress_over(path for _, asked in requests for path in asked.paths) as advance:
            judged = 0
            for name, asked in requests:
                result = judge.judge(asked, _further(advance, judged))
                judged += len(result.assessments)
                if out is not None:
                    (out / name).mkdir(exist_ok=True)
                    write_report(out / name / "report.json", json_report.render(result))
                    _write_html(out / name / "report.html", result)
                done.append((name, result))
    finally:
        # a batch that is broken off has an index of what was decided before
        index = _write_index(done, out)
    if json == "-":
        sys.stdout.write(index)
    elif json is not None:
        write_report(Path(json), index)
    if json != "-":
        sys.stdout.write(_summary(done, out))
    return status_of(result for _, result in done)


def hook(*, workers: int | None) -> int:
    """Answer one request that is described on standard input."""
    text, status = answer(sys.stdin.buffer.read(MAX_QUESTION_BYTES + 1), workers=workers)
    sys.stdout.write(text)
    sys.stdout.flush()
    return status


def _further(advance: Callable[[int], None], before: int) -> Callable[[int], None]:
    return lambda done: advance(before + done)


def _refuse_target(path: Path) -> None:
    """Say before the work that a report has nowhere to go, not after it."""
    if not path.resolve().parent.is_dir() or path.is_dir():
        raise UsageError(f"{shown(os.fspath(path))}: a report cannot be written there; nothing was checked")


def _write_html(path: Path, result: RequestResult) -> None:
    from sdc_airlock.reports import html_report

    write_report(path, html_report.render(result, notes_of(checks().values())))


def _write_index(done: Sequence[tuple[str, RequestResult]], out: Path | None) -> str:
    from sdc_airlock.reports import index_report

    text = index_report.render_json(done)
    if out is not None:
        write_report(out / "index.json", text)
        write_report(out / "index.html", index_report.render(done))
    return text


def _for_terminal(result: RequestResult) -> str:
    colour = terminal.wants_colour(terminal=sys.stdout.isatty(), environment=os.environ)
    width = shutil.get_terminal_size((100, 24)).columns
    # row labels come from the file: they are for the requester's own screen, and go into no file or pipe
    return terminal.render(result, width=width, colour=colour, show_labels=sys.stdout.isatty())


def _summary(done: Sequence[tuple[str, RequestResult]], out: Path | None) -> str:
    """A line a request, the gravest first, and where the reports are."""
    lines = []
    for _name, result in sorted(done, key=lambda pair: -pair[1].outcome):
        held = ", ".join(f"{count} {outcome.word}" for outcome, count in result.counts.items() if count) or "no outputs"
        lines.append(f"{result.outcome.word:<8} {shown(result.request.request_id)}: {held}")
    if out is not None:
        lines.append(f"Reports: {shown(os.fspath(out))}/index.html")
    return "\n".join(lines) + "\n"
