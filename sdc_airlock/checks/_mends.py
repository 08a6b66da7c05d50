"""When `sdc-airlock protect` can mend what a check has found."""

from __future__ import annotations

from dataclasses import replace

from sdc_airlock.checks import Subject
from sdc_airlock.model.finding import Finding
from sdc_airlock.model.recognised import Kind, Recognised

_FORMATS = frozenset({"csv", "xlsx"})
_KINDS = frozenset({Kind.FREQUENCY_TABLE, Kind.MAGNITUDE_TABLE, Kind.SUMMARY_STATISTICS, Kind.SERIES, Kind.DISTRIBUTION})


def with_command(finding: Finding, subject: Subject, part: Recognised) -> Finding:
    """The finding, its remedy naming the command where that writes a safe copy of such a table in such a file."""
    if subject.content.file_type.label not in _FORMATS or part.kind not in _KINDS:
        return finding
    return replace(finding, remedy=f"{finding.remedy} sdc-airlock protect writes such a copy.")


__all__ = ["with_command"]
