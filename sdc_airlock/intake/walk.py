"""From the paths a person named to outputs, in an order that does not change."""

# ruff: noqa: PTH116, PTH119, PTH120, PTH208 - names are bytes relative to a descriptor, which pathlib does not know

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from sdc_airlock.intake._stage import Refused, look, open_folder, refuse_special, stage
from sdc_airlock.intake.names import as_text, name_oddities, safe_name
from sdc_airlock.limits import Limits
from sdc_airlock.model.output import OutputFile, Refusal

# each level of folders holds one descriptor open
_DEEPEST = 200


@dataclass(frozen=True, slots=True)
class _Argument:
    path: bytes
    prefix: tuple[str, ...]


@dataclass(slots=True)
class _Level:
    """A folder being walked: its descriptor, the names still to come and the path under the argument."""

    descriptor: int
    names: list[bytes]
    parts: tuple[str, ...]


@dataclass(slots=True)
class _Walk:
    staging: bytes
    limits: Limits
    staging_id: tuple[int, int]
    levels: list[_Level] = field(default_factory=list)

    def argument(self, argument: _Argument) -> Iterator[OutputFile]:
        """Everything under one argument."""
        name = as_text(_last(argument.path))
        try:
            found = look(argument.path, None)
            refuse_special(found)
            if not stat.S_ISDIR(found.st_mode):
                yield self._file(argument.path, None, found, (*argument.prefix, name))
                return
            self._enter(argument.path, None, found, argument.prefix)
        except Refused as refused:
            yield _refusal((*argument.prefix, name), refused)
            return
        try:
            yield from self._descend()
        finally:
            while self.levels:
                os.close(self.levels.pop().descriptor)

    def _descend(self) -> Iterator[OutputFile]:
        while self.levels:
            level = self.levels[-1]
            if not level.names:
                os.close(self.levels.pop().descriptor)
                continue
            name = level.names.pop()
            parts = (*level.parts, as_text(name))
            try:
                found = look(name, level.descriptor)
                refuse_special(found)
                if stat.S_ISDIR(found.st_mode):
                    self._enter(name, level.descriptor, found, parts)
                else:
                    yield self._file(name, level.descriptor, found, parts)
            except Refused as refused:
                yield _refusal(parts, refused)

    def _enter(self, name: bytes, folder: int | None, found: os.stat_result, parts: tuple[str, ...]) -> None:
        if (found.st_dev, found.st_ino) == self.staging_id:
            return
        if len(self.levels) >= _DEEPEST:
            raise Refused(Refusal.TOO_MANY, f"folders are nested deeper than {_DEEPEST}")
        descriptor = open_folder(name, folder, found)
        try:
            names = sorted((os.fsencode(entry) for entry in os.listdir(descriptor)), reverse=True)
        except OSError as error:
            os.close(descriptor)
            raise Refused(Refusal.UNREADABLE, "the folder cannot be listed") from error
        self.levels.append(_Level(descriptor, names, parts))

    def _file(self, name: bytes, folder: int | None, found: os.stat_result, parts: tuple[str, ...]) -> OutputFile:
        try:
            staged = stage(name, folder, found, self.staging, self.limits.expanded_bytes)
        except Refused as refused:
            return _refusal(parts, refused)
        return OutputFile(
            path=_shown(parts),
            claimed_name=safe_name(parts[-1]),
            file_id=staged.sha256,
            size_bytes=staged.size,
            staged_path=staged.path,
            name_oddities=_oddities(parts),
        )


def take_in(paths: Sequence[str | os.PathLike[str]], staging: str | os.PathLike[str], limits: Limits) -> Iterator[OutputFile]:
    """Copy what the paths name into the staging folder and hash the copies.

    Args:
        paths: Files and folders; folders are walked whole, hidden files too, in the order of their names' bytes.
        staging: An existing folder that only this user may enter; copies get random names and mode 0400 in it.
        limits: A file above `expanded_bytes` is refused.
    Returns:
        One output for every file, and one with a `refusal` for everything that was not taken in. Links are never followed,
        devices, sockets and pipes never opened.
    """
    folder = os.fsencode(os.fspath(staging))
    own = os.stat(folder)
    for argument in _arguments(paths):
        yield from _Walk(folder, limits, (own.st_dev, own.st_ino)).argument(argument)


def _arguments(paths: Sequence[str | os.PathLike[str]]) -> list[_Argument]:
    """The arguments, each once; those whose files would show the same path get the name of their folder before it."""
    named = list(dict.fromkeys(_trimmed(os.fsencode(os.fspath(path))) for path in paths))
    if len(named) == 1:
        return [_Argument(named[0], ())]
    firsts = [_first_names(path) for path in named]
    arguments: list[_Argument] = []
    taken: set[str] = set()
    for place, path in enumerate(named):
        clash = any(firsts[place] & other for at, other in enumerate(firsts) if at != place)
        prefix = _prefix(path, taken) if clash else ""
        taken.add(prefix)
        arguments.append(_Argument(path, (prefix,) if prefix else ()))
    return arguments


def _trimmed(path: bytes) -> bytes:
    """Without slashes at the end: with one, the system would follow a link."""
    while len(path) > 1 and path.endswith((b"/", b"/.")):
        path = path[:-1] if path.endswith(b"/") else path[:-2] or b"/"
    return path


def _last(path: bytes) -> bytes:
    """The last name in a path; for "." and ".." that of the folder they stand for."""
    name = os.path.basename(path)
    if name in (b"", b".", b".."):
        with suppress(OSError, ValueError):
            name = os.path.basename(os.path.realpath(path))
    return name or b"/"


def _first_names(path: bytes) -> frozenset[bytes]:
    """The first names of the paths that an argument will give."""
    try:
        if not stat.S_ISDIR(os.stat(path, follow_symlinks=False).st_mode):
            return frozenset({_last(path)})
        return frozenset(os.listdir(path))
    except (OSError, ValueError):
        return frozenset({_last(path)})


def _prefix(path: bytes, taken: set[str]) -> str:
    folder = path
    with suppress(OSError, ValueError):
        if not stat.S_ISDIR(os.stat(path, follow_symlinks=False).st_mode):
            folder = os.path.dirname(path) or b"."
    name = as_text(_last(folder))
    chosen, number = name, 1
    while chosen in taken:
        number += 1
        chosen = f"{name}~{number}"
    return chosen


def _shown(parts: tuple[str, ...]) -> str:
    return "/".join(safe_name(part) for part in parts)


def _oddities(parts: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words for part in parts for words in name_oddities(part)))


def _refusal(parts: tuple[str, ...], refused: Refused) -> OutputFile:
    return OutputFile(
        path=_shown(parts),
        claimed_name=safe_name(parts[-1]),
        file_id="",
        size_bytes=refused.size,
        refusal=refused.refusal,
        refusal_detail=refused.detail,
        name_oddities=_oddities(parts),
    )
