"""Prose, logs, code and e-mail: every table-like block and data literal comes out as a grid."""

from __future__ import annotations

import base64
import gzip
import os
import random
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, GridSource, OddityKind, TextPart, TextRole, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._characters import character_oddities
from sdc_airlock.source import Source


def read(data: bytes | str, label: str = "text", limits: Limits | None = None) -> list[Item]:
    """All items of some bytes of a known type."""
    raw = data.encode() if isinstance(data, str) else data
    source = Source.of_bytes(raw, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def grids(data: bytes | str, label: str = "text") -> list[Grid]:
    """The grids in some bytes."""
    return [item for item in read(data, label) if isinstance(item, Grid)]


def oddities(data: bytes | str, label: str = "text") -> set[OddityKind]:
    """Kinds of the oddities in some bytes."""
    return {item.kind for item in read(data, label) if hasattr(item, "kind")}


STATA = """. tabulate sex agegrp

           |        agegrp
       sex |     young        old |     Total
-----------+----------------------+----------
      Male |       120          3 |       123 
    Female |        98         41 |       139 
-----------+----------------------+----------
     Total |       218         44 |       262 

. 
. count
  262
"""  # noqa: W291 - logs are padded


def test_stata_crosstab() -> None:
    """A two-way table: bars part the margins, blanks the cells, rulers the header; the command is its caption."""
    (grid,) = grids(STATA, "log")
    assert grid.rows[1] == ("sex", "young", "old", "Total")
    assert grid.rows[3] == ("Male", "120", "3", "123")
    assert grid.header_rows == 2
    assert (grid.before, grid.first_row) == (". tabulate sex agegrp", 3)


def test_stata_markup() -> None:
    """The same in Stata's log markup."""
    smcl = """{smcl}
{com}. tab x
{txt}
{ralign 10:sex} {c |}      Freq.     Percent
{hline 11}{c +}{hline 24}
{txt}{ralign 10:Male} {c |}{res}        120       96.00
{txt}{ralign 10:Female} {c |}{res}{col 22}  5{col 31} 4.00
"""
    (grid,) = grids(smcl, "log")
    assert grid.rows[-1] == ("Female", "5", "4.00")


@pytest.mark.parametrize(
    ("printed", "row"),
    [
        ("> table(d$sex)\n\n        female male\n  North     12    3\n  South      5    9\n  West      50   91\n", ("South", "5", "9")),
        ("   id sex  age\n1   1   M 34.5\n2   2   F 61.0\n3   3   M  7.0\n", ("2", "2", "F", "61.0")),
        (
            "     sex  age\n0      M   34\n1      F   61\n..   ...  ...\n98     M    7\n99     F    8\n\n[100 rows x 2 columns]\n",
            ("99", "F", "8"),
        ),
        ("┌──────┬─────┐\n│ sex  │ n   │\n├──────┼─────┤\n│ Male │ 12  │\n│ Fem. │ 3   │\n└──────┴─────┘\n", ("Male", "12")),
        (" sex    | n\n--------+----\n Male   | 12\n Female |  3\n(2 rows)\n", ("Female", "3")),
        ("+------+----+\n| sex  | n  |\n+------+----+\n| Male | 12 |\n| Fem  |  3 |\n+------+----+\n", ("Fem", "3")),
        ("We saw:\nid,age,sex\n1,34,M\n2,61,F\n3,7,M\nand no more.\n", ("2", "61", "F")),
        ("id\tage\n1\t34\n2\t61\n3\t70\n", ("2", "61")),
    ],
    ids=["R table", "R data frame", "pandas", "box drawing", "psql", "mysql", "commas", "tabs"],
)
def test_printed_tables(printed: str, row: tuple[str, ...]) -> None:
    """Print-outs of the usual tools give their cells."""
    assert any(row in grid.rows for grid in grids(printed, "log"))


def test_records_of_named_values() -> None:
    """One block of `name: value` lines a record is a table with a row a record."""
    text = "\n\n".join(f"Name: person {n}\nAge: {30 + n}\nSex: F" for n in range(4))
    (grid,) = grids(text)
    assert grid.source is GridSource.RECORDS
    assert grid.rows[:2] == (("Name", "Age", "Sex"), ("person 0", "30", "F"))
    assert len(grid.rows) == 5


def test_paths_are_no_named_values() -> None:
    """The colon of a drive or an address separates no name from its value."""
    assert not grids("".join(f"file E:\\work\\model{n}.ster saved\n\nnext, C:/data/{n}\n" for n in range(9)), "log")


def test_sequences_under_names() -> None:
    """Strings of symbols, one a person, under `> name` lines."""
    (grid,) = grids("Our data\n\n> foo\n1020\n> bar\n0012\n> toto\n10-0\n")
    assert grid.rows == (("foo", "1020"), ("bar", "0012"), ("toto", "10-0"))


@pytest.mark.parametrize(
    "text",
    [
        "In 2019 we saw 12 people, and in 2020 another 15.\nThat is, all in all,\nnot very many, as it were.\nSo, we think, it is fine.\n"
        * 3,
        "1. Introduction\n2. Methods\n3. Results\n4. Discussion\n",
        "Dear Anna,\n\nthanks for your note.  We will come.\n\nBest,\nBen\n",
        "2024-01-01 10:00:00,123 INFO loaded 1200 rows\n2024-01-01 10:00:01,456 INFO kept 1100 rows\n2024-01-01 10:00:02,789 INFO done 1100 rows\n",
    ],
    ids=["prose", "list", "letter", "log"],
)
def test_prose_is_no_table(text: str) -> None:
    """Sentences, lists and log lines are text alone."""
    assert not grids(text)


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ('df = pd.DataFrame({"id": [1, 2, 3], "age": [34, -5, 61]})', ("2", "-5")),
        ('rows = [{"id": 1, "n": None}, {"id": 2, "n": 4.5}]', ("2", "4.5")),
        ("m = np.array([[0, 1, 2],\n              [2, 1, 0]])", ("2", "1", "0")),
        ("age = [1, 2, 3]\nsex = ['M', 'F', 'M']\n", ("2", "F")),
        ('people = {"a1": {"age": 3, "sex": "M"}, "a2": {"age": 4, "sex": "F"}}', ("a2", "4", "F")),
        ('d <- data.frame(id = c(1L, 2L), sex = factor(c("M", NA)), stringsAsFactors = FALSE)', ("2", "NA")),
        ('d <- tribble(~id, ~n, "a", 1, "b", 2)', ("b", "2")),
        ("INSERT INTO t (id, name) VALUES (1, 'O''Brien'), (2, 'b'),\n (3, 'c');", ("1", "O'Brien")),
        ("m = [1 2 3; 4 5 6; 7 8 9];", ("4", "5", "6")),
        ("const d = [{id: 1, age: 34}, {id: 2, age: 61}];", ("2", "61")),
        ("data a;\ninput id sex $ age;\ndatalines;\n1 M 34\n2 F 61\n3 M 7\n;\nrun;\n", ("2", "F", "61")),
        ("# id,age,sex\n# 1,34,M\n# 2,61,F\n# 3,7,M\nx = 1\n", ("2", "61", "F")),
        ("# d = [[1, 2, 3], [4, 5, 6]]\n", ("4", "5", "6")),
        ("\n".join(f"rows.append([{n}, {n + 30}, 'F'])" for n in range(6)), ("2", "32", "F")),
        ('x = """\nid,age,sex\n1,34,M\n2,61,F\n3,7,M\n"""\n', ("2", "61", "F")),
        ('x = """[{"id": 1, "age": 34}, {"id": 2, "age": 61}]"""\n', ("2", "61")),
    ],
)
def test_data_in_code(code: str, row: tuple[str, ...]) -> None:
    """Constants between brackets, bare lines of data and comments of all languages."""
    assert any(row in grid.rows for grid in grids(code, "code"))


