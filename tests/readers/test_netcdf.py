"""NetCDF classic files as SciPy writes them, and the other versions of the format made from them."""

from __future__ import annotations

import io
import random
import struct
from typing import Any

import numpy as np
import pytest
from scipy.io import netcdf_file

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Oddity, OddityKind, Table, TextPart, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source


def read(data: bytes, limits: Limits | None = None) -> list[Item]:
    """All items of some bytes."""
    source = Source.of_bytes(data, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label="netcdf", family=TYPES["netcdf"].family)))


def tables(items: list[Item]) -> dict[str, dict[str, list[Any]]]:
    """The tables among items, by address, as columns by name."""
    return {
        item.part_id: {column.name or str(place): column.values.to_pylist() for place, column in enumerate(item.columns)}
        for item in items
        if isinstance(item, Table)
    }


def gaps(items: list[Item]) -> list[UnreadReason]:
    """Reasons of the gaps among items."""
    return [item.why for item in items if isinstance(item, Unread)]


def cohort(version: int = 1, *, unlimited: bool = True) -> bytes:
    """A file with people along one dimension and weeks along another."""
    stream = io.BytesIO()
    store = netcdf_file(stream, "w", version=version)
    store.createDimension("patient", None if unlimited else 4)
    store.createDimension("week", 3)
    store.createDimension("letters", 3)
    age = store.createVariable("age", "i4", ("patient",))
    sex = store.createVariable("sex", "i1", ("patient",))
    name = store.createVariable("id", "c", ("patient", "letters"))
    weight = store.createVariable("weight", "f4", ("patient", "week"))
    week = store.createVariable("week", "i2", ("week",))
    age[:], sex[:], week[:] = np.arange(40, 44), [0, 1, 0, 1], [10, 20, 30]
    name[:] = np.array([[b"P", b"0", str(number).encode()] for number in range(4)], "S1")
    weight[:] = np.arange(12.0).reshape(4, 3)
    age.units = "years"
    store.title = "Cohort of P00017"
    store.flush()
    data = stream.getvalue()
    store.close()
    return data


def wide(data: bytes) -> bytes:
    """A header of version 2 without variables as one of version 5."""
    return b"CDF\x05" + bytes(8) + struct.pack(">IQ", 10, 1) + struct.pack(">Q", 1) + b"n\0\0\0" + struct.pack(">Q", 2) + data


@pytest.mark.parametrize("version", [1, 2])
@pytest.mark.parametrize("unlimited", [True, False])
def test_variables_of_one_dimension_are_one_table(version: int, unlimited: bool) -> None:  # noqa: FBT001
    """Variables along people are a table; letters are joined, and coordinates name the columns of a matrix."""
    items = read(cohort(version, unlimited=unlimited))
    found = tables(items)
    assert found["f!4"] == {"age": [40, 41, 42, 43], "sex": [0, 1, 0, 1], "id": ["P00", "P01", "P02", "P03"]}
    assert list(found["f!weight"]) == ["10", "20", "30"]
    assert found["f!weight"]["20"] == [1.0, 4.0, 7.0, 10.0]
    (text,) = [item.text for item in items if isinstance(item, TextPart)]
    assert "Cohort of P00017" in text
    assert "years" in text
    assert not gaps(items)
    assert not [item for item in items if isinstance(item, Oddity)]


def test_version_5_has_wider_counts() -> None:
    """CDF-5 counts in eight bytes and has more types."""
    variable = struct.pack(">IQ", 11, 1) + struct.pack(">Q", 1) + b"x\0\0\0" + struct.pack(">QQ", 1, 0) + bytes(12)
    variable += struct.pack(">IQQ", 10, 16, 0)
    data = wide(bytes(12) + variable)
    data = data[:-8] + struct.pack(">Q", len(data)) + struct.pack(">qq", 7, -7)
    assert tables(read(data)) == {"f!x": {"x": [7, -7]}}


def test_long_attributes_are_read_like_files() -> None:
    """A table may stand in an attribute."""
    stream = io.BytesIO()
    store = netcdf_file(stream, "w")
    store.history = "id,age,diagnosis\n" + "".join(f"P{number:05d},{number + 30},E11\n" for number in range(30))
    store.flush()
    data = stream.getvalue()
    store.close()
    assert any(not isinstance(item, TextPart) and item.part_id.startswith("f!attribute1") for item in read(data))


def test_large_variables_are_streamed() -> None:
    """Past the cap on cells rows come in batches."""
    stream = io.BytesIO()
    store = netcdf_file(stream, "w")
    store.createDimension("n", 3000)
    store.createVariable("x", "f8", ("n",))[:] = np.arange(3000.0)
    store.flush()
    data = stream.getvalue()
    store.close()
    (table,) = [item for item in read(data, Limits(cells=100, sample_rows=50)) if isinstance(item, Table)]
    assert table.batches is not None
    assert sum(batch.num_rows for batch in table.batches()) == 3000


def test_bytes_of_no_variable_are_told() -> None:
    """What follows the last variable, or lies between two, is read and said."""
    items = read(cohort() + b"id,age\nP1,34\nP2,35\n")
    assert OddityKind.TRAILING_DATA in {item.kind for item in items if isinstance(item, Oddity)}


def test_sizes_are_held_against_the_bytes() -> None:
    """A dimension of billions is refused before anything is built."""
    data = cohort(unlimited=False)
    place = data.index(b"week") + 4
    huge = data[:place] + struct.pack(">I", 0x7FFFFFFF) + data[place + 4 :]
    assert gaps(read(huge)) == [UnreadReason.MALFORMED]
    assert gaps(read(b"CDF\x01" + bytes(4) + struct.pack(">II", 10, 0xFFFFFFFF) + bytes(64))) == [UnreadReason.LIMIT]


def test_damage_is_a_gap() -> None:
    """Every truncation and many flips end in items, never in an error."""
    data = cohort()
    chance = random.Random(5)
    for place in range(0, len(data), 16):
        assert read(data[:place])
    for _ in range(200):
        mutant = bytearray(data)
        for _ in range(3):
            mutant[chance.randrange(len(mutant))] = chance.randrange(256)
        assert read(bytes(mutant))
