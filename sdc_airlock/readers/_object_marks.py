"""Which objects of a pickle were seen: each is given out once, and what stands in some part already is ticked off."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sdc_airlock.readers._pickle_nodes import Items, Made, Pairs
from sdc_airlock.readers._pickle_numpy import array_of, bytes_of, called, members, scalar_of

_SMALL = 64


class Marks:
    """Identities of the nodes that were seen.

    Args:
        data: The pickle.
        push: Takes a node that is to be looked at by itself, with its name.
    """

    def __init__(self, data: bytes, push: Callable[[Any, str], None]) -> None:
        self.data = data
        self.seen: set[int] = set()
        self._push = push

    def met(self, node: Any) -> bool:
        """Whether a node was there before; small values are not kept in mind."""
        if node is None or type(node) in (bool, int, float) or node == ():
            return False
        if id(node) in self.seen:
            return True
        self.seen.add(id(node))
        return False

    def take(self, node: Any, used: frozenset[int] | set[int] = frozenset(), spared: frozenset[int] | set[int] = frozenset()) -> None:
        """Tick off a node whose values stand in some part, with the small things it is made of; anything large in it is looked at by itself.

        Args:
            node: The node.
            used: Arrays and other nodes in it whose values stand in the part too, by identity.
            spared: Nodes in it that wait for their turn.
        """
        stack, top = [node], True
        while stack:
            each = stack.pop()
            if id(each) in spared or (not top and id(each) in self.seen):
                continue
            if isinstance(each, Made):
                if not top and id(each) not in used and array_of(each, self.data) is not None:
                    self._push(each, "")
                    continue
                payload = self._payload(each) if top or id(each) in used else ()
                self.seen.update(map(id, payload))
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
            self.seen.add(id(each))
            top = False

    def _payload(self, node: Made) -> list[Any]:
        """The containers and buffers in which the values of an array lie, and the values themselves."""
        holders: list[Any] = []
        if node.raw is not None and node.raw.objects is not None:
            self.take(node.raw.objects)
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
                    self.seen.add(id(inner))
                    inner = inner.args[0]
                holders.append(inner)
        return holders + [each for holder in holders if type(holder) is list for each in holder if scalar_of(each)[0]]

    def taken(self, node: Any) -> None:
        """Tick off everything in a value that was turned whole."""
        stack = [node]
        while stack:
            each = stack.pop()
            if id(each) in self.seen and each is not node:
                continue
            self.seen.add(id(each))
            if isinstance(each, Made):
                stack += [each.args, each.kwargs, *each.states, each.items, *(child for pair in each.pairs for child in pair)]
            elif isinstance(each, Pairs):
                stack += [child for pair in each.pairs for child in pair]
            else:
                stack += members(each)


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
