"""JSON text to values, with guards: nesting, huge whole numbers, duplicate names, typed arrays packed in base64."""

from __future__ import annotations

import base64
import json
import re
import zlib
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed

NESTING = 200
_LONGEST_WHOLE_NUMBER = 300
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"', re.DOTALL)
_DTYPE = re.compile(r"^[<>|=]?[biuf][1248]$|^(?:u?int(?:8|16|32|64)|float(?:32|64))$")
_ARRAY_BYTES = 256 << 20


def guard_nesting(text: str) -> None:
    """Refuse deeply nested text before anything recursive sees it.

    Raises:
        LimitReached: more than `NESTING` brackets are open at once.
    """
    if text.count("[") + text.count("{") <= NESTING:
        return
    import numpy as np

    codes = np.frombuffer(_STRING.sub("", text).encode("ascii", "replace"), np.uint8)
    opens = np.isin(codes, (0x5B, 0x7B)).astype(np.int32)
    closes = np.isin(codes, (0x5D, 0x7D)).astype(np.int32)
    deepest = int(np.cumsum(opens - closes).max(initial=0))
    if deepest > NESTING:
        raise LimitReached("depth", NESTING, deepest)


def _whole_number(digits: str) -> int | str:
    return int(digits) if len(digits) <= _LONGEST_WHOLE_NUMBER else digits


def _object(pairs: list[tuple[str, Any]]) -> Any:
    """An object: a repeated name gets a number so that no value is lost; a packed array becomes a list."""
    found: dict[str, Any] = dict(pairs)
    if len(found) < len(pairs):
        found = {}
        for name, value in pairs:
            unique, count = name, 2
            while unique in found:
                unique, count = f"{name} ({count})", count + 1
            found[unique] = value
    return unpacked(found)


def unpacked(found: dict[str, Any]) -> Any:
    """The list that a packed array of Plotly or Bokeh stands for, the object of a Bokeh map; anything else as it is."""
    if "bdata" in found and "dtype" in found:
        return _array(found["bdata"], found["dtype"], found) or found
    if "__ndarray__" in found and "dtype" in found:
        return _array(found["__ndarray__"], found["dtype"], found) or found
    kind = found.get("type")
    if kind == "ndarray" and isinstance(found.get("array"), dict | list):
        inner = found["array"]
        packed = inner if isinstance(inner, list) else _array(inner.get("data"), found.get("dtype"), found)
        return packed or found
    entries = found.get("entries")
    if (
        kind == "map"
        and isinstance(entries, list)
        and entries
        and all(isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) for pair in entries)
    ):
        return _object([(name, value) for name, value in entries])
    return found


def _array(data: object, dtype: object, found: dict[str, Any]) -> list[Any] | None:
    """The numbers of a base64 array (gzip allowed), or None where it is none."""
    import numpy as np

    if not isinstance(data, str) or not isinstance(dtype, str) or not _DTYPE.match(dtype):
        return None
    try:
        raw = base64.b64decode(data, validate=True)
        if raw[:2] == b"\x1f\x8b":
            inflater = zlib.decompressobj(31)
            raw = inflater.decompress(raw, _ARRAY_BYTES)
            if inflater.unconsumed_tail:
                return None
        wide = np.dtype(dtype)
        if found.get("order") == "big" and wide.byteorder != "|":
            wide = wide.newbyteorder(">")
        array = np.frombuffer(raw, wide)
        shape = found.get("shape")
        if isinstance(shape, str):
            shape = [int(part) for part in shape.split(",")]
        if isinstance(shape, list) and len(shape) == 2:
            array = array.reshape(shape)
        unpacked_list: list[Any] = array.tolist()
    except (ValueError, TypeError, zlib.error):
        return None
    return unpacked_list


_DECODER = json.JSONDecoder(object_pairs_hook=_object, parse_int=_whole_number, strict=False)


def parse(text: str) -> Any:
    """One JSON document.

    Raises:
        LimitReached: it is nested too deeply.
        Malformed: it is not JSON.
    """
    guard_nesting(text)
    return _decode(text.strip(" \t\r\n\ufeff\x1e"))


def _decode(text: str) -> Any:
    try:
        return _DECODER.decode(text)
    except RecursionError:
        raise LimitReached("depth", NESTING, NESTING + 1) from None
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON at line {error.lineno}, column {error.colno}") from None


def parse_line(text: str) -> Any:
    """One line of NDJSON; see `parse`."""
    if text.count("[") + text.count("{") > NESTING:
        guard_nesting(text)
    return _decode(text)


def parse_several(text: str) -> Iterator[Any]:
    """JSON documents written one after another.

    Raises:
        LimitReached: nested too deeply.
        Malformed: what follows a document is not JSON.
    """
    guard_nesting(text)
    at = 0
    blank = re.compile(r"[\s\ufeff\x1e,;]*")
    while (at := blank.match(text, at).end()) < len(text):  # type: ignore[union-attr]
        value, at = found_at(text, at)
        yield value


def found_at(text: str, at: int) -> tuple[Any, int]:
    """The JSON value that starts at a place in a text, and where it ends.

    Raises:
        LimitReached: nested too deeply.
        Malformed: no JSON value starts there.
    """
    try:
        return _DECODER.raw_decode(text, at)
    except RecursionError:
        raise LimitReached("depth", NESTING, NESTING + 1) from None
    except json.JSONDecodeError as error:
        raise Malformed(f"not JSON at line {error.lineno}, column {error.colno}") from None
