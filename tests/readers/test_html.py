"""HTML pages, XML documents and SVG figures as people save them, and as people hide things in them."""

from __future__ import annotations

import base64
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Figure, Grid, Oddity, OddityKind, Table, TextPart, TextRole, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source


def read(data: str | bytes, label: str = "html") -> list[Item]:
    """All items of some bytes of a known type."""
    source = Source.of_bytes(data.encode() if isinstance(data, str) else data, part_id="f", name="f")
    return list(Reading(limits=Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def grids(items: list[Item]) -> list[Grid]:
    """The grids among items."""
    return [item for item in items if isinstance(item, Grid)]


def odd(items: list[Item]) -> set[OddityKind]:
    """The kinds of oddity among items."""
    return {item.kind for item in items if isinstance(item, Oddity)}


def columns(items: list[Item]) -> list[dict[str, list[Any]]]:
    """The tables among items, as columns by name."""
    return [{column.name: column.values.to_pylist() for column in item.columns} for item in items if isinstance(item, Table)]


def test_a_table_keeps_its_header_caption_and_spans() -> None:
    """Cells that span rows are repeated below, header cells that span columns beside."""
    page = (
        "<table><caption>Table 2: cases</caption><thead><tr><th rowspan=2>area</th><th colspan=2>sex</th></tr><tr><th>F</th><th>M</th></tr></thead>"
        "<tbody><tr><td rowspan=2>North</td><td>12</td><td>4</td></tr><tr><td>8</td><td>&lt;5</td></tr><tr><td colspan=3>Source: x</td></tr></tbody></table>"
    )
    (grid,) = grids(read(page))
    assert grid.rows == (("area", "sex", "sex"), ("area", "F", "M"), ("North", "12", "4"), ("North", "8", "<5"), ("Source: x", "", ""))
    assert (grid.header_rows, grid.before) == (2, "Table 2: cases")


def test_tables_without_end_tags_and_tables_in_tables() -> None:
    """Omitted end tags are implied; a nested table is a table of its own."""
    found = grids(read("<table><tr><th>a<th>b<tr><td>1<td>2</table><table><tr><td>x<table><tr><td>7<td>8</table></table>"))
    assert [grid.rows for grid in found] == [(("a", "b"), ("1", "2")), (("7", "8"),), (("x",),)]


@pytest.mark.parametrize(
    "page",
    [
        '<p>ok</p><div style="display:none">P00017 carrier</div>',
        "<p>ok</p><p hidden>P00017 carrier</p>",
        '<p>ok</p><span style="color: #fff">P00017 carrier</span>',
        "<p>ok</p><template><b>P00017 carrier</b></template>",
        '<p>ok</p><input type="hidden" value="P00017 carrier">',
        '<p>ok</p><div style="position:absolute; left:-9999px">P00017 carrier</div>',
    ],
)
def test_text_that_the_page_does_not_show_is_read_and_told(page: str) -> None:
    """Each way of hiding text gives a hidden part and an oddity."""
    items = read(page)
    assert OddityKind.HIDDEN_TEXT in odd(items)
    assert any(isinstance(item, TextPart) and item.hidden and "P00017 carrier" in item.text for item in items)
    assert not any("P00017" in item.detail for item in items if isinstance(item, Oddity))


def test_a_hidden_table_is_a_hidden_grid() -> None:
    """A table in a hidden element keeps its cells."""
    (grid,) = grids(read('<div style="display:none"><table><tr><td>P1<td>3</table></div>'))
    assert grid.hidden
    assert grid.rows == (("P1", "3"),)


def test_comments_are_read_as_hidden_text() -> None:
    """Comments are parts, also one that never ends."""
    items = read("<p>a</p><!-- P1 --><!-- P2 has no end")
    (comment,) = [item for item in items if isinstance(item, TextPart) and item.role is TextRole.COMMENT]
    assert comment.hidden
    assert "P1" in comment.text
    assert "P2" in comment.text


@pytest.mark.parametrize(
    "declared",
    [
        "<!DOCTYPE html>",
        "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN' 'http://www.w3.org/TR/html4/strict.dtd'>",
        '<!DOCTYPE html SYSTEM "about:legacy-compat">',
        '<?xml version="1.0" encoding="UTF-8"?>',
        "<?xml version='1.0' standalone='no'?>",
    ],
)
def test_what_a_page_declares_of_itself_is_no_text(declared: str) -> None:
    """The declarations that programs write are no comment."""
    assert not [item for item in read(f"{declared}<p>a</p>") if isinstance(item, TextPart) and item.hidden]


@pytest.mark.parametrize("declaration", ['<!DOCTYPE html [<!ENTITY e "DATA">]>', "<!DOCTYPE html DATA>", "<?xml DATA ?>", "<?php DATA ?>"])
def test_declarations_are_read_as_hidden_text(declaration: str) -> None:
    """A declaration that says more than what kind of page it is, such as an entity, is read like a comment."""
    rows = "person,age\n" + "".join(f"P{1000 + place},{20 + place}\n" for place in range(30))
    items = read(declaration.replace("DATA", rows) + "<p>&e;</p>")
    assert any("P1007" in str(item) for item in items if isinstance(item, TextPart | Grid) and item.hidden)


@pytest.mark.parametrize(
    "script",
    [
        'Plotly.newPlot("id", DATA, {"title": "x"});',
        'var spec = {"data": {"values": DATA}}; vegaEmbed(\'#v\', spec);',
        "option = {series: [{type: 'scatter', data: DATA}]}; chart.setOption(option);",
        "const docs_json = '{\"roots\": DATA}';",
    ],
)
def test_data_in_scripts_are_read(script: str) -> None:
    """Points that a plotting library draws are a table, whatever the library."""
    data = json.dumps([{"age": number, "bmi": 20 + number / 4} for number in range(12)])
    items = read(f"<html><script>{script.replace('DATA', data)}</script></html>")
    assert {"age": list(range(12)), "bmi": [20 + number / 4 for number in range(12)]} in columns(items)
    assert OddityKind.PAGE_SCRIPT in odd(items)


def test_traces_have_the_names_of_their_axes() -> None:
    """What a Plotly figure plots is called what its axes say, in a page and in a file, and is read once."""
    points = {"x": [1.5, 2.25, 3.125, 4.0, 5.5, 6.0], "y": [0.1, 0.5, 2.5, 0.7, 0.2, 1.9], "type": "scatter", "mode": "markers"}
    layout = {
        "xaxis": {"title": {"text": "Position on <b>chr9</b>"}},
        "yaxis": {"title": "-log10(P)"},
        "template": {"data": {}, "layout": {}},
    }
    page = f'<html><body><div id="a"></div><script>Plotly.newPlot("a", {json.dumps([points])}, {json.dumps(layout)}, {{"responsive": true}})</script></body></html>'
    file = json.dumps({"data": [points], "layout": layout})
    for data, label in ((page, "html"), (file, "json")):
        (found,) = [one for one in columns(read(data, label)) if "-log10(P)" in one]
        assert found["Position on chr9"] == points["x"]
        assert not [one for one in columns(read(data, label)) if "x" in one]


def test_code_around_data_is_still_searched() -> None:
    """A table in a string of a script that also plots is found."""
    lines = "".join(f"P{row:03d},{20 + row},{'FM'[row % 2]}\\n" for row in range(12))
    script = f'var d = {{"x": [{", ".join(map(str, range(30)))}]}}; var t = "id,age,sex\\n{lines}";'
    assert any(item.rows[0] == ("id", "age", "sex") for item in grids(read(f"<html><script>{script}</script></html>")))


def test_json_islands_are_data_and_no_script() -> None:
    """A script element that holds JSON runs nothing."""
    items = read('<script type="application/json" data-for="w">{"x": {"data": [["P1", "P2", "P3"], [34, 51, 29]]}}</script>')
    assert grids(items)[0].rows == (("P1", "P2", "P3"), ("34", "51", "29"))
    assert OddityKind.PAGE_SCRIPT not in odd(items)


@pytest.mark.parametrize(
    ("page", "kind"),
    [
        ('<script src="https://cdn.example/x.js"></script>', OddityKind.PAGE_REFERENCE),
        ('<img src="//example/pixel.png?x=1">', OddityKind.PAGE_REFERENCE),
        ('<iframe src="http://example/"></iframe>', OddityKind.PAGE_REFERENCE),
        ('<form action="https://example/"><p>x</form>', OddityKind.PAGE_REFERENCE),
        ('<meta http-equiv="refresh" content="0; url=http://example">', OddityKind.AUTOMATIC_ACTION),
        ('<a href="javascript:go()">x</a>', OddityKind.PAGE_SCRIPT),
        ('<p onclick="go()">x</p>', OddityKind.PAGE_SCRIPT),
    ],
)
def test_what_the_page_does_is_told(page: str, kind: OddityKind) -> None:
    """Fetching, running and redirecting are oddities."""
    assert kind in odd(read(page))


def test_ordinary_links_are_fine() -> None:
    """A link that a person has to follow is no oddity."""
    assert odd(read('<p>See <a href="https://example.org/paper">the paper</a>.</p>')) == set()


def test_preformatted_output_is_read_as_text_and_code_as_code() -> None:
    """Output in `pre` loses its echo marks and goes through the reader of text."""
    items = read('<pre class="r"><code>summary(fit)</code></pre><pre><code>## id,age\n## P1,34\n## P2,51\n</code></pre>')
    assert any(isinstance(item, TextPart) and item.role is TextRole.CODE and item.text == "summary(fit)" for item in items)
    assert any(isinstance(item, TextPart) and "P1,34" in item.text and "##" not in item.text for item in items) or grids(items)


def test_a_script_in_a_data_uri_is_code() -> None:
    """Self-contained pages pack scripts and styles in data URIs."""
    uri = "data:application/javascript;base64," + base64.b64encode(b"alert(1)").decode()
    items = read(f'<script src="{uri}"></script>')
    assert any(isinstance(item, TextPart) and item.text == "alert(1)" for item in items)
    assert OddityKind.PAGE_SCRIPT in odd(items)


@pytest.mark.no_cover
@pytest.mark.parametrize(
    "piece", ["<div>", "<a ", "<!--", "<a b='", "<![CDATA[", "</", "<table><tr><td>", "<p x=y", "<script>", "<b><i></b>", "&#x"]
)
def test_repeated_damage_is_read_to_its_end(piece: str) -> None:
    """Repeated damage drives the parser into no circle, and nothing but text, gaps and oddities comes out of it."""
    assert all(isinstance(item, TextPart | Unread | Oddity) for item in read(piece * 20_000))


def test_spans_that_blow_up_are_a_gap() -> None:
    """Huge spans are counted before cells are made."""
    rows = "<tr>" + "<td colspan=1000 rowspan=60000>x" * 20 + "</tr>"
    items = read("<table>" + rows + "<tr><td>y</tr>" * 1000 + "</table>")
    assert [item.limit_name for item in items if isinstance(item, Unread)] == ["cells"]


@given(
    st.lists(
        st.sampled_from(
            [
                "<p>",
                "</p>",
                "<b",
                "'",
                '"',
                ">",
                "=",
                "<!--",
                "-->",
                "<td>",
                "</table>",
                "<table>",
                "x1y",
                " ",
                "</",
                "<?",
                "&lt;",
                "<pre>",
                "</pre>",
            ]
        ),
        max_size=30,
    )
)
@settings(max_examples=200, deadline=None)
def test_any_soup_is_read(pieces: list[str]) -> None:
    """Whatever the damage, the page gives items and words outside tags survive."""
    page = "".join(pieces)
    items = read(page)
    assert not any(isinstance(item, Unread) for item in items)
    if "<" not in page:
        text = "".join(item.text for item in items if isinstance(item, TextPart))
        assert text.count("x1y") == page.count("x1y")


def test_xml_records_are_tables() -> None:
    """Repeated elements are records: attributes and children are columns; a plain document type is no harm."""
    items = read('<!DOCTYPE d SYSTEM "d.dtd"><d><!-- note --><p id="1"><age>34</age></p><p id="2"><age>51</age></p><n>3</n></d>', "xml")
    assert {"id": [1, 2], "age": [34, 51]} in columns(items)
    assert {"name": ["d.n"], "value": [3]} in columns(items)
    assert any(isinstance(item, TextPart) and item.role is TextRole.COMMENT for item in items)


def test_xml_that_declares_entities_is_refused() -> None:
    """Entities are never expanded."""
    (item,) = read('<!DOCTYPE d [<!ENTITY e "x">]><d>&e;</d>', "xml")
    assert isinstance(item, Unread)


def test_marks_of_a_figure_are_counted() -> None:
    """A scatter plot has as many like marks as points."""
    points = "".join(f'<circle cx="{number}" cy="3" r="2"/>' for number in range(250))
    items = read(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 300"><text>Age</text>{points}</svg>', "svg")
    (figure,) = [item for item in items if isinstance(item, Figure)]
    assert (figure.marks, figure.width, figure.height) == (250, 400, 300)


def test_labels_of_marks_are_records() -> None:
    """Accessible labels that name the values of each point are a table."""
    points = "".join(f'<path aria-label="age: {number}; bmi: 2{number}.5" d="M0,0A1,1"/>' for number in range(4))
    assert columns(read(f"<svg>{points}</svg>", "svg")) == [{"age": [0, 1, 2, 3], "bmi": [20.5, 21.5, 22.5, 23.5]}]


def test_what_a_figure_hides_and_runs_is_told() -> None:
    """Hidden text, scripts, remote images and embedded pages are oddities."""
    items = read(
        '<svg><text display="none">P1</text><script>x()</script><image href="http://e/x.png"/><foreignObject><p>P2</p><iframe src="x.html"/></foreignObject></svg>',
        "svg",
    )
    assert odd(items) == {OddityKind.HIDDEN_TEXT, OddityKind.SCRIPT, OddityKind.EXTERNAL_REFERENCE, OddityKind.EMBEDDED_OBJECT}
