"""Coverage-guided fuzzing of identification, of each reader and of the whole way from bytes to findings.

    python fuzz/harness.py FOLDER SECONDS [TARGET ...]

A target is "identify", "assess" or a label of `identify.types`; all of them where none is named. FOLDER/seeds holds a folder of seeds
for each label (see `seeds.py`). What is found is written into FOLDER/found, once for each place in the code, and the run goes on;
the status is 1 where anything was found. Found is what a reader may not do, whatever the bytes: let an error out that is no
`ReadError`, use more than `CPU_SECONDS` of processor time or more than `MEMORY_BYTES`.
"""

# ruff: noqa: INP001, T201 - a script: it prints, and no user runs it

from __future__ import annotations

import hashlib
import importlib
import os
import pkgutil
import resource
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Never

import atheris

with atheris.instrument_imports(include=["sdc_airlock"]):
    import sdc_airlock
    from sdc_airlock.checks import checks
    from sdc_airlock.errors import where
    from sdc_airlock.identify import TYPES, identify
    from sdc_airlock.limits import Limits
    from sdc_airlock.model.filetype import FileType
    from sdc_airlock.model.output import OutputFile
    from sdc_airlock.pipeline.assess import Bench, assess
    from sdc_airlock.policy import load_profile
    from sdc_airlock.readers import read, readers
    from sdc_airlock.source import Source

    for module in pkgutil.walk_packages(sdc_airlock.__path__, "sdc_airlock."):
        if not module.name.endswith(("__main__", ".worker")):
            importlib.import_module(module.name)

CPU_SECONDS = 10.0
MEMORY_BYTES = 1 << 30
_ADDRESS_BYTES = 6 << 30
_LONGEST_INPUT = 32 * 1024
# no deadline: a reader that needs one has a fault
LIMITS = Limits(file_seconds=1e6)


class TooLong(BaseException):
    """An input took more than `CPU_SECONDS` of processor time. No `Exception`, so that nothing swallows it."""


def main() -> int:
    """Fuzz each target in a process of its own, for all of which the code was prepared once; the status to end with."""
    folder, seconds = Path(sys.argv[1]), int(sys.argv[2])
    targets = sys.argv[3:] or ["identify", "assess", *sorted(readers())]
    for target in targets:
        print(f"== {target}", flush=True)
        child = os.fork()
        if child == 0:
            fuzz(target, folder, seconds)
        _, status = os.waitpid(child, 0)
        if status:
            keep(folder / "found" / target, f"the process ended with status {status}", b"")
    found = sorted((folder / "found").glob("*/*.txt"))
    for each in found:
        print(f"{each}: {each.read_text('utf-8').splitlines()[0]}")
    return 1 if found else 0


def fuzz(target: str, folder: Path, seconds: int) -> Never:
    """Fuzz one target for so many seconds; libFuzzer ends the process."""
    found, grown = folder / "found" / target, folder / "grown" / target
    for each in (found, grown):
        each.mkdir(parents=True, exist_ok=True)
    wanted = [folder / "seeds" / target] if target in readers() else sorted((folder / "seeds").iterdir())
    options = {
        "max_total_time": seconds,
        "timeout": round(6 * CPU_SECONDS),
        "rss_limit_mb": 0,
        "max_len": _LONGEST_INPUT,
        "artifact_prefix": f"{found}/",
        "verbosity": 0,
        "print_final_stats": 1,
    }
    finds = Finds(target_of(target, grown), found)
    resource.setrlimit(resource.RLIMIT_AS, (_ADDRESS_BYTES,) * 2)
    signal.signal(signal.SIGPROF, too_long)
    arguments = [f"-{name}={value}" for name, value in options.items()]
    atheris.Setup([sys.argv[0], *arguments, str(grown), *(str(each) for each in wanted if each.is_dir())], finds.one_input)
    atheris.Fuzz()
    os._exit(0)


def target_of(name: str, scratch: Path) -> Callable[[bytes], object]:
    """What is done with each input."""
    if name == "identify":
        return lambda data: identify(Source.of_bytes(data, part_id="f", name="f"))
    if name == "assess":
        return assessing(scratch)
    file_type = FileType(label=name, family=TYPES[name].family)
    return lambda data: read(Source.of_bytes(data, part_id="f", name="f"), file_type, file_id="", limits=LIMITS)


def assessing(scratch: Path) -> Callable[[bytes], object]:
    """The whole way; an assessment that says that something broke off is a find too."""
    profile = load_profile("default")
    bench = Bench(checks=tuple(checks().values()), params={each.id: profile.params(each) for each in checks().values()}, limits=LIMITS)
    path = scratch.with_name("staged")

    def run(data: bytes) -> None:
        path.write_bytes(data)
        file = OutputFile(path="f", claimed_name="f", file_id="", size_bytes=len(data), staged_path=str(path))
        assessment = assess(file, bench)
        for broken in (assessment.failure, *(run.error for run in assessment.runs)):
            if broken:
                raise BrokeOffError(broken)

    return run


class BrokeOffError(Exception):
    """Judging broke off somewhere; the message says where."""


def too_long(_signal: int, _frame: FrameType | None) -> Never:
    """End an input that takes too long."""
    raise TooLong


def most_resident() -> int:
    """Bytes of memory that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss << 10


class Finds:
    """Runs a target and keeps what it finds, one input for each place.

    Args:
        run: The target.
        folder: Where inputs go that show something.
    """

    def __init__(self, run: Callable[[bytes], object], folder: Path) -> None:
        self._run = run
        self._folder = folder
        self._places: set[str] = set()
        self._resident = most_resident()

    def one_input(self, data: bytes) -> None:
        """Run one input."""
        signal.setitimer(signal.ITIMER_PROF, CPU_SECONDS)
        try:
            self._run(data)
        except (Exception, TooLong) as error:  # noqa: BLE001 - whatever escapes is what is looked for
            signal.setitimer(signal.ITIMER_PROF, 0)
            self._keep(str(error) if isinstance(error, BrokeOffError) else where(error), data)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        if (grown := most_resident() - self._resident) > MEMORY_BYTES:
            self._resident += grown
            self._keep("more memory than one input may use", data)

    def _keep(self, place: str, data: bytes) -> None:
        if place not in self._places:
            self._places.add(place)
            keep(self._folder, place, data)
            print(f"FOUND {place}", flush=True)


def keep(folder: Path, place: str, data: bytes) -> None:
    """Write down what was found."""
    name = hashlib.sha256(place.encode()).hexdigest()[:12]
    (folder / f"{name}.bin").write_bytes(data)
    (folder / f"{name}.txt").write_text(f"{place}\n{len(data)} bytes\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
