"""The nodes of an R object to parts: data frames, matrices, contingency tables, vectors, and what is said beside them."""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import TYPE_CHECKING, Any

from sdc_airlock.errors import LimitReached
from sdc_airlock.model.content import Column, Table, TextPart, TextRole
from sdc_airlock.readers import Item, Reading, gap
from sdc_airlock.readers._batches import batch_rows
from sdc_airlock.readers._build import scalar_text, table_of
from sdc_airlock.readers._rvectors import (
    ATOMIC,
    TABLES,
    array_of,
    dimension_names,
    frame_columns,
    is_frame,
    long_columns,
    matrix_columns,
    names_of,
    shape,
)
from sdc_airlock.readers._rwalk import Node
from sdc_airlock.source import Source

if TYPE_CHECKING:
    import pyarrow as pa

Named = list[tuple[str, "pa.Array[Any]"]]

_STRUCTURE = frozenset(
    {
        "names",
        "dim",
        "dimnames",
        "class",
        "row.names",
        "levels",
        "tsp",
        "tzone",
        "units",
        ".internal.selfref",
        "package",
        "srcref",
        "wholeSrcref",
    }
)
_FRAME_CLASSES = frozenset({"data.frame", "tbl", "tbl_df", "data.table", "spec_tbl_df", "grouped_df", "rowwise_df"})
_CONTAINERS = frozenset({"list", "pairs", "environment", "expression", "s4", "pointer"})
_CODE = frozenset({"language", "closure", "promise", "bytecode"})
_MODEL_NAMES = frozenset(
    {
        "call",
        "terms",
        "coefficients",
        "coef",
        "residuals",
        "fitted.values",
        "formula",
        "family",
        "xlevels",
        "df.residual",
        "linear.predictors",
        "importance",
        "forest",
        "frame",
        "loadings",
        "centers",
    }
)
_WIDEST = 5_000
_SHORT_ATTRIBUTE = 50
_CODE_CHARACTERS = 200_000
_BLOB = 64
_TOGETHER = 3
_PARTS = 400
_BOOKKEEPING = frozenset({"srcref", "expressionsIndex", "srcrefsIndex"})  # where in its source a function stands


