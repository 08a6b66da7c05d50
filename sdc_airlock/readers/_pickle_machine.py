"""Opcodes of pickles followed on a stack of shapes. No global is looked up, nothing is called, and nothing is built but plain values.

What a pickle would call is kept as a `Made` node with its arguments; what it drops or leaves behind is kept too, so that nothing in it
goes unseen.
"""

from __future__ import annotations

import io
import math
import struct
from collections.abc import Callable
from functools import partial
from typing import Any

from sdc_airlock.errors import LimitReached, Malformed
from sdc_airlock.readers import Reading
from sdc_airlock.readers._pickle_nodes import Buffer, Global, Items, Made, Pairs, Persistent, Raw

_MOST_OPCODES = 20_000_000
_DEEPEST = 20
_BETWEEN = 50_000  # opcodes between two looks at the clock
_WRAPPER = "NumpyArrayWrapper"
_PADDED = "numpy_array_alignment_bytes"
_DAMAGE = (ValueError, IndexError, KeyError, TypeError, AttributeError, OverflowError, UnicodeError, struct.error, EOFError, AssertionError)


DtypeReader = Callable[[Any], Any]


class Machine:
    """Follows the opcodes of one pickle.

    Attributes:
        globals: Every name that is looked up, in order.
        named: The texts that gave such names, by identity.
        left: Values that the pickle drops, keeps in its memo or leaves on its stack.
        calls: Calls that are made.
        persistent: What names the objects outside the pickle.
    """

    def __init__(self, data: bytes, at: int, reading: Reading, dtype_of: DtypeReader, depth: int = 0) -> None:
        self.data = data
        self.at = at
        self.globals: dict[tuple[str, str], None] = {}
        self.named: list[str] = []
        self.left: list[Any] = []
        self.persistent: list[Any] = []
        self.calls = 0
        self.arrays = 0
        self._reading = reading
        self._dtype_of = dtype_of
        self._depth = depth
        self._stream = io.BytesIO(data)
        self._stack: list[Any] = []
        self._marks: list[int] = []
        self._memo: dict[int, Any] = {}
        self._count = 0

    def run(self) -> Any:
        """The object that loading would give; `at` stands behind its end afterwards.

        Raises:
            Malformed: the opcodes do not follow the format or break off; what was met so far is in `left`.
            LimitReached: there are too many.
        """
        import pickletools

        self._stream.seek(self.at)
        try:
            for opcode, argument, _ in pickletools.genops(self._stream):
                self._count += 1
                if self._count % _BETWEEN == 0:
                    self._clock()
                if opcode.name == "STOP":
                    result = self._stack.pop()
                    self.at = self._stream.tell()
                    return result
                _HANDLERS[opcode.name](self, argument)
        except _DAMAGE:
            raise Malformed("a pickle that is damaged or breaks off") from None
        finally:
            self.left += [*self._memo.values(), *self._stack]
        raise Malformed("a pickle without an end")

    def _clock(self) -> None:
        self._reading.spend()
        if self._count > _MOST_OPCODES:
            raise LimitReached("members", _MOST_OPCODES, self._count)

    # the stack

    def since_mark(self) -> list[Any]:
        """Take what was put on the stack since the last mark."""
        mark = self._marks.pop()
        values = self._stack[mark:]
        del self._stack[mark:]
        return values

    def pop(self) -> Any:
        """Take the topmost value."""
        if self._marks and len(self._stack) <= self._marks[-1]:
            raise IndexError
        return self._stack.pop()

    def push(self, value: Any) -> None:
        """Put a value on the stack."""
        self._stack.append(value)

    def constant(self, _: Any, *, value: bool) -> None:
        """NEWTRUE and NEWFALSE."""
        self._stack.append(value)

    def drop(self, _: Any) -> None:
        """POP: a mark, or a value that is kept in mind."""
        if self._marks and len(self._stack) == self._marks[-1]:
            self._marks.pop()
        else:
            self.left.append(self._stack.pop())

    def drop_to_mark(self, _: Any) -> None:
        """POP_MARK."""
        self.left += self.since_mark()

    def duplicate(self, _: Any) -> None:
        """DUP."""
        self._stack.append(self._stack[-1])

    def mark(self, _: Any) -> None:
        """MARK."""
        self._marks.append(len(self._stack))

    def put(self, place: int) -> None:
        """PUT."""
        if place in self._memo:
            self.left.append(self._memo[place])
        self._memo[place] = self._stack[-1]

    def memoize(self, _: Any) -> None:
        """MEMOIZE."""
        self.put(len(self._memo))

    def fetch(self, place: int) -> None:
        """GET."""
        self._stack.append(self._memo[place])

    # containers

    def tuple_of(self, count: int) -> None:
        """TUPLE1 to TUPLE3."""
        values = [self.pop() for _ in range(count)]
        self._stack.append(tuple(reversed(values)))

    def append(self, values: list[Any]) -> None:
        """APPEND and APPENDS."""
        target = self._stack[-1]
        if type(target) is list:
            target.extend(values)
        elif isinstance(target, Made):
            target.items.extend(values)
        elif isinstance(target, Items):
            target.values.extend(values)
        else:
            self.left += values

    def set_items(self, values: list[Any]) -> None:
        """SETITEM and SETITEMS."""
        pairs = list(zip(values[::2], values[1::2], strict=True))
        target = self._stack[-1]
        if isinstance(target, Pairs | Made):
            target.pairs.extend(pairs)
        else:
            self.left += values

    # calls

    def look_up(self, module: Any, name: Any) -> None:
        """GLOBAL and its like."""
        if type(module) is not str or type(name) is not str:
            self.left += [module, name]
            module, name = "", ""
        self.globals[module, name] = None
        self._stack.append(Global(module, name))

    def stack_global(self, _: Any) -> None:
        """STACK_GLOBAL."""
        name, module = self.pop(), self.pop()
        self.named += [each for each in (module, name) if type(each) is str]
        self.look_up(module, name)

    def call(self, call: Any, args: Any, kwargs: Any = None) -> None:
        """REDUCE and its like."""
        self.calls += 1
        if not isinstance(call, Global):
            self.globals["", ""] = None
        self._stack.append(Made(call, args, kwargs))

    def reduce(self, _: Any) -> None:
        """REDUCE and NEWOBJ."""
        args, call = self.pop(), self.pop()
        self.call(call, args)

    def new_with_names(self, _: Any) -> None:
        """NEWOBJ_EX."""
        kwargs, args, call = self.pop(), self.pop(), self.pop()
        self.call(call, args, kwargs)

    def instance(self, argument: str) -> None:
        """INST."""
        module, _, name = argument.partition(" ")
        args = tuple(self.since_mark())
        self.look_up(module, name)
        self.call(self.pop(), args)

    def object(self, _: Any) -> None:
        """OBJ."""
        call, *args = self.since_mark()
        self.call(call, tuple(args))

    def outside(self, identity: Any) -> None:
        """PERSID and BINPERSID."""
        self.persistent.append(identity)
        self._stack.append(Persistent(identity))

    def build(self, _: Any) -> None:
        """BUILD; joblib writes the bytes of an array after it."""
        state, target = self.pop(), self._stack[-1]
        if not isinstance(target, Made):
            self.left.append(state)
            return
        target.states.append(state)
        if isinstance(target.call, Global) and target.call.name == _WRAPPER and target.call.module.startswith("joblib."):
            target.raw = self._raw(target)

    def _raw(self, wrapper: Made) -> Raw:
        dtype = self._dtype_of(wrapper.attribute("dtype"))
        shape = wrapper.attribute("shape")
        if type(shape) is not tuple or not all(type(size) is int and size >= 0 for size in shape) or dtype is None:
            raise Malformed("a joblib array without a type or shape")
        self.arrays += 1
        fortran = wrapper.attribute("order") == "F"
        if dtype.hasobject:
            return Raw(start=0, size=0, shape=shape, fortran=fortran, dtype=dtype, objects=self._inner())
        if wrapper.attribute(_PADDED) is not None:
            (padding,) = self._stream.read(1)
            self._stream.seek(padding, io.SEEK_CUR)
        start, size = self._stream.tell(), math.prod(shape) * dtype.itemsize
        if size > len(self.data) - start:
            raise Malformed("a joblib array declares more bytes than there are")
        self._stream.seek(start + size)
        return Raw(start=start, size=size, shape=shape, fortran=fortran, dtype=dtype)

    def _inner(self) -> Any:
        """A pickle of its own between the opcodes: an array of objects."""
        if self._depth >= _DEEPEST:
            raise LimitReached("depth", _DEEPEST, self._depth + 1)
        inner = Machine(self.data, self._stream.tell(), self._reading, self._dtype_of, self._depth + 1)
        try:
            return inner.run()
        finally:
            self.globals |= inner.globals
            self.left += inner.left
            self.named += inner.named
            self.calls += inner.calls
            self._stream.seek(inner.at)


