"""SQLite databases from which something was deleted, and their logs: what no query shows is found."""

from __future__ import annotations

import random
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Oddity, OddityKind, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._sqlitewalk import carved, varint
from sdc_airlock.source import Source

PEOPLE = [(f"P{number:05d}", 20 + number % 60, "E11") for number in range(300)]


def read(data: bytes | Path, label: str = "sqlite", limits: Limits | None = None) -> list[Item]:
    """All items of some bytes, or of a file."""
    if isinstance(data, Path):
        source = Source.of_file(str(data), part_id="f", name=data.name, size=data.stat().st_size)
    else:
        source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def rows(items: list[Item], *, hidden: bool) -> set[tuple[Any, ...]]:
    """The rows of all tables that are hidden, or of all that are not."""
    found: set[tuple[Any, ...]] = set()
    for item in items:
        if isinstance(item, Table) and item.hidden is hidden:
            found |= set(zip(*(column.values.to_pylist() for column in item.columns), strict=True))
    return found


def words(items: list[Item]) -> str:
    """All hidden text and rows as one text."""
    texts = [item.text for item in items if isinstance(item, TextPart) and item.hidden]
    return "\n".join([*texts, *(str(row) for row in rows(items, hidden=True))])


def gaps(items: list[Item]) -> list[UnreadReason]:
    """Reasons of the gaps among items."""
    return [item.why for item in items if isinstance(item, Unread)]


def kinds(items: list[Item]) -> set[OddityKind]:
    """Kinds of oddity among items."""
    return {item.kind for item in items if isinstance(item, Oddity)}


def database(path: Path, *steps: str, people: list[tuple[Any, ...]] | None = None) -> Path:
    """A database of people on which some statements were run, each in a transaction of its own."""
    link = sqlite3.connect(path)
    link.execute("PRAGMA secure_delete=OFF")
    link.execute("CREATE TABLE people (id TEXT, age INTEGER, code TEXT)")
    link.executemany("INSERT INTO people VALUES (?, ?, ?)", PEOPLE if people is None else people)
    link.commit()
    for step in steps:
        link.execute(step)
        link.commit()
    link.close()
    return path


def test_an_untouched_database_hides_nothing(tmp_path: Path) -> None:
    """Tables written once leave neither rows nor gaps."""
    items = read(database(tmp_path / "x.db"))
    assert rows(items, hidden=False) == set(PEOPLE)
    assert not rows(items, hidden=True)
    assert not gaps(items)
    assert not kinds(items)


@pytest.mark.parametrize("where", ["rowid % 7 = 0", "rowid BETWEEN 40 AND 60", "rowid > 0"])
def test_deleted_rows_are_found(tmp_path: Path, where: str) -> None:
    """Rows deleted here and there, side by side or all at once still stand in their pages."""
    path = database(tmp_path / "x.db", f"DELETE FROM people WHERE {where}")
    data = path.read_bytes()
    for given in (path, data):
        items = read(given)
        gone = [row for row in set(PEOPLE) - rows(items, hidden=False) if row[0].encode() in data]
        seen = words(items)
        assert len(gone) > 15
        assert sum(row[0] in seen for row in gone) >= 0.95 * len(gone)
        assert OddityKind.HIDDEN_CELLS in kinds(items)
        assert not rows(items, hidden=True) & rows(items, hidden=False)


def test_dropped_tables_are_found(tmp_path: Path) -> None:
    """A table that was dropped lies in free pages, with the statement that made it."""
    steps = ("CREATE TABLE counts (n INTEGER)", "INSERT INTO counts VALUES (31)", "DROP TABLE people")
    items = read(database(tmp_path / "x.db", *steps))
    assert rows(items, hidden=False) == {(31,)}
    assert len(set(PEOPLE) & rows(items, hidden=True)) > 250
    assert "CREATE TABLE people" in words(items)


def test_deleted_numbers_are_found(tmp_path: Path) -> None:
    """Rows without a letter are found by the columns of their table."""
    people = [(number % 3, 1000 + number, number * 0.37) for number in range(300)]
    items = read(database(tmp_path / "x.db", "DELETE FROM people WHERE id = '1'", people=people))
    assert len(rows(items, hidden=True) & {("1", row[1], str(row[2])) for row in people}) > 20


def test_long_rows_are_found_across_pages(tmp_path: Path) -> None:
    """A value of several pages leaves them free."""
    items = read(
        database(tmp_path / "x.db", f"INSERT INTO people VALUES ('P9', 1, '{'diagnosis of P99999 ' * 900}')", "DELETE FROM people")
    )
    assert "diagnosis of P99999" in words(items)


