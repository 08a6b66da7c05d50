"""What a worker does once it is locked in: load what reads files, then one output after the other."""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, BinaryIO

from sdc_airlock.checks import RequestSubject, checks
from sdc_airlock.errors import where
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun
from sdc_airlock.model.mending import Mended, Wanted
from sdc_airlock.model.output import OutputFile
from sdc_airlock.model.sandbox import Protection
from sdc_airlock.pipeline._confine import OPEN_FILES, Plan, allow_seconds, cap
from sdc_airlock.pipeline.assess import Bench, assess
from sdc_airlock.pipeline.codec import decode, encode
from sdc_airlock.pipeline.failed import failed
from sdc_airlock.pipeline.mend import mended
from sdc_airlock.pipeline.names import run_on_names
from sdc_airlock.pipeline.runner import run_on_request
from sdc_airlock.pipeline.small import run_on_small
from sdc_airlock.pipeline.wire import pack, receive
from sdc_airlock.pipeline.withdrawn import opened
from sdc_airlock.readers import readers

# how long one thread may keep the interpreter while others wait for it: those that work over whole columns need it often, and for a moment
_TURN_SECONDS = 0.0005


def serve(incoming: BinaryIO, outgoing: BinaryIO, plan: Plan, protections: tuple[Protection, ...]) -> int:
    """Be set up, say what holds, and answer jobs until the parent closes the pipe; the status to end with."""
    sys.setswitchinterval(_TURN_SECONDS)
    _preload()
    setup = receive(incoming)
    if setup is None:
        return 0
    limits = decode(setup["limits"], Limits)
    rules = _frozen(setup["rules"])
    bench = Bench(
        checks=tuple(checks().values()),
        params={check.id: {rule: rules[rule] for rule in check.rules if rule in rules} for check in checks().values()},
        limits=limits,
        withdrawn=opened(setup.get("withdrawn")),
    )
    held = (*protections, *cap(plan.scratch, address_bytes=setup["address_bytes"], file_bytes=limits.member_bytes))
    _send(outgoing, {"ready": True, "protections": list(held)})
    while (message := receive(incoming)) is not None:
        allow_seconds(limits.file_seconds * setup["cores"])
        for answer in _answers(message, bench):
            _send(outgoing, {"seq": message["seq"], **answer})
    return 0


def _preload() -> None:
    """Import what nearly every file needs, before the first one is waiting; none of it becomes garbage, so nobody need look for garbage in it."""
    readers()
    checks()
    import pyarrow as pa
    import pyarrow.compute

    # with its first array Arrow imports pandas where there is one, a third of a second for nothing: no file is read by way of pandas objects
    sys.meta_path.insert(0, _NoPandas)
    try:
        pa.array([0])
    finally:
        sys.meta_path.remove(_NoPandas)
    gc.freeze()
    gc.enable()


class _NoPandas:
    """A finder of modules that says that there is no pandas."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> None:
        """Nothing, which leaves other modules to the other finders.

        Raises:
            ModuleNotFoundError: it is pandas that is looked for.
        """
        if name == "pandas":
            raise ModuleNotFoundError(name)


def _frozen(value: Any) -> Any:
    """Parameters as the profile gives them: JSON has turned its tuples into lists."""
    if isinstance(value, list):
        return tuple(_frozen(item) for item in value)
    if isinstance(value, dict):
        return {name: _frozen(item) for name, item in value.items()}
    return value


def _answers(message: dict[str, Any], bench: Bench) -> Iterator[dict[str, Any]]:
    yield {"started": True}
    if "file" in message:
        yield {"assessment": _assessment(decode(message["file"], OutputFile), bench), **_state()}
    elif "mend" in message:
        copy = mended(decode(message["mend"], OutputFile), decode(message["wanted"], Wanted), bench)
        yield {"mended": encode(copy, Mended), **_state()}
    elif "together" in message:
        yield {"runs": _encoded(_together(_assessments(message["together"]), bench)), **_state()}
    else:
        assessments = _assessments(message["request"])
        whole = RequestSubject(assessments=assessments, statement=message["statement"], earlier=_assessments(message["earlier"]))
        runs = run_on_request(whole, bench.checks, bench.params)
        yield {"runs": _encoded(runs if message["apart"] else (*runs, *_together(assessments, bench))), **_state()}


def _together(assessments: Sequence[Assessment], bench: Bench) -> tuple[CheckRun, ...]:
    """What the names and the small ones of all outputs say, read together."""
    names = run_on_names(assessments, bench.checks, bench.params, bench.limits)
    return (*names, *run_on_small(assessments, bench.checks, bench.params, bench.limits))


def _assessments(told: Iterable[Any]) -> tuple[Assessment, ...]:
    return tuple(decode(each, Assessment) for each in told)


def _encoded(runs: Iterable[CheckRun]) -> list[Any]:
    return [encode(run, CheckRun) for run in runs]


def _assessment(file: OutputFile, bench: Bench) -> Any:
    try:
        found = encode(assess(file, bench), Assessment)
        pack(found)
    except Exception as error:  # noqa: BLE001 - whatever breaks off holds this file and no other
        found = encode(failed(file, f"judging broke off ({where(error)})"), Assessment)
    return found


def _state() -> dict[str, int]:
    """Bytes of memory in use and descriptors that are open, 0 where the system does not say."""
    return {"resident": _resident(), "open_files": _open_files()}


def _open_files() -> int:
    try:
        return len(os.listdir("/proc/self/fd"))  # noqa: PTH208
    except OSError as error:
        # there may not be a single one left to look with
        return OPEN_FILES if error.errno == errno.EMFILE else 0


def _resident() -> int:
    try:
        with open("/proc/self/statm", "rb") as stream:  # noqa: PTH123
            return int(stream.read().split()[1]) * os.sysconf("SC_PAGESIZE")
    except (OSError, ValueError, IndexError):
        return 0


def _send(outgoing: BinaryIO, message: dict[str, Any]) -> None:
    """All of a message, whatever the pipe takes at a time."""
    data = memoryview(pack(message))
    while data:
        data = data[outgoing.write(data) :]
