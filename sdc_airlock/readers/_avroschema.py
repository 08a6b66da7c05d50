"""Avro schemas and values: a schema becomes a decoder and an Arrow type; nothing recurses deeper than the schema says it may."""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, Unsupported

if TYPE_CHECKING:
    import pyarrow as pa

_DEEPEST = 40
_MOST_FIELDS = 20_000
_MOST_VALUES = 20_000_000
_DAYS = range(-719_162, 2_932_897)


class Cursor:
    """Bytes and a place in them.

    Attributes:
        values: Values read so far.
    """

    def __init__(self, data: bytes) -> None:
        self.data, self.at, self.values = data, 0, 0

    def take(self, size: int) -> bytes:
        """The next bytes.

        Raises:
            Malformed: there are fewer.
        """
        if not 0 <= size <= len(self.data) - self.at:
            raise Malformed("Avro data that end early")
        self.at += size
        return self.data[self.at - size : self.at]

    def long(self) -> int:
        """A number of any length, the sign in its lowest bit."""
        shift = value = 0
        while True:
            if self.at >= len(self.data) or shift > 63:
                raise Malformed("Avro data with a number that does not end")
            byte = self.data[self.at]
            self.at += 1
            value |= (byte & 0x7F) << shift
            if byte < 0x80:
                return (value >> 1) ^ -(value & 1)
            shift += 7

    def spend(self, count: int) -> None:
        """Count values that may take no bytes at all.

        Raises:
            LimitReached: there are too many.
        """
        self.values += count
        if self.values > _MOST_VALUES:
            raise LimitReached("cells", _MOST_VALUES, self.values)


Decode = Callable[[Cursor, int], Any]


@dataclass(frozen=True, slots=True)
class Typed:
    """How a value is decoded and what Arrow calls it."""

    decode: Decode
    kind: pa.DataType


class Schema:
    """A schema with its named types."""

    def __init__(self, found: Any) -> None:
        self._names: dict[str, Typed] = {}
        self._fields = 0
        self.root = self._typed(found, "", 0)

    def _typed(self, found: Any, space: str, depth: int) -> Typed:
        self._fields += 1
        if depth > _DEEPEST or self._fields > _MOST_FIELDS:
            raise LimitReached("depth", _DEEPEST, depth) if depth > _DEEPEST else LimitReached("cells", _MOST_FIELDS, self._fields)
        if isinstance(found, list):
            return self._union(found, space, depth)
        if isinstance(found, str):
            return self._named(found, space)
        if not isinstance(found, dict):
            raise Malformed("an Avro schema that is none")
        kind = found.get("type")
        if isinstance(kind, dict | list):
            return self._typed(kind, space, depth + 1)
        if kind in ("record", "error"):
            return self._record(found, space, depth)
        if kind in ("array", "map"):
            return self._many(found, str(kind), space, depth)
        if kind in ("enum", "fixed"):
            return self._plain_named(found, str(kind), space)
        return _logical(self._named(str(kind), space), str(kind), found)

    def _named(self, name: str, space: str) -> Typed:
        primitive = primitives().get(name)
        if primitive is not None:
            return primitive
        known = self._names.get(name) or self._names.get(f"{space}.{name}")
        if known is None:
            raise Malformed("an Avro schema with a name that it does not define")
        return known

    def _remember(self, found: dict[str, Any], space: str, typed: Typed) -> str:
        name = str(found.get("name", ""))
        inner = str(found.get("namespace", name.rpartition(".")[0] or space))
        full = name if "." in name else f"{inner}.{name}" if inner else name
        self._names[full] = typed
        return inner

    def _record(self, found: dict[str, Any], space: str, depth: int) -> Typed:
        import pyarrow as pa

        if not isinstance(found.get("fields"), list):
            raise Malformed("an Avro record without fields")

        def recursive(_: Cursor, __: int) -> Any:
            raise Unsupported("an Avro record that holds itself")

        inner = self._remember(found, space, Typed(recursive, pa.string()))
        fields = []
        for field in found["fields"]:
            if not isinstance(field, dict) or not isinstance(field.get("name"), str):
                raise Malformed("an Avro record with a field that is none")
            fields.append((field["name"], self._typed(field.get("type"), inner, depth + 1)))

        def decode(cursor: Cursor, level: int) -> dict[str, Any]:
            cursor.spend(1)
            return {name: typed.decode(cursor, level + 1) for name, typed in fields}

        typed = Typed(decode, pa.struct([pa.field(name, typed.kind) for name, typed in fields]))
        self._remember(found, space, typed)
        return typed

    def _plain_named(self, found: dict[str, Any], kind: str, space: str) -> Typed:
        import pyarrow as pa

        if kind == "enum":
            symbols = [str(symbol) for symbol in found.get("symbols") or []]

            def name(cursor: Cursor, _: int) -> str:
                place = cursor.long()
                if not 0 <= place < len(symbols):
                    raise Malformed("Avro data with a symbol that is not there")
                return symbols[place]

            typed = Typed(name, pa.string())
        else:
            size = found.get("size")
            if not isinstance(size, int) or not 0 <= size < 1 << 28:
                raise Malformed("an Avro schema with an impossible size")
            typed = Typed(lambda cursor, _: cursor.take(size), pa.binary())
            typed = _logical(typed, "fixed", found)
        self._remember(found, space, typed)
        return typed

    def _many(self, found: dict[str, Any], kind: str, space: str, depth: int) -> Typed:
        import pyarrow as pa

        inner = self._typed(found.get("items" if kind == "array" else "values"), space, depth + 1)
        if kind == "array":
            return Typed(lambda cursor, level: _blocks(cursor, lambda: inner.decode(cursor, level + 1)), pa.list_(inner.kind))
        pair = pa.struct([("key", pa.string()), ("value", inner.kind)])

        def entry(cursor: Cursor, level: int) -> dict[str, Any]:
            return {"key": _text(cursor, level), "value": inner.decode(cursor, level + 1)}

        return Typed(lambda cursor, level: _blocks(cursor, lambda: entry(cursor, level)), pa.list_(pair))

    def _union(self, found: list[Any], space: str, depth: int) -> Typed:
        import pyarrow as pa

        branches = [self._typed(each, space, depth + 1) for each in found]
        kinds = [branch.kind for branch in branches if not pa.types.is_null(branch.kind)]
        mixed = len(kinds) > 1

        def decode(cursor: Cursor, level: int) -> Any:
            place = cursor.long()
            if not 0 <= place < len(branches):
                raise Malformed("Avro data with a branch that is not there")
            value = branches[place].decode(cursor, level)
            return _written(value) if mixed and value is not None else value

        return Typed(decode, pa.string() if mixed else kinds[0] if kinds else pa.null())


