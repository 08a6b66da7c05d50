"""The objects in a pickle as parts: arrays and frames as tables, literals as tables and texts, trees as counts of leaves."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from sdc_airlock.errors import LimitReached, Unsupported
from sdc_airlock.model.libraries import known_class, known_library
from sdc_airlock.readers import Item
from sdc_airlock.readers._harmless import is_harmless
from sdc_airlock.readers._learnt import is_history
from sdc_airlock.readers._model_parts import ModelParts
from sdc_airlock.readers._pickle_frames import FrameReader, is_frame, scalars
from sdc_airlock.readers._pickle_machine import Buffer, Global, Items, Made, Pairs, Persistent
from sdc_airlock.readers._pickle_numpy import Found, array_of, bytes_of, called, members, scalar_of
from sdc_airlock.readers._values import ValueReader, leaves

_DEEPEST = 60
_CONVERTED = 5_000_000  # values turned into plain ones, however often each is met
_FREELY = 20_000
_FEW = 12
_SIDE_BY_SIDE = 4
_SMALL = 64
_VALUE_READERS = 50
_FRAME_STATE = frozenset({"_mgr", "_data", "_typ", "_metadata", "_item_cache", "_is_copy"})
_ENCODERS = frozenset({"LabelEncoder", "LabelBinarizer", "MultiLabelBinarizer", "OrdinalEncoder", "OneHotEncoder", "TargetEncoder"})
_PLAIN_NAME = re.compile(r"[A-Za-z_]+[0-9]{0,2}[A-Za-z_]*")

TensorReader = Callable[[Made], Found | None]


class _NotPlainError(Exception):
    """A value holds more than literals."""


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
        self._seen: set[int] = set()
        self._kept: list[Any] = []  # an identity in `_seen` must not be given to another node
        self._converted = 0
        self._most = min(_CONVERTED, 2 * len(data) + _FREELY)
        self._plain: list[tuple[str, Any]] = []
        self._stack: list[tuple[Any, str]] = []

    def read(self, roots: list[tuple[str, Any]], named: list[str]) -> None:
        """Note everything that can be reached.

        Args:
            roots: Nodes with their names.
            named: Texts that gave the names of modules and classes only.
        """
        self._seen.update(map(id, named))
        self._stack = [(node, path) for path, node in reversed(roots)]
        count = 0
        while self._stack:
            node, path = self._stack.pop()
            count += 1
            if count % 10_000 == 0:
                self.parts.reading.spend()
            if not self._met(node):
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

    def _met(self, node: Any) -> bool:
        """Whether a node was there before; small values are not kept in mind."""
        if node is None or type(node) in (bool, int, float) or node == ():
            return False
        if id(node) in self._seen:
            return True
        self._seen.add(id(node))
        return False

    def _take(self, node: Any, used: frozenset[int] | set[int] = frozenset(), spared: frozenset[int] | set[int] = frozenset()) -> None:
        """Tick off a node whose values stand in some part, with the small things it is made of; anything large in it is looked at by itself.

        Args:
            node: The node.
            used: Arrays and other nodes in it whose values stand in the part too, by identity.
            spared: Nodes in it that wait for their turn.
        """
        stack, top = [node], True
        while stack:
            each = stack.pop()
            if id(each) in spared or (not top and id(each) in self._seen):
                continue
            if isinstance(each, Made):
                if not top and id(each) not in used and array_of(each, self.data) is not None:
                    self._push(each, "")
                    continue
                payload = self._payload(each) if top or id(each) in used else ()
                self._seen.update(map(id, payload))
                stack += [child for child in (each.call, each.args, each.kwargs, *each.states, each.items, each.pairs) if child is not None]
            elif isinstance(each, Pairs | Items) or type(each) in (list, tuple):
                children = [child for pair in each.pairs for child in pair] if isinstance(each, Pairs) else members(each)
                if len(children) > _SMALL and not top:
                    self._push(each, "")
                    continue
                stack += children
            elif type(each) in (str, bytes) and len(each) > _SMALL:
                self._push(each, "")
                continue
            self._seen.add(id(each))
            top = False

    def _payload(self, node: Made) -> list[Any]:
        """The containers and buffers in which the values of an array lie, and the values themselves."""
        holders: list[Any] = []
        if node.raw is not None and node.raw.objects is not None:
            self._take(node.raw.objects)
        for child in (node.args, *node.states):
            parts = members(child)
            holders += [
                each
                for each in (*parts, *(inner for part in parts if type(part) is tuple for inner in part))
                if type(each) in (list, bytes, str)
            ]
            holders += [each.args[0] for each in parts if isinstance(each, Made) and bytes_of(each) is not None and members(each.args)]
            for buffer in (each for part in parts for each in _inner_buffers(part)):
                inner = buffer.args[0]
                while isinstance(inner, Made) and members(inner.args):  # bytes wrapped by an older protocol
                    self._seen.add(id(inner))
                    inner = inner.args[0]
                holders.append(inner)
        return holders + [each for holder in holders if type(holder) is list for each in holder if scalar_of(each)[0]]

    def _taken(self, node: Any) -> None:
        """Tick off everything in a value that was turned whole."""
        stack = [node]
        while stack:
            each = stack.pop()
            if id(each) in self._seen and each is not node:
                continue
            self._seen.add(id(each))
            if isinstance(each, Made):
                stack += [each.args, each.kwargs, *each.states, each.items, *(child for pair in each.pairs for child in pair)]
            elif isinstance(each, Pairs):
                stack += [child for pair in each.pairs for child in pair]
            else:
                stack += members(each)

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
            self._seen.update(map(id, members(node.args)[:1]))
            self._push(node.states, path)
        elif is_frame(node) and self._frame(node, path):
            self.parts.library("pandas")
        else:
            self._object(node, path)

    def _object(self, node: Made, path: str) -> None:
        """An object of some class: its tree, where it is one, and all it was made of."""
        name = called(node)[1]
        if name == "Tree" and (nodes := node.attribute("nodes")) is not None:
            self._tree(array_of(nodes, self.data), array_of(node.attribute("values"), self.data))
        if name in _ENCODERS:
            classes = array_of(node.attribute("classes_"), self.data)
            if classes is not None and classes.dtype.kind in "USO":
                self.parts.judge("categories_", classes.shape[0] if classes.shape else 0)
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
        self._take(node, reader.used, {id(each) for each in waiting if type(each) not in (str, bytes, int, bool, float)})
        for each in waiting:
            self._push(each, path)
        return True

    # arrays

    def _array(self, node: Made, found: Found, path: str) -> None:
        self._take(node)
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
            self._leaves(values)
        self.parts.array(name, path, found.dtype, found.shape, values)

    def _leaves(self, nodes: Any) -> None:
        """Leaves in the node arrays of histogram boosting."""
        if {"is_leaf", "count"} <= set(nodes.dtype.names):
            self.parts.leaf_sizes(nodes["count"][nodes["is_leaf"] != 0])

    def _tree(self, nodes: Found | None, values: Found | None) -> None:
        """Leaves of a scikit-learn tree, and how many of them know one class only."""
        import numpy as np

        if nodes is None or nodes.values is None or not {"left_child", "n_node_samples"} <= set(nodes.values.dtype.names or ()):
            return
        leaf = nodes.values["left_child"].reshape(-1) == -1
        self.parts.leaf_sizes(nodes.values["n_node_samples"].reshape(-1)[leaf])
        if (
            values is not None
            and values.values is not None
            and len(values.shape) == 3
            and values.shape[0] == len(leaf)
            and values.shape[2] > 1
        ):
            kept = np.abs(values.values[leaf])
            self.parts.pure_leaves += int(np.sum((kept.max(axis=2) == kept.sum(axis=2)).all(axis=1) & (kept.sum(axis=(1, 2)) > 0)))

    # containers

    def _container(self, node: Any, path: str) -> None:
        try:
            value = self._as_plain(node, 0)
        except _NotPlainError:
            self._children(node, path)
            return
        self._taken(node)
        few = _leaf_count(value, _FEW + 1)
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
            self._seen.add(id(key))
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

    def _grouped(self, node: Pairs, path: str) -> set[int]:
        """Vectors of one length under different names are columns of one table."""
        groups: dict[int, list[tuple[int, str, Any]]] = {}
        for place, (key, child) in enumerate(node.pairs):
            vector = self._vector(child)
            if vector is not None and len(vector) >= _SIDE_BY_SIDE:
                groups.setdefault(len(vector), []).append((place, self._name(key), vector))
        done: set[int] = set()
        for group in groups.values():
            if len(group) > 1 and not any(id(node.pairs[place][1]) in self._seen for place, _, _ in group):
                self.parts.columns(path, [(name, vector) for _, name, vector in group])
                for place, name, _ in group:
                    child = node.pairs[place][1]
                    self._judge(name, child)
                    if isinstance(child, Made):
                        self._take(child)
                    else:
                        self._taken(child)
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

    def _as_plain(self, node: Any, level: int) -> Any:
        """A node as values that JSON knows.

        Raises:
            _NotPlainError: it holds something else, or too many values were turned.
        """
        self._converted += 1
        if self._converted == self._most:
            self.parts.gap(LimitReached("cells", self._most, self._converted))
        if self._converted >= self._most:  # shared or nested beyond measure: walked, each value once
            raise _NotPlainError
        known, value = scalar_of(node)
        if known:
            return value
        if level > _DEEPEST:
            raise _NotPlainError
        if isinstance(node, Pairs):
            return self._plain_pairs(node, level)
        if isinstance(node, Items) or type(node) in (list, tuple):
            return [self._as_plain(child, level + 1) for child in members(node)]
        if isinstance(node, Made):
            return self._plain_object(node, level)
        if type(node) is bytes and len(node) < _FEW and node.isascii():
            return node.decode("ascii")
        raise _NotPlainError

    def _plain_pairs(self, node: Pairs, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in node.pairs:
            name = self._plain_key(key)
            while name in found:
                name += " "
            found[name] = self._as_plain(child, level + 1)
            self._judge(name, child)
        return found

    def _plain_key(self, key: Any) -> str:
        known, value = scalar_of(key)
        if known:
            return str(value)
        if type(key) is tuple and all(scalar_of(each)[0] for each in key):
            return ".".join(str(scalar_of(each)[1]) for each in key)
        raise _NotPlainError

    def _plain_object(self, node: Made, level: int) -> Any:
        """An object whose whole content is plain: its attributes by name, or its fields in order."""
        if (
            self._tensor(node)
            or array_of(node, self.data)
            or is_frame(node)
            or bytes_of(node) is not None
            or not isinstance(node.call, Global)
        ):
            raise _NotPlainError
        self._global(node.call)
        fields = [child for child in members(node.args) if not isinstance(child, Global)]
        content: list[Any] = [self._as_plain(child, level + 1) for child in fields]
        content += [self._as_plain(state, level + 1) for state in node.states]
        content += [self._as_plain(each, level + 1) for each in (node.kwargs, node.items) if each]
        if node.pairs:
            content.append(self._plain_pairs(Pairs(node.pairs), level + 1))
        return content[0] if len(content) == 1 else content


def _inner_buffers(node: Any) -> list[Made]:
    """The buffers of an Arrow array, in whatever tuples and lists they lie."""
    found, stack, steps = [], [node], 0
    while stack and steps < 1_000:
        each = stack.pop()
        steps += 1
        if isinstance(each, Made):
            if called(each)[1] == "py_buffer" and members(each.args):
                found.append(each)
        elif type(each) in (list, tuple) and len(each) < 100:
            stack += each
    return found


def _leaf_count(value: Any, most: int) -> int:
    """Scalars in a plain value, counted no further than `most`."""
    count, stack = 0, [value]
    while stack and count < most:
        each = stack.pop()
        if isinstance(each, dict):
            stack.extend(each.values())
        elif isinstance(each, list):
            stack.extend(each)
        else:
            count += 1
    return count


def judge_names(parts: ModelParts, names: dict[tuple[str, str], None]) -> None:
    """Say whether loading would call anything beyond constructors known to be harmless, and where that leads."""
    beyond = [module for module, name in names if not is_harmless(module, name)]
    parts.runs_code = bool(beyond)
    parts.calls |= dict.fromkeys(filter(None, map(known_library, beyond)))
