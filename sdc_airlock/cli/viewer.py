"""A folder that SACRO-Viewer opens: copies of the outputs as they were judged, their checksums, and the record of a session."""

from __future__ import annotations

import hashlib
import json
import math
import os
import secrets
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from sdc_airlock.checks import checks
from sdc_airlock.errors import UsageError
from sdc_airlock.model.output import OutputFile
from sdc_airlock.pipeline.run import Asked, Judge
from sdc_airlock.reports import RequestResult, acro_session, html_report, json_report
from sdc_airlock.reports.acro_session import NOTE, RECORD, Record
from sdc_airlock.reports.notes import notes_of
from sdc_airlock.reports.safe import shown

_NOTE = (
    "Of some entries there is no copy here: the output could not be taken in, changed while it was judged, or is not in the request.\n"
    "Approving this note releases this note alone. What was found stands in the comments, and in sdc-airlock/report.html.\n"
)


def refuse_folder(folder: Path, inspected: Iterable[Path]) -> None:
    """Nothing is written into what is judged, nor over what is there.

    Raises:
        UsageError: the folder is not empty, lies in an inspected folder or holds one, or has nowhere to go.
    """
    place = f"--acro {shown(os.fspath(folder))}"
    if folder.is_symlink() or (folder.exists() and not folder.is_dir()) or (folder.is_dir() and any(folder.iterdir())):
        raise UsageError(f"{place}: something is there already; name a folder that is new or empty")
    target = folder.resolve()
    if not target.parent.is_dir():
        raise UsageError(f"{place}: the folder it would lie in is not there; nothing was checked")
    for path in inspected:
        judged = path.resolve()
        if target == judged or judged in target.parents or target in judged.parents:
            raise UsageError(f"{place}: it lies in what is to be judged, or the other way round; choose another")


class ViewerFolder:
    """Keeps copies of outputs while they are judged, and makes a folder of them under its name when all is written.

    Args:
        folder: Where it goes; new or empty, its parent there.
        text_bytes: Largest record of a session that is read.
    """

    def __init__(self, folder: Path, text_bytes: int) -> None:
        self._folder = folder
        self._text_bytes = text_bytes
        self._staged = folder.resolve().with_name(f".{secrets.token_hex(8)}.part")
        self._copies: dict[str, Path] = {}
        self._staged.mkdir()

    def __enter__(self) -> Self:
        """Nothing: the folder was made with this object."""
        return self

    def __exit__(self, *_: object) -> None:
        """Leave no copies behind where this was broken off."""
        shutil.rmtree(self._staged, ignore_errors=True)

    def keep(self, file: OutputFile) -> None:
        """Keep a copy of the staged bytes of an output.

        Raises:
            OSError: it cannot be written.
        """
        copy = self._staged / f".{len(self._copies)}"
        shutil.copyfile(file.staged_path, copy)
        self._copies[file.path] = copy

    def write(self, result: RequestResult) -> None:
        """Name the copies, write checksums, reports and the record, and move it all to its place.

        Raises:
            OSError: it cannot be written.
        """
        records = list(self._records(result))
        names = acro_session.flat_names(list(self._copies))
        digests = {file.path: file.file_id for file in result.request.files}
        checksums, reports = self._staged / "checksums", self._staged / "sdc-airlock"
        checksums.mkdir()
        reports.mkdir()
        for path, name in names.items():
            self._copies[path].rename(self._staged / name)
            self._checksum(name, digests[path])
        _write(reports / "report.json", json_report.render(result))
        _write(reports / "report.html", html_report.render(result, notes_of(checks().values())))
        text = acro_session.render(result, names, records)
        for name, written in ((RECORD, text), (NOTE, _NOTE)):
            if name == RECORD or f'"{NOTE}"' in text:
                _write(self._staged / name, written)
                self._checksum(name, _digest(written))
        self._staged.replace(self._folder)

    def _checksum(self, name: str, digest: str) -> None:
        _write(self._staged / "checksums" / f"{name}.txt", digest)

    def _records(self, result: RequestResult) -> Iterator[Record]:
        """Records of sessions among the outputs, as far as they can be read."""
        for assessment in result.assessments:
            copy = self._copies.get(assessment.path)
            if copy is not None and acro_session.is_record(assessment) and copy.stat().st_size <= self._text_bytes:
                said = _json(copy)
                if isinstance(said, dict):
                    yield Record(path=assessment.path, said=said)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_bytes(), parse_constant=_finite, parse_float=_finite)
    except (ValueError, RecursionError):
        return None


def _finite(text: str) -> float | None:
    """JSON has no NaN and no infinity; where a record has one, it is left out."""
    number = float(text)
    return number if math.isfinite(number) else None


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _write(path: Path, text: str) -> None:
    with path.open("x", encoding="utf-8", newline="\n") as stream:
        stream.write(text)


def judged(judge: Judge, asked: Asked, advance: Callable[[int], None], folder: Path | None) -> RequestResult:
    """Judge a request; where a folder is named, write it there for SACRO-Viewer.

    Raises:
        OSError: it cannot be written.
    """
    if folder is None:
        return judge.judge(asked, advance)
    with ViewerFolder(folder, judge.profile.limits.text_bytes) as viewer:
        result = judge.judge(asked, advance, viewer.keep)
        viewer.write(result)
    return result
