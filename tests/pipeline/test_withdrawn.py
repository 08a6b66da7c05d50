"""Preparing a list of withdrawn participants."""

from __future__ import annotations

import hmac
import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from sdc_airlock.errors import WithdrawnListError
from sdc_airlock.pipeline.withdrawn import WithdrawnList, opened, prepare
from sdc_airlock.stats.withdrawn import Withdrawn

Prepared = Callable[..., Withdrawn]


@pytest.fixture
def prepared(tmp_path: Path) -> Prepared:
    """Prepares the text of a list, as it would reach a worker."""

    def make(text: str, key: str = "") -> Withdrawn:
        (tmp_path / "list").write_text(text, encoding="utf-8")
        if key:
            (tmp_path / "key").write_text(key, encoding="utf-8")
        given = WithdrawnList(path=str(tmp_path / "list"), key_path=str(tmp_path / "key") if key else "")
        found = opened(json.loads(json.dumps(prepare(given, tmp_path))))
        assert found is not None
        return found

    return make


@pytest.mark.parametrize(
    "text",
    [
        "4120876\n2777301\n",
        "\ufeffeid\r\n4120876\r\n\r\n2777301\r\n",
        "# withdrawn in March\n04120876\n2777301.0\n",
        'eid,date\n"4120876",2024-03-01\n2777301,2024-03-02\n',
        "eid;date\n4120876;1\n2777301;2\n",
        "'4120876'\n'2777301'\n",
    ],
)
def test_forms_of_a_list(text: str, prepared: Prepared) -> None:
    """One id a line, with a header, notes, quotes, zeros or further columns."""
    assert prepared(text).in_words(["4120876", "x2777301", "2777301", "4120877", "eid", "2024-03-01"]).tolist() == [-7, 0, -7, 0, 0, 0]


def test_words_and_numbers(prepared: Prepared) -> None:
    """Ids with letters are found too, and words of another shape are not even looked up."""
    listed = prepared("LP3000412-DNA_C07\n4120876\nKX-0041\n")
    assert listed.shapes == {"aa9999999-aaa-a99", "aa-9999"}
    assert listed.in_words(["kx_0041", "KX-0042", "LP3000412-DNA_C07.bam"]).tolist() == [7, 0, 17]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", ""),
        ("\n# nothing\n", ""),
        ("eid\n", ""),
        ("4120876\n", "a key"),
        ("\x00\x01" * 300 + "9", ""),
        ("a-1-b-2-c-3-d-4\n", ""),
        ("a1" * 32 + "\n" + "blake2b:" + "cd" * 32 + "\n", "a key"),
        ("12" * 40 + "\n", "a key"),
    ],
)
def test_lists_that_are_refused(text: str, key: str, prepared: Prepared) -> None:
    """An empty list, one that mixes kinds, and a line that cannot be used are refused as a whole."""
    with pytest.raises(WithdrawnListError):
        prepared(text, key)


def test_missing_files(tmp_path: Path) -> None:
    """A list or a key that is not there is no empty list; neither is one that is no text."""
    with pytest.raises(WithdrawnListError, match="cannot be read"):
        prepare(WithdrawnList(path=str(tmp_path / "none")), tmp_path)
    (tmp_path / "list").write_bytes(b"\xff\xfe4120876\n")
    with pytest.raises(WithdrawnListError, match="cannot be read"):
        prepare(WithdrawnList(path=str(tmp_path / "list")), tmp_path)
    with pytest.raises(WithdrawnListError, match="key"):
        prepare(WithdrawnList(path=str(tmp_path / "list"), key_path=str(tmp_path / "none")), tmp_path)


def test_keyed_digests(prepared: Prepared) -> None:
    """A keeper may hand out digests and a key instead of ids."""
    made = [hmac.digest(b"a key", each, "sha256").hex() for each in (b"4120876", b"2777301")]
    assert prepared("\n".join(made), "a key\n").in_words(["P_4120876", "4120877"]).tolist() == [-7, 0]


@pytest.mark.parametrize("table", ["withdrawn_2024", "people"])
def test_databases(table: str, tmp_path: Path) -> None:
    """The first column of the one table of a database, or of the one that is named after withdrawing."""
    path = tmp_path / "list.db"
    with sqlite3.connect(path) as connection:
        connection.execute(f"CREATE TABLE {table} (eid, since)")
        connection.executemany(f"INSERT INTO {table} VALUES (?, ?)", [(4120876, "a"), ("2777301", "b"), (3310021.0, "c"), (None, "d")])
        if table.startswith("withdrawn"):
            connection.execute("CREATE TABLE other (x)")
    connection.close()
    listed = opened(prepare(WithdrawnList(path=str(path)), tmp_path))
    assert listed is not None
    assert listed.in_words(["4120876", "2777301", "3310021", "1"]).tolist() == [-7, -7, -7, 0]


def test_databases_of_several_tables(tmp_path: Path) -> None:
    """Which table is meant is not guessed."""
    with sqlite3.connect(tmp_path / "list.db") as connection:
        connection.execute("CREATE TABLE a (x)")
        connection.execute("CREATE TABLE b (x)")
    connection.close()
    with pytest.raises(WithdrawnListError, match="one table"):
        prepare(WithdrawnList(path=str(tmp_path / "list.db")), tmp_path)


def test_no_id_is_kept_in_plain(tmp_path: Path) -> None:
    """What lies in the scratch folder are digests under a key of the run."""
    (tmp_path / "list").write_text("4120876\nKX-004199\n", encoding="utf-8")
    told = prepare(WithdrawnList(path=str(tmp_path / "list")), tmp_path)
    (tmp_path / "list").unlink()
    written = b"".join(path.read_bytes() for path in tmp_path.iterdir())
    assert b"4120876" not in written + json.dumps(told).encode()
    assert b"004199" not in written + json.dumps(told).encode()
    assert (4120876).to_bytes(8, "little") not in written


@pytest.mark.no_cover
def test_many_ids(prepared: Prepared) -> None:
    """The cost of a lookup does not grow with the list."""
    listed = prepared("\n".join(str(number) for number in range(1_000_000, 1_300_000)))
    assert listed.lengths == {7: 300_000}
    assert listed.in_words([str(number) for number in range(1_299_000, 1_301_000)]).astype(bool).sum() == 1_000
