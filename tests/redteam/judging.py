"""Takes files the whole way, through the command, and says what became of each."""

from __future__ import annotations

import fcntl
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from population import Item

CONTENT = frozenset(
    {
        "individual_rows",
        "genotypes",
        "direct_identifiers",
        "sample_identifiers",
        "withdrawn_participants",
        "small_counts",
        "models",
        "hidden_content",
    }
)


@dataclass(frozen=True)
class Verdict:
    """What became of a file: its outcome, the checks that spoke above low, and the gaps."""

    item: Item
    outcome: str
    label: str
    spoke: frozenset[str]
    gaps: frozenset[str]
    kinds: tuple[str, ...]

    @property
    def released(self) -> bool:
        """Whether the file gets out."""
        return self.outcome == "release"

    @property
    def rightly(self) -> bool:
        """Whether it is held for what it holds, or for what could not be read."""
        return not self.released and bool(self.spoke & CONTENT or self.gaps)

    @property
    def line(self) -> str:
        """One line of a report."""
        heard = ",".join(sorted(self.spoke)) or "-"
        gaps = ",".join(sorted(self.gaps)) or "-"
        return f"{self.outcome:8} {self.item.name:24} {' > '.join(self.item.made):70} as {self.label}; spoke {heard}; gaps {gaps}"


def judge(items: Iterable[Item], folder: Path) -> list[Verdict]:
    """Judges files: those that stand alone as one request, those with others beside them each as a request of its own.

    Args:
        items: The files; each is put in a folder of its own, since its name and what lies beside it belong to it.
        folder: An empty folder to write them to.

    Returns:
        One verdict a file, in order; for files with others beside them that of the request.
    """
    order = {f"{place:04d}": item for place, item in enumerate(items)}
    for place, item in order.items():
        own = folder / ("requests" if item.beside else "together") / place
        for name, data in ((item.name, item.data), *item.beside):
            (own / name).parent.mkdir(parents=True, exist_ok=True)
            (own / name).write_bytes(data)
    found: dict[str, Verdict] = {}
    if (together := folder / "together").is_dir():
        report = _run("check", together, "--json", folder / "report.json", read=folder / "report.json")
        for output in report["outputs"]:
            place = next(part for part in output["path"].split("/") if part in order)
            found[place] = _verdict(order[place], output["outcome"], [output], output["findings"])
    if (requests := folder / "requests").is_dir():
        _run("scan", requests, "--out", folder / "reports", read=folder / "reports" / "index.json")
        for own in requests.iterdir():
            report = json.loads((folder / "reports" / own.name / "report.json").read_text("utf-8"))
            findings = [*report["findings"], *(finding for output in report["outputs"] for finding in output["findings"])]
            found[own.name] = _verdict(order[own.name], report["outcome"], report["outputs"], findings)
    return [found[place] for place in order]


def judged_once(items: Iterable[Item], folder: Path) -> list[Verdict]:
    """Judges files in the first process of a test run that asks; the others wait for it, and read what it found.

    Args:
        items: The files, the same ones in every process.
        folder: A folder of all processes of the run.

    Returns:
        One verdict a file, in order.
    """
    items, kept = list(items), folder / "verdicts.json"
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not kept.is_file():
            verdicts = judge(items, folder / "files")
            rows = [(each.outcome, each.label, sorted(each.spoke), sorted(each.gaps), each.kinds) for each in verdicts]
            kept.write_text(json.dumps(rows), "utf-8")
        return [
            Verdict(item=item, outcome=outcome, label=label, spoke=frozenset(spoke), gaps=frozenset(gaps), kinds=tuple(kinds))
            for item, (outcome, label, spoke, gaps, kinds) in zip(items, json.loads(kept.read_text("utf-8")), strict=True)
        ]


def _run(command: str, *arguments: object, read: Path) -> dict:
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sdc_airlock", command, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=False,
        env={name: value for name, value in os.environ.items() if not name.startswith("COVERAGE_PROCESS")} | {"NO_COLOR": "1"},
    )
    assert read.is_file(), done.stderr[-2000:]
    return json.loads(read.read_text("utf-8"))


def _verdict(item: Item, outcome: str, outputs: list[dict], findings: list[dict]) -> Verdict:
    first = next((output for output in outputs if output["path"].endswith(item.name)), outputs[0])
    return Verdict(
        item=item,
        outcome=outcome,
        label=first["file_type"]["label"],
        spoke=frozenset(finding["check_id"] for finding in findings if finding["severity"] != "low"),
        gaps=frozenset(gap["why"] for output in outputs for gap in output["unread"]),
        kinds=tuple(summary["kind"] for output in outputs for summary in output["recognised"]),
    )
