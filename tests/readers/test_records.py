"""JSON, NDJSON, YAML, TOML and INI as users write them."""

from __future__ import annotations

import base64
import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Grid, OddityKind, Table, TextPart, TextRole, Unread, UnreadReason
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._flat import is_scalar
from sdc_airlock.source import Source

Read = Callable[..., list[Item]]


def read(data: bytes | str, label: str = "json", limits: Limits | None = None) -> list[Item]:
    """All items of some bytes of a known type."""
    raw = data.encode() if isinstance(data, str) else data
    source = Source.of_bytes(raw, part_id="f", name="f")
    return list(Reading(limits=limits or Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def tables(items: list[Item]) -> list[dict[str, list[Any]]]:
    """The tables among items, as columns by name."""
    return [{column.name: column.values.to_pylist() for column in item.columns} for item in items if isinstance(item, Table)]


def test_a_list_of_objects_is_a_table() -> None:
    """Records of one shape give one named, typed table."""
    (item,) = read('[{"id": "P1", "age": 34, "bmi": 21.5}, {"id": "P2", "age": null, "bmi": 30, "smoker": true}]')
    assert isinstance(item, Table)
    assert item.named
    assert tables([item]) == [{"id": ["P1", "P2"], "age": [34, None], "bmi": [21.5, 30.0], "smoker": [None, True]}]


def test_nested_records_become_dotted_columns_and_child_tables() -> None:
    """Objects inside records are flattened; lists of objects become a table that names their record."""
    records = [
        {"id": 1, "name": {"family": "A"}, "visits": [{"day": "a"}, {"day": "b"}]},
        {"id": 2, "name": {"family": "B"}, "visits": [{"day": "c"}]},
    ]
    parent, child = tables(read(json.dumps(records)))
    assert parent == {"id": [1, 2], "name.family": ["A", "B"]}
    assert child == {"record": [1, 1, 2], "day": ["a", "b", "c"]}


def test_lists_of_one_length_inside_records_become_columns() -> None:
    """A vector a person is as wide as it is long, whatever the format calls it."""
    (table,) = tables(read('[{"id": "a", "g": [0, 1, 2]}, {"id": "b", "g": [2, 2, 0]}]'))
    assert table == {"id": ["a", "b"], "g.1": [0, 2], "g.2": [1, 2], "g.3": [2, 0]}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"age": [34, 51, 29], "sex": ["F", "M", "F"]}', {"age": [34, 51, 29], "sex": ["F", "M", "F"]}),
        ('{"P1": {"age": 34}, "P2": {"age": 51}}', {"key": ["P1", "P2"], "age": [34, 51]}),
        ('{"age": {"0": 34, "1": 51}, "sex": {"0": "F", "1": "M"}}', {"age": [34, 51], "sex": ["F", "M"]}),
        ('{"cases": 3, "controls": 120}', {"name": ["cases", "controls"], "value": [3, 120]}),
    ],
)
def test_objects_that_stand_for_a_table(text: str, expected: dict[str, list[Any]]) -> None:
    """Column-oriented, record-oriented and plain count objects are tables."""
    assert tables(read(text)) == [expected]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ('{"columns": ["a", "b"], "index": ["x", "y"], "data": [[1, 2], [3, 4]]}', (("", "a", "b"), ("x", "1", "2"), ("y", "3", "4"))),
        ('{"columns": ["a", "b"], "index": [0, 1], "data": [[1, 2], [3, 4]]}', (("a", "b"), ("1", "2"), ("3", "4"))),
        ('[["a", "b"], [1, 2.5]]', (("a", "b"), ("1", "2.5"))),
    ],
)
def test_rows_of_cells_are_a_grid(text: str, rows: tuple[tuple[str, ...], ...]) -> None:
    """The split layout of pandas and plain lists of lists are left for recognition to cut."""
    (item,) = read(text)
    assert isinstance(item, Grid)
    assert item.rows == rows


def test_a_json_stat_cube_becomes_one_row_a_cell() -> None:
    """Sparse values, status marks and category labels of a cube are expanded."""
    cube = {
        "class": "dataset",
        "label": "Deaths",
        "id": ["sex", "year"],
        "size": [2, 2],
        "dimension": {
            "sex": {"label": "Sex", "category": {"index": ["F", "M"], "label": {"F": "Women", "M": "Men"}}},
            "year": {"category": {"index": {"2021": 1, "2020": 0}}},
        },
        "value": {"0": 5, "3": 8},
        "status": {"1": "c"},
    }
    (table,) = tables(read(json.dumps(cube)))
    assert table == {
        "sex": ["Women", "Women", "Men", "Men"],
        "year": ["2020", "2021", "2020", "2021"],
        "value": [5, None, None, 8],
        "status": [None, "c", None, None],
    }


def test_a_cube_too_large_is_a_gap() -> None:
    """Declared sizes are multiplied before anything is built."""
    cube = {"id": ["a", "b"], "size": [10**6, 10**6], "dimension": {"a": {}, "b": {}}, "value": [1]}
    (item,) = read(json.dumps(cube))
    assert isinstance(item, Unread)
    assert item.limit_name == "cells"