class PartMaker:
    """Walks nodes and yields parts.

    Attributes:
        tables: Tables made.
        classes: Classes of objects that are more than data.
    """

    def __init__(self, source: Source, reading: Reading) -> None:
        self.source = source
        self.reading = reading
        self.tables = 0
        self.classes: dict[str, None] = {}
        self._made = 0
        self._seen: set[int] = set()
        self._numbers: list[tuple[str, Any]] = []
        self._texts: list[str] = []
        self._code: list[str] = []

    def items(self, objects: list[tuple[str, Node]]) -> Iterator[Item]:
        """Parts of named objects, then what was left over."""
        yield from self._children(objects, "")
        if self._numbers:
            yield table_of(self._address(), {"name": [name for name, _ in self._numbers], "value": [value for _, value in self._numbers]})
        if self._texts:
            yield TextPart(part_id=self._address(), text=scalar_text("\n".join(self._texts)), role=TextRole.METADATA)
        if self._code:
            yield TextPart(part_id=self._address(), text=scalar_text("\n".join(self._code)), role=TextRole.CODE, language="r")

    def _address(self) -> str:
        self._made += 1
        self.reading.spend()
        if self._made > _PARTS:
            raise LimitReached("sheets", _PARTS, self._made)
        return self.source.part_id if self._made == 1 else f"{self.source.part_id}!part{self._made}"

    # objects

    def _children(self, children: list[tuple[str, Node]], path: str) -> Iterator[Item]:
        """Vectors of one length that lie side by side are one table; everything else is visited by itself."""
        groups: dict[tuple[int, tuple[str, ...]], list[tuple[str, Node]]] = {}
        others: list[tuple[str, Node]] = []
        for name, node in children:
            inner = _join(path, name)
            if node.kind in ATOMIC and _is_vector(node):
                if len(node.values) > 1:
                    groups.setdefault((len(node.values), tuple(node.texts("names"))), []).append((name, node))
                elif len(node.values):
                    self._scalar(inner, node)
                yield from self._attributes(node, inner)
            else:
                others.append((inner, node))
        for inner, node in others:
            if is_frame(node):
                yield from self._visit(node, inner)
        for (length, labels), group in groups.items():
            yield from self._group(length, labels, group, path)
        for inner, node in others:
            if not is_frame(node):
                yield from self._visit(node, inner)

    def _group(self, length: int, labels: tuple[str, ...], group: list[tuple[str, Node]], path: str) -> Iterator[Item]:
        sets = [group] if length >= _TOGETHER else [[each] for each in group]
        for chosen in sets:
            columns: Named = [(scalar_text(name), array_of(node)) for name, node in chosen]
            if labels:
                import pyarrow as pa

                columns = [("name", pa.array(list(map(scalar_text, labels)), pa.string())), *columns]
            title = _join(path, chosen[0][0]) if len(chosen) == 1 else path
            yield self._table(columns, title, named=any(name for name, _ in columns))

    def _visit(self, node: Node, path: str) -> Iterator[Item]:
        if node.kind in ("null", "symbol", "builtin", "namespace") or (node.kind not in ATOMIC and id(node) in self._seen):
            return
        self._seen.add(id(node))
        if is_frame(node):
            yield from self._frame(node, path)
        elif node.kind in ATOMIC:
            yield from self._matrix(node, path)
        elif node.kind == "raw":
            yield from self._raw(node)
        elif node.kind in _CODE:
            yield from self._program(node, path)
        elif node.kind in _CONTAINERS:
            self._note_class(node)
            names = names_of(node)
            yield from self._children(
                [(name or str(place), child) for place, (name, child) in enumerate(zip(names, node.values, strict=False), 1)], path
            )
        if node.kind not in ATOMIC:
            yield from self._attributes(node, path)

    def _note_class(self, node: Node) -> None:
        classes = [name for name in node.classes if name not in _FRAME_CLASSES]
        if node.kind == "s4" or (classes and _MODEL_NAMES & set(names_of(node))):
            self.classes.update(dict.fromkeys(classes or ["S4"]))

    def _frame(self, node: Node, path: str) -> Iterator[Item]:
        columns = list(frame_columns(node))
        rows = max((len(array) for _, array in columns), default=0)
        even = [(name, array) for name, array in columns if len(array) == rows]
        note = "; ".join(
            f"{name}: {label}" for name, child in zip(names_of(node), node.values, strict=True) for label in child.texts("label")[:1]
        )
        if even:
            yield self._table(even, path, note=note)
        for name, array in columns:
            if len(array) != rows:
                yield self._table([(name, array)], path)
        for name, child in zip(names_of(node), node.values, strict=True):
            if child.kind in ATOMIC:
                yield from self._attributes(child, _join(path, name))
            elif child.kind == "list" and not is_frame(child) and not all(cell.kind in ATOMIC for cell in child.values):
                yield from self._visit(child, _join(path, name))

    def _matrix(self, node: Node, path: str) -> Iterator[Item]:
        sizes = shape(node)
        if len(sizes) != 2 or TABLES & set(node.classes):
            if prod(sizes) * (len(sizes) + 1) > self.reading.limits.cells:
                yield gap(self._address(), LimitReached("cells", self.reading.limits.cells, prod(sizes) * (len(sizes) + 1)))
                return
            yield self._table(long_columns(node, sizes, "Freq" if TABLES & set(node.classes) else "value"), path)
        else:
            yield from self._two_axes(node, sizes, path)
        yield from self._attributes(node, path)

    def _two_axes(self, node: Node, sizes: tuple[int, ...], path: str) -> Iterator[Item]:
        import pyarrow as pa

        (_, rows), (_, names) = dimension_names(node, sizes)
        if sizes[1] > _WIDEST and sizes[0] <= _WIDEST:
            flat = array_of(node)
            places = pa.array(range(0, len(flat), sizes[0]), pa.int64())
            columns: Named = [(rows[row] if rows else "", flat.take(pa.compute.add(places, row))) for row in range(sizes[0])]
            rows, names = names, rows
        elif sizes[1] > _WIDEST:
            yield gap(self._address(), LimitReached("cells", _WIDEST, sizes[1]))
            return
        else:
            columns = list(matrix_columns(node, sizes))
        if rows:
            columns = [("", pa.array(rows, pa.string())), *columns]
        if len(columns[0][1]) if columns else 0:
            yield self._table(columns, path, named=bool(names))

    def _raw(self, node: Node) -> Iterator[Item]:
        if len(node.values) >= _BLOB:
            self.reading.spend(members=1)
            yield from self.reading.descend(Source.of_bytes(node.values, part_id=self._address(), name="", depth=self.source.depth + 1))

    def _table(self, columns: Named, title: str, *, named: bool = True, note: str = "") -> Table:
        """A table of arrays; one of many cells is given as a sample and batches."""
        import pyarrow as pa

        self.tables += 1
        rows = len(columns[0][1])
        arrays = [array for _, array in columns]
        names = [name for name, _ in columns]
        size = batch_rows(len(columns))

        def again() -> Iterator[pa.RecordBatch]:
            for start in range(0, rows, size):
                yield pa.RecordBatch.from_arrays([array.slice(start, size) for array in arrays], names=names)

        large = rows * len(columns) > self.reading.limits.cells
        held = [array.slice(0, self.reading.limits.sample_rows) for array in arrays] if large else arrays
        return Table(
            part_id=self._address(),
            columns=tuple(
                Column(index=index, name=name, values=array) for index, (name, array) in enumerate(zip(names, held, strict=True))
            ),
            n_rows=rows,
            named=named,
            title=scalar_text(title),
            schema_note=scalar_text(note),
            batches=again if large else None,
        )

    # beside the data

    def _scalar(self, path: str, node: Node) -> None:
        value = array_of(node)[0].as_py()
        if isinstance(value, int | float) and not isinstance(value, bool):
            self._numbers.append((path, value))
        elif value is not None:
            self._texts.append(f"{path}: {value}")

    def _attributes(self, node: Node, path: str) -> Iterator[Item]:
        """Attributes that are no part of the structure: short ones are text, long ones are data."""
        rest: list[tuple[str, Node]] = []
        for name, value in node.attributes.items():
            if name in _STRUCTURE:
                continue
            short = _short(value) if node.kind != "s4" else None
            if short is None:
                rest.append((name, value))
            elif short:
                self._texts.append(f"{_join(path, name)}: {short}")
        if rest:
            yield from self._children(rest, path)

    def _program(self, node: Node, path: str) -> Iterator[Item]:
        """A call or a function: written out as text; data inside are data."""
        data: list[tuple[str, Node]] = []
        text = _written(node, data, self._seen, 0)
        if text.strip("() ,"):
            self._code.append(text[:_CODE_CHARACTERS])
        yield from self._children(data, path)


