"""Data carried in text: whatever notation encodes them, what they decode to is read like a member of a container."""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from typing import TYPE_CHECKING
from urllib.parse import unquote_to_bytes

from sdc_airlock.identify import identify
from sdc_airlock.model.content import Oddity, OddityKind, Unread, UnreadReason
from sdc_airlock.model.filetype import Family
from sdc_airlock.readers._dumps import dump_runs
from sdc_airlock.readers._fonts import font_of
from sdc_airlock.readers._letters import Run, letter_runs
from sdc_airlock.readers._respelled import respelled
from sdc_airlock.readers._reveal import reveal
from sdc_airlock.readers._symbols import blank_codes, mixed_scripts, symbol_runs
from sdc_airlock.source import Source

if TYPE_CHECKING:
    from sdc_airlock.readers import Item, Reading

_MOST = 200
_SHORTEST = 60
_SEARCHED = 16 << 20
_FEWEST_DISGUISED = 10
_URI = re.compile(r"data:([\w.+-]{1,60}/[\w.+-]{1,80})?(?:;[\w=.+-]{1,60}){0,4};base64,([A-Za-z0-9+/=%\s_-]{16,}+)")
# what stands directly before a run that a format keeps as base64 by its own rules
_CLAIM = re.compile(r"\"?((?:image|font|audio|video|application|text)/[\w.+-]{1,60})\"?\s{0,4}[:=>]\s{0,4}[\[\"'\s]{0,12}$")
_SIGNED = re.compile(r"(?:^|\n)(?:DKIM-Signature|X-[\w-]{1,60}|ARC-[\w-]{1,60}|Authentication-[\w-]{1,60}):(?:[^\n]|\n[ \t]){0,1500}$")
_LONGEST_SIGNATURE = 1500
_PACKED = re.compile(r"\"(?:bdata|__ndarray__|array_buffer|split_indices_b64|buffer)\"\s{0,4}:\s{0,4}\"?$")
_PAGES = frozenset({"application/pdf", "text/html", "text/css", "application/javascript", "text/javascript", "application/json"})


def encoded_items(part_id: str, text: str, reading: Reading, *, depth: int) -> Iterator[Item]:
    """An oddity that tells of encoded runs, and the parts of what they decode to.

    A picture or font in a data URI is an ordinary thing: it is read, and no oddity. The same text is searched once for one part.
    """
    if len(text) < _SHORTEST or not reading.first_time(part_id, text):
        return
    if len(text) > _SEARCHED:
        yield Unread(
            part_id=part_id,
            why=UnreadReason.LIMIT,
            limit_name="text_bytes",
            limit=_SEARCHED,
            seen=len(text),
            detail="only the first part of the text was searched for encoded data",
        )
        text = text[:_SEARCHED]
    found = hidden = 0
    for run, claimed in _runs(text):
        found += 1
        reading.spend()
        if found > _MOST:
            hidden += run.end - run.start
            continue
        source = Source.of_bytes(run.data, part_id=f"{part_id}!encoded{found}", name="", depth=depth + 1) if run.data else None
        if run.loud and not (claimed and _ordinary(claimed, source)):
            hidden += run.end - run.start
        if source is not None:
            reading.spend(expanded=len(run.data))
            yield from reading.descend(source)
    if found > _MOST:
        yield Unread(part_id=part_id, why=UnreadReason.LIMIT, limit_name="encoded_runs", limit=_MOST, seen=found)
    if hidden:
        yield Oddity(part_id=part_id, kind=OddityKind.ENCODED_BLOB, detail="data encoded in text", size=hidden)
    for number, plain in enumerate(respelled(text), start=1):
        reading.spend(expanded=len(plain), members=1)
        yield from reading.descend(
            Source.of_bytes(plain.encode("utf-8", "replace"), part_id=f"{part_id}!respelled{number}", name="", depth=depth + 1)
        )
    disguised = mixed_scripts(text) + blank_codes(text)
    if disguised >= _FEWEST_DISGUISED:
        yield Oddity(
            part_id=part_id, kind=OddityKind.DISGUISED_TEXT, detail="look-alike letters or mixed blanks at ends of lines", size=disguised
        )


def _runs(text: str) -> Iterator[tuple[Run, str]]:
    """Runs that do not lie upon each other, each with the media type that is claimed for it ("" where none is)."""
    taken: list[tuple[int, int]] = []
    if ";base64," in text:
        for match in _URI.finditer(text):
            data = _decoded(match[2])
            if not data:
                continue
            taken.append(match.span())
            claimed = (match[1] or "text/plain").lower()
            if "font" in claimed:
                if font_of(data) is None:
                    yield Run(match.start(), match.end(), reveal(data) or _told(data), loud=True), ""
                continue
            yield Run(match.start(), match.end(), reveal(data) or _told(data), loud=True), claimed
    for runs in (letter_runs(text), dump_runs(text), symbol_runs(text)):
        for run in runs:
            whole = run.end - run.start == len(text)
            if not whole and any(start < run.end and run.start < end for start, end in taken):
                continue
            if not whole:
                taken.append((run.start, run.end))
            before = text[max(0, run.start - 90) : run.start]
            if _PACKED.search(before) or (not run.data and _signature(text, run)):
                continue
            claim = _CLAIM.search(before)
            yield run, claim[1].lower() if claim else ""


def _signature(text: str, run: Run) -> bool:
    """True for a run in a header of an e-mail that signs it or traces its way."""
    return run.end - run.start <= _LONGEST_SIGNATURE and bool(_SIGNED.search(text, max(0, run.start - 1600), run.start))


def _told(data: bytes) -> bytes:
    """The bytes where their type can be told, else b""."""
    return b"" if identify(Source.of_bytes(data, part_id="", name="")).family in (Family.UNKNOWN, Family.EMPTY) else data


def _ordinary(claimed: str, source: Source | None) -> bool:
    """True for a picture or a font that is what it claims to be, and for a script or style sheet of a page."""
    if claimed.startswith(("audio/", "video/")) or claimed in ("image/x-icon", "image/vnd.microsoft.icon"):
        return source is None
    if source is None:
        return False
    family = identify(source).family
    if claimed.startswith("image/"):
        return family is Family.FIGURE
    return claimed in _PAGES and family in (Family.DOCUMENT, Family.MARKUP, Family.CODE, Family.RECORDS)


def _decoded(raw: str) -> bytes:
    """The bytes of base64 letters, b"" where they encode none."""
    letters = re.sub(r"[^A-Za-z0-9+/]", "", unquote_to_bytes(raw).decode("latin-1").replace("-", "+").replace("_", "/"))
    letters = letters[: len(letters) - (len(letters) % 4 == 1)]
    try:
        return binascii.a2b_base64(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return b""