def test_measures_of_a_cube_are_columns() -> None:
    """Where a cube says which axis holds its measures, each measure is a column."""
    cube = {
        "id": ["area", "measure", "year"],
        "size": [2, 2, 2],
        "role": {"metric": ["measure"]},
        "dimension": {
            "area": {"category": {"index": ["N", "S"]}},
            "measure": {"category": {"index": ["cases", "rate"]}},
            "year": {"category": {"index": ["2020", "2021"]}},
        },
        "value": [1, 2, 0.1, 0.2, 3, 4, 0.3, 0.4],
    }
    table = tables(read(json.dumps(cube)))[0]
    assert table == {"area": ["N", "N", "S", "S"], "year": ["2020", "2021"] * 2, "cases": [1, 2, 3, 4], "rate": [0.1, 0.2, 0.3, 0.4]}


def test_labels_of_records_stand_in_one_cell() -> None:
    """Short lists of words inside records are no table of their own."""
    (table,) = tables(read('[{"id": 1, "tags": ["a", "b"]}, {"id": 2, "tags": ["c"]}, {"id": 3, "tags": []}]'))
    assert table == {"id": [1, 2, 3], "tags": ["a; b", "c", None]}


@pytest.mark.parametrize("label", ["json", "ndjson"])
def test_a_resource_that_stands_alone_is_a_record(label: str) -> None:
    """One FHIR resource, or one line, is a table of one row."""
    table = tables(read('{"resourceType": "Patient", "id": "7", "name": [{"family": "A"}]}\n', label))[0]
    assert table == {"resourceType": ["Patient"], "id": ["7"]}


def test_repeated_names_lose_nothing() -> None:
    """A second member of one name stands beside the first."""
    assert tables(read('{"cases": 3, "cases": 4}')) == [{"name": ["cases", "cases (2)"], "value": [3, 4]}]


def test_dotted_names_do_not_hide_nested_ones() -> None:
    """A name with a dot stands beside the nested field that is flattened to the same name."""
    (table,) = tables(read('[{"a.b": 1, "a": {"b": 2}}, {"a.b": 3}]'))
    assert table == {"a.b": [1, 3], "a.b (2)": [2, None]}


def test_huge_numbers_and_not_a_number_are_read() -> None:
    """Whole numbers of thousands of digits stay text, NaN and Infinity are numbers."""
    (table,) = tables(read('[{"a": ' + "9" * 5000 + ', "b": NaN}, {"a": 1, "b": Infinity}]'))
    assert table["a"] == ["9" * 5000, "1"]
    assert math.isnan(table["b"][0])
    assert math.isinf(table["b"][1])


@pytest.mark.parametrize("text", ["[" * 100_000, "[" * 500 + "]" * 500, '{"a":' * 300 + "1" + "}" * 300])
def test_deep_nesting_is_a_gap(text: str) -> None:
    """Brackets are counted before anything recursive runs."""
    unread = [item for item in read(text) if isinstance(item, Unread)]
    assert [item.limit_name for item in unread] == ["depth"]


def test_text_full_of_brackets_inside_strings_is_no_nesting() -> None:
    """Brackets inside strings do not count."""
    (item,) = read(json.dumps({"note": "[" * 1000}))
    assert isinstance(item, TextPart)


def test_damaged_json_keeps_its_text_and_is_a_gap() -> None:
    """What cannot be parsed is still shown to the checks as text, and held."""
    text, unread = read('{"cases": 3, "controls"')
    assert isinstance(text, TextPart)
    assert isinstance(unread, Unread)
    assert unread.why is UnreadReason.MALFORMED
    assert "cases" not in unread.detail


def test_typed_arrays_of_plots_are_unpacked() -> None:
    """Points that Plotly packs in base64 come out as columns."""
    packed = base64.b64encode(np.array([1.5, 2.5, 3.5, 9.0]).tobytes()).decode()
    figure = {
        "data": [{"type": "scatter", "x": {"dtype": "f8", "bdata": packed}, "y": [1, 2, 3, 4]}],
        "layout": {"title": {"text": "Ages"}},
    }
    assert {"x": [1.5, 2.5, 3.5, 9.0], "y": [1, 2, 3, 4]} in tables(read(json.dumps(figure)))


def test_arrays_of_bokeh_are_unpacked() -> None:
    """Points that Bokeh packs in maps and base64 come out as columns."""
    packed = base64.b64encode(np.array([4, 5, 6], dtype="i4").tobytes()).decode()
    entries = [
        ["x", {"type": "ndarray", "array": {"type": "bytes", "data": packed}, "shape": [3], "dtype": "int32", "order": "little"}],
        ["y", [1, 2, 3]],
    ]
    assert {"x": [4, 5, 6], "y": [1, 2, 3]} in tables(read(json.dumps({"attributes": {"data": {"type": "map", "entries": entries}}})))


