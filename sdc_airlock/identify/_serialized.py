"""Serialized objects and models: pickle, joblib, ONNX, safetensors, TensorFlow, boosted trees, PMML. Looked at, never loaded."""

from __future__ import annotations

import io
import json
import re
import struct

from sdc_airlock.identify._signature import Guess
from sdc_airlock.source import Source

_MOST_OPCODES = 200
_FEWEST_OPCODES = 3
_TEXT_PICKLE_STARTS = b"(cIFSVLldaNptg}])"


def serialized_kind(source: Source) -> Guess | None:
    """The type of a serialized object, or None."""
    head, size = source.head, source.size
    return (
        _pickle(head, size)
        or _safetensors(head, size)
        or _onnx(source)
        or _tensorflow(head, size)
        or _boosted(source)
        or _lightgbm(head)
        or _pmml(head)
    )


_NAMED = re.compile(r"[^\W\d][\w.]* [^\W\d][\w.]*")


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
        for opcode, argument, _ in pickletools.genops(io.BytesIO(head)):
            # nothing stands before it that it could take, or a name that no module has: loading would end here
            if not count and (opcode.stack_before or (opcode.name == "GLOBAL" and not _NAMED.fullmatch(str(argument)))):
                return 0, False, False
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
    if re.match(rb'\s*\{\s*"name"\s*:\s*"tree"\s*,\s*"version"', head) and b'"num_tree_per_iteration"' in head:
        return Guess("lightgbm", "fields of a LightGBM model")
    return None


_UBJ = tuple(b"{" + mark + b"learner" for mark in (b"L\0\0\0\0\0\0\0\x07", b"i\x07", b"U\x07", b"I\0\x07", b"l\0\0\0\x07"))
_XGBOOST_JSON = re.compile(rb'\s*\{\s*"(?:learner|version)"\s*:')
_XGBOOST_DUMP = re.compile(
    rb'booster\[0\]:?\r?\n\s*0:(?:\[|leaf=)|\s*\[\s*\{\s*"nodeid"\s*:\s*0\s*,[^{}\[\]]{0,400}"(?:split_condition|leaf)"\s*:'
)
_CATBOOST_JSON = re.compile(rb'\s*\{\s*"(?:features_info|oblivious_trees|model_info|ctr_data|scale_and_bias)"\s*:')


def _boosted(source: Source) -> Guess | None:
    """XGBoost and CatBoost in their text and UBJSON forms; an ordinary JSON of coefficients is none."""
    head = source.head
    if head.startswith(_UBJ) or (head.startswith(b"{L\0\0\0\0\0\0\0\x06Config{L") and b"learner" in head[:64]):
        return Guess("xgboost", "UBJSON that begins with a learner")
    if head.startswith(b"binf") and b"\0" in head[:64]:
        return Guess("xgboost", "XGBoost binary signature")
    if _XGBOOST_DUMP.match(head):
        return Guess("xgboost", "nodes of a dumped XGBoost model")
    if _XGBOOST_JSON.match(head) and b'"learner"' in head:
        both = head + source.tail
        if b'"gradient_booster"' in both and (b'"learner_model_param"' in both or b'"trees"' in both):
            return Guess("xgboost", "fields of an XGBoost model")
    if _CATBOOST_JSON.match(head):
        both = head + source.tail
        if b'"features_info"' in both and (b'"oblivious_trees"' in both or b'"scale_and_bias"' in both):
            return Guess("catboost", "fields of a CatBoost model")
    return None


_PMML = re.compile(rb"(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]{0,200}\?>\s*)?(?:<!--.{0,4000}?-->\s*){0,5}<(?:\w{1,20}:)?PMML[\s>]", re.DOTALL)


def _pmml(head: bytes) -> Guess | None:
    return Guess("pmml", "PMML root element") if _PMML.match(head[:8192]) else None


def _tensorflow(head: bytes, size: int | None) -> Guess | None:
    """A saved model (its version, then a graph with a description) or a graph (a node with a name and an operator)."""
    try:
        if head.startswith(b"\x08\x01\x12"):
            length, place = _varint(head, 3)
            if head[place : place + 1] == b"\x0a" and place + length <= (size or place + length):
                inner, start = _varint(head, place + 1)
                told = head[start : start + inner]
                return (
                    Guess("tensorflow", "fields of a saved model") if b"serve" in told or b"Const" in told or b"\x0a" in told[:8] else None
                )
        if head.startswith(b"\x0a"):
            length, place = _varint(head, 1)
            node = head[place : place + length]
            if node[:1] == b"\x0a" and 4 < length <= (size or length):
                name, start = _varint(node, 1)
                after = start + name
                if node[after : after + 1] == b"\x12":
                    operator, start = _varint(node, after + 1)
                    word = node[start : start + operator]
                    if re.fullmatch(rb"Placeholder\w*|Const|VarHandleOp|Variable\w*|NoOp|Identity", word):
                        return Guess("tensorflow", "nodes of a graph")
    except ValueError:
        return None
    return None
