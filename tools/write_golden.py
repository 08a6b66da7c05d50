"""Write the reports that reports/ shows, rendered from fixtures/, or check that they are up to date.

usage: python tools/write_golden.py [--check]
"""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sdc_airlock.checks import checks
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.reports import RequestResult, html_report, json_report, terminal
from sdc_airlock.reports.notes import notes_of

ROOT = Path(__file__).parents[1]
REQUESTS = ROOT / "fixtures" / "requests"
FOLDER = ROOT / "reports"
WHEN = datetime(2026, 1, 14, 9, 0, tzinfo=UTC)


def timeless(result: RequestResult) -> RequestResult:
    """The same result with every time set to the same."""
    assessments = tuple(
        replace(assessment, runs=tuple(replace(run, elapsed_ms=0) for run in assessment.runs)) for assessment in result.assessments
    )
    return replace(result, assessments=assessments, started_at=WHEN, elapsed_ms=0)


def rendered() -> dict[Path, str]:
    """Every report, by path under reports/."""
    found = {}
    with judge_with() as judge:
        for folder in sorted(path for path in REQUESTS.iterdir() if path.is_dir()):
            result = timeless(judge.judge(Asked(paths=(str(folder),), request_id=folder.name)))
            found[Path(f"{folder.name}.json")] = json_report.render(result)
            found[Path(f"{folder.name}.html")] = html_report.render(result, notes_of(checks().values()))
            found[Path(f"{folder.name}.txt")] = terminal.render(result, width=100)
    return found


def main() -> int:
    """Write the reports, or say which differ."""
    pages = rendered()
    if "--check" in sys.argv[1:]:
        there = {path.relative_to(FOLDER) for path in FOLDER.glob("*.*") if path.name != "README.md"}
        wrong = sorted({*there} ^ {*pages}) + [
            path for path in sorted({*there} & {*pages}) if (FOLDER / path).read_text("utf-8") != pages[path]
        ]
        for path in wrong:
            print(f"reports/{path} is not what the tool renders now; look at the difference, then run make golden")
        return 1 if wrong else 0
    FOLDER.mkdir(exist_ok=True)
    for path, text in pages.items():
        (FOLDER / path).write_text(text, "utf-8")
    print(f"{len(pages)} reports in reports/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
