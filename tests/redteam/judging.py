"""Takes files the whole way, through the command, and says what became of each."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from population import Item

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

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
    """Judges files as one request.

    Args:
        items: The files; each is put in a folder of its own, since its name and what lies beside it belong to it.
        folder: An empty folder to write them to.

    Returns:
        One verdict a file, in order; the worst of the outcomes of it and of what lies beside it.
    """
    order = {}
    for place, item in enumerate(items):
        own = folder / "request" / f"{place:04d}"
        own.mkdir(parents=True)
        for name, data in ((item.name, item.data), *item.beside):
            (own / name).parent.mkdir(parents=True, exist_ok=True)
            (own / name).write_bytes(data)
        order[f"{place:04d}"] = item
    report = folder / "report.json"
    # S603: the command of this project, with paths that this test made
    done = subprocess.run(
        [sys.executable, "-P", "-m", "sdc_airlock", "check", str(folder / "request"), "--json", str(report)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "NO_COLOR": "1"},
    )
    assert report.is_file(), done.stderr[-2000:]
    outputs: dict[str, list[dict]] = {place: [] for place in order}
    for output in json.loads(report.read_text("utf-8"))["outputs"]:
        place = next(part for part in output["path"].split("/") if part in order)
        outputs[place].append(output)
    return [_verdict(item, outputs[place]) for place, item in order.items()]


def _verdict(item: Item, outputs: list[dict]) -> Verdict:
    assert outputs, f"{item.made} is not in the report"
    worst = max(("release", "review", "reject").index(output["outcome"]) for output in outputs)
    first = next((output for output in outputs if output["path"].endswith(item.name)), outputs[0])
    return Verdict(
        item=item,
        outcome=("release", "review", "reject")[worst],
        label=first["file_type"]["label"],
        spoke=frozenset(finding["check_id"] for output in outputs for finding in output["findings"] if finding["severity"] != "low"),
        gaps=frozenset(gap["why"] for output in outputs for gap in output["unread"]),
        kinds=tuple(summary["kind"] for output in outputs for summary in output["recognised"]),
    )
