"""The objects in a pickle as parts: arrays and frames as tables, literals as tables and texts, trees as counts of leaves."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from sdc_airlock.errors import Unsupported
from sdc_airlock.model.libraries import known_class, known_library
from sdc_airlock.readers import Item
from sdc_airlock.readers._harmless import is_harmless
from sdc_airlock.readers._learnt import is_history
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._object_facts import histogram_leaves, note_child, note_object
from sdc_airlock.readers._object_marks import Marks
from sdc_airlock.readers._object_plain import NotPlainError, PlainReader, TensorReader, leaf_count
from sdc_airlock.readers._pickle_frames import FrameReader, is_frame, scalars
from sdc_airlock.readers._pickle_nodes import Buffer, Global, Items, Made, Pairs, Persistent
from sdc_airlock.readers._pickle_numpy import Found, array_of, bytes_of, called, members, scalar_of
from sdc_airlock.readers._values import ValueReader, leaves

_FEW = 12
_SIDE_BY_SIDE = 4
_VALUE_READERS = 50
_FRAME_STATE = frozenset({"_mgr", "_data", "_typ", "_metadata", "_item_cache", "_is_copy"})
_PLAIN_NAME = re.compile(r"[A-Za-z_]+(?:[0-9]{1,2}[A-Za-z_]*)?")


class ObjectReader:
    """Walks the objects of one pickle, each once.

    Args:
        parts: Where everything is noted.
        data: The pickle.
        tensor: Gives the array that a node of another library stands for (a tensor of PyTorch), or None.
    """

    def __init__(self, parts: ModelParts, data: bytes, tensor: TensorReader | None = None) -> None:
        self.parts = parts
        self.data = data
        self._tensor = tensor or (lambda _: None)
        self._marks = Marks(data, self._push)
        self._values = PlainReader(data, self._tensor, gap=parts.gap, judge=self._judge, note=self._global)
        self._kept: list[Any] = []  # an identity that was seen must not be given to another node
        self._plain: list[tuple[str, Any]] = []
        self._stack: list[tuple[Any, str]] = []

    def read(self, roots: list[tuple[str, Any]], named: list[str]) -> None:
        """Note everything that can be reached.

        Args:
            roots: Nodes with their names.
            named: Texts that gave the names of modules and classes only.
        """
        self._marks.seen.update(map(id, named))
        self._stack = [(node, path) for path, node in reversed(roots)]
        count = 0
        while self._stack:
            node, path = self._stack.pop()
            count += 1
            if count % 10_000 == 0:
                self.parts.reading.spend()
            if not self._marks.met(node):
                self._visit(node, path)

    def items(self) -> Iterator[Item]:
        """Parts of the literals, then all others."""
        yield from self.literals()
        yield from self.parts.items()

    def literals(self) -> Iterator[Item]:
        """Parts of the literals."""
        plain, self._plain = self._plain, []
        for number, (path, value) in enumerate(plain[:_VALUE_READERS]):
            part_id = f"{self.parts.source.part_id}!data{number + 1}"
            yield from ValueReader(part_id, self.parts.reading, depth=self.parts.source.depth).read(value, path)
        rest = [value for _, value in plain[_VALUE_READERS:]]
        if rest:
            part_id = f"{self.parts.source.part_id}!data{_VALUE_READERS + 1}"
            yield from ValueReader(part_id, self.parts.reading, depth=self.parts.source.depth).read(rest)

    def _push(self, node: Any, path: str) -> None:
        self._stack.append((node, path))

    # nodes

    def _visit(self, node: Any, path: str) -> None:
        known, value = scalar_of(node)
        if known:
            self._scalar(path, value)
        elif type(node) is bytes:
            self.parts.blob(path, node)
        elif isinstance(node, Pairs | Items) or type(node) in (list, tuple):
            self._container(node, path)
        elif isinstance(node, Made):
            self._made(node, path)
        elif isinstance(node, Global):
            self._global(node)
        elif isinstance(node, Persistent):
            self._push(node.identity, path)
        elif isinstance(node, Buffer):
            self.parts.gap(Unsupported("a buffer that was left outside the pickle"))

    def _scalar(self, path: str, value: Any) -> None:
        if type(value) in (int, float):
            self.parts.number(path, value)
        elif type(value) is str and value:
            self.parts.text(path, value)

    def _global(self, node: Global) -> None:
        self.parts.library(node.module)
        if not (known_library(node.module) and known_class(node.name)) and not is_harmless(node.module, node.name):
            self.parts.text("", f"{node.module} {node.name}")
        if known_class(node.name) or not is_harmless(node.module, node.name):
            self.parts.classes[node.name] = None

    def _made(self, node: Made, path: str) -> None:
        found = self._tensor(node) or array_of(node, self.data)
        if found is not None:
            self._array(node, found, path)
        elif (raw := bytes_of(node)) is not None:
            self.parts.blob(path, raw)
            self._marks.seen.update(map(id, members(node.args)[:1]))
            self._push(node.states, path)
        elif is_frame(node) and self._frame(node, path):
            self.parts.library("pandas")
        else:
            self._object(node, path)

    def _object(self, node: Made, path: str) -> None:
        """An object of some class: its tree, where it is one, and all it was made of."""
        name = called(node)[1]
        note_object(self.parts, name, node, self.data)
        if isinstance(node.call, Global):
            self._global(node.call)
        else:
            self._push(node.call, path)
        for child in (node.args, node.kwargs):
            if child is not None and child != ():
                self._push(child, path)
        for state in node.states:
            for child in state if type(state) is tuple and len(state) == 2 else (state,):
                self._push(child, path)
        if node.items:
            self._push(node.items, path)
        if node.pairs:
            pairs = Pairs(node.pairs)
            self._kept.append(pairs)
            self._push(pairs, path)

    def _frame(self, node: Made, path: str) -> bool:
        reader = FrameReader(self.data)
        columns = reader.columns(node)
        if not columns:
            return False
        self.parts.columns(path, columns, frame=called(node)[1] not in ("_new_Index", "_new_DatetimeIndex"))
        others = [value for state in node.states if isinstance(state, Pairs) for key, value in state.pairs if key not in _FRAME_STATE]
        waiting = [*reader.aside, *others]
        self._marks.take(node, reader.used, {id(each) for each in waiting if type(each) not in (str, bytes, int, bool, float)})
        for each in waiting:
            self._push(each, path)
        return True

    # arrays

    def _array(self, node: Made, found: Found, path: str) -> None:
        self._marks.take(node)
        name = path.rpartition(".")[2]
        values = found.values
        if found.objects is not None:
            aside: list[Any] = []
            values = scalars(found.objects, aside)
            for each in aside:
                self._push(each, path)
            if len(aside) == len(found.objects):
                return
        elif values is not None and values.dtype.names:
            histogram_leaves(self.parts, values)
        self.parts.array(name, path, found.dtype, found.shape, values)

    # containers

    def _container(self, node: Any, path: str) -> None:
        try:
            value = self._values.read(node)
        except NotPlainError:
            self._children(node, path)
            return
        self._marks.taken(node)
        few = leaf_count(value, _FEW + 1)
        if few <= _FEW:
            for inner, each in leaves(value, path):
                self._scalar(inner, each)
        else:
            self._plain.append((path, value))

    def _children(self, node: Any, path: str) -> None:
        if not isinstance(node, Pairs):
            listed = members(node)
            for place, child in enumerate(reversed(listed)):
                self._push(child, f"{path}[{len(listed) - place}]" if len(listed) > 1 else path)
            return
        grouped = self._grouped(node, path)
        for place, (key, child) in reversed(list(enumerate(node.pairs))):
            name = self._name(key)
            self._marks.seen.add(id(key))
            if type(key) is not str:
                self._push(key, path)
            elif not _PLAIN_NAME.fullmatch(key):
                self.parts.text("", key)
            if place not in grouped:
                self._judge(name, child)
                self._push(child, f"{path}.{name}" if path and name else name or path)

    def _name(self, key: Any) -> str:
        known, value = scalar_of(key)
        return str(value) if known and value is not None else ""

    def _judge(self, name: str, child: Any) -> None:
        """Note what a child holds, by the name it stands under."""
        if isinstance(child, Pairs):
            size = len(child.pairs)
        elif isinstance(child, Made):
            size = 1
        else:
            size = len(members(child))
        self.parts.judge(name, size)
        if size and is_history(name):
            self.parts.notes["the course of the loss during training"] = None
        note_child(self.parts, name, child, self.data)

    def _grouped(self, node: Pairs, path: str) -> set[int]:
        """Vectors of one length under different names are columns of one table."""
        groups: dict[int, list[tuple[int, str, Any]]] = {}
        for place, (key, child) in enumerate(node.pairs):
            vector = self._vector(child)
            if vector is not None and len(vector) >= _SIDE_BY_SIDE:
                groups.setdefault(len(vector), []).append((place, self._name(key), vector))
        done: set[int] = set()
        for group in groups.values():
            if len(group) > 1 and not any(id(node.pairs[place][1]) in self._marks.seen for place, _, _ in group):
                self.parts.columns(path, [(name, vector) for _, name, vector in group])
                for place, name, _ in group:
                    child = node.pairs[place][1]
                    self._judge(name, child)
                    if isinstance(child, Made):
                        self._marks.take(child)
                    else:
                        self._marks.taken(child)
                    done.add(place)
        return done

    def _vector(self, child: Any) -> Any:
        """The values of a child that is one column of plain values, else None."""
        if type(child) is list and child:
            cells = [scalar_of(each) for each in child]
            return [value for _, value in cells] if all(known for known, _ in cells) else None
        if not isinstance(child, Made):
            return None
        found = self._tensor(child) or array_of(child, self.data)
        if found is None or len(found.shape) != 1:
            return None
        if found.objects is not None:
            aside: list[Any] = []
            values = scalars(found.objects, aside)
            return None if aside else values
        return found.values if found.values is not None and not found.values.dtype.names else None


def judge_names(parts: ModelParts, names: dict[tuple[str, str], None]) -> None:
    """Say whether loading would call anything beyond constructors known to be harmless, and where that leads."""
    beyond = [module for module, name in names if not is_harmless(module, name)]
    parts.runs_code = bool(beyond)
    parts.calls |= dict.fromkeys(filter(None, map(known_library, beyond)))
