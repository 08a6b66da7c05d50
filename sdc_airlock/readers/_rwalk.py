"""The serialization of R (versions 2 and 3; XDR, native and ASCII) to plain nodes. Nothing is run; nodes, depth and lengths are budgeted.

Types are those of R's `serialize.c`; references, environments, bytecode and compact (ALTREP) forms are followed.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached, Malformed, Unsupported

if TYPE_CHECKING:
    import numpy.typing as npt

NODES = 10_000_000
DEPTH = 220

_SYMBOL, _PAIRS, _CLOSURE, _ENVIRONMENT, _PROMISE, _LANGUAGE, _SPECIAL, _BUILTIN, _CHARS = 1, 2, 3, 4, 5, 6, 7, 8, 9
# instructions of a compiled function begin with the version of the compiler
_VERSIONS, _FEWEST_INSTRUCTIONS = (5, 20), 2
_INDEXES = frozenset({"expressionsIndex", "srcrefsIndex"})
_LOGICAL, _INTEGER, _REAL, _COMPLEX, _STRING, _DOTS, _LIST, _EXPRESSION, _BYTECODE = 10, 13, 14, 15, 16, 17, 19, 20, 21
_POINTER, _WEAK, _RAW, _S4 = 22, 23, 24, 25
_COMPACT, _ATTRIBUTE_PAIRS, _ATTRIBUTE_LANGUAGE, _REPEATED, _REPEAT = 238, 239, 240, 243, 244
_REFERENCE, _NAMESPACE, _PACKAGE, _PERSISTENT = 255, 249, 248, 247
_NOTHING = {254: "null", 253: "global", 252: "unbound", 251: "missing", 250: "base namespace", 242: "empty", 241: "base"}
_PAIRED = {
    _PAIRS: "pairs",
    _LANGUAGE: "language",
    _CLOSURE: "closure",
    _PROMISE: "promise",
    _DOTS: "pairs",
    _ATTRIBUTE_PAIRS: "pairs",
    _ATTRIBUTE_LANGUAGE: "language",
}
_NUMBERS = {_LOGICAL: ("i4", "logical"), _INTEGER: ("i4", "integer"), _REAL: ("f8", "real"), _COMPLEX: ("c16", "complex")}
_IS_OBJECT, _HAS_ATTRIBUTES, _HAS_TAG = 1 << 8, 1 << 9, 1 << 10
_LATIN1 = 1 << 2
MISSING = -(2**31)


@dataclass(slots=True, eq=False)
class Node:
    """An R object.

    Attributes:
        kind: "null", "symbol", "logical", "integer", "real", "complex", "string", "raw", "list", "pairs", "language", "closure",
            "promise", "environment", "bytecode", "builtin", "pointer", "s4" and the like.
        values: A NumPy array for numbers, a list of texts (None for missing) for strings and symbols, else a list of nodes.
        names: Tags of a pair list or names in an environment, in the order of `values`.
        attributes: By name.
    """

    kind: str
    values: Any = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    attributes: dict[str, Node] = field(default_factory=dict)

    def texts(self, name: str) -> list[str]:
        """A character attribute as texts."""
        found = self.attributes.get(name)
        return ["" if text is None else text for text in found.values] if found is not None and found.kind == "string" else []

    @property
    def classes(self) -> list[str]:
        """The class attribute."""
        return self.texts("class")


NULL = Node("null")


class Walker:
    """Reads one serialized object."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at
        self.kinds: set[str] = set()
        self._references: list[Node] = []
        self._nodes = 0
        self._texts: dict[bytes, str] = {}
        self._order = ">"

    def read(self) -> Node:
        """The object.

        Raises:
            Malformed: damaged. Unsupported: an unknown version or type. LimitReached: too many or too deep nodes.
        """
        mark = self.data[self.at : self.at + 2]
        if mark not in (b"X\n", b"B\n", b"A\n"):
            raise Malformed("no R serialization")
        self.at += 2
        if mark == b"B\n" and self.data[self.at : self.at + 1] != b"\0":
            self._order = "<"
        try:
            version, _, _ = self._int(), self._int(), self._int()
            if version not in (2, 3):
                raise Unsupported("an unknown version of R serialization")
            if version == 3:
                self._letters(self._length())
            return self._item(0)
        except (struct.error, IndexError, UnicodeDecodeError):
            raise Malformed("R data that end early or are damaged") from None

    # primitives

    def _int(self) -> int:
        value: int = struct.unpack_from(f"{self._order}i", self.data, self.at)[0]
        self.at += 4
        return value

    def _length(self) -> int:
        length = self._int()
        if length == -1:
            length = (self._int() << 32) + (self._int() & 0xFFFFFFFF)
        if not 0 <= length <= len(self.data) - self.at:
            raise Malformed("R data with an impossible length")
        return length

    def _bytes(self, length: int) -> bytes:
        if length > len(self.data) - self.at:
            raise Malformed("R data that end early")
        self.at += length
        return self.data[self.at - length : self.at]

    def _letters(self, length: int) -> bytes:
        """The bytes of a text."""
        return self._bytes(length)

    def _array(self, dtype: str, length: int) -> npt.NDArray[Any]:
        import numpy as np

        wide = np.dtype(f"{self._order}{dtype}")
        raw = self._bytes(length * wide.itemsize)
        return np.frombuffer(raw, wide).astype(wide.newbyteorder("="))

    def _spend(self, count: int = 1) -> None:
        self._nodes += count
        if self._nodes > NODES:
            raise LimitReached("cells", NODES, self._nodes)

    # items

    def _item(self, depth: int) -> Node:
        if depth > DEPTH:
            raise LimitReached("depth", DEPTH, depth)
        self._spend()
        flags = self._int()
        kind = flags & 0xFF
        if kind in _NOTHING:
            return NULL if kind == 254 else Node(_NOTHING[kind])
        if kind in _PAIRED:
            return self._pairs(flags, depth)
        if kind == _REFERENCE:
            index = flags >> 8 or self._int()
            if not 0 < index <= len(self._references):
                raise Malformed("R data with a reference to nothing")
            return self._references[index - 1]
        node = self._simple(kind, flags, depth)
        self.kinds.add(node.kind)
        if flags & _HAS_ATTRIBUTES and kind != _ENVIRONMENT:
            node.attributes = _tagged(self._item(depth + 1))
        return node

    def _simple(self, kind: int, flags: int, depth: int) -> Node:
        if kind in _NUMBERS:
            dtype, name = _NUMBERS[kind]
            return Node(name, self._array(dtype, self._length()))
        if kind == _STRING:
            return Node("string", self._strings(self._length(), depth))
        if kind in (_LIST, _EXPRESSION):
            length = self._length()
            self._spend(length)
            return Node("list" if kind == _LIST else "expression", [self._item(depth + 1) for _ in range(length)])
        if kind == _CHARS:
            return Node("chars", [self._chars(flags)])
        if kind == _SYMBOL:
            return self._known(Node("symbol", self._item(depth + 1).values))
        if kind == _ENVIRONMENT:
            return self._environment(depth)
        if kind in (_NAMESPACE, _PACKAGE, _PERSISTENT):
            self._int()
            return self._known(Node("namespace", self._strings(self._length(), depth)))
        if kind in (_SPECIAL, _BUILTIN):
            return Node("builtin", [self._letters(self._length()).decode("latin-1")])
        if kind == _RAW:
            return Node("raw", self._bytes(self._length()))
        return self._rare(kind, depth)

    def _rare(self, kind: int, depth: int) -> Node:
        if kind == _S4:
            return Node("s4")
        if kind == _COMPACT:
            return self._compact(depth)
        if kind == _POINTER:
            node = self._known(Node("pointer"))
            node.values = [self._item(depth + 1), self._item(depth + 1)]
            return node
        if kind == _WEAK:
            return self._known(Node("weak reference"))
        if kind == _BYTECODE:
            length = self._length()
            return Node("bytecode", list(self._bytecode([NULL] * length, depth + 1)))
        raise Unsupported("a type of R object that is not known")

    def _known(self, node: Node) -> Node:
        self._references.append(node)
        return node

    def _chars(self, flags: int) -> str | None:
        length = self._int()
        if length == -1:
            return None
        raw = self._letters(length) if length >= 0 else b""
        text = self._texts.get(raw)
        if text is None:
            text = raw.decode("latin-1") if flags >> 12 & _LATIN1 else raw.decode("utf-8", "replace")
            if len(self._texts) < 1_000_000:
                self._texts[raw] = text
        return text

    def _strings(self, length: int, depth: int) -> list[str | None]:
        self._spend(length)
        found: list[str | None] = []
        for _ in range(length):
            flags = self._int()
            if flags & 0xFF != _CHARS:
                raise Malformed("R data with text that is none")
            found.append(self._chars(flags))
            if flags & _HAS_ATTRIBUTES:
                self._item(depth + 1)
        return found

    def _pairs(self, flags: int, depth: int) -> Node:
        """A pair list, a call, a function or a promise; the chain of pairs is followed in a loop."""
        kind = flags & 0xFF
        node = Node(_PAIRED[kind])
        self.kinds.add(node.kind)
        first = True
        while True:
            attributed = flags & _HAS_ATTRIBUTES or kind in (_ATTRIBUTE_PAIRS, _ATTRIBUTE_LANGUAGE)
            attributes = _tagged(self._item(depth + 1)) if attributed else {}
            if first:
                node.attributes = attributes
            tag = self._item(depth + 1) if flags & _HAS_TAG else NULL
            node.names.append(_name(tag) if tag.kind == "symbol" else "")
            if tag.kind not in ("symbol", "null"):
                node.values.append(tag)
                node.names.append("")
            node.values.append(self._item(depth + 1))
            self._spend()
            before = self.at
            flags, first = self._int(), False
            kind = flags & 0xFF
            if _PAIRED.get(kind) not in ("pairs", "language") or node.kind in ("closure", "promise"):
                self.at = before
                rest = self._item(depth + 1)
                if rest.kind != "null":
                    node.values.append(rest)
                    node.names.append("")
                return node

    def _environment(self, depth: int) -> Node:
        self._int()
        node = self._known(Node("environment"))
        self.kinds.add("environment")
        parent, frame, table, attributes = (self._item(depth + 1) for _ in range(4))
        chains = [frame, *(table.values if table.kind == "list" else [])]
        for chain in chains:
            if chain.kind == "pairs":
                node.names += chain.names
                node.values += chain.values
        node.values.append(parent)
        node.names.append("")
        node.attributes = _tagged(attributes)
        return node

    def _compact(self, depth: int) -> Node:
        """A compact form: a sequence by its ends, text still to be made of numbers, a wrapper."""
        import numpy as np

        info, state, attributes = self._item(depth + 1), self._item(depth + 1), self._item(depth + 1)
        name = _name(info.values[0]) if info.kind == "pairs" and info.values else ""
        if name in ("compact_intseq", "compact_realseq") and state.kind == "real" and len(state.values) == 3:
            count, first, step = (float(value) for value in state.values)
            if not 0 <= count <= NODES:
                raise LimitReached("cells", NODES, count)
            numbers: npt.NDArray[Any] = first + step * np.arange(int(count))
            node = Node("integer", numbers.astype(np.int32)) if name == "compact_intseq" else Node("real", numbers)
        elif name == "deferred_string" and state.kind == "pairs" and state.values and state.values[0].kind in ("integer", "real"):
            node = Node("string", [_number_text(value) for value in state.values[0].values.tolist()])
        elif name.startswith("wrap_") and state.kind in ("list", "pairs") and state.values:
            node = Node(state.values[0].kind, state.values[0].values, state.values[0].names)
            node.attributes = dict(state.values[0].attributes)
        else:
            raise Unsupported("a compact R object that is not known")
        node.attributes.update(_tagged(attributes))
        return node

    # bytecode: only its constants matter

    def _bytecode(self, repeats: list[Node], depth: int) -> Iterator[Node]:
        if depth > DEPTH:
            raise LimitReached("depth", DEPTH, depth)
        code = self._item(depth + 1)
        if not _is_instructions(code):
            yield code
        count = self._length()
        for _ in range(count):
            kind = self._int()
            if kind == _BYTECODE:
                yield from self._bytecode(repeats, depth + 1)
            elif not _is_index(constant := self._constant(kind, repeats, depth + 1)):
                yield constant

    def _constant(self, kind: int, repeats: list[Node], depth: int) -> Node:
        """A constant: shared cells of a call are written once and named by number afterwards."""
        if depth > DEPTH:
            raise LimitReached("depth", DEPTH, depth)
        self._spend()
        if kind == _REPEATED:
            return repeats[self._int()]
        place = -1
        if kind == _REPEAT:
            place, kind = self._int(), self._int()
        if kind not in (_LANGUAGE, _PAIRS, _ATTRIBUTE_LANGUAGE, _ATTRIBUTE_PAIRS):
            return self._item(depth + 1)
        node = Node("language")
        if place >= 0:
            repeats[place] = node
        if kind in (_ATTRIBUTE_LANGUAGE, _ATTRIBUTE_PAIRS):
            node.attributes = _tagged(self._item(depth + 1))
        tag = self._item(depth + 1)
        node.names = [_name(tag), ""]
        node.values = [self._constant(self._int(), repeats, depth + 1)]
        node.values.append(self._constant(self._int(), repeats, depth + 1))
        return node


def _is_instructions(node: Node) -> bool:
    """True for the instructions of a compiled function, whole numbers behind the version of the compiler; that they are not read is said by the reader."""
    if node.kind != "integer" or len(node.values) < _FEWEST_INSTRUCTIONS:
        return False
    return bool(_VERSIONS[0] <= int(node.values[0]) <= _VERSIONS[1])


def _is_index(node: Node) -> bool:
    """True for the place of each instruction among the lines and expressions of its function."""
    marked = node.attributes.get("class")
    return node.kind == "integer" and marked is not None and marked.kind == "string" and set(marked.values) <= _INDEXES


def _tagged(node: Node) -> dict[str, Node]:
    """A pair list as attributes by name."""
    return (
        {name or f"attribute {place}": value for place, (name, value) in enumerate(zip(node.names, node.values, strict=False))}
        if node.kind == "pairs"
        else {}
    )


def _name(node: Node) -> str:
    return str(node.values[0] or "") if node.kind in ("symbol", "chars", "string") and node.values else ""


def _number_text(value: float) -> str:
    return str(int(value)) if float(value).is_integer() else repr(value)