def _short(node: Node, level: int = 0) -> str | None:
    """A short vector, or a list of a few, written out with its names; None for anything else."""
    if node.kind == "null":
        return ""
    if len(node.values) > _SHORT_ATTRIBUTE or level > 2 or node.classes:
        return None
    if node.kind in ATOMIC and _is_vector(node):
        pieces: list[str | None] = list(map(scalar_text, array_of(node).to_pylist()))
    elif node.kind in ("list", "pairs"):
        pieces = [_short(child, level + 1) for child in node.values]
    else:
        return None
    if any(piece is None for piece in pieces):
        return None
    return "; ".join(f"{name} = {piece}" if name else str(piece) for name, piece in zip(names_of(node), pieces, strict=False))


def _is_vector(node: Node) -> bool:
    sizes = shape(node)
    return (len(sizes) < 2 and not TABLES & set(node.classes)) or (
        len(sizes) == 2 and sizes[1] == 1 and not node.attributes.get("dimnames")
    )


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path and name else path or name


def _written(node: Node, data: list[tuple[str, Node]], seen: set[int], depth: int) -> str:
    """Code as text; what is no code is put into `data`."""
    if node.kind == "symbol":
        return scalar_text(node.values[0])
    if node.kind in ATOMIC and len(node.values) == 1 and not node.attributes:
        value = array_of(node)[0].as_py()
        return f'"{value}"' if isinstance(value, str) else scalar_text(value)
    if node.kind not in ("language", "pairs", *_CODE) or depth > 100:
        if not _BOOKKEEPING & set(node.classes) and node.kind not in (
            "null",
            "global",
            "base",
            "empty",
            "namespace",
            "missing",
            "unbound",
            "builtin",
        ):
            data.append(("", node))
        return ""
    if node.kind != "pairs":
        if depth and id(node) in seen:
            return ""
        seen.add(id(node))
    pieces = []
    for name, child in zip(node.names or [""] * len(node.values), node.values, strict=False):
        text = _written(child, data, seen, depth + 1)
        pieces.append(f"{name} = {text}" if name else text)
    data.extend((name, value) for name, value in node.attributes.items() if name not in _STRUCTURE and depth)
    return f"{pieces[0]}({', '.join(pieces[1:])})" if node.kind == "language" and pieces else "; ".join(pieces)
