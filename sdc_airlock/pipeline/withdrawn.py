"""The list of withdrawn participants: read once for a run, and handed to workers as sorted digests in files that they map into memory.

A list is text with one id a line (or in the first column of a CSV), a database of SQLite, or digests that its keeper made with a
key: lines of hexadecimal digits, HMAC-SHA-256 unless they begin with "blake2b:". A list of which any line cannot be used is refused as a
whole: to check against half of it would be to say that the others are in nobody's file.
"""

from __future__ import annotations

import csv
import io
import os
import re
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sdc_airlock.errors import WithdrawnListError
from sdc_airlock.stats import withdrawn as digests
from sdc_airlock.stats.withdrawn import BLAKE2B, HMAC_SHA256, MOST_DIGITS, MOST_PIECES, PLAIN, Withdrawn

_SQLITE = b"SQLite format 3\0"
_HASHED = re.compile(r"(?:(hmac-sha256|hmac-sha-256|sha256|blake2b)[:$])?([0-9a-f]{32,128})", re.IGNORECASE)
_LONGEST_ID = 200
_LONGEST_KEY = 4096
_BLAKE_KEY = 64
_CHUNK = 200_000
_WORDS, _NUMBERS = "withdrawn-words", "withdrawn-numbers"


@dataclass(frozen=True, slots=True, kw_only=True)
class WithdrawnList:
    """Where a list of withdrawn participants lies, and the key of its digests ("" where it is in plain text)."""

    path: str
    key_path: str = ""


def prepare(given: WithdrawnList, folder: Path) -> dict[str, Any]:
    """Write the digests of a list into a folder.

    Returns:
        What `opened` needs, ready for the pipe to a worker.

    Raises:
        WithdrawnListError: the list or its key cannot be read in full, or there is no id in it.
    """
    key = _key(given.key_path)
    try:
        prepared = _Plain(secrets.token_bytes(32)) if key is None else _Hashed(key)
        for written in _ids(Path(given.path)):
            prepared.add(written)
    except (OSError, UnicodeDecodeError, csv.Error, sqlite3.Error) as error:
        raise WithdrawnListError(
            f"the list of withdrawn participants cannot be read ({type(error).__name__}); nothing was checked"
        ) from error
    return prepared.write(folder)


def opened(prepared: Mapping[str, Any] | None) -> Withdrawn | None:
    """The list as a worker uses it; its files are mapped into memory, so that they are there whatever the worker may open later."""
    if prepared is None:
        return None
    words = _mapped(prepared["words_path"], prepared["words"] * 2).reshape(-1, 2)
    shapes = prepared["shapes"]
    return Withdrawn(
        scheme=prepared["scheme"],
        key=bytes.fromhex(prepared["key"]),
        words=words,
        numbers=_mapped(prepared["numbers_path"], prepared["numbers"]),
        shapes=None if shapes is None else frozenset(shapes),
        lengths={int(length): count for length, count in prepared["lengths"].items()},
        pieces=prepared["pieces"],
        digest_bytes=prepared["digest_bytes"],
    )


def _mapped(path: str, count: int) -> Any:
    """Numbers of a file, mapped; the system refuses to map an empty one."""
    return np.memmap(path, dtype=np.uint64, mode="r", shape=(count,)) if count else np.zeros(0, dtype=np.uint64)


def _key(path: str) -> bytes | None:
    if not path:
        return None
    try:
        with Path(path).open("rb") as stream:
            key = stream.read(_LONGEST_KEY + 1).strip()
    except OSError as error:
        raise WithdrawnListError(f"the key of the list of withdrawn participants cannot be read ({type(error).__name__})") from error
    if not key or len(key) > _LONGEST_KEY:
        raise WithdrawnListError(f"the key of the list of withdrawn participants must hold 1 to {_LONGEST_KEY} bytes")
    return key


def _ids(path: Path) -> Iterator[str]:
    """Ids of a list, as they are written there."""
    with path.open("rb") as stream:
        head = stream.read(len(_SQLITE))
    yield from _from_database(path) if head == _SQLITE else _from_text(path)


