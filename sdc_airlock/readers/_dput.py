"""Objects of R written as code by `dput` and `dump`: matrices, contingency tables and data frames with their names and levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from math import prod

from sdc_airlock.readers._brackets import Node

_CALLEE, _FRAMES = "structure", frozenset({"list", "data.frame", "data.table", "tibble", "cbind"})
# what the rows are made of; other attributes, and what of these is in no row, are looked at by themselves
_TOLD = frozenset({"dim", "dimnames", ".Dim", ".Dimnames", "class", "levels", ".Label", "row.names", "names", ".Names", "tzone", "units"})

# digits of a size or code, and numbers of a span that nothing else bounds
_DIGITS, _LONGEST_SPAN, _AXES = 9, 1000, 16
# classes and units that an object may have beside what is in its rows
_FEW = 6

Rows = tuple[tuple[str, ...], ...]


def written_object(node: Node) -> tuple[Rows, list[Node]] | None:
    """The rows of an object that `structure` makes, or of a list with factors, the first of them its header, and the attributes that are in no row.

    Returns:
        None where it is no matrix, table or data frame whose cells are all constants.
    """
    if node.callee in _FRAMES and any(isinstance(value, Node) and value.callee == _CALLEE for _, value in node.items):
        rows = _columns(node, [key for key, _ in node.items])
        return (rows, list(_left(node, rows))) if rows is not None else None
    if node.callee != _CALLEE or not node.items:
        return None
    attributes = {key: value for key, value in node.items[1:] if key}
    rows = _array(node, attributes) or _frame(node, attributes)
    if rows is None:
        return None
    return rows, list(_left(node, rows))


def _left(node: Node, rows: Rows) -> Iterator[Node]:
    """Attributes of an object and of what is in it that are in no row: those of other names, and more names, levels or classes than the rows show."""
    shown = {cell for row in rows for cell in row}
    waiting = [node]
    while waiting:
        each = waiting.pop()
        for place, (key, value) in enumerate(each.items):
            if not isinstance(value, Node):
                continue
            attribute = each.callee == _CALLEE and place > 0
            if not attribute:
                waiting.append(value)
            elif key not in _TOLD or sum(cell not in shown for cell in _written_in(value)) > _FEW:
                yield value


def _written_in(node: Node) -> Iterator[str]:
    """All constants in a call and in the calls within it."""
    waiting = [node]
    while waiting:
        for _, value in waiting.pop().items:
            if isinstance(value, Node):
                waiting.append(value)
            elif value is not None:
                yield value


def _first(attributes: dict[str, str | Node | None], *names: str) -> str | Node | None:
    return next((attributes[name] for name in names if name in attributes), None)


def _cells(value: str | Node | None, most: int) -> list[str] | None:
    """The constants of a vector, factors as their words; None for anything else.

    Args:
        value: What stands between two commas.
        most: Longest span of whole numbers that is written out.
    """
    if isinstance(value, str):
        return [value]
    if not isinstance(value, Node) or not value.items:
        return None
    if value.callee != _CALLEE:
        return _constants(value, most)
    attributes = {key: inner for key, inner in value.items[1:] if key}
    words = _cells(_first(attributes, "levels", ".Label"), most)
    codes = _leading(value, len(words) if words else most)
    if codes is None or words is None or "dim" in attributes:
        return None if "dim" in attributes else codes
    if not all(code == "NA" or (code.isdecimal() and len(code) <= _DIGITS and 0 < int(code) <= len(words)) for code in codes):
        return None
    return ["" if code == "NA" else words[int(code) - 1] for code in codes]


def _leading(node: Node, most: int) -> list[str] | None:
    """The first item of a call, which may be a span."""
    key, value = node.items[0]
    return _span(key, value, most) if key and isinstance(value, str) else _cells(value, most)


def _span(low: str, high: str, most: int) -> list[str] | None:
    """Whole numbers from one to another, up or down; None where they are too many."""
    if not (low.isdecimal() and high.isdecimal()) or max(len(low), len(high)) > _DIGITS or abs(int(high) - int(low)) >= most:
        return None
    step = 1 if int(low) <= int(high) else -1
    return [str(number) for number in range(int(low), int(high) + step, step)]


def _constants(node: Node, most: int) -> list[str] | None:
    if node.index or node.callee not in ("c", "list", ""):
        return None
    if len(node.items) == 1 and node.items[0][0].isdecimal():
        return _leading(node, most)
    found = [value for _, value in node.items]
    return [value for value in found if isinstance(value, str)] if all(isinstance(value, str) for value in found) else None


def _array(node: Node, attributes: dict[str, str | Node | None]) -> Rows | None:
    """A matrix, table or array."""
    spans = [_span(*ends, _AXES) for place, ends in node.spans.items() if node.items[place][0] in ("dim", ".Dim")]
    sizes = spans[0] if spans else _cells(_first(attributes, "dim", ".Dim"), _AXES)
    if not sizes or not all(size.isdecimal() and len(size) <= _DIGITS for size in sizes):
        return None
    shape = [int(size) for size in sizes]
    cells = _leading(node, _LONGEST_SPAN)
    if cells is None or prod(shape) != len(cells):
        return None
    names, labels = _labels(_first(attributes, "dimnames", ".Dimnames"), shape)
    # one row for each level of the first dimension; columns stand one after the other, and those of further dimensions too
    heads = [" ".join(filter(None, reversed(each))) for each in product(*reversed(labels[1:]))] or ["value"]
    body = [(label, *cells[place :: shape[0]]) for place, label in enumerate(labels[0])]
    return ((names[0], *heads), *body) if any(labels[0]) else (tuple(heads), *(row[1:] for row in body))


def _labels(value: str | Node | None, shape: Sequence[int]) -> tuple[list[str], list[list[str]]]:
    """The name of each dimension and its labels; blanks where there are none."""
    names, labels = [""] * len(shape), [[""] * size for size in shape]
    keys: list[str] | None = None
    if isinstance(value, Node) and value.callee == _CALLEE and value.items:
        keys = _cells(_first(dict(value.items[1:]), "names", ".Names"), _AXES)
        value = value.items[0][1]
    for axis, (key, inner) in enumerate(value.items[: len(shape)] if isinstance(value, Node) else ()):
        own = _cells(inner, shape[axis] + 1)
        names[axis] = keys[axis] if keys and axis < len(keys) else key
        if own is not None and len(own) == shape[axis]:
            labels[axis] = own
    return names, labels


def _frame(node: Node, attributes: dict[str, str | Node | None]) -> Rows | None:
    """A data frame."""
    body, classes = node.items[0][1], _cells(_first(attributes, "class"), 1) or ()
    if not isinstance(body, Node) or body.callee != "list" or not body.items or "data.frame" not in classes:
        return None
    rows = _columns(body, _cells(_first(attributes, "names", ".Names"), 1) or [key for key, _ in body.items])
    own = _cells(_first(attributes, "row.names"), len(rows or ()))
    if rows is None or own is None or len(own) != len(rows) - 1 or own[0] == "NA":
        return rows
    return (("", *rows[0]), *((name, *row) for name, row in zip(own, rows[1:], strict=True)))


def _columns(body: Node, keys: list[str]) -> Rows | None:
    """Vectors of one length as the columns of a table."""
    columns = [_cells(value, _LONGEST_SPAN) for _, value in body.items]
    rows = max((len(column) for column in columns if column), default=0)
    for place, ends in body.spans.items():
        columns[place] = _span(*ends, rows)
    told = [column for column in columns if column and len(column) == rows]
    return (tuple(keys), *zip(*told, strict=True)) if len(keys) == len(columns) == len(told) else None


__all__ = ["written_object"]