def primitives() -> dict[str, Typed]:
    """The types that every schema knows."""
    import pyarrow as pa

    return {
        "null": Typed(lambda _, __: None, pa.null()),
        "boolean": Typed(lambda cursor, _: cursor.take(1) != b"\0", pa.bool_()),
        "int": Typed(lambda cursor, _: _within(cursor.long()), pa.int64()),
        "long": Typed(lambda cursor, _: _within(cursor.long()), pa.int64()),
        "float": Typed(lambda cursor, _: struct.unpack("<f", cursor.take(4))[0], pa.float32()),
        "double": Typed(lambda cursor, _: struct.unpack("<d", cursor.take(8))[0], pa.float64()),
        "bytes": Typed(lambda cursor, _: cursor.take(cursor.long()), pa.binary()),
        "string": Typed(_text, pa.string()),
    }


def _within(value: int) -> int:
    if not -(1 << 63) <= value < 1 << 63:
        raise Malformed("Avro data with a number that does not fit")
    return value


def _text(cursor: Cursor, _: int) -> str:
    return cursor.take(cursor.long()).decode("utf-8", "replace")


def _blocks(cursor: Cursor, one: Callable[[], Any]) -> list[Any]:
    found: list[Any] = []
    while count := cursor.long():
        if count < 0:
            cursor.long()
            count = -count
        cursor.spend(count)
        found.extend(one() for _ in range(count))
    return found


def _written(value: Any) -> str:
    """A value of a union as text."""
    import json

    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=_written)


def _logical(typed: Typed, kind: str, found: dict[str, Any]) -> Typed:
    """Dates, times and decimal numbers for what they stand for."""
    import datetime as dt

    import pyarrow as pa

    name = found.get("logicalType")
    if name == "date" and kind == "int":

        def date(cursor: Cursor, level: int) -> str:
            days = typed.decode(cursor, level)
            return (dt.date(1970, 1, 1) + dt.timedelta(days=days)).isoformat() if days in _DAYS else str(days)

        return Typed(date, pa.string())
    for ending, unit in (("timestamp-millis", 1_000), ("timestamp-micros", 1_000_000)):
        if kind == "long" and isinstance(name, str) and name.endswith(ending):

            def moment(cursor: Cursor, level: int, unit: int = unit) -> str:
                value = typed.decode(cursor, level)
                if value // unit // 86_400 not in _DAYS:
                    return str(value)
                return (dt.datetime(1970, 1, 1) + dt.timedelta(microseconds=value * (1_000_000 // unit))).isoformat(" ")  # noqa: DTZ001 - as it is written

            return Typed(moment, pa.string())
    scale = found.get("scale", 0)
    if name == "decimal" and kind in ("bytes", "fixed") and isinstance(scale, int) and 0 <= scale <= 100:
        return Typed(lambda cursor, level: int.from_bytes(typed.decode(cursor, level), "big", signed=True) / 10**scale, pa.float64())
    return typed
