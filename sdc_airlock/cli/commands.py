"""What the commands do."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from sdc_airlock.cli.exits import status_of
from sdc_airlock.errors import UsageError
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.reports import json_report
from sdc_airlock.reports.safe import shown
from sdc_airlock.reports.writing import write_report


def check(paths: Sequence[Path], *, profile: str, json: str | None, html: Path | None, workers: int | None) -> int:
    """Judge one request made of the files and folders named."""
    for path in paths:
        if not os.path.lexists(path):
            raise UsageError(f"{shown(os.fspath(path))}: there is no such file or folder; nothing was checked")
    with judge_with(profile, workers=workers) as judge:
        result = judge.judge(Asked(paths=tuple(os.fspath(path) for path in paths)))
    if json == "-":
        sys.stdout.write(json_report.render(result))
    elif json is not None:
        write_report(Path(json), json_report.render(result))
    if html is not None:
        from sdc_airlock.reports import html_report

        write_report(html, html_report.render(result))
    if json != "-":
        from sdc_airlock.reports import terminal

        sys.stdout.write(terminal.render(result))
    return status_of([result])
