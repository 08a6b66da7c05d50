"""Lay out a new check: its module with all headings of its page, and its file of worked examples.

usage: python tools/new_check.py NAME

NAME is the pattern that the check flags ("small_counts"), never the mending of it. Nothing else has to be edited: the check is
found by its module. Its tests fail until the page and the examples are written. Requiring it is a line in a profile.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
WRONG_BEGINNINGS = ("no_", "check_", "detect_", "find_", "round_", "suppress_")

MODULE = '''"""One line: what it is about."""

from __future__ import annotations

from collections.abc import Iterator

from sdc_airlock.checks import Params, Subject, check
from sdc_airlock.model.finding import Finding, Severity


@check(id="{name}", version=1, rules=(), severity=Severity.HIGH)
def {name}(subject: Subject, params: Params) -> Iterator[Finding]:
    """One sentence for a reader: what is the matter with an output that is flagged.

    ## What it flags

    ## Why it discloses

    ## Example flagged

    ## Example passed

    ## Blind spots

    ## Sources
    """
    yield from ()
'''

EXAMPLES = """# Worked examples of the check {name}. `text`, `hex` or `zip` (members of an archive) is the file; `flag` must be held,
# `pass` must not, `blind` is what is known to be missed (with `why`). tests/checks/test_cases.py runs them through the real readers.
# Two of `flag` and two of `pass` at least. `rule`, `severity`, `rows` and `columns` say what must be found, `params` sets rules.

[[flag]]
name = ""
filename = "table.csv"
text = \"\"\"
\"\"\"

[[flag]]
name = " "
filename = "table.csv"
text = \"\"\"
\"\"\"

[[pass]]
name = ""
filename = "table.csv"
text = \"\"\"
\"\"\"

[[pass]]
name = " "
filename = "table.csv"
text = \"\"\"
\"\"\"
"""


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write both files; refuse a name that is taken or does not name a pattern."""
    if len(arguments) != 1 or not re.fullmatch(r"[a-z][a-z0-9_]*", arguments[0]) or arguments[0].startswith(WRONG_BEGINNINGS):
        print(__doc__, file=sys.stderr)
        return 2
    name = arguments[0]
    module, examples = root / "sdc_airlock" / "checks" / f"{name}.py", root / "checks" / f"{name}.toml"
    if module.exists() or examples.exists():
        print(f"there is a check {name} already", file=sys.stderr)
        return 2
    module.write_text(MODULE.format(name=name), encoding="utf-8")
    examples.write_text(EXAMPLES.format(name=name), encoding="utf-8")
    print(f"write the page and the rule in {module.relative_to(root)}, the examples in {examples.relative_to(root)}, then: make test docs")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
