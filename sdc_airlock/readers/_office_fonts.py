"""Fonts inside office documents: told by their tables, which fill the file."""

from __future__ import annotations

import struct

from sdc_airlock.readers._fonts import holds_text


def font_fills(data: bytes, *, keys: list[bytes]) -> bool:
    """True where the bytes are a TrueType or OpenType font and nothing else: its tables fill the file, and none but that of names holds text."""
    for key in (b"", *keys):
        plain = data if not key else bytes(byte ^ key[position % 16] for position, byte in enumerate(data[:32])) + data[32:]
        if plain[:4] in (b"\x00\x01\x00\x00", b"OTTO", b"true"):
            try:
                return _tables_fill(plain)
            except (struct.error, IndexError):
                return False
    return False


def _tables_fill(data: bytes) -> bool:
    (count,) = struct.unpack_from(">H", data, 4)
    tables = [struct.unpack_from(">4sLLL", data, 12 + 16 * number) for number in range(count)]
    spans = sorted((offset, offset + length) for _, _, offset, length in tables)
    end = 12 + 16 * count
    for start, stop in spans:
        if start - end > 3:
            return False
        end = max(end, stop)
    if any(holds_text(tag, data[start : start + size]) for tag, _, start, size in tables):
        return False
    return bool(spans) and any(tag == b"glyf" or tag in (b"CFF ", b"CBDT", b"EBDT") for tag, *_ in tables) and -4 <= len(data) - end <= 3
