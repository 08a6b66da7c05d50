"""R objects and workspaces, built byte by byte as R serializes them."""

from __future__ import annotations

import bz2
import gzip
import lzma
import math
import struct
import zlib
from typing import Any

import pyarrow as pa
import pytest

from sdc_airlock.identify import identify
from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Oddity, OddityKind, Serialized, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.model.learnt import Holding
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

NULL = struct.pack(">i", 254)
MISSING = -(2**31)


def flags(kind: int, *, attributes: bool = False, tag: bool = False) -> bytes:
    """The word before an item."""
    return struct.pack(">i", kind | (attributes << 9) | (tag << 10))


def chars(text: str | None) -> bytes:
    """One string cell."""
    if text is None:
        return flags(9) + struct.pack(">i", -1)
    raw = text.encode()
    return flags(9) + struct.pack(">i", len(raw)) + raw


def symbol(name: str) -> bytes:
    """A symbol written for the first time."""
    return flags(1) + chars(name)


def pairs(found: dict[str, bytes]) -> bytes:
    """A pair list with tags."""
    return b"".join(flags(2, tag=True) + symbol(name) + value for name, value in found.items()) + NULL


def item(kind: int, body: bytes, length: int, attributes: dict[str, bytes] | None = None) -> bytes:
    """A vector with attributes."""
    return flags(kind, attributes=bool(attributes)) + struct.pack(">i", length) + body + (pairs(attributes) if attributes else b"")


def integers(*values: int, **attributes: bytes) -> bytes:
    """An integer vector."""
    return item(13, struct.pack(f">{len(values)}i", *values), len(values), attributes)


def reals(*values: float, **attributes: bytes) -> bytes:
    """A numeric vector."""
    return item(14, struct.pack(f">{len(values)}d", *values), len(values), attributes)


def strings(*values: str | None, **attributes: bytes) -> bytes:
    """A character vector."""
    return item(16, b"".join(map(chars, values)), len(values), attributes)


def listed(found: dict[str, bytes], **attributes: bytes) -> bytes:
    """A list with names."""
    return item(19, b"".join(found.values()), len(found), {"names": strings(*found), **attributes})


def frame(found: dict[str, bytes], rows: int) -> bytes:
    """A data frame with automatic row names."""
    return listed(found, **{"class": strings("data.frame"), "row.names": integers(MISSING, -rows)})


def rds(body: bytes) -> bytes:
    """A serialized object of version 3."""
    return b"X\n" + struct.pack(">iii", 3, 0x40301, 0x30500) + struct.pack(">i", 5) + b"UTF-8" + body


def workspace(**objects: bytes) -> bytes:
    """A workspace of version 2."""
    return b"RDX2\nX\n" + struct.pack(">iii", 2, 0x40301, 0x20300) + pairs(objects)


def read(data: bytes, limits: Limits | None = None) -> list[Item]:
    """All items of some R data."""
    label = "rdata" if data.startswith(b"RD") else "rds"
    source = Source.of_bytes(data, part_id="f.rds", name="f.rds")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def tables(items: list[Item]) -> list[dict[str, list[Any]]]:
    """The tables among items, as columns by name."""
    return [{column.name: column.values.to_pylist() for column in part.columns} for part in items if isinstance(part, Table)]


FACTOR = integers(1, 2, MISSING, levels=strings("F", "M"), **{"class": strings("factor")})
PEOPLE = frame(
    {
        "id": strings("P1", "P2", None),
        "sex": FACTOR,
        "age": integers(34, MISSING, 29),
        "bmi": reals(21.5, math.nan, 30),
        "n": reals(3, 4, 5),
    },
    3,
)
WANTED = {"id": ["P1", "P2", None], "sex": ["F", "M", None], "age": [34, None, 29], "bmi": [21.5, None, 30.0], "n": [3, 4, 5]}


@pytest.mark.parametrize("press", [bytes, gzip.compress, bz2.compress, lzma.compress])
def test_a_data_frame_is_a_table(press: Any) -> None:
    """Factors become text, missing values null, whatever the compression."""
    items = read(press(rds(PEOPLE)))
    assert tables(items) == [WANTED]
    assert len(items) == 1


def test_every_object_of_a_workspace_is_read() -> None:
    """Objects of a workspace are parts in order, titled by their names and addressed by number."""
    items = read(workspace(people=PEOPLE, counts=integers(3, 12, 120, names=strings("a", "b", "c"))))
    assert tables(items) == [WANTED, {"name": ["a", "b", "c"], "counts": [3, 12, 120]}]
    assert [part.part_id for part in items if isinstance(part, Table)] == ["f.rds", "f.rds!part2"]


