"""Time and memory, as ratios measured in one run on one machine.

usage: python benchmarks/bench.py [--megabytes 250] [--files 2000] [--variants 2000000] [--vcf 256] [--long 256] [--only results ...]

Association results of ten million variants, as the largest studies have them, are asked for with `--variants 10000000`.

    rows     a CSV of individual rows, judged by sdc-airlock, against pandas.read_csv of the same file
    results  association results of many variants (gzip), judged by sdc-airlock, against pandas.read_csv of the same file
    vcf      a variant list with genotypes (BGZF), judged by sdc-airlock, against reading its bytes; and one of sites only
    long     genomic files decided without being read whole, against a copy of the same bytes (see long_files.py)
    batch    small mixed files a second
    sandbox  the same batch with the protections of the kernel and without them, in turns
    version  sdc-airlock --version against python -c "import typer"
    audit    intervals of hidden cells, against scipy.optimize.linprog called for each cell (see audit.py)
    differencing  tables of the same people by ages that nest and overlap (see differencing.py)
"""

from __future__ import annotations

import argparse
import gzip
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path

import audit
import differencing
import long_files

ROOT = Path(__file__).parents[1]
TOOL = [str(Path(sys.executable).with_name("sdc-airlock"))]
MIB = 1 << 20


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds of wall time and of processors, and the most memory that any one of its processes held, in bytes."""

    seconds: float
    peak_bytes: int
    processor_seconds: float

    def against(self, other: Cost) -> str:
        """This command beside another one, in words."""
        return (
            f"{self.seconds:.1f} s ({self.processor_seconds:.1f} s of processors), {self.peak_bytes / MIB:.0f} MiB at its peak; "
            f"pandas.read_csv {other.seconds:.1f} s ({other.processor_seconds:.1f} s), {other.peak_bytes / MIB:.0f} MiB; "
            f"ratio {self.seconds / other.seconds:.2f} of its time (to be at most 1), "
            f"{self.processor_seconds / other.processor_seconds:.2f} of its processors, {self.peak_bytes / other.peak_bytes:.2f} of its memory"
        )


def cost(command: list[str], ends: tuple[int, ...] = (0,)) -> Cost:
    """Run a command to its end in a process of its own, so that peaks of earlier commands do not count.

    Raises:
        SystemExit: it did not end as it should.
    """
    measure = (
        "import resource, subprocess, sys, time\n"
        "began = time.perf_counter()\n"
        "status = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL).returncode\n"
        "used = resource.getrusage(resource.RUSAGE_CHILDREN)\n"
        "print(status, time.perf_counter() - began, used.ru_maxrss * 1024, used.ru_utime + used.ru_stime)"
    )
    done = subprocess.run([sys.executable, "-c", measure, *command], capture_output=True, text=True, check=True)
    status, seconds, peak, processors = done.stdout.split()
    if int(status) not in ends:
        sys.exit(f"{' '.join(command)} ended with {status}: {done.stderr[-500:]}")
    return Cost(float(seconds), int(float(peak)), float(processors))


def write_rows(path: Path, size: int) -> None:
    """A CSV of made-up people of about that many bytes."""
    rng = random.Random(1)
    block = "".join(
        f"{rng.randint(10**7, 10**8)},{rng.randint(18, 90)},{rng.choice('MF')},{rng.choice(('North', 'East', 'South', 'West'))},"
        f"{rng.gauss(27, 4):.2f},{rng.gauss(130, 15):.1f},20{rng.randint(10, 23)}-{rng.randint(1, 12):02}-{rng.randint(1, 28):02},"
        f"{rng.random():.6f},{rng.choice(('', 'A01', 'B20', 'C34', 'E11'))}\n"
        for _ in range(20_000)
    ).encode()
    with path.open("wb") as stream:
        stream.write(b"participant_id,age,sex,region,bmi,systolic,visit_date,score,code\n")
        for _ in range(max(1, size // len(block))):
            stream.write(block)


def write_results(path: Path, count: int) -> None:
    """Association results of that many made-up variants, compressed."""
    rng = random.Random(3)
    block = 50_000
    ends = [
        (
            (alleles := rng.sample("ACGT", 2))[0] + "\t" + alleles[1],
            f"{(share := rng.uniform(0.01, 0.99)):.5f}\t{rng.gauss(0, 0.02):.5f}\t{0.0012 / (share * (1 - share)) ** 0.5:.6f}\t{rng.random():.3e}\t350000\n",
        )
        for _ in range(block)
    ]
    with gzip.open(path, "wb", compresslevel=4) as stream:
        stream.write(b"CHR\tPOS\tSNPID\tEA\tNEA\tEAF\tBETA\tSE\tP\tN\n")
        for start in range(0, count, block):
            lines = (
                f"{place * 22 // count + 1}\t{place * 22 % count // 22 * 300 + rng.randrange(300)}\trs{place * 7 + 10_000}\t{alleles}\t{rest}"
                for place, (alleles, rest) in zip(range(start, min(count, start + block)), ends, strict=False)
            )
            stream.write("".join(lines).encode())


def write_variants(path: Path, size: int, samples: int) -> None:
    """A BGZF-compressed variant list of about that many compressed bytes: genotypes of so many made-up samples, or sites only."""
    rng = random.Random(4)
    names = "".join(f"\tS{place:05}" for place in range(samples))
    head = (
        "##fileformat=VCFv4.2\n##contig=<ID=1>\n"
        '##INFO=<ID=AC,Number=A,Type=Integer,Description="Alternate alleles">\n##INFO=<ID=AN,Number=1,Type=Integer,Description="Alleles">\n'
        + ('##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">\n' if samples else "")
        + f"#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO{chr(9) + 'FORMAT' if samples else ''}{names}\n"
    )
    lines = []
    for place in range(400 if samples else 40_000):
        calls = rng.choices(("0/0", "0/1", "1/1"), (64, 32, 4), k=samples)
        counts = f"AC={rng.randint(50, 90_000)};AN={rng.randint(90_000, 100_000) * 2}"
        lines.append(
            f"1\t{1000 + place * 37}\trs{place + 1000}\tA\tG\t50\tPASS\t{counts}" + "".join(("\tGT\t", "\t".join(calls)) if samples else ())
        )
    block = _bgzf("\n".join(lines).encode() + b"\n")
    with path.open("wb") as stream:
        stream.write(_bgzf(head.encode()))
        for _ in range(max(1, size // len(block))):
            stream.write(block)
        stream.write(_bgzf(b""))


def _bgzf(data: bytes) -> bytes:
    """Bytes in the blocks of BGZF."""
    blocks = []
    for start in range(0, max(len(data), 1), 65_280):
        piece = data[start : start + 65_280]
        squeezer = zlib.compressobj(4, zlib.DEFLATED, -15)
        body = squeezer.compress(piece) + squeezer.flush()
        sizes = struct.pack("<II", zlib.crc32(piece), len(piece))
        blocks.append(b"\x1f\x8b\x08\x04\0\0\0\0\0\xff\x06\0BC\x02\0" + struct.pack("<H", len(body) + 25) + body + sizes)
    return b"".join(blocks)


def write_batch(folder: Path, count: int) -> None:
    """Small files of the kinds that requests hold."""
    rng = random.Random(2)
    kinds = ("csv", "md", "py", "json", "tsv", "txt", "log", "tex")
    for number in range(count):
        kind = kinds[number % len(kinds)]
        groups = [(f"group {at}", rng.randint(20, 900), rng.randint(20, 900)) for at in range(rng.randint(3, 12))]
        text = {
            "csv": "group,cases,controls\n" + "".join(f"{a},{b},{c}\n" for a, b, c in groups),
            "tsv": "gene\tbeta\tse\tp\n"
            + "".join(f"GENE{at}\t{rng.gauss(0, 1):.4f}\t0.{b}\t0.{c}\n" for at, (_, b, c) in enumerate(groups)),
            "md": "# Results\n\nThe model was adjusted for age and sex.\n\n| group | n |\n|---|---|\n"
            + "".join(f"| {a} | {b} |\n" for a, b, _ in groups),
            "py": f"import pandas as pd\n\nSEED = {number}\n\n\ndef fit(table):\n    return table.groupby('group').size()\n",
            "json": '{"model": "logit", "auc": 0.71, "folds": [' + ", ".join(f"0.{b}" for _, b, _ in groups) + "]}\n",
            "txt": f"Analysis {number} was run in March. All groups were large enough to report.\n",
            "log": "".join(f"2026-01-14 09:{at:02}:00 INFO step {at} took {b} ms\n" for at, (_, b, _) in enumerate(groups)),
            "tex": "\\begin{tabular}{lr}\n" + "".join(f"{a} & {b} \\\\\n" for a, b, _ in groups) + "\\end{tabular}\n",
        }[kind]
        target = folder / f"{number % 40:02}"
        target.mkdir(exist_ok=True)
        (target / f"output_{number}.{kind}").write_text(text)


def sandbox_cost(batch: Path, turns: int = 2) -> tuple[float, float]:
    """Seconds that a batch takes without the protections of the kernel and with them, the best of a few turns each."""
    judge = (
        "import sys, time\n"
        "from sdc_airlock.pipeline.run import Asked, judge_with\n"
        "began = time.perf_counter()\n"
        "with judge_with(kernel=sys.argv[2] == 'on') as judge:\n"
        "    result = judge.judge(Asked(paths=(sys.argv[1],)))\n"
        "assert ('seccomp' in result.sandbox.protections) == (sys.argv[2] == 'on'), 'this machine does not give the protections'\n"
        "print(time.perf_counter() - began)"
    )
    taken: dict[str, list[float]] = {"off": [], "on": []}
    for _ in range(turns):
        for kernel, seconds in taken.items():
            done = subprocess.run([sys.executable, "-c", judge, str(batch), kernel], capture_output=True, text=True, check=True)
            seconds.append(float(done.stdout))
    return min(taken["off"]), min(taken["on"])


def report_version(_: Path, __: argparse.Namespace) -> None:
    """How soon it answers at all."""
    version = min((cost([*TOOL, "--version"]) for _ in range(5)), key=lambda each: each.seconds)
    typer = min((cost([sys.executable, "-c", "import typer"]) for _ in range(5)), key=lambda each: each.seconds)
    print(
        f"version  {version.seconds:.2f} s; import typer {typer.seconds:.2f} s; ratio {version.seconds / typer.seconds:.2f} (to be at most 3)"
    )


def report_batch(folder: Path, wanted: argparse.Namespace) -> None:
    """Small files, and what the protections of the kernel cost; and one small file."""
    batch = folder / "batch"
    batch.mkdir()
    write_batch(batch, wanted.files)
    took = cost([*TOOL, "check", str(batch), "--json", str(folder / "batch.json")], (0, 10, 20)).seconds
    print(f"batch    {wanted.files} files in {took:.1f} s; {wanted.files / took:.0f} files a second (to be at least 100 on 2 cores)")
    without, within = sandbox_cost(batch)
    print(
        f"sandbox  {wanted.files} files in {within:.1f} s locked in, {without:.1f} s without the kernel's protections; "
        f"ratio {within / without:.2f} (to be at most 1.3)"
    )
    small = folder / "small.csv"
    small.write_text("group,cases\nA,120\nB,140\n")
    took = min(cost([*TOOL, "check", str(small)], (0, 10, 20)).seconds for _ in range(3))
    print(f"one      one small file in {took:.2f} s")


def report_audit(_: Path, __: argparse.Namespace) -> None:
    """Intervals of hidden cells, and tables that differ by few people."""
    audit.report()
    differencing.report()


def report_rows(folder: Path, wanted: argparse.Namespace) -> None:
    """A CSV of people."""
    rows = folder / "rows.csv"
    write_rows(rows, wanted.megabytes * MIB)
    time.sleep(0.5)
    pandas = cost([sys.executable, "-c", "import sys, pandas; pandas.read_csv(sys.argv[1])", str(rows)])
    ours = cost([*TOOL, "check", str(rows)], (20,))
    print(f"rows     {rows.stat().st_size / MIB:.0f} MiB in {ours.against(pandas)}")


def report_results(folder: Path, wanted: argparse.Namespace) -> None:
    """Association results."""
    results = folder / "results.tsv.gz"
    write_results(results, wanted.variants)
    time.sleep(0.5)
    pandas = cost([sys.executable, "-c", "import sys, pandas; pandas.read_csv(sys.argv[1], sep='\\t')", str(results)])
    ours = cost([*TOOL, "check", str(results)], (0, 10))
    print(f"results  {wanted.variants:,} variants in {ours.against(pandas)}; its peak to be under 1024 MiB")


def report_vcf(folder: Path, wanted: argparse.Namespace) -> None:
    """Variant lists: one with genotypes is decided by its first records, one of sites only is read whole."""
    inflate = "import gzip, sys\nwith gzip.open(sys.argv[1]) as stream:\n    while stream.read(1 << 20):\n        pass"
    for name, samples, size, ends in (("genotypes", 2000, wanted.vcf, (20,)), ("sites only", 0, max(1, wanted.vcf // 16), (0, 10))):
        variants = folder / "variants.vcf.gz"
        write_variants(variants, size * MIB, samples)
        time.sleep(0.5)
        plain = cost([sys.executable, "-c", inflate, str(variants)])
        ours = cost([*TOOL, "check", str(variants)], ends)
        print(
            f"vcf      {name}, {size} MiB compressed, in {ours.seconds:.1f} s ({ours.processor_seconds:.1f} s of processors), "
            f"{ours.peak_bytes / MIB:.0f} MiB at its peak; inflating it with gzip alone {plain.seconds:.1f} s; ratio {ours.seconds / plain.seconds:.2f}"
        )


def report_long(folder: Path, wanted: argparse.Namespace) -> None:
    """Genomic files that are decided without being read whole."""
    long_files.report(folder, wanted.long, _bgzf, write_variants, lambda path: cost([*TOOL, "check", str(path)], (0, 10, 20)).seconds)


REPORTS = {
    "version": report_version,
    "batch": report_batch,
    "audit": report_audit,
    "rows": report_rows,
    "results": report_results,
    "vcf": report_vcf,
    "long": report_long,
}


def main() -> None:
    """Print every figure on a line of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--megabytes", type=int, default=250)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--variants", type=int, default=2_000_000)
    parser.add_argument("--vcf", type=int, default=256, help="MiB of the variant list")
    parser.add_argument("--long", type=int, default=256, help="MiB of each of the files that are not read whole")
    parser.add_argument("--only", nargs="*", choices=REPORTS, default=list(REPORTS))
    wanted = parser.parse_args()
    print(f"{os.cpu_count()} cores, Python {sys.version.split()[0]}")
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        for report in wanted.only:
            REPORTS[report](Path(name), wanted)


if __name__ == "__main__":
    main()
