"""The order in which bytes are asked: signatures, containers, serialized objects, text, and last the unknown."""

from __future__ import annotations

from dataclasses import replace

from sdc_airlock.identify._compressed import compressed_kind
from sdc_airlock.identify._genomic_bytes import genomic_bytes
from sdc_airlock.identify._ole import ole_kind
from sdc_airlock.identify._polyglot import others
from sdc_airlock.identify._serialized import serialized_kind
from sdc_airlock.identify._signature import Guess, by_signature
from sdc_airlock.identify._text import text_kind
from sdc_airlock.identify._zip import has_directory, zip_kind
from sdc_airlock.identify.encoding import decode
from sdc_airlock.source import Source

__all__ = ["Guess", "of_content"]

_TEXTUAL = frozenset({"rtf", "eps"})


def of_content(source: Source) -> Guess:
    """The type of some bytes, with the other types that they are too."""
    guess = _main(source)
    also = tuple(dict.fromkeys((*guess.also, *others(source, guess.label))))
    return replace(guess, also=also)


def _main(source: Source) -> Guess:
    head = source.head
    if not head:
        return Guess("empty", "no bytes")
    signed = by_signature(head, source.size)
    container = zip_kind(source) or ole_kind(source) or compressed_kind(source, signed.label if signed else "")
    if container or signed:
        return container or signed  # type: ignore[return-value] # one of them is there
    if guess := genomic_bytes(source) or serialized_kind(source):
        return guess
    text, encoding, _ = decode(head)
    if encoding.text:
        return text_kind(source, text)
    place = head.find(b"%PDF-", 0, 1024)
    if place > 0:
        return Guess("pdf", f"PDF header at byte {place}")
    if has_directory(source):
        return Guess("zip", "zip directory at the end, other bytes in front")
    return Guess("unknown", "no known signature, not text")