_Handler = Callable[[Machine, Any], None]


_HANDLERS: dict[str, _Handler] = {
    "PROTO": lambda _, __: None,
    "FRAME": lambda _, __: None,
    "READONLY_BUFFER": lambda _, __: None,
    "NONE": lambda machine, _: machine.push(None),
    "NEWTRUE": partial(Machine.constant, value=True),
    "NEWFALSE": partial(Machine.constant, value=False),
    "NEXT_BUFFER": lambda machine, _: machine.push(Buffer()),
    "BYTEARRAY8": lambda machine, argument: machine.push(bytes(argument)),
    "POP": Machine.drop,
    "POP_MARK": Machine.drop_to_mark,
    "DUP": Machine.duplicate,
    "MARK": Machine.mark,
    "EMPTY_LIST": lambda machine, _: machine.push([]),
    "EMPTY_TUPLE": lambda machine, _: machine.push(()),
    "EMPTY_DICT": lambda machine, _: machine.push(Pairs()),
    "EMPTY_SET": lambda machine, _: machine.push(Items()),
    "LIST": lambda machine, _: machine.push(machine.since_mark()),
    "TUPLE": lambda machine, _: machine.push(tuple(machine.since_mark())),
    "FROZENSET": lambda machine, _: machine.push(Items(machine.since_mark())),
    "TUPLE1": lambda machine, _: machine.tuple_of(1),
    "TUPLE2": lambda machine, _: machine.tuple_of(2),
    "TUPLE3": lambda machine, _: machine.tuple_of(3),
    "APPEND": lambda machine, _: machine.append([machine.pop()]),
    "APPENDS": lambda machine, _: machine.append(machine.since_mark()),
    "ADDITEMS": lambda machine, _: machine.append(machine.since_mark()),
    "SETITEM": lambda machine, _: machine.set_items([machine.pop(), machine.pop()][::-1]),
    "SETITEMS": lambda machine, _: machine.set_items(machine.since_mark()),
    "GLOBAL": lambda machine, argument: machine.look_up(*argument.partition(" ")[::2]),
    "STACK_GLOBAL": Machine.stack_global,
    "REDUCE": Machine.reduce,
    "NEWOBJ": Machine.reduce,
    "NEWOBJ_EX": Machine.new_with_names,
    "INST": Machine.instance,
    "OBJ": Machine.object,
    "BUILD": Machine.build,
    "PERSID": Machine.outside,
    "BINPERSID": lambda machine, _: machine.outside(machine.pop()),
    "MEMOIZE": Machine.memoize,
}
_HANDLERS |= dict.fromkeys(
    "INT BININT BININT1 BININT2 LONG LONG1 LONG4 STRING BINSTRING SHORT_BINSTRING UNICODE SHORT_BINUNICODE BINUNICODE BINUNICODE8 BINBYTES "
    "SHORT_BINBYTES BINBYTES8 FLOAT BINFLOAT".split(),
    Machine.push,
)
_HANDLERS |= dict.fromkeys(("GET", "BINGET", "LONG_BINGET"), Machine.fetch)
_HANDLERS |= dict.fromkeys(("PUT", "BINPUT", "LONG_BINPUT"), Machine.put)
_HANDLERS |= dict.fromkeys(("EXT1", "EXT2", "EXT4"), lambda machine, _: machine.look_up("copyreg", "extension"))


def _dict(machine: Machine, _: Any) -> None:
    values = machine.since_mark()
    machine.push(Pairs(list(zip(values[::2], values[1::2], strict=True))))


_HANDLERS["DICT"] = _dict
