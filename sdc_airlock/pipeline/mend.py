"""Mending one output, inside a worker: read, recognised and planned like any other, and the bytes of the copy handed back."""

from __future__ import annotations

from pathlib import Path

from sdc_airlock.errors import where
from sdc_airlock.model.mending import Mended, Method, Wanted
from sdc_airlock.model.output import OutputFile
from sdc_airlock.pipeline.assess import Bench, alarm, opened, recognised_parts
from sdc_airlock.pipeline.runner import OutOfTime
from sdc_airlock.protect import MOST_BYTES, mend

# what is left of the time of one file for the search, once it is read
_SHARE_OF_TIME = 0.6


def mended(file: OutputFile, wanted: Wanted, bench: Bench) -> Mended:
    """What can be made of one output. Never raises for what the bytes are."""
    method = wanted.method or Method.SUPPRESS
    if file.refusal is not None:
        return Mended(method=method, refusal="it was not taken in: links, devices and files that cannot be opened are left alone")
    if file.size_bytes > MOST_BYTES:
        return Mended(method=method, refusal=f"it is larger than {MOST_BYTES:,} bytes")
    try:
        with alarm(bench.limits.file_seconds):
            found = opened(file, bench.limits)
            parts, broken = recognised_parts(found.content, bench.limits)
            if found.failure or broken:
                return Mended(method=method, refusal=found.failure or broken)
            data = Path(file.staged_path).read_bytes()
            return mend(found.content, parts, data, wanted, seconds=_SHARE_OF_TIME * bench.limits.file_seconds)
    except OutOfTime:
        return Mended(method=method, refusal="the time that one file may take was not enough")
    except Exception as error:  # noqa: BLE001 - whatever breaks off is a refusal, and no copy is written
        return Mended(method=method, refusal=f"mending broke off ({where(error)})")
