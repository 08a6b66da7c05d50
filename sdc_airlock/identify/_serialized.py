"""Serialized objects and models: pickle, joblib, ONNX, safetensors. Looked at, never loaded."""

from __future__ import annotations

import io
import json
import struct

from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_MOST_OPCODES = 200
_FEWEST_OPCODES = 3
_TEXT_PICKLE_STARTS = b"(cIFSVLldaNptg}])"


def serialized_kind(source: Source) -> Guess | None:
    """The type of a serialized object, or None."""
    return _pickle(source.head, source.size) or _safetensors(source.head, source.size) or _onnx(source) or _lightgbm(source.head)


def _pickle(head: bytes, size: int | None) -> Guess | None:
    binary = len(head) > 2 and head[0] == 0x80 and head[1] in range(2, 6)
    if not binary and (not head or head[0] not in _TEXT_PICKLE_STARTS):
        return None
    whole = size is not None and size <= len(head)
    opcodes, ended, structured = _opcodes(head, _MOST_OPCODES if binary or not whole else len(head))
    if binary and (opcodes >= _FEWEST_OPCODES or ended):
        if b"joblib.numpy_pickle" in head or b"joblib" in head[:200]:
            return Guess("joblib", "pickle opcodes that name joblib")
        return Guess("pickle", f"pickle opcodes of protocol {head[1]}")
    if not binary and structured and ((ended and opcodes >= _FEWEST_OPCODES) or (not whole and opcodes >= _MOST_OPCODES)):
        return Guess("pickle", "pickle opcodes of protocol 0 or 1")
    return None


def _opcodes(head: bytes, most: int) -> tuple[int, bool, bool]:
    """How many opcodes follow each other, whether the end mark was met, and whether any builds an object or container."""
    import pickletools

    count, ended, structured = 0, False, False
    try:
        for opcode, _, _ in pickletools.genops(io.BytesIO(head)):
            count += 1
            structured = structured or opcode.name in {
                "MARK",
                "GLOBAL",
                "PUT",
                "BUILD",
                "REDUCE",
                "INST",
                "LIST",
                "DICT",
                "TUPLE",
                "APPEND",
            }
            ended = opcode.name == "STOP"
            if ended or count >= most:
                break
    except (ValueError, IndexError, KeyError, TypeError, struct.error, UnicodeDecodeError, OverflowError):
        return count, False, structured
    return count, ended, structured


def _safetensors(head: bytes, size: int | None) -> Guess | None:
    if len(head) < 10 or head[8:9] != b"{":
        return None
    length = struct.unpack_from("<Q", head)[0]
    if not 2 <= length <= min(100 << 20, (size or 1 << 62) - 8):
        return None
    declared = head[8 : 8 + length]
    if len(declared) == length:
        try:
            fields = json.loads(declared)
        except (ValueError, RecursionError):
            return None
        if isinstance(fields, dict) and all(isinstance(value, dict) for value in fields.values()):
            return Guess("safetensors", "safetensors header")
        return None
    return Guess("safetensors", "safetensors header") if b'"data_offsets"' in declared else None


# field number -> wire type of the ONNX model message
_ONNX_FIELDS = {1: 0, 2: 2, 3: 2, 4: 2, 5: 0, 6: 2, 7: 2, 8: 2, 14: 2, 20: 2, 25: 2, 26: 2}
_GRAPH_FIELDS = {1, 2, 5, 10, 11, 12, 13, 14, 15, 16}
_NEWEST_ONNX = 40


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while place < len(data) and shift < 64:
        byte = data[place]
        value |= (byte & 0x7F) << shift
        place += 1
        if byte < 0x80:
            return value, place
        shift += 7
    raise ValueError("varint breaks off")


def _onnx(source: Source) -> Guess | None:
    """Walk the outermost fields of a protobuf message and hold them against the ONNX model."""
    head = source.head
    if not head.startswith((b"\x08", b"\x12", b"\x3a", b"\x42")):
        return None
    place, seen, graph = 0, set(), False
    try:
        while place < len(head):
            key, place = _varint(head, place)
            field, wire = key >> 3, key & 7
            if _ONNX_FIELDS.get(field) != wire:
                return None
            value, place = _varint(head, place)
            seen.add(field)
            if field == 1 and not 1 <= value <= _NEWEST_ONNX:
                return None
            if wire == 2:
                graph = graph or (field == 7 and value > 0 and place < len(head) and _is_graph(head[place]))
                place += value
    except ValueError:
        if place < len(head) - 10:
            return None
    if source.size is not None and place > source.size:
        return None
    return Guess("onnx", "fields of an ONNX model") if graph and seen & {1, 8} else None


def _is_graph(first: int) -> bool:
    return first >> 3 in _GRAPH_FIELDS and first & 7 == 2


def _lightgbm(head: bytes) -> Guess | None:
    if head.startswith((b"tree\nversion=v", b"tree\r\nversion=v")) and b"num_class=" in head[:500]:
        return Guess("lightgbm", "LightGBM model header")
    return None
