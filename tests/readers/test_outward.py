"""What XML and SVG refer to, run and say beside their content."""

from __future__ import annotations

import pytest

from sdc_airlock.identify.types import TYPES
from sdc_airlock.limits import Limits
from sdc_airlock.model.content import Oddity, OddityKind, TextPart, Unread
from sdc_airlock.model.filetype import FileType
from sdc_airlock.readers import Item, Reading
from sdc_airlock.source import Source


def read(text: str, label: str, encoding: str = "utf-8") -> list[Item]:
    """All items of a file whose type is known."""
    source = Source.of_bytes(text.encode(encoding), part_id=f"x.{label}", name=f"x.{label}")
    return list(Reading(limits=Limits()).open(source, FileType(label=label, family=TYPES[label].family)))


def kinds(items: list[Item]) -> set[OddityKind]:
    """Kinds of all oddities."""
    return {item.kind for item in items if isinstance(item, Oddity)}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_entities_kept_elsewhere_are_told(encoding: str) -> None:
    """An external entity is an external reference, is not fetched, and the document is not read."""
    items = read('<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/hostname">]><d>&e;</d>', "xml", encoding)
    assert OddityKind.EXTERNAL_REFERENCE in kinds(items)
    assert any(isinstance(item, Unread) for item in items)


def test_style_sheets_elsewhere_are_told() -> None:
    """A style sheet that would be fetched is an external reference; one beside the file is not."""
    assert OddityKind.EXTERNAL_REFERENCE in kinds(
        read('<?xml-stylesheet type="text/xsl" href="https://example.org/x.xsl"?><d><n>3</n></d>', "xml")
    )
    assert kinds(read('<?xml-stylesheet type="text/xsl" href="x.xsl"?><d><n>3</n></d>', "xml")) == set()


def test_style_sheets_with_scripts_are_told() -> None:
    """XSLT may hold scripts of its own."""
    text = '<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" xmlns:m="urn:m"><m:script>f()</m:script></xsl:stylesheet>'
    assert OddityKind.SCRIPT in kinds(read(text, "xml"))


def test_comments_of_a_figure() -> None:
    """Comments that say which letters a path draws are no hiding place; longer ones are."""
    items = read('<svg xmlns="http://www.w3.org/2000/svg"><!-- 0.25 --><path d="M0,0"/><!-- ' + "a word or two " * 20 + "--></svg>", "svg")
    assert [(item.part_id, item.hidden) for item in items if isinstance(item, TextPart)] == [
        ("x.svg!letters", False),
        ("x.svg!comments", True),
    ]


def test_a_page_frame_in_a_figure() -> None:
    """Formatted text in a figure is shown; a frame of another page is an embedded object."""
    text = '<svg xmlns="http://www.w3.org/2000/svg"><foreignObject><p>Mean age</p>{}</foreignObject></svg>'
    assert kinds(read(text.format(""), "svg")) == set()
    assert kinds(read(text.format('<iframe src="x.html"/>'), "svg")) == {OddityKind.EMBEDDED_OBJECT}
