"""Which requests a batch holds, and where their reports go."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from sdc_airlock.errors import UsageError
from sdc_airlock.hook import MAX_QUESTION_BYTES, asked_of
from sdc_airlock.pipeline.run import Asked
from sdc_airlock.reports.safe import shown

_PLAIN = re.compile(r"[^A-Za-z0-9._-]+")
_LONGEST_NAME = 80


def requests_in(folders: Sequence[Path]) -> list[tuple[str, Asked]]:
    """The requests of a batch, each with a name for its reports that is plain, short and used once.

    Each sub-folder of a folder is a request; what lies in the folder itself, links among it, is one more. A file that is
    named is a manifest in the form that the hook takes, its paths counted from where it lies.

    Raises:
        UsageError: a folder is missing, or a manifest is wrong.
    """
    found = [asked for folder in folders for asked in _requests_of(folder)]
    names = _names(asked.request_id for asked in found)
    return list(zip(names, found, strict=True))


def _requests_of(folder: Path) -> Iterator[Asked]:
    place = shown(os.fspath(folder))
    if not os.path.lexists(folder):
        raise UsageError(f"{place}: there is no such folder; nothing was checked")
    if folder.is_symlink():
        raise UsageError(f"{place}: it is a link, which is not followed; nothing was checked")
    if folder.is_file():
        yield _manifest(folder, place)
        return
    with os.scandir(folder) as listing:
        entries = sorted(listing, key=lambda entry: entry.name)
    loose = [entry.path for entry in entries if not entry.is_dir(follow_symlinks=False)]
    if loose:
        yield Asked(paths=tuple(loose), request_id=shown(folder.resolve().name))
    for entry in entries:
        if entry.is_dir(follow_symlinks=False):
            yield Asked(paths=(entry.path,), request_id=shown(entry.name))


def _manifest(path: Path, place: str) -> Asked:
    with path.open("rb") as stream:
        text = stream.read(MAX_QUESTION_BYTES + 1)
    try:
        asked, profile = asked_of(text)
    except UsageError as error:
        raise UsageError(f"{place}: {error}") from error
    if profile != "default":
        raise UsageError(f"{place}: a batch is judged by one profile; give it with --profile")
    return Asked(
        paths=tuple(os.fspath(path.parent / each) for each in asked.paths),
        request_id=asked.request_id or shown(path.stem),
        requester=asked.requester,
        project=asked.project,
        statement=asked.statement,
    )


def _names(request_ids: Iterable[str]) -> Iterator[str]:
    """A folder name for each request: what stands in a request id is a claim."""
    used: set[str] = set()
    for request_id in request_ids:
        plain = _PLAIN.sub("-", request_id).strip("-.")[:_LONGEST_NAME] or "request"
        name, number = plain, 1
        while name.lower() in used:
            number += 1
            name = f"{plain}-{number}"
        used.add(name.lower())
        yield name


def refuse_reports_among_outputs(out: Path, folders: Iterable[Path]) -> None:
    """Reports do not go where the next batch would take them for outputs.

    Raises:
        UsageError: the folder for reports lies in one that is scanned.
    """
    target = out.resolve()
    for folder in folders:
        scanned = folder.resolve()
        if folder.is_dir() and (target == scanned or scanned in target.parents):
            raise UsageError(f"--out {shown(os.fspath(out))}: it lies in a folder that is scanned; choose another")