def _from_text(path: Path) -> Iterator[str]:
    """The first cell of each line; empty lines and notes (#) are passed over, and so is a header."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        first = True
        for line in stream:
            if len(line) > 1 << 20:
                raise WithdrawnListError("a line of the list of withdrawn participants is too long")
            stripped = line.strip()
            if not stripped or stripped.startswith("#"):
                continue
            if not stripped.replace("\t", " ").isprintable():
                raise WithdrawnListError("the list of withdrawn participants is no text, or holds control characters; nothing was checked")
            written = _first_cell(stripped)
            header = first and not any(character.isdigit() for character in written)
            first = False
            if written and not header:
                yield written


def _first_cell(line: str) -> str:
    if not any(mark in line for mark in ',;\t"'):
        return line
    separator = next((mark for mark in "\t,;" if mark in line), ",")
    return next(csv.reader(io.StringIO(line), delimiter=separator))[0].strip().strip("'")


def _from_database(path: Path) -> Iterator[str]:
    """The first column of the one table, or of the one whose name begins with "withdrawn"."""
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as connection:
        names = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")]
        chosen = names if len(names) == 1 else [name for name in names if name.lower().startswith("withdrawn")]
        if len(chosen) != 1:
            raise WithdrawnListError("the database of withdrawn participants must hold one table, or one whose name begins with withdrawn")
        table = '"' + chosen[0].replace('"', '""') + '"'
        for value, *_ in connection.execute(f"SELECT * FROM {table}"):  # noqa: S608 - the name of a table cannot be a parameter
            if isinstance(value, bytes):
                raise WithdrawnListError("the first column of the database of withdrawn participants holds no text and no numbers")
            written = "" if value is None else str(int(value)) if isinstance(value, float) and value.is_integer() else str(value).strip()
            if written:
                yield written


class _Plain:
    """Ids in plain text: whole numbers apart from words, both digested as they come."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._make = digests.hasher(PLAIN, key, digests.DIGEST_BYTES)
        self._numbers: list[Any] = []
        self._waiting: list[int] = []
        self._words: set[bytes] = set()
        self._shapes: set[str] = set()
        self._lengths: Counter[int] = Counter()
        self._pieces = 1

    def add(self, written: str) -> None:
        """Take in one id."""
        exact = digests.canonical(next(iter(digests.candidates(written, MOST_PIECES)), "") if _is_whole(written) else written)
        if not exact or len(exact) > _LONGEST_ID:
            raise WithdrawnListError("a line of the list of withdrawn participants holds no id, or one that is too long")
        if exact.isascii() and exact.isdecimal() and len(exact) <= MOST_DIGITS:
            self._lengths[len(exact)] += 1
            self._waiting.append(int(exact))
            if len(self._waiting) >= _CHUNK:
                self._settle()
            return
        pieces = exact.count("-") + 1
        if pieces > MOST_PIECES:
            raise WithdrawnListError(f"an id in the list of withdrawn participants has more than {MOST_PIECES} pieces")
        self._pieces = max(self._pieces, pieces)
        self._words.add(self._make(exact.encode()))
        self._shapes.add(digests.shape(exact))

    def _settle(self) -> None:
        self._numbers.append(digests.mixed(np.array(self._waiting, dtype=np.int64), self._key))
        self._waiting = []

    def write(self, folder: Path) -> dict[str, Any]:
        """The files, and what they hold."""
        self._settle()
        numbers = np.unique(np.concatenate(self._numbers))
        words = digests.sorted_pairs(digests.digests_of(self._words))
        return _written(
            folder, words, numbers,
            {"scheme": PLAIN, "key": self._key.hex(), "shapes": sorted(self._shapes), "lengths": self._lengths, "pieces": self._pieces, "digest_bytes": digests.DIGEST_BYTES},
        )  # fmt: skip


class _Hashed:
    """Digests that the keeper of the list made."""

    def __init__(self, key: bytes) -> None:
        self._key = key
        self._words: set[bytes] = set()
        self._kinds: set[tuple[str, int]] = set()

    def add(self, written: str) -> None:
        """Take in one digest."""
        match = _HASHED.fullmatch(written)
        if match is None or len(match[2]) % 2:
            raise WithdrawnListError("a key was given, but a line of the list of withdrawn participants is no digest in hexadecimal digits")
        digest = bytes.fromhex(match[2])
        self._kinds.add((BLAKE2B if (match[1] or "").lower() == BLAKE2B else HMAC_SHA256, len(digest)))
        self._words.add(digest[: digests.DIGEST_BYTES])

    def write(self, folder: Path) -> dict[str, Any]:
        """The files, and what they hold."""
        if len(self._kinds) != 1:
            raise WithdrawnListError("the list of withdrawn participants holds no digest, or digests of several kinds; nothing was checked")
        ((scheme, size),) = self._kinds
        if scheme == HMAC_SHA256 and size > 32:
            raise WithdrawnListError("the digests in the list of withdrawn participants are too long for HMAC-SHA-256")
        if scheme == BLAKE2B and (len(self._key) > _BLAKE_KEY or size > _BLAKE_KEY):
            raise WithdrawnListError(f"blake2b takes keys and makes digests of at most {_BLAKE_KEY} bytes")
        words = digests.sorted_pairs(digests.digests_of(self._words))
        return _written(
            folder, words, np.zeros(0, dtype=np.uint64),
            {"scheme": scheme, "key": self._key.hex(), "shapes": None, "lengths": {0: len(words)}, "pieces": MOST_PIECES, "digest_bytes": size},
        )  # fmt: skip


def _is_whole(written: str) -> bool:
    """True for a whole number written with decimals, as spreadsheets do."""
    whole, _, decimals = written.partition(".")
    return whole.isdecimal() and bool(decimals) and not decimals.strip("0")


def _written(folder: Path, words: Any, numbers: Any, rest: dict[str, Any]) -> dict[str, Any]:
    if not len(words) and not len(numbers):
        raise WithdrawnListError("the list of withdrawn participants holds no id; nothing was checked")
    tag = secrets.token_hex(4)
    places = {"words_path": os.fspath(folder / f"{_WORDS}-{tag}"), "numbers_path": os.fspath(folder / f"{_NUMBERS}-{tag}")}
    np.ascontiguousarray(words, dtype=np.uint64).tofile(places["words_path"])
    np.ascontiguousarray(numbers, dtype=np.uint64).tofile(places["numbers_path"])
    for place in places.values():
        Path(place).chmod(0o400)
    return {
        **places,
        "words": len(words),
        "numbers": len(numbers),
        **rest,
        "lengths": {str(at): count for at, count in rest["lengths"].items()},
    }


__all__ = ["WithdrawnList", "opened", "prepare"]
