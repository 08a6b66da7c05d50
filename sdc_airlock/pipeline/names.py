"""The names of all outputs of a request, read together: a name can carry a record as well as a file can."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any

from sdc_airlock.checks import Check, Subject
from sdc_airlock.limits import Limits
from sdc_airlock.model.assessment import Assessment
from sdc_airlock.model.checkrun import CheckRun
from sdc_airlock.model.content import Content
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.pipeline.runner import run_on_output
from sdc_airlock.readers import Reading, sort_items
from sdc_airlock.readers._names import name_items
from sdc_airlock.recognise import recognise

PART = "names of outputs"
_CHECKS = frozenset({"individual_rows", "genotypes", "anomalous_format"})


def run_on_names(
    assessments: Sequence[Assessment], checks: Sequence[Check], params: Mapping[str, Mapping[str, Any]], limits: Limits
) -> tuple[CheckRun, ...]:
    """The checks for records, genotypes and encoded data on the names of the outputs; nothing where the names are few and short."""
    reading = Reading(limits=limits, deadline=time.monotonic() + limits.file_seconds)
    parts, unread, oddities = sort_items(name_items(PART, [assessment.path for assessment in assessments], reading, depth=0))
    if not parts and not oddities:
        return ()
    content = Content(file_id="", file_type=FileType(label="text", family=Family.TEXT), parts=parts, unread=unread, oddities=oddities)
    subject = Subject(claimed_name=PART, size_bytes=0, content=content, recognised=recognise(content, limits))
    return run_on_output(subject, [check for check in checks if check.id in _CHECKS], params)
