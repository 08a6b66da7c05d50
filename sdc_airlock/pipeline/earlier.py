"""Reports given as earlier releases: they hold no number of the files they are about, and say by digest which files to compare with."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import PurePosixPath
from typing import Any

from sdc_airlock.model.assessment import EARLIER_REPORT, Assessment
from sdc_airlock.model.decision import Outcome
from sdc_airlock.model.filetype import Family, FileType
from sdc_airlock.model.output import OutputFile

_MOST_BYTES = 32 << 20
_BEGINS = re.compile(rb'\s*\{\s*"schema_version"')
_DIGEST = re.compile(r"[0-9a-f]{64}")
_DEEPEST = 60


@dataclass(frozen=True, slots=True)
class Left:
    """An output as a report names it: its path, which is a claim, and the digest of its bytes."""

    path: str
    file_id: str


@dataclass(frozen=True, slots=True)
class EarlierReport:
    """A report of an earlier check.

    Attributes:
        path: Of the report.
        day: When it was made ("2026-03-01"), "" where it does not say.
        outputs: The outputs that may have left, none of those that were refused; `unnamed` counts those without a digest.
    """

    path: str
    day: str
    outputs: tuple[Left, ...]
    unnamed: int = 0


def report_in(file: OutputFile) -> EarlierReport | None:
    """What a staged copy says, where it is a JSON report of this tool; None for any other file."""
    if not file.staged_path:
        return None
    with open(file.staged_path, "rb") as stream:  # noqa: PTH123 - a staged name, made here
        begun = stream.read(200)
        if not _BEGINS.match(begun):
            return None
        data = begun + stream.read(_MOST_BYTES)
    if len(data) > _MOST_BYTES:
        return EarlierReport(file.path, "", (), unnamed=1)
    try:
        said = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return _report(said, file.path) if isinstance(said, dict) else None


def _report(said: dict[str, Any], path: str) -> EarlierReport | None:
    tool, outputs = said.get("tool"), said.get("outputs")
    if not isinstance(tool, dict) or tool.get("name") != "sdc-airlock" or not isinstance(outputs, list):
        return None
    named = [each for each in outputs if isinstance(each, dict) and each.get("outcome") != Outcome.REJECT.word]
    left = [Left(str(each.get("path", "")), str(each["file_id"])) for each in named if _DIGEST.fullmatch(str(each.get("file_id", "")))]
    return EarlierReport(
        path, _day(said.get("started_at")), tuple(left), len(named) - len(left) + sum(not isinstance(each, dict) for each in outputs)
    )


def _day(said: object) -> str:
    """The day of a time in ISO form, "" for anything else."""
    try:
        return datetime.fromisoformat(str(said)).date().isoformat()
    except ValueError:
        return ""


def places_of(left: Left, report: EarlierReport, folders: Iterable[str]) -> Iterator[str]:
    """Where a file may lie that a report names: under its path or its name, in some folders and in that of the report; never outside of them.

    Args:
        left: The file.
        report: The report that names it.
        folders: Folders, or files in them, that a person named.
    """
    parts = _parts(left.path)
    beside = _parts(report.path)[:-1]
    ways = dict.fromkeys(way for way in (parts, parts[1:], parts[-1:]) if way)
    for given in dict.fromkeys(folders):
        folder = given if os.path.isdir(given) else os.path.dirname(given) or "."  # noqa: PTH112, PTH120
        for start in dict.fromkeys(((), beside, beside[1:])):
            for way in ways:
                if (place := _inside(folder, (*start, *way))) is not None:
                    yield place


def _parts(path: str) -> tuple[str, ...]:
    """The names of a path; none where it leads up or starts at the root."""
    parts = PurePosixPath(path).parts
    bad = not parts or len(parts) > _DEEPEST or path.startswith("/") or any(part in (".", "..") or "\0" in part for part in parts)
    return () if bad else parts


def _inside(folder: str, parts: Sequence[str]) -> str | None:
    """The path of an ordinary file in a folder, without a link on the way to it; None where there is none."""
    place = folder
    for part in parts:
        place = os.path.join(place, part)  # noqa: PTH118
        if os.path.islink(place):  # noqa: PTH114
            return None
    return place if os.path.isfile(place) else None  # noqa: PTH113


def not_there(report: EarlierReport, missing: int) -> Assessment:
    """What is left to say of an earlier release of which files are not there to be compared with."""
    when = f" of {report.day}" if report.day else ""
    several = len(report.outputs) + report.unnamed
    failure = f"the earlier release{when} could not be compared: {missing:,} of the {several:,} files that this report names were not found under their digest"
    return Assessment(
        path=report.path,
        claimed_name=report.path.rpartition("/")[2],
        file_id="",
        size_bytes=0,
        file_type=FileType(label=EARLIER_REPORT, family=Family.UNKNOWN),
        failure=failure,
    )


__all__ = ["EarlierReport", "Left", "not_there", "places_of", "report_in"]