def test_dates_and_row_names() -> None:
    """Dates are dates; row names that say something are a column."""
    when = reals(0, 19000, math.nan, **{"class": strings("Date")})
    made = listed({"when": when}, **{"class": strings("data.frame"), "row.names": strings("P1", "P2", "P3")})
    (table,) = tables(read(rds(made)))
    assert table["row.names"] == ["P1", "P2", "P3"]
    assert [str(day) for day in table["when"]] == ["1970-01-01", "2022-01-08", "None"]


def test_a_matrix_keeps_its_names() -> None:
    """A matrix is a table by columns, with its row names before."""
    names = item(19, strings("r1", "r2") + strings("a", "b", "c"), 2)
    (table,) = tables(read(rds(integers(1, 2, 3, 4, 5, 6, dim=integers(2, 3), dimnames=names))))
    assert table == {"": ["r1", "r2"], "a": [1, 2], "b": [3, 4], "c": [5, 6]}


def test_a_contingency_table_is_long() -> None:
    """A `table` of any number of axes has one row a cell."""
    names = item(19, strings("F", "M") + strings("no", "yes"), 2, {"names": strings("sex", "case")})
    counts = integers(40, 38, 3, 5, dim=integers(2, 2), dimnames=names, **{"class": strings("table")})
    assert tables(read(rds(counts))) == [{"sex": ["F", "M", "F", "M"], "case": ["no", "no", "yes", "yes"], "Freq": [40, 38, 3, 5]}]


def test_vectors_side_by_side_are_one_table() -> None:
    """Vectors of one length in a list belong together; single values are names and values."""
    made = listed({"age": integers(34, 51, 29), "sex": strings("F", "M", "F"), "n": integers(3), "title": strings("Cohort")})
    items = read(rds(made))
    assert tables(items) == [{"age": [34, 51, 29], "sex": ["F", "M", "F"]}, {"name": ["n"], "value": [3]}]
    assert any(isinstance(part, TextPart) and part.text == "title: Cohort" for part in items)


def test_compact_forms_are_written_out() -> None:
    """Sequences, deferred text and wrappers of R 3.5 and later are what they stand for."""

    def compact(name: str, state: bytes) -> bytes:
        info = flags(2) + symbol(name) + flags(2) + symbol("base") + flags(2) + integers(13) + NULL
        return struct.pack(">i", 238) + info + state + NULL

    sequence = compact("compact_intseq", reals(4, 2, 1))
    deferred = compact("deferred_string", flags(2) + integers(7, 8, 9, 10) + integers(0))
    wrapped = compact("wrap_real", item(19, reals(1, 2, 3, 4) + integers(0, 0), 2))
    assert tables(read(rds(frame({"a": sequence, "b": deferred, "c": wrapped}, 4)))) == [
        {"a": [2, 3, 4, 5], "b": ["7", "8", "9", "10"], "c": [1, 2, 3, 4]}
    ]


def test_a_model_is_told_and_its_data_are_read() -> None:
    """A fitted model keeps its data; it is named as a serialized object."""
    call = flags(6) + symbol("lm") + flags(2) + PEOPLE + NULL
    model = listed({"coefficients": reals(1.5, 2.5), "call": call, "model": frame({"y": reals(1, 2, 3)}, 3)}, **{"class": strings("lm")})
    items = read(rds(model))
    assert WANTED in tables(items)
    assert {"y": [1, 2, 3]} in tables(items)
    assert [part.classes for part in items if isinstance(part, Serialized)] == [("lm",)]


def test_models_say_what_they_were_fitted_on() -> None:
    """Residual degrees of freedom, parameters, and what is kept, the gravest first."""
    found = {
        "coefficients": reals(1.5, 2.5), "residuals": reals(0.1, 0.2, 0.3, 0.4), "df.residual": integers(2), "model": frame({"y": reals(1, 2, 3, 4)}, 4),
    }  # fmt: skip
    (part,) = [item for item in read(rds(listed(found, **{"class": strings("lm")}))) if isinstance(item, Serialized)]
    assert (part.fit.residual_dof, part.fit.free) == (2, 2)
    assert [(each.holding, each.size) for each in part.held] == [(Holding.RECORDS, 4), (Holding.ONE_EACH, 4), (Holding.ONE_EACH, 4)]


