"""Write docs/reference/cli.md and the run that README.md shows, or check that they are up to date.

usage: python tools/cli_docs.py --write | --check
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from pathlib import Path

from sdc_airlock.cli import main as tool

ROOT = Path(__file__).parents[1]
COMMANDS = ("", "check", "scan", "hook", "explain", "schema", "profile", "profile list", "profile show", "profile validate")
START, END = "<!-- run -->\n", "<!-- end of run -->\n"
RUN = "check fixtures/requests/ready/table_1.csv fixtures/requests/small_numbers/crosstab.csv fixtures/requests/people/cohort.csv"
HEAD = """<!-- written by tools/cli_docs.py; edit the code instead -->

# Command line

| status | meaning |
|---|---|
| 0 | every output may be released |
| 10 | at least one output needs manual review, none is rejected |
| 20 | at least one output is rejected |
| 2 | the command line or the profile is wrong; nothing was checked |
| 70 | could not decide; treat as held |

Everything but 0 means: hold. Progress goes to standard error, and only on a terminal. `NO_COLOR` is obeyed.
"""


def said(line: str) -> str:
    """What a command line prints on standard output."""
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        tool(line.split())
    return "\n".join(text.rstrip() for text in out.getvalue().splitlines()) + "\n"


def pages() -> dict[Path, str]:
    """The pages by path under the root of the project."""
    os.environ |= {"COLUMNS": "100", "NO_COLOR": "1", "TERM": "dumb"}
    os.chdir(ROOT)
    sections = (f"\n## sdc-airlock {command}".rstrip() + f"\n\n```\n{said(f'{command} --help')}```\n" for command in COMMANDS)
    before, _, rest = (ROOT / "README.md").read_text("utf-8").partition(START)
    _, _, after = rest.partition(END)
    return {
        Path("docs", "reference", "cli.md"): HEAD + "".join(sections),
        Path("README.md"): f"{before}{START}```console\n$ sdc-airlock {RUN}\n{said(RUN)}```\n{END}{after}",
    }


def main() -> int:
    """Write the pages, or say which differ."""
    found = pages()
    if "--write" in sys.argv[1:]:
        for path, text in found.items():
            (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
            (ROOT / path).write_text(text, "utf-8")
        return 0
    wrong = [path for path, text in found.items() if not (ROOT / path).is_file() or (ROOT / path).read_text("utf-8") != text]
    for path in wrong:
        print(f"{path} is not what the code says now; run make docs")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
