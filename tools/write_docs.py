"""Write the pages that are generated from the code, or check that they are up to date.

usage: python tools/write_docs.py [--check]

docs/reference/checks/<id>.md   one page a check: what `sdc-airlock explain` prints, its worked examples, what profiles set
docs/reference/checks/README.md their list
docs/reference/profiles.md      each rule of each profile, with its source and date
docs/reference/limits.md        each cap on reading, with its value
"""

from __future__ import annotations

import inspect
import re
import sys
import tomllib
from dataclasses import fields
from pathlib import Path
from typing import Any

from sdc_airlock.checks import Check, checks
from sdc_airlock.checks._page import page
from sdc_airlock.limits import Limits
from sdc_airlock.model.decision import Outcome
from sdc_airlock.pipeline._confine import OPEN_FILES
from sdc_airlock.pipeline.pool import ADDRESS_BYTES, MOST_FILES, MOST_OPEN_FILES, MOST_RESIDENT_BYTES
from sdc_airlock.policy import RULES, Profile, RuleValue, load_profile, profile_names

ROOT = Path(__file__).parents[1]
FOLDER = Path("docs", "reference")
SECTIONS = {"flag": "Flagged", "pass": "Passed", "blind": "Missed, and known to be"}
NOTICE = "<!-- written by tools/write_docs.py; edit the code instead -->\n\n"


def pages(root: Path = ROOT) -> dict[Path, str]:
    """All generated pages by path under the root of the project."""
    profiles = [load_profile(name) for name in profile_names()]
    found = {FOLDER / "checks" / f"{check.id}.md": check_page(check, profiles, root) for check in checks().values()}
    found[FOLDER / "checks" / "README.md"] = index()
    found[FOLDER / "profiles.md"] = profiles_page(profiles)
    found[FOLDER / "limits.md"] = limits_page()
    return {path: NOTICE + text for path, text in found.items()}


def check_page(check: Check, profiles: list[Profile], root: Path) -> str:
    """The page of one check."""
    text = page(check, {rule: RULES[rule].meaning for rule in check.rules})
    source = root / "checks" / f"{check.id}.toml"
    examples = tomllib.loads(source.read_text(encoding="utf-8")) if source.exists() else {}
    lines = ["", "## Worked examples", "", f"They run as tests, from `checks/{check.id}.toml`.", ""]
    for section, words in SECTIONS.items():
        lines += [f"- {words}: {case['name']}{' (' + case['why'] + ')' if 'why' in case else ''}" for case in examples.get(section, [])]
    own = [(profile, rule) for profile in profiles for rule in check.rules if not profile.rules[rule].inherited]
    if own:
        lines += ["", "## What profiles set", "", "| rule | profile | value |", "|---|---|---|"]
        lines += [
            f"| `{rule}` | {profile.id} | {shown(profile.rules[rule].value)} |" for profile, rule in sorted(own, key=lambda pair: pair[1])
        ]
    return text + "\n".join(lines) + "\n"


def index() -> str:
    """The list of checks."""
    lines = ["# Checks", "", "| check | what it finds |", "|---|---|"]
    lines += [
        f"| [{check.id}]({check.id}.md) | {' '.join(inspect.cleandoc(check.doc).partition(chr(10) * 2)[0].split())} |"
        for check in checks().values()
    ]
    return "\n".join(lines) + "\n"


def profiles_page(profiles: list[Profile]) -> str:
    """Every rule, and every profile with what it says of each."""
    lines = [
        "# Policy profiles",
        "",
        "A rule marked *not verified* is one that the pages read did not state; the value of `default` holds.",
        "",
    ]
    lines += ["## Rules", "", "| rule | value | unit | meaning |", "|---|---|---|---|"]
    lines += [f"| `{rule.name}` | {rule.words} | {rule.unit or '-'} | {rule.meaning} |" for rule in RULES.values()]
    for profile in profiles:
        lines += [
            "",
            f"## {profile.id}",
            "",
            f"{profile.title}. {profile.about}.",
            "",
            "| rule | value | source | note |",
            "|---|---|---|---|",
        ]
        lines += [_row(name, rule) for name, rule in profile.rules.items() if not rule.inherited or not rule.verified]
        lines += [
            "",
            "Outcomes: " + ", ".join(f"{severity.word} = {outcome.word}" for severity, outcome in sorted(profile.outcomes.items())) + ".",
        ]
    lines += ["", f"The outcomes are {', '.join(outcome.word for outcome in Outcome)}."]
    return "\n".join(lines) + "\n"


