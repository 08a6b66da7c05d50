"""Nodes of a pickle that hold nothing but literals, as values that JSON knows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sdc_airlock.errors import LimitReached, ReadError
from sdc_airlock.readers._pickle_frames import is_frame
from sdc_airlock.readers._pickle_nodes import Global, Items, Made, Pairs
from sdc_airlock.readers._pickle_numpy import Found, array_of, bytes_of, members, scalar_of

_DEEPEST = 60
_CONVERTED = 5_000_000  # values turned into plain ones, however often each is met
_FREELY = 20_000
_FEW = 12

TensorReader = Callable[[Made], Found | None]


class NotPlainError(Exception):
    """A value holds more than literals."""


class PlainReader:
    """Turns nodes into plain values, as long as not too many were turned.

    Args:
        data: The pickle.
        tensor: Gives the array that a node of another library stands for, or None.
        gap: Takes note of a limit that was reached.
        judge: Takes the name that a child stands under, and the child.
        note: Takes a class that is met on the way.
    """

    def __init__(
        self,
        data: bytes,
        tensor: TensorReader,
        *,
        gap: Callable[[ReadError], None],
        judge: Callable[[str, Any], None],
        note: Callable[[Global], None],
    ) -> None:
        self.data = data
        self._tensor = tensor
        self._gap = gap
        self._judge = judge
        self._note = note
        self._converted = 0
        self._most = min(_CONVERTED, 2 * len(data) + _FREELY)

    def read(self, node: Any, level: int = 0) -> Any:
        """A node as values that JSON knows.

        Raises:
            NotPlainError: it holds something else, or too many values were turned.
        """
        self._converted += 1
        if self._converted == self._most:
            self._gap(LimitReached("cells", self._most, self._converted))
        if self._converted >= self._most:  # shared or nested beyond measure: walked, each value once
            raise NotPlainError
        known, value = scalar_of(node)
        if known:
            return value
        if level > _DEEPEST:
            raise NotPlainError
        if isinstance(node, Pairs):
            return self._plain_pairs(node, level)
        if isinstance(node, Items) or type(node) in (list, tuple):
            return [self.read(child, level + 1) for child in members(node)]
        if isinstance(node, Made):
            return self._plain_object(node, level)
        if type(node) is bytes and len(node) < _FEW and node.isascii():
            return node.decode("ascii")
        raise NotPlainError

    def _plain_pairs(self, node: Pairs, level: int) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, child in node.pairs:
            name = self._plain_key(key)
            while name in found:
                name += " "
            found[name] = self.read(child, level + 1)
            self._judge(name, child)
        return found

    def _plain_key(self, key: Any) -> str:
        known, value = scalar_of(key)
        if known:
            return str(value)
        if type(key) is tuple and all(scalar_of(each)[0] for each in key):
            return ".".join(str(scalar_of(each)[1]) for each in key)
        raise NotPlainError

    def _plain_object(self, node: Made, level: int) -> Any:
        """An object whose whole content is plain: its attributes by name, or its fields in order."""
        if (
            self._tensor(node)
            or array_of(node, self.data)
            or is_frame(node)
            or bytes_of(node) is not None
            or not isinstance(node.call, Global)
        ):
            raise NotPlainError
        self._note(node.call)
        fields = [child for child in members(node.args) if not isinstance(child, Global)]
        content: list[Any] = [self.read(child, level + 1) for child in fields]
        content += [self.read(state, level + 1) for state in node.states]
        content += [self.read(each, level + 1) for each in (node.kwargs, node.items) if each]
        if node.pairs:
            content.append(self._plain_pairs(Pairs(node.pairs), level + 1))
        return content[0] if len(content) == 1 else content


def leaf_count(value: Any, most: int) -> int:
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