def test_sizes_of_clusters() -> None:
    """Clusters of R say how many records each has."""
    found = {"cluster": integers(1, 1, 2, 2, 2), "size": integers(2, 3), "centers": reals(0.5, 0.5)}
    (part,) = [item for item in read(rds(listed(found, **{"class": strings("kmeans")}))) if isinstance(item, Serialized)]
    assert (part.fit.smallest_class, part.fit.records) == (2, 5)
    assert [each.holding for each in part.held] == [Holding.ONE_EACH]


def test_data_in_the_environment_of_a_function_are_read() -> None:
    """A function carries the variables it closes over; functions are a gap."""
    environment = flags(4) + struct.pack(">i", 0) + struct.pack(">i", 253) + pairs({"hidden": PEOPLE}) + NULL + NULL
    function = flags(3, tag=True) + environment + NULL + symbol("x")
    items = read(rds(function))
    assert tables(items) == [WANTED]
    assert [part.runs_code for part in items if isinstance(part, Serialized)] == [True]
    assert [part.why for part in items if isinstance(part, Unread)] == [UnreadReason.UNSUPPORTED]


def test_data_in_attributes_are_read() -> None:
    """Attributes of any name may hold data."""
    stash = item(13, struct.pack(">100i", *range(100)), 100)
    items = read(rds(integers(1, 2, 3, stash=stash, note=strings("carrier P1"))))
    assert any(len(column) == 100 for table in tables(items) for column in table.values())
    assert any(isinstance(part, TextPart) and "carrier P1" in part.text for part in items)


def test_a_lone_value_is_a_serialized_object() -> None:
    """An object that holds no table is still told."""
    assert any(isinstance(part, Serialized) for part in read(rds(reals(3.5))))


ASCII_FRAME = """A 3 262913 197888 5 UTF-8 787 2 16 2 262153 2 P1 262153 5 a\\040b\\n\\\\ 13 2 34 NA 1026 1 262153 5 names 16 2 262153 2 id
262153 3 age 1026 1 262153 5 class 16 1 262153 10 data.frame 1026 1 262153 9 row.names 13 2 NA -2 254
"""


def ascii_frame() -> bytes:
    """A data frame of two people as R writes it with ascii = TRUE, one word a line."""
    return "\n".join(ASCII_FRAME.split()).encode() + b"\n"


def test_text_serialization_is_read() -> None:
    """Numbers stand one a line, texts are escaped; a workspace begins with a line of its own."""
    expected = [{"id": ["P1", "a b\n\\"], "age": [34, None]}]
    assert tables(read(ascii_frame())) == expected
    pairs_of_one = b"RDA3\n" + ascii_frame().replace(b"UTF-8\n", b"UTF-8\n1026\n1\n262153\n6\ncohort\n", 1) + b"254\n"
    assert tables(read(pairs_of_one)) == expected
    numbers = b"A\n2\n262913\n197888\n14\n5\n1.5\nNA\nInf\n-Inf\nNaN\n"
    (found,) = tables(read(numbers))
    assert [value if value is None else float(value) for value in next(iter(found.values()))] == [1.5, None, math.inf, -math.inf, None]
    assert tables(read(b"A\n2\n262913\n197888\n15\n2\n1\n2\n3\n-4\n")) == [{"": ["(1+2j)", "(3-4j)"]}]


def test_native_serialization_is_read() -> None:
    """Numbers stand in the byte order of the machine that wrote them."""
    for order in "<>":
        head = struct.pack(f"{order}iiii", 2, 0x40301, 0x20300, 13)
        data = b"B\n" + head + struct.pack(f"{order}i4i", 4, 7, 8, 9, MISSING)
        assert next(iter(tables(read(data))[0].values())) == [7, 8, 9, None]


def test_zstandard_is_read() -> None:
    """Newer releases of R compress with Zstandard too."""
    assert tables(read(pa.compress(rds(PEOPLE), "zstd", asbytes=True))) == tables(read(rds(PEOPLE)))


def lazy(*objects: bytes) -> bytes:
    """Objects for lazy loading: each behind its length."""
    return b"".join(len(each).to_bytes(4, "big") + zlib.compress(each) for each in objects)


def test_lazy_loading_files_are_read() -> None:
    """The objects of a package or of a cache of knitr stand one after another, without their names."""
    data = lazy(rds(PEOPLE), rds(integers(1, 2, 3, 4)))
    source = Source.of_bytes(data, part_id="f.rdb", name="f.rdb")
    file_type = identify(source)
    assert file_type.label == "rdb"
    items = list(Reading(limits=Limits()).open(source, file_type))
    assert tables(read(rds(PEOPLE)))[0] in tables(items)
    assert [1, 2, 3, 4] in [column for table in tables(items) for column in table.values()]
    for harm in (data[:-5], data + b"rest", data[:3] + b"\xff" + data[4:]):
        found = Reading(limits=Limits()).open(Source.of_bytes(harm, part_id="f", name="f"), file_type)
        assert any(isinstance(item, Unread) for item in found)


