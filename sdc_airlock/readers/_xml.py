"""XML without document types, entities or unbounded depth."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING
from xml.parsers import expat

from sdc_airlock.errors import LimitReached, Malformed

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MAX_DEPTH = 400
_COMMENT = re.compile(rb"<!--(.*?)-->", re.DOTALL)
_INSTRUCTION = re.compile(rb"<\?(?!xml[ \t\r\n?]|xml-stylesheet|mso-)(.*?)\?>", re.DOTALL)

_LONG_TEXT = re.compile(rb"<!\[CDATA\[(.{60,}?)\]\]>|>([^<>]{60,})<|=\s?\"([^\"<]{60,})\"|=\s?'([^'<]{60,})'", re.DOTALL)
_FEWEST_LINES = 5

StartHandler = Callable[[str, dict[str, str]], object]


def local(name: str) -> str:
    """A tag or attribute name without namespace or prefix."""
    return name.rpartition("}")[2].rpartition(":")[2]


def attribute(element: Element, name: str, default: str = "") -> str:
    """An attribute by its local name, whatever its namespace."""
    for key, value in element.attrib.items():
        if local(key) == name:
            return str(value)
    return default


def feed(
    chunks: Iterable[bytes],
    *,
    start: StartHandler,
    end: Callable[[str], object],
    text: Callable[[str], object],
    comment: Callable[[str], object] | None = None,
) -> None:
    """Stream XML into handlers; names come without their prefix.

    Raises:
        Malformed: not well-formed, or a document type is declared.
        LimitReached: elements nest deeper than `MAX_DEPTH`.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.buffer_size = 65_536
    names: dict[str, str] = {}
    depth = 0

    def on_start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise LimitReached("depth", MAX_DEPTH, depth)
        short = names.get(name)
        if short is None:
            short = names[name] = local(name)
        start(short, attributes)

    def on_end(name: str) -> None:
        nonlocal depth
        depth -= 1
        end(names[name])

    parser.StartElementHandler = on_start
    parser.EndElementHandler = on_end
    parser.CharacterDataHandler = text
    if comment is not None:
        parser.CommentHandler = comment
    _refuse_declarations(parser)
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - expat's own signature
        parser.Parse(b"", True)  # noqa: FBT003
    except expat.ExpatError as error:
        raise Malformed(f"not well-formed XML (line {error.lineno})") from None


def _refuse_declarations(parser: expat.XMLParserType) -> None:
    def refuse(*_: object) -> int:
        raise Malformed("XML declares a document type or entity")

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.UnparsedEntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse


def tree(data: bytes) -> Element:
    """A small XML part as a tree.

    Raises:
        Malformed: not well-formed, or a document type is declared.
        LimitReached: elements nest deeper than `MAX_DEPTH`.
    """
    from xml.etree.ElementTree import TreeBuilder

    builder = TreeBuilder()
    feed(
        (data,),
        start=builder.start,
        end=builder.end,
        text=builder.data,
    )
    return builder.close()


class _RootFoundError(Exception):
    """Ends the search for the root element."""


def root_name(head: bytes) -> str:
    """Local name of the root element, from the first bytes of a part; "" where they are no XML or declare entities."""
    if not head.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n\x00").startswith(b"<"):
        return ""
    found: list[str] = []

    def stop(name: str, *_: object) -> None:
        found.append(name)
        raise _RootFoundError

    def refuse(*_: object) -> None:
        raise _RootFoundError

    parser = expat.ParserCreate()
    parser.StartElementHandler = stop
    parser.EntityDeclHandler = refuse
    with suppress(expat.ExpatError, _RootFoundError):
        parser.Parse(head, False)  # noqa: FBT003
    return local(found[0]) if found else ""


def decoded(data: bytes) -> str:
    """The markup of a part, of one byte or of two a character."""
    return data.decode("utf-16" if data[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8", "replace")


def asides(data: bytes) -> str:
    """Text of comments and processing instructions, which no application shows."""
    return "\n".join(aside_texts(data))


def aside_texts(data: bytes) -> list[str]:
    """The same, one by one."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    found = [match.group(1) for pattern in (_COMMENT, _INSTRUCTION) for match in pattern.finditer(data)]
    return [text.decode("utf-8", "replace").strip() for text in found if text.strip()]


def long_texts(data: bytes) -> list[str]:
    """Texts, quoted sections and values of attributes that run over several lines, with their line ends, which a parser may not keep."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        data = data.decode("utf-16", "replace").encode()
    found = [next(filter(None, match.groups())) for match in _LONG_TEXT.finditer(data)]
    return [html.unescape(text.decode("utf-8", "replace")) for text in found if text.strip().count(b"\n") >= _FEWEST_LINES]


def texts(element: Element, wanted: frozenset[str]) -> Iterator[str]:
    """Text of the elements of these local names, in document order."""
    for child in element.iter():
        if local(child.tag) in wanted and child.text:
            yield child.text
