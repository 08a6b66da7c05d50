"""Write the reports that reports/ shows, rendered from fixtures/, or check that they are up to date.

usage: python tools/write_golden.py [--check]
"""

from __future__ import annotations

import sys
from pathlib import Path

from sdc_airlock.checks import checks
from sdc_airlock.pipeline.run import Asked, judge_with
from sdc_airlock.reports.golden import golden_files
from sdc_airlock.reports.notes import notes_of

ROOT = Path(__file__).parents[1]
REQUESTS = ROOT / "fixtures" / "requests"
FOLDER = ROOT / "reports"


def rendered() -> dict[Path, str]:
    """Every report, by path under reports/."""
    found: dict[str, str] = {}
    with judge_with() as judge:
        for folder in sorted(path for path in REQUESTS.iterdir() if path.is_dir()):
            result = judge.judge(Asked(paths=(str(folder),), request_id=folder.name))
            found |= golden_files(result, notes_of(checks().values()))
    return {Path(name): text for name, text in found.items()}


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