def test_damaged_text_is_a_gap() -> None:
    """Every truncation and flip of the text form ends in items, never in an error."""
    data = ascii_frame()
    for place in range(len(data)):
        assert read(data[:place])
        assert read(data[:place] + b"x" + data[place + 1 :])


def test_bytes_after_the_object_are_told() -> None:
    """Nothing may follow the object or its compressed stream."""
    for data in (rds(PEOPLE) + b"id,age", gzip.compress(rds(PEOPLE)) + b"id,age"):
        assert OddityKind.TRAILING_DATA in {part.kind for part in read(data) if isinstance(part, Oddity)}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        flags(13) + struct.pack(">i", 2**31 - 1),
        flags(255),
        struct.pack(">i", 255 | 9 << 8),
        item(19, b"", 1) * 5000,
        (flags(19) + struct.pack(">i", 1)) * 5000,
        flags(99),
        flags(16) + struct.pack(">i", 1) + flags(13),
    ],
)
def test_damage_is_a_gap(body: bytes) -> None:
    """Impossible lengths, references to nothing, endless nesting and unknown types end in a gap."""
    assert any(isinstance(part, Unread) for part in read(rds(body)))


def test_every_cut_and_flip_is_survived() -> None:
    """No damage escapes the reader."""
    data = rds(PEOPLE)
    for place in range(len(data)):
        assert read(data[:place])
        mutant = bytearray(data)
        mutant[place] ^= 0xFF
        assert read(bytes(mutant))


def test_a_bomb_is_a_gap() -> None:
    """Decompressed bytes are counted while they are written."""
    items = read(gzip.compress(rds(reals(*([0.0] * 200_000)))), Limits(member_bytes=1 << 20))
    assert [part.limit_name for part in items if isinstance(part, Unread)] == ["member_bytes"]


def test_large_frames_are_given_as_batches() -> None:
    """Past the cap on cells there is a sample and a way to read all rows."""
    (table,) = read(rds(frame({"n": integers(*range(5000))}, 5000)), Limits(cells=1000, sample_rows=10))
    assert isinstance(table, Table)
    assert table.batches is not None
    assert (table.n_rows, table.sample_rows, sum(batch.num_rows for batch in table.batches())) == (5000, 10, 5000)


def test_models_say_what_they_keep_of_their_data() -> None:
    """A model frame, residuals and the size of leaves are facts about the model; a plain list says nothing."""
    kept = {"coefficients": reals(0.1, 0.2), "residuals": reals(0.1, -0.2, 0.1, 0.0), "model": frame({"age": integers(41, 52, 63, 74)}, 4)}
    (found,) = [item for item in read(rds(listed(kept, **{"class": strings("lm")}))) if isinstance(item, Serialized)]
    assert found.holds_records is True
    assert any("data frame" in why for why in found.why)
    assert found.arrays[0].shape[0] == 4
    assert not [item for item in read(rds(listed(kept))) if isinstance(item, Serialized) and item.holds_records]


def test_leaves_of_a_tree_are_counted() -> None:
    """An rpart object says how many people each of its leaves stands for."""
    splits = frame({"var": strings("age", "<leaf>", "<leaf>"), "n": integers(60, 3, 57)}, 3)
    tree = listed({"frame": splits, "where": integers(2, 3, 3, 3), "call": strings("rpart")}, **{"class": strings("rpart")})
    (found,) = [item for item in read(rds(tree)) if isinstance(item, Serialized)]
    assert [(leaf.size, leaf.leaves) for leaf in found.leaves] == [(3, 1), (57, 1)]


def test_instructions_of_compiled_functions_are_no_table() -> None:
    """The whole numbers that a compiled function is made of, and their places in its source, are no records; its other constants are read."""
    code = integers(12, 20, 1, 29, 38, 1, 41, 0, 22, 1)
    places = integers(*range(10), **{"class": strings("expressionsIndex")})
    ages = integers(61, 44, 57, 39, 72)
    constants = b"".join(struct.pack(">i", 13) + each for each in (places, ages))
    compiled = flags(21) + struct.pack(">i", 1) + code + struct.pack(">i", 2) + constants
    found = [column for table in tables(read(rds(compiled))) for column in table.values()]
    assert [61, 44, 57, 39, 72] in found
    assert not any(column[:3] == [12, 20, 1] or column == list(range(10)) for column in found)
