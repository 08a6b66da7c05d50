"""DuckDB databases: a gap where the library is absent; where it is there, nothing stored in a file may reach outside it."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source


def read(data: bytes | Path, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes, or of a file."""
    if isinstance(data, Path):
        source = Source.of_file(str(data), part_id="f", name=data.name, size=data.stat().st_size)
    else:
        source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label="duckdb", family=TYPES["duckdb"].family)))


def test_without_the_library_a_database_is_a_gap(monkeypatch: pytest.MonkeyPatch) -> None:
    """What cannot be read is held."""
    monkeypatch.setitem(sys.modules, "duckdb", None)
    (found,) = read(bytes(8) + b"DUCK" + bytes(100))
    assert isinstance(found, Unread)
    assert found.why is UnreadReason.UNSUPPORTED


@pytest.fixture
def database(tmp_path: Path) -> Path:
    """A database with a table, and a view that would read another file."""
    library: Any = pytest.importorskip("duckdb")
    secret = tmp_path / "secret.csv"
    secret.write_text("nhs\n9434765919\n")
    link = library.connect(str(tmp_path / "x.duckdb"))
    link.execute("CREATE TABLE people AS SELECT 'P' || i AS id, 20 + i % 60 AS age, {'a': i} AS s FROM range(500) t(i)")
    link.execute(f"CREATE VIEW outside AS SELECT * FROM read_csv('{secret}')")
    link.close()
    return tmp_path / "x.duckdb"


def test_tables_are_read_and_views_are_text(database: Path) -> None:
    """From a path and from memory alike."""
    for given in (database, database.read_bytes()):
        items = read(given)
        (table,) = [item for item in items if isinstance(item, Table)]
        assert [column.name for column in table.columns] == ["id", "age", "s.a"]
        assert (table.n_rows, table.columns[0].values.to_pylist()[-1]) == (500, "P499")
        assert any("outside" in item.text for item in items if isinstance(item, TextPart))
        assert not any("9434765919" in str(item) for item in items)


def test_large_tables_are_streamed_or_a_gap(database: Path) -> None:
    """A file of its own is read again; a copy of a member is gone by then, so its rows are a gap."""
    limits = Limits(cells=100, sample_rows=10)
    (table,) = [item for item in read(database, limits) if isinstance(item, Table)]
    assert table.batches is not None
    assert sum(batch.num_rows for batch in table.batches()) == 500
    assert UnreadReason.LIMIT in [item.why for item in read(database.read_bytes(), limits) if isinstance(item, Unread)]


def test_damage_is_a_gap(database: Path) -> None:
    """Files cut short are refused."""
    data = database.read_bytes()
    for size in (0, 100, 5000, len(data) // 2):
        assert any(isinstance(item, Unread) for item in read(data[:size]))