def test_wild_keys_fall_back_to_one_line_a_value() -> None:
    """Records that each have names of their own do not explode into a square of empty cells."""
    (table,) = tables(read(json.dumps([{f"k{number}": number, f"m{number}": number} for number in range(3000)])))
    assert set(table) == {"record", "name", "value"}
    assert len(table["value"]) == 6000


def test_part_addresses_hold_no_keys() -> None:
    """Keys may be identifiers, so parts are numbered and never called after them."""
    items = read('{"NHS9434765919": [[1, 2], [3, 4]], "NHS9434765920": [{"a": 1}, {"a": 2}], "x": "y"}')
    assert all("NHS" not in item.part_id for item in items)


def test_a_file_of_lines_of_json_is_a_table() -> None:
    """NDJSON gives one table with the union of the names."""
    (item,) = read('{"id": 1, "sex": "F"}\n\n{"id": 2, "age": 3}\n', "ndjson")
    assert tables([item]) == [{"id": [1, 2], "sex": ["F", None], "age": [None, 3]}]


def test_large_ndjson_is_streamed() -> None:
    """Past the cap on text a sample is held and batches read every row again."""
    lines = "".join(json.dumps({"id": number, "v": {"x": [number, 1]}}) + "\n" for number in range(500))
    (item,) = read(lines, "ndjson", Limits(text_bytes=2000, sample_rows=10))
    assert isinstance(item, Table)
    assert item.batches is not None
    assert (item.n_rows, item.sample_rows, [column.name for column in item.columns]) == (500, 10, ["id", "v.x"])
    assert sum(batch.num_rows for batch in item.batches()) == 500


def test_a_broken_line_is_a_gap_without_its_text() -> None:
    """A line that is no JSON makes the file incomplete."""
    (item,) = read('{"a": 1}\n{"secret\n', "ndjson")
    assert isinstance(item, Unread)
    assert "secret" not in item.detail


def test_yaml_gives_its_text_and_its_records() -> None:
    """A list of mappings in YAML is a table; tags and aliases are never constructed."""
    items = read(
        "rows:\n- {id: P1, country: NO, n: 3}\n- {id: P2, country: 'SE', n: 4}\n- {id: P3, country: UK, n: 5}\nrun: !!python/object/apply:os.system ['true']\n",
        "yaml",
    )
    assert isinstance(items[0], TextPart)
    assert tables(items) == [{"id": ["P1", "P2", "P3"], "country": ["NO", "SE", "UK"], "n": [3, 4, 5]}]


def test_yaml_alias_bombs_are_a_gap() -> None:
    """Aliases that multiply are counted as they are walked."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"] + [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    assert any(isinstance(item, Unread) and item.why is UnreadReason.LIMIT for item in read("\n".join(lines), "yaml"))


def test_yaml_that_is_none_stays_text() -> None:
    """A text that only looks like YAML is read as text, with a remark."""
    items = read("a: b: c\n  - x\n", "yaml")
    assert isinstance(items[0], TextPart)
    assert [item.kind for item in items[1:]] == [OddityKind.DAMAGED]


def test_toml_and_ini() -> None:
    """An array of tables in TOML is a table; INI is configuration."""
    items = read('title = "x"\n[[row]]\nid = 1\n[[row]]\nid = 2\n[[row]]\nid = 3\n', "toml")
    assert tables(items) == [{"id": [1, 2, 3]}]
    (part,) = read("[run]\nseed = 1\n", "ini")
    assert isinstance(part, TextPart)
    assert part.role is TextRole.CONFIG


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-9999, 9999).map(lambda number: number * 7919 + 10**6)
    | st.text(st.characters(codec="ascii", categories=["L"]), min_size=4, max_size=8),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text("abcdxyz", min_size=1, max_size=2), inner, max_size=5),
    max_leaves=40,
)


def scalars(value: object) -> list[str]:
    """Every text and number of a nested value."""
    if isinstance(value, dict):
        return [text for child in value.values() for text in scalars(child)]
    if isinstance(value, list):
        return [text for child in value for text in scalars(child)]
    return [str(value)] if is_scalar(value) and value is not None and not isinstance(value, bool) else []


@given(JSON)
@settings(max_examples=300, deadline=None)
def test_no_scalar_is_lost(value: object) -> None:
    """Every text and number of a document stands in some part, as often as in the document."""
    items = read(json.dumps(value))
    assert not any(isinstance(item, Unread) for item in items)
    found: list[str] = []
    for item in items:
        if isinstance(item, Table):
            found += [
                str(int(cell) if isinstance(cell, float) else cell)
                for column in item.columns
                for cell in column.values.to_pylist()
                if cell is not None
            ]
        elif isinstance(item, Grid):
            found += [cell for row in item.rows for cell in row]
        elif isinstance(item, TextPart):
            found += [line.rpartition(": ")[2] for line in item.text.splitlines()]
    found = [piece for cell in found for piece in cell.split("; ")]
    for wanted in set(scalars(value)):
        assert found.count(wanted) >= scalars(value).count(wanted)