def test_code_without_data_has_no_tables() -> None:
    """Calls, options and short lists of names are no data."""
    code = """
import numpy as np
COLUMNS = ["age", "sex", "region"]
params = {"learning_rate": 0.1, "depth": 3, "seed": 42}
def f(x, y=2):
    return np.linspace(0, 1, 50)[x:y]
for i in range(1, 10):
    plot(i, f(i, 2), color="red")
    axis.set(0, 1)
"""
    assert not grids(code, "code")


def test_data_printed_in_a_log() -> None:
    """A list of records in a log is a table."""
    assert grids('sent: [{"id": 1, "age": 34}, {"id": 2, "age": 61}]\n', "log")[0].rows[1] == ("1", "34")


def encoded(data: bytes) -> str:
    """Base64 on one line."""
    return base64.b64encode(data).decode()


CSV = ("id,age,sex\n" + "".join(f"{n},{20 + n},{'MF'[n % 2]}\n" for n in range(40))).encode()


@pytest.mark.parametrize(
    "blob",
    [encoded(CSV), encoded(gzip.compress(CSV, mtime=0)), CSV.hex(), base64.encodebytes(CSV).decode(), base64.b85encode(CSV).decode()],
    ids=["base64", "gzip", "hex", "wrapped", "base85"],
)
def test_encoded_data_is_told_and_read(blob: str) -> None:
    """A table encoded in text is an oddity, and its cells are read."""
    items = read(f"note\n{blob}\nend\n")
    assert any(getattr(item, "kind", None) is OddityKind.ENCODED_BLOB for item in items)
    assert any(isinstance(item, Grid) and ("3", "23", "F") in item.rows for item in items)


