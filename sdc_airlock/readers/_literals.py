"""Data written into code: lists, dictionaries, vectors, data frames and tuples of constants, in any language that brackets them.

Code is never run and no language is parsed in full: text is cut into strings, numbers, words and brackets, and what lies between two brackets is
taken for data where it is constants. Comments are searched like the rest, so that data cannot hide by being commented out.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from sdc_airlock.model.content import GridSource
from sdc_airlock.readers._block import Block
from sdc_airlock.readers._brackets import Node, tree_of
from sdc_airlock.readers._dput import written_object
from sdc_airlock.recognise.lexicon import matches

LITERAL_CHARACTERS = 4 << 20
_LONE_VECTOR = 10
_WORD_VECTOR = 50
_LONG_STRING = 20
_CALLS = 5
_RECORDS = 4
_FEWEST_TRIED, _MOST_TRIED, _FEW_ROWS, _OFTEN_AGAIN = 4, 12, 3, 0.75
_OF_PEOPLE = frozenset({"identifier", "person_attribute", "body"})
_SMALL = re.compile(r"-?\d{0,3}(?:\.\d{1,3})?|[A-Za-z]?")
# names of records are compared with those of every group before them
_COMPARED = 1_000_000
_SEQUENCES = frozenset({"values", "", "union", "all", "select"})


@dataclass(frozen=True, slots=True)
class _Found:
    """A table of constants between two offsets of the text; `pieces` are the offsets of rows that lie between other text."""

    start: int
    end: int
    rows: tuple[tuple[str, ...], ...]
    header: int
    pieces: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class _Vector:
    """Constants in a row, and the name they are assigned to."""

    node: Node
    values: tuple[str, ...]
    name: str


@dataclass(frozen=True, slots=True)
class Literals:
    """The tables of constants of a text, from top to bottom, and whether all of the text was searched.

    Attributes:
        strings: Strings that hold several lines written as escapes, and long ones of one line, each with the place of its line.
    """

    blocks: list[Block]
    complete: bool
    strings: list[tuple[int, str]]


def literal_tables(text: str, *, code: bool) -> Literals:
    """Tables of constants in some text.

    Args:
        text: Code, or prose and logs that may hold printed data.
        code: True to take lone vectors, named vectors and repeated calls for data too.
    """
    whole = text
    text = text[:LITERAL_CHARACTERS]
    starts = [0, *(match.end() for match in re.finditer("\r\n|\n|\r", text))]
    found, complete, inner = _search(text, code=code)
    found = [table for table in found if not (code and _is_setting(table))]
    strings = [(bisect_right(starts, offset) - 1, lines) for offset, lines in inner]
    blocks: list[Block] = []
    for table in sorted(found, key=lambda table: (table.start, -table.end)):
        first, last = bisect_right(starts, table.start) - 1, bisect_right(starts, max(table.start, table.end - 1)) - 1
        scattered = tuple(sorted({bisect_right(starts, piece) - 1 for piece in table.pieces}))
        blocks.append(Block(first, last + 1, table.rows, GridSource.RECORDS, table.header, scattered))
    return Literals(blocks, complete and len(text) == len(whole), strings)


def _is_setting(table: _Found) -> bool:
    """True for what code alone holds: values to try that rise or fall in all columns, or a few rows of small numbers and single letters without names."""
    body = table.rows[table.header :]
    columns = list(zip(*body, strict=False))
    if len(columns) < 2 or len({*map(len, body)}) > 1 or len(body) > _MOST_TRIED:
        return False
    if table.header and any(_OF_PEOPLE & matches(name).keys() for name in table.rows[0]):
        return False
    if len(body) >= _FEWEST_TRIED and all(map(_rises_or_falls, columns)):
        return True
    letters = any(cell.isalpha() for cell in columns[0])
    return len(body) <= _FEW_ROWS and not table.header and letters and all(map(_SMALL.fullmatch, (cell for row in body for cell in row)))


def _rises_or_falls(cells: Sequence[str]) -> bool:
    try:
        numbers = [float(cell) for cell in cells]
    except ValueError:
        return False
    rising = [before < after for before, after in pairwise(numbers)]
    return all(rising) or (not any(rising) and len(set(numbers)) == len(numbers))


def _is_code(members: Sequence[Node]) -> bool:
    """True for a few calls, often the same ones again, each of which takes something that is worked out elsewhere."""
    if len(members) > _MOST_TRIED or not all(node.callee and any(value is None for _, value in node.items) for node in members):
        return False
    if not all(_SMALL.fullmatch(value) for node in members for _, value in node.items if isinstance(value, str)):
        return False
    different = {tuple(value for _, value in node.items if isinstance(value, str)) for node in members}
    return len(different) <= _OFTEN_AGAIN * len(members)


def _search(text: str, *, code: bool) -> tuple[list[_Found], bool, list[tuple[int, str]]]:
    root, texts, long, complete = tree_of(text)
    found: list[_Found] = []
    vectors: list[_Vector] = []
    rows: list[Node] = []
    _walk(root, found, vectors, rows, code=code)
    if code:
        found.extend(_named_vectors(vectors))
    found.extend(_repeated(rows, code=code))
    records, compared = _printed(rows)
    found.extend(records)
    complete = complete and compared
    for offset, inner in texts:
        within, whole, _ = _search(inner, code=False)
        found.extend(
            replace(table, start=table.start + offset, end=table.end + offset, pieces=tuple(piece + offset for piece in table.pieces))
            for table in within
        )
        complete = complete and whole
    several = [(offset, inner) for offset, inner in texts if text[offset : offset + len(inner)] != inner and "\n" in inner]
    return found, complete, several + long


# a tree of brackets to tables


def _walk(root: Node, found: list[_Found], vectors: list[_Vector], rows: list[Node], *, code: bool) -> None:
    """Collect the outermost nodes that are tables, and the vectors and rows that stand alone."""
    stack: list[Node] = [root]
    while stack:
        node = stack.pop()
        if node is not root:
            if (written := written_object(node)) is not None:
                cells, others = written
                found.append(_Found(node.start, node.end, cells, 1))
                stack.extend(reversed(others))
                continue
            table = _table(node)
            if table is not None:
                found.append(table)
                continue
            values = _values(node)
            if values and code and not node.index:
                vectors.append(_Vector(node, values, node.name))
            if not node.index and _is_row(node):
                rows.append(node)
                continue
        stack.extend(value for _, value in reversed(node.items) if isinstance(value, Node))


def _inner(node: Node) -> Node:
    """The node inside calls that only wrap it: `np.array([...])`, `factor(c(...))`."""
    for _ in range(4):
        if not node.callee:
            break
        nodes = [value for key, value in node.items if isinstance(value, Node)]
        plain = [value for key, value in node.items if not key]
        if len(nodes) == 1 and plain and plain[0] is nodes[0] and len(plain) <= 2:
            node = nodes[0]
        else:
            break
    return node


def _values(node: Node) -> tuple[str, ...]:
    """The constants of a node that holds nothing else, () otherwise."""
    node = _inner(node)
    if node.index or not node.items or any(key or not isinstance(value, str) for key, value in node.items):
        return ()
    return tuple(value for _, value in node.items if isinstance(value, str))


def _record(node: Node) -> dict[str, str]:
    """Names and constants of a node in which most are named constants, {} otherwise."""
    node = _inner(node)
    record = {key: value for key, value in node.items if key and isinstance(value, str)}
    return record if len(record) >= 2 and len(record) >= 0.6 * len(node.items) else {}


def _is_row(node: Node) -> bool:
    return len(_values(node)) >= 2 or bool(_record(node))


def _table(node: Node) -> _Found | None:
    """The node as a table: records, rows, columns, keyed records, a header of formulas, rows parted by semicolons, or many keyed values."""
    children = [(key, value) for key, value in node.items if isinstance(value, Node)]
    if len(children) >= 2 and 2 * len(children) >= len(node.items):
        shaped = _of_children(node, children)
        if shaped is not None:
            return shaped
    formulas = [key[1:] for key, value in node.items if key.startswith("~") and value is None]
    cells = [value for key, value in node.items if isinstance(value, str) and not key]
    if len(formulas) >= 2 and len(cells) >= len(formulas) and len(cells) % len(formulas) == 0:
        return _Found(node.start, node.end, (tuple(formulas), *_chunks(cells, [len(formulas)] * (len(cells) // len(formulas)))), 1)
    if node.breaks and len(cells) == len(node.items):
        widths = [stop - begin for begin, stop in zip([0, *node.breaks], [*node.breaks, len(cells)], strict=True) if stop > begin]
        if len(widths) >= 2 and min(widths) == max(widths) >= 2:
            return _Found(node.start, node.end, tuple(_chunks(cells, widths)), 0)
    keyed = [(key, value) for key, value in node.items if key and isinstance(value, str)]
    if len(keyed) == len(node.items) >= _CALLS:
        numbered = sum(any(map(str.isdigit, key)) for key, _ in keyed)
        if numbered >= 0.8 * len(keyed) or len(keyed) >= _WORD_VECTOR:
            return _Found(node.start, node.end, tuple(keyed), 0)
    return None


def _of_children(node: Node, children: Sequence[tuple[str, Node]]) -> _Found | None:
    keys = [key for key, _ in children]
    named = all(keys) and len(set(keys)) == len(keys)
    vectors = [_values(child) for _, child in children]
    if all(vectors):
        lengths = {len(values) for values in vectors}
        if named and len(lengths) == 1 and min(lengths) >= 2:
            return _Found(node.start, node.end, (tuple(keys), *zip(*vectors, strict=True)), 1)
        if named and max(lengths) >= 2:
            return _Found(node.start, node.end, tuple((key, *values) for key, values in zip(keys, vectors, strict=True)), 0)
        if max(lengths) >= 2 and len(lengths) <= max(1, len(vectors) // 3):
            return _Found(node.start, node.end, tuple(vectors), 0)
        return None
    if _is_code([child for _, child in children]):
        return None
    records = [_record(child) for _, child in children]
    filled = [record for record in records if record]
    if len(filled) >= 2 and 2 * len(filled) >= len(children):
        header = list(dict.fromkeys(name for record in filled for name in record))
        if sum(map(len, filled)) < 0.4 * len(filled) * len(header):
            return None
        rows = [tuple(record.get(name, "") for name in header) for record in filled]
        if named and len(filled) == len(children):
            return _Found(node.start, node.end, (("", *header), *((key, *row) for key, row in zip(keys, rows, strict=True))), 1)
        return _Found(node.start, node.end, (tuple(header), *rows), 1)
    return None


def _chunks(cells: Sequence[str], widths: Sequence[int]) -> Iterator[tuple[str, ...]]:
    place = 0
    for width in widths:
        yield tuple(cells[place : place + width])
        place += width


def _named_vectors(vectors: Sequence[_Vector]) -> Iterator[_Found]:
    """Neighbouring vectors of one length as the columns of a table; a long lone one as a table of one column."""
    for length, group in groupby(vectors, key=lambda vector: len(vector.values)):
        members = list(group)
        named = [vector for vector in members if vector.name]
        if length >= 3 and len(named) >= 2:
            columns = [vector.values for vector in named]
            header = tuple(vector.name for vector in named)
            yield _Found(named[0].node.start, named[-1].node.end, (header, *zip(*columns, strict=True)), 1)
            members = [vector for vector in members if not vector.name]
        for vector in members:
            if _worth_showing(vector.values):
                rows = tuple((value,) for value in vector.values)
                named_rows = ((vector.name,), *rows) if vector.name else rows
                yield _Found(vector.node.start, vector.node.end, named_rows, 1 if vector.name else 0)


def _worth_showing(values: Sequence[str]) -> bool:
    """True for a long vector of numbers or codes; a list of a few names of columns is none."""
    digits = sum(any(map(str.isdigit, value)) for value in values)
    if len(values) >= _LONE_VECTOR and len(set(map(len, values))) == 1 and len(values[0]) >= _LONG_STRING:  # one string a person
        return True
    return len(values) >= _WORD_VECTOR or (len(values) >= _LONE_VECTOR and 2 * digits >= len(values))


def _repeated(rows: Sequence[Node], *, code: bool) -> Iterator[_Found]:
    """Rows that follow one another: tuples parted by commas (SQL's VALUES), or calls of one function again and again."""
    for _, group in groupby(_series(rows), key=lambda pair: pair[0]):
        members = [node for _, node in group]
        if len(members) >= 2 and all(_values(node) for node in members):
            yield _Found(members[0].start, members[-1].end, tuple(_values(node) for node in members), 0)
    if not code:
        return
    calls: dict[tuple[str, object], list[Node]] = {}
    for node in rows:
        values, record = _values(node), _record(node)
        if node.callee or values or record:
            shape: object = len(values) if values else tuple(sorted(record))
            calls.setdefault((node.callee.lower(), shape), []).append(node)
    for (callee, _), members in calls.items():
        width = len(_values(members[0])) or len(_record(members[0]))
        if callee in ("c", "", "list", "in", "print", "range", "seq") or len(members) < _CALLS or width < 3 or _is_code(members):
            continue
        records = [_record(node) for node in members]
        if all(records):
            header = tuple(records[0])
            yield _Found(members[0].start, members[-1].end, (header, *(tuple(record[name] for name in header) for record in records)), 1)
        else:
            yield _Found(members[0].start, members[-1].end, tuple(_values(node) for node in members), 0)


def _printed(rows: Sequence[Node]) -> tuple[list[_Found], bool]:
    """Records with mostly the same names, one after the other or between other text, as programs print them; and whether all were compared."""
    alike: dict[frozenset[str], list[Node]] = {}
    for node in rows:
        if not node.callee and (record := _record(node)):
            alike.setdefault(frozenset(record), []).append(node)
    groups: list[tuple[frozenset[str], set[str], list[Node]]] = []
    compared = 0
    for names, members in sorted(alike.items(), key=lambda item: -len(item[1])):
        near = groups if compared < _COMPARED else []
        compared += len(near)
        home = next((group for group in near if _mostly_alike(names, group[0]) or _mostly_alike(names, group[1])), None)
        if home is None:
            groups.append((names, set(names), list(members)))
        else:
            home[1].update(names)
            home[2].extend(members)
    return [_filled(members) for _, _, members in groups if len(members) >= _RECORDS], compared < _COMPARED


def _mostly_alike(names: frozenset[str], others: frozenset[str] | set[str]) -> bool:
    """True where half of all names are in both."""
    return 2 * len(names & others) >= len(names | others)


def _filled(members: list[Node]) -> _Found:
    """Records as rows under all of their names."""
    members.sort(key=lambda node: node.start)
    records = [_record(node) for node in members]
    header = tuple(dict.fromkeys(name for record in records for name in record))
    filled = (tuple(record.get(name, "") for name in header) for record in records)
    return _Found(members[0].start, members[-1].end, (header, *filled), 1, tuple(node.start for node in members))


def _series(rows: Sequence[Node]) -> Iterator[tuple[int, Node]]:
    """Each row with the number of its series; a series goes on while only commas stand between rows of one width."""
    number, width = 0, -1
    for node in rows:
        here = len(_values(node))
        if not (node.follows and here == width and node.callee.lower() in _SEQUENCES):
            number += 1
        width = here
        yield number, node
