"""Names, properties and settings: records in them come out, ordinary ones do not; figures kept as JSON give data and settings apart."""

from __future__ import annotations

import base64
import gzip
import json

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sdc_airlock.identify import identify
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Content, Grid, Table, TextPart
from sdc_airlock.readers import read
from sdc_airlock.readers._asides import entry_rows, ordinary_name
from sdc_airlock.readers._pagedata import outside_library
from sdc_airlock.source import Source

ROWS = [[f"P{number:05d}", "MF"[number % 2], str(20 + number), f"{17 + number * 0.3:.1f}"] for number in range(30)]


def page_of(value: object) -> Content:
    """What is made of a page with this value as data of a script."""
    page = f'<html><body><script type="application/json">{json.dumps(value)}</script></body></html>'
    source = Source.of_bytes(page.encode(), part_id="page.html", name="page.html")
    return read(source, identify(source), file_id="0" * 64, limits=Limits())


def tables(content: Content) -> list[tuple[list[str], int]]:
    """Names and rows of every table."""
    return [([column.name for column in part.columns], part.sample_rows) for part in content.parts if isinstance(part, Table)]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(",".join(row) for row in ROWS),
        ";".join(",".join(row) for row in ROWS),
        "\n".join("_".join(row) for row in ROWS),
        "\n".join("?q=" + "&".join(row) for row in ROWS),
        "\n".join('{"' + '","'.join(row) + '"}' for row in ROWS),
        " ".join(",".join(row) for row in ROWS),
    ],
    ids=["lines", "one line", "underscores", "addresses", "literals", "blanks"],
)
def test_entries_of_one_shape_are_rows(text: str) -> None:
    """Entries that split into equally many fields are records, whatever parts them."""
    assert len(entry_rows(text)) >= 29


@pytest.mark.parametrize("text", ["", "Normal.dotm\nTitle\nuser", "a b c\n" * 50, "Mean age by group\n" + "one two three four five\n" * 3])
def test_ordinary_asides_are_no_rows(text: str) -> None:
    """A few words, or one line over and over, are no records."""
    assert not entry_rows(text)


@pytest.mark.parametrize(
    "name", ["Picture 1", "_Toc12345", "Medium Grid 3 Accent 2", "Text Box 14", "heading 1 Char", "\u00dcberschrift 2", "17"]
)
def test_names_as_programs_give_them_are_ordinary(name: str) -> None:
    """Names that office programs give are told from names that carry something."""
    assert ordinary_name(name)


@pytest.mark.parametrize("name", ["P00017,F,34", "M 34 27.1 120", "a=1;b=2", "F 34 120 81"])
def test_names_that_carry_values_are_not(name: str) -> None:
    """Values in a name are seen."""
    assert not ordinary_name(name)


@given(st.text(max_size=400))
def test_any_text_is_split(text: str) -> None:
    """Rows have one width, and no text fails."""
    assert len({len(row) for row in entry_rows(text)}) <= 1
    ordinary_name(text)


def bokeh(columns: list[list[object]]) -> dict[str, object]:
    """A Bokeh document with these columns."""
    tools = [{"type": "object", "name": name, "id": f"p{number}"} for number, name in enumerate(("PanTool", "SaveTool", "HelpTool"))]
    source = {"type": "object", "name": "ColumnDataSource", "id": "p9", "attributes": {"data": {"type": "map", "entries": columns}}}
    return {
        "0a1b": {
            "version": "3.9",
            "title": "x",
            "roots": [{"type": "object", "name": "Figure", "attributes": {"tools": tools, "r": source}}],
        }
    }


@pytest.mark.parametrize("packed", [False, True])
def test_sources_of_bokeh_are_tables_and_its_models_are_not(packed: bool) -> None:  # noqa: FBT001 - a parameter of the test
    """Columns of a data source come out, packed or plain; tools and axes stay settings."""
    ages = np.arange(20, 50, dtype="<f8")
    raw = gzip.compress(ages.tobytes()) if packed else ages.tobytes()
    array = {"type": "ndarray", "array": {"type": "bytes", "data": base64.b64encode(raw).decode()}, "dtype": "float64", "order": "little"}
    content = page_of(bokeh([["age", array], ["who", [row[0] for row in ROWS]]]))
    assert tables(content) == [(["age", "who"], 30)]
    assert any("PanTool" in part.text for part in content.parts if isinstance(part, TextPart))


def test_layouts_of_plotly_are_settings() -> None:
    """Colour scales, axes and templates of a layout are read as text; the traces are tables; a long list in a layout is data."""
    axis = {"gridcolor": "white", "ticks": "", "zerolinewidth": 2}
    template = {"data": {"bar": [{"marker": {"line": {"color": "#fff", "width": 0.5}}}]}, "layout": {"colorway": ["#636efa"] * 10}}
    layout = {"template": template, "xaxis": axis, "yaxis": axis, "title": {"text": "Cases"}}
    figure = {"data": [{"type": "bar", "x": [2019, 2020, 2021, 2022], "y": [120, 130, 180, 150]}], "layout": layout}
    assert tables(page_of(figure)) == [(["x", "y"], 4)]
    layout["template"]["layout"]["hidden"] = list(range(60))  # type: ignore[index]
    assert any(rows == 60 for _, rows in tables(page_of(figure)))


def test_columns_of_widgets_are_tables() -> None:
    """Data that widgets keep by column become rows, with the names of the header that stands beside them."""
    content = page_of(
        {"x": {"data": [list(column) for column in zip(*ROWS, strict=True)], "container": "<tr><th>id</th><th>sex</th></tr>"}}
    )
    assert (["id", "sex", "", ""], 30) in tables(content)
    calls = [
        {"method": "addMarkers", "args": [[51.5 + number / 100 for number in range(30)], [0.1] * 30, None, {}, [row[0] for row in ROWS]]}
    ]
    assert any(rows == 30 for _, rows in tables(page_of({"x": {"calls": calls}})))


def test_constants_of_libraries_are_told_from_data() -> None:
    """Months, colour maps and short tables are constants; records and long matrices are not."""
    assert not outside_library(["Jan", "Feb", "Mar"])
    assert not outside_library([[0, 0], [1, 1]] * 10)
    assert outside_library([[row[0], row[2]] for row in ROWS * 2])
    assert outside_library([{"id": row[0], "age": row[2]} for row in ROWS])


def test_attributes_of_pages_are_searched() -> None:
    """Records in attributes of a page come out as rows."""
    page = "<html><body>" + "".join(f'<i data-row="{",".join(row)}"></i>' for row in ROWS) + "</body></html>"
    source = Source.of_bytes(page.encode(), part_id="page.html", name="page.html")
    content = read(source, identify(source), file_id="0" * 64, limits=Limits())
    assert any(len(part.rows) == 30 for part in content.parts if isinstance(part, Grid))
