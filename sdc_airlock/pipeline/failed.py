"""What is left to say of an output whose assessment broke off: it is held, and the reason is told."""

from __future__ import annotations

from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.output import OutputFile

UNKNOWN = FileType(label="unknown", family=Family.UNKNOWN)


def failed(file: OutputFile, failure: str) -> Assessment:
    """An assessment that says only why there is none."""
    return Assessment(
        path=file.path,
        claimed_name=file.claimed_name,
        file_id=file.file_id,
        size_bytes=file.size_bytes,
        file_type=UNKNOWN,
        failure=failure,
    )