def limits_page() -> str:
    """Every cap with its value and what the code says of it, and what a worker process may use."""
    told = re.findall(
        r"^ {4}(\w+(?:, \w+)*): (.*(?:\n {8}.*)*)", inspect.cleandoc(Limits.__doc__ or "").partition("Attributes:")[2], re.MULTILINE
    )
    meanings = {name: " ".join(text.split()) for names, text in told for name in names.split(", ")}
    lines = [
        "# Limits",
        "",
        "What reading one output may cost. A limit that is reached is a gap, named with its value and what was seen, and the output is",
        "held. A profile may set them under `[limits]`; they protect the machine and have nothing to do with disclosure.",
        "",
        "| limit | value | what it caps |",
        "|---|---|---|",
    ]
    lines += [f"| `{field.name}` | {field.default:,.12g} | {meanings[field.name]} |" for field in fields(Limits)]
    lines += [
        "",
        f"Beside them, each worker process may use {ADDRESS_BYTES >> 30} GiB of address space (`memory`), as much processor time as",
        f"`file_seconds` allows on each core for each output, and {OPEN_FILES} open files. It is replaced after {MOST_FILES:,} outputs, or",
        f"when it holds more than {MOST_RESIDENT_BYTES >> 30} GiB or {MOST_OPEN_FILES} open files after one. What holds it back otherwise:",
        "[the sandbox](../explanation/sandbox.md).",
    ]
    return "\n".join(lines) + "\n"


def _row(name: str, rule: RuleValue) -> str:
    value = shown(rule.value) if rule.verified else f"*not verified*, {shown(rule.value)} holds"
    source = f"[{rule.source}]({rule.url})" if rule.url else rule.source
    return f"| `{name}` | {value} | {', '.join(filter(None, (source, rule.date)))} | {rule.note} |"


def _one(item: Any) -> str:
    """A pattern with its name, or an item as it stands."""
    return f"{item['name']} (`{item['pattern'].replace('|', chr(92) + '|')}`)" if isinstance(item, dict) else str(item)


def _several(item: Any) -> str:
    """An item that is made of others."""
    return " ".join(map(_several, item)) if isinstance(item, tuple) else str(item)


def shown(value: Any) -> str:
    """A value as a reader would write it."""
    if isinstance(value, tuple) and all(isinstance(item, int) for item in value):
        return f"{value[0]} to {value[1]}"
    if isinstance(value, tuple):
        return "; ".join(map(_several, value)) if any(isinstance(item, tuple) for item in value) else ", ".join(map(_one, value))
    if isinstance(value, dict):
        return ", ".join(f"{key} {number:,}" for key, number in value.items())
    if isinstance(value, bool):
        return "yes" if value else "no"
    return f"{value:,}" if isinstance(value, int) else str(value)


def main(arguments: list[str], root: Path = ROOT) -> int:
    """Write the pages, or name those that differ from what stands in the folder."""
    if arguments not in ([], ["--check"]):
        print(__doc__, file=sys.stderr)
        return 2
    wanted = pages(root)
    standing = {
        path.relative_to(root)
        for path in [*(root / FOLDER / "checks").glob("*.md"), root / FOLDER / "profiles.md", root / FOLDER / "limits.md"]
        if path.exists()
    }
    stale = sorted(standing - wanted.keys())
    differing = sorted(path for path, text in wanted.items() if path not in standing or (root / path).read_text(encoding="utf-8") != text)
    if arguments == ["--check"]:
        for path in [*differing, *stale]:
            print(f"{path} is not up to date; run: make docs", file=sys.stderr)
        return 1 if differing or stale else 0
    for path in differing:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(wanted[path], encoding="utf-8")
        print(f"wrote {path}")
    for path in stale:
        (root / path).unlink()
        print(f"removed {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
