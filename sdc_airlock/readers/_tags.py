"""HTML to tokens, as browsers cut it, in time linear in its length (the standard library's parser is quadratic on some damage)."""

from __future__ import annotations

import html
import re
from collections.abc import Generator, Iterator
from dataclasses import dataclass, field

_RAW = frozenset({"script", "style", "xmp", "iframe", "noembed", "noframes", "textarea", "title"})
_DECODED_RAW = frozenset({"textarea", "title"})
_NAME = re.compile(r"[a-zA-Z][^\s/>\x00]*")
_ATTRIBUTE = re.compile(r"[\s/]*([^\s/>=][^\s/>=]*)")
_EQUALS = re.compile(r"\s*=\s*")
_BARE = re.compile(r"[^\s>]*")
_END_OF_TAG = re.compile(r"[\s/]*>")
# what a page declares of itself in words that say nothing else: <!DOCTYPE html>, <?xml version="1.0" encoding="UTF-8"?>
_ORDINARY = re.compile(
    r"doctype\s+[a-z:]{1,20}(?:\s+(?:public|system))?(?:\s*(?:\"[\w/.: +-]{0,120}\"|'[\w/.: +-]{0,120}')){0,2}\s*"
    r"|xml(?:\s+(?:version|encoding|standalone)\s*=\s*[\"'][\w.-]{0,40}[\"']){0,3}\s*\?",
    re.IGNORECASE,
)
MOST_ATTRIBUTES = 1_000


@dataclass(frozen=True, slots=True)
class Start:
    """A start tag; attribute names are in lower case, the first of a repeated name counts and the others get a number."""

    name: str
    attributes: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class End:
    """An end tag."""

    name: str


@dataclass(frozen=True, slots=True)
class Text:
    """Text between tags, or what stands inside a script, style or textarea (`inside` names it)."""

    text: str
    inside: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A comment, or a declaration or instruction that is none a page needs."""

    text: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The page ends inside a tag or a comment."""


Token = Start | End | Text | Comment | Broken


def tokens(page: str) -> Iterator[Token]:
    """Cut a page into tokens; every character of it is in one of them."""
    at, end = 0, len(page)
    while at < end:
        mark = page.find("<", at)
        if mark < 0:
            yield Text(html.unescape(page[at:]))
            return
        if mark > at:
            yield Text(html.unescape(page[at:mark]))
        at = yield from _markup(page, mark)


def _markup(page: str, mark: int) -> Generator[Token, None, int]:
    """The token at a `<`, and where it ends."""
    following = page[mark + 1 : mark + 2]
    if following in ("!", "?"):
        return (yield from _declaration(page, mark))
    closing = following == "/"
    name = _NAME.match(page, mark + 1 + closing)
    if name is None:
        if closing:
            stop = page.find(">", mark)
            yield Comment(page[mark + 2 : stop if stop >= 0 else len(page)])
            return stop + 1 if stop >= 0 else len(page)
        yield Text("<")
        return mark + 1
    attributes, at = _attributes(page, name.end())
    if at < 0:
        yield Text(html.unescape(page[mark:]))
        yield Broken()
        return len(page)
    tag = name.group().lower()
    if closing:
        yield End(tag)
        return at
    yield Start(tag, attributes)
    if tag in _RAW and not page[:at].endswith("/>"):
        return (yield from _raw(page, tag, at))
    return at


def _declaration(page: str, mark: int) -> Generator[Token, None, int]:
    if page.startswith("<!--", mark):
        stop = page.find("-->", mark + 2)
        body, at = (page[mark + 4 : max(stop, mark + 4)], stop + 3)
    elif page.startswith("<![CDATA[", mark):
        stop = page.find("]]>", mark)
        yield Text(page[mark + 9 : stop if stop >= 0 else len(page)])
        return stop + 3 if stop >= 0 else len(page)
    else:
        stop = page.find(">", mark)
        body, at = (page[mark + 2 : stop], stop + 1)
        if _ORDINARY.fullmatch(body):
            body = ""
    if stop < 0:
        yield Comment(page[mark + 2 :])
        yield Broken()
        return len(page)
    if body.strip():
        yield Comment(body)
    return at


def _raw(page: str, tag: str, at: int) -> Generator[Token, None, int]:
    found = re.compile(rf"</{tag}(?=[\s/>])", re.IGNORECASE).search(page, at)
    stop = found.start() if found else len(page)
    text = page[at:stop]
    if text:
        yield Text(html.unescape(text) if tag in _DECODED_RAW else text, tag)
    if found is None:
        yield Broken()
    return stop


def _attributes(page: str, at: int) -> tuple[dict[str, str], int]:
    """Attributes of a tag and where the tag ends, -1 where it does not."""
    found: dict[str, str] = {}
    while True:
        stop = _END_OF_TAG.match(page, at)
        if stop:
            return found, stop.end()
        name = _ATTRIBUTE.match(page, at)
        if name is None:
            if at >= len(page) or not page[at:].strip(" \t\r\n/"):
                return found, -1
            at += 1  # a stray equals sign
            continue
        at = name.end()
        value = ""
        equals = _EQUALS.match(page, at)
        if equals:
            value, at = _value(page, equals.end())
            if at < 0:
                return found, -1
        _keep(found, name.group(1).lower(), value)


def _value(page: str, at: int) -> tuple[str, int]:
    quote = page[at : at + 1]
    if quote in ('"', "'") and quote:
        stop = page.find(quote, at + 1)
        return (html.unescape(page[at + 1 : stop]), stop + 1) if stop >= 0 else ("", -1)
    bare = _BARE.match(page, at)
    return (html.unescape(bare.group()), bare.end()) if bare else ("", at)


def _keep(found: dict[str, str], name: str, value: str) -> None:
    if name not in found:
        found[name] = value
    elif value != found[name] and len(found) < MOST_ATTRIBUTES:
        found[f"{name} {len(found)}"] = value
