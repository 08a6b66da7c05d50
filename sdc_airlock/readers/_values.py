"""Nested values (JSON, YAML, TOML, XML) to tables and text, so that every scalar lands in some part.

Shapes that stand for a table become one: a list of objects, an object of like objects, an object of equally long lists, a list of
lists, an object of numbers. What is left over is read as text (strings) and as a table of names and values (numbers).

Parts are numbered and never called after a key, since keys may be values; keys serve as column names and titles.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Grid, GridSource, TextPart, TextRole
from sdc_airlock.readers import Item, Reading
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._embedded import SHORTEST_BASE64, inside
from sdc_airlock.readers._flat import Cells, flatten, is_scalar, scalar_list
from sdc_airlock.readers._jsonstat import dataset_of, expand
from sdc_airlock.readers._keyed import keyed_rows
from sdc_airlock.readers._pagedata import figure_items
from sdc_airlock.source import Source

LISTED = 3  # lists up to this length are read with the left-over scalars
TRACES = 50  # up to so many records with several long lists each are tables of their own (the traces of a plot)
FEWEST_IN_CONFIGURATION = 3  # fewer records in a configuration stay text
PARTS = 500  # beyond, everything is left over
WORDS_OF_PROSE = 4


class ValueReader:
    """Turns one nested value into parts.

    Attributes:
        depth: Containers around the file that holds the value.
        text_elsewhere: True where the caller has given the whole text as a part; left-over scalars are then not repeated.
    """

    def __init__(self, part_id: str, reading: Reading, *, depth: int = 0, text_elsewhere: bool = False, hidden: bool = False) -> None:
        self.part_id = part_id
        self.depth = depth
        self.reading = reading
        self.text_elsewhere = text_elsewhere
        self.hidden = hidden
        self._made = 0
        self._left: list[tuple[str, Any]] = []

    def read(self, value: Any, title: str = "") -> Iterator[Item]:
        """All parts of a value."""
        value = yield from figure_items(value, self.part_id, self.reading, depth=self.depth)
        if value is None:
            return
        yield from self._value(value, title)
        yield from self._left_over()

    def _address(self) -> str:
        self._made += 1
        self.reading.spend()
        return self.part_id if self._made == 1 else f"{self.part_id}!part{self._made}"

    def _value(self, value: Any, path: str) -> Iterator[Item]:
        if self._made >= PARTS:
            self._keep(value, path)
        elif isinstance(value, dict):
            yield from self._object(value, path)
        elif isinstance(value, list):
            yield from self._list(value, path)
        else:
            self._left.append((path, value))

    def _keep(self, value: Any, path: str) -> None:
        """Put every scalar of a value to the left-overs."""
        self._left.extend(leaves(value, path))

    # objects

    def _object(self, value: dict[str, Any], path: str) -> Iterator[Item]:
        dataset = dataset_of(value)
        if dataset is not None:
            expanded = expand(dataset, self.reading.limits.cells)
            yield table_of(
                self._address(), expanded.columns, title=_join(path, expanded.title), hidden=self.hidden, schema_note=expanded.note
            )
            lines = "\n".join(
                f"{scalar_text(name)}: {scalar_text(child)}" for name, child in leaves(expanded.about, "") if child is not None
            )
            if lines:
                yield TextPart(part_id=self._address(), text=lines, role=TextRole.METADATA, hidden=self.hidden)
            yield from self._object(expanded.rest, path)
            return
        split = _pandas_split(value)
        if split is not None:
            yield from self._grid(split, path, header_rows=1)
            yield from self._members({name: child for name, child in value.items() if name not in ("columns", "index", "data")}, path)
            return
        if isinstance(value.get("resourceType"), str) and not self.text_elsewhere:  # a FHIR resource is a record even where it stands alone
            yield from self.records([value], path)
            return
        if _like_objects(list(value.values())):
            yield from self._like(value, path)
            return
        if rows := keyed_rows(value):
            yield Grid(part_id=self._address(), rows=rows, source=GridSource.RECORDS, before=scalar_text(path), hidden=self.hidden)
        yield from self._members(value, path)

    def _members(self, value: dict[str, Any], path: str) -> Iterator[Item]:
        lists = {name: child for name, child in value.items() if scalar_list(child) and len(child) > 1}
        numbers = {name: child for name, child in value.items() if _is_number(child)}
        scalars = {name for name, child in value.items() if is_scalar(child) and child is not None}
        done: set[str] = set()
        for length in sorted({len(child) for child in lists.values()}):
            group = {name: child for name, child in lists.items() if len(child) == length}
            if (len(group) > 1 and length >= LISTED) or length > LISTED:
                yield table_of(self._address(), group, title=path, hidden=self.hidden)
                done |= set(group)
        if len(numbers) > 1 and len(numbers) == len(scalars):
            yield table_of(self._address(), {"name": list(numbers), "value": list(numbers.values())}, title=path, hidden=self.hidden)
            done |= set(numbers)
        for name, child in value.items():
            if name not in done:
                yield from self._value(child, _join(path, name))

    def _like(self, value: dict[str, Any], path: str) -> Iterator[Item]:
        """Objects of one shape under different keys: a record each, unless the keys are those of columns."""
        inner = list(next(iter(value.values())))
        if _column_oriented(value):
            records: list[Any] = [{name: column[key] for name, column in value.items()} for key in inner]
            keys: Sequence[str] = inner
        else:
            records, keys = list(value.values()), list(value)
        numbered = [str(number) for number in range(len(keys))]
        yield from self.records(records, path, None if list(keys) == numbered else keys)

    # lists

    def _list(self, value: list[Any], path: str) -> Iterator[Item]:
        objects = [child for child in value if isinstance(child, dict)]
        lists = [child for child in value if isinstance(child, list)]
        scalars = [child for child in value if is_scalar(child)]
        if len(scalars) > LISTED:
            yield table_of(self._address(), [(path.rpartition(".")[2], scalars)], named=bool(path), title=path, hidden=self.hidden)
        else:
            self._keep(scalars, path)
        if lists and all(scalar_list(child) for child in lists):
            yield from self._grid(lists, path)
        else:
            yield from self._nested(lists, path)
        if self.text_elsewhere and len(objects) < FEWEST_IN_CONFIGURATION:
            return
        if len(objects) == 1 or self._traces(objects):
            for number, child in enumerate(objects, 1):
                yield from self._value(child, f"{path}[{number}]" if len(objects) > 1 else path)
        elif objects:
            yield from self.records(objects, path)

    def _traces(self, objects: list[dict[str, Any]]) -> bool:
        """Several objects, each with several long lists: the traces of a plot rather than records."""
        if not 1 < len(objects) <= TRACES:
            return False
        if any(dataset_of(child) is not None for child in objects):
            return True
        return all(sum(isinstance(field, list) and len(field) > LISTED for field in child.values()) > 1 for child in objects)

    def _nested(self, lists: list[list[Any]], path: str) -> Iterator[Item]:
        """Lists of lists of lists: the innermost lists of scalars are rows; objects in them are records of their own."""
        rows: list[list[Any]] = []
        others: list[Any] = []
        stack = lists[::-1]
        while stack:
            child = stack.pop()
            if scalar_list(child):
                rows.append(child)
                continue
            others.extend(item for item in child if not isinstance(item, list))
            stack.extend(item for item in reversed(child) if isinstance(item, list))
        if rows:
            yield from self._grid(rows, path)
        if others:
            yield from self._list(others, path)

    def _grid(self, rows: list[list[Any]], path: str, header_rows: int | None = None) -> Iterator[Item]:
        cells = sum(len(row) for row in rows)
        if cells > self.reading.limits.cells:
            raise LimitReached("cells", self.reading.limits.cells, cells)
        if cells:
            text = tuple(tuple(scalar_text(cell) for cell in row) for row in rows)
            yield Grid(
                part_id=self._address(),
                rows=text,
                source=GridSource.RECORDS,
                before=scalar_text(path),
                hidden=self.hidden,
                header_rows=header_rows,
            )

    # records

    def records(self, records: list[Any], path: str = "", keys: Sequence[str] | None = None) -> Iterator[Item]:
        """A table of records, and one for each list in them."""
        flat = flatten(records, keys, self.reading.limits.cells)
        if set(flat.columns) - {"record"} or not flat.children:
            yield table_of(self._address(), flat.columns, title=path, hidden=self.hidden)
            yield from self._files_in(flat.columns)
        for name, cells in flat.children.items():
            yield from self._child(cells, _join(path, name))

    def _child(self, cells: Cells, path: str) -> Iterator[Item]:
        """A list inside records: its elements with the number of their record."""
        objects = [(at, child) for at, child in cells if isinstance(child, dict)]
        lists = [(at, child) for at, child in cells if isinstance(child, list)]
        scalars = [(at, child) for at, child in cells if is_scalar(child)]
        if scalars:
            name = path.rpartition(".")[2]
            yield table_of(
                self._address(),
                [("record", [at for at, _ in scalars]), (name, [child for _, child in scalars])],
                title=path,
                hidden=self.hidden,
            )
        flat_rows = [(at, child) for at, child in lists if scalar_list(child)]
        if flat_rows:
            yield from self._grid([[at, *child] for at, child in flat_rows], path)
        deeper = [(at, item) for at, child in lists if not scalar_list(child) for item in child]
        if deeper:
            yield from self._child(deeper, path)
        if objects:
            number = "record"
            while any(number in child for _, child in objects):
                number += " "
            yield from self.records([{number: at, **child} for at, child in objects], path)

    def _files_in(self, columns: dict[str, list[Any]]) -> Iterator[Item]:
        """Files packed into the cells of records."""
        for cells in columns.values():
            for cell in cells:
                if isinstance(cell, str) and len(cell) >= SHORTEST_BASE64 and " " not in cell[:100]:
                    yield from self._descend(inside(cell, part_id=self.part_id, depth=self.depth, texts=False))

    def _descend(self, source: Source | None) -> Iterator[Item]:
        if source is not None:
            self.reading.spend(members=1)
            yield from self.reading.descend(replace(source, part_id=self._address()))

    # what is left

    def _left_over(self) -> Iterator[Item]:
        left = []
        for path, value in self._left:
            source = inside(value, part_id=self.part_id, depth=self.depth) if isinstance(value, str) else None
            if source is not None:
                yield from self._descend(source)
            elif value is not None:
                left.append((path, value))
        self._left = []
        if self.text_elsewhere or not left:
            return
        numbers = [(path, value) for path, value in left if _is_number(value)]
        texts = [(path, scalar_text(value)) for path, value in left if not _is_number(value)]
        if numbers:
            columns = {"name": [path for path, _ in numbers], "value": [value for _, value in numbers]}
            yield table_of(self._address(), columns, hidden=self.hidden)
        prose = [text for text in texts if text[1].count(" ") >= WORDS_OF_PROSE]
        short = [text for text in texts if text[1].count(" ") < WORDS_OF_PROSE]
        for role, chosen in ((TextRole.CONFIG, short), (TextRole.PROSE, prose)):
            if chosen:
                lines = "\n".join(f"{scalar_text(path)}: {text}" if path else text for path, text in chosen)
                yield TextPart(part_id=self._address(), text=lines, role=role, hidden=self.hidden)


def leaves(value: Any, path: str) -> Iterator[tuple[str, Any]]:
    """Every scalar of a value with its path."""
    if isinstance(value, dict):
        for name, child in value.items():
            yield from leaves(child, _join(path, name))
    elif isinstance(value, list):
        for number, child in enumerate(value, 1):
            yield from leaves(child, f"{path}[{number}]")
    else:
        yield path, value


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _like_objects(values: list[Any]) -> bool:
    """True for two or more objects that share most of their keys."""
    if len(values) < 2 or not all(isinstance(value, dict) and value for value in values):
        return False
    union: set[str] = set().union(*values)
    shared = sum(len(value) for value in values) / (len(values) * len(union))
    simple = sum(is_scalar(child) for value in values for child in value.values())
    return shared >= 0.5 and 2 * simple >= sum(len(value) for value in values)


def _column_oriented(value: dict[str, dict[str, Any]]) -> bool:
    """True where the outer keys are columns and the inner ones number or name the records."""
    inner = list(next(iter(value.values())))
    if len(inner) < 2 or any(list(column) != inner for column in value.values()):
        return False
    if inner == [str(number) for number in range(len(inner))]:
        return True
    return len(inner) >= 8 and len(inner) >= 3 * len(value)


def _pandas_split(value: dict[str, Any]) -> list[list[Any]] | None:
    """Header and rows of the pandas `split` layout, or None."""
    columns, rows, index = value.get("columns"), value.get("data"), value.get("index", [])
    if not (isinstance(columns, list) and isinstance(rows, list) and isinstance(index, list) and rows and columns):
        return None
    if not all(scalar_list(row) and len(row) == len(columns) for row in rows) or len(index) not in (0, len(rows)):
        return None
    names = [".".join(map(scalar_text, name)) if isinstance(name, list) and scalar_list(name) else name for name in columns]
    labels = [", ".join(map(scalar_text, label)) if isinstance(label, list) and scalar_list(label) else label for label in index]
    if not scalar_list(names) or not scalar_list(labels):
        return None
    if not labels or labels == list(range(len(rows))):
        return [names, *rows]
    return [["", *names], *([label, *row] for label, row in zip(labels, rows, strict=True))]
