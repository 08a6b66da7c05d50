"""Notebooks as Jupyter, Colab and R write them, and what people leave in them."""

from __future__ import annotations

import base64
import io
import json
from typing import Any

import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Figure, Grid, Oddity, OddityKind, Table, TextPart, TextRole, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source

FRAME = "<div><table border='1' class='dataframe'><thead><tr><th></th><th>age</th></tr></thead><tbody><tr><th>P1</th><td>34</td></tr><tr><th>...</th><td>...</td></tr></tbody></table></div>"


def code(*outputs: dict[str, Any], source: str = "df.head()") -> dict[str, Any]:
    """A code cell with outputs."""
    return {"cell_type": "code", "source": source.splitlines(keepends=True), "outputs": list(outputs), "metadata": {}, "execution_count": 1}


def shown(**bundle: Any) -> dict[str, Any]:
    """An output whose representations are given by media type, with `__` for `/`."""
    return {
        "output_type": "execute_result",
        "data": {name.replace("__", "/"): value for name, value in bundle.items()},
        "metadata": {},
        "execution_count": 1,
    }


def read(*cells: dict[str, Any], **top: Any) -> list[Item]:
    """All items of a notebook of these cells."""
    book = {
        "cells": list(cells),
        "metadata": {"kernelspec": {"language": "python", "name": "python3"}},
        "nbformat": 4,
        "nbformat_minor": 5,
        **top,
    }
    source = Source.of_bytes(json.dumps(book).encode(), part_id="nb.ipynb", name="nb.ipynb")
    return list(Reading(limits=Limits()).open(source, FileType(label="notebook", family=TYPES["notebook"].family)))


def texts(items: list[Item]) -> str:
    """All text of text parts."""
    return "\n".join(item.text for item in items if isinstance(item, TextPart))


def test_code_is_code_of_the_kernel() -> None:
    """A code cell is code, addressed by its number."""
    (part,) = [item for item in read(code(source="x = 1\ny = 2")) if isinstance(item, TextPart) and item.role is TextRole.CODE]
    assert (part.part_id, part.language, part.text) == ("nb.ipynb!cell1", "python", "x = 1\ny = 2")


def test_a_data_frame_is_a_grid_once() -> None:
    """The plain form of a table that the HTML form holds whole is not read twice."""
    items = read(code(shown(text__html=FRAME, text__plain="     age\nP1    34\n...  ...")))
    (grid,) = [item for item in items if isinstance(item, Grid)]
    assert grid.rows[1] == ("P1", "34")
    assert grid.part_id.startswith("nb.ipynb!cell1.output1")


def test_a_plain_form_that_says_more_is_read_too() -> None:
    """Other words in the plain form are not lost."""
    assert "P99" in texts(read(code(shown(text__html=FRAME, text__plain="P99 44"))))


@pytest.mark.parametrize(
    "output",
    [
        {"output_type": "stream", "name": "stdout", "text": ["carriers: 3\n"]},
        {"output_type": "error", "ename": "KeyError", "evalue": "carriers: 3", "traceback": ["\x1b[0;31mcarriers: 3\x1b[0m"]},
        {"output_type": "pyout", "text": ["carriers: 3"]},
        shown(text__plain=["carriers: 3"]),
        shown(application__x_unheard_of="carriers: 3"),
        {"output_type": "display_data", "data": {}, "metadata": {"note": "carriers: 3"}},
        {"output_type": "mystery", "payload": "carriers: 3"},
        shown(**{"application__vnd.dataresource+json": {"data": [{"x": "carriers: 3"}, {"x": "b"}]}}),
    ],
)
def test_every_kind_of_output_is_read(output: dict[str, Any]) -> None:
    """Streams, errors, results, unknown representations and metadata all come out."""
    items = read(code(output))
    cells = [cell for item in items if isinstance(item, Table) for column in item.columns for cell in column.values.to_pylist()]
    assert "carriers: 3" in texts(items) or "carriers: 3" in cells
    assert not any(isinstance(item, Oddity) and item.kind is OddityKind.CONTROL_CHARACTERS for item in items)


