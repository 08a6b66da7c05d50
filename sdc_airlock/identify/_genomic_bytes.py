"""Binary genomic formats that need more than a look at their first bytes, or that few people ever see."""

from __future__ import annotations

import math
import struct
from collections.abc import Callable

from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_PLAIN: tuple[tuple[str, bytes, str], ...] = (
    ("twobit", b"\x43\x27\x41\x1a\0\0\0\0", "2bit signature"),
    ("twobit", b"\x1a\x41\x27\x43\0\0\0\0", "2bit signature"),
    ("hic", b"HIC\0", "Hi-C contact matrix signature"),
    ("cel", b"\x40\0\0\0\x04\0\0\0", "Affymetrix CEL signature"),
    ("cel", b"[CEL]\n", "Affymetrix CEL header"),
    ("cel", b"[CEL]\r\n", "Affymetrix CEL header"),
    ("sff", b".sff\0\0\0\x01", "SFF signature"),
    ("sra", b"NCBI.sra", "Sequence Read Archive signature"),
    ("nanopore", b"\x8bPOD\r\n\x1a\n", "POD5 signature"),
    ("nanopore", b"BLOW5\x01", "BLOW5 signature"),
    ("tskit", b"\x89KAS\r\n\x1a\n", "kastore signature, as tree sequences have"),
    ("tribble_idx", b"TIDX", "Tribble index signature"),
    ("pgen", b"\x6c\x1b\x30", "PLINK 2 index magic number"),
    ("pgen", b"\x6c\x1b\x31", "PLINK 2 index magic number"),
)
_CALVIN = b"affymetrix-calvin-intensity"
_BLOCK_BYTES = 1 << 16
_FEWEST_PEOPLE = 5
_LOOKED_AT = 4096


def genomic_bytes(source: Source) -> Guess | None:
    """The type of a rarer genomic format, or None."""
    head = source.head
    for label, magic, words in _PLAIN:
        if head.startswith(magic):
            return Guess(label, words)
    for rule in _RULES:
        if guess := rule(head, source.size):
            return guess
    return None


def _calvin(head: bytes, _: int | None) -> Guess | None:
    if head.startswith(b"\x3b\x01") and _CALVIN in head[:256]:
        return Guess("cel", "Affymetrix CEL header of the Command Console")
    return None


def _block_index(head: bytes, size: int | None) -> Guess | None:
    """Pairs of places, as many as the first number says, each at most a block after the one before."""
    if size is None or len(head) < 24:
        return None
    count = int.from_bytes(head[:8], "little")
    if not count or size != 8 + 16 * count:
        return None
    places = struct.unpack_from(f"<{2 * min(count, 50)}Q", head, 8)
    for column in (places[::2], places[1::2]):
        if any(not 0 < later - earlier <= _BLOCK_BYTES for earlier, later in zip((0, *column), column, strict=False)):
            return None
    return Guess("gzi", "places of blocks that rise by at most 64 KiB")


def _relationships(head: bytes, size: int | None) -> Guess | None:
    """A triangle of single-precision numbers with something near one on its diagonal and less beside it."""
    if size is None or size % 4:
        return None
    pairs = size // 4
    people = (math.isqrt(8 * pairs + 1) - 1) // 2
    if people < _FEWEST_PEOPLE or people * (people + 1) // 2 != pairs:
        return None
    numbers = struct.unpack_from(f"<{min(len(head) // 4, _LOOKED_AT)}f", head)
    if all(number >= 1 and number == int(number) for number in numbers if math.isfinite(number)) and all(map(math.isfinite, numbers)):
        return Guess("grm_bin", "a triangle of whole numbers, as the counts of a relationship matrix")
    place = row = 0
    while place + row < len(numbers):
        beside, own = numbers[place : place + row], numbers[place + row]
        if not 0.25 < own < 4 or not all(-1.5 < number < 1.5 for number in beside):
            return None
        place += row + 1
        row += 1
    return Guess("grm_bin", "a triangle of numbers with a diagonal near one")


def _hail(head: bytes, _: int | None) -> Guess | None:
    if head.lstrip()[:1] == b"{" and b'"hail_version"' in head and (b'"matrix_type"' in head or b'"table_type"' in head):
        return Guess("hail", "description of a Hail table")
    return None


def _matrix_market(head: bytes, _: int | None) -> Guess | None:
    return Guess("matrix_market", "banner of a Matrix Market file") if head[:14].lower() == b"%%matrixmarket" else None


_RULES: tuple[Callable[[bytes, int | None], Guess | None], ...] = (_calvin, _block_index, _relationships, _hail, _matrix_market)