def test_sequences_hashes_and_words_are_no_blobs() -> None:
    """Bases, checksums and long paths are not encoded data."""
    text = "ACGT" * 100 + "\n" + "\n".join(random.Random(1).randbytes(32).hex() for _ in range(50)) + "\n" + "some/long_path/" * 30
    assert OddityKind.ENCODED_BLOB not in oddities(text)


def test_random_bytes_in_base64_are_told() -> None:
    """What decodes to nothing known is still told of."""
    assert OddityKind.ENCODED_BLOB in oddities(encoded(random.Random(1).randbytes(3000)))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("a\u202eb", OddityKind.BIDIRECTIONAL_CONTROLS),
        ("a\u200bb", OddityKind.ZERO_WIDTH_CHARACTERS),
        ("1\u00ad2", OddityKind.ZERO_WIDTH_CHARACTERS),
        ("x\u200dy", OddityKind.ZERO_WIDTH_CHARACTERS),
        ("t\U000e0041", OddityKind.ZERO_WIDTH_CHARACTERS),
        ("a\x08b", OddityKind.CONTROL_CHARACTERS),
    ],
)
def test_hidden_characters(text: str, kind: OddityKind) -> None:
    """Characters that hide or disguise text are counted."""
    (oddity,) = character_oddities("f", text)
    assert (oddity.kind, oddity.size) == (kind, 1)


@pytest.mark.parametrize(
    "text",
    [
        "\ufeffa",
        "trans\u00adform",
        "\u0645\u06cc\u200c\u062e\u0648\u0645",
        "क्\u200dष",
        "👩\u200d⚕\ufe0f",
        "\x1b[31mred\x1b[0m\f\t",
        "עברית\u200f.",
    ],
)
def test_ordinary_characters(text: str) -> None:
    """What spelling, emoji and terminals need is no oddity."""
    assert not list(character_oddities("f", text))


MESSAGE = b"""From: a@example.org
Subject: results
MIME-Version: 1.0
Content-Type: multipart/mixed; boundary="XX"

--XX
Content-Type: text/plain

  sex    n
male    12
female   3
other    7

--XX
Content-Type: text/csv; name="a.csv"
Content-Disposition: attachment; filename="a.csv"
Content-Transfer-Encoding: base64

aWQsYWdlCjEsMzQKMiwzNQozLDM2Cg==
--XX--
"""


def test_email() -> None:
    """Headers are metadata, the body is text with its table, the attachment is read."""
    items = read(MESSAGE, "email")
    assert any(isinstance(item, TextPart) and item.role is TextRole.METADATA and "results" in item.text for item in items)
    found = [item.rows for item in items if isinstance(item, Grid)]
    assert any(("female", "3") in rows for rows in found)
    assert any(("2", "35") in rows for rows in found)


def test_text_beyond_the_cap_is_a_gap() -> None:
    """The first part of a long text is read, the rest is a gap."""
    items = read("word " * 1000, limits=Limits(text_bytes=1000))
    assert any(isinstance(item, Unread) and item.limit_name == "text_bytes" for item in items)
    assert any(isinstance(item, TextPart) for item in items)


@given(st.text(max_size=400), st.sampled_from(["text", "log", "code", "email"]))
def test_any_text_is_represented(text: str, label: str) -> None:
    """Whatever the text, its letters and digits are in the parts, and nothing breaks."""
    items = read(text.encode("utf-8", "ignore"), label)
    found = " ".join(item.text for item in items if isinstance(item, TextPart))
    found += " ".join(cell for item in items if isinstance(item, Grid) for row in item.rows for cell in row)
    if label != "email":
        for run in re.findall(r"[A-Za-z0-9]+", text):
            assert run in found


HOSTILE = {
    "open brackets": b"[" * 200_000,
    "nested": b"(" * 50_000 + b")" * 50_000,
    "quotes": b'"' * 200_000,
    "escapes": b'"\\' * 100_000,
    "triple": b'"""\\\n' * 40_000,
    "double spaced": b"  12   13\n\n" * 20_000,
    "bars": b"|" * 200_000,
    "dashes": (b"-" * 100 + b"\n") * 2_000,
    "pairs": b"a: b\n" * 50_000,
    "base64": b"QUJD" * 100_000,
    "random": os.urandom(200_000),
    "numbers": b"1,2,3\n" * 50_000,
}


@pytest.mark.no_cover
@pytest.mark.parametrize("data", HOSTILE.values(), ids=HOSTILE.keys())
@pytest.mark.parametrize("label", ["text", "code"])
def test_hostile_text_is_read_to_its_end(data: bytes, label: str) -> None:
    """What drives careless parsers round in circles is read to its end (the run as a whole has a limit of time)."""
    assert read(data, label)