def test_secure_deletion_leaves_nothing(tmp_path: Path) -> None:
    """Pages of zeros hold nothing."""
    path = database(tmp_path / "x.db")
    link = sqlite3.connect(path)
    link.execute("PRAGMA secure_delete=ON")
    link.execute("DELETE FROM people")
    link.commit()
    link.close()
    items = read(path)
    assert not rows(items, hidden=True)
    assert "P000" not in words(items)


def test_numbers_of_rows_that_say_more_are_shown(tmp_path: Path) -> None:
    """An identifier can stand as the number of a row, which no column shows."""
    path = tmp_path / "x.db"
    link = sqlite3.connect(path)
    link.execute("CREATE TABLE t (code TEXT)")
    link.executemany("INSERT INTO t (rowid, code) VALUES (?, ?)", [(9434765919, "E11"), (9434765870, "I10")])
    link.commit()
    link.close()
    assert rows(read(path), hidden=False) == {(9434765919, "E11"), (9434765870, "I10")}


def logs(tmp_path: Path, mode: str) -> bytes:
    """The log of a database that is still open."""
    path = tmp_path / "x.db"
    link = sqlite3.connect(path, isolation_level=None)
    link.execute(f"PRAGMA journal_mode={mode}")
    link.execute("CREATE TABLE people (id TEXT, age INTEGER, code TEXT)")
    link.execute("BEGIN")
    link.executemany("INSERT INTO people VALUES (?, ?, ?)", [*PEOPLE, ("P77777", 3, "x" * 9000)])
    link.execute("COMMIT")
    if mode == "DELETE":
        link.execute("PRAGMA cache_size=1")
        link.execute("BEGIN")
        link.execute("UPDATE people SET code = 'I10', id = upper(id) || 'x'")
    suffix = "-wal" if mode == "WAL" else "-journal"
    shutil.copy(f"{path}{suffix}", tmp_path / "log")
    if mode == "DELETE":
        link.execute("ROLLBACK")
    link.close()
    return (tmp_path / "log").read_bytes()


@pytest.mark.parametrize("mode", ["WAL", "DELETE"])
def test_logs_hold_rows(tmp_path: Path, mode: str) -> None:
    """A write-ahead log holds what was written, a rollback journal what stood there before."""
    items = read(logs(tmp_path, mode), "sqlite_wal")
    assert len(set(PEOPLE) & rows(items, hidden=True)) > 250
    assert OddityKind.HIDDEN_CELLS in kinds(items)
    if mode == "WAL":
        assert ("P77777", 3, "x" * 9000) in rows(items, hidden=True)


def test_virtual_tables_are_never_asked(tmp_path: Path) -> None:
    """Of a full-text index the tables beneath are read."""
    path = tmp_path / "x.db"
    link = sqlite3.connect(path)
    link.execute("CREATE VIRTUAL TABLE notes USING fts4(body)")
    link.execute("INSERT INTO notes VALUES ('patient P00017 was seen')")
    link.commit()
    link.close()
    assert any("patient P00017 was seen" in row for row in rows(read(path), hidden=False))


@pytest.mark.no_cover
def test_damage_is_a_gap_or_less(tmp_path: Path) -> None:
    """Flipped bytes and truncations of databases and logs end in items, never in an error."""
    chance = random.Random(5)
    for data, label in (
        (database(tmp_path / "a.db", "DELETE FROM people WHERE age > 40").read_bytes(), "sqlite"),
        (logs(tmp_path, "WAL"), "sqlite_wal"),
    ):
        for place in range(100, len(data), len(data) // 6):
            assert read(data[:place], label)
        for _ in range(25):
            mutant = bytearray(data)
            for _ in range(6):
                mutant[chance.randrange(len(mutant))] = chance.randrange(256)
            assert read(bytes(mutant), label)


def test_logs_that_are_none_are_a_gap() -> None:
    """Impossible sizes of pages are refused."""
    assert gaps(read(b"\x37\x7f\x06\x82" + bytes(100), "sqlite_wal")) == [UnreadReason.MALFORMED]


def test_noise_gives_no_error() -> None:
    """Any bytes can be searched."""
    chance = random.Random(1)
    for _ in range(50):
        carved(chance.randbytes(400), (), (2, 3), "utf-8", block=chance.random() < 0.5)
    assert varint(bytes([0x81, 0x00]), 0) == (128, 2)