def test_plot_data_is_a_table() -> None:
    """The points of an interactive plot are read from its specification."""
    items = read(code(shown(**{"application__vnd.plotly.v1+json": {"data": [{"x": [34, 51, 29, 66], "y": [1, 2, 3, 4]}], "layout": {}}})))
    (table,) = [item for item in items if isinstance(item, Table)]
    assert [column.name for column in table.columns] == ["x", "y"]


def test_pictures_are_members() -> None:
    """A picture in an output and one attached to a cell are read as pictures."""
    from PIL import Image

    stream = io.BytesIO()
    Image.new("RGB", (4, 3)).save(stream, "PNG")
    png = base64.b64encode(stream.getvalue()).decode()
    note = {"cell_type": "markdown", "source": "", "attachments": {"a.png": {"image/png": png}}, "metadata": {}}
    items = read(code(shown(image__png=png)), note)
    assert [(item.part_id, item.width) for item in items if isinstance(item, Figure)] == [
        ("nb.ipynb!cell1.output1", 4),
        ("nb.ipynb!cell2.attachment1", 4),
    ]


def test_metadata_and_strange_keys_are_read_as_hidden() -> None:
    """Anything tucked beside the cells is read; much of it is told."""
    rows = [{"id": f"P{number}", "age": number} for number in range(300)]
    items = read(code(source="x") | {"metadata": {"stash": rows}})
    assert any(isinstance(item, Table) and item.hidden and item.n_rows == 300 for item in items)
    assert any(isinstance(item, Oddity) and item.kind is OddityKind.METADATA for item in items)
    assert "P17" in texts(read(code(source="x"), extra="P17"))


def test_widget_state_is_read() -> None:
    """The state of widgets may hold a table that no cell shows."""
    state = {
        "application/vnd.jupyter.widget-state+json": {
            "state": {"m1": {"model_name": "HTMLModel", "state": {"value": FRAME + "\n\n\n" + "x" * 100}}}
        }
    }
    items = read(metadata={"widgets": state})
    assert any(isinstance(item, Grid) and item.rows[1] == ("P1", "34") for item in items)


def test_format_3_is_read() -> None:
    """Old notebooks keep cells in worksheets and code in `input`."""
    book = {
        "worksheets": [{"cells": [{"cell_type": "code", "input": "n = 3", "outputs": [{"output_type": "pyout", "html": FRAME}]}]}],
        "nbformat": 3,
    }
    source = Source.of_bytes(json.dumps(book).encode(), part_id="nb", name="nb")
    items = list(Reading(limits=Limits()).open(source, FileType(label="notebook", family=TYPES["notebook"].family)))
    assert "n = 3" in texts(items)
    assert any(isinstance(item, Grid) for item in items)


def test_a_damaged_notebook_is_a_gap() -> None:
    """A notebook that is no JSON is held, its text is still shown to the checks."""
    source = Source.of_bytes(b'{"cells": [', part_id="nb", name="nb")
    items = list(Reading(limits=Limits()).open(source, FileType(label="notebook", family=TYPES["notebook"].family)))
    assert [type(item) for item in items] == [TextPart, Unread]


def test_settings_of_tools_are_told_from_other_metadata() -> None:
    """Times, switches and numbers that tools keep with each cell weigh nothing; notes and lists do."""
    timed = {
        "execution": {"iopub.execute_input": "2026-01-12T09:31:02.881Z"},
        "collapsed": True,
        "elapsed": 412,
        "note": "for the second author",
    }
    few = read(code(source="x") | {"metadata": timed})
    texts = {item.role: item.text for item in few if isinstance(item, TextPart) and "metadata" in item.part_id}
    assert "second author" in texts[TextRole.METADATA]
    assert "09:31:02" not in texts[TextRole.METADATA]
    assert "09:31:02" in texts[TextRole.CONFIG]
    many = read(*[code(source="x") | {"metadata": timed | {"own": f"note {number:02}"}} for number in range(60)])
    (oddity,) = [item for item in many if isinstance(item, Oddity) and item.kind is OddityKind.METADATA]
    assert oddity.size == len("for the second author") + 60 * len("note 00")
